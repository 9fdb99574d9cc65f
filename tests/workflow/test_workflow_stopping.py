"""Steps that are stopped: a race's losers, what a step whose time is up unfolded into, a cancelled run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_steps import Fake, World, chain, world

from solvitur.api import Link, Port, Step, StepContext, Workflow
from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.store import Store


class FirstOf(Fake):
    """Takes what is there once something above 'plus' is."""

    inputs = (Port("x", "number", many=True),)

    def enough(self, value: Any, options: Any) -> bool:
        """Compares."""
        return bool(value > options.plus)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Gives the greatest."""
        self.note(options)
        return {"out": max(inputs["x"])}


class Group(Fake):
    """Unfolds into a slow step that takes 'plus' milliseconds, and one that fails the first time."""

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Workflow:
        """Unfolds."""
        self.note(options)
        steps = (
            Step("slow", "slow", {"plus": options.plus, "tag": options.tag}),
            Step("aside", "flaky", {"plus": 99, "tag": "aside"}),
            Step("out", "flaky", {"plus": 1 if options.tag == "fails" else 0, "tag": "out"}),
        )
        return Workflow("", steps, (Link("slow", "out", "out", "x"),))


class Nest(Fake):
    """Unfolds into a group with a time limit of its own."""

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Workflow:
        """Unfolds."""
        return Workflow("", (Step("out", "group", {"plus": options.plus}, timeout_s=100.0),))


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[World]:
    """Fresh step types."""
    with world(tmp_path) as made:
        made.types["first"] = FirstOf("first")
        made.types["group"] = Group("group")
        made.types["nest"] = Nest("nest")
        yield made


def race(*steps: Step, enough: int) -> Workflow:
    """A race of steps."""
    first = Step("won", "first", {"plus": enough})
    return Workflow("", (*steps, first), tuple(Link(step.id, "out", "won", "x") for step in steps))


@pytest.mark.parametrize("kept", [True, False])
def test_the_first_that_suffices_stops_the_others(kept: bool, fakes: World) -> None:
    """Those that run are told to stop, those that wait never begin, and nothing half-done is kept."""
    steps = [Step("quick", "slow", {"plus": 150})]
    steps += [Step(f"long{n}", "slow", {"plus": 20_000 + n}) for n in range(4)]
    steps += [Step("folded", "group", {"plus": 20_000}), Step("nested", "nest", {"plus": 20_000})]
    store = Store() if kept else None
    began = time.monotonic()
    run = fakes.done(race(*steps, enough=20), store, threads=8, limits={})
    assert time.monotonic() - began < 5
    assert run.outputs("won") == {"out": 150}
    states = run.states()
    assert states["quick"] is states["won"] is State.DONE
    assert {states[step.id] for step in steps[1:]} == {State.SKIPPED}
    assert len(fakes.calls("slow")) <= 7
    if store is not None:
        assert run.outputs("long0") == {} and fakes.done(Workflow("", (steps[0],)), store).outputs("quick")
        assert fakes.calls("slow") == []


def test_without_a_sufficient_one_all_are_waited_for_and_faults_cost_only_themselves(fakes: World) -> None:
    """The best of those that came about is taken; when none did, their faults are told."""
    slow = [Step(f"s{n}", "slow", {"plus": 10 * n}) for n in (1, 4, 2)]
    bad = Step("bad", "flaky", {"plus": 9})
    run = fakes.done(race(*slow, bad, enough=1000), Store())
    assert run.outputs("won") == {"out": 40}
    assert run.states()["bad"] is State.FAILED
    run = fakes.done(race(bad, enough=0), Store())
    assert run.states()["won"] is State.FAILED and "bad: " in run.fault("won") and "not yet" in run.fault("won")


def test_a_race_that_ran_is_taken_from_the_store(fakes: World) -> None:
    """The second time the winner is known; what was stopped runs again only where it is still wanted."""
    flow = race(Step("a", "slow", {"plus": 30}), Step("b", "slow", {"plus": 600}), enough=20)
    store = Store()
    assert fakes.done(flow, store).outputs("won") == {"out": 30}
    began = time.monotonic()
    run = fakes.done(flow, store)
    assert run.outputs("won") == {"out": 30} and time.monotonic() - began < 0.5


def test_the_limit_of_a_step_counts_for_what_it_unfolds_into(fakes: World) -> None:
    """Its parts are stopped when its time is up; the fault is the limit, and others go on."""
    group = Step("g", "group", {"plus": 20_000}, timeout_s=0.3)
    began = time.monotonic()
    run = fakes.done(Workflow("", (group, Step("other", "slow", {"plus": 400}))), Store())
    assert time.monotonic() - began < 5
    assert "longer than its limit of 0.3 s" in run.fault("g")
    assert run.states()["g/slow"] is State.SKIPPED and run.states()["other"] is State.DONE
    within = Step("g", "group", {"plus": 20}, timeout_s=20.0)
    assert fakes.done(Workflow("", (within,)), Store()).states()["g"] is State.DONE


@pytest.mark.parametrize("kept", [True, False])
def test_retries_of_a_step_count_for_what_it_unfolds_into(kept: bool, fakes: World) -> None:
    """It unfolds again after a failure inside; a part whose outcome is not asked for may fail."""
    group = Step("g", "group", {"plus": 5, "tag": "fails"}, retries=1)
    store = Store() if kept else None
    run = fakes.done(Workflow("", (group,)), store)
    assert run.states()["g"] is State.DONE and run.outputs("g") == {"out": 1}
    assert run.states()["g/aside"] is State.FAILED
    assert len(fakes.calls("group")) == 2
    assert len(fakes.calls("slow")) == (1 if kept else 2)
    fakes.types["flaky"].calls = []
    once = Step("g", "group", {"plus": 5, "tag": "fails"})
    assert "not yet" in fakes.done(Workflow("", (once,)), Store()).fault("g")


def test_what_a_cancelled_step_returns_is_not_kept(fakes: World) -> None:
    """A step that returns early because it was told to stop does not count as done, in this run or the next."""
    store = Store()
    flow = chain("slow", plus=500)
    run = fakes.run(flow, store)
    run.start()
    time.sleep(0.1)
    run.cancel()
    assert run.wait(5) and run.states() == {"s0": State.SKIPPED}
    began = time.monotonic()
    assert fakes.done(flow, store).states() == {"s0": State.DONE}
    assert time.monotonic() - began >= 0.5


def test_measured_times_decide_what_begins_first(fakes: World) -> None:
    """With one thread the chain that took longest last time begins first; without times, the one with more steps."""
    steps = [
        Step(f"{chain}{n}", "slow", {"plus": ms, "tag": chain}) for chain, ms in (("a", 1), ("b", 60)) for n in (0, 1)
    ]
    steps.insert(2, Step("a2", "slow", {"plus": 2, "tag": "a"}))
    links = (Link("a0", "out", "a1", "x"), Link("a1", "out", "a2", "x"), Link("b0", "out", "b1", "x"))
    flow, store = Workflow("", tuple(steps), links), Store()
    fakes.done(flow, store, threads=1, limits={})
    assert fakes.calls("slow")[0] == "a"
    again = Workflow(
        "", tuple(Step(s.id, s.type, {**s.options, "plus": s.options["plus"] + 1}) for s in steps), links
    )
    fakes.done(again, store, threads=1, limits={})
    assert fakes.calls("slow")[:2] == ["b", "b"]
