"""What the model knows about its data: members of sets, and which sets the indices of a parameter run over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from solvitur.gui.understand.reading import Reading
from solvitur.language.data_binding import Binding
from solvitur.language.data_sources import Sources
from solvitur.language.elements import ParamElement, SetElement
from solvitur.language.faults import Places
from solvitur.problem.document import Problem
from solvitur.problem.instance import Label

_MOST_MEMBERS = 1_000_000


@dataclass(frozen=True, eq=False)
class Known:
    """The reading, and the members of every set whose data is there (of large sets none)."""

    reading: Reading = field(default_factory=Reading)
    members: Mapping[str, tuple[tuple[Label, ...], ...]] = field(default_factory=dict)

    @property
    def sets(self) -> tuple[SetElement, ...]:
        """The sets whose members are data."""
        return tuple(e for e in self.reading.model.sets if e.value is None)

    @property
    def params(self) -> tuple[ParamElement, ...]:
        """The parameters whose values are data."""
        return tuple(e for e in self.reading.model.params if e.value is None)

    def param(self, name: str) -> ParamElement | None:
        """Returns a parameter by name."""
        return next((e for e in self.params if e.name == name), None)

    def index_sets(self, name: str) -> tuple[str, ...]:
        """Returns the set that each index of a parameter runs over (or label of a set's members comes from)."""
        symbol = self.reading.symbols.get(name)
        return symbol.factors if symbol is not None else ()

    def headers(self, name: str) -> tuple[str, ...]:
        """Returns heads for the index columns of a parameter, or for the labels of a set, that tell them apart."""
        sets = self.index_sets(name)
        element = self.reading.element(name)
        if isinstance(element, SetElement):
            arity = (self.reading.symbols[name].arity or 1) if name in self.reading.symbols else 1
            sets = sets if len(sets) == arity and arity > 1 else (name,) * arity
            indices: tuple[str, ...] = ()
        else:
            binders = element.binders if isinstance(element, ParamElement) else ()
            indices = tuple(index for binder in binders for index in binder.names)
        counts = Counter(sets)
        made = []
        for position, each in enumerate(sets):
            if each and counts[each] == 1:
                made.append(each)
            else:
                made.append(indices[position] if len(indices) == len(sets) else f"{each or 'index'} {position + 1}")
        return tuple(made)


def known_of(reading: Reading, problem: Problem) -> Known:
    """Binds as much of the model as there is data for; takes as long as binding does."""
    places = Places(reading.text, problem.formulation.source)
    binding = Binding(reading.model, Sources(reading.model, problem.tables, places), places)
    binding.bind_all()
    members = {name: space.labels for name, space in binding.sets.items() if space.count <= _MOST_MEMBERS}
    return Known(reading, members)
