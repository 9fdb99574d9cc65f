"""Builds small models with random expressions, as text, for comparing compilation with verification."""

from __future__ import annotations

from random import Random

DECLARATIONS = """
set A
set T = 1..4
set Arcs within A * A
param k
param a[A]
param b[A, T]
param c[(i, j) in Arcs]
let d[i in A] = sum(b[i, t] for t in T if t > 1) - a[i]
var w
var x[A] >= 0 <= 5
var y[i in A, t in T if t < 4 or i == P]
var z[(i, j) in Arcs] integer in -3..3
"""
DATA = """
data
  A = P, Q, R
  Arcs = (P, Q), (Q, R), (R, P), (P, P)
  k = 1.5
  a = {P: 2, Q: -1, R: 0.25}
  b = {P: [1, 0, 3, -2], Q: [0, 0, 1, 1], R: [4, 2, -1, 0.5]}
  c = {P: {Q: 1, P: 3}, Q: {R: -2}, R: {P: 0.5}}
"""
# In expressions a label is quoted.
DECLARATIONS = DECLARATIONS.replace("i == P", 'i == "P"')


class Names:
    """The index names that may be used at some place of an expression."""

    def __init__(
        self, labels: tuple[str, ...] = (), steps: tuple[str, ...] = (), arcs: tuple[tuple[str, str], ...] = ()
    ):
        self.labels, self.steps, self.arcs = labels, steps, arcs

    @property
    def count(self) -> int:
        """How many names there are, to make new ones."""
        return len(self.labels) + len(self.steps)


class Writer:
    """Writes random expressions of the vocabulary above."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def _pick(self, *choices: str) -> str:
        return self._random.choice([choice for choice in choices if choice])

    def label(self, names: Names) -> str:
        """Writes a label of A."""
        return self._pick('"P"', '"Q"', *names.labels, *names.labels, *names.labels)

    def step(self, names: Names) -> str:
        """Writes a step of T."""
        return self._pick("1", "2", *names.steps, *names.steps, *names.steps)

    def condition(self, names: Names, depth: int = 2) -> str:
        """Writes a condition on data."""
        simple = [
            f"{self.label(names)} {self._pick('==', '!=', '<', '>=')} {self.label(names)}",
            f"{self.step(names)} {self._pick('==', '!=', '<', '<=', '>', '>=')} {self.step(names)}",
            f"({self.label(names)}, {self.label(names)}) {self._pick('in', 'not in')} Arcs",
            f"{self.step(names)} in 2..3",
            f"a[{self.label(names)}] > {self.number()}",
            f"{self.step(names)} % 2 == 0",
        ]
        if depth <= 0 or self._random.random() < 0.6:
            return self._random.choice(simple)
        left, right = self.condition(names, depth - 1), self.condition(names, depth - 1)
        return self._pick(f"({left} and {right})", f"({left} or {right})", f"not ({left})")

    def number(self) -> str:
        """Writes a number."""
        return self._pick("1", "2", "0.5", "3", "1.25")

    def binders(self, names: Names) -> tuple[str, Names]:
        """Writes one or two binders with or without a filter; returns the names inside."""
        text = ""
        for _ in range(self._random.choice((1, 1, 2))):
            fresh = f"n{names.count}"
            kind = self._random.randrange(6)
            if kind <= 1:
                text += f" for {fresh} in A"
                names = Names((*names.labels, fresh), names.steps, names.arcs)
            elif kind == 2:
                low = self._pick("1", "2", *names.steps)
                text += f" for {fresh} in {low}..{self._pick('3', '4')}"
                names = Names(names.labels, (*names.steps, fresh), names.arcs)
            elif kind == 3:
                text += f" for {fresh} in T"
                names = Names(names.labels, (*names.steps, fresh), names.arcs)
            elif kind == 4 and names.labels:
                known = self._random.choice(names.labels)
                text += f" for {fresh} in {{n for n in A if n != {known}}}"
                names = Names((*names.labels, fresh), names.steps, names.arcs)
            else:
                other = f"{fresh}b"
                text += f" for ({fresh}, {other}) in Arcs"
                labels = (*names.labels, fresh, other)
                names = Names(labels, names.steps, (*names.arcs, (fresh, other)))
        if self._random.random() < 0.6:
            text += f" if {self.condition(names)}"
        return text, names

    def data(self, names: Names, depth: int = 2) -> str:
        """Writes an expression of data."""
        arc = self._random.choice(names.arcs) if names.arcs else None
        simple = self._pick(
            self.number(),
            "k",
            f"a[{self.label(names)}]",
            f"b[{self.label(names)}, {self.step(names)}]",
            f"d[{self.label(names)}]",
            f"c[{arc[0]}, {arc[1]}]" if arc else "",
            *names.steps,
            "len(A)",
        )
        if depth <= 0 or self._random.random() < 0.4:
            return simple
        left, right = self.data(names, depth - 1), self.data(names, depth - 1)
        kind = self._random.randrange(7)
        if kind == 0:
            return f"({left} {self._pick('+', '-', '*')} {right})"
        if kind == 1:
            return f"-({left})"
        if kind == 2:
            return f"({left} if {self.condition(names)} else {right})"
        if kind == 3:
            return f"{self._pick('min', 'max')}({left}, {right})"
        if kind == 4:
            return f"({left} / {self.number()})"
        text, inside = self.binders(names)
        if kind == 5:
            return f"count({self.condition(inside)}{text})"
        return f"sum({self.data(inside, depth - 1)}{text})"

    def variables(self, names: Names, depth: int = 3, *, quadratic: bool = False) -> str:
        """Writes an expression that is linear (or quadratic) in the variables."""
        arc = self._random.choice(names.arcs) if names.arcs else ("P", "Q")
        quoted = arc if names.arcs else ('"P"', '"Q"')
        simple = self._pick(
            "w",
            f"x[{self.label(names)}]",
            f"x[{self.label(names)}]",
            f"y[{self.label(names)}, {self._pick('1', '2', '3')}]",
            f"z[{quoted[0]}, {quoted[1]}]",
        )
        if depth <= 0:
            return simple
        left = self.variables(names, depth - 1, quadratic=quadratic)
        kind = self._random.randrange(10)
        if kind == 0:
            return simple
        if kind == 1:
            return f"{left} {self._pick('+', '-')} {self.variables(names, depth - 1, quadratic=quadratic)}"
        if kind == 2:
            return f"{self.data(names)} * ({left})"
        if kind == 3:
            return f"({left}) / {self.number()}"
        if kind == 4:
            return f"-({left}) + {self.data(names)}"
        if kind == 5:
            other = self.variables(names, depth - 1, quadratic=quadratic)
            return f"(({left}) if {self.condition(names)} else ({other}))"
        if kind == 6 and quadratic:
            first, second = self.variables(names, 1), self.variables(names, 1)
            return self._pick(f"({first}) * ({second})", f"({first}) ** 2")
        text, inside = self.binders(names)
        body = self.variables(inside, depth - 1, quadratic=quadratic)
        return f"sum({body}{text})"


def random_model(random: Random) -> str:
    """Writes a whole model: a quadratic objective and three constraints, one of them quadratic."""
    writer = Writer(random)
    lines = [DECLARATIONS, f"minimize goal: {writer.variables(Names(), quadratic=True)}"]
    heads = (
        ("one[i in A]", Names(("i",))),
        ("two[(i, j) in Arcs, t in T if t > 1]", Names(("i", "j"), ("t",), (("i", "j"),))),
        ("three", Names()),
        ("four[i in A, j in A if (i, j) in Arcs]", Names(("i", "j"), (), (("i", "j"),))),
    )
    for number, (head, names) in enumerate(heads):
        left = writer.variables(names, quadratic=number == 2)
        right = random.choice((writer.data(names), writer.variables(names, 1)))
        op = random.choice(("<=", ">=", "=="))
        ranged = number == 0 and random.random() < 0.5
        lines.append(
            f"subject to {head}: {left} {op} {right}"
            if not ranged
            else f"subject to {head}: {writer.data(names)} <= {left} <= {writer.data(names)}"
        )
    return "\n".join(lines) + "\n" + DATA
