"""Which names an expression uses: those it does not bind itself."""

from __future__ import annotations

from collections.abc import Iterator

from solvitur.language.elements import (
    Aggregate,
    Binary,
    Binder,
    Call,
    Choose,
    Compare,
    Comprehension,
    ConstraintElement,
    Element,
    Expr,
    LabelTuple,
    Logic,
    ObjectiveElement,
    ParamElement,
    Range,
    Ref,
    SetElement,
    Unary,
    VarElement,
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """Returns the direct parts of an expression that binds nothing."""
    match expr:
        case Ref():
            return expr.args
        case Unary():
            return (expr.operand,)
        case Binary():
            return (expr.left, expr.right)
        case Compare() | Logic():
            return expr.operands
        case Choose():
            return (expr.condition, expr.then, expr.otherwise)
        case Call():
            return expr.args
        case Range():
            return (expr.low, expr.high)
        case LabelTuple():
            return expr.items
        case _:
            return ()


def names_used(expr: Expr) -> frozenset[str]:
    """Returns all names that an expression refers to, without the indices that it binds itself."""
    if isinstance(expr, Aggregate | Comprehension):
        body = (expr.body,) if isinstance(expr, Aggregate) else expr.member
        return _bound(expr.binders, (*body, *([expr.condition] if expr.condition is not None else [])))
    own = frozenset((expr.name,)) if isinstance(expr, Ref) else frozenset()
    return own.union(*(names_used(child) for child in children(expr)))


def _bound(binders: tuple[Binder, ...], inside: tuple[Expr, ...]) -> frozenset[str]:
    used: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    for binder in binders:
        used |= names_used(binder.over) - names
        names |= frozenset(binder.names)
    return used.union(*(names_used(expr) for expr in inside)) - names if inside else used


def names_in(binders: tuple[Binder, ...], *inside: Expr | None) -> frozenset[str]:
    """Returns the names that an element with binders refers to."""
    return _bound(binders, tuple(expr for expr in inside if expr is not None))


def expressions_in(expr: Expr) -> Iterator[Expr]:
    """Yields an expression and all its parts."""
    yield expr
    if isinstance(expr, Aggregate | Comprehension):
        for binder in expr.binders:
            yield from expressions_in(binder.over)
        parts = (expr.body,) if isinstance(expr, Aggregate) else expr.member
        for part in (*parts, *([expr.condition] if expr.condition is not None else [])):
            yield from expressions_in(part)
    for child in children(expr):
        yield from expressions_in(child)


def binders_in(element: Element) -> Iterator[Binder]:
    """Yields all binders of an element, those inside its expressions too."""
    binders = getattr(element, "binders", ())
    yield from binders
    roots: list[Expr | None] = [binder.over for binder in binders]
    match element:
        case SetElement():
            roots += [element.within, element.value]
        case ParamElement():
            roots += [element.condition, element.lower, element.upper, element.default, element.value]
        case VarElement():
            roots += [element.condition, element.lower, element.upper]
        case ObjectiveElement():
            roots += [element.body]
        case ConstraintElement():
            roots += [element.condition, element.body, element.soft]
    for root in roots:
        for part in expressions_in(root) if root is not None else ():
            if isinstance(part, Aggregate | Comprehension):
                yield from part.binders
