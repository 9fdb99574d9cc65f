"""Problems of tables and rules (routes, schedules) are shown, edited, told about; other views stay as they are."""

from __future__ import annotations

from PySide6.QtTest import QTest
from understand_world import TRANSPORT, World, table

from solvitur.problem.document import Formulation, Problem

OPERATIONS = table(
    "operations",
    ("job", ["A", "A", "B"]),
    ("operation", ["cut", "bend", "drill"]),
    ("machine", ["saw", "press", "saw"]),
    ("duration", [3, 2, 4]),
)


def _shop(rules: str = "objective: makespan\n") -> Problem:
    return Problem("shop", formulation=Formulation("scheduling", rules), tables=(OPERATIONS,))


def test_a_schedule_shows_its_tables_rules_facts_and_picture(world: World) -> None:
    world.session.new(_shop(), discard=True)
    page = world.place.tabular
    world.bot.waitUntil(lambda: page.facts.get("operations") == "3")
    assert page.isVisible() and world.place.tables.isVisible()
    assert page.rules.toPlainText() == "objective: makespan\n"
    assert page.facts["machines"] == "2"
    assert page.picture.isVisible()


def test_rules_are_edited_undone_and_checked(world: World) -> None:
    world.session.new(_shop(), discard=True)
    page = world.place.tabular
    world.bot.waitUntil(lambda: page.facts.get("operations") == "3")
    cursor = page.rules.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    page.rules.setTextCursor(cursor)
    QTest.keyClicks(page.rules, "buffers: smal")
    world.bot.waitUntil(lambda: page.findings.count() == 1, timeout=10_000)
    assert "'smal', expected one of unlimited" in page.findings.item(0).text()
    world.session.undo()
    world.bot.waitUntil(lambda: page.findings.count() == 0, timeout=10_000)
    assert page.rules.toPlainText() == "objective: makespan\n"


def test_the_tables_come_back_to_their_tab_with_a_model_of_another_kind(world: World) -> None:
    world.session.new(_shop(), discard=True)
    world.bot.waitUntil(lambda: world.place.tabular.has_tables)
    world.open(TRANSPORT)
    assert not world.place.tabular.has_tables
    world.place.show_view("tables")
    assert world.place.view == "tables" and world.place.tables.isVisible()
