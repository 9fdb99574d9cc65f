"""Binds a model to its data: sets become ordered labels, parameters dense arrays of numbers."""

from __future__ import annotations

from collections.abc import Sequence
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

__all__ = ["Bound", "bind", "faults", "files_wanted", "missing"]


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


def bind(model: Model, problem: Problem, read_tables: ReadTables | None = None) -> Bound:
    """Binds a model to the problem's tables, its own data section and the files that this mentions, in this order.

    Parameters
    ----------
    read_tables : callable, optional
        Reads the tables of a file named by ``from`` that is not among the problem's tables yet.

    Raises
    ------
    InputError
        With a finding for everything that is missing, unknown, twice, no number, or against its declaration.
    """
    binding = _bound(model, problem, read_tables)
    if binding.findings:
        raise InputError(_each_once(binding.findings))
    return Bound(binding.sets, binding.params, problem.formulation.text, problem.formulation.source)


def faults(model: Model, problem: Problem, read_tables: ReadTables | None = None) -> tuple[Finding, ...]:
    """Returns what `bind` would complain about."""
    return tuple(_each_once(_bound(model, problem, read_tables).findings))


def missing(model: Model, problem: Problem, read_tables: ReadTables | None = None) -> tuple[str, ...]:
    """Lists the data that is still missing, as ``name: what is expected``, in the order of the model."""
    lacking = _bound(model, problem, read_tables).missing
    return tuple(f"{name}: {lacking[name]}" for name in (e.name for e in model.elements) if name in lacking)


def _bound(model: Model, problem: Problem, read_tables: ReadTables | None) -> Binding:
    places = Places(problem.formulation.text, problem.formulation.source)
    binding = Binding(model, Sources(model, problem.tables, places, read_tables), places)
    # What overflows or is undefined is looked for in the values themselves.
    with np.errstate(all="ignore"):
        binding.bind_all()
    return binding


def _each_once(findings: Sequence[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
