"""Shapes: fences, boxes, cans and pairs of numbers, whose sizes are decided and whose area or volume counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from solvitur_words.assembly import number
from solvitur_words.entities import Line
from solvitur_words.lexicon import list_of
from solvitur_words.tokens import Token

_PEN = frozenset(
    list_of("rectangle rectangular pen garden field enclosure corral pasture fence fencing plot region play")
)
_OPEN_SIDE = frozenset(list_of("river wall barn house cliff building stream side lake creek shore canal"))
_LENGTHS = frozenset(list_of("ft foot m meter metre cm inch in yard mm km mile centimeter"))
_OPEN_TOPS = (
    "no top", "open top", "without a top", "without top", "no lid", "open at the top", "open - top", "open-top",
    "topless", "without a lid",
)  # fmt: skip
_OTHER_SHAPES = frozenset(
    list_of(
        """
        hemisphere hemispherical semicircle semicircular cone conical sphere spherical triangle
        triangular octagon layer
        """
    )
)
"""What these readings do not cover."""
_MATERIAL = frozenset(
    list_of("material surface cardboard fencing fence fenced perimeter wood metal glass wire amount length")
)


@dataclass
class Shape:
    """A model of a shape: the text's parts, and the numbers it used by their place."""

    variables: list[tuple[str, str]] = field(default_factory=list)
    objective: str = ""
    constraints: list[tuple[str, str]] = field(default_factory=list)
    used: list[tuple[str, Token]] = field(default_factory=list)
    aim: tuple[int, int] = (0, 0)

    def text(self) -> str:
        """Writes the model."""
        out = [f"var {name} >= 0{bound}" for name, bound in self.variables]
        out += ["", self.objective, ""]
        out += [f"subject to {name}: {relation}" for name, relation in self.constraints]
        return "\n".join(out) + "\n"


class ShapeReader:
    """Looks at a whole statement for one shape."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._tokens = [token for line in lines for token in line.tokens]
        self._lemmas = [token.lemma for token in self._tokens]
        self._words = set(self._lemmas)
        self._numbers = [at for at, token in enumerate(self._tokens) if token.kind == "num"]
        self._sense, self._goal, self._aim = self._find_aim()

    def read(self) -> Shape | None:
        """Returns the shape's model, or None if no shape is told of."""
        if not self._sense or self._words & _OTHER_SHAPES:
            return None
        for attempt in (self._pair, self._sheet, self._can, self._box, self._pen):
            shape = attempt()
            if shape is not None:
                shape.aim = self._aim
                return shape
        return None

    def counts(self, at: int) -> bool:
        """Tells whether a number only counts sides, corners or layers, or is a 2 of "two numbers"."""
        after = self._lemmas[at + 1 : at + 4]
        spelled = self._tokens[at].text.isalpha()
        return spelled and bool(set(after) & {"side", "number", "corner", "other", "end", "piece", "dimension"})

    def _find_aim(self) -> tuple[str, set[str], tuple[int, int]]:
        for at, lemma in enumerate(self._lemmas):
            low = self._tokens[at].low
            sense = (
                "max"
                if lemma in ("maximize", "maximise") or low in ("maximum", "largest", "greatest", "most")
                else ""
            )
            sense = sense or (
                "min"
                if lemma in ("minimize", "minimise") or low in ("minimum", "least", "smallest", "minimal")
                else ""
            )
            if not sense or (at and self._lemmas[at - 1] == "at"):
                continue
            after = self._lemmas[at + 1 : at + 9]
            before = self._lemmas[max(0, at - 8) : at]
            known = {
                "area",
                "volume",
                "product",
                "sum",
                "cost",
                "perimeter",
                "size",
                "expensive",
                "costly",
            } | _MATERIAL
            goal = known & set(after) or known & set(before)
            if goal:
                return sense, goal, (self._tokens[at].start, self._tokens[min(at + 4, len(self._tokens) - 1)].end)
        return "", set(), (0, 0)

    def _measured(self, power: int) -> list[int]:
        """Finds numbers told in lengths (1), areas (2) or volumes (3)."""
        found = []
        for at in self._numbers:
            after = self._lemmas[at + 1 : at + 4]
            squared = after[:1] in (["square"], ["sq"]) or "squared" in after or after[1:3] in (["^", "#"],)
            cubic = after[:1] == ["cubic"] or "cubed" in after or "cube" in after or after[:1] in (["liter"], ["ml"])
            kind = 3 if cubic else (2 if squared else (1 if after[:1] and after[0] in _LENGTHS else 0))
            if kind == power and self._tokens[at].sort == "plain":
                found.append(at)
        return found

    def _money(self) -> list[int]:
        return [at for at in self._numbers if self._tokens[at].sort == "money"]

    def _value(self, at: int) -> str:
        return number(self._tokens[at].value)

    def _goal_expression(self, area: str, material: str) -> str:
        wants_material = bool(self._goal & (_MATERIAL | {"cost", "perimeter", "expensive", "costly"}))
        return material if wants_material and self._sense == "min" else area

    def _pair(self) -> Shape | None:
        """Reads two numbers with a given sum, difference or product."""
        pairs = [at for at in range(1, len(self._lemmas)) if self._lemmas[at] == "number" and (
            {"#", "positive", "nonnegative"} & set(self._lemmas[max(0, at - 3) : at]))]  # fmt: skip
        given = [at for at in self._numbers if not self.counts(at)]
        if (
            not pairs
            or len(given) != 1
            or not {"sum", "product", "difference"} & self._words
            or self._goal & {"area", "volume"}
        ):
            return None
        goal = next((word for word in ("product", "sum") if word in self._goal), "")
        known = next((word for word in ("sum", "product", "difference") if word in self._words and word != goal), "")
        if not goal or not known:
            return None
        write = {"sum": "first + second", "product": "first * second", "difference": "first - second"}
        bound = f" <= {number(100 * max(1.0, self._tokens[given[0]].value))}"
        shape = Shape([("first", bound), ("second", bound)], f"{_verb(self._sense)} {goal}: {write[goal]}")
        shape.constraints.append((f"given_{known}", f"{write[known]} == {self._value(given[0])}"))
        shape.used.append((f"given_{known}", self._tokens[given[0]]))
        return shape

    def _sheet(self) -> Shape | None:
        """Reads a sheet whose corners are cut out and whose sides are folded up into a box."""
        if not ({"corner", "square"} & self._words and {"cut", "fold"} & self._words and "volume" in self._words):
            return None
        lengths = [at for at in self._numbers if self._tokens[at].sort == "plain" and not self.counts(at)]
        if len(lengths) != 2 or (
            "by" not in self._lemmas[lengths[0] : lengths[1]] and "x" not in self._lemmas[lengths[0] : lengths[1]]
        ):
            return None
        long, wide = (self._tokens[at] for at in lengths)
        most = number(min(long.value, wide.value) / 2)
        volume = f"height * ({number(long.value)} - 2 * height) * ({number(wide.value)} - 2 * height)"
        shape = Shape([("height", f" <= {most}")], f"maximize volume: {volume}")
        shape.used = [("volume", long), ("volume", wide)]
        return shape

    def _ends(self) -> int:
        """Counts how many of top and bottom there are."""
        text = " ".join(self._lemmas)
        bare = any(each in text for each in _OPEN_TOPS)
        return 1 if bare or "open-top" in self._words else 2

    def _can(self) -> Shape | None:
        """Reads a cylinder of given volume, or of given material."""
        if not {"cylinder", "cylindrical"} & self._words:
            return None
        ends = self._ends()
        factor = [at for at in self._numbers if self._tokens[at].sort == "times"]
        weight = 1.0
        if not factor and {"expensive", "thick", "times"} & self._words:
            return None
        if factor and {"expensive", "cost", "thick"} & self._words and {"top", "bottom"} & self._words:
            weight = self._tokens[factor[0]].value
        area = f"{number(ends * weight)} * pi * radius ** 2 + 2 * pi * radius * height"
        shape = self._solid("pi * radius ** 2 * height", area, ("radius", "height"))
        if shape is not None and factor:
            shape.used.append(("material", self._tokens[factor[0]]))
        if shape is not None:
            shape.objective = shape.objective.replace("pi", repr(math.pi))
            shape.constraints = [(name, text.replace("pi", repr(math.pi))) for name, text in shape.constraints]
        return shape

    def _box(self) -> Shape | None:
        """Reads a box with a square base of given volume, or of given material."""
        text = " ".join(self._lemmas)
        if ("square base" not in text and "square bottom" not in text) or "layer" in self._words or self._money():
            return None
        if {"expensive", "times", "cost"} & self._words:
            return None
        ends = "side ** 2" if self._ends() == 1 else "2 * side ** 2"
        area = f"{ends} + 4 * side * height"
        return self._solid("side ** 2 * height", area, ("side", "height"))

    def _solid(self, volume: str, area: str, names: tuple[str, str]) -> Shape | None:
        volumes, areas = self._measured(3), self._measured(2)
        if volumes and self._sense == "min" and not areas:
            at, least = volumes[0], ("volume_needed", f"{volume} >= {self._value(volumes[0])}")
            goal = f"minimize material: {area}"
        elif areas and self._sense == "max" and not volumes:
            at, least = areas[0], ("material_at_hand", f"{area} <= {self._value(areas[0])}")
            goal = f"maximize volume: {volume}"
        else:
            return None
        bound = f" <= {number(100 * max(1.0, self._tokens[at].value))}"
        shape = Shape([(name, bound) for name in names], goal, [least])
        shape.used.append((least[0], self._tokens[at]))
        return shape

    def _pen(self) -> Shape | None:
        """Reads a rectangle enclosed by a fence, on all sides or on three."""
        if len(_PEN & self._words) < 2 or ("square" in self._words and "base" in self._words):
            return None
        lengths, areas = self._measured(1), self._measured(2)
        costs = [at for at in self._money() if {"per", "a"} & set(self._lemmas[at + 1 : at + 2])]
        free = self._has_free_side()
        fence = "2 * width + length" if free else "2 * width + 2 * length"
        shape = Shape()
        if areas and self._sense == "min" and not lengths:
            bound = f" <= {number(100 * max(1.0, self._tokens[areas[0]].value))}"
            shape.constraints.append(("area_needed", f"width * length >= {self._value(areas[0])}"))
            shape.used.append(("area_needed", self._tokens[areas[0]]))
            if len(costs) == 2 and {"three", "fourth"} & self._words | {"fourth"} & {t.low for t in self._tokens}:
                three, fourth = (self._value(at) for at in costs)
                shape.objective = f"minimize cost: {three} * (2 * width + length) + {fourth} * length"
                shape.used += [("cost", self._tokens[at]) for at in costs]
            elif not costs:
                shape.objective = f"minimize fencing: {fence}"
        elif len(lengths) == 1 and self._sense == "max" and not areas and not costs:
            bound = f" <= {number(max(1.0, self._tokens[lengths[0]].value))}"
            shape.constraints.append(("fence_at_hand", f"{fence} <= {self._value(lengths[0])}"))
            shape.used.append(("fence_at_hand", self._tokens[lengths[0]]))
            shape.objective = "maximize area: width * length"
        if not shape.objective:
            return None
        shape.variables = [("width", bound), ("length", bound)]
        return shape

    def _has_free_side(self) -> bool:
        lows = [token.low for token in self._tokens]
        told = any(
            lows[at] in ("one", "fourth", "1") and "side" in lows[at : at + 4] for at in range(len(lows))
        ) or any(
            lows[at : at + 2] == ["three", "sides"] or lows[at : at + 3] == ["other", "three", "sides"]
            for at in range(len(lows))
        )
        return (told or "along" in lows or "against" in lows or "alongside" in lows) and bool(
            (_OPEN_SIDE - {"side"}) & self._words
        )


def _verb(sense: str) -> str:
    return "maximize" if sense == "max" else "minimize"
