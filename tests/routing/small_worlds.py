"""Small routing problems of every variant that is claimed, and their optima by trying everything."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator

import numpy as np

from solvitur.api import Column, Formulation, Problem, Result, Status, Table, column_values
from solvitur.problem.result import Limits
from solvitur_routing.binding import Ways, read
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.verifying import verify

VARIANTS = (
    "tsp",
    "atsp",
    "cvrp",
    "windows",
    "pickups",
    "backhauls",
    "fleet",
    "depots",
    "open",
    "prizes",
    "orienteering",
    "duration",
    "distance",
    "time-cost",
    "breaks",
    "pairs",
    "precedence",
    "two-loads",
    "trips",
    "groups",
    "skills",
    "fewest",
)


def table(name: str, columns: dict[str, list[object]]) -> Table:
    """Builds a table from columns."""
    return Table(name, tuple(Column(key, column_values(cells)) for key, cells in columns.items()))


def problem_of(variant: str, stops: int, seed: int) -> Problem:
    """Builds a small problem of a variant, with whole distances."""
    random = np.random.default_rng(seed * 1000 + VARIANTS.index(variant))
    n = stops + 1
    positions = random.integers(0, 60, (n, 2))
    rows: dict[str, list[object]] = {
        "name": ["depot", *(f"s{k}" for k in range(1, n))],
        "x": positions[:, 0].tolist(),
        "y": positions[:, 1].tolist(),
        "depot": ["yes", *["no"] * stops],
        "demand": [0, *random.integers(1, 6, stops).tolist()],
    }
    fleet: dict[str, list[object]] = {"name": ["van"], "count": [3], "capacity": [11]}
    rules = {"metric": "euclidean", "rounding": "whole"}
    content = None
    if variant in ("tsp", "atsp", "precedence", "orienteering"):
        fleet = {"name": ["tour"], "count": [1]}
        rows.pop("demand")
    _spice(variant, stops, random, rows, fleet, rules)
    if variant == "atsp":
        content = Ways(distances=random.integers(5, 60, (n, n)).astype(np.int32))
        rules["metric"] = "matrix"
    text = "".join(f"{name}: {value}\n" for name, value in rules.items())
    return Problem(
        variant,
        formulation=Formulation("routing", text, content),
        tables=(table("stops", rows), table("vehicles", fleet)),
    )


def _spice(
    variant: str,
    stops: int,
    random: np.random.Generator,
    rows: dict[str, list[object]],
    fleet: dict[str, list[object]],
    rules: dict[str, str],
) -> None:
    """Adds what makes the variant."""
    early = random.integers(0, 120, stops)
    windows = {
        "earliest": [0, *early.tolist()],
        "latest": [400, *(early + 90).tolist()],
        "service": [0, *random.integers(1, 9, stops).tolist()],
    }
    if variant in ("windows", "breaks", "trips", "skills"):
        rows |= {key: list(cells) for key, cells in windows.items()}
    if variant == "pickups":
        rows["pickup"] = [0, *random.integers(0, 6, stops).tolist()]
    if variant == "backhauls":
        back = random.random(stops) < 0.4
        back[0] = False
        demand = np.array(rows["demand"][1:])
        rows["demand"] = [0, *np.where(back, 0, demand).tolist()]
        rows["pickup"] = [0, *np.where(back, demand, 0).tolist()]
        rules["backhauls"] = "last"
    if variant == "fleet":
        fleet |= {"name": ["small", "large"], "count": [2, 1], "capacity": [6, 14]}
        fleet |= {"fixed cost": [10, 40], "cost per distance": [1, 2]}
    if variant == "depots":
        rows["depot"][1] = "yes"
        fleet |= {"name": ["a", "b"], "count": [2, 1], "capacity": [11, 11], "start": ["depot", "s1"]}
    if variant == "open":
        fleet["end"] = ["anywhere"]
    if variant in ("prizes", "orienteering"):
        rows["required"] = ["yes", *["no"] * stops]
        rows["prize"] = [0, *random.integers(20, 90, stops).tolist()]
        if variant == "orienteering":
            fleet |= {"cost per distance": [0], "max distance": [110]}
    if variant == "duration":
        rows["service"] = list(windows["service"])
        fleet["max duration"] = [150]
    if variant == "distance":
        fleet["max distance"] = [140]
    if variant == "time-cost":
        rows |= {key: list(cells) for key, cells in windows.items()}
        fleet |= {"cost per time": [2], "cost per distance": [1]}
    if variant == "breaks":
        fleet |= {"break earliest": [60], "break latest": [100], "break length": [25], "count": [3]}
    if variant in ("pairs", "precedence"):
        pairs = ["", *["" for _ in range(stops)]]
        for k in range(1, stops, 2):
            pairs[k] = f"s{k + 1}"
        rows["deliver to"] = list(pairs)
        if variant == "pairs":
            rows["amount"] = list(rows.pop("demand"))
            fleet["capacity"] = [6]
    if variant == "two-loads":
        rows["demand 2"] = [0, *random.integers(0, 5, stops).tolist()]
        fleet["capacity 2"] = [9]
    if variant == "trips":
        rows["release"] = [0, *random.integers(0, 60, stops).tolist()]
        fleet |= {"count": [2], "trips": [2], "capacity": [8]}
    if variant == "groups":
        rows["group"] = ["", *[f"g{k // 2}" for k in range(stops)]]
    if variant == "skills":
        rows["needs"] = ["", *["lift" if k % 2 else "" for k in range(stops)]]
        fleet |= {"name": ["plain", "lift"], "count": [2, 2], "capacity": [11, 11], "skills": ["", "lift"]}
    if variant == "fewest":
        rules["objective"] = "vehicles first"


def optimum(instance: RoutingInstance) -> float | None:
    """Finds the optimum by trying every set of routes; None if there is none. The verifier is the judge of each."""
    stops = range(instance.depots, instance.size)
    best: dict[tuple[frozenset[int], int], float] = {}
    optional = [p for p in stops if not instance.required[p]]
    for kind in range(instance.fleet.types):
        for size in range(1, len(stops) + 1):
            for chosen in itertools.combinations(stops, size):
                cost = _cheapest(instance, chosen, kind)
                if math.isfinite(cost):
                    best[frozenset(chosen), kind] = cost
    everybody = frozenset(stops)
    found = math.inf
    for left in itertools.chain.from_iterable(itertools.combinations(optional, r) for r in range(len(optional) + 1)):
        if not _groups_kept(instance, everybody - set(left)):
            continue
        lost = sum(float(instance.prize[p]) for p in left)
        counts = tuple(instance.fleet.count.tolist())
        found = min(found, lost + _covered(everybody - set(left), best, counts, {}))
    return found * instance.report if math.isfinite(found) else None


def _cheapest(instance: RoutingInstance, chosen: tuple[int, ...], kind: int) -> float:
    found = math.inf
    pairs = [(a, b) for a, b in instance.pairs.tolist() if a in chosen or b in chosen]
    if any(a not in chosen or b not in chosen for a, b in pairs):
        return found
    for order in itertools.permutations(chosen):
        for visits in _with_reloads(instance, order, kind):
            cost = alone(instance, visits, kind)
            if cost is not None:
                found = min(found, cost)
    return found


def _with_reloads(instance: RoutingInstance, order: tuple[int, ...], kind: int) -> Iterator[list[int]]:
    yield list(order)
    if int(instance.fleet.trips[kind]) > 1:
        for at in range(1, len(order)):
            yield [*order[:at], int(instance.fleet.start[kind]), *order[at:]]


def alone(instance: RoutingInstance, visits: list[int], kind: int) -> float | None:
    """Returns what a single route costs by the verifier, or None if it breaks a rule of routes."""
    answer = RoutingAnswer.of([visits], [kind])
    verdict = verify(instance, Result(Status.FEASIBLE, answer))
    wrong = {check.name for check in verdict.checks if check.violated} - {"visits", "groups"}
    if wrong or verdict.objective is None:
        return None
    lost = sum(float(instance.prize[p]) for p in range(instance.depots, instance.size) if p not in visits)
    return verdict.objective / instance.report - lost


def _groups_kept(instance: RoutingInstance, visited: frozenset[int]) -> bool:
    groups = {int(g) for g in instance.group if g >= 0}
    return all(sum(1 for p in visited if instance.group[p] == g) == 1 for g in groups)


def _covered(
    rest: frozenset[int],
    best: dict[tuple[frozenset[int], int], float],
    counts: tuple[int, ...],
    known: dict[tuple[frozenset[int], tuple[int, ...]], float],
) -> float:
    if not rest:
        return 0.0
    key = (rest, counts)
    if key not in known:
        first = min(rest)
        found = math.inf
        for (chosen, kind), cost in best.items():
            if first in chosen and chosen <= rest and counts[kind]:
                fewer = tuple(c - (k == kind) for k, c in enumerate(counts))
                found = min(found, cost + _covered(rest - chosen, best, fewer, known))
        known[key] = found
    return known[key]


def instance_of(problem: Problem) -> RoutingInstance:
    """Binds a problem."""
    reading = read(problem)
    assert reading.instance is not None, [finding.text for finding in reading.findings]
    return reading.instance


class Recorder:
    """A job that keeps what it is told."""

    def __init__(self, seconds: float, seed: int = 1) -> None:
        limits = Limits(time_limit_s=seconds, seed=seed)
        self.time_limit_s, self.relative_gap = limits.time_limit_s, limits.relative_gap
        self.threads, self.seed, self.cancelled = 1, limits.seed, False
        self.incumbents: list[tuple[RoutingAnswer, float]] = []
        self.bounds: list[float] = []
        self._until: float | None = None

    @property
    def elapsed_s(self) -> float:
        """Seconds since the job was first asked."""
        if self._until is None:
            self._until = time.monotonic() + self.time_limit_s
        return self.time_limit_s - (self._until - time.monotonic())

    @property
    def remaining_s(self) -> float:
        """Seconds left."""
        return max(0.0, self.time_limit_s - self.elapsed_s)

    def incumbent(self, answer: RoutingAnswer, objective: float) -> None:
        """Keeps an answer."""
        self.incumbents.append((answer, objective))

    def bound(self, value: float) -> None:
        """Keeps a bound."""
        self.bounds.append(value)

    def progress(self, fraction: float | None, text: str = "") -> None:
        """Hears how far it is."""

    def log(self, text: str) -> None:
        """Hears a line."""
