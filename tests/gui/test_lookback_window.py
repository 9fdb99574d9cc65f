"""Looking back in the real window with the real engine: runs, pictures, selection, comparison, export."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from solvitur.engine import events
from solvitur.gui.lookback.place import LookBackPlace
from solvitur.gui.main_window import MainWindow
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.edits import SetFields

MODEL = """\
set Plants = {Seattle, "San Diego"}
set Markets = {"New York", Chicago, Topeka}
param supply[Plants]
param demand[Markets]
param cost[Plants, Markets]
var ship[p in Plants, m in Markets] >= 0   unit "case"
minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)
subject to within_supply[p in Plants]: sum(ship[p, m] for m in Markets) <= supply[p]
subject to meet_demand[m in Markets]: sum(ship[p, m] for p in Plants) >= demand[m]
data
  supply = {Seattle: 350, "San Diego": 600}
  demand = {"New York": 325, Chicago: 300, Topeka: 275}
  cost = {(Seattle, "New York"): 2.5, (Seattle, Chicago): 1.7, (Seattle, Topeka): 1.8, @}
"""

MODEL = MODEL.replace("@", '("San Diego", "New York"): 2.5, ("San Diego", Chicago): 1.8, ("San Diego", Topeka): 1.4')

Solve = Callable[..., events.Done]


@pytest.fixture
def place(window: MainWindow) -> LookBackPlace:
    window.resize(1280, 800)
    window.context.session.new(Problem("transport", formulation=Formulation("algebraic", MODEL)), discard=True)
    window.stage.build("solve")
    window.docks.fill("solver")
    found = window.stage.turn_to("lookback")
    assert isinstance(found, LookBackPlace)
    return found


@pytest.fixture
def solve(window: MainWindow, place: LookBackPlace, qtbot: QtBot) -> Solve:
    """Solves a model (or the one that is open) and waits until its answer is on show."""
    done: list[events.Done] = []
    window.context.bridge.happened.connect(
        lambda event: done.append(event) if isinstance(event, events.Done) else None
    )

    def run(text: str = "", **choice: object) -> events.Done:
        session = window.context.session
        before = len(done)
        problem = session.problem
        if text:
            problem = replace(problem, formulation=Formulation("algebraic", text))
            session.apply(SetFields("model", {"formulation": problem.formulation}))
        if choice:
            session.apply(SetFields("choice", {"choice": replace(problem.choice, **choice)}))  # type: ignore[arg-type]
        session.solve()
        qtbot.waitUntil(lambda: len(done) == before + 1, timeout=30_000)
        number = done[-1].run.number
        qtbot.waitUntil(
            lambda: place.pages.opened is not None and place.pages.opened.run.number == number, timeout=15_000
        )
        return done[-1]

    return run


def test_an_empty_place_says_what_belongs_there_and_offers_to_solve(place: LookBackPlace) -> None:
    offer = place.findChild(QPushButton, "blank.solve.run")
    assert isinstance(offer, QPushButton)
    assert offer.isVisible()


def test_the_answer_opens_by_itself_with_its_verdict(place: LookBackPlace, solve: Solve, qtbot: QtBot) -> None:
    solve()
    assert place.pages.verdict.state.text() == "Run 1 \u00b7 optimal"
    assert place.pages.verdict.check.text() == "verified"
    assert "No better answer exists: 1\u2009707.5" in place.pages.verdict.words.text()
    row = place.runs.model.index(0, 0)
    cells = [place.runs.model.index(row.row(), c).data() for c in range(5)]
    assert cells == ["1", "optimal", "1\u2009707.5", "yes", "0\u2009%"]
    qtbot.waitUntil(
        lambda: place.pages.gallery.view is not None and place.pages.gallery.view.sheet is not None, timeout=10_000
    )
    assert place.pages.gallery.list.count() >= 3


def test_a_click_in_a_picture_selects_the_element_in_every_view(
    window: MainWindow, place: LookBackPlace, solve: Solve, qtbot: QtBot
) -> None:
    solve()
    gallery = place.pages.gallery
    rows = [gallery.list.item(n).text() for n in range(gallery.list.count())]
    gallery.list.setCurrentRow(next(n for n, text in enumerate(rows) if text.startswith("Grid")))
    qtbot.waitUntil(lambda: gallery.view is not None and gallery.view.sheet is not None, timeout=10_000)
    assert gallery.view is not None
    sheet = gallery.view.sheet
    assert sheet is not None
    assert sheet.frame is not None
    sheet.frame.picked.emit(1)
    assert window.context.selection.current.element == "ship[Seattle, Chicago]"
    values = place.pages.values
    assert values.model is not None
    assert values.model.element(values.table.selectionModel().currentIndex().row()) == "ship[Seattle, Chicago]"
    values.table.selectRow(2)
    assert sheet.drawing is not None
    assert sheet.drawing.selected == {2}


def test_sensitivity_tells_duals_and_reduced_costs_of_a_linear_model(place: LookBackPlace, solve: Solve) -> None:
    solve(solver="highs")
    view = place.pages.sensitivity
    names = [view.blocks.itemData(n) for n in range(view.blocks.count())]
    assert names == ["within_supply", "meet_demand", "ship"]
    view.blocks.setCurrentIndex(1)
    assert view.model is not None
    duals = [view.model.index(row, 1).data() for row in range(3)]
    assert view.model.headerData(1, Qt.Orientation.Horizontal) == "dual value"
    assert [abs(float(dual)) for dual in duals] == pytest.approx([2.5, 1.7, 1.4], abs=0.11)


@pytest.mark.parametrize(
    ("text", "word", "advice"),
    [
        ("var x in 0..1\nminimize z: x\nsubject to much: x >= 2\n", "infeasible", "Relax or remove"),
        ("var x >= 0\nmaximize z: x\n", "unbounded", "A bound or a constraint is missing"),
        ("minimize z: demnd\n", "failed", "Mend the model"),
    ],
)
def test_runs_without_an_answer_are_explained(
    place: LookBackPlace, solve: Solve, text: str, word: str, advice: str
) -> None:
    solve(text)
    assert place.pages.verdict.state.text().endswith(word)
    assert advice in place.pages.verdict.words.text()
    assert place.pages.verdict.check.text() == "no answer to check"
    assert place.pages.findings.list.count() > 0


def test_two_runs_are_compared(window: MainWindow, place: LookBackPlace, solve: Solve, qtbot: QtBot) -> None:
    solve()
    solve(MODEL.replace("Chicago: 300", "Chicago: 200"))
    place.open((1, 2))
    view = place.comparison
    qtbot.waitUntil(lambda: view.isVisible() and bool(view.summary.text()), timeout=10_000)
    assert "values differ" in view.summary.text()
    assert view.values.model is not None
    shown = {view.values.model.element(row) for row in range(view.values.model.rowCount())}
    assert "ship[Seattle, Chicago]" in shown or "ship[San Diego, Chicago]" in shown
    assert view.figures.columnCount() == 3
    words = [view.figures.item(row, 0).text() for row in range(view.figures.rowCount())]
    at = words.index("objective")
    assert view.figures.item(at, 1).text() == "1\u2009707.5"
    assert view.figures.item(at, 2).text() != "1\u2009707.5"
    view.values.table.selectRow(0)
    assert window.context.selection.current.element in shown


def test_compare_takes_the_run_before(window: MainWindow, place: LookBackPlace, solve: Solve, qtbot: QtBot) -> None:
    solve()
    solve()
    window.context.actions.trigger("results.compare")
    qtbot.waitUntil(lambda: place.comparison.summary.text() == "All values are equal.", timeout=10_000)


def test_a_stored_run_is_opened_again(place: LookBackPlace, solve: Solve, qtbot: QtBot) -> None:
    solve()
    solve(MODEL.replace("Chicago: 300", "Chicago: 200"))
    place._known.clear()
    place.open((1,))
    qtbot.waitUntil(lambda: place.pages.opened is not None and place.pages.opened.run.number == 1, timeout=10_000)
    assert "1\u2009707.5" in place.pages.verdict.words.text()
    assert place.pages.opened is not None
    assert place.pages.opened.pictures
    assert place.pages.values.model is not None
    assert place.pages.values.model.rowCount() == 6


def test_repeating_a_run_gives_the_same_answer(
    window: MainWindow, place: LookBackPlace, solve: Solve, qtbot: QtBot
) -> None:
    solve()
    window.context.actions.trigger("results.repeat")
    qtbot.waitUntil(lambda: len(place.runs.model.rows) == 2, timeout=20_000)
    first, second = place.runs.model.rows
    assert (first.objective, first.problem_hash) == (second.objective, second.problem_hash)


def test_runs_are_renamed_filtered_and_deleted(
    window: MainWindow, place: LookBackPlace, solve: Solve, qtbot: QtBot
) -> None:
    solve()
    solve()
    window.context.session.runs.rename(1, "before the strike")
    qtbot.waitUntil(lambda: any(row.title == "before the strike" for row in place.runs.model.rows))
    place.runs.filter.setText("strike")
    assert place.runs.table.model().rowCount() == 1
    place.runs.filter.clear()
    place.open((1,))
    window.context.actions.trigger("results.delete")
    box = place.findChild(QMessageBox, "deleteRuns")
    assert isinstance(box, QMessageBox)
    assert box.defaultButton() is not None
    assert box.defaultButton().text() == "Keep"
    next(button for button in box.buttons() if button.text().startswith("Delete")).click()
    qtbot.waitUntil(lambda: [row.number for row in place.runs.model.rows] == [2])


def test_a_run_is_exported_as_json_and_csv(place: LookBackPlace, solve: Solve, qtbot: QtBot, tmp_path: Path) -> None:
    solve()
    for name in ("run.json", "run.csv"):
        place.export_to(tmp_path / name)
    qtbot.waitUntil(lambda: (tmp_path / "run.csv").exists() and place.tasks.idle, timeout=10_000)
    told = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert told["status"] == "optimal"
    assert told["objective"] == pytest.approx(1707.5)
    assert told["values"]["ship"]["San Diego"]["Topeka"] == 275
    rows = list(csv.reader((tmp_path / "run.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["variable", "index 1", "index 2", "value"]
    assert ["ship", "San Diego", "Topeka", "275"] in rows


def test_a_refused_export_is_told(
    window: MainWindow, place: LookBackPlace, solve: Solve, qtbot: QtBot, tmp_path: Path
) -> None:
    solve()
    place.export_to(tmp_path / "nowhere" / "run.json")
    qtbot.waitUntil(lambda: any("cannot be written" in m.text for m in window.messages.messages), timeout=5_000)


def test_all_pictures_are_written_to_a_folder(place: LookBackPlace, solve: Solve, tmp_path: Path) -> None:
    solve()
    written = list(place.pages.gallery.export_all(tmp_path, (".svg", ".png")))
    assert len(written) == 2 * len(place.pages.gallery.pictures)
    assert all(path.stat().st_size > 500 for path in written)


def test_opening_another_project_empties_the_place(
    window: MainWindow, place: LookBackPlace, solve: Solve, qtbot: QtBot
) -> None:
    solve()
    window.context.session.new(discard=True)
    qtbot.waitUntil(lambda: not place.runs.model.rows)
    offer = place.findChild(QPushButton, "blank.solve.run")
    assert isinstance(offer, QPushButton)
    qtbot.waitUntil(offer.isVisible)


@pytest.mark.parametrize(
    ("example", "kind"),
    [("memory_planning", "Address map"), ("sudoku", "Grid"), ("lot_sizing", "Lines"), ("transport", "Map")],
)
def test_examples_show_the_picture_made_for_them_first(
    window: MainWindow, place: LookBackPlace, solve: Solve, example: str, kind: str
) -> None:
    folder = files("solvitur_resources").joinpath("examples", example)
    window.context.session.open(Path(str(folder)) / f"{example}.slv", discard=True)
    solve()
    assert place.pages.gallery.list.item(0).text().startswith(kind)
