"""Performing of one step: attempts with a time limit each, tried again where the step says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from solvitur.engine.workflow.context import Ears, RunningStep, Services
from solvitur.engine.workflow.crews import run_elsewhere
from solvitur.engine.workflow.nodes import StepNode, late
from solvitur.hooks.faults import sentence_of
from solvitur.problem.errors import InputError, PluginError, SolverFailed, SolviturError
from solvitur.workflow.model import Workflow

_GRACE_S = 1.0
"""A step whose time is up is told so, and may take this long to return by itself."""
_LONGEST_PAUSE_S = 10.0
_POLL_S = 0.02


class Stopped(Exception):
    """The run was stopped while a step waited or ran."""


def perform_step(
    node: StepNode, inputs: dict[str, Any], seed: int, services: Services, ears: Ears, stop: threading.Event
) -> dict[str, Any] | Workflow:
    """Runs a step, again with longer and longer pauses as often as its ``retries`` say.

    Raises
    ------
    SolviturError
        If the last attempt failed too.
    Stopped
        If the run was stopped meanwhile.
    """
    attempt = 0
    while True:
        try:
            return _attempt(node, inputs, seed, services, ears, stop)
        except SolviturError as error:
            if stop.is_set():
                raise Stopped from None
            attempt += 1
            if attempt > node.step.retries:
                raise
            ears.log(f"attempt {attempt} failed: {error}\n")
            wait_between(attempt, stop)


def wait_between(attempt: int, stop: threading.Event) -> None:
    """Waits before the next attempt, longer each time.

    Raises
    ------
    Stopped
        If the run was stopped meanwhile.
    """
    if stop.wait(min(_LONGEST_PAUSE_S, 0.1 * 2 ** (attempt - 1))):
        raise Stopped


def _attempt(
    node: StepNode, inputs: dict[str, Any], seed: int, services: Services, ears: Ears, stop: threading.Event
) -> dict[str, Any] | Workflow:
    began = time.perf_counter()
    try:
        if node.step.timeout_s is None:
            made = _call(node, inputs, (services, ears, seed), stop)
        else:
            made = _within(node, inputs, (services, ears, seed, stop), node.step.timeout_s)
    finally:
        node.seconds += time.perf_counter() - began
    if stop.is_set() and not node.known.irreversible:
        raise Stopped  # what it made may be cut short, and must not be taken for the whole later
    return made


def _call(
    node: StepNode, inputs: dict[str, Any], given: tuple[Services, Ears, int], stop: threading.Event
) -> dict[str, Any] | Workflow:
    services, ears, seed = given
    made: Any = None
    try:
        if services.crew is not None and node.known.travels:
            made = run_elsewhere(services.crew, node, inputs, seed, ears, stop.is_set)
        if made is None:
            made = node.known.shape.run(inputs, node.options, RunningStep(services, ears, seed, stop))
    except (SolviturError, Stopped):
        raise
    except Exception as error:
        raise PluginError(f"step type '{node.step.type}' failed: {sentence_of(error)}") from error
    if isinstance(made, Workflow):
        return made
    if not isinstance(made, Mapping):
        raise PluginError(f"step type '{node.step.type}' gave a {type(made).__name__}, expected its outputs by name")
    missing = [name for name in node.output_names if name not in made]
    if missing:
        raise PluginError(f"step type '{node.step.type}' did not make its output '{missing[0]}'")
    return {name: made[name] for name in node.output_names}


def _within(
    node: StepNode, inputs: dict[str, Any], given: tuple[Services, Ears, int, threading.Event], limit_s: float
) -> dict[str, Any] | Workflow:
    """Runs an attempt beside, so that it can be left alone when it does not return in time."""
    services, ears, seed, stop = given
    own_stop, ended = threading.Event(), threading.Event()
    outcome: list[Any] = []

    def work() -> None:
        try:
            outcome.append(_call(node, inputs, (services, ears, seed), own_stop))
        except (SolviturError, Stopped) as error:
            outcome.append(error)
        finally:
            ended.set()

    threading.Thread(target=work, name=f"step {node.path}", daemon=True).start()
    until = time.monotonic() + limit_s
    while not ended.wait(min(_POLL_S, max(0.0, until - time.monotonic()))):
        if stop.is_set() or time.monotonic() >= until:
            own_stop.set()
            ended.wait(_GRACE_S)
            if stop.is_set():
                raise Stopped
            raise SolverFailed(late(limit_s))
    made = outcome[0] if outcome else SolverFailed("it ended without a result")
    if isinstance(made, InputError | SolviturError | Stopped):
        raise made
    return made  # type: ignore[no-any-return]
