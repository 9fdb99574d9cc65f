"""Binds a model to its data: sets become ordered labels, parameters dense arrays of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvitur.language.arrays_spaces import Quantity, Space
from solvitur.language.data_binding import Binding
from solvitur.language.data_sources import ReadTables, Sources, files_wanted
from solvitur.language.elements import Model
from solvitur.language.faults import Places
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding
from solvitur.problem.instance import Label

__all__ = ["Bound", "Examined", "bind", "examine", "faults", "files_wanted"]


@dataclass(frozen=True, eq=False)
class Bound:
    """A model's data: every set and parameter by name, with no value missing."""

    sets: dict[str, Space]
    params: dict[str, Quantity]
    text: str = ""
    file: str = ""

    @cached_property
    def places(self) -> Places:
        """Turns spans of the model into lines and columns."""
        return Places(self.text, self.file)

    def members(self, name: str) -> tuple[Label | tuple[Label, ...], ...]:
        """Returns the members of a set: labels, or tuples of labels."""
        return self.sets[name].members


@dataclass(frozen=True, eq=False)
class Examined:
    """What the attempt to bind a model came to; ``bound`` is None when there are findings."""

    bound: Bound | None
    findings: tuple[Finding, ...]
    """Everything that is missing, unknown, twice, no number, or against its declaration."""
    missing: tuple[str, ...]
    """The data that is still missing, as ``name: what is expected``, in the order of the model."""

    def required(self) -> Bound:
        """Returns the data.

        Raises
        ------
        InputError
            With all findings, when there are any.
        """
        if self.bound is None:
            raise InputError(self.findings)
        return self.bound


def examine(model: Model, problem: Problem, read_tables: ReadTables | None = None) -> Examined:
    """Binds a model to the problem's tables, its own data section and the files that this mentions, in this order.

    Parameters
    ----------
    read_tables : callable, optional
        Reads the tables of a file named by ``from`` that is not among the problem's tables yet.
    """
    text, file = problem.formulation.text, problem.formulation.source
    places = Places(text, file)
    binding = Binding(model, Sources(model, problem.tables, places, read_tables), places)
    # What overflows or is undefined is looked for in the values themselves.
    with np.errstate(all="ignore"):
        binding.bind_all()
    names = dict.fromkeys(element.name for element in model.elements)
    missing = tuple(f"{name}: {binding.missing[name]}" for name in names if name in binding.missing)
    findings = tuple(dict.fromkeys(binding.findings))
    return Examined(None if findings else Bound(binding.sets, binding.params, text, file), findings, missing)


def bind(model: Model, problem: Problem, read_tables: ReadTables | None = None) -> Bound:
    """Returns a model's data; see `examine`.

    Raises
    ------
    InputError
        With all that is wrong with the data.
    """
    return examine(model, problem, read_tables).required()


def faults(model: Model, problem: Problem, read_tables: ReadTables | None = None) -> tuple[Finding, ...]:
    """Returns what `bind` would complain about."""
    return examine(model, problem, read_tables).findings
