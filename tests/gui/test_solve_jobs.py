"""The book of jobs, the curves, the log and the words: what a run tells, without any engine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from solvitur.engine import events
from solvitur.engine.choosing import SolverChoice
from solvitur.gui.bridge import Bridge
from solvitur.gui.curves import course, course_of, together
from solvitur.gui.outcomes import outcome, verdict
from solvitur.gui.solve.chooser import SolverChooser
from solvitur.gui.solve.incumbents import IncumbentTable
from solvitur.gui.solve.jobs import PERIOD_MS, JobBook
from solvitur.gui.solve.log import LogView
from solvitur.gui.solve.panel import solver_words, state_words
from solvitur.gui.theme import Theme
from solvitur.problem.document import Choice
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.result import Status, TimelinePoint
from solvitur.problem.runs import Run
from solvitur.problem.verification import ElementCheck, Verification


@pytest.fixture
def outlet() -> events.Outlet:
    return events.Outlet()


@pytest.fixture
def book(qapp: QApplication, outlet: events.Outlet) -> Iterator[JobBook]:
    bridge = Bridge(outlet)
    yield JobBook.of(bridge)
    bridge.close()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


def run_of(status: Status = Status.OPTIMAL, **fields: object) -> Run:
    given = {
        "number": 7,
        "title": "transport",
        "started": "2026-11-21T10:00:00+00:00",
        "problem_hash": "abc",
        "choice": Choice(),
        "solver": "highs",
        "plugin": "highs",
        "version": "1",
        "objective": None,
        "bound": None,
        "sense": "min",
    }
    return Run(status=status, **{**given, **fields})  # type: ignore[arg-type]


def start(outlet: events.Outlet, job: int = 1, sense: str = "min") -> None:
    outlet.emit(events.JobQueued(job, "transport", "auto"))
    outlet.emit(events.JobStarted(job, "HiGHS", sense))


# The book


def test_a_bridge_has_one_book(book: JobBook) -> None:
    bridge = book.parent()
    assert isinstance(bridge, Bridge)
    assert JobBook.of(bridge) is book


def test_the_book_follows_a_job_from_the_queue_to_its_end(qtbot: QtBot, outlet: events.Outlet, book: JobBook) -> None:
    outlet.emit(events.JobQueued(3, "transport", "auto"))
    qtbot.waitUntil(lambda: 3 in book.jobs)
    state = book.jobs[3]
    assert (state.waiting, state.running, state.outcome.word) == (True, False, "waiting")
    outlet.emit(events.JobStarted(3, "HiGHS", "min"))
    outlet.emit(events.Incumbent(3, 0.5, 120.0))
    outlet.emit(events.Bound(3, 0.6, 90.0))
    qtbot.waitUntil(lambda: state.gap is not None)
    assert state.running
    assert state.gap == pytest.approx(0.25)
    assert state_words(state) == "HiGHS is solving"
    outlet.emit(events.Done(3, run_of(objective=100.0, bound=100.0, seconds={"solve": 2.0})))
    qtbot.waitUntil(lambda: state.run is not None)
    assert (state.objective, state.seconds, state.name) == (100.0, 2.0, "Run 7")
    assert state.incumbents[-1] == (2.0, 100.0), "the chart ends where the run ended"
    assert state_words(state) == "Run 7 \u00b7 optimal"


def test_views_hear_of_a_flood_of_events_at_a_calm_pace(qtbot: QtBot, outlet: events.Outlet, book: JobBook) -> None:
    ticks: list[frozenset[int]] = []
    book.ticked.connect(ticks.append)
    start(outlet)
    for n in range(5_000):
        outlet.emit(events.Bound(1, n / 1000, float(n)))
    qtbot.waitUntil(lambda: bool(ticks) and len(book.jobs[1].bounds) == 5_000)
    qtbot.wait(2 * PERIOD_MS)
    assert len(ticks) <= 20
    assert all(jobs == {1} for jobs in ticks)


@pytest.mark.parametrize(("sense", "kept"), [("min", [9.0, 7.0]), ("max", [9.0, 12.0])])
def test_an_answer_that_is_worse_than_the_best_is_no_incumbent(
    qtbot: QtBot, outlet: events.Outlet, book: JobBook, sense: str, kept: list[float]
) -> None:
    start(outlet, sense=sense)
    for objective in (9.0, 12.0, 7.0, 8.0):
        outlet.emit(events.Incumbent(1, objective, objective))
    outlet.emit(events.Log(1, "end\n"))
    qtbot.waitUntil(lambda: 1 in book.jobs and bool(book.jobs[1].log))
    assert [objective for _, objective in book.jobs[1].incumbents] == kept
    assert book.jobs[1].improvements == 2


def test_very_long_runs_keep_a_bounded_number_of_points(qtbot: QtBot, outlet: events.Outlet, book: JobBook) -> None:
    start(outlet)
    for n in range(30_000):
        outlet.emit(events.Bound(1, float(n), float(n)))
    qtbot.waitUntil(lambda: 1 in book.jobs and book.jobs[1].bound == 29_999.0, timeout=20_000)
    assert len(book.jobs[1].bounds) <= 20_001
    assert book.jobs[1].bounds[0] == (0.0, 0.0)


def test_opening_a_project_forgets_the_runs_of_the_one_before(
    qtbot: QtBot, outlet: events.Outlet, book: JobBook
) -> None:
    start(outlet)
    outlet.emit(events.Done(1, run_of()))
    qtbot.waitUntil(lambda: 1 in book.jobs and book.jobs[1].run is not None)
    outlet.emit(events.ProjectOpened("other.solvitur"))
    qtbot.waitUntil(lambda: not book.jobs)


# Curves


def test_the_bound_moves_between_incumbents_and_the_gap_follows_both() -> None:
    drawn = course([(1, 100.0), (4, 80.0)], [(0, 40.0), (2, 60.0)], 5.0)
    incumbent, bound = drawn.values
    assert incumbent.seconds.tolist() == [1, 4, 5]
    assert incumbent.values.tolist() == [100, 80, 80]
    assert bound.dashed
    gap = dict(zip(drawn.gaps[0].seconds.tolist(), (10 ** drawn.gaps[0].values).round(3).tolist(), strict=True))
    assert gap == {1: 0.6, 2: 0.4, 4: 0.25, 5: 0.25}


def test_no_gap_is_drawn_without_a_bound() -> None:
    assert course([(1, 100.0)], [], 2.0).gaps == ()
    assert course([], [], 2.0).values == ()


def test_a_poor_first_answer_does_not_flatten_what_follows() -> None:
    drawn = course([(1, 1e9), (2, 110.0), (3, 105.0), (4, 101.0)], [(0, 100.0)], 5.0)
    assert drawn.high < 1000
    assert drawn.low <= 100


def test_infinite_values_are_left_out() -> None:
    drawn = course([(1, np.inf), (2, 5.0)], [(0, -np.inf)], 3.0)
    assert drawn.values[0].values.tolist() == [5.0, 5.0]
    assert len(drawn.values) == 1


def test_the_curves_of_stored_runs_go_side_by_side() -> None:
    points = (TimelinePoint(0.1, None, 10.0), TimelinePoint(1.0, 20.0, 10.0), TimelinePoint(2.0, 25.0, 15.0))
    one = course_of(run_of(timeline=points, seconds={"solve": 2.5}), name="run 7")
    both = together([one, course_of(run_of(timeline=points), category=1, name="run 8")])
    assert [curve.name for curve in both.values] == ["run 7", "", "run 8", ""]
    assert one.values[0].values.tolist() == [20.0, 20.0], "25 is no improvement when minimising"
    assert one.values[0].seconds[-1] == 2.5


# Words


@pytest.mark.parametrize(
    ("run", "word", "sentence", "advice"),
    [
        (run_of(objective=5.0), "optimal", "No better answer exists", ""),
        (run_of(Status.FEASIBLE, objective=5.0, bound=4.0), "feasible", "within 20\u2009% of the best", "more time"),
        (run_of(Status.INFEASIBLE), "infeasible", "No answer can meet all constraints", "Relax"),
        (run_of(Status.UNBOUNDED), "unbounded", "improved without end", "limit"),
        (
            run_of(Status.UNKNOWN, reason="the time limit was reached"),
            "no answer",
            "time limit was reached",
            "more time",
        ),
        (run_of(Status.CANCELLED, objective=5.0), "stopped", "best answer so far, 5, was kept", ""),
        (run_of(Status.CANCELLED), "stopped", "before it had an answer", "Solve again"),
        (run_of(Status.FAILED, reason="HiGHS was killed"), "failed", "HiGHS was killed.", "another solver"),
        (
            run_of(Status.FAILED, plugin="", reason="'demnd' is not known", findings=(Finding(Severity.ERROR, "x"),)),
            "failed",
            "'demnd' is not known.",
            "Mend the model",
        ),
    ],
)
def test_every_way_to_end_is_told_in_plain_words_with_what_to_do(
    run: Run, word: str, sentence: str, advice: str
) -> None:
    told = outcome(run)
    assert told.word == word
    assert sentence in told.sentence
    assert advice in told.advice
    assert "None" not in told.sentence + told.advice


def test_the_verdict_names_the_constraint_that_is_missed() -> None:
    broken = ElementCheck("cap", 3, 1, 0, 2, 4.5, "cap[Gary]")
    told = verdict(run_of(Status.FAILED, objective=1.0, verification=Verification(False, 4.5, 1.0, (broken,))))
    assert (told.icon, told.word) == ("error", "failed our check")
    assert told.sentence == "'cap[Gary]' is missed by 4.5, and 1 more."
    passed = verdict(
        run_of(objective=1.0, verification=Verification(True, 0.0, 1.0, (ElementCheck("cap", 3, 3, 0, 0, 0.0),)))
    )
    assert passed.word == "verified"
    assert "All 3 conditions hold" in passed.sentence
    assert verdict(run_of(Status.INFEASIBLE)).word == "no answer to check"


ABLE = SolverChoice("highs", "HiGHS", "highs", True, "", 0.9, "HiGHS: linear, 100 variables")
UNABLE = SolverChoice("cp-sat", "CP-SAT", "ortools", False, "it does not handle continuous variables", 0.0, "")


def test_the_solver_button_says_who_solves_and_why() -> None:
    assert solver_words("auto", (ABLE, UNABLE), "auto")[0] == "Auto: HiGHS \u2013 linear, 100 variables"
    assert solver_words("auto", (UNABLE,), "auto") == (
        "Auto: no solver can take this model",
        "Open the list to see why not.",
        False,
    )
    assert solver_words("cp-sat", (ABLE, UNABLE), "CP-SAT")[1] == "Because it does not handle continuous variables."
    assert solver_words("auto", (), "auto")[2]


def test_the_chooser_greys_who_cannot_solve_and_says_because(qtbot: QtBot, theme: Theme) -> None:
    from PySide6.QtWidgets import QWidget  # noqa: PLC0415

    parent = QWidget()
    qtbot.addWidget(parent)
    chooser = SolverChooser(theme, parent)
    chooser.fill((ABLE, UNABLE), [], "highs")
    assert chooser.rows() == [
        ("auto", "takes HiGHS: linear, 100 variables", True),
        ("highs", "linear, 100 variables", True),
        ("cp-sat", "because it does not handle continuous variables", False),
    ]
    picked: list[str] = []
    chooser.chosen.connect(picked.append)
    chooser.pick("cp-sat")
    assert picked == []
    chooser.pick("highs")
    assert picked == ["highs"]


# Log and incumbents


def test_the_log_grows_is_searched_and_filtered(qtbot: QtBot, theme: Theme) -> None:
    view = LogView(theme)
    qtbot.addWidget(view)
    parts = ["Presolving model\n", "12 rows, 30 cols\n"]
    view.show_log(1, parts)
    parts.append("Solving report\n  Status Optimal\n")
    view.show_log(1, parts)
    assert view.text.toPlainText().splitlines() == [
        "Presolving model",
        "12 rows, 30 cols",
        "Solving report",
        "  Status Optimal",
    ]
    view.field.setText("optimal")
    assert view.text.textCursor().selectedText() == "Optimal"
    view.only.setChecked(True)
    assert view.text.toPlainText() == "  Status Optimal"
    parts.append("Optimal again\nnothing\n")
    view.show_log(1, parts)
    assert view.text.toPlainText().splitlines() == ["  Status Optimal", "Optimal again"]
    view.only.setChecked(False)
    assert len(view.text.toPlainText().splitlines()) == 6
    view.show_log(2, ["another\n"])
    assert view.text.toPlainText() == "another"


def test_searching_goes_round_the_end(qtbot: QtBot, theme: Theme) -> None:
    view = LogView(theme)
    qtbot.addWidget(view)
    view.show_log(1, ["row\nrow\n"])
    view.field.setText("row")
    places = [view.text.textCursor().position()]
    for _ in range(2):
        assert view.find_next()
        places.append(view.text.textCursor().position())
    assert places == [3, 7, 3]
    view.field.setText("column")
    assert not view.find_next()


def test_incumbents_are_listed_newest_first_with_their_gain(qtbot: QtBot, theme: Theme) -> None:
    table = IncumbentTable(theme)
    qtbot.addWidget(table)
    table.show_points(1, [(0.5, 100.0), (2.0, 80.0)], "min")
    cells = [[table.model.index(r, c).data() for c in range(3)] for r in range(2)]
    assert cells == [["2 s", "80", "20\u2009%"], ["0.5 s", "100", "first"]]
