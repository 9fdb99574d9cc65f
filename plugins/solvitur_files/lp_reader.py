"""Reads LP files strictly: what it does not understand it names, with line and column, and never skips.

HiGHS's own LP reader is not used: it passes over an objective whose keyword it does not know, over text before
the first section and over repeated names, and it takes neither ranges nor quadratic constraints.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from solvitur.api import Finding, InputError, MatrixInstance, Place, Severity
from solvitur_files.decoding import decoded
from solvitur_files.lp_model import Row, Sum, Terms, built
from solvitur_files.lp_tokens import Kind, Token, tokens

_FLIPPED = {"<=": ">=", ">=": "<=", "=": "="}
_INFINITE = 1e20
_HUGE = 1e300


def read_lp(path: Path, shown: str) -> tuple[MatrixInstance, tuple[Finding, ...]]:
    """Reads an LP file.

    Raises
    ------
    InputError
        With line and column, at the first thing that cannot be understood.
    """
    text, _ = decoded(path)
    reader = _Reader(tokens(text, shown), shown)
    return reader.model(), tuple(reader.findings)


class _Reader:
    """A descent over the tokens of one file."""

    def __init__(self, found: list[Token], shown: str) -> None:
        self._tokens = found
        self._at = 0
        self._shown = shown
        self._terms = Terms()
        self._rows: list[Row] = []
        self._row_lines: dict[str, int] = {}
        self.findings: list[Finding] = []

    def model(self) -> MatrixInstance:
        """Reads all sections and returns the instance."""
        opening = self._peek()
        if opening.kind is not Kind.SECTION or opening.text != "objective":
            self._refuse(f"an LP file begins with Minimize or Maximize, found {opening.shown}", opening)
        self._at += 1
        sense = "max" if opening.written.lower().startswith("max") else "min"
        name, objective = self._objective()
        readers: dict[str, Callable[[], None]] = {
            "constraints": self._constraints,
            "bounds": self._bounds,
            "general": lambda: self._marks(self._terms.whole),
            "binary": lambda: self._marks(self._terms.binary),
            "semi": lambda: self._marks(self._terms.semi),
        }
        while True:
            token = self._take()
            if token.kind is Kind.STOP:
                self._refuse(
                    "the file ends without End; it may be truncated (add a last line End if it is whole)", token
                )
            if token.kind is not Kind.SECTION:
                self._refuse(f"expected a section such as Subject To, Bounds or End, found {token.shown}", token)
            if token.text == "end":
                break
            if token.text not in readers:
                self._refuse(f"section {token.shown} cannot be read here", token)
            readers[token.text]()
        return built(sense, name, objective, self._rows, self._terms)

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token.kind is not Kind.STOP:
            self._at += 1
        return token

    def _refuse(self, text: str, token: Token) -> NoReturn:
        place = Place(
            self._shown, token.line, token.column, token.line, token.column + len(token.written or token.text)
        )
        raise InputError.at(text, place=place, element=token.written or token.text)

    def _label(self) -> str:
        after = self._tokens[self._at + 1] if self._peek().kind is Kind.NAME else None
        if after is None or after.text != ":":
            return ""
        self._at += 2
        return self._tokens[self._at - 2].text

    def _objective(self) -> tuple[str, Sum]:
        name = self._label()
        total = self._sum(objective=True)
        if self._peek().kind is Kind.RELATION:
            self._refuse(
                "the objective has no sides; did you forget 'Subject To' before the constraints?", self._peek()
            )
        return name, total

    def _sum(self, *, objective: bool = False) -> Sum:
        """Reads signed terms up to a relation, a section or the end."""
        total, first = Sum(), True
        while True:
            signs, token = self._signs()
            if token.kind is Kind.TERM:
                self._whole_term(total, signs or 1.0)
                first = False
            elif token.kind is Kind.NUMBER or token.kind is Kind.NAME or token.text == "[":
                if not first and signs is None:
                    self._refuse(f"expected + or - before {token.shown}", token)
                self._term(total, signs or 1.0, objective=objective)
                first = False
            elif signs is not None:
                self._refuse(f"expected a number or a name after the sign, found {token.shown}", token)
            elif token.kind in (Kind.RELATION, Kind.SECTION, Kind.STOP):
                return total
            else:
                self._refuse(f"expected a term, found {token.shown}", token)

    def _signs(self) -> tuple[float | None, Token]:
        sign: float | None = None
        while self._peek().kind is Kind.SIGN:
            sign = (sign or 1.0) * (-1.0 if self._take().text == "-" else 1.0)
        return sign, self._peek()

    def _whole_term(self, total: Sum, sign: float) -> None:
        token = self._take()
        if abs(token.factor) > _HUGE:
            self._refuse(f"{token.shown} has too large a factor; expected at most 1e300", token)
        total.add(self._terms.variable(token.text, token.line), sign * token.factor)

    def _term(self, total: Sum, sign: float, *, objective: bool) -> None:
        if self._peek().text == "[":
            self._brackets(total, sign)
            return
        factor = sign
        if self._peek().kind is Kind.NUMBER:
            factor *= self._number()
            if self._peek().text == "*":
                self._at += 1
            if self._peek().kind is not Kind.NAME or self._starts_row():
                total.constant += factor
                return
        token = self._take()
        if token.kind is not Kind.NAME:
            self._refuse(f"expected a variable, found {token.shown}", token)
        if self._peek().text in ("^", "*"):
            self._refuse("products of variables must stand in brackets, such as [ x ^ 2 + 2 x * y ]", self._peek())
        total.add(self._terms.variable(token.text, token.line), factor)

    def _starts_row(self) -> bool:
        return self._tokens[self._at + 1].text == ":"

    def _number(self) -> float:
        token = self._take()
        value = float(token.text)
        if value > _HUGE:
            self._refuse(f"{token.shown} is too large; expected a number of at most 1e300", token)
        return value

    def _brackets(self, total: Sum, sign: float) -> None:
        """Reads ``[ a x ^ 2 + b x * y ]``, perhaps ``/ 2``."""
        opening = self._take()
        products: list[tuple[int, int, float]] = []
        while self._peek().text != "]":
            factor, token = self._signs()
            if factor is None and products:
                self._refuse(f"expected + or - or the closing ']', found {token.shown}", token)
            factor = factor or 1.0
            if token.kind is Kind.NUMBER:
                factor *= self._number()
                if self._peek().text == "*":
                    self._at += 1
            first = self._variable()
            mark = self._take()
            if mark.text == "^":
                power = self._take()
                if power.text != "2":
                    self._refuse(f"only the power 2 can be read here, found {power.shown}", power)
                second = first
            elif mark.text == "*":
                second = self._variable()
            else:
                self._refuse(f"expected ^ 2 or * and a variable in the brackets opened on line {opening.line}", mark)
            products.append((first, second, factor))
        self._at += 1
        half = 1.0
        if self._peek().text == "/":
            self._at += 1
            two = self._take()
            if two.text != "2":
                self._refuse(f"brackets can only be divided by 2, found {two.shown}", two)
            half = 0.5
        total.products.extend((first, second, sign * half * factor) for first, second, factor in products)

    def _variable(self) -> int:
        token = self._take()
        if token.kind is not Kind.NAME:
            self._refuse(f"expected a variable, found {token.shown}", token)
        return self._terms.variable(token.text, token.line)

    def _constraints(self) -> None:
        while self._peek().kind not in (Kind.SECTION, Kind.STOP):
            self._rows.append(self._row())

    def _row(self) -> Row:
        start = self._peek()
        name = self._label()
        if name and name in self._row_lines:
            text = f"constraint '{name}' is named twice; the first is on line {self._row_lines[name]}"
            self._refuse(text, start)
        if name:
            self._row_lines[name] = start.line
        left = self._sum()
        relation = self._relation("constraint")
        if not left.used and not left.products:  # a number first: side, sum and perhaps a second side
            total = self._sum_before_row_end()
            low, high = _sides(_FLIPPED[relation], left.constant)
            if self._peek().kind is Kind.RELATION:
                second = self._relation("constraint")
                if relation == "=" or second != relation:
                    self._refuse(
                        "a range needs the same sign twice, such as 1 <= x + y <= 4", self._tokens[self._at - 1]
                    )
                other = _sides(second, self._side())
                low, high = max(low, other[0]), min(high, other[1])
        else:
            total = left
            low, high = _sides(relation, self._side())
        return Row(name, total, low - total.constant, high - total.constant)

    def _sum_before_row_end(self) -> Sum:
        total = self._sum_of_row()
        if not total.used and not total.products:
            self._refuse("a constraint needs a variable", self._tokens[self._at - 1])
        return total

    def _sum_of_row(self) -> Sum:
        """Reads a sum that ends where the next row begins, after ``3 <= x + y``."""
        total, first = Sum(), True
        while True:
            signs, token = self._signs()
            if token.kind is Kind.TERM:
                self._whole_term(total, signs or 1.0)
                first = False
                continue
            fresh = signs is None and not first
            if fresh or token.kind not in (Kind.NUMBER, Kind.NAME, Kind.MARK):
                return total
            self._term(total, signs or 1.0, objective=False)
            first = False

    def _relation(self, what: str) -> str:
        token = self._take()
        if token.kind is Kind.ARROW or self._peek().kind is Kind.ARROW:
            self._refuse("indicator constraints (->) cannot be read here", token)
        if token.kind is not Kind.RELATION:
            self._refuse(f"expected <=, >= or = in this {what}, found {token.shown}", token)
        return {"<": "<=", "=<": "<=", ">": ">=", "=>": ">="}.get(token.text, token.text)

    def _side(self) -> float:
        value = self._value("a constraint")
        token, last = self._peek(), self._tokens[self._at - 1]
        if token.kind is Kind.ARROW:
            self._refuse("indicator constraints (->) cannot be read here", token)
        same_line = token.line == last.line and token.kind in (Kind.NAME, Kind.SIGN, Kind.NUMBER, Kind.TERM)
        if same_line and not (token.kind is Kind.NAME and self._starts_row()):
            self._refuse(f"only one number may stand on the right side; bring {token.shown} to the left", token)
        return value

    def _value(self, where: str) -> float:
        """Reads a signed number, which may be infinite."""
        sign, token = self._signs()
        if token.kind is Kind.NUMBER:
            value = self._number()
        elif token.text.lower() in ("inf", "infinity"):
            self._at += 1
            value = math.inf
        else:
            hint = "; bring variables to the left side" if token.kind in (Kind.NAME, Kind.TERM) else ""
            self._refuse(f"expected a number in {where}, found {token.shown}{hint}", token)
        value = math.inf if value >= _INFINITE else value
        return (sign or 1.0) * value

    def _bounds(self) -> None:
        while self._peek().kind not in (Kind.SECTION, Kind.STOP):
            if self._peek().kind is Kind.NAME and self._peek().text.lower() not in ("inf", "infinity"):
                column = self._known()
                if self._peek().text.lower() == "free":
                    self._at += 1
                    self._terms.bound(column, "free", 0.0)
                    continue
                relation = self._relation("bound")
                self._terms.bound(column, relation, self._value("a bound"))
            else:
                value = self._value("a bound")
                relation = self._relation("bound")
                column = self._known()
                self._terms.bound(column, _FLIPPED[relation], value)
                if self._peek().kind is Kind.RELATION:
                    relation = self._relation("bound")
                    self._terms.bound(column, relation, self._value("a bound"))

    def _marks(self, marked: set[int]) -> None:
        while self._peek().kind not in (Kind.SECTION, Kind.STOP):
            marked.add(self._known())

    def _known(self) -> int:
        """Takes a variable that should have stood in the objective or a constraint."""
        token = self._take()
        if token.kind is not Kind.NAME:
            self._refuse(f"expected a variable, found {token.shown}", token)
        if token.text not in self._terms.columns:
            near = get_close_matches(token.text, list(self._terms.columns)[:5000], 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            text = f"'{token.text}' stands neither in the objective nor in a constraint{hint}"
            place = Place(self._shown, token.line, token.column, token.line, token.column + len(token.text))
            self.findings.append(Finding(Severity.WARNING, text, token.text, place))
        return self._terms.variable(token.text, token.line)


def _sides(relation: str, value: float) -> tuple[float, float]:
    if relation == "=":
        return value, value
    return (-math.inf, value) if relation == "<=" else (value, math.inf)
