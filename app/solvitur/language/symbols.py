"""What each name of a model stands for: its role, how many indices it takes, and over which sets they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from solvitur.language.elements import (
    Aggregate,
    Binary,
    Binder,
    Choose,
    Compare,
    Comprehension,
    DataEntry,
    Element,
    Expr,
    LabelTuple,
    Listing,
    Model,
    ObjectiveElement,
    ParamElement,
    Range,
    Ref,
    SetElement,
    VarElement,
)
from solvitur.language.names_used import expressions_in

Role = Literal["set", "param", "var", "objective", "constraint", "index"]
_MAX_CHAIN = 50
"""Most sets that are followed from one to the next; beyond, shapes stay unknown."""
_MAX_LABELS = 64
"""Most labels per member."""


@dataclass(frozen=True)
class Symbol:
    """A name of the model. ``arity`` counts indices (for a set: labels per member); None when only the data tells."""

    name: str
    role: Role
    arity: int | None
    element: Element
    factors: tuple[str, ...] = ()
    """For every index the set that it runs over, empty where that is no plain set; may be shorter when unknown."""

    @property
    def title(self) -> str:
        """What the user calls it: ``the parameter 'cost'``."""
        return f"the {ROLE_TITLES[self.role]} '{self.name}'"


ROLE_TITLES: Mapping[Role, str] = {
    "set": "set",
    "param": "parameter",
    "var": "variable",
    "objective": "objective",
    "constraint": "constraint",
    "index": "index",
}


def role_of(element: Element) -> Role:
    """Returns the role of an element."""
    if isinstance(element, SetElement):
        return "set"
    if isinstance(element, ParamElement):
        return "param"
    if isinstance(element, VarElement):
        return "var"
    return "objective" if isinstance(element, ObjectiveElement) else "constraint"


def binders_of(element: Element) -> tuple[Binder, ...]:
    """Returns the binders of an element; none for a set or an objective."""
    return () if isinstance(element, SetElement | ObjectiveElement) else element.binders


class Shapes:
    """Finds how many labels the members of sets have, and from which sets they come, before any data is known."""

    def __init__(self, model: Model) -> None:
        self._sets: dict[str, SetElement] = {}
        for element in model.sets:
            self._sets.setdefault(element.name, element)
        self._data: dict[str, DataEntry] = {entry.name: entry for entry in model.data}
        self._dimensions: dict[str, int | None] = {}
        self._factors: dict[str, tuple[str, ...]] = {}
        self._depth = 0
        self._used_as = _tuples_in_use(model)

    def dimension(self, expr: Expr) -> int | None:
        """Returns how many labels a member of the set has, or None when only the data tells."""
        if isinstance(expr, Ref):
            return self.set_dimension(expr.name) if expr.name in self._sets else None
        if isinstance(expr, Range):
            return 1
        if isinstance(expr, Listing):
            first = expr.members[0] if expr.members else ()
            return len(first) or None if isinstance(first, tuple) else 1
        if isinstance(expr, Comprehension):
            return self._comprehension_dimension(expr)
        if isinstance(expr, Choose):
            return self.dimension(expr.then)
        if isinstance(expr, Binary):
            left, right = self.dimension(expr.left), self.dimension(expr.right)
            if expr.op == "*":
                return None if left is None or right is None else left + right
            return left if left is not None else right
        return None

    def set_dimension(self, name: str) -> int | None:
        """Returns how many labels a member of the named set has, or None when only the data tells."""
        if name not in self._dimensions:
            self._dimensions[name] = None  # a set that is defined through itself stays unknown
            element = self._sets[name]
            expr = element.within or element.value
            self._depth += 1
            if expr is None:
                self._dimensions[name] = self._given_dimension(name)
            elif self._depth <= _MAX_CHAIN:
                size = self.dimension(expr)
                self._dimensions[name] = size if size is not None and size <= _MAX_LABELS else None
            self._depth -= 1
        return self._dimensions[name]

    def _given_dimension(self, name: str) -> int:
        """Takes the shape from the data section, else from uses such as ``(i, j) in Arcs``, else one label."""
        literal = self._data[name].literal if name in self._data else None
        if isinstance(literal, list) and literal and isinstance(literal[0], tuple):
            return len(literal[0])
        if isinstance(literal, list | tuple | str | int | float | Range) and literal != []:
            return len(literal) if isinstance(literal, tuple) else 1
        return self._used_as.get(name, 1)

    def _comprehension_dimension(self, expr: Comprehension) -> int | None:
        widths = self.index_widths(expr.binders)
        sizes = [widths.get(m.name, 1) if isinstance(m, Ref) and not m.args else 1 for m in expr.member]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def index_widths(self, binders: Sequence[Binder]) -> dict[str, int | None]:
        """Returns for every index name how many labels it stands for."""
        widths: dict[str, int | None] = {}
        for binder in binders:
            if len(binder.names) == 1:
                widths[binder.names[0]] = self.dimension(binder.over)
            else:
                widths.update(dict.fromkeys(binder.names, 1))
        return widths

    def arity(self, binders: Sequence[Binder]) -> int | None:
        """Returns how many indices a declaration's binders ask for."""
        sizes = [self._binder_arity(binder) for binder in binders]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def _binder_arity(self, binder: Binder) -> int | None:
        return len(binder.names) if len(binder.names) > 1 else self.dimension(binder.over)

    def factors(self, expr: Expr) -> tuple[str, ...]:
        """Returns the sets that a member's labels come from: ``(Nodes, Nodes)`` for arcs within Nodes * Nodes."""
        if isinstance(expr, Ref) and expr.name in self._sets:
            return self._set_factors(expr.name)
        if isinstance(expr, Binary) and expr.op == "*":
            left, right = self.factors(expr.left), self.factors(expr.right)
            known = left and right and len(left) + len(right) <= _MAX_LABELS
            return left + right if known else ()
        if isinstance(expr, Range):
            return ("",)
        return self.factors(expr.left) if isinstance(expr, Binary) else ()

    def _set_factors(self, name: str) -> tuple[str, ...]:
        if name not in self._factors:
            self._factors[name] = ()  # a set that is defined through itself stays unknown
            within = self._sets[name].within
            self._depth += 1
            if within is None:
                self._factors[name] = (name,) if self.set_dimension(name) in (1, None) else ()
            elif self._depth <= _MAX_CHAIN:
                inner = self.factors(within)
                self._factors[name] = inner if len(inner) > 1 else (name,)
            self._depth -= 1
        return self._factors[name]

    def root(self, name: str) -> str:
        """Follows ``within`` up to the set whose labels are given as data; empty when that cannot be told."""
        for _ in range(_MAX_CHAIN):
            element = self._sets.get(name)
            if element is None:
                return ""
            if element.within is None:
                return name if element.value is None else ""
            if not isinstance(element.within, Ref):
                return ""
            name = element.within.name
        return ""


def _tuples_in_use(model: Model) -> dict[str, int]:
    """Returns how many labels the members of sets have where they are taken apart, as in ``(i, j) in Arcs``."""
    found: dict[str, int] = {}
    for part in _parts(model):
        if isinstance(part, Binder):
            size, over = len(part.names), part.over
        elif isinstance(part, Compare) and isinstance(part.operands[0], LabelTuple):
            size, over = len(part.operands[0].items), part.operands[1]
        else:
            continue
        if size > 1 and isinstance(over, Ref) and not over.args:
            found.setdefault(over.name, size)
    return found


def all_binders(model: Model) -> dict[str, Binder]:
    """Returns for every index name of the model the first binder that binds it."""
    found: dict[str, Binder] = {}
    for part in _parts(model):
        if isinstance(part, Binder):
            for name in part.names:
                found.setdefault(name, part)
    return found


def _parts(model: Model) -> Iterator[Expr | Binder]:
    """Yields all binders of a model, and all expressions with all their parts."""
    for element in model.elements:
        yield from binders_of(element)
        for expr in expressions_of(element):
            for part in expressions_in(expr):
                yield part
                if isinstance(part, Aggregate | Comprehension):
                    yield from part.binders


def expressions_of(element: Element) -> Iterator[Expr]:
    """Yields the expressions that stand in an element, the sets of its binders included, in the order of the text."""
    for binder in binders_of(element):
        yield binder.over
    names = ("condition", "within", "lower", "upper", "default", "value", "body", "soft")
    for name in names:
        expr = getattr(element, name, None)
        if expr is not None:
            yield expr


def symbols_of(model: Model, shapes: Shapes) -> dict[str, Symbol]:
    """Returns the symbol of every name; of two elements with one name the first counts, indices come last."""
    found: dict[str, Symbol] = {}
    for element in model.elements:
        if element.name in found:
            continue
        if isinstance(element, SetElement):
            reference = Ref(element.name)
            found[element.name] = Symbol(
                element.name, "set", shapes.set_dimension(element.name), element, shapes.factors(reference)
            )
            continue
        binders = binders_of(element)
        factors: tuple[str, ...] = ()
        for binder in binders:
            own = shapes.factors(binder.over)
            factors += own or ("",) * (shapes.dimension(binder.over) or 1)
        found[element.name] = Symbol(element.name, role_of(element), shapes.arity(binders), element, factors)
    return found
