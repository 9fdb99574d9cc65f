"""What an expression can stand for, and how it can depend on the variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from solvitur.language.elements import Binary, Number, Ref
from solvitur.language.symbols import Symbol

CONSTANT, LINEAR, QUADRATIC, NONLINEAR, LOGICAL = range(5)
"""How an expression depends on the variables; ``LOGICAL``: through conditions, such as ``implies``."""


class Nature(Enum):
    """What an expression stands for."""

    NUMBER = "a number"
    LABEL = "a label"
    INDEX = "an index"
    SET = "a set"
    CONDITION = "a condition"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judged:
    """What an expression stands for, its degree in the variables, and for indices and sets their shape."""

    nature: Nature
    degree: int = CONSTANT
    width: int | None = 1
    """Labels per member."""
    factors: tuple[str, ...] = ()
    """The sets that the labels of an index or a member come from; empty names where that is not known."""

    @property
    def size(self) -> int | None:
        """How many indices it fills in a name's square brackets."""
        return self.width if self.nature is Nature.INDEX else 1


def total(sizes: Sequence[int | None]) -> int | None:
    """Adds sizes up; None when one is unknown."""
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def product_of(left: Judged, right: Judged) -> Judged:
    """Returns the shape of the product of two sets."""
    factors = left.factors + right.factors if left.factors and right.factors else ()
    return Judged(Nature.SET, CONSTANT, total([left.width, right.width]), factors)


def degree_of(expr: Binary, left: int, right: int) -> int:
    """Returns the degree of a product, quotient, remainder or power from those of its operands."""
    if LOGICAL in (left, right):
        return LOGICAL
    if left == right == CONSTANT:
        return CONSTANT
    if expr.op == "*":
        return min(left + right, NONLINEAR)
    if expr.op == "/" and right == CONSTANT:
        return left
    if expr.op == "**" and isinstance(expr.right, Number) and expr.right.value in (0, 1, 2):
        return min(left * int(expr.right.value), NONLINEAR)
    return NONLINEAR


def counted(number: int, thing: str) -> str:
    """Returns ``1 label`` or ``2 labels``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def shortened(text: str, longest: int = 60) -> str:
    """Returns a text cut to a readable length."""
    return text if len(text) <= longest else text[: longest - 3] + "..."


def wrong_arity(expr: Ref, symbol: Symbol, given: int) -> str:
    """Returns the sentence about a name with the wrong number of indices."""
    wanted = symbol.arity or 0
    named = bool(wanted) and all(symbol.factors) and len(symbol.factors) == wanted
    shape = f"{expr.name}[{', '.join(symbol.factors)}]" if named else f"'{expr.name}'"
    takes = {0: "no indices", 1: "one index"}.get(wanted, f"{wanted} indices")
    has = {0: "none is", 1: "one is"}.get(given, f"{given} are")
    return f"{shape} takes {takes}, but {has} given."
