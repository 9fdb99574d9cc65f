"""The stops of a TSPLIB or VRPLIB file: loads, windows, prizes, groups and pairs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvitur.api import Column, column_values
from solvitur_routing.standard_sheet import Sheet


@dataclass(eq=False)
class Stops:
    """What is known of each node, arrays over n; None: the file does not say."""

    names: list[str]
    is_depot: np.ndarray
    demand: np.ndarray | None = None
    pickup: np.ndarray | None = None
    window: np.ndarray | None = None
    service: np.ndarray | None = None
    release: np.ndarray | None = None
    prize: np.ndarray | None = None
    optional: np.ndarray | None = None
    group: list[str] | None = None
    needs: list[str] | None = None
    pairs: list[tuple[int, int]] = field(default_factory=list)
    amount: np.ndarray | None = None

    def columns(self, positions: np.ndarray | None) -> tuple[Column, ...]:
        """Returns the columns of the table of stops."""
        found = [("name", _texts(self.names))]
        if positions is not None:
            found += [(axis, positions[:, k]) for k, axis in zip(range(positions.shape[1]), "xyz", strict=False)]
        found.append(("depot", _texts(["yes" if yes else "no" for yes in self.is_depot.tolist()])))
        for name, values in (("demand", self.demand), ("pickup", self.pickup)):
            if values is not None:
                found += [(name if k == 0 else f"{name} {k + 1}", values[:, k]) for k in range(values.shape[1])]
        if self.window is not None:
            found += [("earliest", self.window[:, 0]), ("latest", self.window[:, 1])]
        for name, single in (("service", self.service), ("release", self.release), ("prize", self.prize)):
            if single is not None:
                found.append((name, single))
        if self.optional is not None:
            found.append(("required", _texts(["no" if no else "yes" for no in self.optional.tolist()])))
        for name, words in (("group", self.group), ("needs", self.needs)):
            if words is not None:
                found.append((name, _texts(words)))
        if self.pairs:
            targets: list[list[str]] = [[] for _ in self.names]
            for first, second in self.pairs:
                targets[first].append(self.names[second])
            found.append(("deliver to", _texts(["; ".join(to) for to in targets])))
            if self.amount is not None:
                found.append(("amount", self.amount))
        return tuple(Column(name, values) for name, values in found)


def _texts(words: list[str]) -> np.ndarray:
    values = np.empty(len(words), dtype=object)
    values[:] = words
    return values if words else column_values(words)


def stops_of(sheet: Sheet, kind: str, count: int) -> Stops:
    """Reads what the file says of its nodes.

    Raises
    ------
    InputError
        With line and expectation.
    """
    stops = Stops([str(k + 1) for k in range(count)], _depots(sheet, count))
    for name in ("DEMAND_SECTION", "LINEHAUL_SECTION"):
        if name in sheet.sections:
            stops.demand = sheet.table(name, count, 1)
            _at_least_zero(sheet, name, stops.demand)
    if "BACKHAUL_SECTION" in sheet.sections:
        stops.pickup = sheet.table("BACKHAUL_SECTION", count, 1)
        _at_least_zero(sheet, "BACKHAUL_SECTION", stops.pickup)
    if "TIME_WINDOW_SECTION" in sheet.sections:
        stops.window = sheet.table("TIME_WINDOW_SECTION", count, 2, most=2)
        bad = np.flatnonzero(stops.window[:, 0] > stops.window[:, 1])
        if len(bad):
            node, section = int(bad[0]), sheet.sections["TIME_WINDOW_SECTION"]
            early, late = stops.window[node].tolist()
            line = _line_of(sheet, "TIME_WINDOW_SECTION", node + 1)
            said = f"the time window of node {node + 1} ends at {late:g}, before it begins at {early:g}"
            raise sheet.fail(said, line or section.header)
    stops.service = _service(sheet, stops.is_depot)
    if "RELEASE_TIME_SECTION" in sheet.sections:
        stops.release = sheet.table("RELEASE_TIME_SECTION", count, 1)[:, 0]
    if "PRIZE_SECTION" in sheet.sections:
        stops.prize = sheet.table("PRIZE_SECTION", count, 1)[:, 0]
        stops.optional = (stops.prize > 0) & ~stops.is_depot
    if "NODE_SCORE_SECTION" in sheet.sections or kind == "OP":
        stops.prize = sheet.table("NODE_SCORE_SECTION", count, 1)[:, 0]
        stops.optional = ~stops.is_depot
    if "MUTUALLY_EXCLUSIVE_GROUP_SECTION" in sheet.sections:
        stops.group = _groups(sheet, count)
    if "PICKUP_AND_DELIVERY_SECTION" in sheet.sections:
        _paired(sheet, stops, count)
    return stops


def _depots(sheet: Sheet, count: int) -> np.ndarray:
    found = np.zeros(count, bool)
    section = sheet.sections.get("DEPOT_SECTION")
    for row, line in zip(section.rows if section else [], section.line if section else [], strict=True):
        for cell in row:
            if cell == "-1":
                break
            if not cell.isdigit() or not 1 <= int(cell) <= count:
                raise sheet.fail(f"'{cell}' in DEPOT_SECTION is no node; expected 1 to {count}, then -1", line)
            found[int(cell) - 1] = True
    if not found.any():
        found[0] = True
    return found


def _service(sheet: Sheet, is_depot: np.ndarray) -> np.ndarray | None:
    if "SERVICE_TIME_SECTION" in sheet.sections:
        times = sheet.table("SERVICE_TIME_SECTION", len(is_depot), 1)[:, 0]
        _at_least_zero(sheet, "SERVICE_TIME_SECTION", times[:, None])
        return times
    if "SERVICE_TIME" in sheet.headers:
        return np.where(is_depot, 0.0, sheet.number("SERVICE_TIME"))
    return None


def _groups(sheet: Sheet, count: int) -> list[str]:
    found = [""] * count
    section = sheet.sections["MUTUALLY_EXCLUSIVE_GROUP_SECTION"]
    for row, line in zip(section.rows, section.line, strict=True):
        members = row[1:]
        for cell in members:
            if not cell.isdigit() or not 1 <= int(cell) <= count:
                raise sheet.fail(f"'{cell}' in {section.name} is no node; expected 1 to {count}", line)
            if found[int(cell) - 1]:
                raise sheet.fail(f"node {cell} is in two groups", line)
            if len(members) > 1:  # alone in a group, a stop is simply to be visited
                found[int(cell) - 1] = row[0]
    return found


def _paired(sheet: Sheet, stops: Stops, count: int) -> None:
    """Reads LKH's section: index, demand, earliest, latest, service, pickup node, delivery node."""
    name = "PICKUP_AND_DELIVERY_SECTION"
    data = sheet.table(name, count, 6, most=6)
    stops.window, stops.service = data[:, 1:3], data[:, 3]
    amount = np.zeros(count)
    for node in range(count):
        target = int(data[node, 5])
        if data[node, 4] == 0 and target > 0:
            if not 1 <= target <= count or int(data[target - 1, 4]) != node + 1:
                line = _line_of(sheet, name, node + 1)
                raise sheet.fail(f"node {node + 1} delivers to {target}, which does not name it as its pickup", line)
            stops.pairs.append((node, target - 1))
            amount[node] = data[node, 0]
    stops.amount = amount


def _at_least_zero(sheet: Sheet, name: str, values: np.ndarray) -> None:
    bad = np.flatnonzero((values < 0).any(1))
    if len(bad):
        node = int(bad[0]) + 1
        said = f"node {node} has {values[node - 1].min():g} in {name}, expected at least 0"
        raise sheet.fail(said, _line_of(sheet, name, node))


def _line_of(sheet: Sheet, name: str, node: int) -> int:
    section = sheet.sections[name]
    return next((line for row, line in zip(section.rows, section.line, strict=True) if float(row[0]) == node), 0)
