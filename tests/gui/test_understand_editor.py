"""The model editor: problems underlined, names completed, found and renamed, lines edited, undo by the session."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtTest import QTest
from understand_world import TRANSPORT, World

from solvitur.problem.edits import ReplaceText

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def _marks(world: World) -> list[str]:
    return [mark.text for mark in world.place.editor.editor.marks]


def test_a_mistyped_name_is_underlined_with_a_sentence_and_a_fix(world: World) -> None:
    world.open()
    world.cursor_at("demand[m]", len("dem"))
    world.press(Qt.Key.Key_Delete)
    world.bot.waitUntil(lambda: any("'demnd'" in text for text in _marks(world)))
    editor = world.place.editor.editor
    mark = next(m for m in editor.marks if "'demnd'" in m.text)
    assert mark.cursor.selectedText() == "demnd"
    waves = [
        s.cursor.selectedText()
        for s in editor.extraSelections()
        if s.format.underlineStyle() == QTextCharFormat.UnderlineStyle.WaveUnderline
    ]
    assert "demnd" in waves
    assert "Alt+Enter" in mark.tip and "'demand'" in mark.tip
    assert editor.gutter_tip(editor.cursorRect(mark.cursor).center()) == mark.text
    world.place.editor.quick_fix()
    assert world.text == TRANSPORT
    assert world.session.undo_title == "Change to 'demand'"
    world.bot.waitUntil(lambda: not any("'demnd'" in text for text in _marks(world)))


def test_typing_is_one_undo_step_and_undo_restores_the_text_and_follows_with_the_cursor(world: World) -> None:
    world.open()
    world.cursor_at("Markets\n", len("Markets"))
    world.type(" # cities")
    assert "set Markets # cities\n" in world.text
    assert world.session.undo_title == "Edit the model"
    world.press(Qt.Key.Key_Z, CTRL)
    assert world.text == TRANSPORT
    world.settle()
    assert world.place.editor.editor.toPlainText() == TRANSPORT
    assert world.place.editor.editor.textCursor().position() == TRANSPORT.index("Markets\n") + len("Markets")


def test_the_echo_of_typing_leaves_the_cursor_where_it_is(world: World) -> None:
    world.open()
    world.cursor_at("Markets\n", len("Markets"))
    world.type("ab")
    position = world.place.editor.editor.textCursor().position()
    world.settle()
    world.type("c")
    world.settle()
    assert world.place.editor.editor.textCursor().position() == position + 1
    assert "Marketsabc" in world.text


def test_a_change_from_elsewhere_keeps_cursor_and_selection(world: World) -> None:
    world.open()
    world.select("within_supply")
    world.session.apply(ReplaceText("Elsewhere", 0, "# Ships", "# Carries all its"))
    world.settle()
    assert world.place.editor.editor.textCursor().selectedText() == "within_supply"


def test_text_beyond_the_basic_plane_is_edited_at_the_right_place(world: World) -> None:
    world.open("# 🚚 trucks 🚚\nset Plants\n")
    editor = world.place.editor.editor
    cursor = editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    editor.setTextCursor(cursor)
    world.type("set B")
    assert world.text == "# 🚚 trucks 🚚\nset Plants\nset B"
    world.session.apply(ReplaceText("Elsewhere", 2, "🚚", "🚛"))
    world.settle()
    assert editor.toPlainText() == "# 🚛 trucks 🚚\nset Plants\nset B"


def test_completion_offers_the_models_own_names_and_takes_one(world: World) -> None:
    world.open()
    world.cursor_at("supply[p]\n")
    for _ in "supply":
        world.press(Qt.Key.Key_Delete)
    world.type("su")
    completion = world.place.editor.completion
    world.bot.waitUntil(lambda: "supply" in completion.words)
    assert completion.words[0] == "supply"
    assert "demand" not in completion.words
    QTest.keyClick(completion.popup, Qt.Key.Key_Return)
    assert world.text == TRANSPORT
    assert completion.words == []


def test_go_to_definition_selects_the_name_where_it_is_declared(world: World) -> None:
    world.open()
    world.cursor_at("ship[p, m] for p")
    world.place.editor.go_to_definition()
    start = TRANSPORT.index("ship[p in")
    world.bot.waitUntil(lambda: world.place.editor.editor.textCursor().selectionStart() == start)
    assert world.place.editor.editor.textCursor().selectedText() == "ship"


def test_rename_everywhere_tells_the_places_and_is_one_undo_step(world: World) -> None:
    world.open()
    world.cursor_at("ship[p in")
    world.place.editor.rename_at_cursor()
    bar = world.place.editor.rename_bar
    bar.new_name.setText("sent")
    world.bot.waitUntil(lambda: "4 places" in bar.said)
    QTest.keyClick(bar.new_name, Qt.Key.Key_Return)
    assert world.text == TRANSPORT.replace("ship[", "sent[")
    assert world.session.undo_title == "Rename 'ship' to 'sent'"
    world.session.undo()
    assert world.text == TRANSPORT


def test_rename_refuses_a_taken_name_with_a_sentence(world: World) -> None:
    world.open()
    world.place.editor.rename("ship")
    bar = world.place.editor.rename_bar
    bar.new_name.setText("cost")
    world.bot.waitUntil(lambda: "'cost'" in bar.said)
    QTest.keyClick(bar.new_name, Qt.Key.Key_Return)
    world.bot.wait(50)
    assert world.text == TRANSPORT


def test_find_counts_steps_and_replaces_all_as_one_step(world: World) -> None:
    world.open()
    bar = world.place.editor.find_bar
    bar.open(replace=True)
    bar.wanted.setText("plants")
    assert bar.said == f"{TRANSPORT.lower().count('plants')} found"
    bar.step(1)
    assert world.place.editor.editor.textCursor().selectedText() == "Plants"
    bar.instead.setText("Works")
    bar.replace_all()
    assert "Plants" not in world.text
    world.session.undo()
    assert world.text == TRANSPORT


def test_lines_are_commented_moved_duplicated_and_indented_with_named_steps(world: World) -> None:
    world.open("set A\nset B\nset C\n")
    pane = world.place.editor
    world.cursor_at("set B")
    pane.action("comment").trigger()
    assert (world.text, world.session.undo_title) == ("set A\n# set B\nset C\n", "Comment lines")
    pane.action("comment").trigger()
    assert world.text == "set A\nset B\nset C\n"
    pane.action("lines-up").trigger()
    assert (world.text, world.session.undo_title) == ("set B\nset A\nset C\n", "Move lines up")
    pane.action("duplicate").trigger()
    assert world.text == "set B\nset B\nset A\nset C\n"
    pane.action("indent").trigger()
    assert world.text == "set B\n  set B\nset A\nset C\n"
    pane.action("dedent").trigger()
    pane.action("lines-down").trigger()
    assert world.text == "set B\nset A\nset B\nset C\n"


def test_enter_keeps_the_indentation_and_indents_below_data(world: World) -> None:
    world.open("set A\ndata")
    editor = world.place.editor.editor
    cursor = editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    editor.setTextCursor(cursor)
    world.press(Qt.Key.Key_Return)
    world.type("A = x")
    world.press(Qt.Key.Key_Return)
    assert world.text == "set A\ndata\n  A = x\n  "


def test_matching_brackets_are_marked(world: World) -> None:
    world.open("var x[i in {1, 2}]\n")
    world.cursor_at("[")
    editor = world.place.editor.editor
    pairs = [s.cursor.selectedText() for s in editor.extraSelections() if len(s.cursor.selectedText()) == 1]
    assert pairs == ["[", "]"]


def test_a_small_model_is_offered_while_there_is_none(world: World) -> None:
    world.open("")
    beginning = world.place.editor.beginning
    assert beginning.isVisible()
    beginning.begin()
    assert not beginning.isVisible()
    assert world.session.undo_title == "Begin with a small model"
    world.settle()
    world.bot.waitUntil(lambda: world.session.instance() is not None)
    assert not world.place.reader.current.findings


def _long_model(pairs: int) -> str:
    lines = ["set I = 1..3"]
    for k in range(pairs):
        lines.append(f"var x{k}[i in I] >= 0")
        lines.append(f"subject to c{k}[i in I]: x{k}[i] <= {k}")
    return "\n".join(lines) + "\n"


def test_in_two_thousand_lines_only_what_is_in_view_is_coloured_and_typing_arrives_at_once(world: World) -> None:
    world.open(_long_model(1000))
    editor = world.place.editor.editor
    last = editor.document().lastBlock().previous()
    assert not last.layout().formats()
    assert editor.document().firstBlock().layout().formats()
    cursor = editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    editor.setTextCursor(cursor)
    editor.ensureCursorVisible()
    assert last.layout().formats()
    world.type("var y >= x5")
    assert world.text.endswith("var y >= x5")
    assert world.place.reader.current.text != world.text
    world.settle()
    assert world.place.reader.current.element("y") is not None


def test_selecting_an_element_elsewhere_shows_it_and_the_cursor_selects_elements(world: World) -> None:
    world.open()
    world.window.context.selection.select("meet_demand")
    editor = world.place.editor.editor
    assert editor.textCursor().block().text().startswith("subject to meet_demand")
    world.cursor_at("within_supply")
    editor.setFocus()
    world.bot.waitUntil(lambda: world.window.context.selection.current.name == "within_supply")


def test_ctrl_wheel_changes_the_size_of_the_text(world: World) -> None:
    world.open()
    editor = world.place.editor.editor
    before = editor.font_px
    world.place.editor.zoom(1)
    assert editor.font_px == before + 1
    assert editor.fontInfo().pixelSize() == before + 1
