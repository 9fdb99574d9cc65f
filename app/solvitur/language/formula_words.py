"""Names, labels and numbers in LaTeX."""

from __future__ import annotations

import math
import re

from solvitur.language.numbers import number_text

_SMALL = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi
psi omega"""
_LARGE = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
_GREEK = frozenset(f"{_SMALL} {_LARGE}".split())
_NUMBERED = re.compile(r"([^\W\d_])_?(\d+)")
_PLAIN = re.compile(r"[^\\&%$#_{}<>~^]+|.", re.DOTALL)
_SPECIAL = {"\\": r"\backslash", "<": r"\lt", ">": r"\gt", "~": r"\sim", "^": r"\wedge"}
_LONGEST = 40


def name_latex(name: str) -> str:
    """Returns a name: one letter in italics (``x1`` with its number below), a Greek one as such, a word upright."""
    if len(name) == 1:
        return name if name != "_" else r"\_"
    if name in _GREEK:
        return rf"\{name}"
    numbered = _NUMBERED.fullmatch(name)
    if numbered and numbered[1].isascii():
        return rf"\mathit{{{numbered[1]}{numbered[2]}}}"
    return rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"


def text_latex(text: str) -> str:
    """Returns a label upright; what LaTeX takes for commands is written as signs."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    shown = "".join(c if c.isprintable() else " " for c in shown)
    if not shown:
        return r"\text{ }"
    return "".join(_piece(match[0]) for match in _PLAIN.finditer(shown))


def _piece(piece: str) -> str:
    if len(piece) == 1 and piece in "\\<>~^":
        return f"{{{_SPECIAL[piece]}}}"
    if len(piece) == 1 and piece in "&%$#_{}":
        return f"{{\\{piece}}}"
    return rf"\text{{{piece}}}"


def number_latex(value: int | float) -> str:
    """Returns a number; powers of ten as such."""
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    text = number_text(value)
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"
