"""The near end of an executor: which steps go elsewhere, and how what they made comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from solvitur.engine.workflow.context import Ears
from solvitur.engine.workflow.nodes import StepNode
from solvitur.engine.workflow.remote import ENTRY, packed_task
from solvitur.hooks.executors import Crew
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.errors import InputError, PluginError, SolverFailed, SolviturError
from solvitur.problem.records import from_bytes
from solvitur.workflow.model import Workflow

LOCAL = "local"
"""The name of the executor that is always there: threads and worker processes of this machine."""
_MANY = 16


def executor_names(plugins: Plugins) -> tuple[str, ...]:
    """Lists the executors, the local one first."""
    return (LOCAL, *(part.name for part in plugins.parts("executors")))


def open_crew(plugins: Plugins, name: str, address: str = "") -> Crew | None:
    """Connects to an executor; None for the local one.

    Raises
    ------
    InputError
        If there is no such executor, it cannot be used here, or nothing answers at the address.
    PluginError
        If its plugin failed.
    """
    if name == LOCAL:
        if address:
            raise InputError.at(f"an address was given, but the executor '{LOCAL}' has none", element=address)
        return None
    part = plugins.find("executors", name)
    try:
        available = getattr(part.part, "available", None)
        why_not = str(available()) if available is not None else ""
        if why_not:
            raise InputError.at(f"the executor '{name}' cannot be used here: {why_not}", element=name)
        crew: Crew = part.part.open(address, ENTRY)
        return crew
    except SolviturError:
        raise
    except Exception as error:
        raise PluginError(f"plugin '{part.plugin}' failed: {sentence_of(error)}") from error


class LateCrew:
    """A crew that connects when its first task comes, so that nobody waits for it before."""

    def __init__(self, open_now: Callable[[], Crew | None]) -> None:
        self._open_now = open_now
        self._lock = threading.Lock()
        self._crew: Crew | None = None

    @property
    def slots(self) -> int:
        """How many tasks at once, once it is known; many, until then."""
        return _MANY if self._crew is None else self._crew.slots

    def run(self, task: bytes, hear: Callable[[bytes], None], cancelled: Callable[[], bool]) -> bytes:
        """Connects where that is still to do, and runs the task; see `open_crew` for the errors."""
        with self._lock:
            if self._crew is None:
                self._crew = self._open_now()
            crew = self._crew
        if crew is None:
            raise SolverFailed("there is nothing to connect to")
        return crew.run(task, hear, cancelled)

    def close(self) -> None:
        """Leaves the processes to others."""
        with self._lock:
            crew, self._crew = self._crew, None
        if crew is not None:
            crew.close()


class Crews:
    """The crew of a window: the same one as long as the settings are the same."""

    def __init__(self) -> None:
        self._wanted: tuple[Plugins, str, str] | None = None
        self._crew: LateCrew | None = None

    def of(self, plugins: Plugins, name: str, address: str) -> Crew | None:
        """Returns the crew that the settings ask for, not connected yet; None for the local executor."""
        wanted = (plugins, name, address)
        if wanted != self._wanted:
            self.close()
            self._wanted = wanted
            if name != LOCAL:
                self._crew = LateCrew(lambda: open_crew(plugins, name, address))
        return self._crew

    def close(self) -> None:
        """Leaves the cluster, aside: that may take a while."""
        crew, self._crew, self._wanted = self._crew, None, None
        if crew is not None:
            threading.Thread(target=crew.close, name="leaves the cluster", daemon=True).start()


def run_elsewhere(
    crew: Crew, node: StepNode, inputs: dict[str, Any], seed: int, ears: Ears, cancelled: Callable[[], bool]
) -> Any:
    """Runs a step with a crew: returns its outputs or workflow, or None when it can only run here.

    Raises
    ------
    SolviturError
        If the step failed, or the crew could not run it.
    """
    try:
        task = packed_task(node.step, node.known, inputs, seed)
    except TypeError:  # something of a plugin that no other process could read
        return None

    def hear(said: bytes) -> None:
        message = from_bytes(said)
        if "log" in message:
            ears.log(str(message["log"]))
        else:
            ears.progress(message["fraction"], str(message["text"]))

    try:
        data = crew.run(task, hear, cancelled)
    except SolviturError:
        raise
    except Exception as error:
        raise SolverFailed(f"the executor failed: {sentence_of(error)}") from error
    if cancelled():
        raise SolverFailed("it was stopped")
    return _unpacked(from_bytes(data), node)


def _unpacked(reply: dict[str, Any], node: StepNode) -> dict[str, Any] | Workflow:
    if reply["is"] == "refused":
        raise InputError(reply["findings"])
    if reply["is"] == "failed":
        if reply["ours"]:
            raise SolverFailed(str(reply["cause"]))
        raise PluginError(f"step type '{node.step.type}' failed: {reply['cause']}")
    if reply["is"] == "workflow":
        workflow: Workflow = reply["workflow"]
        return workflow
    made: dict[str, Any] = reply["made"]
    return made
