"""Gives columns and rows names that a file format can hold, distinct and as close to the user's as can be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from solvitur.api import Block

_MPS_BAD = re.compile(r"\s+")
_LP_BAD = re.compile(r"[^A-Za-z0-9!\"#$%&(),.;?@_`'{}|~\u00a1-\uffff]+")
_LP_START = re.compile(r"[0-9.]|[eE][0-9]")


def names_of(blocks: tuple[Block, ...]) -> list[str]:
    """Returns the user's names of all elements in order, such as ``ship[Seattle, Chicago]``."""
    names: list[str] = []
    for block in blocks:
        if len(block.sets) == 1 and not block.name and block.codes is None:
            names.extend(map(str, block.sets[0]))
        else:
            names.extend(block.element(offset) for offset in range(block.count))
    return names


def mps_names(blocks: tuple[Block, ...], *, prefix: str, taken: Iterable[str] = ()) -> list[str]:
    """Returns names without white space."""
    closed = [_MPS_BAD.sub("_", name.strip().replace(", ", ",")) for name in names_of(blocks)]
    # A leading $ or * may be read as a comment, and quotes belong to markers.
    fit = [f"{prefix}{name}" if name[:1] in ("", "$", "*", "'") else name for name in closed]
    return _distinct(fit, taken)


def lp_names(blocks: tuple[Block, ...], *, prefix: str) -> list[str]:
    """Returns names of the letters and signs that LP files know; brackets become parentheses."""
    fit = []
    for name in names_of(blocks):
        plain = _LP_BAD.sub("_", name.strip().replace(", ", ",").replace("[", "(").replace("]", ")"))
        reserved = not plain or _LP_START.match(plain) or plain.lower() in ("free", "inf", "infinity", "end", "st")
        fit.append(f"{prefix}_{plain}" if reserved else plain)
    return _distinct(fit, ())


def _distinct(names: list[str], taken: Iterable[str]) -> list[str]:
    seen = set(taken)
    if len(set(names)) == len(names) and seen.isdisjoint(names):
        return names
    found = []
    for name in names:
        free, number = name, 2
        while free in seen:
            free, number = f"{name}_{number}", number + 1
        seen.add(free)
        found.append(free)
    return found
