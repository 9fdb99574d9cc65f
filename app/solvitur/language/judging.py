"""Judges expressions before any data is known: number, set or condition, and how they depend on the variables."""

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
    Model,
    Number,
    Range,
    Ref,
    Span,
    Text,
    Unary,
)
from solvitur.language.judging_wants import UNKNOWN, Asking, Report, Scope
from solvitur.language.natures import (
    CONSTANT,
    LINEAR,
    LOGICAL,
    NONLINEAR,
    Judged,
    Nature,
    counted,
    degree_of,
    product_of,
    shortened,
    total,
    wrong_arity,
)
from solvitur.language.symbols import Shapes, Symbol
from solvitur.language.words import FUNCTIONS, nearest

_NUMBER = Judged(Nature.NUMBER)
_CHOOSING = frozenset(("abs", "min", "max", "piecewise"))
"""Functions that choose among linear parts."""
_SET_OPERATORS = frozenset(("*", "|", "&", "-"))


class Judge(Asking):
    """Walks expressions, reports what does not fit together, and remembers which names were used."""

    def __init__(
        self, model: Model, symbols: Mapping[str, Symbol], shapes: Shapes, text: str, report: Report
    ) -> None:
        super().__init__(model, symbols, shapes, text, report)
        self._judges: dict[type, Callable[[Any, Scope], Judged]] = {
            Number: lambda expr, scope: _NUMBER,
            Text: lambda expr, scope: Judged(Nature.LABEL),
            Ref: self._ref,
            Unary: self._unary,
            Binary: self._binary,
            Compare: self._compare,
            Logic: self._logic,
            Choose: self._choose,
            Call: self._call,
            Aggregate: self._aggregate,
            Range: self._range,
            Listing: self._listing,
            Comprehension: self._comprehension,
            LabelTuple: self._label_tuple,
        }

    def judge(self, expr: Expr, scope: Scope) -> Judged:
        """Returns what the expression stands for."""
        return self._judges[type(expr)](expr, scope)

    def bind(self, binders: Sequence[Binder], condition: Expr | None, scope: Scope, *, head: str = "") -> Scope:
        """Returns the scope inside binders; later binders see the indices of earlier ones."""
        inside = dict(scope)
        met = len(self.variables)
        for binder in binders:
            found = self.members(binder.over, inside)
            self._bind_one(binder, found, inside)
        self.refuse_variables(met, "An index set")
        if condition is not None:
            self.data_only(condition, inside, self.condition, "The condition of an index")
        return inside

    def _bind_one(self, binder: Binder, found: Judged, inside: dict[str, Judged]) -> None:
        names, width = binder.names, found.width
        if len(names) > 1 and width is not None and width != len(names):
            self._error(
                f"The members of {self._slice(binder.over)} have {counted(width, 'label')}, "
                f"but ({', '.join(names)}) are {len(names)}.",
                binder.span,
            )
        whole = len(names) == 1
        for position, name in enumerate(names):
            self._warn_hidden(name, binder, inside)
            factors = found.factors if whole else found.factors[position : position + 1]
            inside[name] = Judged(Nature.INDEX, CONSTANT, width if whole else 1, factors)

    def _warn_hidden(self, name: str, binder: Binder, scope: Scope) -> None:
        if name in scope:
            self._warn(f"The index '{name}' hides an outer index of the same name.", binder.span)
        elif name in self._symbols:
            self._warn(f"The index '{name}' hides {self._symbols[name].title}.", binder.span)

    # Names ---------------------------------------------------------------------------------------------------

    def _ref(self, expr: Ref, scope: Scope) -> Judged:
        name_span = Span(expr.span.start, expr.span.start + len(expr.name))
        if expr.name in scope:
            if expr.args:
                self._error(f"'{expr.name}' is an index and takes no indices itself.", expr.span)
            return scope[expr.name]
        symbol = self._symbols.get(expr.name)
        if symbol is None:
            self._unknown(expr.name, name_span, scope)
            for arg in expr.args:
                self.judge(arg, scope)
            return UNKNOWN
        self.used.add(expr.name)
        if symbol.role == "set":
            if expr.args:
                self._error(
                    f"'{expr.name}' is a set and takes no indices; membership is written: i in {expr.name}.",
                    expr.span,
                )
            return Judged(Nature.SET, CONSTANT, symbol.arity, symbol.factors)
        if symbol.role in ("objective", "constraint"):
            article = "an" if symbol.role == "objective" else "a"
            self._error(f"'{expr.name}' is {article} {symbol.role} and has no value to compute with.", name_span)
            return UNKNOWN
        self._arguments(expr, symbol, scope)
        if symbol.role == "var":
            self.variables.append(expr)
            return Judged(Nature.NUMBER, LINEAR)
        return _NUMBER

    def _unknown(self, name: str, span: Span, scope: Scope) -> None:
        binder = self._binders.get(name)
        meant = nearest(name, (*scope, *self._symbols))
        if binder:
            how = self._slice(binder)
            self._error(f"The index '{name}' is not bound here; elsewhere it is, by '{how}'.", span)
        elif meant:
            self._error(f"There is no '{name}'. Did you mean '{meant}'?", span, meant)
        elif name in FUNCTIONS:
            self._error(f"'{name}' is a function; it needs round brackets.", span)
        else:
            self._error(
                f"There is no '{name}': declare it with set, param or var, or bind it with 'for {name} in ...'.", span
            )

    def _arguments(self, expr: Ref, symbol: Symbol, scope: Scope) -> None:
        met = len(self.variables)
        given: int | None = 0
        for arg in expr.args:
            found = self.judge(arg, scope)
            if found.nature in (Nature.SET, Nature.CONDITION):
                self._error(f"An index is wanted here, but {self._slice(arg)} is {found.nature.value}.", arg.span)
            self._compare_sets(arg, found, symbol, given)
            given = total([given, found.size])
        if len(self.variables) > met:
            self._error(f"A variable cannot be an index of '{expr.name}'.", self.variables[met].span)
            del self.variables[met:]
        if given is not None and symbol.arity is not None and given != symbol.arity:
            self._error(wrong_arity(expr, symbol, given), expr.span)

    def _compare_sets(self, arg: Expr, found: Judged, symbol: Symbol, position: int | None) -> None:
        """Warns when an index runs over another set than the one expected at its position."""
        if position is None or found.nature is not Nature.INDEX or len(found.factors) != 1:
            return
        if position >= len(symbol.factors) or symbol.arity is None:
            return
        has, wants = found.factors[0], symbol.factors[position]
        if has and wants and has != wants:
            roots = self._shapes.root(has), self._shapes.root(wants)
            if all(roots) and roots[0] != roots[1]:
                self._warn(
                    f"The index {self._slice(arg)} runs over '{has}', but index {position + 1} of '{symbol.name}' "
                    f"is in '{wants}'. If this is meant, say so: set {has} within {wants}.",
                    arg.span,
                )

    # Operators -----------------------------------------------------------------------------------------------

    def _unary(self, expr: Unary, scope: Scope) -> Judged:
        if expr.op == "not":
            degree = self.condition(expr.operand, scope)
            return Judged(Nature.CONDITION, LOGICAL if degree else CONSTANT)
        return Judged(Nature.NUMBER, self.number(expr.operand, scope))

    def _binary(self, expr: Binary, scope: Scope) -> Judged:
        if expr.op in ("|", "&"):
            return self._joined_sets(expr, self.members(expr.left, scope), self.members(expr.right, scope))
        left = self.judge(expr.left, scope)
        if left.nature is Nature.SET and expr.op in _SET_OPERATORS:
            return self._joined_sets(expr, left, self.members(expr.right, scope))
        low, high = self._as_number(expr.left, left), self.number(expr.right, scope)
        if expr.op in ("+", "-"):
            return Judged(Nature.NUMBER, max(low, high))
        return Judged(Nature.NUMBER, self._limited(degree_of(expr, low, high), expr))

    def _joined_sets(self, expr: Binary, left: Judged, right: Judged) -> Judged:
        if expr.op == "*":
            return product_of(left, right)
        if left.width and right.width and left.width != right.width:
            self._error(
                f"These sets differ in shape: the members of {self._slice(expr.left)} have "
                f"{counted(left.width, 'label')}, those of {self._slice(expr.right)} {right.width}.",
                expr.span,
            )
        return left if left.width else right

    def _limited(self, degree: int, expr: Expr) -> int:
        if degree == NONLINEAR:
            self.reasons.append((shortened(self._slice(expr)), expr.span))
        return degree

    def _compare(self, expr: Compare, scope: Scope) -> Judged:
        degree = CONSTANT
        for position, op in enumerate(expr.ops):
            if op in ("in", "not in"):
                self._membership(expr.operands[position], expr.operands[position + 1], scope)
        for position, operand in enumerate(expr.operands):
            around = expr.ops[max(position - 1, 0) : position + 1]
            if not any(op in ("in", "not in") for op in around):
                found = self.judge(operand, scope)
                if found.nature is Nature.SET and not all(op in ("==", "!=") for op in around):
                    self._error(f"A number is wanted here, but {self._slice(operand)} is a set.", operand.span)
                degree = max(degree, LOGICAL if found.nature is Nature.CONDITION and found.degree else found.degree)
        return Judged(Nature.CONDITION, degree)

    def _membership(self, left: Expr, right: Expr, scope: Scope) -> None:
        met = len(self.variables)
        found, members = self.judge(left, scope), self.members(right, scope)
        self.refuse_variables(met, "Membership of a set")
        if found.nature in (Nature.SET, Nature.CONDITION):
            self._error(
                f"A label or an index is wanted before 'in', but {self._slice(left)} is {found.nature.value}.",
                left.span,
            )
        elif found.width and members.width and found.width != members.width:
            self._error(
                f"The members of {self._slice(right)} have {counted(members.width, 'label')}, "
                f"but {self._slice(left)} has {found.width}.",
                left.span,
            )

    def _label_tuple(self, expr: LabelTuple, scope: Scope) -> Judged:
        return Judged(Nature.LABEL, CONSTANT, total([self.judge(item, scope).size for item in expr.items]))

    def _logic(self, expr: Logic, scope: Scope) -> Judged:
        degree = max(self.condition(operand, scope) for operand in expr.operands)
        return Judged(Nature.CONDITION, LOGICAL if degree else CONSTANT)

    def _choose(self, expr: Choose, scope: Scope) -> Judged:
        self.data_only(expr.condition, scope, self.condition, "The condition of a choice")
        then, otherwise = self.judge(expr.then, scope), self.judge(expr.otherwise, scope)
        nature = then.nature if then.nature is not Nature.UNKNOWN else otherwise.nature
        return Judged(nature, max(then.degree, otherwise.degree), then.width, then.factors)

    # Functions -----------------------------------------------------------------------------------------------

    def _call(self, expr: Call, scope: Scope) -> Judged:
        function = expr.function
        if function in ("len", "card"):
            self.members(expr.args[0], scope)
            return _NUMBER
        if function in ("implies", "iff"):
            degree = max(self.condition(arg, scope) for arg in expr.args)
            return Judged(Nature.CONDITION, LOGICAL if degree else CONSTANT)
        if function == "all_different":
            degree = max(self._all_different(arg, scope) for arg in expr.args)
            return Judged(Nature.CONDITION, LOGICAL if degree else CONSTANT)
        if function == "piecewise":
            for point in expr.args[1:]:
                for item in point.items if isinstance(point, LabelTuple) else (point,):
                    self.data_only(item, scope, self.number, "A point of a piecewise function")
            return Judged(Nature.NUMBER, self._applied(self.number(expr.args[0], scope), expr))
        degree = max(self.number(arg, scope) for arg in expr.args)
        return Judged(Nature.NUMBER, self._applied(degree, expr))

    def _all_different(self, expr: Expr, scope: Scope) -> int:
        """Accepts a variable's bare name too: ``all_different(x)`` is about all its elements."""
        if isinstance(expr, Ref) and not expr.args and expr.name not in scope and expr.name in self._symbols:
            symbol = self._symbols[expr.name]
            if symbol.role == "var":
                self.used.add(expr.name)
                self.variables.append(expr)
                return LINEAR
        return self.number(expr, scope)

    def _applied(self, degree: int, expr: Call | Aggregate) -> int:
        if degree in (CONSTANT, LOGICAL) or expr.function in _CHOOSING:
            return LOGICAL if degree else CONSTANT
        return self._limited(NONLINEAR, expr)

    def _aggregate(self, expr: Aggregate, scope: Scope) -> Judged:
        inside = self.bind(expr.binders, expr.condition, scope)
        if expr.function in ("count", "all", "any"):
            degree = self.condition(expr.body, inside)
            nature = Nature.NUMBER if expr.function == "count" else Nature.CONDITION
            return Judged(nature, LOGICAL if degree else CONSTANT)
        degree = self.number(expr.body, inside)
        if expr.function == "all_different":
            return Judged(Nature.CONDITION, LOGICAL if degree else CONSTANT)
        return Judged(Nature.NUMBER, degree if expr.function == "sum" else self._applied(degree, expr))

    # Sets ----------------------------------------------------------------------------------------------------

    def _range(self, expr: Range, scope: Scope) -> Judged:
        for end in (expr.low, expr.high):
            self.data_only(end, scope, self.number, "A range")
        return Judged(Nature.SET, CONSTANT, 1, ("",))

    def _listing(self, expr: Listing, scope: Scope) -> Judged:
        written = self._slice(expr)
        for member in expr.members:
            if isinstance(member, str) and member in scope and f'"{member}"' not in written:
                self._error(
                    f"In braces a bare name is a label, but '{member}' is an index here. "
                    f"Leave it out with a condition, such as: if j != {member}.",
                    expr.span,
                )
        widths = {len(member) if isinstance(member, tuple) else 1 for member in expr.members}
        if len(widths) > 1:
            self._error(f"The members of this set have different numbers of labels: {shortened(written)}.", expr.span)
        return Judged(Nature.SET, CONSTANT, widths.pop() if len(widths) == 1 else None)

    def _comprehension(self, expr: Comprehension, scope: Scope) -> Judged:
        inside = self.bind(expr.binders, expr.condition, scope)
        met = len(self.variables)
        found = [self.judge(member, inside) for member in expr.member]
        self.refuse_variables(met, "A set")
        factors = tuple(name for one in found for name in (one.factors or ("",) * (one.size or 1)))
        return Judged(Nature.SET, CONSTANT, total([one.size for one in found]), factors)
