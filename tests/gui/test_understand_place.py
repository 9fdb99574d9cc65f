"""The place as a whole: formulas, words, the inspection of a matrix, layout, and empty views."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTabBar
from pytestqt.qtbot import QtBot
from understand_world import TRANSPORT, World

from solvitur.gui.main_window import MainWindow
from solvitur.gui.understand.formulas.pictures import FormulaKey, FormulaPictures, draw
from solvitur.gui.understand.place import UnderstandPlace
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.instance import Block, MatrixInstance, SparseRows


def test_the_formulas_of_all_elements_are_listed_and_drawn_where_one_looks(world: World) -> None:
    world.open()
    world.place.show_view("formulas")
    view = world.place.formulas
    world.bot.waitUntil(lambda: len(view.entries.entries) > 0)
    names = [entry.name for entry in view.entries.entries if entry.latex]
    assert names == [
        "Plants",
        "Markets",
        "supply",
        "demand",
        "cost",
        "ship",
        "freight",
        "within_supply",
        "meet_demand",
    ]
    first = view.entries.entries[1]
    world.bot.waitUntil(lambda: view.picture_of(first) is not None)
    picture = view.picture_of(first)
    assert picture is not None and picture.renderer is not None and picture.renderer.isValid()


def test_formulas_out_of_view_are_not_drawn(world: World) -> None:
    world.open("\n".join(f"var x{k} >= {k}" for k in range(300)))
    world.place.show_view("formulas")
    view = world.place.formulas
    world.bot.waitUntil(lambda: len(view.entries.entries) > 300)
    world.bot.waitUntil(lambda: view.picture_of(view.entries.entries[1]) is not None)
    assert view.peek(view.entries.entries[300]) is None


def test_selecting_a_formula_selects_the_element_and_its_latex_is_copied(world: World) -> None:
    world.open()
    world.place.show_view("formulas")
    view = world.place.formulas
    world.bot.waitUntil(lambda: len(view.entries.entries) > 0)
    world.window.context.selection.select("ship")
    assert view.current is not None and view.current.name == "ship"
    QTest.keyClick(view.list, Qt.Key.Key_Down)
    QTest.keyClick(view.list, Qt.Key.Key_Down)
    assert world.window.context.selection.current.name == "freight"
    view.copy_latex()
    assert "\\sum" in QGuiApplication.clipboard().text()
    world.bot.waitUntil(lambda: view.current is not None and view.picture_of(view.current) is not None)
    view.copy_svg()
    assert QGuiApplication.clipboard().mimeData().hasFormat("image/svg+xml")


def test_a_formula_takes_the_colour_of_the_theme() -> None:
    assert "#123456" in draw(FormulaKey("x \\leq 1", "#123456", 17.0))


def test_latex_that_cannot_be_drawn_gives_an_empty_picture(qtbot: QtBot) -> None:
    pictures = FormulaPictures(threading.Lock())
    key = FormulaKey("\\frac{", "#000000", 17.0)
    with qtbot.waitSignal(pictures.ready):
        pictures.get(key)
    picture = pictures.get(key)
    assert picture is not None and picture.renderer is None
    pictures.background.close()


def test_formulas_can_stand_below_the_text(world: World) -> None:
    world.open()
    world.window.context.actions.trigger("understand.formulas-beside")
    assert world.place.view == "model"
    assert world.place.formulas.isVisible() and world.place.editor.isVisible()
    world.place.show_view("formulas")
    assert world.place.view == "model"
    world.window.context.actions.trigger("understand.formulas-beside")
    world.place.show_view("formulas")
    assert world.place.view == "formulas"


def test_words_are_counted_and_typing_is_undone_by_the_session(world: World) -> None:
    world.open(TRANSPORT, statement="Ship goods.")
    world.place.show_view("words")
    words = world.place.words
    assert words.count_text == "2 words"
    cursor = words.edit.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    words.edit.setTextCursor(cursor)
    QTest.keyClicks(words.edit, " Cheaply")
    assert world.session.problem.statement == "Ship goods. Cheaply"
    assert words.count_text == "3 words"
    assert world.session.undo_title == "Edit the words"
    QTest.keyClick(words.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert world.session.problem.statement == "Ship goods."
    world.bot.waitUntil(lambda: words.edit.toPlainText() == "Ship goods.")
    assert world.text == TRANSPORT


def _matrix(columns: int = 40) -> MatrixInstance:
    return MatrixInstance(
        "min",
        np.arange(columns, dtype=float),
        0.0,
        SparseRows(
            2, columns, np.array([0, columns, columns + 1]), np.array([*range(columns), 0]), np.ones(columns + 1)
        ),
        np.array([1.0, -np.inf]),
        np.array([1.0, 5.0]),
        np.zeros(columns),
        np.full(columns, np.inf),
        np.array([1] + [0] * (columns - 1), dtype=np.uint8),
        (Block("x", 0, columns, (tuple(range(columns)),)),),
        (Block("first", 0, 1), Block("second", 1, 1)),
    )


def test_a_matrix_is_inspected_instead_of_edited_and_its_lists_are_searched(world: World) -> None:
    problem = Problem("lp", formulation=Formulation("matrix", content=_matrix(), source="lp.mps"))
    world.session.new(problem, discard=True)
    page = world.place.inspection
    world.bot.waitUntil(page.isVisible)
    assert not world.place.editor.isVisible()
    variables, rows = page.lists["variables"], page.lists["constraints"]
    shown = [variables.data(variables.index(3, column)) for column in range(6)]
    assert shown == ["x[3]", "continuous", "0", "∞", "3", "1"]
    assert [rows.data(rows.index(k, 1)) for k in range(2)] == ["=", "≤"]
    page.search("variables", "x[1")
    world.bot.waitUntil(lambda: variables.rowCount(QModelIndex()) == 11)
    page.search("variables", "")
    assert variables.rowCount(QModelIndex()) == 40
    world.bot.waitUntil(lambda: page.facts.get("variables") == "40")
    assert page.facts["equalities"] == "1"
    world.open()
    assert world.place.editor.isVisible()


def test_another_project_shows_its_own_text_words_and_tables(world: World) -> None:
    world.open(TRANSPORT, statement="one")
    world.window.context.selection.select("ship")
    world.open("set A\n", statement="two")
    assert world.place.editor.editor.toPlainText() == "set A\n"
    assert world.place.words.edit.toPlainText() == "two"
    assert world.place.outline.form.kind == -1
    assert world.session.undo_title is None


def test_the_layout_is_remembered(make_window: Callable[[], MainWindow], qtbot: QtBot) -> None:
    first = make_window()
    place = first.stage.turn_to("understand")
    assert isinstance(place, UnderstandPlace)
    place.show_view("tables")
    place.set_formulas_beside(beside=True)
    place.editor.zoom(3)
    pixels = place.editor.editor.font_px
    place.splitter.setSizes([500, 400])
    sizes = place.splitter.sizes()
    first.leave_now()
    second = make_window().stage.turn_to("understand")
    assert isinstance(second, UnderstandPlace)
    assert (second.view, second.formulas_beside, second.editor.editor.font_px) == ("tables", True, pixels)
    share = sizes[0] / sum(sizes)
    qtbot.waitUntil(lambda: abs(second.splitter.sizes()[0] / sum(second.splitter.sizes()) - share) < 0.05)


def test_every_widget_that_does_something_has_a_name_for_tests_and_for_screen_readers(world: World) -> None:
    world.open()
    world.window.context.selection.select("ship")
    world.place.tables.new_table()
    unnamed = []
    for kind in (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit):
        for widget in world.place.findChildren(kind):
            part_of_another = isinstance(widget.parent(), QLineEdit | QAbstractItemView | QTabBar)
            in_combo_box = widget.parent() is not None and isinstance(widget.parent().parent(), QComboBox)
            if part_of_another or in_combo_box or widget.objectName().startswith("qt_"):
                continue
            if not widget.objectName() or not widget.accessibleName():
                unnamed.append(f"{type(widget).__name__} {widget.objectName()!r} in {widget.parent()}")
    assert not unnamed, unnamed


def test_a_file_of_several_tables_is_imported_as_one_step(world: World, tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text('{"Plants": ["Seattle", "Gary"], "supply": {"Seattle": 350, "Gary": 600}}', "utf-8")
    world.open("set Plants\nparam supply[Plants]\nvar x >= 0\nminimize f: x\n")
    world.place.import_file(file)
    page = world.place.tables.import_page
    world.bot.waitUntil(lambda: bool(page.choices))
    page.accept()
    assert len(world.session.problem.tables) == 2
    world.session.undo()
    assert not world.session.problem.tables
