"""A pool of workers for each test, ended and counted after it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from overlays import small_problem, write_plugin
from solvitur.engine.solving import Finished, Task, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty overlay folder; what loading adds to the path is taken away after the test."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    folder = tmp_path / "overlay"
    folder.mkdir()
    return folder


@pytest.fixture
def workers() -> Iterator[Workers]:
    """A pool without a spare worker."""
    pool = Workers(spare=False)
    yield pool
    pool.shutdown()


@pytest.fixture
def solve_with(overlay: Path, workers: Workers) -> Callable[..., Finished]:
    """Solves the small problem with a solver whose source is given; the plugin is really installed and really run."""

    def solve(source: str, *, name: str = "fake", task: Task | None = None, **more: object) -> Finished:
        write_plugin(overlay, name, source)
        plugins = Plugins.load(overlay=overlay)
        task = task if task is not None else Task(small_problem(name, **more))
        return run_problem(plugins, workers, task)

    return solve
