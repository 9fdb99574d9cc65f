"""The session: the open project and everything that happens to it, for the window and for scripts alike."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from solvitur.engine.events import Notice, Outlet, ProblemChanged, ProjectOpened, ProjectSaved
from solvitur.engine.folders import Folders
from solvitur.engine.open_project import OpenProject
from solvitur.engine.recovery import Recovery, discard, find_recoverable
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.edits import Edit
from solvitur.problem.errors import InputError


class Session:
    """One open project at a time. Only the thread that made the session may change it; events come from any."""

    def __init__(self, plugins: Plugins, folders: Folders) -> None:
        self.plugins = plugins
        self.folders = folders
        self.events = Outlet()
        self.revision = 0
        self._owner = threading.get_ident()
        self._project = OpenProject.create(folders, Problem())

    @property
    def problem(self) -> Problem:
        """The current problem."""
        return self._project.problem

    @property
    def path(self) -> Path | None:
        """The project file; None when the project was never saved."""
        return self._project.path

    @property
    def modified(self) -> bool:
        """Whether Save has something to do."""
        return self._project.modified

    @property
    def undo_title(self) -> str | None:
        """The name of the step that `undo` takes back, or None."""
        return self._project.history.undo_title

    @property
    def redo_title(self) -> str | None:
        """The name of the step that `redo` does again, or None."""
        return self._project.history.redo_title

    def new(self, problem: Problem | None = None, *, discard: bool = False) -> None:
        """Begins an unsaved project.

        Unsaved changes of the project that was open can be recovered afterwards, unless ``discard`` (see `close`).
        """
        self._switch_to(OpenProject.create(self.folders, problem or Problem()), discard=discard)

    def open(self, path: Path, *, discard: bool = False) -> None:
        """Opens a project file.

        Raises
        ------
        InputError
            If it cannot be read; the project that was open stays open then.
        """
        self._switch_to(OpenProject.open(self.folders, path), discard=discard)

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
        """Ends the session. Unsaved changes can be recovered at the next start, unless ``discard``."""
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
        if recovery.path is not None and recovery.path == self.path:
            raise InputError.at("close the saved version of the project first, then recover the unsaved changes")
        project, unreadable = OpenProject.recover(recovery)
        self._switch_to(project, discard=discard, recovered=True)
        if unreadable:
            self.events.emit(Notice(f"the last {unreadable} changes could not be read and are missing", "warning"))

    def discard(self, recovery: Recovery) -> None:
        """Deletes unsaved changes for good."""
        discard(recovery)

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

    def _announce(self, title: str, changed: frozenset[str], source: object) -> None:
        self.revision += 1
        self.events.emit(ProblemChanged(title, changed, source))
        if self._project.fault:
            self.events.emit(Notice(self._project.fault, "error"))

    def _switch_to(self, project: OpenProject, *, discard: bool, recovered: bool = False) -> None:
        self._leave(discard=discard)
        self._project = project
        self.revision += 1
        self.events.emit(ProjectOpened(str(project.path or ""), recovered))

    def _leave(self, *, discard: bool) -> None:
        self._check_thread()
        self._project.close(remove=discard or not self._project.modified)

    def _check_thread(self) -> None:
        if threading.get_ident() != self._owner:
            raise RuntimeError("only the thread that made the session may change it")
