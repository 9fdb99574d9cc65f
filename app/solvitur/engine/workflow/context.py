"""What a running step is given: the engine's services, and the ways to report."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from solvitur.engine.aside import Aside
from solvitur.engine.chats import Chats
from solvitur.engine.content import read_content
from solvitur.engine.drawing import draw
from solvitur.engine.events import Event, Log, Progress
from solvitur.engine.exporting import export
from solvitur.engine.importing import open_file, with_wanted_files
from solvitur.engine.project.files import is_project
from solvitur.engine.solving import Task, bind, run_problem
from solvitur.engine.workers import GONE, Workers
from solvitur.engine.workflow.dividing import AUTO, refine, reunite, split
from solvitur.hooks.contracts import Imported, Solved
from solvitur.hooks.executors import Crew
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, PluginError, SolverFailed, SolviturError
from solvitur.problem.pictures import Picture
from solvitur.problem.usage import Usage
from solvitur.problem.verification import Verification

_POLL_S = 0.05


@dataclass(frozen=True)
class Services:
    """What steps may use: the plugins, the worker processes, and the folder that file names are relative to."""

    plugins: Plugins
    workers: Workers
    folder: Path = Path()
    crew: Crew | None = None
    """Where the steps that need a worker run instead of here."""
    problem: Problem | None = None
    """The problem that is open, as it is now; what a step reads that asks for it."""
    problems: Mapping[Path, Problem] = field(default_factory=dict)
    """Problems that stand for files, by absolute path: what is open may have edits that its file has not."""

    chats: Chats | None = None
    """The language model that the user turned on, with its budget; None where steps may not ask one."""

    def open_problem(self, path: Path) -> Problem | None:
        """Returns the open problem that is to be read in place of a file; None where the file itself is."""
        if not self.problems:
            return None
        return self.problems.get(path) or self.problems.get(path.absolute())


class Ears(Protocol):
    """Whom a running step's context tells."""

    def progress(self, fraction: float | None, text: str) -> None: ...
    def log(self, text: str) -> None: ...
    def ask(self, question: str, shown: Any) -> str: ...


class RunningStep:
    """The context of one attempt at one step; see `hooks.contracts.StepContext`."""

    __slots__ = ("_ears", "_seed", "_services", "_stop")

    def __init__(self, services: Services, ears: Ears, seed: int, stop: threading.Event) -> None:
        self._services = services
        self._ears = ears
        self._stop = stop
        self._seed = seed

    @property
    def seed(self) -> int:
        """A seed of this step's own."""
        return self._seed

    @property
    def folder(self) -> Path:
        """Where file names are relative to."""
        return self._services.folder

    @property
    def cancelled(self) -> bool:
        """Whether to return soon."""
        return self._stop.is_set()

    def progress(self, fraction: float | None, text: str = "") -> None:
        """Reports how far the step is."""
        self._ears.progress(fraction, text)

    def log(self, text: str) -> None:
        """Adds lines to the step's log."""
        self._ears.log(text)

    def read(self, path: Path) -> Imported:
        """Reads a file; a problem comes with its data files read. What is open is taken as it is now."""
        plugins = self._services.plugins
        if path == self.folder:
            if self._services.problem is None:
                raise InputError.at("no problem is open here; name a file")
            return Imported(with_wanted_files(plugins, self._services.problem))
        if (opened := self._services.open_problem(path)) is not None:
            return Imported(with_wanted_files(plugins, opened))
        if is_project(path):
            return Imported(read_content(path).problem)
        imported = open_file(plugins, path)
        if imported.problem is None:
            return imported
        return Imported(with_wanted_files(plugins, imported.problem), imported.tables, imported.findings)

    def bind(self, problem: Problem) -> Any:
        """Binds a problem to its data."""
        return bind(self._services.plugins, problem)

    def solve(self, problem: Problem, instance: Any = None) -> Solved:
        """Solves and verifies a problem."""
        task = Task(problem, instance, draw=False, emit=self._hear, cancel=self._stop)
        finished = run_problem(self._services.plugins, self._services.workers, task)
        if finished.solved is None:
            raise SolverFailed(finished.run.reason or "nothing was solved")
        return finished.solved

    def verify(self, solved: Solved) -> Verification:
        """Checks an answer."""
        if solved.result.answer is None:
            raise InputError.at("there is no answer to check")
        return Aside(self._services.plugins, None).verify(solved.problem, solved.instance, solved.result)

    def values(self, solved: Solved) -> Mapping[str, Any]:
        """Reads an answer as names and values."""
        if solved.result.answer is None:
            return {}
        part = self._services.plugins.find("kinds", solved.problem.formulation.kind)
        try:
            return dict(part.part.values(solved.instance, solved.result.answer))
        except Exception as error:  # a plugin is called
            raise PluginError(f"plugin '{part.plugin}' failed: {sentence_of(error)}") from error

    def split(self, instance: Any, by: str = AUTO) -> tuple[str, Sequence[Any], Any]:
        """Splits an instance with a decomposer."""
        return split(self._services.plugins, instance, by)

    def reunite(self, by: str, inverse: Any, answers: Sequence[Any]) -> Any:
        """Puts answers of parts together."""
        return reunite(self._services.plugins, by, inverse, answers)

    def refine(self, by: str, instance: Any, inverse: Any, answers: Sequence[Any]) -> tuple[Sequence[Any], Any]:
        """Moves the cuts."""
        return refine(self._services.plugins, by, instance, inverse, answers)

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws an answer, best picture first."""
        pictures, problems = draw(self._services.plugins, solved)
        for problem in problems:
            self.log(f"{problem.text}\n")
        return pictures

    def export(self, thing: Any, path: Path) -> None:
        """Writes a thing to a file."""
        export(self._services.plugins, thing, path)

    def call(self, code: str, function: str, arguments: Mapping[str, Any]) -> Any:
        """Runs a function of some Python code in a worker process; it is ended when the step is to stop.

        Raises
        ------
        SolverFailed
            If the code failed, or its process died; the text is the cause.
        """
        workers = self._services.workers
        try:
            worker = workers.borrow(())
        except OSError as error:
            raise SolverFailed(f"no worker process could be started: {error}") from None
        peak_bytes: int | None = None
        try:
            worker.begin({"do": "call", "code": code, "function": function, "arguments": dict(arguments)})
            while True:
                try:
                    reply = worker.messages.get(timeout=_POLL_S)
                    break
                except queue.Empty:
                    if self._stop.is_set():
                        worker.kill()
                        raise SolverFailed("it was stopped") from None
            if said := worker.log.fetch():
                self.log(said)
            if reply is GONE:
                raise SolverFailed(worker.fate())
            if reply["is"] == "failed":
                raise SolverFailed(str(reply["cause"]))
            peak_bytes = reply["peak_bytes"]
            return reply["value"]
        finally:
            workers.give_back(worker, peak_bytes=peak_bytes)

    def ask(self, question: str, shown: Any = None) -> str:
        """Asks a person and waits for the answer; empty when nobody is there to ask."""
        return self._ears.ask(question, shown)

    def chat(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        schema: Mapping[str, Any] | None = None,
        backend: str = "",
        purpose: str = "",
    ) -> tuple[str, Usage]:
        """Asks the language model that the user turned on."""
        chats = self._services.chats
        if chats is None:
            raise SolviturError("no language model can be asked here; turn one on in the settings")
        said = chats.ask(
            messages, schema=schema, backend=backend, purpose=purpose, cancel=self._stop, hear=self._ears.log
        )
        return said.text, said.usage

    def _hear(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._ears.progress(event.fraction, event.text)
        elif isinstance(event, Log):
            self._ears.log(event.text)
