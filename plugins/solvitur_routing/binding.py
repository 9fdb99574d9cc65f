"""Binds tables and rules to a routing instance, saying by name what is wrong or impossible."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from solvitur.api import Columns, Finding, Place, Problem, Record, Severity, Table, read_rules
from solvitur_routing.instance import ANY_END, Fleet, RoutingInstance
from solvitur_routing.metrics import MATRIX
from solvitur_routing.schema import (
    DISTANCES,
    DURATIONS,
    REPORT,
    RULES,
    STOP_FIELDS,
    STOPS,
    VEHICLE_FIELDS,
    VEHICLES,
)


@dataclass(frozen=True, eq=False)
class Ways(Record, tag="routing-ways"):
    """Matrices of a formulation, shape (n, n), in the order of the table of stops."""

    distances: np.ndarray | None = None
    durations: np.ndarray | None = None


@dataclass(eq=False)
class Reading:
    """What the tables came to: an instance unless something is wrong."""

    instance: RoutingInstance | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """What must be mended."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


def read(problem: Problem) -> Reading:
    """Reads a problem's rules, tables and matrices; never raises for what they hold."""
    source = problem.formulation.source
    rules, findings = read_rules(RULES, problem.formulation.text)
    reading = Reading(findings=findings)
    table = problem.table(STOPS)
    if table is None or not table.row_count:
        said = "there are no stops yet: give a table 'stops' with a row for each depot and stop (name, x, y, demand)"
        reading.findings.append(Finding(Severity.ERROR, said, STOPS, Place(source)))
        return reading
    stops = Columns(table, STOP_FIELDS)
    names = _names(stops)
    is_depot = _depots(stops)
    order = np.concatenate([np.flatnonzero(is_depot), np.flatnonzero(~is_depot)])
    depots = int(is_depot.sum())
    where = {names[row]: place for place, row in enumerate(order.tolist())}
    ways, found = _ways(problem, rules, stops, names, order)
    reading.findings += found
    fleet_columns = Columns(problem.table(VEHICLES) or _one_vehicle(), VEHICLE_FIELDS)
    fleet = _fleet(fleet_columns, where, depots, len(names) - depots, stops.words("needs"), order)
    reading.findings += _loads_agree(stops, fleet)
    instance = _instance(stops, names, order, depots, where, rules, ways, fleet)
    reading.findings += stops.findings + fleet_columns.findings
    if not reading.errors:
        reading.instance = instance
    return reading


def _one_vehicle() -> Table:
    return Table.from_rows(VEHICLES, ["name", "count"], [["vehicle", 1]])


def _names(stops: Columns) -> list[str]:
    names = stops.words("name") if stops.has("name") else [str(k + 1) for k in range(stops.rows)]
    seen: dict[str, int] = {}
    for row, name in enumerate(names):
        if not name:
            stops.say(row, "name", "is empty; give it a name")
        elif name in seen:
            stops.say(row, "name", f"is '{name}' as in row {seen[name] + 1}; names must differ")
        seen.setdefault(name, row)
    return names


def _depots(stops: Columns) -> np.ndarray:
    if stops.has("depot"):
        found = stops.yes("depot")
        if not found.any():
            stops.say(0, "depot", "and of all others is no; at least one row must be a depot")
            found[0] = True
        return found
    found = np.zeros(stops.rows, bool)
    found[0] = True
    return found


def _instance(
    stops: Columns,
    names: list[str],
    order: np.ndarray,
    depots: int,
    where: dict[str, int],
    rules: dict[str, str],
    ways: tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None],
    fleet: Fleet,
) -> RoutingInstance:
    titles, delivery = stops.several("demand")
    _, pickup = stops.several("pickup")
    _, amount = stops.several("amount")
    width = max(delivery.shape[1], pickup.shape[1], amount.shape[1], fleet.capacity.shape[1])
    pairs, carried = _pairs(stops, where, _wide(amount, width))
    group_words = stops.words("group")
    labels = {word: k for k, word in enumerate(sorted({word for word in group_words if word}))}
    group = np.array([labels.get(word, -1) for word in group_words], np.int64)
    dimensions = tuple(titles) if len(titles) == width else tuple(f"load {k + 1}" for k in range(width))
    earliest, latest = stops.numbers("earliest", names)[order], stops.numbers("latest", names)[order]
    return RoutingInstance(
        names=tuple(names[row] for row in order.tolist()),
        depots=depots,
        metric=rules["metric"],
        rounding=rules["rounding"],
        fleet=fleet if fleet.capacity.shape[1] == width else _widened(fleet, width),
        delivery=_wide(delivery, width)[order],
        pickup=_wide(pickup, width)[order],
        earliest=earliest,
        latest=latest,
        service=stops.numbers("service", names)[order],
        release=stops.numbers("release", names)[order],
        required=(stops.yes("required") & (group < 0))[order],
        prize=stops.numbers("prize", names)[order],
        group=group[order],
        pairs=pairs,
        amount=carried,
        positions=ways[0],
        distances=ways[1],
        durations=ways[2],
        backhauls_last=rules["backhauls"] == "last",
        vehicles_first=rules["objective"] == "vehicles first",
        report=REPORT[rules["report in"]],
        dimensions=dimensions,
        clock=stops.clock,
    )


def _wide(values: np.ndarray, width: int) -> np.ndarray:
    missing = width - values.shape[1]
    return np.pad(values, ((0, 0), (0, missing))) if missing else values


def _widened(fleet: Fleet, width: int) -> Fleet:
    more = np.full((fleet.types, width - fleet.capacity.shape[1]), np.inf)
    return replace(fleet, capacity=np.concatenate([fleet.capacity, more], axis=1))


def _pairs(stops: Columns, where: dict[str, int], amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    names = stops.words("name") if stops.has("name") else [str(k + 1) for k in range(stops.rows)]
    rows, pairs = [], []
    for row, word in enumerate(stops.words("deliver to")):
        for target in filter(None, (part.strip() for part in word.split(";"))):
            if target not in where or target == names[row]:
                stops.say(row, "deliver to", f"is '{target}', which is no other stop of the table", f"'{names[row]}'")
                continue
            rows.append(row)
            pairs.append((where[names[row]], where[target]))
    return np.array(pairs, np.int64).reshape(-1, 2), amount[rows]


def _ways(
    problem: Problem, rules: dict[str, str], stops: Columns, names: list[str], order: np.ndarray
) -> tuple[tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None], list[Finding]]:
    """Returns positions, distances and durations in the order of places, and what is wrong with them."""
    content, findings = problem.formulation.content, []
    positions = None
    if stops.has("x") and stops.has("y"):
        axes = ["x", "y", *(["z"] if stops.has("z") else [])]
        positions = np.stack([stops.numbers(axis) for axis in axes], axis=1)
        if rules["metric"] in ("haversine",):
            positions = positions[:, [1, 0]]
        for row in np.flatnonzero(np.isnan(positions).any(1))[:20].tolist():
            if rules["metric"] != MATRIX:
                stops.say(row, "x", "or its y is missing; each stop needs a position", f"'{names[row]}'")
    elif rules["metric"] != MATRIX:
        said = "the table 'stops' has no columns x and y; add them, or give a matrix and the rule 'metric: matrix'"
        findings.append(Finding(Severity.ERROR, said, STOPS, Place(stops.table.source)))
    given = content if isinstance(content, Ways) else Ways()
    distances, durations = given.distances, given.durations
    for name in (DISTANCES, DURATIONS):
        table = problem.table(name)
        if table is not None:
            matrix, found = _matrix_of(table, names)
            findings += found
            distances, durations = (matrix, durations) if name == DISTANCES else (distances, matrix)
    if rules["metric"] == MATRIX and distances is None:
        said = "the rule says 'metric: matrix', but there are no distances; give a table 'distances'"
        findings.append(Finding(Severity.ERROR, said, DISTANCES))
    if rules["metric"] != MATRIX:
        distances = None
    for name, matrix in ((DISTANCES, distances), (DURATIONS, durations)):
        if matrix is not None:
            findings += _matrix_findings(name, matrix, names)
    grid = np.ix_(order, order)
    moved = [None if m is None or len(m) != len(names) else m[grid] for m in (distances, durations)]
    return (None if positions is None else positions[order], moved[0], moved[1]), findings


def _matrix_of(table: Table, names: list[str]) -> tuple[np.ndarray | None, list[Finding]]:
    """Reads a table as a matrix; a first column of names is left out."""
    columns = list(table.columns)
    if len(columns) == len(names) + 1:
        columns = columns[1:]
    if len(columns) != len(names) or table.row_count != len(names):
        said = (
            f"table '{table.name}' is {table.row_count} rows by {len(columns)} columns, expected {len(names)} of each"
        )
        return None, [Finding(Severity.ERROR, said, table.name, Place(table.source))]
    try:
        return np.stack([column.values.astype(np.float64) for column in columns], axis=1), []
    except (TypeError, ValueError):
        said = f"table '{table.name}' holds cells that are no numbers"
        return None, [Finding(Severity.ERROR, said, table.name, Place(table.source))]


def _matrix_findings(name: str, matrix: np.ndarray, names: list[str]) -> list[Finding]:
    if matrix.shape != (len(names), len(names)):
        said = f"the {name} are a {matrix.shape[0]} by {matrix.shape[-1]} matrix, expected {len(names)} of each"
        return [Finding(Severity.ERROR, said, name)]
    findings = []
    for wrong, words in ((np.isnan(matrix), "is missing"), (matrix < 0, "is negative")):
        np.fill_diagonal(wrong, False)
        for a, b in np.argwhere(wrong)[:5].tolist():
            said = f"the {name[:-1]} from '{names[a]}' to '{names[b]}' {words}"
            findings.append(Finding(Severity.ERROR, said, names[a]))
    return findings


def _fleet(
    columns: Columns, where: dict[str, int], depots: int, stops: int, needs: list[str], order: np.ndarray
) -> Fleet:
    names = columns.words("name")
    names = [name or (f"type {k + 1}" if columns.rows > 1 else "vehicle") for k, name in enumerate(names)]
    count = columns.numbers("count", names)
    count = np.where(np.isfinite(count), count, max(1, stops)).astype(np.int64)
    _, capacity = columns.several("capacity")
    trips = columns.numbers("trips", names)
    start = _ends(columns, "start", names, where, depots, np.zeros(columns.rows, np.int64))
    end = _ends(columns, "end", names, where, depots, start)
    return Fleet(
        names=tuple(names),
        count=count,
        capacity=capacity,
        start=start,
        end=end,
        fixed_cost=columns.numbers("fixed cost", names),
        distance_cost=columns.numbers("cost per distance", names),
        time_cost=columns.numbers("cost per time", names),
        earliest=columns.numbers("earliest", names),
        latest=columns.numbers("latest", names),
        max_distance=columns.numbers("max distance", names),
        max_duration=columns.numbers("max duration", names),
        trips=np.where(np.isfinite(trips), trips, max(1, stops)).astype(np.int64),
        break_earliest=np.nan_to_num(columns.numbers("break earliest", names), nan=0.0),
        break_latest=np.nan_to_num(columns.numbers("break latest", names), nan=np.inf, posinf=np.inf),
        break_length=columns.numbers("break length", names),
        allowed=_allowed(columns.words("skills"), needs, order),
    )


def _ends(
    columns: Columns, name: str, names: list[str], where: dict[str, int], depots: int, usual: np.ndarray
) -> np.ndarray:
    found = usual.copy()
    for row, word in enumerate(columns.words(name)):
        if name == "end" and word.lower() == "anywhere":
            found[row] = ANY_END
        elif word and where.get(word, depots) < depots:
            found[row] = where[word]
        elif word:
            columns.say(row, name, f"is '{word}', which is no depot of the table of stops", f"'{names[row]}'")
    return found


def _allowed(skills: list[str], needs: list[str], order: np.ndarray) -> np.ndarray | None:
    if not any(needs):
        return None
    wanted = [frozenset(need.lower().split()) for need in needs]
    able = [frozenset(skill.lower().split()) for skill in skills]
    return np.array([[wanted[row] <= can for row in order.tolist()] for can in able], bool)


def _loads_agree(stops: Columns, fleet: Fleet) -> list[Finding]:
    width = len(stops.several("demand")[0])
    if fleet.capacity.shape[1] > 1 and fleet.capacity.shape[1] != width and stops.has("demand"):
        said = (
            f"the stops have {width} demand column(s) but the vehicles {fleet.capacity.shape[1]} capacity column(s)"
        )
        return [Finding(Severity.WARNING, said, VEHICLES)]
    return []
