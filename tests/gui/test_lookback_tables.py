"""Tables of answers: nothing per value on opening, then filter, sort, format, copy; comparison of values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from solvitur.gui.lookback.answer_table import FORMATS, BlockModel, BlockTable, NumberColumn, View, fixed
from solvitur.gui.lookback.answer_view import AnswerView
from solvitur.gui.lookback.comparing import compare
from solvitur.gui.lookback.opened import Opened
from solvitur.gui.lookback.report import ReportView, row_words
from solvitur.gui.selection import Selection
from solvitur.gui.tasks import Tasks
from solvitur.gui.theme import Theme
from solvitur.problem.document import Choice
from solvitur.problem.instance import Block
from solvitur.problem.result import Status
from solvitur.problem.runs import Run
from solvitur.problem.verification import ElementCheck, RowCheck, Verification

SETS = (("Seattle", "San Diego"), ("New York", "Chicago", "Topeka"))
DENSE = Block("ship", 0, 6, SETS, ("Plants", "Markets"), None, "case")
SPARSE = Block("flow", 0, 2, SETS, ("Plants", "Markets"), (np.array([0, 1]), np.array([2, 0])))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


def table_of(block: Block, values: list[float]) -> BlockTable:
    return BlockTable(block, (NumberColumn("value", np.array(values), block.unit, "The value."),))


SHIP = table_of(DENSE, [50, 300, 0, 275, 0, 274.5])


def view_of(qtbot: QtBot, theme: Theme, selection: Selection, *tables: BlockTable) -> AnswerView:
    tasks = Tasks()
    view = AnswerView(theme, selection, tasks)
    qtbot.addWidget(view, before_close_func=lambda _view: tasks.close())
    view.resize(700, 400)
    view.show()
    view.show_tables(tables)
    return view


def column(model: BlockModel | None, at: int) -> list[str]:
    assert model is not None
    return [model.index(row, at).data() for row in range(model.rowCount())]


class Counting(Block):
    """A block that counts how often it is asked for a label."""

    asked = 0

    def label(self, offset: int) -> tuple[str | int | float, ...]:
        """Counts and answers."""
        Counting.asked += 1
        return super().label(offset)

    def labels(self) -> list[tuple[str | int | float, ...]]:
        """Must not be called for a table."""
        raise AssertionError("all labels were made")


def test_a_million_values_open_without_any_work_per_value(qtbot: QtBot, theme: Theme) -> None:
    sides = (tuple(range(1000)), tuple(range(1000)))
    Counting.asked = 0
    view = view_of(qtbot, theme, Selection(), table_of(Counting("x", 0, 1_000_000, sides, ("I", "J")), []))
    view.show_tables(
        (BlockTable(Counting("x", 0, 1_000_000, sides, ("I", "J")), (NumberColumn("value", np.arange(1e6)),)),)
    )
    qtbot.wait(1)
    assert view.model is not None
    assert view.model.rowCount() == 1_000_000
    assert Counting.asked < 500, "only the rows in view are named"
    assert view.model.index(999_999, 0).data() == "999"


def test_the_million_is_sorted_and_filtered_off_the_window(qtbot: QtBot, theme: Theme) -> None:
    sides = (tuple(range(1000)), tuple(range(1000)))
    values = np.arange(1e6)
    view = view_of(
        qtbot, theme, Selection(), BlockTable(Block("x", 0, 1_000_000, sides), (NumberColumn("value", values),))
    )
    view.table.horizontalHeader().sectionClicked.emit(2)
    qtbot.waitUntil(lambda: view.model is not None and view.model.offset(0) == 999_999, timeout=20_000)
    view.table.horizontalHeader().sectionClicked.emit(2)
    qtbot.waitUntil(lambda: view.model is not None and view.model.offset(0) == 0, timeout=20_000)
    view.filter.setText("777")
    qtbot.waitUntil(lambda: view.model is not None and view.model.rowCount() == 1999, timeout=20_000)


def test_rows_are_filtered_by_label_and_zeros_hidden(qtbot: QtBot, theme: Theme) -> None:
    view = view_of(qtbot, theme, Selection(), SHIP)
    assert column(view.model, 2) == ["50", "300", "0", "275", "0", "274.5"]
    view.nonzero.setChecked(True)
    assert column(view.model, 1) == ["New York", "Chicago", "New York", "Topeka"]
    view.filter.setText("san topeka")
    assert column(view.model, 2) == ["274.5"]
    view.filter.clear()
    view.nonzero.setChecked(False)
    assert view.model is not None
    assert view.model.rowCount() == 6


def test_a_click_on_a_header_sorts_largest_first_then_smallest_then_as_it_was(qtbot: QtBot, theme: Theme) -> None:
    view = view_of(qtbot, theme, Selection(), SHIP)
    header = view.table.horizontalHeader()
    header.sectionClicked.emit(2)
    assert column(view.model, 2)[:3] == ["300", "275", "274.5"]
    header.sectionClicked.emit(2)
    assert column(view.model, 2)[:4] == ["0", "0", "50", "274.5"]
    header.sectionClicked.emit(2)
    assert column(view.model, 2)[:3] == ["50", "300", "0"], "as it was"
    header.sectionClicked.emit(1)
    assert column(view.model, 1) == ["Chicago"] * 2 + ["New York"] * 2 + ["Topeka"] * 2


def test_labels_that_are_numbers_sort_as_numbers() -> None:
    table = table_of(Block("x", 0, 3, ((10, 9, 100),), ("T",)), [1, 2, 3])
    rows = table.rows(View(sort=0))
    assert rows is not None
    assert rows.tolist() == [1, 0, 2]


def test_numbers_are_written_as_asked(qtbot: QtBot, theme: Theme) -> None:
    view = view_of(
        qtbot, theme, Selection(), table_of(Block("x", 0, 3, (("a", "b", "c"),)), [1234.56789, -0.5, 1e-12])
    )
    assert column(view.model, 1)[:2] == ["1\u2009234.57", "\u22120.5"]
    view.format.setCurrentText("All digits")
    assert column(view.model, 1)[0] == "1\u2009234.56789"
    view.format.setCurrentText("2 decimals")
    assert column(view.model, 1) == ["1\u2009234.57", "\u22120.50", "0.00"]
    assert set(FORMATS) >= {"Automatic", "All digits"}
    assert fixed(0)(2.5e6) == "2\u2009500\u2009000"
    assert fixed(2)(float("inf")) == "\u221e"


def test_the_tool_tip_tells_the_exact_value(qtbot: QtBot, theme: Theme) -> None:
    view = view_of(qtbot, theme, Selection(), SHIP)
    assert view.model is not None
    tip = view.model.index(1, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "value of ship[Seattle, Chicago] = 300 case"
    assert view.model.headerData(2, Qt.Orientation.Horizontal) == "value (case)"


def test_selecting_a_row_selects_the_element_and_the_other_way_round(qtbot: QtBot, theme: Theme) -> None:
    selection = Selection()
    view = view_of(qtbot, theme, selection, SHIP, table_of(SPARSE, [1, 2]))
    view.table.selectRow(5)
    assert selection.current.element == "ship[San Diego, Topeka]"
    selection.select("flow[San Diego, New York]", "elsewhere")
    assert view.blocks.currentData() == "flow"
    assert view.table.selectionModel().currentIndex().row() == 1
    selection.select("ship[Seattle, Chicago]", "elsewhere")
    assert view.blocks.currentData() == "ship"
    assert view.table.selectionModel().currentIndex().row() == 1
    selection.select("nothing[of, this]", "elsewhere")
    assert view.blocks.currentData() == "ship"


@pytest.mark.parametrize("offset", range(6))
def test_every_element_is_found_by_its_name(offset: int) -> None:
    index = tuple(str(label) for label in DENSE.label(offset))
    assert SHIP.offset_of(index) == offset


def test_absent_elements_are_not_found() -> None:
    assert table_of(SPARSE, [1, 2]).offset_of(("Seattle", "Chicago")) == -1
    assert SHIP.offset_of(("Seattle",)) == -1
    assert SHIP.offset_of(("Seattle", "Paris")) == -1
    assert table_of(Block("total", 0, 1), [9]).offset_of(()) == 0


def test_copying_gives_text_for_a_spreadsheet(qtbot: QtBot, theme: Theme) -> None:
    view = view_of(qtbot, theme, Selection(), SHIP)
    view.nonzero.setChecked(True)
    view.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Plants\tMarkets\tvalue (case)"
    assert lines[1] == "Seattle\tNew York\t50"
    assert len(lines) == 5


def test_exporting_writes_the_rows_in_view(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    view = view_of(qtbot, theme, Selection(), SHIP)
    view.filter.setText("chicago")
    path = tmp_path / "ship.csv"
    view.export(path)
    qtbot.waitUntil(path.exists, timeout=5_000)
    qtbot.waitUntil(
        lambda: path.read_text() == "Plants,Markets,value (case)\nSeattle,Chicago,300\nSan Diego,Chicago,0\n"
    )


def test_a_list_of_names_without_a_variable_is_found_too(qtbot: QtBot, theme: Theme) -> None:
    selection = Selection()
    view = view_of(qtbot, theme, selection, table_of(Block("", 0, 3, (("x1", "x2", "x3"),)), [1, 2, 3]))
    view.table.selectRow(2)
    assert selection.current.element == "x3"
    selection.select("x2", "elsewhere")
    assert view.table.selectionModel().currentIndex().row() == 1


# Comparison


def opened(number: int, table: BlockTable, **fields: object) -> Opened:
    given = {"objective": 5.0, "bound": 5.0, "status": Status.OPTIMAL, "problem_hash": "a", **fields}
    run = Run(
        number=number,
        title="t",
        started="",
        choice=Choice(),
        solver="highs",
        plugin="highs",
        version="1",
        sense="min",
        **given,  # type: ignore[arg-type]
    )
    return Opened(run, values=(table,))


def test_comparison_shows_only_values_that_differ() -> None:
    found = compare([opened(1, SHIP), opened(2, table_of(DENSE, [50, 299, 0, 275, 7, 274.5 + 1e-9]))])
    (table,) = found.tables
    assert [table.block.element(n) for n in range(table.block.count)] == [
        "ship[Seattle, Chicago]",
        "ship[San Diego, Chicago]",
    ]
    assert [c.title for c in table.columns] == ["change", "run 1", "run 2"]
    assert table.columns[0].values.tolist() == [-1, 7]
    assert found.summary == "2 of 6 values differ."


def test_equal_runs_are_told_so() -> None:
    found = compare([opened(1, SHIP), opened(2, SHIP)])
    assert found.tables == ()
    assert found.summary == "All values are equal."
    assert dict(found.figures)["problem"] == ("the same", "the same")


def test_runs_over_changed_sets_are_matched_by_label() -> None:
    other = Block("ship", 0, 2, (("Seattle", "Gary"), ("Chicago",)), ("Plants", "Markets"), None, "case")
    found = compare([opened(1, SHIP), opened(2, table_of(other, [300, 8]), problem_hash="b")])
    (table,) = found.tables
    names = [table.block.element(n) for n in range(table.block.count)]
    assert "ship[Seattle, Chicago]" not in names
    assert "ship[Gary, Chicago]" in names
    assert np.isnan(table.columns[1].values[names.index("ship[Gary, Chicago]")])
    assert dict(found.figures)["problem"] == ("version A", "version B")


def test_a_run_without_an_answer_is_named() -> None:
    found = compare([opened(1, SHIP), Opened(opened(2, SHIP, objective=None).run)])
    assert found.summary == "run 2 has no values to compare."


# The report


def verification() -> Verification:
    checks = (
        ElementCheck("supply", 2, 2, 1, 0, 0.0, "supply[Seattle]"),
        ElementCheck("demand", 3, 2, 0, 1, 5.0, "demand[Chicago]", "every market gets its order"),
    )
    rows = (
        RowCheck("supply[Seattle]", 350, -np.inf, 350, 0.0, "tight"),
        RowCheck("demand[Chicago]", 295, 300, np.inf, -5.0, "violated"),
        RowCheck("demand[Topeka]", 280, 275, np.inf, 5.0, "satisfied"),
    )
    return Verification(False, 5.0, 1.0, checks, rows)


def test_the_report_shows_what_is_violated_first_and_its_rows(qtbot: QtBot, theme: Theme) -> None:
    selection = Selection()
    view = ReportView(theme, selection)
    qtbot.addWidget(view)
    view.show_verification(verification())
    top = view.tree.topLevelItem(0)
    assert top is not None
    assert [top.text(n) for n in range(6)] == ["demand", "2", "0", "1", "5", "demand[Chicago]"]
    assert top.isExpanded()
    child = top.child(0)
    assert child is not None
    assert (child.text(0), child.text(5)) == ("demand[Chicago]", "295, at least 300")
    view.tree.setCurrentItem(child)
    assert selection.current.element == "demand[Chicago]"
    selection.select("supply[Seattle]", "elsewhere")
    current = view.tree.currentItem()
    assert current is not None
    assert current.text(0) == "supply[Seattle]"
    assert "1 violated, 1 tight" in view.summary.text()


def test_the_report_can_leave_out_what_has_room(qtbot: QtBot, theme: Theme) -> None:
    view = ReportView(theme, Selection())
    qtbot.addWidget(view)
    loose = ElementCheck("free", 1, 1, 0, 0, 0.0)
    view.show_verification(Verification(True, 0.0, 1.0, (loose,)))
    assert view.tree.topLevelItemCount() == 1
    view.only.setChecked(True)
    assert view.tree.topLevelItemCount() == 0
    view.show_verification(None)
    assert view.summary.text() == "There was no answer to check."


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (RowCheck("c", 5, 0, 10, 5, "satisfied"), "5, at least 0 and at most 10; 5 left"),
        (RowCheck("c", 5, 5, 5, 0, "tight"), "5 = 5"),
        (RowCheck("c", 4, 5, 5, -1, "violated"), "4, must be 5"),
        (RowCheck("c", 4, -np.inf, np.inf, np.inf, "satisfied"), "4, free; \u221e left"),
    ],
)
def test_a_row_is_told_as_what_it_comes_to_and_what_it_must_be(row: RowCheck, words: str) -> None:
    assert row_words(row) == words
