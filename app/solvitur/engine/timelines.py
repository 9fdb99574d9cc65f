"""The timeline of a run: incumbent and bound over time, thinned when it grows long."""

from __future__ import annotations

from solvitur.problem.result import TimelinePoint

_LONGEST = 4000


class TimelineRecorder:
    """Gathers points; past 4,000 every other one but the last is dropped."""

    def __init__(self) -> None:
        self._points: list[TimelinePoint] = []
        self._objective: float | None = None
        self._bound: float | None = None

    def incumbent(self, seconds: float, objective: float) -> None:
        """Notes a better answer."""
        self._objective = objective
        self._add(seconds)

    def bound(self, seconds: float, value: float) -> None:
        """Notes a moved bound."""
        self._bound = value
        self._add(seconds)

    def end(self, seconds: float, objective: float | None, bound: float | None) -> None:
        """Notes where the run ended; values unknown then stay as they were."""
        before = (self._objective, self._bound)
        self._objective = objective if objective is not None else self._objective
        self._bound = bound if bound is not None else self._bound
        if (self._objective, self._bound) != before:
            self._add(seconds)

    @property
    def points(self) -> tuple[TimelinePoint, ...]:
        """The points in order."""
        return tuple(self._points)

    def _add(self, seconds: float) -> None:
        self._points.append(TimelinePoint(round(seconds, 4), self._objective, self._bound))
        if len(self._points) > _LONGEST:
            self._points = [*self._points[:-1:2], self._points[-1]]
