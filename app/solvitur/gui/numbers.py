"""Numbers and durations as people read them; every number in the window is written here."""

from __future__ import annotations

import math

THIN = "\u2009"
"""The thin space between groups of three digits."""
NONE = "\u2014"
"""The em dash that stands for an absent number."""
_MINUS = "\u2212"
_FIXED_FROM, _FIXED_TO = 1e-4, 1e15


def show(value: float | None, digits: int = 6) -> str:
    """Writes a number with ``digits`` significant digits; whole numbers (and whole parts) are never cut."""
    if value is None or math.isnan(value):
        return NONE
    sign = _MINUS if value < 0 else ""
    size = abs(value)
    if math.isinf(size):
        return sign + "\u221e"
    if size == 0:
        return "0"
    if not _FIXED_FROM <= size < _FIXED_TO:
        return sign + _scientific(size, digits)
    whole_digits = math.floor(math.log10(size)) + 1
    decimals = max(0, digits - whole_digits)
    text = f"{size:.{decimals}f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", THIN)
    if grouped == "0" and not fraction:
        return "0"
    return sign + grouped + (f".{fraction}" if fraction else "")


def exact(value: float | None) -> str:
    """Writes a number with all digits it has, for tool tips."""
    if value is None or not math.isfinite(value):
        return show(value)
    whole, dot, fraction = repr(abs(value)).partition(".")
    if "e" in whole + fraction or not whole.isdigit():
        return show(value, 17)
    sign = _MINUS if value < 0 else ""
    grouped = f"{int(whole):,}".replace(",", THIN)
    return sign + grouped + (dot + fraction if fraction.strip("0") else "")


def percent(value: float | None) -> str:
    """Writes a fraction as percent with two decimals at most; 0 only when it is 0."""
    if value is None or math.isnan(value):
        return NONE
    if 0 < value < 0.0001:
        return f"<{THIN}0.01{THIN}%"
    if value > 100:
        return f">{THIN}{show(10_000)}{THIN}%"
    return f"{show(round(value * 100, 2))}{THIN}%"


def duration(seconds: float | None) -> str:
    """Writes a stretch of time: ``0.42 s`` below ten seconds, then ``00:12`` and ``1:02:03``."""
    if seconds is None or not math.isfinite(seconds):
        return NONE
    if seconds < 10:
        return f"{max(seconds, 0.0):.2f}{THIN}s"
    return clock(seconds)


def clock(seconds: float) -> str:
    """Writes running time as ``00:07`` or ``1:02:03``; its width does not jump while it runs."""
    minutes, rest = divmod(int(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def counted(count: int, one: str, many: str = "") -> str:
    """Writes a count with its noun: ``1 variable``, ``12 000 variables``."""
    return f"{show(count)} {one if count == 1 else many or one + 's'}"


def _scientific(size: float, digits: int) -> str:
    mantissa, _, exponent = f"{size:.{max(digits - 1, 0)}e}".partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"
