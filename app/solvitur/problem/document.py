"""The problem: a document of a statement in words, a formulation, data tables and how to solve it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from solvitur.problem.drafts import Origins
from solvitur.problem.records import Record
from solvitur.problem.result import Limits
from solvitur.problem.tables import Table


@dataclass(frozen=True, eq=False)
class Formulation(Record, tag="formulation"):
    """The formal content, of one kind.

    Kind ``algebraic`` keeps its truth in ``text`` (.slv); kind ``matrix`` keeps a `MatrixInstance` in ``content``.
    """

    kind: str = "algebraic"
    text: str = ""
    content: Any = None
    source: str = ""
    """The file it came from: messages name it, and data files it mentions are looked for beside it."""


@dataclass(frozen=True)
class Choice(Record, tag="choice"):
    """How to solve: the solver's name (``auto`` lets Solvitur pick), its options, and the limits."""

    solver: str = "auto"
    options: dict[str, Any] = field(default_factory=dict)
    limits: Limits = Limits()
    objective: str = ""
    """The objective to solve for when the model has several; empty for the first."""


@dataclass(frozen=True, eq=False)
class Problem(Record, tag="problem"):
    """A document, as one immutable value; edits make the next one.

    ``workflow`` is the packed DAG (None: there is none yet); ``layout`` keeps positions and view choices;
    ``origins`` is what the words became.
    """

    name: str = "Untitled"
    statement: str = ""
    formulation: Formulation = Formulation()
    tables: tuple[Table, ...] = ()
    choice: Choice = Choice()
    workflow: Any = None
    layout: dict[str, Any] = field(default_factory=dict)
    origins: Origins = Origins()

    def table(self, name: str) -> Table | None:
        """Returns the table of that name, or None."""
        return next((table for table in self.tables if table.name == name), None)
