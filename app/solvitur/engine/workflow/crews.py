"""The near end of an executor: which steps go elsewhere, and how what they made comes back."""

from __future__ import annotations

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
