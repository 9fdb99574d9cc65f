"""What a judge of expressions asks for at a place: a number, a condition, a set; and how it reports what it finds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping

from solvitur.language.elements import Binder, Domain, Expr, Model, Number, Ref, Span, VarElement
from solvitur.language.natures import CONSTANT, LOGICAL, Judged, Nature, shortened
from solvitur.language.symbols import Shapes, Symbol, all_binders
from solvitur.problem.findings import Severity

Scope = Mapping[str, Judged]
Report = Callable[[Severity, str, Span, str], None]

UNKNOWN = Judged(Nature.UNKNOWN, CONSTANT, None)


class Asking:
    """Asks what expressions stand for, and remembers which names were used."""

    def __init__(
        self, model: Model, symbols: Mapping[str, Symbol], shapes: Shapes, text: str, report: Report
    ) -> None:
        self._symbols = symbols
        self._shapes = shapes
        self._text = text
        self._report = report
        self._binders = all_binders(model)
        self.used: set[str] = set()
        self.variables: list[Ref] = []
        """The uses of variables met so far."""
        self.reasons: list[tuple[str, Span]] = []
        """Why an expression is not quadratic, with the part that makes it so."""

    @abstractmethod
    def judge(self, expr: Expr, scope: Scope) -> Judged:
        """Returns what the expression stands for."""

    # What is wanted at a place -------------------------------------------------------------------------------

    def number(self, expr: Expr, scope: Scope) -> int:
        """Asks for a number and returns its degree."""
        return self._as_number(expr, self.judge(expr, scope))

    def _as_number(self, expr: Expr, found: Judged) -> int:
        if found.nature is Nature.SET:
            name = self._slice(expr)
            self._error(f"A number is wanted here, but {name} is a set; its size is len({name}).", expr.span)
        elif found.nature is Nature.LABEL:
            self._error(f"A number is wanted here, but {self._slice(expr)} is a label.", expr.span)
        return LOGICAL if found.nature is Nature.CONDITION and found.degree else found.degree

    def condition(self, expr: Expr, scope: Scope) -> int:
        """Asks for a condition and returns its degree."""
        found = self.judge(expr, scope)
        if found.nature in (Nature.SET, Nature.LABEL):
            self._error(f"A condition is wanted here, but {self._slice(expr)} is {found.nature.value}.", expr.span)
        elif found.nature is Nature.NUMBER and found.degree and not self._is_binary(expr):
            written = self._slice(expr)
            self._error(
                f"A condition is wanted here, but {written} is a number: compare it, as in {written} >= 1.", expr.span
            )
        return found.degree

    def _is_binary(self, expr: Expr) -> bool:
        """Tells whether an expression is a variable that is 0 or 1, which counts as a condition."""
        symbol = self._symbols.get(expr.name) if isinstance(expr, Ref) else None
        element = symbol.element if symbol is not None else None
        if not isinstance(element, VarElement):
            return False
        ends = (element.lower, element.upper)
        whole = element.domain is Domain.INTEGER and all(isinstance(e, Number) and e.value in (0, 1) for e in ends)
        return element.domain is Domain.BINARY or whole

    def members(self, expr: Expr, scope: Scope) -> Judged:
        """Asks for a set and returns its shape."""
        found = self.judge(expr, scope)
        if found.nature in (Nature.SET, Nature.UNKNOWN):
            return found
        written = self._slice(expr)
        if found.nature is Nature.NUMBER and found.degree == CONSTANT:
            self._error(
                f"A set is wanted here, but {written} is a number. Did you mean 1..{written}?",
                expr.span,
                f"1..{written}",
            )
        else:
            what = "a variable" if found.degree else found.nature.value
            self._error(f"A set is wanted here, but {written} is {what}.", expr.span)
        return UNKNOWN

    def data_only(self, expr: Expr, scope: Scope, ask: Callable[[Expr, Scope], int], where: str) -> None:
        """Asks for a number or a condition that no variable takes part in."""
        met = len(self.variables)
        ask(expr, scope)
        self.refuse_variables(met, where)

    def refuse_variables(self, met: int, where: str) -> None:
        """Reports the first variable met since ``met`` were counted."""
        if len(self.variables) > met:
            variable = self.variables[met]
            self._error(f"{where} may depend on data only, but '{variable.name}' is a variable.", variable.span)
            del self.variables[met:]

    # Reports -------------------------------------------------------------------------------------------------

    def _slice(self, expr: Expr | Binder) -> str:
        return shortened(" ".join(self._text[expr.span.start : expr.span.end].split()))

    def _error(self, sentence: str, span: Span, fix: str = "") -> None:
        self._report(Severity.ERROR, sentence, span, fix)

    def _warn(self, sentence: str, span: Span) -> None:
        self._report(Severity.WARNING, sentence, span, "")
