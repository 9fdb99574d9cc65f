"""Executors: what goes elsewhere as bytes and what stays, and how faults come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_steps import Fake, World, every_output, world

from solvitur.api import Crew, Executor, InputError, Link, Port, SolverFailed, Step, StepContext, Workflow
from solvitur.engine.workflow import remote
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.crews import LOCAL, Crews, executor_names, open_crew
from solvitur.engine.workflow.events import State, StepLog, StepState
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part, fault_of
from solvitur.problem.errors import PluginError
from solvitur.problem.records import from_bytes, to_bytes


class Here:
    """A crew that runs the real far end in this process, after a journey as bytes."""

    slots = 2

    def __init__(self) -> None:
        self.tasks: list[str] = []
        self.most = self.now = 0
        self.lock = threading.Lock()

    def run(self, task: bytes, hear: Callable[[bytes], None], cancelled: Callable[[], bool]) -> bytes:
        """Performs."""
        with self.lock:
            self.tasks.append(from_bytes(task)["step"].id)
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            return remote.perform(task, hear, cancelled)
        finally:
            with self.lock:
                self.now -= 1

    def close(self) -> None:
        """Nothing."""


class Heavy(Fake):
    """Adds up, telling how far it is."""

    resource = "worker"

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any] | Workflow:
        """Adds up; minus one is refused, minus two fails, minus three asks, minus four waits, above 99 unfolds."""
        context.progress(0.5, "half")
        context.log(f"{options.tag} ran\n")
        if options.plus == -1:
            raise InputError.at("it is too small", element="x")
        if options.plus == -2:
            raise ZeroDivisionError("nothing there")
        if options.plus == -3:
            context.ask("Really?")
        while options.plus == -4 and not context.cancelled:
            time.sleep(0.01)
        if options.plus > 99:
            return Workflow("", (Step("out", "heavy", {"plus": options.plus - 99}),))
        time.sleep(0.02)
        return {"out": sum(inputs["x"]) + options.plus + context.seed % 7}


class Opaque(Fake):
    """Makes what no other process could read."""

    outputs = (Port("out", "any"),)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Makes a lock."""
        return {"out": threading.Lock()}


class Sees(Heavy):
    """Takes anything."""

    inputs = (Port("x", "any"),)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Names the type."""
        self.note(options)
        return {"out": 1}


class Reading(Heavy):
    """Reads files, which are here."""

    def reads(self, options: Any) -> tuple[str, ...]:
        """None."""
        return ()


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Step types that the far end knows too."""
    with world(tmp_path) as made:
        for each in (Heavy("heavy"), Opaque("opaque"), Sees("sees"), Reading("reading")):
            made.types[each.name] = each
        far = object.__new__(remote.FarEnd)
        far.types, far.services = made.known(), made.services
        monkeypatch.setattr(remote, "_far_end", lambda: far)
        yield made


def run_with(fakes: World, flow: Workflow, crew: Crew | None, **more: Any) -> tuple[WorkflowRun, list[Any]]:
    """Runs a workflow with a crew to its end."""
    events: list[Any] = []
    services = Services(Plugins(), fakes.services.workers, fakes.services.folder, crew)
    run = WorkflowRun(
        flow, services, store=Store(), settings=Settings(**more), types=fakes.known(), emit=events.append
    )
    run.start()
    assert run.wait(30)
    return run, events


FLOW = Workflow(
    "",
    (
        *(Step(f"h{n}", "heavy", {"plus": n, "tag": f"h{n}"}) for n in range(6)),
        Step("sum", "add"),
        Step("grown", "heavy", {"plus": 120}),
        Step("file", "reading", {"plus": 3}),
    ),
    tuple(Link(f"h{n}", "out", "sum", "x") for n in range(6)),
)


def test_the_results_are_those_of_a_local_run(fakes: World) -> None:
    """Heavy steps travel, those that unfold too; light ones and those that read files stay here."""
    crew = Here()
    run, events = run_with(fakes, FLOW, crew)
    local, _ = run_with(fakes, FLOW, None)
    assert every_output(run) == every_output(local)
    assert {p: v.digest for p, v in run.kept("sum").items()} == {p: v.digest for p, v in local.kept("sum").items()}
    assert sorted(crew.tasks) == ["grown", *(f"h{n}" for n in range(6)), "out"]
    assert 1 <= crew.most <= crew.slots
    assert "h3 ran\n" in [event.text for event in events if isinstance(event, StepLog)]
    assert any(e.text == "half" and e.fraction == 0.5 for e in events if isinstance(e, StepState))


@pytest.mark.parametrize(
    ("plus", "said"), [(-1, "it is too small"), (-2, "nothing there"), (-3, "the resource 'person'")]
)
def test_faults_come_back_in_words(plus: int, said: str, fakes: World) -> None:
    """A refusal, a failure of a plugin, and a question that nobody can answer there; retries count as ever."""
    crew = Here()
    run, _ = run_with(fakes, Workflow("", (Step("a", "heavy", {"plus": plus}, retries=1),)), crew)
    assert said in run.fault("a") and crew.tasks == ["a", "a"]


def test_a_stop_and_a_time_limit_reach_the_far_end(fakes: World) -> None:
    """The step there sees that it is to stop, and the run goes on at once."""
    step = Step("a", "heavy", {"plus": -4}, timeout_s=0.2)
    began = time.monotonic()
    run, _ = run_with(fakes, Workflow("", (step,)), Here())
    assert "longer than its limit" in run.fault("a") and time.monotonic() - began < 5


def test_what_cannot_be_packed_stays_here(fakes: World) -> None:
    """A step with such an input runs on this machine."""
    crew = Here()
    flow = Workflow("", (Step("o", "opaque"), Step("s", "sees")), (Link("o", "out", "s", "x"),))
    run, _ = run_with(fakes, flow, crew)
    assert run.states() == {"o": State.DONE, "s": State.DONE}
    assert crew.tasks == [] and len(fakes.calls("sees")) == 1


def test_another_version_at_the_far_end_is_refused(fakes: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of another version might differ, so that they are not taken; nor is a plugin that is not there."""
    step = Step("a", "heavy", {"plus": 1})
    for known, said in (
        (fakes.known("2"), "version 2 of the plugin 'fakes', expected 1"),
        ({}, "lacks the plugin 'fakes'"),
    ):
        remote._far_end().types = known
        run, _ = run_with(fakes, Workflow("", (step,)), Here())
        assert said in run.fault("a")


def test_a_crew_that_fails_costs_the_step_a_sentence(fakes: World) -> None:
    """What an executor raises, foreign or ours, is told."""

    class Broken(Here):
        def run(self, task: bytes, hear: Callable[[bytes], None], cancelled: Callable[[], bool]) -> bytes:
            raise RuntimeError("the cable is out")

    class Lost(Here):
        def run(self, task: bytes, hear: Callable[[bytes], None], cancelled: Callable[[], bool]) -> bytes:
            raise SolverFailed("all are lost")

    for crew, said in ((Broken(), "the executor failed: "), (Lost(), "all are lost")):
        run, _ = run_with(fakes, Workflow("", (Step("a", "heavy"),)), crew)
        assert said in run.fault("a")


class Place:
    """An executor."""

    name, title = "place", "Place"

    def __init__(self, why_not: str = "") -> None:
        self.why_not = why_not

    def available(self) -> str:
        """Why not."""
        return self.why_not

    def open(self, address: str, entry: str) -> Crew:
        """Opens, unless the address is bad."""
        assert entry == remote.ENTRY
        if address == "bad":
            raise ValueError("no such place")
        return Here()


def test_executors_are_found_by_name_and_their_faults_told() -> None:
    """The local one is always there and needs no crew; others are asked whether they can be used."""
    assert isinstance(Place(), Executor) and fault_of("executors", Place()) == ""
    assert "lacks 'open'" in fault_of("executors", type("P", (), {"name": "p", "title": "P"})())
    plugins = Plugins((), {"executors": (Part("ours", Place()),)})
    assert executor_names(plugins) == (LOCAL, "place")
    assert open_crew(plugins, LOCAL) is None
    assert isinstance(open_crew(plugins, "place", "x"), Here)
    with pytest.raises(InputError, match="did you mean 'place'"):
        open_crew(plugins, "palce")
    with pytest.raises(InputError, match="has none"):
        open_crew(plugins, LOCAL, "tcp://x:1")
    with pytest.raises(PluginError, match="'ours' failed"):
        open_crew(plugins, "place", "bad")
    with pytest.raises(InputError, match="is absent"):
        open_crew(Plugins((), {"executors": (Part("ours", Place("it is absent")),)}), "place", "x")


def test_a_window_connects_only_when_a_heavy_step_comes(fakes: World) -> None:
    """Nobody waits for a cluster before; what cannot be reached fails the step in words."""
    opened: list[str] = []

    class Counted(Place):
        def open(self, address: str, entry: str) -> Crew:
            opened.append(address)
            return super().open(address, entry)

    plugins = Plugins((), {"executors": (Part("ours", Counted()),)})
    crews = Crews()
    assert crews.of(plugins, LOCAL, "") is None
    crew = crews.of(plugins, "place", "x")
    assert crew is crews.of(plugins, "place", "x") and opened == []
    run_with(fakes, Workflow("", (Step("a", "add"),)), crew)
    assert opened == []
    run, _ = run_with(fakes, FLOW, crew)
    assert set(run.states().values()) == {State.DONE} and opened == ["x"] and crew is not None and crew.slots == 2
    other = crews.of(plugins, "place", "bad")
    assert other is not crew
    run, _ = run_with(fakes, Workflow("", (Step("a", "heavy"),)), other)
    assert "'ours' failed" in run.fault("a")
    crews.close()


def test_dask_is_offered_and_its_far_end_knows_our_steps() -> None:
    """The plugin is loaded without the extra; the far end finds the same types in the same versions."""
    plugins = Plugins.load()
    assert "dask" in executor_names(plugins)
    task = remote.packed_task(Step("a", "python", {"code": "def step(value):\n    return value + 1\n"}),
                              remote.known_types(plugins)["python"], {"value": 41}, 1)  # fmt: skip
    far = remote.FarEnd()
    assert far.known(from_bytes(task)).plugin == "steps"
    assert to_bytes(from_bytes(task)) == task
    far.services.workers.shutdown()
