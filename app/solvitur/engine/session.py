"""The session: the open project and everything that happens to it, for the window and for scripts alike."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from solvitur.engine.aside import Aside
from solvitur.engine.chats import Allowed, Chats
from solvitur.engine.checker import Checker, findings_of, sizes_of
from solvitur.engine.choosing import SolverChoice
from solvitur.engine.drafting import Drafts
from solvitur.engine.events import (
    Checked,
    Notice,
    Outlet,
    PluginsChanged,
    ProblemChanged,
    ProjectOpened,
    ProjectSaved,
    RecoveryFound,
    RunsChanged,
)
from solvitur.engine.exporting import export
from solvitur.engine.folders import Folders
from solvitur.engine.importing import open_file, with_wanted_files
from solvitur.engine.jobs import Jobs
from solvitur.engine.open_project import OpenProject
from solvitur.engine.project.files import is_project
from solvitur.engine.recovery import Recovery, discard, find_recoverable
from solvitur.engine.runstore import RunStore
from solvitur.engine.settings import Settings
from solvitur.engine.solves import Solves
from solvitur.hooks.contracts import Imported, Solved
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Choice, Problem
from solvitur.problem.edits import Edit
from solvitur.problem.errors import SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.pictures import Picture
from solvitur.problem.result import Limits
from solvitur.problem.runs import Run

_LARGE = 100_000
"""From this size on, pictures are drawn in a worker process: drawing here would hold the window up."""


class Session:
    """One open project at a time. Only the thread that made the session may change it; events come from any.

    What reads alone (`import_file`, `export`, `solved`, `values_of`, `pictures_of`, ``runs``) may be called from any.
    """

    def __init__(self, plugins: Plugins, folders: Folders) -> None:
        self.plugins = plugins
        self.folders = folders
        self.events = Outlet()
        self.revision = 0
        self._owner = threading.get_ident()
        self._closed = False
        self._limits = Limits()
        self._solves = Solves(plugins, self.events.emit)
        self.thinking = threading.Lock()
        """Held by the background thread that works on the model: one at a time, as each is the rival of the window's
        thread for the interpreter."""
        self._checker = Checker(self.events.emit, self._tidy, self.thinking)
        self.chats = Chats(plugins)
        self.drafts = Drafts(plugins, self.jobs.workers, self.chats, self.events.emit, lambda: self.problem)
        self._take(OpenProject.create(folders, Problem()))

    @property
    def problem(self) -> Problem:
        """The current problem."""
        return self._project.problem

    @property
    def path(self) -> Path | None:
        """The project file; None when the project was never saved."""
        return self._project.path

    @property
    def working_name(self) -> str:
        """Names the working copy of the open project; the same again when it is recovered after a crash."""
        return self._project.copy.folder.name

    @property
    def modified(self) -> bool:
        """Whether Save has something to do: edits, or new runs in a project that has a file."""
        return self._project.modified

    @property
    def undo_title(self) -> str | None:
        """The name of the step that `undo` takes back, or None."""
        return self._project.history.undo_title

    @property
    def redo_title(self) -> str | None:
        """The name of the step that `redo` does again, or None."""
        return self._project.history.redo_title

    @property
    def checked(self) -> Checked | None:
        """What the last background check found; None before the first."""
        return self._checker.checked

    @property
    def jobs(self) -> Jobs:
        """The jobs of this session."""
        return self._solves.jobs

    @property
    def runs(self) -> RunStore:
        """The runs of the open project."""
        return self._project.runs

    # Files

    def new(self, problem: Problem | None = None, *, discard: bool = False) -> None:
        """Begins an unsaved project, with the user's own limits where the problem has only the usual ones.

        Unsaved changes of the project that was open can be recovered afterwards, unless ``discard`` (see `close`).
        """
        begun = problem or Problem()
        if begun.choice.limits == Limits():
            begun = replace(begun, choice=replace(begun.choice, limits=self._limits))
        self._switch_to(OpenProject.create(self.folders, begun), discard=discard)

    def open(self, path: Path, *, discard: bool = False) -> None:
        """Opens a project, or begins an unsaved one with the model or the tables of another file.

        Raises
        ------
        InputError
            If the file cannot be read; the project that was open stays open then.
        PluginError
            If the importer failed.
        """
        self._check_thread()
        if not is_project(path):
            imported = self.import_file(path)
            problem = imported.problem or Problem(path.name.split(".")[0] or "Untitled", tables=imported.tables)
            self.new(problem, discard=discard)
            for finding in imported.findings:
                self.events.emit(Notice(str(finding), finding.severity.value))
            return
        with self._yielding(path):
            project = OpenProject.open(self.folders, path)
        self._switch_to(project, discard=discard)
        self._offer_recovery()

    def save(self, path: Path | None = None, *, overwrite: bool = False) -> Path:
        """Saves the project and returns the path; ``overwrite`` even if someone else changed the file meanwhile.

        Raises
        ------
        InputError
            If there is no path yet or the file cannot be written; the old file is intact then.
        """
        self._check_thread()
        saved = self._project.save(path, overwrite=overwrite)
        self.events.emit(ProjectSaved(str(saved)))
        return saved

    def close(self, *, discard: bool = False) -> None:
        """Ends the session and its jobs. Unsaved changes can be recovered at the next start, unless ``discard``."""
        self._check_thread()
        if self._closed:
            return
        self._closed = True
        self._checker.close()
        self.drafts.close()
        self.chats.close()
        self.jobs.shutdown()
        self._leave(discard=discard)

    def recoverable(self) -> list[Recovery]:
        """Lists unsaved changes that crashes left behind, newest first."""
        return find_recoverable(self.folders)

    def recover(self, recovery: Recovery, *, discard: bool = False) -> None:
        """Opens unsaved changes, with their undo steps, in place of the project that is open.

        Raises
        ------
        InputError
            If they are gone or damaged, or their project is open elsewhere.
        """
        self._check_thread()
        with self._yielding(recovery.path):
            project, unreadable = OpenProject.recover(recovery)
        self._switch_to(project, discard=discard, recovered=True)
        if unreadable:
            self.events.emit(Notice(f"the last {unreadable} changes could not be read and are missing", "warning"))

    def discard(self, recovery: Recovery) -> None:
        """Deletes unsaved changes for good."""
        discard(recovery)

    def import_file(self, path: Path) -> Imported:
        """Reads a model or data file, with the data files that a model names, and changes nothing.

        Raises
        ------
        InputError
            If it cannot be read or is malformed. A data file that is missing is only a finding.
        PluginError
            If the importer failed.
        """
        imported = open_file(self.plugins, path)
        if imported.problem is None:
            return imported
        try:
            return replace(imported, problem=with_wanted_files(self.plugins, imported.problem))
        except SolviturError as error:
            told = tuple(replace(finding, severity=Severity.WARNING) for finding in findings_of(error))
            return replace(imported, findings=(*imported.findings, *told))

    def export(self, thing: Any, path: Path) -> None:
        """Writes a problem, an answer or a table to a file; the suffix picks the format.

        Raises
        ------
        InputError
            If nothing writes it in that format, or the file cannot be written.
        """
        export(self.plugins, thing, path)

    # Edits

    def apply(self, edit: Edit, source: object = None, *, merge: str = "") -> None:
        """Applies an edit as one undoable step.

        Typing (`ReplaceText`) goes on in the same step without a pause; so do `SetFields` of the same fields with the
        same ``merge`` name, as when something is dragged.

        Raises
        ------
        ValueError
            If the edit does not fit the problem; nothing is changed then.
        """
        self._check_thread()
        changed = self._project.apply(edit, now=time.monotonic(), merge=merge)
        self._announce(edit.title, changed, source)

    def undo(self, source: object = None) -> bool:
        """Takes the last step back; False when there is none."""
        self._check_thread()
        done = self._project.undo()
        if done is not None:
            self._announce(f"Undo {done[0].title}", done[1], source)
        return done is not None

    def redo(self, source: object = None) -> bool:
        """Does the next step again; False when there is none."""
        self._check_thread()
        done = self._project.redo()
        if done is not None:
            self._announce(f"Redo {done[0].title}", done[1], source)
        return done is not None

    # Checks and solves

    def check_soon(self) -> None:
        """Checks the problem in the background once nothing has changed for a moment; `Checked` tells the outcome."""
        self._checker.request(self.revision, self.problem, self.plugins)

    def instance(self) -> Any:
        """Returns the instance of the last check that could bind; None when the newest could not."""
        bound = self._checker.bound
        return None if bound is None else bound.instance

    def choices(self) -> tuple[SolverChoice, ...]:
        """Returns every solver for the last bound instance, best first; nothing when there is none."""
        bound = self._checker.bound
        return () if bound is None else bound.choices

    def solve(self, choice: Choice | None = None, title: str = "", problem: Problem | None = None) -> int:
        """Solves the problem, or another one to compare, as its own choice says, or another; returns the job's id."""
        problem = problem or self.problem
        problem = problem if choice is None else replace(problem, choice=choice)
        bound, instance = self._checker.bound, None
        if bound is not None and bound.fits(problem):
            problem, instance = bound.as_asked(problem), bound.instance
        return self._solves.submit(problem, instance, self.runs, title)

    def stop(self, job: int) -> None:
        """Stops a job; its best answer so far is kept."""
        self.jobs.stop(job)

    def repeat(self, number: int) -> int:
        """Solves a run's problem again with the same solver, options, limits and seed; returns the job's id.

        Raises
        ------
        InputError
            If there is no such run.
        """
        run = self.runs.load(number)
        choice = replace(run.choice, solver=run.solver)
        problem = replace(self.runs.problem_of(number), choice=choice)
        return self._solves.submit(problem, None, self.runs, run.title)

    def solved(self, run: Run) -> Solved:
        """Returns a run with its problem and instance; binding a large one anew takes a while.

        Raises
        ------
        InputError
            If the run has no result, or its problem cannot be bound any more.
        """
        return self._solves.solved(run, self.runs)

    def values_of(self, run: Run) -> Mapping[str, Any]:
        """Returns a run's answer as names and values, nested by index; empty when there is no answer.

        Raises
        ------
        InputError
            As `solved`.
        """
        solved = self.solved(run)
        if solved.result.answer is None:
            return {}
        values: Mapping[str, Any] = self.plugins.kind(solved.problem.formulation.kind).values(
            solved.instance, solved.result.answer
        )
        return values

    def pictures_of(self, run: Run) -> tuple[tuple[Picture, ...], tuple[Finding, ...]]:
        """Draws a run's answer, best picture first; a visualiser that fails gives a finding.

        Raises
        ------
        InputError
            As `solved`.
        """
        solved = self.solved(run)
        if solved.result.answer is None:
            return (), ()
        large = sum(sizes_of(solved.instance).values()) >= _LARGE
        return Aside(self.plugins, self.jobs.workers if large else None).draw(solved)

    def use_plugins(self, plugins: Plugins) -> None:
        """Takes newly loaded plugins; jobs at work end with those they began with."""
        self._check_thread()
        self.plugins = plugins
        self._solves.use(plugins)
        self.chats.use(plugins)
        self.drafts.use(plugins)
        self.events.emit(PluginsChanged())
        self.check_soon()

    def use_settings(self, settings: Settings) -> None:
        """Takes the user's limits for new projects, and how much solvers may use at once."""
        self._check_thread()
        self._limits = settings.limits
        self.chats.use(allowed=Allowed.of(settings))
        self.drafts.use(settings=settings)
        self.jobs.allow(settings.parallel_jobs)
        self.jobs.workers.limit_memory(settings.worker_memory_mb * 2**20 or None)
        untouched = self.path is None and not self.modified and self.undo_title is None and not self.runs.list()
        if untouched and self.problem.choice.limits == Limits() != self._limits:
            self.new(self.problem, discard=True)

    def _announce(self, title: str, changed: frozenset[str], source: object) -> None:
        self.revision += 1
        self.events.emit(ProblemChanged(title, changed, source))
        if self._project.fault:
            self.events.emit(Notice(self._project.fault, "error"))

    def _switch_to(self, project: OpenProject, *, discard: bool, recovered: bool = False) -> None:
        self._leave(discard=discard)
        self._take(project)
        self.revision += 1
        self.events.emit(ProjectOpened(str(project.path or ""), recovered))

    def _take(self, project: OpenProject) -> None:
        self._project = project
        project.runs.changed = lambda: self.events.emit(RunsChanged())
        self._checker.forget()
        self._solves.turn_to(project.runs)

    def _leave(self, *, discard: bool) -> None:
        self._check_thread()
        self._project.close(remove=discard or not self._project.modified)

    def _tidy(self) -> None:
        self._project.runs.tidy()

    def _offer_recovery(self) -> None:
        for recovery in self.recoverable():
            if recovery.path == self.path:
                self.events.emit(RecoveryFound(recovery))
                return

    @contextlib.contextmanager
    def _yielding(self, path: Path | None) -> Iterator[None]:
        """Lends the claim on the open project's file to another version of it, and takes it back on failure."""
        same = path is not None and self.path is not None and path.expanduser().resolve() == self.path
        if same:
            self._project.copy.release_path()
        try:
            yield
        except BaseException:
            if same and self.path is not None:
                self._project.copy.claim_path(self.path)
            raise

    def _check_thread(self) -> None:
        if threading.get_ident() != self._owner:
            raise RuntimeError("only the thread that made the session may change it")
