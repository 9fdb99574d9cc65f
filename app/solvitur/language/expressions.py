"""Expressions: Python's parser on masked text, then its tree mapped, node by allowed node, to our own elements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
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
    Span,
    Text,
    Unary,
)
from solvitur.language.faults import Fault
from solvitur.language.lexing import Token, unquote
from solvitur.language.numbers import number_value
from solvitur.language.sequence import masked
from solvitur.language.words import AGGREGATES, ARGUMENTS, FUNCTIONS, INFINITY_WORDS, RESERVED, nearest
from solvitur.problem.instance import Label
from solvitur.problem.syntax import expression_tree

MAX_DEPTH = 100
"""Most levels of an expression's tree; every walker of trees may rely on it."""
MAX_TERMS = 2000
"""Most terms of one sum that is written out; Python's own parser gives up at about 2,500."""
_CHUNK = 50
"""Long sums become sums of chunks of this many terms, which keeps their trees shallow."""

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitOr: "|",
    ast.BitAnd: "&",
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}

_COUNTED = {1: "one argument", 2: "two arguments", 3: "an expression and two points"}


def read_expression(text: str, tokens: Sequence[Token]) -> Expr:
    """Reads one expression from its tokens.

    Raises
    ------
    Fault
        If the tokens are no expression of the language.
    """
    if len(tokens) == 1 and tokens[0].kind in ("name", "number") and tokens[0].text not in RESERVED:
        return _single(tokens[0])
    source = masked(tokens)
    base = tokens[0].start
    if tokens[-1].text == ",":
        raise Fault("A value is missing after the ','.", tokens[-1].start, tokens[-1].end)
    try:
        tree = expression_tree(source)
    except SyntaxError as error:
        at = base + min(max((error.offset or 1) - 1, 0), len(source) - 1)
        raise Fault("The expression cannot be read from here on.", at, base + len(source)) from None
    except (RecursionError, MemoryError):
        raise Fault(
            "This expression is too long or nested too deeply; use sum(... for ...) or 'let'.",
            base,
            tokens[-1].end,
        ) from None
    return _Mapper(text, base).expression(tree)


def _single(token: Token) -> Expr:
    span = Span(token.start, token.end)
    if token.kind == "number":
        return Number(number_value(token.text, token.start, token.end), span)
    return Ref(token.text, (), span)


class _Mapper:
    """Maps nodes of Python's tree to ours; whatever is not listed is refused by name."""

    def __init__(self, text: str, base: int) -> None:
        self._text = text
        self._base = base
        self._depth = 0
        self._maps: dict[type[ast.AST], Callable[[Any], Expr]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Subscript: self._subscript,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._binary,
            ast.BoolOp: self._logic,
            ast.Compare: self._compare,
            ast.IfExp: self._choose,
            ast.Call: self._call,
            ast.Set: self._listing,
            ast.SetComp: self._comprehension,
            ast.Dict: self._braces,
            ast.Tuple: self._tuple,
        }

    def expression(self, node: ast.expr) -> Expr:
        """Maps one node."""
        mapping = self._maps.get(type(node))
        if mapping is None:
            raise self._refused(node)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fault("This expression is nested too deeply; split it with 'let'.", node)
        mapped = mapping(node)
        self._depth -= 1
        return mapped

    # Places --------------------------------------------------------------------------------------------------

    def _span(self, node: ast.expr) -> Span:
        return Span(self._base + node.col_offset, self._base + (node.end_col_offset or node.col_offset))

    def _slice(self, node: ast.expr) -> str:
        span = self._span(node)
        return self._text[span.start : span.end]

    def _fault(self, sentence: str, node: ast.expr, fix: str = "") -> Fault:
        span = self._span(node)
        return Fault(sentence, span.start, span.end, fix)

    def _refused(self, node: ast.expr) -> Fault:
        if isinstance(node, ast.GeneratorExp | ast.ListComp):
            return self._fault("'for' belongs inside a function, such as sum(... for i in S).", node)
        if isinstance(node, ast.List):
            return self._fault("Square brackets hold indices; a set is written {a, b}.", node)
        return self._fault("This is not part of the modelling language.", node)

    # Leaves --------------------------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant) -> Expr:
        span = self._span(node)
        word = self._text[span.start : span.end]
        if word[0] in "\"'":
            return Text(unquote(word), span)
        return Number(number_value(word, span.start, span.end), span)

    def _name(self, node: ast.Name) -> Expr:
        span = self._span(node)
        name = self._text[span.start : span.end]
        if name in INFINITY_WORDS:
            return Number(float("inf"), span)
        if name in RESERVED:
            hint = f"; as a function it is written {name}(...)" if name in FUNCTIONS else ""
            raise self._fault(f"'{name}' is a word of the language and no name{hint}.", node)
        return Ref(name, (), span)

    def _subscript(self, node: ast.Subscript) -> Expr:
        if not isinstance(node.value, ast.Name):
            hint = ": write x[i, j], not x[i][j]" if isinstance(node.value, ast.Subscript) else ""
            raise self._fault(f"Only a name takes indices in square brackets{hint}.", node)
        name = self._slice(node.value)
        if name in RESERVED:
            raise self._fault(f"'{name}' is a word of the language and no name.", node.value)
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return Ref(name, tuple(self.expression(item) for item in items), self._span(node))

    # Operators -----------------------------------------------------------------------------------------------

    def _unary(self, node: ast.UnaryOp) -> Expr:
        op = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not"}.get(type(node.op))
        if op is None:
            raise self._refused(node)
        operand = self.expression(node.operand)
        if op == "-" and isinstance(node.operand, ast.Constant | ast.Name) and isinstance(operand, Number):
            return Number(-operand.value, self._span(node))
        return Unary(op, operand, self._span(node))

    def _binary(self, node: ast.BinOp) -> Expr:
        if isinstance(node.op, ast.LShift):
            return self._range(node)
        if isinstance(node.op, ast.Add | ast.Sub):
            return self._sum(node)
        op = _BINARY.get(type(node.op))
        if op is None:
            raise self._refused(node)
        left = self.expression(node.left)
        return Binary(op, left, self.expression(node.right), self._span(node))

    def _range(self, node: ast.BinOp) -> Expr:
        if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.LShift):
            raise self._fault("Two ranges run into each other; put brackets round each: (1..3) * (1..4).", node)
        low = self.expression(node.left)
        return Range(low, self.expression(node.right), self._span(node))

    def _sum(self, node: ast.BinOp) -> Expr:
        terms = self._terms(node)
        if len(terms) > MAX_TERMS:
            raise self._fault(
                f"This sum has more than {MAX_TERMS} terms; put the numbers into data and use sum(... for ...).",
                node,
            )
        return rebuilt_sum([(op, self.expression(term)) for op, term in terms], self._span(node))

    def _terms(self, node: ast.BinOp) -> list[tuple[str, ast.expr]]:
        """Returns the terms of a sum with their signs; ``a + (b - c)`` counts as three terms."""
        terms: list[tuple[str, ast.expr]] = []
        waiting: list[tuple[str, ast.expr]] = [("+", node)]
        while waiting:
            op, term = waiting.pop()
            if op == "+" and isinstance(term, ast.BinOp) and isinstance(term.op, ast.Add | ast.Sub):
                waiting.append(("+" if isinstance(term.op, ast.Add) else "-", term.right))
                waiting.append(("+", term.left))
            else:
                terms.append((op, term))
        return terms

    def _logic(self, node: ast.BoolOp) -> Expr:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return Logic(op, tuple(self.expression(value) for value in node.values), self._span(node))

    def _compare(self, node: ast.Compare) -> Expr:
        ops = []
        for op in node.ops:
            if type(op) not in _COMPARE:
                raise self._refused(node)
            ops.append(_COMPARE[type(op)])
        operands = [node.left, *node.comparators]
        mapped = []
        for position, operand in enumerate(operands):
            if isinstance(operand, ast.Tuple) and position < len(ops) and ops[position] in ("in", "not in"):
                mapped.append(self._label_tuple(operand))
            else:
                mapped.append(self.expression(operand))
        return Compare(tuple(mapped), tuple(ops), self._span(node))

    def _label_tuple(self, node: ast.Tuple) -> Expr:
        return LabelTuple(tuple(self.expression(item) for item in node.elts), self._span(node))

    def _choose(self, node: ast.IfExp) -> Expr:
        then = self.expression(node.body)
        condition = self.expression(node.test)
        return Choose(condition, then, self.expression(node.orelse), self._span(node))

    def _tuple(self, node: ast.Tuple) -> Expr:
        raise self._fault("A list in round brackets only makes sense before 'in': (i, j) in Arcs.", node)

    # Functions -----------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Expr:
        if not isinstance(node.func, ast.Name):
            raise self._fault("Only a function's name takes arguments in round brackets.", node)
        function = self._slice(node.func)
        if function not in FUNCTIONS:
            raise self._unknown_function(function, node)
        if node.keywords:
            raise self._fault(f"'{function}' takes no named arguments.", node)
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp):
            return self._aggregate(function, node.args[0], node)
        bounds = ARGUMENTS.get(function)
        if bounds is None:
            raise self._fault(f"'{function}' needs a 'for': {function}(x[i] for i in S).", node)
        low, high = bounds
        if len(node.args) < low or (high is not None and len(node.args) > high):
            wanted = _COUNTED[low] + (" or more" if high is None else "")
            hint = f", or a 'for': {function}(x[i] for i in S)" if function in AGGREGATES else ""
            raise self._fault(f"'{function}' takes {wanted}{hint}; it has {len(node.args)}.", node)
        if function == "piecewise":
            return self._piecewise(node)
        return Call(function, tuple(self.expression(arg) for arg in node.args), self._span(node))

    def _piecewise(self, node: ast.Call) -> Expr:
        """Reads ``piecewise(x, (b0, v0), (b1, v1), ...)``: points are pairs of a breakpoint and a value."""
        points: list[Expr] = []
        for arg in node.args[1:]:
            if not isinstance(arg, ast.Tuple) or len(arg.elts) != 2:
                raise self._fault(
                    "A point is expected here, a breakpoint and its value in brackets: "
                    "piecewise(x, (0, 0), (10, 25)).",
                    arg,
                )
            points.append(self._label_tuple(arg))
        return Call("piecewise", (self.expression(node.args[0]), *points), self._span(node))

    def _unknown_function(self, name: str, node: ast.Call) -> Fault:
        meant = nearest(name, FUNCTIONS)
        hint = f" Did you mean '{meant}'?" if meant else ""
        span = self._span(node)
        name_end = span.start + len(name)
        loops = len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp)
        if loops:
            return Fault(f"There is no function '{name}'.{hint}", span.start, name_end, meant)
        inside = self._text[name_end : span.end].strip()
        indexed = f"{name}[{inside[1:-1]}]"
        written = indexed if len(indexed) <= 40 and "\n" not in indexed else f"{name}[...]"
        sentence = f"There is no function '{name}'.{hint} If it is a name with indices, write {written}."
        low, high = ARGUMENTS.get(meant, (1, 0))
        if low <= len(node.args) and (high is None or len(node.args) <= high):
            return Fault(sentence, span.start, name_end, meant)
        return Fault(sentence, span.start, span.end, indexed)

    def _aggregate(self, function: str, loop: ast.GeneratorExp | ast.ListComp, node: ast.Call) -> Expr:
        if function not in AGGREGATES:
            raise self._fault(f"'{function}' takes no 'for'.", node)
        binders, condition = self._binders(loop.generators)
        body = self.expression(loop.elt)
        return Aggregate(function, body, binders, condition, self._span(node))

    def _binders(self, generators: Sequence[ast.comprehension]) -> tuple[tuple[Binder, ...], Expr | None]:
        binders: list[Binder] = []
        conditions: list[Expr] = []
        for generator in generators:
            span = Span(self._span(generator.target).start, self._span(generator.iter).end)
            binders.append(Binder(self._targets(generator.target), self.expression(generator.iter), span))
            conditions.extend(self.expression(condition) for condition in generator.ifs)
        return tuple(binders), joined(conditions)

    def _targets(self, node: ast.expr) -> tuple[str, ...]:
        targets = node.elts if isinstance(node, ast.Tuple) else [node]
        names = []
        for target in targets:
            if not isinstance(target, ast.Name):
                raise self._fault("An index name is expected between 'for' and 'in'.", target)
            name = self._slice(target)
            if name in RESERVED:
                raise self._fault(f"'{name}' is a word of the language; choose another index name.", target)
            names.append(name)
        if not names:
            raise self._fault("An index name is expected between 'for' and 'in'.", node)
        return tuple(names)

    # Sets ----------------------------------------------------------------------------------------------------

    def _listing(self, node: ast.Set) -> Expr:
        return Listing(tuple(self._member(item) for item in node.elts), self._span(node))

    def _member(self, node: ast.expr) -> Label | tuple[Label, ...]:
        if isinstance(node, ast.Tuple):
            return tuple(self._label(item) for item in node.elts)
        return self._label(node)

    def _label(self, node: ast.expr) -> Label:
        if isinstance(node, ast.Name):
            return self._slice(node)
        if isinstance(node, ast.Constant | ast.UnaryOp):
            mapped = self.expression(node)
            if isinstance(mapped, Number | Text):
                return mapped.value
        written = self._slice(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift):
            raise self._fault(f"A range needs no braces: write {written}.", node)
        if len(written) <= 40 and "\n" not in written and '"' not in written:
            raise self._fault(
                f'In braces stand labels; if this is one, put quotes round it: "{written}".', node, f'"{written}"'
            )
        raise self._fault('In braces stand labels, such as {Seattle, "San Diego", 3}.', node)

    def _comprehension(self, node: ast.SetComp) -> Expr:
        binders, condition = self._binders(node.generators)
        elements = node.elt.elts if isinstance(node.elt, ast.Tuple) else [node.elt]
        member = tuple(self.expression(element) for element in elements)
        return Comprehension(member, binders, condition, self._span(node))

    def _braces(self, node: ast.Dict) -> Expr:
        if not node.keys:
            return Listing((), self._span(node))
        raise self._fault("Values by label belong in the data section: Name = {label: value}.", node)


def rebuilt_sum(terms: Sequence[tuple[str, Expr]], span: Span) -> Expr:
    """Joins signed terms (the first one's sign is ``+``) from left to right; long sums in chunks, to stay shallow."""
    chunks: list[list[tuple[str, Expr]]] = [[]]
    for op, term in terms:
        if op == "+" and len(chunks[-1]) >= _CHUNK:
            chunks.append([])
        chunks[-1].append((op, term))
    if max(len(chunk) for chunk in chunks) > 2 * _CHUNK:
        raise Fault("Too many terms are subtracted one by one; use sum(... for ...).", span.start, span.end)
    return _joined_left([("+", _joined_left(chunk, span)) for chunk in chunks], span)


def _joined_left(terms: Sequence[tuple[str, Expr]], span: Span) -> Expr:
    (_, whole), *rest = terms
    for op, term in rest:
        whole = Binary(op, whole, term, Span(span.start, max(term.span.end, whole.span.end)))
    return whole


def joined(conditions: Sequence[Expr]) -> Expr | None:
    """Joins conditions by ``and``; None when there are none."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return Logic("and", tuple(conditions), Span(conditions[0].span.start, conditions[-1].span.end))
