"""Sweeps: the combinations, the shared results, the front, and the edit that takes a point's options over."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_steps import World, chain, world
from hypothesis import given, settings
from hypothesis import strategies as st

from solvitur.engine.workflow.sampling import RangeKind, grid, grid_size, make_sampler
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.sweep import Sweep, SweepDone, SweepMoved, SweepPlan, SweepPoint, choose, parse_range
from solvitur.engine.workflow.sweep_plan import fronted, sweep_findings, sweep_table
from solvitur.problem.errors import InputError
from solvitur.workflow.model import Link, OptionRange, Step, Workflow

STEPS = (
    Step("base", "add", {"plus": 5, "tag": "base"}),
    Step("a", "add", {"tag": "a"}),
    Step("cost", "add", {"tag": "cost"}),
    Step("fired", "fire"),
)
FLOW = Workflow(
    "",
    STEPS,
    (Link("base", "out", "a", "x"), Link("base", "out", "cost", "x"), Link("a", "out", "fired", "x")),
)
"""A quality and a cost that share a first step, and something irreversible that no sweep needs."""


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[World]:
    """Fresh step types."""
    with world(tmp_path) as made:
        yield made


def plan_of(*ranges: OptionRange, **more: Any) -> SweepPlan:
    """A plan that judges the step 'a' by what 'cost' costs."""
    return SweepPlan(ranges, **{"quality": "a.out", "cost": "cost.out", "parallel": 2, **more})


def swept(fakes: World, plan: SweepPlan, store: Store | None = None, flow: Workflow = FLOW) -> Sweep:
    """Runs a sweep to its end."""
    sweep = Sweep(flow, fakes.services, plan, store=store or Store(), types=fakes.known())
    sweep.start()
    assert sweep.wait(30)
    return sweep


def test_a_grid_runs_every_combination_and_only_what_it_affects(fakes: World) -> None:
    """The shared first step runs once for all; each point says what an ordinary run of its options says."""
    plan = plan_of(OptionRange("a", "plus", (1, 2, 3)), OptionRange("cost", "plus", (7, 8)))
    sweep = swept(fakes, plan)
    calls = fakes.calls()
    assert [calls.count(tag) for tag in ("base", "a", "cost")] == [1, 3, 2]
    assert fakes.calls("fire") == []
    points = sweep.points()
    assert [point.values for point in points] == [(a, c) for a in (1, 2, 3) for c in (7, 8)]
    for point in points:
        edited, _ = choose(FLOW, plan, point).apply(FLOW)
        run = fakes.done(edited, Store(), approved=frozenset({"fired"}))
        assert (point.quality, point.cost) == (run.outputs("a")["out"], run.outputs("cost")["out"])
        assert point.state == "done"
    assert [point.values for point in points if point.on_front] == [(3, 7)]
    table = sweep_table(plan, points)
    assert table.header == ("a.plus", "cost.plus", "quality", "cost", "state", "front")


def test_time_as_cost_counts_what_was_measured_when_it_ran(fakes: World) -> None:
    """The second sweep takes all from the store, and its times are those of the first."""
    flow, store = chain("slow", "slow"), Store()
    plan = SweepPlan((OptionRange("s1", "plus", (5, 60)),), "s1.out", "time", parallel=1)
    first, second = swept(fakes, plan, store, flow).points(), swept(fakes, plan, store, flow).points()
    assert [point.cost for point in second] == [point.cost for point in first]
    assert first[1].cost is not None and first[0].cost is not None
    assert first[1].cost > first[0].cost + 0.04 and first[1].cost >= 0.06
    assert second[1].seconds < 0.06


@pytest.mark.parametrize("method", ["random", "bayes"])
def test_drawn_combinations_stay_inside_and_repeat_with_the_seed(method: str, fakes: World) -> None:
    """Numbers stay between their ends, whole where the option is; the same seed gives the same points."""
    pytest.importorskip("optuna")
    ranges = (OptionRange("a", "plus", (), 1, 90), OptionRange("cost", "plus", (3, 4)))
    plan = plan_of(*ranges, method=method, runs=8, seed=3)
    first, again = swept(fakes, plan).points(), swept(fakes, plan).points()
    assert first == tuple(replace(b, seconds=a.seconds) for a, b in zip(first, again, strict=True))
    assert len(first) == 8 and {point.state for point in first} == {"done"}
    assert all(isinstance(a, int) and 1 <= a <= 90 and c in (3, 4) for a, c in (point.values for point in first))
    other = swept(fakes, replace(plan, seed=4)).points()
    assert [point.values for point in other] != [point.values for point in first]


def test_a_bayesian_sweep_learns() -> None:
    """After some tries it asks near the best: better on average than random draws of the same number."""
    pytest.importorskip("optuna")
    ranges = [RangeKind(OptionRange("a", "x", (), -10.0, 10.0))]

    def away(method: str) -> float:
        sampler, seen = make_sampler(method, ranges, 40, 1), list[float]()
        while batch := sampler.batch(2):
            for (x,) in batch:
                seen.append(abs(x - 3))
            for combination in batch:
                sampler.learn(combination, (abs(combination[0] - 3), 1.0))
        return sum(seen[20:]) / 20

    assert away("bayes") < 0.6 * away("random")


@given(
    st.lists(st.tuples(st.floats(-9, 9) | st.none(), st.sampled_from([0.0, 1.0, 2.5, 7.0])), max_size=12),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_the_front_is_what_no_other_point_beats(values: list[tuple[float | None, float]], higher: bool) -> None:
    """Compared with the plain definition, pair by pair."""
    points = [
        SweepPoint(n, (), "done" if q is not None else "failed", q, c if q is not None else None)
        for n, (q, c) in enumerate(values, 1)
    ]

    def beats(one: SweepPoint, other: SweepPoint) -> bool:
        assert one.quality is not None and other.quality is not None
        assert one.cost is not None and other.cost is not None
        a, b = (one.quality, other.quality) if higher else (-one.quality, -other.quality)
        return a >= b and one.cost <= other.cost and (a > b or one.cost < other.cost)

    good = [point for point in points if point.state == "done"]
    wanted = {point.number for point in good if not any(beats(other, point) for other in good)}
    assert {point.number for point in fronted(points, higher) if point.on_front} == wanted


@given(st.lists(st.integers(1, 4), max_size=2), st.integers(0, 2), st.integers(1, 60))
def test_a_grid_takes_lists_whole_and_shares_the_rest(lists: list[int], numbers: int, runs: int) -> None:
    """Every listed value with every other; number ranges have both ends and no more levels than fit."""
    ranges = [RangeKind(OptionRange("s", f"l{n}", tuple(range(size)))) for n, size in enumerate(lists)]
    ranges += [RangeKind(OptionRange("s", f"n{n}", (), 1.0, 100.0, "log")) for n in range(numbers)]
    found = grid(ranges, runs)
    assert len(found) == len(set(found)) == grid_size(ranges, runs)
    smallest = 2**numbers
    for size in lists:
        smallest *= size
    assert len(found) <= max(runs, smallest)
    for at, each in enumerate(ranges):
        seen = {combination[at] for combination in found}
        assert seen == set(each.range.values) if each.range.values else {1.0, 100.0} <= seen


def test_a_failing_combination_is_told_and_the_others_go_on(fakes: World) -> None:
    """A point whose step fails says which and why; it is on no front."""
    flow = Workflow("", (Step("f", "flaky", {"plus": 0}),))
    plan = SweepPlan((OptionRange("f", "plus", (0, 99)),), "f.out", parallel=1)
    points = swept(fakes, plan, flow=flow).points()
    assert [point.state for point in points] == ["done", "failed"]
    assert "step 'f'" in points[1].fault and "not yet" in points[1].fault
    assert points[0].on_front and not points[1].on_front


def test_a_sweep_is_paused_and_cancelled_and_tells_how_far_it_is(fakes: World) -> None:
    """After a cancel nothing more starts, the rest is skipped, and the last event says so."""
    flow = chain("slow")
    plan = SweepPlan((OptionRange("s0", "plus", tuple(range(40, 60))),), "s0.out", parallel=2)
    events: list[Any] = []
    moved = threading.Event()

    def hear(event: Any) -> None:
        events.append(event)
        if isinstance(event, SweepMoved) and event.point.state == "done":
            moved.set()

    sweep = Sweep(flow, fakes.services, plan, store=Store(), types=fakes.known(), emit=hear)
    sweep.start()
    assert moved.wait(10)
    sweep.pause()
    time.sleep(0.2)
    begun = len(fakes.types["slow"].calls)
    time.sleep(0.15)
    assert len(fakes.types["slow"].calls) == begun < 20
    sweep.cancel()
    assert sweep.wait(10) and sweep.cancelled
    states = [point.state for point in sweep.points()]
    assert "skipped" in states and set(states) <= {"done", "skipped"} and len(states) == 20
    assert isinstance(events[-1], SweepDone) and events[-1].cancelled and len(events[-1].points) == 20
    assert next(e.done for e in events if isinstance(e, SweepMoved)) == 0


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (plan_of(), "turn an option of a step into a range"),
        (plan_of(OptionRange("z", "plus", (1,))), "no step 'z'"),
        (plan_of(OptionRange("a", "pluss", (1,))), "did you mean 'plus'"),
        (plan_of(OptionRange("a", "plus", ("x",))), "whole number"),
        (plan_of(OptionRange("a", "plus")), "expected its values, or its two ends"),
        (plan_of(OptionRange("a", "plus", (), 5, 2)), "the lower one first"),
        (plan_of(OptionRange("a", "plus", (), 0.2, 0.8)), "no whole number between"),
        (plan_of(OptionRange("a", "plus", (), 0, 8, "log")), "above 0"),
        (plan_of(OptionRange("a", "tag", (), 0, 8)), "is no number"),
        (plan_of(OptionRange("a", "plus", (1,)), OptionRange("a", "plus", (2,))), "two ranges"),
        (plan_of(OptionRange("a", "plus", (1,)), quality="a.none"), "no output 'none'"),
        (plan_of(OptionRange("a", "plus", (1,)), cost="b"), "expected step.output"),
        (plan_of(OptionRange("a", "plus", (1,)), method="magic"), "no method 'magic'"),
        (plan_of(OptionRange("a", "plus", (1, 2, 3)), runs=2), "3 combinations and 2 runs"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_nothing_runs(plan: SweepPlan, said: str, fakes: World) -> None:
    """Each mistake is one sentence."""
    assert any(said in finding.text for finding in sweep_findings(FLOW, plan, fakes.known()))
    with pytest.raises(InputError, match=said):
        Sweep(FLOW, fakes.services, plan, store=Store(), types=fakes.known()).start()
    assert all(not each.calls for each in fakes.types.values())


def test_a_step_that_needs_approval_is_not_run_by_a_sweep_without_it(fakes: World) -> None:
    """Only when what is judged needs it does it matter; then nothing runs before approval."""
    plan = SweepPlan((OptionRange("a", "plus", (1,)),), "fired.out")
    with pytest.raises(InputError, match="approved"):
        Sweep(FLOW, fakes.services, plan, store=Store(), types=fakes.known()).start()
    assert fakes.calls() == fakes.calls("fire") == []
    approved = Settings(approved=frozenset({"fired"}))
    sweep = Sweep(FLOW, fakes.services, plan, store=Store(), types=fakes.known(), settings=approved)
    sweep.start()
    assert sweep.wait(20) and len(fakes.calls("fire")) == 1


def test_ranges_are_read_from_the_command_line(fakes: World) -> None:
    """Ends, a scale, listed numbers and words; anything else is told what is expected."""
    known = fakes.known()
    assert parse_range("a.plus=1:9", FLOW, known) == OptionRange("a", "plus", (), 1.0, 9.0)
    assert parse_range("a.plus=1:9:log", FLOW, known) == OptionRange("a", "plus", (), 1.0, 9.0, "log")
    assert parse_range("a.plus=1,2", FLOW, known) == OptionRange("a", "plus", (1, 2))
    assert parse_range("a.tag=1:2, x", FLOW, known) == OptionRange("a", "tag", ("1:2", "x"))
    for wrong in ("a.plus", "a=1,2", "z.plus=1,2"):
        with pytest.raises(InputError, match=r"step\.option"):
            parse_range(wrong, FLOW, known)
