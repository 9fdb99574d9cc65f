"""Small step types, and runs of workflows of them, for tests of the engine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solvitur.api import Link, Port, Step, StepContext, Workflow, option
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.events import WorkflowEvent
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.types import KnownType
from solvitur.hooks.loading import Plugins

NUMBER = (Port("out", "number"),)


@dataclass(frozen=True)
class AddOptions:
    """What is added, and how often the step fails before it does not."""

    plus: int = option(1, "Plus")
    tag: str = option("", "Tag")


class Fake:
    """A step type that counts its calls."""

    category = "test"
    options: Any = AddOptions
    inputs: tuple[Port, ...] = (Port("x", "number", many=True, optional=True),)
    outputs: tuple[Port, ...] = NUMBER

    def __init__(self, name: str = "add") -> None:
        self.name = self.title = name
        self.calls: list[str] = []
        self.log_lock = threading.Lock()

    def note(self, options: Any) -> None:
        """Notes one call."""
        with self.log_lock:
            self.calls.append(getattr(options, "tag", ""))

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any] | Workflow:
        """Adds up, in an order-sensitive way."""
        self.note(options)
        return {"out": (sum((at + 1) * v for at, v in enumerate(inputs["x"])) * 31 + options.plus) % 1_000_003}


class Slow(Fake):
    """Sleeps for as many milliseconds as ``plus`` says, unless it is stopped."""

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Sleeps."""
        self.note(options)
        until = time.monotonic() + options.plus / 1000
        while time.monotonic() < until and not context.cancelled:
            time.sleep(0.002)
        return {"out": options.plus}


class Flaky(Fake):
    """Fails ``plus`` times, then works."""

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Fails or works."""
        self.note(options)
        if self.calls.count(options.tag) <= options.plus:
            raise ValueError("not yet")
        return {"out": 1}


class Halve(Fake):
    """Counts the ones of a number of units by halving it until it is small: each half is such a step again."""

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any] | Workflow:
        """Gives the number, or unfolds into two halves and their sum."""
        self.note(options)
        if options.plus <= 2:
            return {"out": options.plus}
        half = options.plus // 2
        steps = (
            Step("left", "halve", {"plus": half}),
            Step("right", "halve", {"plus": options.plus - half}),
            Step("out", "total"),
        )
        return Workflow("", steps, (Link("left", "out", "out", "x"), Link("right", "out", "out", "x")))


class Total(Fake):
    """Adds up."""

    options = None

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Adds up."""
        return {"out": sum(inputs["x"])}


class Ask(Fake):
    """Asks a person."""

    outputs = (Port("out", "text"),)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Asks."""
        self.note(options)
        return {"out": context.ask("well?") or "nobody"}


class Fire(Fake):
    """Changes the world."""

    irreversible = True


class Big(Fake):
    """Makes a large value."""

    outputs = (Port("out", "text"),)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Makes it."""
        self.note(options)
        return {"out": str(options.plus) * 100_000}


class Length(Fake):
    """Measures a text."""

    inputs = (Port("x", "text"),)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Measures."""
        self.note(options)
        return {"out": len(inputs["x"])}


class World:
    """The step types, with their calls, and the runs of one test."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        made = [Fake("add"), Slow("slow"), Flaky("flaky"), Halve("halve"), Total("total"), Ask("ask"), Fire("fire")]
        self.types = {each.name: each for each in (*made, Big("big"), Length("length"))}
        self.services = Services(Plugins(), workers, folder)

    def known(self, version: str = "1") -> dict[str, KnownType]:
        """The types as the engine knows them."""
        return {name: KnownType(each, "fakes", version) for name, each in self.types.items()}

    def run(
        self, workflow: Workflow, store: Store | None, *, version: str = "1", events: Any = None, **more: Any
    ) -> WorkflowRun:
        """Makes a run that is not started."""
        return WorkflowRun(
            workflow,
            self.services,
            store=store,
            settings=Settings(**more),
            emit=None if events is None else events.append,
            types=self.known(version),
        )

    def done(self, workflow: Workflow, store: Store | None = None, **more: Any) -> WorkflowRun:
        """Runs a workflow to its end."""
        run = self.run(workflow, store, **more)
        run.start()
        assert run.wait(30)
        return run

    def calls(self, name: str = "add") -> list[str]:
        """The tags of the steps of a type that really ran, since it was asked last."""
        calls, self.types[name].calls = self.types[name].calls, []
        return calls


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A world whose workers end with it."""
    workers = Workers(spare=False)
    try:
        yield World(folder, workers)
    finally:
        workers.shutdown()


def chain(*types: str, **options: Any) -> Workflow:
    """A workflow in which each step needs the one before."""
    steps = tuple(Step(f"s{at}", kind, dict(options)) for at, kind in enumerate(types))
    links = tuple(Link(f"s{at}", "out", f"s{at + 1}", "x") for at in range(len(types) - 1))
    return Workflow("", steps, links)


def every_output(run: WorkflowRun) -> dict[str, Any]:
    """All that a run made."""
    return {step.id: run.outputs(step.id) for step in run.workflow.steps}


Events = list[WorkflowEvent]
