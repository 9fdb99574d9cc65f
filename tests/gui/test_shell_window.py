"""The window as a whole: actions, palette, layout, theme, unsaved changes, opening and errors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCursor, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from solvitur.engine.events import Checked, Done, PluginsChanged
from solvitur.engine.folders import Folders
from solvitur.engine.session import Session
from solvitur.gui.actions import Action
from solvitur.gui.crash import Crashes
from solvitur.gui.main_window import MainWindow
from solvitur.gui.menus import MENUS
from solvitur.gui.messages import Message
from solvitur.gui.palette import rows
from solvitur.gui.stage import WELCOME
from solvitur.gui.welcome import Welcome
from solvitur.hooks.loading import Plugins
from solvitur.problem.edits import SetFields

MakeWindow = Callable[[], MainWindow]
MODEL = "var x >= 0\nvar y >= 0\nmaximize profit: 3*x + 2*y\nsubject to time: x + y <= 4\n"


def edit(window: MainWindow, name: str = "Renamed") -> None:
    window.context.session.apply(SetFields(f"Rename to '{name}'", {"name": name}))


def asked(window: MainWindow) -> QMessageBox:
    found = window.findChild(QMessageBox, "askToSave")
    assert isinstance(found, QMessageBox)
    return found


def build_all(window: MainWindow) -> None:
    """Builds every place and dock, as the window does once it is idle."""
    for name in window.stage.unbuilt:
        window.stage.build(name)
    for name in window.docks.empty:
        window.docks.fill(name)


# Actions


def test_every_action_has_an_id_a_title_and_a_menu_of_the_window(window: MainWindow) -> None:
    build_all(window)
    for action in window.context.actions.all():
        assert action.id and "." in action.id, action
        assert action.title.strip(), action.id
        assert action.menu in MENUS, action.id


def test_no_two_actions_have_the_same_keys_at_the_same_time(window: MainWindow) -> None:
    build_all(window)
    table = window.context.actions
    for page in window.stage.pages:
        window.stage.turn_to(page)
        table.refresh()
        for action in table.all():
            holders = [h.id for h in table.holders(table.shortcut(action.id)) if table.qaction(h.id).isEnabled()]
            assert len(holders) <= 1, (page, holders)


def test_every_action_can_be_found_and_run_from_the_palette_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    ran: list[str] = []
    window.context.actions.add(Action("test.quux", "Quux the zebra", lambda: ran.append("quux"), menu="Help"))
    window.context.actions.trigger("help.palette")
    qtbot.keyClicks(window.palette_box.field, "quzeb")
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)
    assert ran == ["quux"]
    assert not window.palette_box.isVisible()
    every = rows(window.context.actions, "")
    assert {row.action.id for row in every} == {action.id for action in window.context.actions.all()}


def test_the_palette_moves_with_the_arrow_keys_and_leaves_on_escape(window: MainWindow, qtbot: QtBot) -> None:
    QCursor.setPos(window.mapToGlobal(window.rect().center()))  # rows slide below a pointer that rests
    window.context.actions.trigger("help.palette")
    palette = window.palette_box
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == palette.list.model().rowCount() - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_an_action_that_cannot_run_now_is_listed_last_and_not_run(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.context.actions.trigger("edit.undo")
    window.context.actions.trigger("help.palette")
    qtbot.keyClicks(window.palette_box.field, "undo")
    found = rows(window.context.actions, "undo")
    undo = next(row for row in found if row.action.id == "edit.undo")
    assert not undo.enabled
    assert all(not row.enabled for row in found[found.index(undo) :])


def test_the_check_does_not_stand_on_the_hint_of_the_welcome_page(window: MainWindow, qtbot: QtBot) -> None:
    said = window.status.findChild(QWidget, "statusFindings")
    assert said is not None
    window.stage.turn_to("welcome")
    window.context.session.check_soon()
    with qtbot.waitSignal(window.context.bridge.happened, check_params_cb=lambda event: isinstance(event, Checked)):
        pass
    assert window.status.currentMessage() and not said.isVisible()
    window.stage.turn_to("understand")
    assert said.isVisible()


def test_undo_and_redo_are_named_in_the_menu(window: MainWindow, qtbot: QtBot) -> None:
    edit(window, "Freight")
    undo = window.context.actions.qaction("edit.undo")
    qtbot.waitUntil(lambda: undo.text() == "Undo rename to 'Freight'")
    assert window.context.actions.trigger("edit.undo")
    qtbot.waitUntil(lambda: window.context.actions.qaction("edit.redo").text() == "Redo rename to 'Freight'")
    assert window.context.session.problem.name == "Untitled"


def test_menus_hold_every_action_once(window: MainWindow) -> None:
    build_all(window)
    listed = [
        action.objectName() for name in MENUS for action in window.menus.menu(name).actions() if action.objectName()
    ]
    assert sorted(listed) == sorted(action.id for action in window.context.actions.all())


def test_quit_stays_at_the_bottom_of_its_menu(window: MainWindow) -> None:
    window.context.actions.add(Action("test.late", "Late", lambda: None, menu="File", group="late"))
    assert window.menus.menu("File").actions()[-1].objectName() == "file.quit"


# Layout and theme


def test_the_layout_comes_back_at_the_next_start(make_window: MakeWindow) -> None:
    first = make_window()
    first.stage.turned.emit("understand")
    first.docks.toggle("inspector")
    open_before = first.docks.is_open("inspector")
    first.resize(790, 607)
    size = first.size()
    first.close()
    second = make_window()
    assert second.docks.is_open("inspector") is open_before
    assert second.height() == size.height()


def test_reset_layout_opens_the_closed_docks(window: MainWindow) -> None:
    window.docks.toggle("inspector")
    assert not window.docks.is_open("inspector")
    window.context.actions.trigger("view.reset_layout")
    assert window.docks.is_open("inspector")


def test_the_theme_switches_and_is_remembered(make_window: MakeWindow) -> None:
    first = make_window()
    first.context.actions.trigger("view.theme_dark")
    assert first.context.theme.tokens.dark
    assert first.context.actions.qaction("view.theme_dark").isChecked() is True
    first.close()
    assert make_window().context.theme.tokens.dark


def test_zoom_changes_the_size_of_text(window: MainWindow) -> None:
    before = window.context.theme.tokens.text_px
    window.context.actions.trigger("view.zoom_in")
    window.context.actions.trigger("view.zoom_in")
    assert window.context.theme.tokens.text_px > before
    window.context.actions.trigger("view.zoom_reset")
    assert window.context.theme.tokens.text_px == before


def test_the_rail_shows_only_places_that_exist(window: MainWindow) -> None:
    shown = {action.objectName() for action in window.rail.actions()}
    assert shown == {f"place.{name}" for name in window.stage.pages}


# Accessibility


def test_every_widget_that_does_something_has_a_name(window: MainWindow) -> None:
    build_all(window)
    window.windows.show_settings()
    window.windows.show_shortcuts()
    window.windows.show_help("welcome")
    window.windows.show_about()
    window.messages.show_message(Message("Something happened", actions=(("Do it", lambda: None),)))
    nameless = [
        f"{type(widget).__name__} '{widget.objectName()}' in {_owner(widget)}"
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QLineEdit | QComboBox | QAbstractSpinBox)
        and not widget.objectName().startswith("qt_")
        and not widget.isHidden()
        and not (widget.parentWidget() is not None and widget.parentWidget().objectName().startswith("qt_"))
        and not isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox | QLineEdit)
        and _is_ours(widget)
        and not (widget.accessibleName() or _text(widget))
    ]
    assert nameless == []


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _owner(widget: QWidget) -> str:
    parent = widget.parentWidget()
    while parent is not None and not parent.objectName():
        parent = parent.parentWidget()
    return parent.objectName() if parent else ""


def _is_ours(widget: QWidget) -> bool:
    qt_own = ("QTableCornerButton", "QScrollBar", "QToolBarExtension", "QMenuBarExtension")
    return widget.metaObject().className() not in qt_own


def test_f6_walks_through_the_parts_of_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.turn_to(WELCOME)
    visited = set()
    for _ in range(3):
        window.context.actions.trigger("view.next_part")
        focused = window.focusWidget()
        assert focused is not None
        visited.add(focused.objectName())
    assert visited


# Unsaved changes


def test_closing_with_unsaved_changes_asks_without_blocking(window: MainWindow) -> None:
    edit(window)
    window.close()
    assert window.isVisible()
    box = asked(window)
    assert not box.isModal()
    assert "'Renamed'" in box.text()
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Save)


def test_cancel_keeps_the_window_and_the_changes(window: MainWindow, qtbot: QtBot) -> None:
    edit(window)
    window.close()
    asked(window).button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible()
    assert window.context.session.modified


def test_discard_closes_the_window(window: MainWindow) -> None:
    edit(window)
    window.close()
    asked(window).button(QMessageBox.StandardButton.Discard).click()
    assert not window.isVisible()
    assert window.context.session.recoverable() == []


def test_save_saves_and_then_closes(window: MainWindow, tmp_path: Path) -> None:
    window.context.session.save(tmp_path / "p.solvitur")
    edit(window)
    window.close()
    asked(window).button(QMessageBox.StandardButton.Save).click()
    assert not window.isVisible()
    assert not window.context.session.modified


def test_new_asks_before_it_drops_changes(window: MainWindow) -> None:
    edit(window)
    window.context.actions.trigger("file.new")
    assert window.context.session.problem.name == "Renamed"
    asked(window).button(QMessageBox.StandardButton.Discard).click()
    assert window.context.session.problem.name == "Untitled"


def test_the_title_shows_name_and_unsaved_changes(window: MainWindow, qtbot: QtBot) -> None:
    edit(window, "Freight")
    qtbot.waitUntil(window.isWindowModified)
    assert window.windowTitle().startswith("Freight[*]")


def test_a_crash_is_followed_by_an_offer_to_recover(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    edit(first, "Precious")
    first.context.session.close()
    second = make_window()
    second.start()
    offered = second.messages.messages[-1]
    assert "not saved" in offered.text
    assert [title for title, _ in offered.actions] == ["Recover", "Discard"]
    offered.actions[0][1]()
    assert second.context.session.problem.name == "Precious"
    first._closed = True  # its session ended already


# Opening


def test_a_model_opens_and_is_remembered(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "plan.slv"
    file.write_text(MODEL)
    window.documents.open_path(file)
    qtbot.waitUntil(lambda: "profit" in window.context.session.problem.formulation.text)
    assert window.preferences.value.recent_files[0] == str(file)


def test_dropped_files_open(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "plan.slv"
    file.write_text(MODEL)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file))])
    window.dropEvent(
        QDropEvent(
            QPointF(9, 9),
            Qt.DropAction.CopyAction,
            dropped,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: "profit" in window.context.session.problem.formulation.text)


def test_a_file_dropped_on_the_model_text_opens_and_is_not_typed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "plan.slv"
    file.write_text(MODEL)
    place = window.stage.turn_to("understand")
    editor = max(place.findChildren(QPlainTextEdit), key=lambda field: field.isVisible())
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file))])
    given = (Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(editor.viewport(), QDragEnterEvent(QPoint(9, 9), *given))
    QApplication.sendEvent(editor.viewport(), QDropEvent(QPointF(9, 9), *given))
    qtbot.waitUntil(lambda: window.context.session.problem.formulation.text == MODEL)


def test_a_project_changed_by_others_is_overwritten_only_when_asked(
    window: MainWindow, plugins: Plugins, tmp_path: Path
) -> None:
    path = window.context.session.save(tmp_path / "p.solvitur")
    copied = path.read_bytes()
    elsewhere = Session(plugins, Folders.of_user({"SOLVITUR_STATE_DIR": str(tmp_path / "elsewhere")}))
    other = tmp_path / "other.solvitur"
    other.write_bytes(copied)
    elsewhere.open(other)
    elsewhere.apply(SetFields("Rename", {"name": "Theirs"}))
    elsewhere.save()
    elsewhere.close()
    path.write_bytes(other.read_bytes())
    edit(window, "Mine")
    window.context.actions.trigger("file.save")
    told = window.messages.messages[-1]
    assert "someone else changed the file" in told.text
    assert window.context.session.modified
    dict(told.actions)["Overwrite"]()
    assert not window.context.session.modified


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.mps", b"NAME broken\nROWS\n N cost\nCOLUMNS\n x cost nonsense\n"),
        ("no.solvitur", b"this is no database"),
        ("strange.zzz", b"\x00\x01\x02"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_the_message_bar(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    window.documents.open_path(file)
    qtbot.waitUntil(lambda: bool(window.messages.messages))
    told = window.messages.messages[-1]
    assert told.severity == "error"
    assert name in told.text
    assert "Traceback" not in told.text and "Error" not in told.text
    assert window.stage.current == WELCOME


def test_a_missing_recent_file_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.documents.open_path(tmp_path / "gone.slv")
    qtbot.waitUntil(lambda: bool(window.messages.messages))
    assert "gone.slv" in window.messages.messages[-1].text


def test_a_data_file_shows_the_page_that_imports_it(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("item,price\nnail,2\nbolt,3\n")
    window.documents.open_path(file)
    qtbot.waitUntil(lambda: window.stage.current == "understand")
    assert window.context.session.problem.tables == ()


def test_an_example_opens_and_solves_in_two_clicks(window: MainWindow, qtbot: QtBot) -> None:
    welcome = window.stage.built(WELCOME)
    assert isinstance(welcome, Welcome)
    ended: list[Done] = []
    window.context.bridge.happened.connect(lambda event: ended.append(event) if isinstance(event, Done) else None)
    card = next(card for card in welcome.examples.cards if card.objectName() == "example.diet")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.stage.current == "understand", timeout=10_000)
    qtbot.waitUntil(lambda: window.context.session.instance() is not None, timeout=10_000)
    solve = next(
        button
        for button in window.docks.fill("solver").findChildren(QPushButton)
        if button.text().startswith("Solve") and button.isVisible()
    )
    qtbot.mouseClick(solve, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
    assert ended[0].run.verified


def test_pictures_still_being_read_are_dropped_when_the_examples_are_listed_anew(
    window: MainWindow, qtbot: QtBot
) -> None:
    """A change of plugins while covers are read in the background meets no deleted card."""
    welcome = window.stage.built(WELCOME)
    assert isinstance(welcome, Welcome)
    for _ in range(3):
        window.context.session.events.emit(PluginsChanged())
        qtbot.wait(5)
    qtbot.waitUntil(lambda: welcome.complete, timeout=20_000)
    assert all(card.isVisibleTo(welcome) for card in welcome.examples.cards)


# Messages and crashes


def test_at_most_three_messages_show_and_a_key_replaces(window: MainWindow) -> None:
    for number in range(5):
        window.messages.show_message(Message(f"number {number}"))
    assert [message.text for message in window.messages.messages] == ["number 2", "number 3", "number 4"]
    window.messages.show_message(Message("first", key="same"))
    window.messages.show_message(Message("second", key="same"))
    assert [message.text for message in window.messages.messages][-1] == "second"
    assert len(window.messages.messages) == 3


def test_a_defect_is_told_and_its_report_can_be_copied(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as met:
        crashes = Crashes(window)
        crashes.met.connect(window.show_crash)
        try:
            raise RuntimeError("the key is sk-abcdefghijklmnop in " + str(Path.home()))
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            crashes.close()
    assert len(met) == 1
    qtbot.waitUntil(lambda: bool(window.messages.messages))
    title, copy = window.messages.messages[-1].actions[0]
    assert title == "Copy report"
    copy()
    report = QGuiApplication.clipboard().text()
    assert "RuntimeError" in report
    assert "sk-abcdef" not in report and str(Path.home()) not in report
