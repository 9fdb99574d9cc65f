"""The background check: findings, sizes and able solvers of the current problem, a moment after the last edit."""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from solvitur.engine.choosing import SolverChoice, choices
from solvitur.engine.events import Checked
from solvitur.engine.importing import open_tables, with_wanted_files
from solvitur.engine.solving import bind
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.instance import INTEGER, SEMI_INTEGER, MatrixInstance
from solvitur.problem.tables import Table

PAUSE_S = 0.25
"""So long nothing must have changed before a check begins."""

_STOP_WAIT_S = 2.0

Stamp = tuple[int, int] | None
"""What tells one content of a file from another: its time and size; None when it is not there."""

Kept = dict[Path, tuple[Stamp, tuple[Table, ...]]]


@dataclass(frozen=True, eq=False)
class Bound:
    """A problem that was bound: as it was asked for, with its data files read, and as an instance."""

    asked: Problem
    problem: Problem
    instance: Any
    choices: tuple[SolverChoice, ...]
    files: tuple[tuple[Path, Stamp], ...] = ()
    """The data files that were read, and what they looked like then."""

    def fits(self, problem: Problem) -> bool:
        """Tells whether the instance is the one that a problem would bind to now."""
        asked = self.asked
        return (
            problem.formulation is asked.formulation
            and problem.tables is asked.tables
            and problem.choice.objective == asked.choice.objective
            and all(_stamp(path) == stamp for path, stamp in self.files)
        )

    def as_asked(self, problem: Problem) -> Problem:
        """Returns a problem that this fits, with its data files read."""
        return replace(problem, tables=self.problem.tables)


class Checker:
    """One thread that checks the newest problem it was given; older ones are dropped."""

    def __init__(self, emit: Callable[[Checked], None], tidy: Callable[[], None], thinking: threading.Lock) -> None:
        self.checked: Checked | None = None
        self.bound: Bound | None = None
        self._emit = emit
        self._tidy = tidy
        self._thinking = thinking
        self._files: Kept = {}
        self._changed = threading.Condition()
        self._wanted: tuple[int, Problem, Plugins] | None = None
        self._asked_at = 0.0
        self._closed = False
        self._thread: threading.Thread | None = None

    def request(self, revision: int, problem: Problem, plugins: Plugins) -> None:
        """Asks for a check soon; a request that comes meanwhile takes its place."""
        with self._changed:
            if self._closed:
                return
            self._wanted, self._asked_at = (revision, problem, plugins), time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="checker", daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self) -> None:
        """Forgets what was found out, as another project is open now."""
        with self._changed:
            self._wanted = self.checked = self.bound = None

    def close(self) -> None:
        """Ends the thread; a check in progress says nothing any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_STOP_WAIT_S)

    def _work(self) -> None:
        while (request := self._next()) is not None:
            with self._thinking, _without_collections():
                checked, bound = self._check(*request)
            with self._changed:
                stale = self._closed or self._wanted is not request
                if not stale:
                    self._wanted, self.checked, self.bound = None, checked, bound
            if not stale:
                self._emit(checked)
            self._tidy()

    def _next(self) -> tuple[int, Problem, Plugins] | None:
        """Waits for a request and for the pause after it; None at the end."""
        with self._changed:
            while not self._closed:
                left = self._asked_at + PAUSE_S - time.monotonic()
                if self._wanted is not None and left <= 0:
                    return self._wanted
                self._changed.wait(left if self._wanted is not None else None)
            return None

    def _is_stale(self, revision: int) -> bool:
        with self._changed:
            return self._closed or self._wanted is None or self._wanted[0] != revision

    def _check(self, revision: int, problem: Problem, plugins: Plugins) -> tuple[Checked, Bound | None]:
        findings: list[Finding] = []
        ready = problem
        try:
            part = plugins.find("kinds", problem.formulation.kind)
        except InputError as error:
            return Checked(revision, error.findings, frozenset(), {}), None
        files = DataFiles(plugins, self._files)
        try:
            ready = with_wanted_files(plugins, problem, files.read)
        except SolviturError as error:
            findings += findings_of(error)
        missing: tuple[str, ...] = ()
        try:
            findings += part.part.check(ready)
            missing = tuple(getattr(part.part, "missing", _nothing)(ready))
        except Exception as error:  # noqa: BLE001 - a plugin is called
            findings.append(Finding(Severity.ERROR, f"plugin '{part.plugin}' failed to check: {sentence_of(error)}"))
        if _is_blank(problem):
            said = Finding(Severity.INFO, "There is no model yet: write one, or open one")
            return Checked(revision, (*_once(findings), said), frozenset(), {}, missing), None
        if missing or any(f.severity is Severity.ERROR for f in findings) or self._is_stale(revision):
            return Checked(revision, _once(findings), frozenset(), {}, missing), None
        self._files = files.found
        return self._bind(revision, problem, ready, plugins, findings)

    def _bind(
        self, revision: int, problem: Problem, ready: Problem, plugins: Plugins, findings: list[Finding]
    ) -> tuple[Checked, Bound | None]:
        before = self.bound
        try:
            if before is not None and before.fits(problem) and before.problem.tables == ready.tables:
                instance = before.instance
            else:
                instance = bind(plugins, ready)
            features = frozenset(instance.features)
        except SolviturError as error:
            return Checked(revision, _once([*findings, *findings_of(error)]), frozenset(), {}), None
        except Exception as error:  # noqa: BLE001 - a kind's own instance is asked
            finding = Finding(Severity.ERROR, f"the model's features could not be told: {sentence_of(error)}")
            return Checked(revision, _once([*findings, finding]), frozenset(), {}), None
        files = tuple((path, stamp) for path, (stamp, _) in self._files.items())
        bound = Bound(problem, ready, instance, choices(plugins, instance), files)
        return Checked(revision, _once(findings), features, sizes_of(instance)), bound


class DataFiles:
    """Reads the data files that a model names; those that did not change since ``kept`` are not read again."""

    def __init__(self, plugins: Plugins, kept: Kept) -> None:
        self.found: Kept = {}
        self._plugins = plugins
        self._kept = kept

    def read(self, path: Path) -> tuple[Table, ...]:
        """Reads a data file into tables; see `open_tables`."""
        stamp = _stamp(path)
        before = self._kept.get(path)
        tables = before[1] if before is not None and before[0] == stamp else open_tables(self._plugins, path)
        self.found[path] = (stamp, tables)
        return tables


def _stamp(path: Path) -> Stamp:
    try:
        seen = path.stat()
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_size)


def findings_of(error: SolviturError) -> tuple[Finding, ...]:
    """Returns what an error has to say as findings."""
    return error.findings if isinstance(error, InputError) else (Finding(Severity.ERROR, str(error)),)


def sizes_of(instance: Any) -> dict[str, int]:
    """Counts variables, constraints, nonzeros and integers; other kinds of instance may tell ``sizes`` themselves."""
    if isinstance(instance, MatrixInstance):
        whole = (instance.integrality == INTEGER) | (instance.integrality == SEMI_INTEGER)
        return {
            "variables": instance.columns,
            "constraints": instance.rows,
            "nonzeros": instance.matrix.nonzeros,
            "integers": int(whole.sum()),
        }
    return {str(name): int(count) for name, count in dict(getattr(instance, "sizes", {})).items()}


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Keeps the garbage collector from halting every thread, the window's too, amid the many parts of a model.

    They refer to each other in one direction and are freed without it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _is_blank(problem: Problem) -> bool:
    formulation = problem.formulation
    return formulation.kind == "algebraic" and not formulation.text.strip() and formulation.content is None


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _nothing(problem: Problem) -> tuple[str, ...]:
    return ()
