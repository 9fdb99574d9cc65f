"""The rules of a workflow, each an error named by the rule that was broken.

InputError
└── WorkflowError
    ├── StepUnknown         a step, group or note that is not there
    ├── NameTaken           an id that something else has
    ├── NameUnfit           an id that is no plain name
    ├── PortUnknown         a port that the step type does not have
    ├── TypesDiffer         a link between types that do not fit
    ├── InputTaken          a second link into an input for one
    ├── CycleMade           a link that would make a step need itself
    └── GroupsOverlap       a step that would be in two groups
"""

from __future__ import annotations

import keyword

from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity
from solvitur.workflow.model import Link, Workflow


class WorkflowError(InputError):
    """A broken rule; the text is one sentence for the user."""

    def __init__(self, text: str, element: str = "") -> None:
        super().__init__([Finding(Severity.ERROR, text, element)])


class StepUnknown(WorkflowError):
    """A step, group or note is not there."""


class NameTaken(WorkflowError):
    """Something else in the workflow has that name."""


class NameUnfit(WorkflowError):
    """A name has characters that the text form cannot hold."""


class PortUnknown(WorkflowError):
    """A step has no such port."""


class TypesDiffer(WorkflowError):
    """The types of a link's two ends do not fit."""


class InputTaken(WorkflowError):
    """An input for one value has a link already."""


class CycleMade(WorkflowError):
    """A step would need its own output."""


class GroupsOverlap(WorkflowError):
    """A step would be in two groups."""


def check_name(name: str) -> None:
    """Checks that a name can stand in the text form.

    Raises
    ------
    NameUnfit
        If it is no plain name.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise NameUnfit(f"'{name}' is no plain name; use letters, digits and _, beginning with a letter", name)


def check_no_cycle(workflow: Workflow, link: Link) -> None:
    """Checks that a new link leaves the workflow acyclic.

    Raises
    ------
    CycleMade
        If the link's source needs its target already.
    """
    if link.source == link.target or link.source in workflow.descendants([link.target]):
        raise CycleMade(f"'{link.source}' needs what '{link.target}' makes, so it cannot feed it", link.target)
