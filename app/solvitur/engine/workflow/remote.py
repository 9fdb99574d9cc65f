"""The far end of an executor: runs one step that came as bytes, with the plugins that are installed there."""

from __future__ import annotations

import atexit
import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from solvitur import __version__
from solvitur.engine.folders import Folders
from solvitur.engine.installed import load_plugins
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import RunningStep, Services
from solvitur.engine.workflow.types import KnownType, known_types
from solvitur.hooks.faults import sentence_of
from solvitur.problem.errors import InputError, SolverFailed, SolviturError
from solvitur.problem.records import from_bytes, to_bytes
from solvitur.workflow.checking import options_of
from solvitur.workflow.model import Step, Workflow

ENTRY = f"{__name__}:perform"
"""What an executor calls at the far end."""
_POLL_S = 0.1


class FarEnd:
    """The plugins and worker processes of one process at the far end; they stay from task to task."""

    def __init__(self) -> None:
        plugins = load_plugins(Folders.of_user())
        self.types = known_types(plugins)
        self.services = Services(plugins, Workers(spare=False), Path())
        atexit.register(self.services.workers.shutdown)

    def known(self, task: dict[str, Any]) -> KnownType:
        """Returns the step type that a task asks for.

        Raises
        ------
        SolverFailed
            If it is not installed here, or in another version, whose results might differ.
        """
        known = self.types.get(task["step"].type)
        if known is None or known.plugin != task["plugin"]:
            raise SolverFailed(f"the cluster lacks the plugin '{task['plugin']}', which offers this step")
        for what, here, wanted in (
            ("Solvitur", __version__, task["solvitur"]),
            (f"the plugin '{known.plugin}'", known.version, task["version"]),
        ):
            if here != wanted:
                raise SolverFailed(f"the cluster has version {here or '?'} of {what}, expected {wanted or '?'}")
        return known


@functools.cache
def _far_end() -> FarEnd:
    return FarEnd()


def packed_task(step: Step, known: KnownType, inputs: dict[str, Any], seed: int) -> bytes:
    """Packs all that a step needs at the far end.

    Raises
    ------
    TypeError
        If an input or option cannot be packed: the step can only run here.
    """
    bare = Step(step.id, step.type, step.options)
    task = {"solvitur": __version__, "plugin": known.plugin, "version": known.version, "seed": seed}
    return to_bytes({**task, "step": bare, "inputs": inputs})


def perform(task: bytes, tell: Callable[[bytes], None], cancelled: Callable[[], bool]) -> bytes:
    """Runs a step and packs what it made, or how it failed; called at the far end.

    Parameters
    ----------
    task : what `packed_task` made.
    tell : takes what the step reports, packed.
    cancelled : whether nobody waits for the outcome any more.
    """
    stop, ended = threading.Event(), threading.Event()

    def watch() -> None:
        while not ended.wait(_POLL_S):
            if cancelled():
                stop.set()
                return

    threading.Thread(target=watch, name="watches for a stop", daemon=True).start()
    try:
        return to_bytes(_performed(from_bytes(task), _TellingEars(tell), stop))
    except InputError as error:
        return to_bytes({"is": "refused", "findings": error.findings})
    except Exception as error:  # noqa: BLE001 - a plugin is called; whatever it was is told at the near end
        text = str(error) if isinstance(error, SolviturError) else sentence_of(error)
        return to_bytes({"is": "failed", "cause": text, "ours": isinstance(error, SolverFailed)})
    finally:
        ended.set()


def _performed(task: dict[str, Any], ears: _TellingEars, stop: threading.Event) -> dict[str, Any]:
    far_end = _far_end()
    known = far_end.known(task)
    context = RunningStep(far_end.services, ears, task["seed"], stop)
    made = known.shape.run(task["inputs"], options_of(task["step"], known.shape), context)
    if isinstance(made, Workflow):
        return {"is": "workflow", "workflow": made}
    return {"is": "made", "made": made}


class _TellingEars:
    """Sends what a step reports to the near end."""

    def __init__(self, tell: Callable[[bytes], None]) -> None:
        self._tell = tell

    def progress(self, fraction: float | None, text: str) -> None:
        self._tell(to_bytes({"fraction": fraction, "text": text}))

    def log(self, text: str) -> None:
        self._tell(to_bytes({"log": text}))

    def ask(self, question: str, shown: Any) -> str:
        raise InputError.at("a step that asks a person has to have the resource 'person'")
