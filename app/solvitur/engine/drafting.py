"""Drafting in the background: statements are read while the window stays free, stage by stage, and can be stopped."""

from __future__ import annotations

import itertools
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from solvitur.engine.chats import Chats
from solvitur.engine.draft_events import DraftPiece, DraftReady, DraftStage, DraftStarted
from solvitur.engine.formalising import Formalised, Statement, formalise_with
from solvitur.engine.readers import Backend, backends, reader_named
from solvitur.engine.settings import Settings
from solvitur.engine.thinking import ModelFormaliser
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, SolviturError

STOPPED = "it was stopped"


@dataclass(eq=False)
class _Reading:
    """One statement being read."""

    number: int
    statement: Statement
    backend: str
    cancel: threading.Event = field(default_factory=threading.Event)
    told: threading.Event = field(default_factory=threading.Event)
    """Set once its end was told; what comes later is not."""


class Drafts:
    """Reads statements on threads of its own; every event goes to ``emit``, and nothing keeps the caller waiting."""

    def __init__(
        self,
        plugins: Plugins,
        workers: Workers,
        chats: Chats,
        emit: Callable[[Any], None],
        problem: Callable[[], Problem],
        settings: Settings | None = None,
    ) -> None:
        self._plugins = plugins
        self._workers = workers
        self._chats = chats
        self._emit = emit
        self._problem = problem
        self._settings = settings or Settings()
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._readings: dict[int, _Reading] = {}

    @property
    def active(self) -> tuple[int, ...]:
        """The drafts at work."""
        with self._lock:
            return tuple(number for number, reading in self._readings.items() if not reading.told.is_set())

    def backends(self) -> tuple[Backend, ...]:
        """Lists who can read statements, the offline ones first."""
        return backends(self._plugins, self._chats)

    def use(self, plugins: Plugins | None = None, settings: Settings | None = None) -> None:
        """Takes newly loaded plugins, or the user's settings."""
        self._plugins = plugins or self._plugins
        self._settings = settings or self._settings

    def start(
        self, statement: str | None = None, *, backend: str = "", answers: Mapping[str, str] | None = None
    ) -> int:
        """Begins to read a statement (the open problem's own if none is given); one that is being read is stopped.

        Parameters
        ----------
        backend : a formaliser or the language model that is turned on; empty lets the offline one read first.
        answers : what was answered to earlier questions, by the question's name.
        """
        problem = self._problem()
        text = problem.statement if statement is None else statement
        told = Statement(text, problem.tables, dict(answers or {}), problem.choice)
        for number in self.active:
            self.stop(number)
        with self._lock:
            reading = _Reading(next(self._ids), told, backend)
            self._readings = {reading.number: reading}
        self._emit(DraftStarted(reading.number, backend, text))
        threading.Thread(target=self._read, args=(reading,), name=f"draft {reading.number}", daemon=True).start()
        return reading.number

    def answer(self, draft: int, answers: Mapping[str, str]) -> int:
        """Reads the same statement again with more answers, and returns the new draft's number.

        Raises
        ------
        InputError
            If that draft is not known any more.
        """
        with self._lock:
            reading = self._readings.get(draft)
        if reading is None:
            raise InputError.at("this draft is not the newest any more; answer the newest one's questions")
        known = {**reading.statement.answers, **answers}
        return self.start(reading.statement.text, backend=reading.backend, answers=known)

    def stop(self, draft: int) -> None:
        """Stops a draft; its end is told at once, whatever its backend still does."""
        with self._lock:
            reading = self._readings.get(draft)
        if reading is not None:
            reading.cancel.set()
            self._end(reading, None, STOPPED)

    def wait(self, draft: int, timeout_s: float | None = None) -> bool:
        """Waits until a draft has ended; tells whether it has. For scripts and tests, not for the window."""
        with self._lock:
            reading = self._readings.get(draft)
        return reading is None or reading.told.wait(timeout_s)

    def close(self) -> None:
        """Stops all."""
        for number in self.active:
            self.stop(number)

    def _read(self, reading: _Reading) -> None:
        plugins, number = self._plugins, reading.number

        def tell(stage: str, state: str, text: str, seconds: float) -> None:
            if not reading.told.is_set():
                self._emit(DraftStage(number, stage, state, text, seconds))

        def hear(stage: str, piece: str) -> None:
            if not reading.told.is_set():
                self._emit(DraftPiece(number, stage, piece))

        try:
            model = ModelFormaliser(plugins, self._workers, self._chats, self._settings, cancel=reading.cancel)
            model.tell, model.hear = tell, hear
            reader = reader_named(plugins, self._chats, model, reading.backend)
            made = formalise_with(plugins, self._workers, reader, reading.statement, cancel=reading.cancel, tell=tell)
        except SolviturError as error:
            self._end(reading, None, str(error))
        except Exception as error:  # noqa: BLE001 - a draft without an end would wait for ever on screen
            traceback.print_exc()
            self._end(reading, None, f"the statement could not be read: {error}")
        else:
            self._end(reading, made, "")

    def _end(self, reading: _Reading, made: Formalised | None, error: str) -> None:
        with self._lock:
            if reading.told.is_set():
                return
            reading.told.set()
        self._emit(DraftReady(reading.number, made, error))
