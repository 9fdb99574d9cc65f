"""Single constraints of a bound model as sentences: ``Ship at least 325 cases to New York``."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvitur.engine.wording.expressions import Speaker
from solvitur.engine.wording.naming import (
    NumberWriter,
    Sentence,
    capital,
    is_verb,
    listed,
    many_of,
    one_of,
    sentence,
    spoken,
    with_unit,
)
from solvitur.language.elements import VarElement
from solvitur.problem.instance import INTEGER, Block, Label, MatrixInstance

_MOST_ROWS = 6
_MOST_TERMS = 4
_SEVERAL = 2
_PLACE_WORDS = "from|to|at|in|on|for|with|by|of|into|via|through|between|and|during|per|as"
_NOWHERE = frozenset({"of", "per", "and", "as"})
_MOVING = "carry deliver drive fly haul import move pump send ship supply take transport travel"
_TIMING = "day week month quarter year hour period shift time slot stage t"


def row_sentences(speaker: Speaker, instance: Any, name: str, section: str) -> list[Sentence]:
    """Says a constraint with its numbers, for its first places; nothing when no instance is at hand."""
    if not isinstance(instance, MatrixInstance) or len(speaker.model.constraints) > 400:
        return []
    block = next((each for each in instance.constraints if each.name == name), None)
    if block is None or block.count < 1:
        return []
    terms = instance.matrix.start[block.start + 1] - instance.matrix.start[block.start]
    if not block.sets and terms < _SEVERAL:  # the constraint itself says as much
        return []
    shown = min(block.count, _MOST_ROWS)
    said = [
        Sentence(f"\u2022 {text}", block.element(at), section)
        for at in range(shown)
        if (text := row_words(speaker, instance, block.start + at))
    ]
    if said and block.count > shown:
        said.append(Sentence(f"\u2022 and {speaker.number(block.count - shown)} more like these", name, section))
    return said


def row_words(speaker: Speaker, instance: MatrixInstance, row: int) -> str:
    """Says one row with its numbers; empty when it has nothing to say or is quadratic."""
    low, high = float(instance.row_lower[row]), float(instance.row_upper[row])
    if any(part.row == row for part in instance.quadratic_rows) or (math.isinf(low) and math.isinf(high)):
        return ""
    start, end = int(instance.matrix.start[row]), int(instance.matrix.start[row + 1])
    columns, values = instance.matrix.column[start:end], instance.matrix.value[start:end]
    if not len(columns):
        return ""
    if (values < 0).all():
        low, high, values = -high, -low, -values
    parts = _by_block(instance, columns, values)
    if len(parts) == 1 and parts[0].even:
        return _one_part(speaker, parts[0], low / parts[0].factor, high / parts[0].factor)
    both = _used_by(speaker, parts, low, high)
    return both or sentence(f"{_sum(speaker, parts)} {_limits(low, high, '', speaker.number)}")


@dataclass(frozen=True, eq=False)
class _Part:
    """The terms of a row that are of one variable: offsets within its block, and their factors."""

    block: Block
    offsets: np.ndarray
    factors: np.ndarray
    whole: bool
    """Whether its values are whole numbers between 0 and 1."""

    @property
    def even(self) -> bool:
        """Whether all factors are the same."""
        return bool((self.factors == self.factors[0]).all())

    @property
    def factor(self) -> float:
        """The first factor."""
        return float(self.factors[0])


def _by_block(instance: MatrixInstance, columns: np.ndarray, values: np.ndarray) -> list[_Part]:
    parts = []
    for block in instance.variables:
        inside = (columns >= block.start) & (columns < block.start + block.count)
        if inside.any():
            chosen = columns[inside]
            binary = bool(
                (instance.integrality[chosen] == INTEGER).all()
                and (instance.column_lower[chosen] >= 0).all()
                and (instance.column_upper[chosen] <= 1).all()
            )
            parts.append(_Part(block, chosen - block.start, values[inside], binary))
    return parts


def _one_part(speaker: Speaker, part: _Part, low: float, high: float) -> str:
    limits = _limits(low, high, "" if part.whole else part.block.unit, speaker.number, bare=True)
    where = place_words(speaker, part.block, part.offsets)
    name = part.block.name
    if part.whole and len(part.offsets) > 1:
        word = one_of(name)
        return sentence(f"choose {limits} of the {speaker.number(len(part.offsets))} '{word}'{where}")
    if is_verb(name):
        return sentence(f"{spoken(name)} {limits}{where}")
    if part.block.sets and len(part.offsets) > 1:
        return sentence(f"{spoken(name)}{where} together: {limits}")
    return sentence(f"{spoken(name)}{where}: {limits}")


def _used_by(speaker: Speaker, parts: Sequence[_Part], low: float, high: float) -> str:
    """Says rows such as ``send - room * open <= 0``: as much as is allowed by a yes-or-no."""
    if len(parts) != 2 or high != 0 or not math.isinf(low):
        return ""
    amount, switch = sorted(parts, key=lambda part: part.whole)
    if amount.whole or not switch.whole or not amount.even or amount.factor <= 0 or len(switch.offsets) != 1:
        return ""
    most = -switch.factor / amount.factor
    if most < 0:
        return ""
    name, where = amount.block.name, place_words(speaker, amount.block, amount.offsets)
    what = f"{spoken(name)}{where}" if is_verb(name) else f"{spoken(name)}{where}:"
    on = _switched(speaker, switch)
    return sentence(f"{what} at most {with_unit(most, amount.block.unit, speaker.number)}, and nothing unless {on}")


def _switched(speaker: Speaker, switch: _Part) -> str:
    labels = switch.block.label(int(switch.offsets[0]))
    return f"{_name(switch.block.name, labels)} is chosen"


def _sum(speaker: Speaker, parts: Sequence[_Part]) -> str:
    terms = [
        (float(factor), _name(part.block.name, part.block.label(int(at))))
        for part in parts
        for at, factor in zip(part.offsets, part.factors, strict=True)
    ]
    if len(terms) > _MOST_TERMS:
        named = listed([f"'{part.block.name}'" for part in parts])
        return f"a sum of {speaker.number(len(terms))} terms in {named}"
    said = ""
    for at, (factor, name) in enumerate(terms):
        sign = ("\u2212" if factor < 0 else "") if at == 0 else (" \u2212 " if factor < 0 else " + ")
        said += sign + (name if abs(factor) == 1 else f"{speaker.number(abs(factor))} \u00d7 {name}")
    return said


def _name(name: str, labels: Sequence[Label]) -> str:
    return f"{spoken(name)} {listed([str(label) for label in labels])}".strip() if labels else spoken(name)


def _limits(low: float, high: float, unit: str, number: NumberWriter, *, bare: bool = False) -> str:
    link = "" if bare else "is "
    if low == high:
        return f"{'exactly' if bare else 'equals'} {with_unit(low, unit, number)}"
    if math.isinf(high):
        return f"{link}at least {with_unit(low, unit, number)}"
    if math.isinf(low):
        return f"{link}at most {with_unit(high, unit, number)}"
    return f"{link}between {number(low)} and {with_unit(high, unit, number)}"


def place_words(speaker: Speaker, block: Block, offsets: np.ndarray) -> str:
    """Says where some entries of a variable lie: `` to New York`` if they share a label, `` from all plants`` ..."""
    if not block.sets:
        return ""
    words = prepositions(speaker, block)
    labels = [block.label(int(at)) for at in offsets[:5000]]
    said = []
    for position, word in enumerate(words):
        found = list(dict.fromkeys(label[position] for label in labels))
        of = block.sets[position]
        if len(found) == 1:
            said.append(f"{word} {found[0]}")
        elif len(found) == len(of) and len(offsets) <= 5000:
            set_name = block.set_names[position] if position < len(block.set_names) else ""
            if word not in _NOWHERE:
                said.append(f"{word} all {many_of(set_name) if set_name else 'of them'}")
        elif len(found) <= 3:
            said.append(f"{word} {listed([str(label) for label in found])}")
        else:
            said.append(f"{word} {speaker.number(len(found))} of {speaker.number(len(of))}")
    return "".join(f" {part}" for part in said)


def prepositions(speaker: Speaker, block: Block) -> tuple[str, ...]:
    """Returns the word that goes before each index, as the variable's description has it, else a usual one."""
    element = speaker.model.element(block.name)
    names = [name for binder in getattr(element, "binders", ()) for name in binder.names]
    words = []
    for position in range(len(block.sets)):
        name = names[position] if position < len(names) else ""
        found = None
        if isinstance(element, VarElement) and name:
            found = re.search(rf"\b({_PLACE_WORDS})\s+{re.escape(name)}\b", element.description)
        words.append(found[1] if found and found[1] != "and" else _usual(block, position))
    return tuple(words)


def _usual(block: Block, position: int) -> str:
    set_name = block.set_names[position] if position < len(block.set_names) else ""
    if one_of(set_name) in _TIMING.split():
        return "in"
    if spoken(block.name).split()[:1] and spoken(block.name).split()[0] in _MOVING.split() and len(block.sets) > 1:
        return "from" if position == 0 else "to" if position == 1 else "of"
    return "of" if position == 0 else "for"


def value_words(speaker: Speaker, block: Block, offset: int, value: float, *, whole: bool) -> str:
    """Says one value of an answer as something to do: ``Ship 50 cases from Seattle to New York``."""
    where = place_words(speaker, block, np.array([offset]))
    if whole:
        labels = _name("", block.label(offset)).strip()
        return capital(f"{spoken(block.name)} {labels}".strip()) + "."
    amount = with_unit(value, block.unit, speaker.number)
    if is_verb(block.name):
        return sentence(f"{spoken(block.name)} {amount}{where}")
    return sentence(f"{spoken(block.name)}{where}: {amount}")
