"""Elements to text: the canonical form, which parses back to equal elements with all comments kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from solvitur.language.elements import (
    Aggregate,
    Binary,
    Binder,
    Call,
    Choose,
    Compare,
    Comprehension,
    ConstraintElement,
    DataEntry,
    Domain,
    Element,
    Expr,
    LabelTuple,
    Listing,
    Logic,
    Model,
    Number,
    ObjectiveElement,
    ParamElement,
    Range,
    Ref,
    SetElement,
    Text,
    Unary,
    VarElement,
)
from solvitur.language.lexing import BLANK, NAME, quote
from solvitur.language.numbers import number_text
from solvitur.language.words import RESERVED

ANY, OR, AND, NOT, COMPARISON, UNION, INTERSECTION, SPAN, SUM, PRODUCT, SIGN, POWER, ATOM = range(13)
"""How tightly expressions bind, from the loosest to the tightest."""

_LEVELS = {"|": UNION, "&": INTERSECTION, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "//": PRODUCT, "%": PRODUCT}
_LINE = 100
_INDENT = "  "


# Models ------------------------------------------------------------------------------------------------------


def to_text(model: Model) -> str:
    """Writes a whole model: its elements in order, then the data section; every comment at its place."""
    parts = [element_text(element) + "\n" for element in model.elements]
    if model.data or model.data_comment:
        parts.append(_comments(model.data_comment) + "data\n")
        parts.extend(_comments(entry.comment, _INDENT) + entry_text(entry) + "\n" for entry in model.data)
    parts.append(_comments(model.trailing))
    return "".join(parts)


def element_text(element: Element) -> str:
    """Writes one element with its comments."""
    return _comments(element.comment) + _with_remark(statement_text(element), element.remark)


def statement_text(element: Element) -> str:
    """Writes one element on one line, without comments: what stands at its span."""
    writers: dict[type, Callable[[Any], list[str]]] = {
        SetElement: _set,
        ParamElement: _param,
        VarElement: _var,
        ObjectiveElement: _objective,
        ConstraintElement: _constraint,
    }
    return " ".join(part for part in writers[type(element)](element) if part)


def entry_text(entry: DataEntry) -> str:
    """Writes one entry of the data section, indented; long literals on several lines."""
    if entry.file:
        text = f"{_INDENT}{entry.name} from {quote(entry.file)}"
    else:
        head = f"{_INDENT}{entry.name} = "
        text = head + _top_literal(entry.literal, len(head))
    return _with_remark(text, entry.remark)


def _with_remark(text: str, remark: str) -> str:
    if not remark.strip(BLANK):
        return text
    remark = " ".join(remark.split("\n"))
    return f"{text}  {remark if remark.startswith('#') else '# ' + remark}"


def _comments(comment: str, indent: str = "") -> str:
    lines = comment.split("\n")[:-1] if comment.endswith("\n") else comment.split("\n") if comment else []
    return "".join(_comment_line(line.strip(BLANK), indent) + "\n" for line in lines)


def _comment_line(line: str, indent: str) -> str:
    if not line:
        return ""
    return indent + (line if line.startswith("#") else "# " + line)


# The five elements -------------------------------------------------------------------------------------------


def _set(element: SetElement) -> list[str]:
    return [
        f"set {element.name}",
        f"within {expression_text(element.within)}" if element.within else "",
        f"= {expression_text(element.value)}" if element.value else "",
        quote(element.description) if element.description else "",
    ]


def _param(element: ParamElement) -> list[str]:
    return [
        f"{element.keyword} {element.name}{indices_text(element.binders, element.condition)}",
        _bound(">" if element.lower_strict else ">=", element.lower),
        _bound("<" if element.upper_strict else "<=", element.upper),
        "" if element.domain is Domain.CONTINUOUS else element.domain.value,
        _bound("default", element.default),
        f"= {expression_text(element.value)}" if element.value else "",
        *_unit_and_description(element),
    ]


def _var(element: VarElement) -> list[str]:
    return [
        f"var {element.name}{indices_text(element.binders, element.condition)}",
        _bound(">=", element.lower),
        _bound("<=", element.upper),
        "" if element.domain is Domain.CONTINUOUS else element.domain.value,
        *_unit_and_description(element),
    ]


def _objective(element: ObjectiveElement) -> list[str]:
    sense = "minimize" if element.sense == "min" else "maximize"
    return [f"{sense} {element.name}: {expression_text(element.body)}", *_unit_and_description(element)]


def _constraint(element: ConstraintElement) -> list[str]:
    head = f"subject to {element.name}{indices_text(element.binders, element.condition)}"
    return [
        f"{head}: {expression_text(element.body)}",
        f"soft({expression_text(element.soft)})" if element.soft else "",
        *_unit_and_description(element),
    ]


def _bound(word: str, expr: Expr | None) -> str:
    """Writes a bound; comparisons and choices go into brackets, or their operators would end the bound."""
    return f"{word} {expression_text(expr, UNION)}" if expr else ""


def _unit_and_description(element: ParamElement | VarElement | ObjectiveElement | ConstraintElement) -> list[str]:
    return [
        f"unit {quote(element.unit)}" if element.unit else "",
        quote(element.description) if element.description else "",
    ]


def indices_text(binders: Sequence[Binder], condition: Expr | None = None) -> str:
    """Writes the indices of a declaration with their brackets; an empty text when there are none."""
    if not binders:
        return ""
    inside = ", ".join(_head_binder(binder) for binder in binders)
    return f"[{inside} if {expression_text(condition)}]" if condition else f"[{inside}]"


def _head_binder(binder: Binder) -> str:
    over = expression_text(binder.over, UNION)
    return f"{_targets(binder.names)} in {over}" if binder.names else over


def _targets(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


# Expressions -------------------------------------------------------------------------------------------------


def expression_text(expr: Expr, level: int = ANY) -> str:
    """Writes an expression, in brackets where it binds less tightly than ``level``."""
    text, own = _WRITERS[type(expr)](expr)
    return text if own >= level else f"({text})"


def label_text(label: object) -> str:
    """Writes a label or a number: bare where it can stand so, else quoted."""
    if isinstance(label, str):
        return label if _BARE.fullmatch(label) and label not in RESERVED else quote(label)
    if isinstance(label, tuple):
        return f"({', '.join(label_text(item) for item in label)}{',' if len(label) == 1 else ''})"
    if isinstance(label, int | float):
        return number_text(label)
    raise TypeError(f"a {type(label).__name__} is no label")


_BARE = re.compile(NAME)


def _number(expr: Number) -> tuple[str, int]:
    text = number_text(expr.value)
    return text, SIGN if text.startswith("-") else ATOM


def _text(expr: Text) -> tuple[str, int]:
    return quote(expr.value), ATOM


def _ref(expr: Ref) -> tuple[str, int]:
    return (f"{expr.name}[{_listed(expr.args)}]" if expr.args else expr.name), ATOM


def _unary(expr: Unary) -> tuple[str, int]:
    if expr.op == "not":
        return f"not {expression_text(expr.operand, NOT)}", NOT
    return f"{expr.op}{expression_text(expr.operand, SIGN)}", SIGN


def _binary(expr: Binary) -> tuple[str, int]:
    if expr.op == "**":
        return f"{expression_text(expr.left, ATOM)} ** {expression_text(expr.right, SIGN)}", POWER
    level = _LEVELS[expr.op]
    # The parser reads a + (b + c) and a + b + c as the same sum, so no brackets are needed there.
    right_level = SUM if expr.op == "+" else level + 1
    return f"{expression_text(expr.left, level)} {expr.op} {expression_text(expr.right, right_level)}", level


def _compare(expr: Compare) -> tuple[str, int]:
    first, *rest = (expression_text(operand, UNION) for operand in expr.operands)
    return " ".join([first, *(f"{op} {operand}" for op, operand in zip(expr.ops, rest, strict=True))]), COMPARISON


def _logic(expr: Logic) -> tuple[str, int]:
    level = AND if expr.op == "and" else OR
    return f" {expr.op} ".join(expression_text(operand, level + 1) for operand in expr.operands), level


def _choose(expr: Choose) -> tuple[str, int]:
    then, condition = expression_text(expr.then, OR), expression_text(expr.condition, OR)
    return f"{then} if {condition} else {expression_text(expr.otherwise)}", ANY


def _call(expr: Call) -> tuple[str, int]:
    return f"{expr.function}({_listed(expr.args)})", ATOM


def _aggregate(expr: Aggregate) -> tuple[str, int]:
    return f"{expr.function}({expression_text(expr.body)}{_loops(expr.binders, expr.condition)})", ATOM


def _range(expr: Range) -> tuple[str, int]:
    return f"{expression_text(expr.low, SUM)}..{expression_text(expr.high, SUM)}", SPAN


def _listing(expr: Listing) -> tuple[str, int]:
    return f"{{{', '.join(label_text(member) for member in expr.members)}}}", ATOM


def _comprehension(expr: Comprehension) -> tuple[str, int]:
    member = expression_text(expr.member[0]) if len(expr.member) == 1 else f"({_listed(expr.member)})"
    return f"{{{member}{_loops(expr.binders, expr.condition)}}}", ATOM


def _label_tuple(expr: LabelTuple) -> tuple[str, int]:
    return f"({_listed(expr.items)}{',' if len(expr.items) == 1 else ''})", ATOM


_WRITERS: Mapping[type, Callable[[Any], tuple[str, int]]] = {
    Number: _number,
    Text: _text,
    Ref: _ref,
    Unary: _unary,
    Binary: _binary,
    Compare: _compare,
    Logic: _logic,
    Choose: _choose,
    Call: _call,
    Aggregate: _aggregate,
    Range: _range,
    Listing: _listing,
    Comprehension: _comprehension,
    LabelTuple: _label_tuple,
}


def _listed(items: Iterable[Expr]) -> str:
    return ", ".join(expression_text(item) for item in items)


def _loops(binders: Sequence[Binder], condition: Expr | None) -> str:
    loops = "".join(f" for {_targets(b.names)} in {expression_text(b.over, OR)}" for b in binders)
    return f"{loops} if {expression_text(condition, OR)}" if condition else loops


# Data --------------------------------------------------------------------------------------------------------


def literal_text(literal: object) -> str:
    """Writes the data of one name on one line, such as ``{a: 1, b: {c: 2}}``."""
    if isinstance(literal, Range):
        return expression_text(literal)
    if isinstance(literal, Mapping):
        return f"{{{', '.join(_pair(key, value) for key, value in literal.items())}}}"
    if isinstance(literal, list):
        return f"[{', '.join(literal_text(item) for item in literal)}]"
    return label_text(literal)


def _pair(key: object, value: object) -> str:
    return f"{label_text(key)}: {literal_text(value)}"


def _top_literal(literal: object, used: int) -> str:
    """Writes the data of one name; a list of labels or tuples goes without brackets, as people write it."""
    if isinstance(literal, list):
        names = all(isinstance(item, str | int | float | tuple) for item in literal)
        bare = names and len(literal) > 1 and any(isinstance(item, str | tuple) for item in literal)
        opening, closing = ("", "") if bare else ("[", "]")
        items = [literal_text(item) for item in literal]
    elif isinstance(literal, Mapping):
        opening, closing = "{", "}"
        items = [_pair(key, value) for key, value in literal.items()]
    else:
        return literal_text(literal)
    return opening + _filled(items, used + len(opening)) + closing


def _filled(items: Sequence[str], used: int) -> str:
    lines: list[list[str]] = [[]]
    for item in items:
        if lines[-1] and used + len(item) > _LINE:
            lines.append([])
            used = 2 * len(_INDENT)
        lines[-1].append(item)
        used += len(item) + 2
    return (",\n" + 2 * _INDENT).join(", ".join(line) for line in lines)
