"""Sweeps from the window: their points, taken in batches on the window's thread."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from solvitur.engine.workflow.sweep import Sweep, SweepDone, SweepMoved, SweepPlan, SweepPoint
from solvitur.gui.plan.running import Running
from solvitur.problem.errors import InputError
from solvitur.workflow.model import Workflow

_TICK_MS = 120


class Sweeping(QObject):
    """At most one sweep at a time."""

    changed = Signal()
    ended = Signal(object)
    """The `SweepDone`."""

    def __init__(self, running: Running, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running = running
        self._arrived: deque[SweepMoved | SweepDone] = deque()
        self._sweep: Sweep | None = None
        self.plan = SweepPlan()
        self.points: tuple[SweepPoint, ...] = ()
        self.total = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._take)

    @property
    def active(self) -> bool:
        """Whether a sweep goes on."""
        return self._timer.isActive()

    def start(self, workflow: Workflow, plan: SweepPlan) -> None:
        """Starts a sweep; it shares the results of the ordinary runs.

        Raises
        ------
        InputError
            If the workflow or the plan has errors; nothing has run then.
        """
        if self.active:
            raise InputError.at("a sweep is going on; stop it first")
        running = self._running
        sweep = Sweep(
            workflow,
            running.services(),
            plan,
            store=running.store,
            settings=replace(running.settings(workflow), attended=False),
            emit=self._arrived.append,
        )
        self._arrived.clear()
        sweep.start()
        self._sweep, self.plan, self.points, self.total = sweep, plan, (), sweep.total
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Stops the sweep; what is done is kept."""
        if self._sweep is not None and self.active:
            self._sweep.cancel()

    def forget(self) -> None:
        """Stops the sweep and drops its points, for another project."""
        self.stop()
        self._timer.stop()
        self._arrived.clear()
        self._sweep, self.points, self.total = None, (), 0
        self.changed.emit()

    def close(self) -> None:
        """Stops the sweep and waits a moment for its threads."""
        self.stop()
        if self._sweep is not None:
            self._sweep.wait(2.0)
        self._timer.stop()

    def _take(self) -> None:
        if not self._arrived:
            return
        done: SweepDone | None = None
        while self._arrived:
            event = self._arrived.popleft()
            if isinstance(event, SweepMoved):
                self.total = event.total
            else:
                done = event
        if done is not None:
            self._timer.stop()
            self.points = done.points
        elif self._sweep is not None:
            self.points = self._sweep.points()
        self.changed.emit()
        if done is not None:
            self.ended.emit(done)
