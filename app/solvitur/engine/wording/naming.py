"""How names, labels, units and numbers of a model are said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solvitur.language.numbers import number_text

NumberWriter = Callable[[float], str]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UNIT = re.compile(r"[a-z]{3,}")
_SAME = frozenset({"sheep", "people", "staff", "cash", "data", "series", "species"})
_UNCHANGED_UNITS = frozenset(
    {"pcs", "pieces", "people", "staff", "cwt", "sqm", "kwh", "mwh", "mbit", "gbit", "min", "eur", "usd", "gbp"}
)
_VERB_WORDS = """
accept add allocate assign bake begin blend brew build buy carry change choose close cover cut deliver dig
drive employ feed fill fly grow haul hire hold import install invest keep launch lease lend load make mill
mine mix move open operate order pack pay pick place plant plough produce pump purchase rent run schedule
select sell send serve ship sow spend staff start stock store supply take train transport travel treat use
visit work
"""
_VERBS = frozenset(_VERB_WORDS.split())


@dataclass(frozen=True)
class Sentence:
    """One sentence about one element (empty: about all of them), under the heading of its section."""

    text: str
    element: str = ""
    section: str = ""


def plain_number(value: float) -> str:
    """Writes a number with six significant digits at most."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return number_text(float(f"{value:.6g}"))


def spoken(name: str) -> str:
    """Turns a name into words: ``within_supply`` and ``withinSupply`` into ``within supply``."""
    words = _CAMEL.sub(" ", name.replace("_", " ")).split()
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words) or name


def one_of(set_name: str) -> str:
    """Returns the word for one member of a set, from its name: ``plant`` for ``Plants``, ``city`` for ``Cities``."""
    word = spoken(set_name)
    if word in _SAME or len(word) < 4:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def many_of(set_name: str) -> str:
    """Returns the word for several members of a set."""
    word = spoken(set_name)
    return word if one_of(set_name) != word or word in _SAME else plural(word)


def plural(word: str) -> str:
    """Returns the plural of an English noun by the common rules."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "sh", "ch", "x", "z")):
        return word + "es"
    return word + "s"


def with_unit(value: float, unit: str, number: NumberWriter) -> str:
    """Writes a number with its unit: ``325 cases``, ``1 case``, ``12.5 €``."""
    said = number(value)
    if not unit:
        return said
    if is_word(unit) and abs(value) != 1:
        return f"{said} {plural(unit)}"
    return f"{said} {unit}"


def is_word(unit: str) -> bool:
    """Tells whether a unit is an English noun that has a plural, not a sign or an abbreviation."""
    return _UNIT.fullmatch(unit) is not None and unit not in _UNCHANGED_UNITS and not unit.endswith("s")


def is_verb(name: str) -> bool:
    """Tells whether a variable's name tells what to do, so that it can begin a sentence."""
    first = spoken(name).split()
    return bool(first) and first[0] in _VERBS


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Joins words: ``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """Begins with a capital letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Ends with a full stop."""
    return capital(text.strip().rstrip(".")) + "."
