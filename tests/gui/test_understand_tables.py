"""Data tables: a spreadsheet over arrays; every change a named step; a million rows without a copy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from understand_world import NO_DATA, TRANSPORT, World, large_table, table

from solvitur.gui.understand.tables.cells import is_missing
from solvitur.gui.understand.tables.grid import Grid
from solvitur.gui.understand.tables.pane import EMPTY, GRID, IMPORT
from solvitur.gui.understand.tables.sheet import Sheet

CTRL = Qt.KeyboardModifier.ControlModifier


def _sheet(world: World, name: str = "plants") -> Sheet:
    world.place.show_view("tables")
    world.place.tables.show_table(name)
    return world.place.tables.sheet


def _cells(world: World, name: str = "plants") -> list[list[object]]:
    found = world.session.problem.table(name)
    assert found is not None
    columns = [[None if is_missing(value) else value for value in c.values.tolist()] for c in found.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _box(grid: Grid, top: int, left: int, bottom: int, right: int) -> None:
    box = QItemSelection(grid.cells.index(top, left), grid.cells.index(bottom, right))
    grid.go_to(top, left)
    grid.selectionModel().select(box, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def _type(grid: Grid, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClicks(grid, text[:1])
    editor = next(each for each in grid.findChildren(QLineEdit) if each.isVisible())
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, end)


def test_typing_changes_a_cell_in_one_named_step_and_enter_goes_down(world: World) -> None:
    world.open(TRANSPORT, table())
    grid = _sheet(world).grid
    grid.go_to(0, 1)
    _type(grid, "410")
    assert _cells(world) == [["Seattle", 410], ["Gary", 600]]
    assert world.session.undo_title == "Type in 'plants'"
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (1, 1)
    _type(grid, "2,5")
    assert _cells(world)[1] == ["Gary", 2.5]
    world.session.undo()
    world.session.undo()
    assert _cells(world) == [["Seattle", 350], ["Gary", 600]]
    world.bot.waitUntil(lambda: grid.cells.data(grid.cells.index(0, 1)) == "350")


def test_tab_goes_right_and_typing_in_the_last_row_adds_one(world: World) -> None:
    world.open(TRANSPORT, table())
    grid = _sheet(world).grid
    grid.go_to(2, 0)
    _type(grid, "Austin", Qt.Key.Key_Tab)
    assert _cells(world)[2] == ["Austin", None]
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (2, 1)
    assert grid.cells.rowCount() == 4


def test_a_block_from_a_spreadsheet_is_pasted_over_the_end_as_one_step(world: World) -> None:
    world.open(TRANSPORT, table())
    sheet = _sheet(world)
    sheet.grid.go_to(1, 0)
    QGuiApplication.clipboard().setText("Gary\t1,5\r\nAustin\t2\u00a0000,25\r\nBoise\t\r\n")
    sheet.grid.paste()
    assert _cells(world) == [["Seattle", 350], ["Gary", 1.5], ["Austin", 2000.25], ["Boise", None]]
    assert world.session.undo_title == "Paste into 'plants'"
    world.session.undo()
    assert _cells(world) == [["Seattle", 350], ["Gary", 600]]


def test_copying_and_cutting_give_text_that_spreadsheets_read(world: World) -> None:
    world.open(TRANSPORT, table())
    grid = _sheet(world).grid
    _box(grid, 0, 0, 1, 1)
    QTest.keyClick(grid, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Seattle\t350\nGary\t600"
    _box(grid, 0, 1, 1, 1)
    QTest.keyClick(grid, Qt.Key.Key_X, CTRL)
    assert QGuiApplication.clipboard().text() == "350\n600"
    assert [row[1] for row in _cells(world)] == [None, None]
    assert world.session.undo_title == "Cut cells"


def test_one_copied_value_fills_the_whole_selection(world: World) -> None:
    world.open(TRANSPORT, table())
    grid = _sheet(world).grid
    _box(grid, 0, 1, 1, 1)
    QGuiApplication.clipboard().setText("7")
    grid.paste()
    assert [row[1] for row in _cells(world)] == [7, 7]


def test_fill_down_copies_the_first_row_and_a_single_cell_takes_the_one_above(world: World) -> None:
    world.open(TRANSPORT, table("plants", ("Plants", ["a", "b", "c"]), ("supply", [1, 2, 3])))
    sheet = _sheet(world)
    _box(sheet.grid, 0, 1, 2, 1)
    world.window.context.actions.trigger("table.fill-down")
    assert [row[1] for row in _cells(world)] == [1, 1, 1]
    assert world.session.undo_title == "Fill down"
    world.session.undo()
    world.bot.wait(0)
    sheet.grid.go_to(2, 1)
    sheet.fill_down()
    assert [row[1] for row in _cells(world)] == [1, 2, 2]


def test_delete_empties_cells_and_rows_and_columns_come_and_go(world: World) -> None:
    world.open(TRANSPORT, table())
    sheet = _sheet(world)
    _box(sheet.grid, 0, 0, 0, 1)
    QTest.keyClick(sheet.grid, Qt.Key.Key_Delete)
    assert _cells(world)[0] == [None, None]
    world.session.undo()
    world.bot.wait(0)
    sheet.grid.go_to(1, 0)
    sheet.insert_rows()
    assert _cells(world) == [["Seattle", 350], [None, None], ["Gary", 600]]
    sheet.remove_rows()
    assert _cells(world) == [["Seattle", 350], ["Gary", 600]]
    sheet.grid.go_to(0, 1)
    sheet.insert_column()
    bar = sheet.header_bar
    assert bar.isVisible()
    bar.name.setText("open")
    bar.unit.setText("h")
    QTest.keyClick(bar.name, Qt.Key.Key_Return)
    made = world.session.problem.table("plants")
    assert made is not None
    assert [(c.name, c.unit) for c in made.columns] == [("Plants", ""), ("supply", ""), ("open", "h")]
    sheet.grid.go_to(0, 2)
    sheet.remove_column()
    assert world.session.undo_title == "Delete column 'open'"


def test_sorting_puts_numbers_before_texts_and_empty_cells_last(world: World) -> None:
    world.open(TRANSPORT, table("t", ("k", ["b", 3, None, "A", 1])))
    sheet = _sheet(world, "t")
    sheet.grid.go_to(0, 0)
    sheet.sort(descending=False)
    assert [row[0] for row in _cells(world, "t")] == [1, 3, "A", "b", None]
    sheet.sort(descending=True)
    assert [row[0] for row in _cells(world, "t")] == ["b", "A", 3, 1, None]
    world.session.undo()
    world.session.undo()
    assert [row[0] for row in _cells(world, "t")] == ["b", 3, None, "A", 1]


def test_find_goes_to_the_next_cell_and_says_when_there_is_none(world: World) -> None:
    world.open(TRANSPORT, table())
    pane = world.place.tables
    sheet = _sheet(world)
    sheet.grid.go_to(0, 0)
    pane.finder.setText("gar")
    QTest.keyClick(pane.finder, Qt.Key.Key_Return)
    world.bot.waitUntil(lambda: sheet.grid.currentIndex().row() == 1)
    pane.finder.setText("Paris")
    QTest.keyClick(pane.finder, Qt.Key.Key_Return)
    world.bot.waitUntil(lambda: "'Paris'" in pane.finder.toolTip())


def test_units_of_the_model_stand_in_the_header_and_numbers_at_the_right(world: World) -> None:
    world.open(TRANSPORT, table())
    cells = _sheet(world).grid.cells
    assert cells.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.UserRole) == "t"
    right = cells.data(cells.index(0, 1), Qt.ItemDataRole.TextAlignmentRole)
    assert isinstance(right, int) and right & Qt.AlignmentFlag.AlignRight.value


def test_a_bad_cell_is_marked_with_the_sentence(world: World) -> None:
    bad = table("plants", ("Plants", ["Seattle", "Gary"]), ("supply", [350, "many"]))
    world.open(NO_DATA, bad)
    cells = _sheet(world).grid.cells
    world.bot.waitUntil(lambda: (1, 1) in cells.bad)
    assert "many" in str(cells.data(cells.index(1, 1), Qt.ItemDataRole.ToolTipRole))
    assert cells.data(cells.index(1, 1), Qt.ItemDataRole.BackgroundRole) is not None
    assert cells.data(cells.index(1, 1), Qt.ItemDataRole.DecorationRole) is not None


def test_a_million_rows_are_shown_and_edited_without_copying_the_table(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = large_table()
    world.open("", large)
    grid = _sheet(world, "large").grid
    assert grid.cells.table.columns[0].values is large.columns[0].values
    asked: list[int] = []
    original = grid.cells.value
    monkeypatch.setattr(grid.cells, "value", lambda row, column: asked.append(row) or original(row, column))
    grid.scrollToBottom()
    grid.grab()
    assert asked
    assert min(asked) > 990_000
    assert grid.cells.table.columns[0].values is large.columns[0].values
    grid.go_to(999_999, 0)
    _type(grid, "5")
    changed = world.session.problem.table("large")
    assert changed is not None
    assert changed.columns[0].values[-1] == 5
    assert changed.columns[1].values is large.columns[1].values


def test_selecting_a_cell_selects_its_element_and_back(world: World) -> None:
    long = table("cost", ("Plants", ["Seattle", "Gary"]), ("Markets", ["NYC", "NYC"]), ("cost", [2.5, 2.6]))
    world.open(TRANSPORT, long)
    sheet = _sheet(world, "cost")
    sheet.grid.setFocus()
    sheet.grid.go_to(0, 2)
    assert world.window.context.selection.current.element == "cost[Seattle, NYC]"
    world.window.context.selection.select("cost[Gary, NYC]")
    assert (sheet.grid.currentIndex().row(), sheet.grid.currentIndex().column()) == (1, 2)


def test_tables_are_made_renamed_and_deleted_by_name(world: World) -> None:
    world.open("")
    pane = world.place.tables
    world.place.show_view("tables")
    assert pane.state == EMPTY
    pane.new_table()
    assert pane.state == GRID
    bar = pane.sheet.header_bar
    bar.name.setText("people")
    QTest.keyClick(bar.name, Qt.Key.Key_Return)
    assert [t.name for t in world.session.problem.tables] == ["people"]
    assert pane.tabs.tabText(0) == "people"
    pane.remove_table()
    assert pane.state == EMPTY
    world.session.undo()
    world.bot.waitUntil(lambda: pane.state == GRID)


def test_a_csv_file_is_matched_to_the_model_and_imported_in_one_step(world: World, tmp_path: Path) -> None:
    file = tmp_path / "works.csv"
    file.write_text("plant,Supply [t],note\nSeattle,350,old\nGary,600,new\n", "utf-8")
    world.open(NO_DATA)
    pane = world.place.tables
    world.place.import_file(file)
    world.bot.waitUntil(lambda: pane.state == IMPORT and bool(pane.import_page.choices))
    page = pane.import_page
    assert [role.title for role in page.choices] == ["members of Plants", "values of supply", "kept as it is"]
    assert not world.session.problem.tables
    page.choose(2, next(role for role in _offered(page) if role.what == "skip"))
    page.accept()
    made = world.session.problem.table("works")
    assert made is not None
    assert [(c.name, c.unit) for c in made.columns] == [("Plants", ""), ("supply", "t")]
    assert world.session.undo_title == "Import table 'works'"
    world.bot.waitUntil(lambda: world.place.outline.missing.names == ("demand", "cost"))
    world.session.undo()
    assert not world.session.problem.tables


def _offered(page: object) -> list:
    combo = page._combos[0]  # type: ignore[attr-defined]
    return [combo.itemData(k) for k in range(combo.count())]


def test_the_import_page_tells_what_is_wrong_before_anything_changes(world: World, tmp_path: Path) -> None:
    file = tmp_path / "supply.csv"
    file.write_text("Plants,supply\nSeattle,350\nGary,a lot\n", "utf-8")
    world.open(NO_DATA)
    pane = world.place.tables
    world.place.import_file(file)
    world.bot.waitUntil(lambda: bool(pane.import_page.findings))
    assert "'a lot'" in pane.import_page.findings[0].text
    assert "row 2" in pane.import_page.findings[0].text
    pane.import_page.cancel()
    assert pane.state == EMPTY
    assert not world.session.problem.tables


def test_a_file_that_cannot_be_read_is_told_and_nothing_changes(world: World, tmp_path: Path) -> None:
    world.open(NO_DATA)
    world.place.import_file(tmp_path / "nowhere.csv")
    world.bot.waitUntil(lambda: any("nowhere.csv" in m.text for m in world.window.messages.messages))
    assert world.place.tables.state == EMPTY


def test_a_table_is_exported_as_csv(world: World, tmp_path: Path) -> None:
    world.open(TRANSPORT, table())
    shown = _sheet(world).table
    assert shown is not None
    world.place.tables.files.write(shown, tmp_path / "out.csv")
    world.bot.waitUntil((tmp_path / "out.csv").exists)
    world.bot.waitUntil(lambda: "Seattle,350" in (tmp_path / "out.csv").read_text("utf-8"))


def test_numbers_are_not_lost_when_a_column_of_numbers_gets_a_text(world: World) -> None:
    world.open(TRANSPORT, table("t", ("n", [1.5, 2.5])))
    grid = _sheet(world, "t").grid
    grid.go_to(0, 0)
    _type(grid, "none")
    assert _cells(world, "t") == [["none"], [2.5]]
    world.session.undo()
    found = world.session.problem.table("t")
    assert found is not None
    assert found.columns[0].values.dtype == np.float64
