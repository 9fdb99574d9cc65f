"""The model's text: sets, parameters, variables, objective and constraints, with readable names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from solvitur_words.entities import Group

_RESERVED = frozenset(
    """set param let var minimize maximize minimise maximise subject to data constraint integer binary semicontinuous
    free default within unit soft from and or not in if else for inf sum prod min max abs count all any exp log sqrt
    sin cos len card implies iff all_different piecewise s t""".split()  # noqa: SIM905
)


@dataclass
class Row:
    """A parameter over the entities, by entity name."""

    name: str
    values: dict[str, float]
    about: str = ""


@dataclass
class Text:
    """A model being written."""

    group: Group
    set_name: str
    variable: str
    integer: bool
    rows: list[Row] = field(default_factory=list)
    scalars: list[tuple[str, float]] = field(default_factory=list)
    objective: str = ""
    constraints: list[tuple[str, str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def name(self, words: Iterable[str], fallback: str) -> str:
        """Makes a free name of words."""
        raw = "_".join(re.sub(r"\W+", "_", word.lower()) for word in words if word)
        raw = re.sub(r"_+", "_", raw).strip("_")[:40] or fallback
        if raw[0].isdigit() or raw in _RESERVED:
            raw = f"{raw}_value" if not raw[0].isdigit() else f"n_{raw}"
        name, number = raw, 2
        while name in self.taken:
            name, number = f"{raw}_{number}", number + 1
        self.taken.add(name)
        return name

    def one(self, entity: str) -> str:
        """Writes the variable of one entity."""
        return f"{self.variable}[{quoted(entity)}]"

    def total(self) -> str:
        """Writes the sum of all variables."""
        return f"sum({self.variable}[i] for i in {self.set_name})"

    def of_row(self, row: Row) -> str:
        """Writes what a row adds up to."""
        if len(row.values) < len(self.group.entities):
            return f"sum({row.name}[i] * {self.variable}[i] for i in {self.set_name})"
        return f"sum({row.name}[i] * {self.variable}[i] for i in {self.set_name})"

    def terms(self, coefficients: dict[str, float]) -> str:
        """Writes a linear expression."""
        names = [entity.name for entity in self.group.entities]
        if set(coefficients) == set(names) and all(value == 1 for value in coefficients.values()) and len(names) > 2:
            return self.total()
        out = ""
        for name, value in coefficients.items():
            size = abs(value)
            piece = self.one(name) if size == 1 else f"{number(size)} * {self.one(name)}"
            out += (" - " if value < 0 else " + ") + piece
        out = out.removeprefix(" + ")
        return "-" + out[3:] if out.startswith(" - ") else out

    def render(self) -> str:
        """Writes the whole model."""
        members = ", ".join(quoted(entity.name) for entity in self.group.entities)
        out = [f"set {self.set_name} = {{{members}}}"]
        for row in self.rows:
            partial = " default 0" if len(row.values) < len(self.group.entities) else ""
            about = f' "{row.about}"' if row.about else ""
            out.append(f"param {row.name}[{self.set_name}]{partial}{about}")
        out += [f"param {name} = {number(value)}" for name, value in self.scalars]
        kind = " integer" if self.integer else ""
        out += ["", f"var {self.variable}[i in {self.set_name}] >= 0{kind}", "", self.objective, ""]
        out += [f"subject to {name}: {relation}" for name, relation in self.constraints]
        if self.rows:
            out += ["", "data"]
            for row in self.rows:
                cells = ", ".join(f"{quoted(key)}: {number(value)}" for key, value in row.values.items())
                out.append(f"  {row.name} = {{{cells}}}")
        return "\n".join(out) + "\n"


def quoted(label: str) -> str:
    """Writes a set member."""
    return '"' + label.replace('"', "") + '"'


def number(value: float) -> str:
    """Writes a number exactly and shortly."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def plural(word: str) -> str:
    """Makes a set's name of a noun."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        word = word[:-1] + "ies"
    elif not word.endswith("s"):
        word += "es" if word.endswith(("x", "ch", "sh")) else "s"
    return word[:1].upper() + word[1:]


def set_name_of(group: Group, nouns: Sequence[str]) -> str:
    """Names the set after what its members are."""
    for noun in [*nouns, *sorted(group.nouns)]:
        clean = re.sub(r"\W+", "", noun)
        if clean and not clean[0].isdigit():
            return plural(clean)
    return "Things"
