"""A job that records what a solver reports, standing in for the engine's."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class RecordedJob:
    """A job with limits of the test's choice; ``stop_after_s`` presses Stop."""

    time_limit_s: float = 20.0
    relative_gap: float = 1e-6
    threads: int = 1
    seed: int = 0
    stop_after_s: float = float("inf")
    incumbents: list[tuple[Any, float]] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self.started

    @property
    def remaining_s(self) -> float:
        return self.time_limit_s - self.elapsed_s

    @property
    def cancelled(self) -> bool:
        return self.elapsed_s > self.stop_after_s

    def incumbent(self, answer: Any, objective: float) -> None:
        self.incumbents.append((answer, objective))

    def bound(self, value: float) -> None:
        self.bounds.append(value)

    def progress(self, fraction: float | None, text: str = "") -> None:
        self.stages.append(text)

    def log(self, text: str) -> None:
        self.lines.append(text)
