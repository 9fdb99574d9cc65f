"""Distances as TSPLIB and VRPLIB files give them: coordinates with a metric, or matrices in nine layouts."""

from __future__ import annotations

import numpy as np

from solvitur_routing.metrics import MATRIX
from solvitur_routing.standard_sheet import Sheet

METRIC_OF = {
    "EUC_2D": ("euclidean", "whole"),
    "EUC_3D": ("euclidean", "whole"),
    "CEIL_2D": ("euclidean", "up"),
    "FLOOR_2D": ("euclidean", "down"),
    "EXACT_2D": ("euclidean", "none"),
    "MAN_2D": ("manhattan", "whole"),
    "MAN_3D": ("manhattan", "whole"),
    "MAX_2D": ("maximum", "whole"),
    "MAX_3D": ("maximum", "whole"),
    "GEO": ("geographic", "none"),
    "ATT": ("pseudo-euclidean", "none"),
}
"""By edge weight type: metric and rounding."""

_ROWS = ("UPPER_ROW", "LOWER_COL", "UPPER_DIAG_ROW", "LOWER_DIAG_COL")
_FORMATS = ("FULL_MATRIX", *_ROWS, "LOWER_ROW", "UPPER_COL", "LOWER_DIAG_ROW", "UPPER_DIAG_COL")


def weights(sheet: Sheet, count: int) -> tuple[str, str, np.ndarray | None, np.ndarray | None]:
    """Returns metric, rounding, positions (count, d) and matrix (count, count); what is not given is None.

    Raises
    ------
    InputError
        With line and expectation.
    """
    kind = sheet.headers.get("EDGE_WEIGHT_TYPE", "").upper()
    if not kind and "EDGE_WEIGHT_SECTION" in sheet.sections:
        kind = "EXPLICIT"
    if not kind and "NODE_COORD_SECTION" in sheet.sections:
        kind = "EUC_2D"
    if kind == "EXPLICIT":
        return MATRIX, "none", _shown(sheet, count), matrix(sheet, count)
    if kind not in METRIC_OF:
        known = ", ".join([*METRIC_OF, "EXPLICIT"])
        line = sheet.lines.get("EDGE_WEIGHT_TYPE", sheet.last)
        raise sheet.fail(f"EDGE_WEIGHT_TYPE is '{kind or 'missing'}', expected one of {known}", line)
    metric, rounding = METRIC_OF[kind]
    width = 3 if kind.endswith("3D") else 2
    return metric, rounding, sheet.table("NODE_COORD_SECTION", count, width)[:, :width], None


def _shown(sheet: Sheet, count: int) -> np.ndarray | None:
    for name in ("DISPLAY_DATA_SECTION", "NODE_COORD_SECTION"):
        if name in sheet.sections:
            return sheet.table(name, count, 2)[:, :2]
    return None


def matrix(sheet: Sheet, count: int) -> np.ndarray:
    """Reads EDGE_WEIGHT_SECTION in any of its layouts.

    Raises
    ------
    InputError
        If the layout is unknown or the number of entries does not fit it.
    """
    layout = sheet.headers.get("EDGE_WEIGHT_FORMAT", "FULL_MATRIX").upper()
    if layout not in _FORMATS:
        said = f"EDGE_WEIGHT_FORMAT is '{layout}', expected one of {', '.join(_FORMATS)}"
        raise sheet.fail(said, sheet.lines.get("EDGE_WEIGHT_FORMAT", 0))
    values, lines = sheet.flat("EDGE_WEIGHT_SECTION")
    if layout == "FULL_MATRIX" and len(values) == count * count + 1 and values[0] == count:
        values = values[1:]  # sequential ordering problems begin with the dimension
    diagonal = 0 if "DIAG" in layout else 1
    expected = count * count if layout == "FULL_MATRIX" else count * (count + 1 - 2 * diagonal) // 2
    if len(values) != expected:
        line = lines[-1] if lines else sheet.sections["EDGE_WEIGHT_SECTION"].header
        said = f"EDGE_WEIGHT_SECTION has {len(values)} entries, expected {expected} for {layout} of {count} nodes"
        raise sheet.fail(said, line)
    if layout == "FULL_MATRIX":
        found: np.ndarray = values.reshape(count, count).copy()
        return found
    found = np.zeros((count, count))
    # Upper triangles by rows are lower triangles by columns, and the other way round.
    a, b = np.triu_indices(count, diagonal) if layout in _ROWS else np.tril_indices(count, -diagonal)
    found[a, b] = values
    found[b, a] = values
    return found


def refuse_negative(sheet: Sheet, found: np.ndarray) -> None:
    """Refuses negative entries by the nodes they stand between.

    Raises
    ------
    InputError
        With both nodes.
    """
    bad = np.argwhere(found < 0)
    if len(bad):
        a, b = (bad[0] + 1).tolist()
        said = f"the distance from node {a} to node {b} is {found[a - 1, b - 1]:g}, expected none below 0"
        raise sheet.fail(said, sheet.sections["EDGE_WEIGHT_SECTION"].header)
