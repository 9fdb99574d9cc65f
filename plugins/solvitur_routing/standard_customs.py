"""Which rounding and unit of objective a family of files is published with, and how that is said."""

from __future__ import annotations

import re

from solvitur_routing.standard_sheet import Sheet

_UNROUNDED = re.compile(r"^(CMT|GOLDEN|LI[_ ]?\d|TAI\d|KELLY|PR\d)", re.IGNORECASE)

CUSTOMS = {
    "VRPTW": ("tenths", "units"),
    "CVRPTW": ("tenths", "units"),
    "PCVRPTW": ("tenths", "tenths"),
    "MTVRPTWR": ("tenths", "tenths"),
    "MTVRPTW": ("tenths", "tenths"),
    "MDVRPTW": ("thousandths", "thousandths"),
    "HFVRP": ("none", "hundreds"),
    "PDPTW": ("none", "units"),
}
"""By type of file: rounding of distances, and the unit of the objective."""

_WORDS = {
    "none": "not rounded",
    "whole": "rounded to whole numbers",
    "up": "rounded up",
    "down": "rounded down",
    "tenths": "cut after the first decimal",
    "thousandths": "rounded to thousandths",
}
_UNITS = {
    "units": "",
    "tenths": "; the objective counts tenths, as the answers published for these files do",
    "thousandths": "; the objective counts thousandths, as the answers published for these files do",
    "hundreds": "; the objective counts hundreds, as the costs in the file are hundredfold",
}


def custom(sheet: Sheet, kind: str, metric: str, usual: str) -> tuple[str, str, str]:
    """Returns rounding, unit of the objective, and the sentence that says so.

    Parameters
    ----------
    usual : the rounding that the edge weight type asks for.
    """
    rounding, unit = usual, "units"
    guessed = ""
    if kind in CUSTOMS:
        rounding, unit = (CUSTOMS[kind][0] if usual == "whole" else usual), CUSTOMS[kind][1]
    elif kind == "CVRP" and usual == "whole" and (_UNROUNDED.match(sheet.headers.get("NAME", "")) or _told(sheet)):
        rounding = "none"
        guessed = " (guessed from the name or the published value)"
    if metric in ("matrix", "geographic", "pseudo-euclidean"):
        return "none", unit, ""
    said = f"distances are {_WORDS[rounding]}{guessed}{_UNITS[unit]}"
    return rounding, unit, f"{said}; change it with the rule 'rounding'"


def _told(sheet: Sheet) -> bool:
    """Whether the remark is or names a best value with decimals, which whole distances cannot give."""
    remark = sheet.headers.get("COMMENT", "")
    return bool(
        re.fullmatch(r"\s*\d+\.\d+\s*", remark) or re.search(r"value:?\s*\d+\.\d*[1-9]", remark, re.IGNORECASE)
    )
