"""Every bundled example comes out at its known optimum, by every solver that says it handles it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from solvitur.engine.choosing import choices
from solvitur.engine.importing import open_file, with_wanted_files
from solvitur.engine.solving import Task, bind, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.contracts import Example
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Choice, Problem
from solvitur.problem.findings import Severity
from solvitur.problem.result import Limits, Status

PLUGINS = Plugins.load()
EXAMPLES: list[Example] = [part.part for part in PLUGINS.examples()]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Worker processes shared by all the examples."""
    made = Workers()
    yield made
    made.shutdown()


def opened(example: Example) -> Problem:
    """Opens an example as the command line does."""
    imported = open_file(PLUGINS, Path(example.folder) / example.model)
    assert imported.problem is not None
    return with_wanted_files(PLUGINS, imported.problem)


def test_there_are_at_least_fourteen_examples() -> None:
    """The set that the welcome page shows is as large as promised, and no two share a title."""
    assert len({example.title for example in EXAMPLES}) == len(EXAMPLES) >= 14


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_able_solver_proves_the_known_optimum(example: Example, workers: Workers) -> None:
    """Each solver that says it handles the example ends optimal, verified, at the recorded optimum."""
    problem = opened(example)
    instance = bind(PLUGINS, problem)
    able = [choice.name for choice in choices(PLUGINS, instance) if choice.able]
    assert able, "no solver takes the example"
    for name in able:
        asked = replace(problem, choice=Choice(name, limits=Limits(time_limit_s=60)))
        run = run_problem(PLUGINS, workers, Task(asked, instance, draw=False)).run
        assert (name, run.status, run.verified) == (name, Status.OPTIMAL, True), run.reason
        assert run.objective == pytest.approx(example.optimum, rel=1e-6), name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_example_has_a_story_a_picture_and_no_complaints(example: Example) -> None:
    """The model checks without errors or warnings, and the welcome page has something to show."""
    problem = opened(example)
    findings = PLUGINS.kind(problem.formulation.kind).check(problem)
    assert [str(finding) for finding in findings if finding.severity != Severity.INFO] == []
    assert len(example.story) > 80
    assert (Path(example.folder) / "picture.png").stat().st_size > 2000
