"""Opens TSPLIB and VRPLIB files (.tsp, .atsp, .sop, .vrp and their kin), plain or gzipped.

The fields are those of TSPLIB 95, of LKH's and of PyVRP's dialects of VRPLIB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from solvitur.api import Finding, Formulation, Imported, Place, Problem, Severity, Table, option, write_rules
from solvitur_routing.binding import Ways
from solvitur_routing.metrics import MATRIX, ROUNDINGS
from solvitur_routing.schema import REPORT, RULES, STATED, STOPS
from solvitur_routing.standard_customs import custom
from solvitur_routing.standard_fleet import fleet_table
from solvitur_routing.standard_sheet import Sheet, head_of, sheet_of, text_of
from solvitur_routing.standard_stops import Stops, stops_of
from solvitur_routing.standard_weights import refuse_negative, weights

_HEAD = re.compile(r"^\s*(DIMENSION|EDGE_WEIGHT_TYPE|NODE_COORD_SECTION|EDGE_WEIGHT_SECTION)\b", re.MULTILINE)
_NAMED = re.compile(r"^\s*(NAME|TYPE|COMMENT)\s*:", re.MULTILINE)


@dataclass(frozen=True)
class Options:
    """How a standard routing file is read; ``auto`` follows the custom of its family and says so."""

    rounding: str = option("auto", "Rounding of distances", choices=("auto", *ROUNDINGS))
    report: str = option("auto", "Unit of the objective", choices=("auto", *REPORT))
    objective: str = option("cost", "Objective", choices=("cost", "vehicles first"))


class StandardFile:
    """Reads TSPLIB and VRPLIB files."""

    name, title = "vrplib", "Tour or vehicle routing problem (TSPLIB, VRPLIB)"
    suffixes: tuple[str, ...] = (".tsp", ".atsp", ".sop", ".vrp", ".oplib", ".tsp.gz", ".atsp.gz", ".vrp.gz")
    options: ClassVar[type | None] = Options

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by the keywords that begin such a file, else by suffix."""
        text = head_of(head)
        if _HEAD.search(text):
            return 0.98 if _NAMED.search(text) or "EDGE_WEIGHT" in text else 0.7
        return 0.5 if path.name.lower().endswith(self.suffixes) else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the problem into tables of stops and vehicles, rules, and a matrix if the file gives one.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        sheet = sheet_of(text_of(path), str(path))
        kind = sheet.headers.get("TYPE", "").split()[0].upper() if sheet.headers.get("TYPE", "").split() else ""
        if kind == "TOUR" or ("TOUR_SECTION" in sheet.sections and "EDGE_WEIGHT_TYPE" not in sheet.headers):
            raise sheet.fail("this is an answer (a tour), expected a problem", sheet.lines.get("TYPE", 0))
        if "FIXED_EDGES_SECTION" in sheet.sections:
            line = sheet.sections["FIXED_EDGES_SECTION"].header
            raise sheet.fail("edges fixed in advance are not supported; remove FIXED_EDGES_SECTION", line)
        count = sheet.whole("DIMENSION")
        findings: list[Finding] = []
        if not kind:
            kind = "CVRP" if {"DEMAND_SECTION", "CAPACITY"} & ({*sheet.sections} | {*sheet.headers}) else "TSP"
            findings.append(_info(sheet, f"the file does not say its TYPE; it was read as {kind}"))
        metric, usual, positions, found = weights(sheet, count)
        if found is not None and kind != "SOP":
            refuse_negative(sheet, found)
        stops = stops_of(sheet, kind, count)
        if kind == "SOP" and found is not None:
            found = _ordered(stops, found)
        rounding, report, said = custom(sheet, kind, metric, usual)
        if options.get("rounding", "auto") != "auto":
            rounding, said = str(options["rounding"]), ""
        if options.get("report", "auto") != "auto":
            report = str(options["report"])
        if said:
            findings.append(_info(sheet, said))
        rules = {"metric": metric, "rounding": rounding, "report in": report}
        rules["objective"] = str(options.get("objective", "cost"))
        if kind == "VRPB":
            rules["backhauls"] = "last"
        problem = Problem(
            name=sheet.headers.get("NAME", "") or path.name.split(".")[0],
            statement=sheet.headers.get("COMMENT", ""),
            formulation=Formulation(
                "routing",
                write_rules(RULES, rules, STATED),
                content=Ways(distances=_compact(found)) if metric == MATRIX else None,
                source=str(path),
            ),
            tables=(_stops_table(stops, positions), fleet_table(sheet, stops, kind)),
        )
        return Imported(problem, findings=tuple(findings))


def _stops_table(stops: Stops, positions: np.ndarray | None) -> Table:
    return Table(STOPS, stops.columns(positions))


def _info(sheet: Sheet, text: str) -> Finding:
    return Finding(Severity.INFO, text, place=Place(sheet.file))


def _compact(found: np.ndarray | None) -> np.ndarray | None:
    """Keeps whole distances in half the space."""
    if found is None or not (found == np.rint(found)).all() or found.max(initial=0) >= 2**31:
        return found
    return found.astype(np.int32)


def _ordered(stops: Stops, found: np.ndarray) -> np.ndarray:
    """Turns the -1 entries of a sequential ordering problem into pairs: j comes before i."""
    later, sooner = np.nonzero(found == -1)
    for i, j in zip(later.tolist(), sooner.tolist(), strict=True):
        if i != j and j != 0 and i != len(found) - 1:
            stops.pairs.append((j, i))
    stops.is_depot[-1] = True
    return np.where(found < 0, np.inf, found)
