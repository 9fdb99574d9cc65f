"""An edit of the workflow as an edit of the project, for its undo steps and its journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from solvitur.problem.document import Problem
from solvitur.problem.records import Record
from solvitur.workflow.model import Workflow


@dataclass(frozen=True, eq=False)
class EditWorkflow(Record, tag="edit-workflow"):
    """Applies a workflow edit to the problem's workflow; ``ends``: the problem has no workflow afterwards."""

    edit: Any
    ends: bool = False

    @property
    def title(self) -> str:
        """What Undo shows."""
        return str(self.edit.title)

    def apply(self, problem: Problem) -> tuple[Problem, EditWorkflow]:
        """Returns the changed problem and the edit that takes it back."""
        there = isinstance(problem.workflow, Workflow)
        before = problem.workflow if there else Workflow()
        after, inverse = self.edit.apply(before)
        return replace(problem, workflow=None if self.ends else after), EditWorkflow(inverse, ends=not there)
