"""Expressions in LaTeX: sums with what they run over below, fractions, powers, sets in mathematical notation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from solvitur.language.elements import (
    Aggregate,
    Binary,
    Binder,
    Call,
    Choose,
    Compare,
    Comprehension,
    Expr,
    LabelTuple,
    Listing,
    Logic,
    Number,
    Range,
    Ref,
    Text,
    Unary,
)
from solvitur.language.formula_words import name_latex, number_latex, text_latex
from solvitur.language.printing import AND, ANY, ATOM, COMPARISON, NOT, OR, POWER, PRODUCT, SIGN, SUM

_MOST_TERMS = 24
_MOST_MEMBERS = 8
_COMPARE = {
    "<=": r"\le",
    ">=": r"\ge",
    "==": "=",
    "!=": r"\ne",
    "<": "<",
    ">": ">",
    "in": r"\in",
    "not in": r"\notin",
}
_SETS = {"*": r"\times", "|": r"\,\cup\,", "&": r"\,\cap\,", "-": r"\,\setminus\,"}
_BIG = {"sum": r"\sum", "prod": r"\prod", "min": r"\min", "max": r"\max"}
_SMALL = {"exp": r"\exp", "log": r"\ln", "sin": r"\sin", "cos": r"\cos", "min": r"\min", "max": r"\max"}


def formula(expr: Expr, level: int = ANY) -> str:
    """Returns an expression in LaTeX, in brackets where it binds less tightly than ``level``."""
    text, own = _WRITERS[type(expr)](expr)
    return text if own >= level else rf"\left({text}\right)"


def set_formula(expr: Expr, level: int = ANY) -> str:
    """Returns a set in LaTeX: products, unions and differences of sets have other signs than those of numbers."""
    if isinstance(expr, Binary) and expr.op in _SETS:
        own = PRODUCT if expr.op == "*" else SUM
        text = f"{set_formula(expr.left, own)} {_SETS[expr.op]} {set_formula(expr.right, own + 1)}"
        return text if own >= level else rf"\left({text}\right)"
    return formula(expr, level)


def _number(expr: Number) -> tuple[str, int]:
    text = number_latex(expr.value)
    return text, SIGN if text.startswith("-") else PRODUCT if "cdot" in text else ATOM


def _text(expr: Text) -> tuple[str, int]:
    return text_latex(expr.value), ATOM


def _ref(expr: Ref) -> tuple[str, int]:
    if not expr.args:
        return name_latex(expr.name), ATOM
    return f"{name_latex(expr.name)}_{{{_listed(expr.args)}}}", ATOM


def _unary(expr: Unary) -> tuple[str, int]:
    if expr.op == "not":
        return rf"\neg {formula(expr.operand, COMPARISON + 1)}", NOT
    return f"{expr.op}{formula(expr.operand, PRODUCT)}", SIGN


def _binary(expr: Binary) -> tuple[str, int]:
    if expr.op in ("|", "&"):
        return set_formula(expr), SUM
    if expr.op in ("+", "-"):
        return _sum(expr), SUM
    if expr.op == "*":
        return _product(expr), PRODUCT
    if expr.op == "/":
        return rf"\frac{{{formula(expr.left)}}}{{{formula(expr.right)}}}", POWER
    if expr.op == "//":
        return rf"\left\lfloor \frac{{{formula(expr.left)}}}{{{formula(expr.right)}}} \right\rfloor", ATOM
    if expr.op == "%":
        return rf"{formula(expr.left, PRODUCT)} \;\mathrm{{mod}}\; {formula(expr.right, SIGN)}", PRODUCT
    return f"{{{formula(expr.left, ATOM)}}}^{{{formula(expr.right)}}}", POWER


def _sum(expr: Binary) -> str:
    """Writes a sum; of a very long one only the beginning and the end."""
    terms = _terms(expr)
    if len(terms) > _MOST_TERMS:
        kept = [_signed(op, term) for op, term in terms[: _MOST_TERMS // 2]]
        text = "".join([*kept, r" + \cdots", *(_signed(op, term) for op, term in terms[-2:])])
    else:
        text = "".join(_signed(op, term) for op, term in terms)
    return text.removeprefix(" + ")


def _terms(expr: Expr) -> list[tuple[str, Expr]]:
    found: list[tuple[str, Expr]] = []
    waiting: list[tuple[str, Expr]] = [("+", expr)]
    while waiting:
        op, term = waiting.pop()
        if op == "+" and isinstance(term, Binary) and term.op in ("+", "-"):
            waiting.append((term.op, term.right))
            waiting.append(("+", term.left))
        else:
            found.append((op, term))
    return found


def _signed(op: str, term: Expr) -> str:
    text = formula(term, PRODUCT)
    return f" {op} \\left({text}\\right)" if op == "-" and text.startswith("-") else f" {op} {text}"


def _product(expr: Binary) -> str:
    left, right = formula(expr.left, PRODUCT), formula(expr.right, SIGN)
    if right.startswith(("-", "+")):
        right = rf"\left({right}\right)"
    dotted = right[:1].isdigit() or isinstance(expr.right, Choose)
    return rf"{left} \cdot {right}" if dotted else rf"{left} \, {right}"


def _compare(expr: Compare) -> tuple[str, int]:
    pieces = [formula(expr.operands[0], COMPARISON + 1)]
    for op, operand in zip(expr.ops, expr.operands[1:], strict=True):
        write = set_formula if op in ("in", "not in") else formula
        pieces.append(f"{_COMPARE[op]} {write(operand, COMPARISON + 1)}")
    return " ".join(pieces), COMPARISON


def _logic(expr: Logic) -> tuple[str, int]:
    level, sign = (AND, r" \;\wedge\; ") if expr.op == "and" else (OR, r" \;\vee\; ")
    return sign.join(formula(operand, level + 1) for operand in expr.operands), level


def _choose(expr: Choose) -> tuple[str, int]:
    cases: list[str] = []
    rest: Expr = expr
    while isinstance(rest, Choose):
        cases.append(rf"{formula(rest.then)} & \text{{if }} {formula(rest.condition)}")
        rest = rest.otherwise
    cases.append(rf"{formula(rest)} & \text{{otherwise}}")
    rows = r" \\ ".join(cases)
    return rf"\begin{{cases}} {rows} \end{{cases}}", SUM


def _call(expr: Call) -> tuple[str, int]:
    function, args = expr.function, expr.args
    if function == "abs":
        return rf"\left|{formula(args[0])}\right|", ATOM
    if function in ("len", "card"):
        return rf"\left|{set_formula(args[0])}\right|", ATOM
    if function == "sqrt":
        return rf"\sqrt{{{formula(args[0])}}}", ATOM
    if function in ("implies", "iff"):
        sign = r"\;\Rightarrow\;" if function == "implies" else r"\;\Leftrightarrow\;"
        return f"{formula(args[0], OR + 1)} {sign} {formula(args[1], OR + 1)}", ANY
    if function in _SMALL:
        return rf"{_SMALL[function]}\left({_listed(args)}\right)", ATOM
    return rf"{name_latex(function)}\left({_listed(args)}\right)", ATOM


def _aggregate(expr: Aggregate) -> tuple[str, int]:
    over = _over(expr.binders, expr.condition)
    function = expr.function
    if function in _BIG:
        return f"{_BIG[function]}_{{{over}}} {formula(expr.body, PRODUCT)}", PRODUCT
    if function == "count":
        return rf"\left|\left\{{ {over} \,:\, {formula(expr.body)} \right\}}\right|", ATOM
    if function in ("all", "any"):
        sign = r"\forall" if function == "all" else r"\exists"
        return rf"{sign}\, {over} \,:\; {formula(expr.body, COMPARISON)}", NOT
    return rf"{name_latex(function)}_{{{over}}}\left({formula(expr.body)}\right)", ATOM


def _over(binders: Sequence[Binder], condition: Expr | None) -> str:
    loops = r",\, ".join(rf"{_targets(b.names)} \in {set_formula(b.over)}" for b in binders)
    return loops + (rf" \,:\, {formula(condition)}" if condition is not None else "")


def _targets(names: Sequence[str]) -> str:
    latex = [name_latex(name) for name in names]
    return latex[0] if len(latex) == 1 else rf"\left({', '.join(latex)}\right)"


def _range(expr: Range) -> tuple[str, int]:
    return rf"\left\{{ {formula(expr.low)}, \dots, {formula(expr.high)} \right\}}", ATOM


def _listing(expr: Listing) -> tuple[str, int]:
    members = [_member(member) for member in expr.members[:_MOST_MEMBERS]]
    if len(expr.members) > _MOST_MEMBERS:
        members.append(r"\dots")
    return (rf"\left\{{ {', '.join(members)} \right\}}" if members else r"\emptyset"), ATOM


def _member(member: object) -> str:
    if isinstance(member, tuple):
        return rf"\left({', '.join(_member(label) for label in member)}\right)"
    return number_latex(member) if isinstance(member, int | float) else text_latex(str(member))


def _comprehension(expr: Comprehension) -> tuple[str, int]:
    member = formula(expr.member[0]) if len(expr.member) == 1 else rf"\left({_listed(expr.member)}\right)"
    return rf"\left\{{ {member} \,:\, {_over(expr.binders, expr.condition)} \right\}}", ATOM


def _label_tuple(expr: LabelTuple) -> tuple[str, int]:
    return rf"\left({_listed(expr.items)}\right)", ATOM


def _listed(items: Sequence[Expr]) -> str:
    return ", ".join(formula(item) for item in items)


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
