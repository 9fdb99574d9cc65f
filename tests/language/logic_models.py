"""Random small models with logic and functions of variables, and their optimum by trying every answer.

The expressions of the language are Python's, so Python itself is the judge: it shares nothing with the language.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

S = (1, 2, 3)
_RELATIONS = ("<=", ">=", "==", "!=", "<", ">")


def _piecewise(x: float, *points: tuple[float, float]) -> float:
    for (start, low), (end, high) in itertools.pairwise(points):
        if x <= end or (end, high) == points[-1]:
            return low + (high - low) * (x - start) / (end - start)
    raise AssertionError


FUNCTIONS: dict[str, Any] = {
    "implies": lambda a, b: not a or bool(b),
    "iff": lambda a, b: bool(a) == bool(b),
    "count": lambda each: sum(1 for one in each if one),
    "all_different": lambda *each: (lambda found: len(set(found)) == len(found))(
        list(each[0]) if len(each) == 1 else list(each)
    ),
    "piecewise": _piecewise,
    "S": S,
    "k": 2,
    "__builtins__": {"abs": abs, "min": min, "max": max, "sum": sum, "all": all, "any": any, "bool": bool},
}


def _is_looped(constraint: str) -> bool:
    return "[i]" in constraint and " for i" not in constraint


@dataclass(frozen=True)
class LogicModel:
    """A model over x, y (small whole numbers), a, b (binary) and v over S; its text and the parts of it."""

    ranges: dict[str, tuple[int, int]]
    objective: str
    sense: str
    constraints: tuple[str, ...]
    real: bool = False
    """Whether x and y take any value; then assignments are tried in steps of a half."""

    @property
    def text(self) -> str:
        """The model in the language."""
        lines = ["set S = 1..3", "param k = 2"]
        for name, (low, high) in self.ranges.items():
            index = "[S]" if name == "v" else ""
            domain = "" if self.real and name in "xy" else "integer "
            lines.append(f"var {name} binary" if name in "ab" else f"var {name}{index} {domain}in {low}..{high}")
        word = "minimize" if self.sense == "min" else "maximize"
        lines.append(f"{word} goal: {self.objective}")
        for number, constraint in enumerate(self.constraints, 1):
            index = "[i in S]" if _is_looped(constraint) else ""
            lines.append(f"subject to c{number}{index}: {constraint}")
        return "\n".join(lines)

    def points(self) -> Iterator[dict[str, Any]]:
        """Yields every assignment of the variables."""
        names = list(self.ranges)
        choices: list[list[Any]] = []
        for name, (low, high) in self.ranges.items():
            span: list[Any] = list(range(low, high + 1))
            if name == "v":
                span = [dict(zip(S, values, strict=True)) for values in itertools.product(span, repeat=len(S))]
            elif self.real and name in "xy":
                span = [low + step / 2 for step in range(2 * (high - low) + 1)]
            choices.append(span)
        for values in itertools.product(*choices):
            yield dict(zip(names, values, strict=True))

    def judge(self) -> tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any]], float]]:
        """Returns what tells whether an assignment meets the constraints, and what it is worth."""
        rules = []
        for constraint in self.constraints:
            rules.append(f"all(bool({constraint}) for i in S)" if _is_looped(constraint) else f"bool({constraint})")
        rule = compile(" and ".join(rules) or "True", "rule", "eval")
        worth = compile(self.objective, "worth", "eval")

        def holds(point: dict[str, Any]) -> bool:
            return bool(eval(rule, {**FUNCTIONS, **point}))

        def value(point: dict[str, Any]) -> float:
            return float(eval(worth, {**FUNCTIONS, **point}))

        return holds, value

    def optimum(self) -> float | None:
        """Returns the best value of all assignments; None when none meets the constraints."""
        holds, value = self.judge()
        worths = [value(point) for point in self.points() if holds(point)]
        return None if not worths else min(worths) if self.sense == "min" else max(worths)


class LogicWriter:
    """Writes random expressions over the variables of a `LogicModel`."""

    def __init__(self, random: Random, names: tuple[str, ...], *, real: bool = False) -> None:
        self._random = random
        self._names = names
        self._real = real

    def model(self) -> LogicModel:
        """Writes a model."""
        pick = self._random
        ranges = {}
        for name in self._names:
            low = pick.choice((-2, -1, 0, 0, 1))
            ranges[name] = (0, 1) if name in "ab" else (low, low + pick.randint(1, 2 if name == "v" else 4))
        constraints = []
        for _ in range(pick.randint(1, 3)):
            inside = "v" in self._names and pick.random() < 0.3
            constraint = self.claim(2, inner=inside)
            constraints.append(_as_constraint(constraint))
        objective = f"{self.number(2)} + {self.linear(())}"
        return LogicModel(ranges, objective, pick.choice(("min", "max")), tuple(constraints), self._real)

    def linear(self, inner: tuple[str, ...]) -> str:
        """Writes a linear expression."""
        names = [name for name in self._names if name != "v"] + list(inner)
        if "v" in self._names:
            names += [f"v[{self._random.choice(S)}]", "sum(v[j] for j in S)"]
        terms = self._random.sample(names, min(len(names), self._random.randint(1, 2)))
        factors = [self._random.choice((1, 1, 2, 3, -1, -2, 0.5)) for _ in terms]
        return " + ".join(f"{factor} * {term}" for factor, term in zip(factors, terms, strict=True))

    def number(self, depth: int, inner: tuple[str, ...] = ()) -> str:
        """Writes a number that depends on the variables."""
        pick = self._random
        if depth <= 0 or pick.random() < 0.35:
            return f"({self.linear(inner)})"
        kind = pick.randrange(9)
        one = self.number(depth - 1, inner)
        match kind:
            case 0:
                return f"abs({one})"
            case 1:
                return f"{pick.choice(('min', 'max'))}({one}, {self.number(depth - 1, inner)})"
            case 2:
                return f"({one} {pick.choice('+-')} {self.number(depth - 1, inner)})"
            case 3:
                return f"{pick.choice(('2', '(-1)', '0.5'))} * {one}"
            case 4:
                return f"3 * ({self.claim(depth - 1, inner=bool(inner))})" if not inner else one
            case 5:
                values = sorted(pick.sample(range(-4, 7), 3))
                points = ", ".join(f"({at}, {pick.randint(-3, 5)})" for at in values)
                return f"piecewise({one}, {points})"
            case 6 if "v" in self._names:
                added = pick.choice(("j", "0", "x" if "x" in self._names else "1"))
                return f"{pick.choice(('min', 'max'))}(v[j] + {added} for j in S)"
            case 7 if "v" in self._names:
                return f"count({self._item()} for j in S)"
            case 8 if not self._real:
                plain = [name for name in self._names if name != "v"] or ["v[1]", "v[2]"]
                return f"{pick.choice(plain)} * {pick.choice(plain)}"
        return one

    def _item(self) -> str:
        pick = self._random
        side = pick.choice(("1", "j", "x" if "x" in self._names else "0"))
        simple = f"v[j] {pick.choice(_RELATIONS)} {side}"
        if pick.random() < 0.5:
            return simple
        binary = next((name for name in self._names if name in "ab"), "v[j] >= 1")
        return pick.choice(
            (f"({simple} or {binary})", f"implies({binary}, {simple})", f"not ({simple} and {binary})")
        )

    def claim(self, depth: int, *, inner: bool = False) -> str:
        """Writes a condition on the variables; ``inner`` for one over an index i."""
        pick = self._random
        own = ("v[i]",) if inner else ()
        binaries = [name for name in self._names if name in "ab"]
        if depth <= 0 or pick.random() < 0.3:
            if binaries and not inner and pick.random() < 0.3:
                return pick.choice(binaries)
            side = pick.choice(("0", "1", "k", "3", self.linear(own)))
            return f"({self.number(1, own)} {pick.choice(_RELATIONS)} {side})"
        one, other = self.claim(depth - 1, inner=inner), self.claim(depth - 1, inner=inner)
        choices = [
            f"({one} and {other})",
            f"({one} or {other})",
            f"not {one}",
            f"implies({one}, {other})",
            f"iff({one}, {other})",
            f"({one} or {other} or {self.claim(0, inner=inner)})",
        ]
        if "v" in self._names and not inner:
            choices += [
                f"{pick.choice(('any', 'all'))}({self._item()} for j in S)",
                f"(count({self._item()} for j in S) {pick.choice(('<=', '>=', '==', '!='))} {pick.choice('0123')})",
                "all_different(v[j] for j in S)",
                "all_different(v[j] + j for j in S)",
            ]
        if inner:
            choices.append(f"implies(i > 1, v[i] {pick.choice(_RELATIONS)} v[i - 1] if i > 1 else {one})")
        return pick.choice(choices)


def _as_constraint(claim: str) -> str:
    """Turns what cannot stand alone, a bare variable or a strict comparison, into what can."""
    body = ast.parse(claim, mode="eval").body
    if isinstance(body, ast.Name):
        return f"{claim} >= 1"
    strict = isinstance(body, ast.Compare) and isinstance(body.ops[0], ast.Lt | ast.Gt)
    return f"not {claim}" if strict else claim


def random_logic_model(random: Random) -> LogicModel:
    """Returns a model of whole variables with at most a few hundred assignments."""
    names = random.choice((("x", "a"), ("x", "y"), ("x", "y", "a"), ("a", "b", "x"), ("v", "a"), ("v",), ("v", "x")))
    return LogicWriter(random, names).model()


def random_real_model(random: Random) -> LogicModel:
    """Returns a model some of whose variables are continuous."""
    names = random.choice((("x", "a"), ("x", "y"), ("x", "y", "a"), ("a", "b", "x"), ("v", "x")))
    return LogicWriter(random, names, real=True).model()
