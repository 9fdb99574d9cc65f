"""The statement view: links both ways, flags, drafts as changes, questions, and texts of any length."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from statement_world import ANNA, EVIDENCE, MODEL, QUESTIONS, STATEMENT, WHOLE, Scripted, let_read
from understand_world import World

from solvitur.gui.main_window import MainWindow
from solvitur.gui.understand.statement.linking import link
from solvitur.gui.understand.statement.pane import StatementPane
from solvitur.language.parsing import parse
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.drafts import Draft, Origins
from solvitur.problem.edits import ReplaceText
from solvitur.problem.tables import Table


@pytest.fixture
def formaliser() -> Scripted:
    return Scripted()


@pytest.fixture
def pane(world: World, formaliser: Scripted) -> StatementPane:
    """The statement view with words that the scripted formaliser reads."""
    let_read(world.session, formaliser)
    world.open("", statement=STATEMENT)
    world.place.show_view("words")
    return world.place.words


def drafted(pane: StatementPane, bot: QtBot) -> None:
    """Drafts and waits for the changes."""
    pane.draft()
    bot.waitUntil(lambda: pane.desk.pending is not None and pane.desk.pending.proposal is not None)
    linked(pane, bot)


def linked(pane: StatementPane, bot: QtBot) -> None:
    bot.waitUntil(lambda: bool(pane.linked.links) and pane.edit.fresh)


def test_a_draft_arrives_as_changes_and_is_one_undo_step(pane: StatementPane, world: World) -> None:
    drafted(pane, world.bot)
    assert world.text == ""
    names = [item.name for item in pane.became.proposal.list.items.items]
    assert names == ["Products", "profit", "hours", "storage", "make", "gain", "time", "room"]
    pane.became.proposal.accept()
    assert world.text == MODEL
    assert world.session.problem.origins.draft is not None
    assert world.session.undo_title == "Accept the draft"
    world.session.undo()
    assert world.text == ""
    assert world.session.problem.origins.draft is None


def test_changes_are_taken_one_by_one_with_the_keyboard(pane: StatementPane, world: World) -> None:
    drafted(pane, world.bot)
    items = pane.became.proposal.list
    items.setFocus()
    items.setCurrentIndex(items.items.index(len(items.items.items) - 1))
    QTest.keyClick(items, Qt.Key.Key_Space)
    assert pane.became.proposal.accept_button.text() == "Accept 7 of 8"
    QTest.keyClick(items, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert pane.became.proposal.accept_button.text() == "Accept"
    QTest.keyClick(items, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not pane.became.proposal.accept_button.isEnabled()
    QTest.keyClick(items, Qt.Key.Key_Space)
    QTest.keyClick(items, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [element.name for element in parse(world.text).model.elements] == ["room"]


def test_a_draft_can_be_left_and_stopped(pane: StatementPane, world: World, formaliser: Scripted) -> None:
    drafted(pane, world.bot)
    QTest.keyClick(pane.became.proposal.list, Qt.Key.Key_Escape)
    assert pane.desk.pending is None
    assert world.text == ""
    formaliser.wait.clear()
    pane.draft()
    world.bot.waitUntil(pane.became.progress.isVisible)
    pane.became.progress.stop_button.click()
    world.bot.waitUntil(lambda: not pane.became.progress.isVisible())
    assert pane.desk.trouble == ""
    formaliser.wait.set()


def test_words_and_elements_light_each_other_up(pane: StatementPane, world: World) -> None:
    drafted(pane, world.bot)
    pane.became.proposal.accept()
    world.settle()
    world.bot.waitUntil(lambda: bool(pane.became.elements.rows.rows) and not pane.desk.pending)
    # from an element to its words
    world.window.context.selection.select("profit")
    world.bot.waitUntil(lambda: len(lit(pane)) == 2)
    assert lit(pane) == ["$45", "$80"]
    assert pane.became.elements.currentIndex().data() == "profit"
    pane.became.elements.hovered.emit("hours")
    world.bot.waitUntil(lambda: "450 hours" in lit(pane))
    pane.became.elements.hovered.emit("")
    # from the words to their element
    pane.edit.chosen.emit("profit[table]")
    assert world.window.context.selection.current.element == "profit[table]"
    world.bot.waitUntil(lambda: lit(pane) == ["$80"])
    where = pane.edit.cursorRect(cursor_at(pane, "450")).center()
    QTest.mouseMove(pane.edit.viewport(), where)
    world.bot.waitUntil(lambda: pane.became.elements.look.lit in ("hours", "time"))
    QTest.mouseClick(pane.edit.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert world.window.context.selection.current.name == "hours"


def lit(pane: StatementPane) -> list[str]:
    """Returns the phrases that stand on the colour of the selection."""
    return [
        mark.cursor.selectedText()
        for mark in pane.edit.extraSelections()
        if mark.format.background().style() is not Qt.BrushStyle.NoBrush
    ]


def cursor_at(pane: StatementPane, phrase: str) -> QTextCursor:
    cursor = QTextCursor(pane.edit.document())
    cursor.setPosition(pane.sync.text.index(phrase) + 1)
    return cursor


def test_what_became_nothing_and_what_came_from_nowhere_are_flagged(pane: StatementPane, world: World) -> None:
    drafted(pane, world.bot)
    pane.became.proposal.accept()
    world.bot.waitUntil(lambda: pane.linked.nowhere == {"storage", "room"})
    world.bot.waitUntil(lambda: sum(1 for row in pane.became.elements.rows.rows if row.flag) == 2)
    shown = pane.findChild(QLabel, "became-nowhere")
    assert shown is not None
    assert shown.text() == "2 elements from nowhere"
    flags = pane.findChild(QPushButton, "words-flags")
    assert flags is not None
    assert flags.text() == "1 passage became nothing"
    assert len(pane.edit.flags_in_view()) == 1
    flags.click()
    assert pane.edit.textCursor().selectedText() == STATEMENT[slice(*ANNA)]


def test_links_follow_the_words_while_they_are_edited(pane: StatementPane, world: World) -> None:
    drafted(pane, world.bot)
    pane.became.proposal.accept()
    world.session.apply(ReplaceText("Type", 0, "", "Dear colleague! \U0001f600 ", "statement"))
    at = world.session.problem.statement.index("450") + 3
    world.session.apply(ReplaceText("Type", at, "", " and a half", "statement"))
    world.bot.waitUntil(lambda: bool(pane.linked.links) and pane.linked.text == world.session.problem.statement)
    phrases = {made.element: pane.linked.text[made.start : made.end] for made in pane.linked.links}
    assert phrases["profit[table]"] == "$80"
    assert phrases["hours"] == "450 and a half hours"
    assert "Dear colleague!" in [pane.linked.text[part.start : part.end] for part in pane.linked.leftovers]
    assert any(mark.cursor.selectedText() == "$80" for mark in pane.edit.extraSelections())


def test_questions_come_most_decisive_first_and_one_click_answers_them(pane: StatementPane, world: World) -> None:
    drafted(pane, world.bot)
    assert [question.name for question in pane.became.questions.questions] == ["half", "storage"]
    button = pane.findChild(QPushButton, "answer-half-0")
    assert button is not None
    button.click()
    assert world.session.undo_title == "Answer a question"
    assert world.session.problem.origins.answers == {"half": "no"}
    world.bot.waitUntil(lambda: pane.desk.pending is not None and pane.desk.pending.draft.model == WHOLE)
    world.bot.waitUntil(lambda: [q.name for q in pane.became.questions.questions] == ["storage"])
    pane.became.proposal.accept()
    assert world.text == WHOLE
    status = world.window.findChild(QPushButton, "statusUnderspecified")
    assert status is not None
    world.bot.waitUntil(status.isVisible)
    assert status.text() == "Underspecified: 1 question open"
    field = pane.findChild(QLineEdit, "answer-storage")
    assert field is not None
    QTest.keyClicks(field, "100")
    QTest.keyClick(field, Qt.Key.Key_Return)
    world.bot.waitUntil(lambda: not status.isVisible() and not pane.became.questions.isVisible())
    assert world.session.problem.origins.answers == {"half": "no", "storage": "100"}
    assert world.text == WHOLE


def test_a_second_draft_changes_only_what_differs_and_keeps_what_the_user_added(
    pane: StatementPane, world: World, formaliser: Scripted
) -> None:
    drafted(pane, world.bot)
    pane.became.proposal.accept()
    mine = MODEL.replace("maximize", "# mine\nparam spare = 3\nmaximize")
    world.session.apply(ReplaceText("Type", 0, MODEL, mine))
    formaliser.model = MODEL.replace("450", "500").replace("param storage = 100\n", "")
    drafted(pane, world.bot)
    kinds = {item.name: (str(item.kind), item.wanted) for item in pane.became.proposal.list.items.items}
    assert kinds == {"hours": ("change", True), "storage": ("remove", False), "spare": ("remove", False)}
    pane.became.proposal.accept()
    assert world.text == mine.replace("450", "500")


def test_tables_found_in_the_words_come_with_the_draft(
    pane: StatementPane, world: World, formaliser: Scripted
) -> None:
    formaliser.tables = (Table.from_rows("prices", ("Products", "price"), [("chair", 45), ("table", 80)]),)
    drafted(pane, world.bot)
    pane.became.proposal.accept()
    assert [table.name for table in world.session.problem.tables] == ["prices"]


def test_words_that_become_nothing_are_told_so(pane: StatementPane, world: World, formaliser: Scripted) -> None:
    formaliser.empty = True
    pane.draft()
    world.bot.waitUntil(lambda: bool(pane.desk.trouble))
    said = pane.findChild(QLabel, "draft-trouble-text")
    assert said is not None
    world.bot.waitUntil(said.isVisible)
    assert "became no model" in said.text()


def test_a_hundred_thousand_words_stay_fluent(pane: StatementPane, world: World) -> None:
    """Pasting, typing and scrolling hold the window up no longer than a person notices."""
    long = ("The workshop sells chairs for $45 and tables for $80 each. " * 9_000) + "\n" + STATEMENT * 10
    world.session.apply(ReplaceText("Paste", 0, STATEMENT, long, "statement"))
    world.bot.waitUntil(lambda: pane.edit.fresh, timeout=20_000)
    assert len(long.split()) > 99_000
    slowest = 0.0
    for letter in "short":
        began = time.monotonic()
        QTest.keyClicks(pane.edit, letter)
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1.0  # a tenth of it on a quiet machine; the suite runs on busy ones
    world.bot.waitUntil(lambda: pane.edit.fresh, timeout=20_000)
    assert pane.count_text.endswith("words")


def test_the_welcome_card_leads_here(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitExposed(window)
    card = window.findChild(QPushButton, "welcome.words")
    assert card is not None
    card.click()
    qtbot.waitUntil(lambda: window.stage.current == "understand")
    pane = window.findChild(StatementPane, "words-pane")
    assert pane is not None
    assert pane.isVisible()


def test_linking_without_a_draft_flags_nothing() -> None:
    assert link(STATEMENT, parse(MODEL).model, None, "").leftovers == ()
    found = link(STATEMENT, parse(MODEL).model, Draft(MODEL, EVIDENCE, QUESTIONS, unread=(ANNA,)), STATEMENT)
    assert len(found.of("profit")) == 2
    assert [made.element for made in found.of("profit[table]")] == ["profit[table]"]
    assert found.at(STATEMENT.index("450")) is not None
    assert found.leftover_at(ANNA[0]) is not None
    assert found.leftover_at(0) is None


def test_a_stored_draft_is_shown_when_the_project_opens(pane: StatementPane, world: World) -> None:
    origins = Origins(Draft(MODEL, EVIDENCE, QUESTIONS, unread=(ANNA,), backend="words"), STATEMENT, {"half": "no"})
    problem = Problem("kept", STATEMENT, Formulation(text=MODEL))
    world.session.new(replace(problem, origins=origins), discard=True)
    linked(pane, world.bot)
    world.bot.waitUntil(lambda: [question.name for question in pane.became.questions.questions] == ["storage"])
