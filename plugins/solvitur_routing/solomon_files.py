"""Opens Solomon's and Homberger's texts (routes with time windows) and Li and Lim's (pickups with deliveries)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from solvitur.api import (
    Finding,
    Formulation,
    Imported,
    InputError,
    Place,
    Problem,
    Severity,
    Table,
    option,
    write_rules,
)
from solvitur_routing.metrics import ROUNDINGS
from solvitur_routing.schema import RULES, STATED, STOPS, VEHICLES
from solvitur_routing.standard_sheet import head_of, text_of
from solvitur_routing.standard_stops import Stops

_SOLOMON = re.compile(r"VEHICLE\s+NUMBER\s+CAPACITY\s+\d", re.IGNORECASE)
_LI_LIM = re.compile(r"\A\s*\d+[ \t]+\d+[ \t]+\d+[ \t]*\r?\n[ \t]*0([ \t]+-?\d+){8}[ \t]*\r?\n")
_COLUMNS = ("number", "x", "y", "demand", "ready time", "due date", "service time", "pickup", "delivery")


@dataclass(frozen=True)
class Options:
    """How such a text is read."""

    objective: str = option(
        "cost",
        "Objective",
        choices=("cost", "vehicles first"),
        help="Shortest distance, or fewest vehicles and then the shortest distance.",
    )
    rounding: str = option("none", "Rounding of distances", choices=ROUNDINGS)


class WindowedText:
    """Reads the texts of Solomon, of Gehring and Homberger, and of Li and Lim."""

    name, title = "solomon", "Vehicle routing with time windows (Solomon, Homberger, Li and Lim)"
    suffixes: tuple[str, ...] = (".txt", ".sol.txt", ".vrptw", ".pdptw")
    options: ClassVar[type | None] = Options

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by the headings, or by nine columns of numbers under three."""
        text = head_of(head)
        return 0.97 if _SOLOMON.search(text) else 0.9 if _LI_LIM.match(text) else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the problem.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        reader = _Reader(text_of(path), str(path))
        number, capacity = reader.fleet()
        rows = reader.customers()
        stops = _stops(rows, reader)
        rounding = str(options.get("rounding", "none"))
        objective = str(options.get("objective", "cost"))
        rules = {"metric": "euclidean", "rounding": rounding, "objective": objective}
        fleet = Table.from_rows(VEHICLES, ["name", "count", "capacity"], [["vehicle", number, capacity]])
        problem = Problem(
            name=reader.name or path.stem,
            formulation=Formulation("routing", write_rules(RULES, rules, STATED), source=str(path)),
            tables=(Table(STOPS, stops.columns(rows[:, 1:3])), fleet),
        )
        goal = "fewest vehicles first" if objective == "vehicles first" else "the shortest way"
        told = "not rounded" if rounding == "none" else f"rounded: {rounding}"
        said = f"distances are {told}, the objective is {goal}; change it with the rules 'rounding' and 'objective'"
        return Imported(problem, findings=(Finding(Severity.INFO, said, place=Place(str(path))),))


class _Reader:
    """The lines of one text and how far they were read."""

    def __init__(self, text: str, file: str) -> None:
        self._lines = [(k, line.split()) for k, line in enumerate(text.splitlines(), 1) if line.strip()]
        self._file = file
        self._paired = bool(_LI_LIM.match(text))
        first = self._lines[0][1]
        self.name = "" if self._paired or first[0].upper() == "VEHICLE" else first[0]
        self.line = [0]

    @property
    def paired(self) -> bool:
        """Whether rows name their pickups and deliveries."""
        return self._paired

    def fail(self, text: str, line: int) -> InputError:
        """Builds the error for a line."""
        return InputError.at(text, place=Place(self._file, line))

    def fleet(self) -> tuple[int, float]:
        """Returns the number of vehicles and their capacity."""
        at = 0
        if not self._paired:
            heads = [k for k, (_, cells) in enumerate(self._lines) if cells[0].upper() == "NUMBER"]
            if not heads or heads[0] + 1 >= len(self._lines):
                raise self.fail("expected a line with the number of vehicles and their capacity", self._lines[-1][0])
            at = heads[0] + 1
        line, cells = self._lines[at]
        self._lines = self._lines[at + 1 :]
        values = self._numbers(cells, line, 3 if self._paired else 2, "number of vehicles, capacity")
        if values[0] < 1 or values[0] != int(values[0]) or values[1] < 0:
            raise self.fail(f"'{' '.join(cells)}': expected at least 1 vehicle and a capacity of at least 0", line)
        return int(values[0]), values[1]

    def customers(self) -> np.ndarray:
        """Returns the rows, shape (n, 7 or 9); row k is customer k."""
        width = 9 if self._paired else 7
        found: list[list[float]] = []
        self.line = []
        for line, cells in self._lines:
            if not found and not re.fullmatch(r"-?[\d.]+", cells[0]):
                continue  # headings
            values = self._numbers(cells, line, width, ", ".join(_COLUMNS[:width]))
            if values[0] != len(found):
                raise self.fail(
                    f"this is customer {cells[0]}, expected {len(found)}; a row is missing or doubled", line
                )
            if values[3] < 0 and not self._paired:
                raise self.fail(f"customer {cells[0]} has demand {values[3]:g}, expected at least 0", line)
            if values[4] > values[5]:
                said = (
                    f"the time window of customer {cells[0]} ends at {values[5]:g}, before it begins at {values[4]:g}"
                )
                raise self.fail(said, line)
            if values[6] < 0:
                raise self.fail(f"customer {cells[0]} has service time {values[6]:g}, expected at least 0", line)
            found.append(values)
            self.line.append(line)
        if len(found) < 2:
            raise self.fail(
                "expected a row for the depot (0) and one for each customer", self.line[-1] if found else 0
            )
        return np.array(found)

    def _numbers(self, cells: list[str], line: int, count: int, expected: str) -> list[float]:
        if len(cells) != count:
            raise self.fail(f"this line has {len(cells)} cells, expected {count}: {expected}", line)
        try:
            values = [float(cell) for cell in cells]
        except ValueError:
            raise self.fail(f"'{' '.join(cells)[:60]}' are not all numbers; expected {expected}", line) from None
        if not np.isfinite(values).all():
            raise self.fail("a number here is not finite", line)
        return values


def _stops(rows: np.ndarray, reader: _Reader) -> Stops:
    names = [str(k) for k in range(len(rows))]
    is_depot = np.zeros(len(rows), bool)
    is_depot[0] = True
    stops = Stops(names, is_depot, window=rows[:, 4:6], service=rows[:, 6])
    if not reader.paired:
        stops.demand = rows[:, 3:4]
        return stops
    stops.amount = np.zeros(len(rows))
    for row in range(1, len(rows)):
        target = int(rows[row, 8])
        if rows[row, 7] == 0 and target > 0:
            if target >= len(rows) or int(rows[target, 7]) != row:
                said = f"customer {row} delivers to {target}, which does not name it as its pickup"
                raise reader.fail(said, reader.line[row])
            stops.pairs.append((row, target))
            stops.amount[row] = rows[row, 3]
    return stops
