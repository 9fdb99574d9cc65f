"""The words of the language, and the nearest word to a mistyped one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

STATEMENT_WORDS = (
    "set",
    "param",
    "let",
    "var",
    "minimize",
    "maximize",
    "minimise",
    "maximise",
    "subject",
    "constraint",
    "data",
)
"""Words that open a statement (``subject`` is followed by ``to``; ``s.t.`` is the same)."""

ALSO_KNOWN_AS = {
    "variable": "var",
    "variables": "var",
    "dvar": "var",
    "parameter": "param",
    "parameters": "param",
    "params": "param",
    "sets": "set",
    "min": "minimize",
    "max": "maximize",
    "objective": "minimize",
    "st": "subject to",
    "constraints": "subject to",
    "subj": "subject to",
    "def": "let",
}
"""Words that open a statement in other languages, and ours."""

MODIFIER_WORDS = (
    "integer",
    "binary",
    "semicontinuous",
    "free",
    "default",
    "within",
    "unit",
    "soft",
    "from",
)
"""Words that follow a name in a declaration."""

OPERATOR_WORDS = ("and", "or", "not", "in", "if", "else", "for")
"""Words that join expressions."""

AGGREGATES = ("sum", "min", "max", "count", "all", "any", "prod", "all_different")
"""Functions that take ``... for i in S``."""

ARGUMENTS: dict[str, tuple[int, int | None]] = {
    "abs": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "sin": (1, 1),
    "cos": (1, 1),
    "len": (1, 1),
    "card": (1, 1),
    "min": (2, None),
    "max": (2, None),
    "implies": (2, 2),
    "iff": (2, 2),
    "all_different": (1, None),
    "piecewise": (3, None),
}
"""Functions of listed arguments: the smallest and largest number of them (None: any number)."""

FUNCTIONS = tuple(dict.fromkeys((*AGGREGATES, *ARGUMENTS)))
"""All functions of the language."""

INFINITY_WORDS = ("inf", "infinity")

RESERVED = frozenset((*STATEMENT_WORDS, *MODIFIER_WORDS, *OPERATOR_WORDS, *FUNCTIONS, *INFINITY_WORDS))
"""Words that no element or index may be called."""

_LONGEST_COMPARED = 60


def nearest(word: str, known: Iterable[str]) -> str:
    """Returns the known word that ``word`` was most likely meant to be, or an empty string."""
    if len(word) > _LONGEST_COMPARED:
        return ""
    candidates = list(dict.fromkeys(known))
    folded = word.casefold()
    for candidate in candidates:
        if candidate.casefold() == folded and candidate != word:
            return candidate
    close = difflib.get_close_matches(word, candidates, n=1, cutoff=0.6)
    return close[0] if close and close[0] != word else ""
