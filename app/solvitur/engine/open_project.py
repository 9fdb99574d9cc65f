"""The open project: its problem, its history, and the working copy that survives a crash."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from solvitur.engine.folders import Folders
from solvitur.engine.history import History, Step
from solvitur.engine.project.database import WorkingDatabase
from solvitur.engine.project.files import SUFFIX, explained, fetch, is_project, save_copy, save_id_of
from solvitur.engine.recovery import Recovery, WorkingCopy, open_database
from solvitur.engine.runstore import RunStore
from solvitur.problem.document import Problem
from solvitur.problem.edits import Edit
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place

_RECOVERED = -1
"""The saved state of a recovered project: no state of its history."""


class OpenProject:
    """One open project. Everything is stored before a call returns; ``fault`` says when that was not possible."""

    def __init__(
        self, copy: WorkingCopy, database: WorkingDatabase, problem: Problem, history: History, path: Path | None
    ) -> None:
        self.copy = copy
        self.problem = problem
        self.history = history
        self.path = path
        self.fault = ""
        self._database = database
        self._saved_state = history.state
        self.runs = RunStore(copy.database_path)
        self._saved_runs = self.runs.changes
        self._known_ids: frozenset[str] = frozenset()

    @classmethod
    def create(cls, folders: Folders, problem: Problem) -> OpenProject:
        """Begins an unsaved project with a problem."""
        copy = WorkingCopy.create(folders)
        with contextlib.ExitStack() as undoing:
            undoing.callback(copy.release, remove=True)
            database = open_database(copy)
            undoing.callback(database.close)
            database.start(problem, title=problem.name, path=None, unsaved=False)
            project = cls(copy, database, problem, History(), None)
            undoing.pop_all()
        return project

    @classmethod
    def open(cls, folders: Folders, path: Path) -> OpenProject:
        """Opens a saved project; the file itself is not touched until `save`.

        Raises
        ------
        InputError
            If the file cannot be read as a project, or is open elsewhere.
        """
        path = path.expanduser().resolve()
        copy = WorkingCopy.create(folders)
        with contextlib.ExitStack() as undoing:
            undoing.callback(copy.release, remove=True)
            copy.claim_path(path)
            fetch(path, copy.database_path)
            with explained(path):
                database = WorkingDatabase(copy.database_path)
                undoing.callback(database.close)
                problem = database.read().problem
                database.note(title=problem.name, path=str(path), unsaved=False)
            project = cls(copy, database, problem, History(), path)
            project._know_ids()
            undoing.pop_all()
        return project

    @classmethod
    def recover(cls, recovery: Recovery) -> tuple[OpenProject, int]:
        """Takes up the unsaved changes of a crash, with their undo steps; also tells how many edits were unreadable.

        Raises
        ------
        InputError
            If they are gone, damaged, or their project is open elsewhere.
        """
        with contextlib.ExitStack() as undoing:
            copy = WorkingCopy.adopt(recovery)
            undoing.callback(copy.release, remove=False)
            if recovery.path is not None:
                copy.claim_path(recovery.path)
            with explained(copy.database_path):
                database = WorkingDatabase(copy.database_path)
                undoing.callback(database.close)
                content = database.read()
            history = History(content.steps, content.first, content.cursor)
            project = cls(copy, database, content.problem, history, recovery.path)
            project._saved_state = _RECOVERED
            project._know_ids()
            undoing.pop_all()
        return project, content.unreadable_edits

    @property
    def modified(self) -> bool:
        """Whether Save has something to do. Runs count once the project has a file."""
        return self.history.state != self._saved_state or (self._runs_changed and self.path is not None)

    def apply(self, edit: Edit, *, now: float, merge: str = "") -> frozenset[str]:
        """Applies an edit and stores it; returns the names of the fields that changed."""
        problem, inverse = edit.apply(self.problem)
        body = self._database.pack(edit)
        step = self.history.push(edit, inverse, now=now, merge=merge)
        return self._move_to(problem, body, step)

    def undo(self) -> tuple[Step, frozenset[str]] | None:
        """Takes the last step back; None when there is none."""
        step = self.history.undo()
        return None if step is None else (step, self._follow(step.inverse))

    def redo(self) -> tuple[Step, frozenset[str]] | None:
        """Does the next step again; None when there is none."""
        step = self.history.redo()
        return None if step is None else (step, self._follow(step.forward))

    def save(self, path: Path | None, *, overwrite: bool = False) -> Path:
        """Writes the project file and returns its path (``.solvitur`` is added to names without it).

        Raises
        ------
        InputError
            If there is no path yet, the file is open elsewhere, was changed by someone else since it was opened
            (unless ``overwrite``), or cannot be written. The old file is intact then.
        """
        target = self._target(path)
        if target == self.path and not overwrite and target.exists() and save_id_of(target) not in self._known_ids:
            text = "someone else changed the file since you opened it; save under another name, or overwrite it"
            raise InputError.at(text, place=Place(str(target)))
        self.copy.claim_path(target)
        try:
            self._write(target)
        except InputError:
            if self.path is not None:
                self.copy.claim_path(self.path)
            else:
                self.copy.release_path()
            raise
        self.path = target
        self.history.seal()
        self._saved_state = self.history.state
        return target

    def close(self, *, remove: bool) -> None:
        """Closes the project; with ``remove`` False, unsaved changes can be recovered later."""
        self.runs.close()
        self._database.close()
        self.copy.release(remove=remove)

    @property
    def _runs_changed(self) -> bool:
        return self.runs.changes != self._saved_runs

    def _target(self, path: Path | None) -> Path:
        chosen = path or self.path
        if chosen is None:
            raise InputError.at("the project has no file yet; choose where to save it")
        chosen = chosen.expanduser().resolve()
        return chosen if is_project(chosen) else chosen.with_name(chosen.name + SUFFIX)

    def _write(self, target: Path) -> None:
        name = uuid.uuid4().hex
        try:
            self._database.fold(self.problem, next_save_id=name)
        except (sqlite3.Error, OSError) as error:
            text = (
                f"the project could not be saved: the working copy cannot be written ({error}); free some disk space"
            )
            raise InputError.at(text, place=Place(str(target))) from None
        runs = self.runs.changes
        saved = datetime.now(UTC).isoformat(timespec="seconds")
        save_copy(self.copy.database_path, target, save_id=name, saved=saved)
        self._known_ids = frozenset({name})
        notes = {
            "save_id": name,
            "path": str(target),
            "title": self.problem.name,
            "unsaved": runs != self.runs.changes,
        }
        self._saved_runs = runs
        self._store(lambda: self._database.note(**notes))

    def _follow(self, edit: Edit) -> frozenset[str]:
        problem, _ = edit.apply(self.problem)
        return self._move_to(problem, self._database.pack(edit), None)

    def _move_to(self, problem: Problem, body: bytes | None, step: Step | None) -> frozenset[str]:
        before, self.problem = self.problem, problem
        unsaved = self.modified or self._runs_changed
        self._store(
            lambda: self._database.record(
                problem, body, self.history.cursor, first=self.history.first, step=step, unsaved=unsaved
            )
        )
        return frozenset(f.name for f in fields(problem) if getattr(problem, f.name) is not getattr(before, f.name))

    def _store(self, write: Callable[[], None]) -> None:
        try:
            write()
            self.fault = ""
        except (sqlite3.Error, OSError, TypeError) as error:
            self.fault = f"changes cannot be written to the working copy ({error}); save the project soon"

    def _know_ids(self) -> None:
        ids = (self._database.noted("save_id"), self._database.noted("next_save_id"))
        self._known_ids = frozenset(name for name in ids if name)
