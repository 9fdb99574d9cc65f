"""A workflow to begin with: what one click makes of the problem that is open."""

from __future__ import annotations

from solvitur.gui.plan.catalogue import Catalogue
from solvitur.problem.document import Problem
from solvitur.workflow.model import Link, Step, Workflow

_COLUMN, _TOP = 272.0, 80.0
_NEEDED = ("load_problem", "bind", "solve", "verify", "picture")


def can_begin(problem: Problem, catalogue: Catalogue) -> bool:
    """Tells whether the problem and the step types at hand suffice for `from_problem`."""
    return bool(problem.formulation.text.strip()) and all(name in catalogue.types for name in _NEEDED)


def from_problem(problem: Problem) -> Workflow:
    """Builds load, bind, solve, verify, picture for the problem that is open, unsaved edits too."""
    first = Step("problem", "load_problem", title=problem.name or "Model", position=(0.0, _TOP))
    steps, links = [first], list[Link]()
    chain = (
        ("bind", "problem", "problem"),
        ("solve", "instance", "problem"),
        ("verify", "solved", "solved"),
        ("picture", "solved", "thing"),
    )
    for column, (name, output, port) in enumerate(chain, 1):
        steps.append(Step(name, name, position=(column * _COLUMN, _TOP)))
        links.append(Link(steps[column - 1].id, output, name, port))
    return Workflow(problem.name, tuple(steps), tuple(links))
