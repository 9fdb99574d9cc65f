"""The five elements as frozen values: sets, parameters, variables, objectives, constraints, and their data.

Every node carries the `Span` it was read from, so that findings, editors and links point at the user's own text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from solvitur.problem.instance import Label
from solvitur.problem.records import Record


@dataclass(frozen=True)
class Span(Record, tag="span"):
    """Character offsets in the model's text, end exclusive."""

    start: int = 0
    end: int = 0


_NOWHERE = Span()


# Expressions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number(Record, tag="e-number"):
    """A literal number."""

    value: float | int
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Text(Record, tag="e-text"):
    """A literal label, quoted in the text."""

    value: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Ref(Record, tag="e-ref"):
    """A name, indexed or not: a parameter, variable, set or bound index."""

    name: str
    args: tuple[Expr, ...] = ()
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Unary(Record, tag="e-unary"):
    """``-``, ``+`` or ``not`` applied to one operand."""

    op: str
    operand: Expr
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Binary(Record, tag="e-binary"):
    """``+ - * / // % **`` between two operands; between sets also ``*`` (product) ``| & -``."""

    op: str
    left: Expr
    right: Expr
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Compare(Record, tag="e-compare"):
    """A comparison, possibly chained: ``operands[0] ops[0] operands[1] ops[1] ...``; ops also ``in``, ``not in``."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Logic(Record, tag="e-logic"):
    """``and`` or ``or`` over two or more operands."""

    op: str
    operands: tuple[Expr, ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Choose(Record, tag="e-choose"):
    """``then if condition else otherwise``, the condition on data only."""

    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Call(Record, tag="e-call"):
    """A function of listed arguments: ``abs(x)``, ``min(a, b)``, ``implies(a, b)``, ``len(S)`` ..."""

    function: str
    args: tuple[Expr, ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Binder(Record, tag="binder"):
    """``(i, j) in Arcs`` or ``p in Plants``; without names (as in ``param cost[Plants]``) only the set counts."""

    names: tuple[str, ...]
    over: Expr
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Aggregate(Record, tag="e-aggregate"):
    """``sum min max count all any prod all_different`` of a body over binders with an optional filter."""

    function: str
    body: Expr
    binders: tuple[Binder, ...]
    condition: Expr | None = None
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Range(Record, tag="e-range"):
    """``low..high``, both ends included, of whole numbers."""

    low: Expr
    high: Expr
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Listing(Record, tag="e-listing"):
    """A set written out: ``{Seattle, "San Diego", 3}`` or tuples ``{(a, b), (b, c)}``."""

    members: tuple[Label | tuple[Label, ...], ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Comprehension(Record, tag="e-comprehension"):
    """``{(i, j) for i in A for j in B if i != j}``: a set computed from sets and data."""

    member: tuple[Expr, ...]
    binders: tuple[Binder, ...]
    condition: Expr | None = None
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class LabelTuple(Record, tag="e-tuple"):
    """``(i, j)`` before ``in`` or ``not in``: several labels looked up as one member of a set of tuples."""

    items: tuple[Expr, ...]
    span: Span = field(default=_NOWHERE, compare=False)


Expr = (
    Number
    | Text
    | Ref
    | Unary
    | Binary
    | Compare
    | Logic
    | Choose
    | Call
    | Aggregate
    | Range
    | Listing
    | Comprehension
    | LabelTuple
)


# Elements ----------------------------------------------------------------------------------------------------


class Domain(StrEnum):
    """What values a variable (or a parameter's data) may take."""

    CONTINUOUS = "continuous"
    INTEGER = "integer"
    BINARY = "binary"
    SEMI_CONTINUOUS = "semicontinuous"


@dataclass(frozen=True)
class SetElement(Record, tag="set"):
    """``set Arcs within Nodes * Nodes``; ``value`` when it is given in the declaration."""

    name: str
    within: Expr | None = None
    value: Expr | None = None
    description: str = ""
    span: Span = field(default=_NOWHERE, compare=False)
    name_span: Span = field(default=_NOWHERE, compare=False)
    comment: str = ""
    """Comments and blank lines just above, each line ending in a newline; kept so that text round-trips."""
    remark: str = ""
    """The comment at the end of the last line, with its ``#``."""


@dataclass(frozen=True)
class ParamElement(Record, tag="param"):
    """``param cost[Plants, Markets] >= 0 default 1 unit "$"``; with ``value`` it is computed (``let`` or ``=``)."""

    name: str
    binders: tuple[Binder, ...] = ()
    condition: Expr | None = None
    lower: Expr | None = None
    upper: Expr | None = None
    domain: Domain = Domain.CONTINUOUS
    default: Expr | None = None
    value: Expr | None = None
    unit: str = ""
    description: str = ""
    span: Span = field(default=_NOWHERE, compare=False)
    name_span: Span = field(default=_NOWHERE, compare=False)
    comment: str = ""
    keyword: str = "param"
    remark: str = ""
    lower_strict: bool = False
    """True for ``> bound``: data must lie above the bound."""
    upper_strict: bool = False
    """True for ``< bound``."""


@dataclass(frozen=True)
class VarElement(Record, tag="var"):
    """``var ship[p in Plants, m in Markets] >= 0 integer``."""

    name: str
    binders: tuple[Binder, ...] = ()
    condition: Expr | None = None
    lower: Expr | None = None
    upper: Expr | None = None
    domain: Domain = Domain.CONTINUOUS
    unit: str = ""
    description: str = ""
    span: Span = field(default=_NOWHERE, compare=False)
    name_span: Span = field(default=_NOWHERE, compare=False)
    comment: str = ""
    remark: str = ""


@dataclass(frozen=True)
class ObjectiveElement(Record, tag="objective"):
    """``minimize freight: expression``; ``sense`` is ``min`` or ``max``."""

    name: str
    sense: str
    body: Expr
    unit: str = ""
    description: str = ""
    span: Span = field(default=_NOWHERE, compare=False)
    name_span: Span = field(default=_NOWHERE, compare=False)
    comment: str = ""
    remark: str = ""


@dataclass(frozen=True)
class ConstraintElement(Record, tag="constraint"):
    """``subject to name[i in I]: left <= right``; ``soft`` is the penalty per unit of violation."""

    name: str
    body: Expr
    binders: tuple[Binder, ...] = ()
    condition: Expr | None = None
    soft: Expr | None = None
    unit: str = ""
    description: str = ""
    span: Span = field(default=_NOWHERE, compare=False)
    name_span: Span = field(default=_NOWHERE, compare=False)
    comment: str = ""
    remark: str = ""


Element = SetElement | ParamElement | VarElement | ObjectiveElement | ConstraintElement


@dataclass(frozen=True)
class DataEntry(Record, tag="data-entry"):
    """One line of the data section: a name and either a literal (numbers, labels, lists, dicts) or a file."""

    name: str
    literal: object = None
    """A number, a label, a list of these, of tuples or of lists, a dict with labels or tuples of labels as keys and
    any of these as values, or a `Range` of two numbers; None when the data comes ``from`` a file."""
    file: str = ""
    span: Span = field(default=_NOWHERE, compare=False)
    comment: str = ""
    remark: str = ""
    name_span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True)
class Model(Record, tag="model"):
    """A whole model in the order of its text."""

    elements: tuple[Element, ...] = ()
    data: tuple[DataEntry, ...] = ()
    data_comment: str = ""
    """Comments just above the ``data`` line, each line ending in a newline."""
    trailing: str = ""
    """Comments after the last element or entry."""

    @property
    def sets(self) -> tuple[SetElement, ...]:
        """The sets in order."""
        return tuple(e for e in self.elements if isinstance(e, SetElement))

    @property
    def params(self) -> tuple[ParamElement, ...]:
        """The parameters in order."""
        return tuple(e for e in self.elements if isinstance(e, ParamElement))

    @property
    def variables(self) -> tuple[VarElement, ...]:
        """The variables in order."""
        return tuple(e for e in self.elements if isinstance(e, VarElement))

    @property
    def objectives(self) -> tuple[ObjectiveElement, ...]:
        """The objectives in order."""
        return tuple(e for e in self.elements if isinstance(e, ObjectiveElement))

    @property
    def constraints(self) -> tuple[ConstraintElement, ...]:
        """The constraints in order."""
        return tuple(e for e in self.elements if isinstance(e, ConstraintElement))

    def element(self, name: str) -> Element | None:
        """Returns the element of that name, or None."""
        return next((e for e in self.elements if e.name == name), None)
