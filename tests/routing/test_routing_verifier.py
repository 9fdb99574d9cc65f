"""The verifier walks every route itself: it passes what is right, and names what is wrong with anything else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_worlds import VARIANTS, Recorder, instance_of, problem_of

from solvitur.api import Formulation, Problem, Result, Status, Table
from solvitur_routing.circuit_part import Circuits
from solvitur_routing.costs import objective_of, route_cost
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.ortools_part import OrToolsRouting
from solvitur_routing.verifying import verify


def line_world(**stops: list[object]) -> RoutingInstance:
    """Builds four stops on a line, 10 apart, with two vans of capacity 10."""
    columns: dict[str, list[object]] = {
        "name": ["depot", "a", "b", "c", "d"],
        "x": [0, 10, 20, 30, 40],
        "y": [0, 0, 0, 0, 0],
        "demand": [0, 5, 5, 5, 5],
        **stops,
    }
    rows = list(zip(*columns.values(), strict=True))
    tables = (
        Table.from_rows("stops", list(columns), rows),
        Table.from_rows("vehicles", ["name", "count", "capacity", "max distance"], [["van", 2, 10, 90]]),
    )
    return instance_of(Problem(formulation=Formulation("routing", "rounding: whole\n"), tables=tables))


def judged(instance: RoutingInstance, *routes: list[int], objective: float | None = None) -> tuple[bool, str]:
    """Returns whether routes pass, and all that is said."""
    answer = RoutingAnswer.of(list(routes), [0] * len(routes))
    claimed = objective_of(instance, answer) if objective is None else objective
    verdict = verify(instance, Result(Status.FEASIBLE, answer, claimed))
    return verdict.passed, " | ".join(finding.text for finding in verdict.findings)


def test_a_right_answer_passes() -> None:
    """Two full vans on a line pass, and the objective is their way."""
    instance = line_world()
    assert judged(instance, [1, 2], [3, 4], objective=120.0) == (True, "")


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        (([1, 2], [3]), "'d' is not visited"),
        (([1, 2], [3, 4, 1]), "'a' is visited 2 times"),
        (([1, 2, 3], [4]), "carries demand 15 after the depot, more than its capacity 10"),
        (([1], [2], [3, 4]), "3 routes are driven by 'van', but there are only 2"),
        (([4, 1], [2, 3, 4]), "'d' is visited 2 times"),
        (([1, 2], [3, 0, 4]), "makes 2 trips, but may make only 1"),
    ],
)
def test_a_corrupted_answer_is_named(routes: tuple[list[int], ...], words: str) -> None:
    """Dropped, doubled, overloaded, too many vehicles, too many trips: each is said in words."""
    passed, said = judged(line_world(), *routes)
    assert not passed
    assert words in said


def test_a_way_that_is_too_long_is_named() -> None:
    """The limit of a route's length is told with both numbers."""
    passed, said = judged(line_world(demand=[0, 1, 1, 1, 1]), [1, 4, 2, 3], [])
    assert not passed
    assert "goes 100, farther than its limit 90" in said


def test_late_arrivals_are_told_by_the_clock() -> None:
    """Where the table has clock times, so has the sentence."""
    instance = line_world(
        earliest=["8:00", "8:00", "8:00", "8:00", "8:00"], latest=["18:00", "8:05", "18:00", "18:00", "18:00"]
    )
    passed, said = judged(instance, [2, 1], [3, 4])
    assert not passed
    assert "vehicle 'van 1' reaches 'a' at 8:30, after its window ends 8:05" in said


def test_a_wrong_objective_is_named() -> None:
    """An objective that is not the routes' own does not pass."""
    passed, said = judged(line_world(), [1, 2], [3, 4], objective=119.0)
    assert not passed
    assert "the objective is 120, not 119" in said


def test_nonsense_is_rejected_without_a_traceback() -> None:
    """Places or vehicle types that do not exist, and answers of another kind, are no answers."""
    instance = line_world()
    for answer in (
        RoutingAnswer.of([[1, 9]], [0]),
        RoutingAnswer.of([[1, 2]], [5]),
        RoutingAnswer(np.array([1, 2]), np.array([0, 5]), np.array([0])),
        "routes",
        None,
    ):
        assert not verify(instance, Result(Status.FEASIBLE, answer, 1.0)).passed


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_corrupted_by_chance_never_passes_unless_it_is_right(variant: str) -> None:
    """Of random swaps, moves, drops and doublings of an optimum, none passes with the optimum's objective, and
    each that passes with its own is right by the editors' evaluation too."""
    instance = instance_of(problem_of(variant, 5, 1))
    solver = OrToolsRouting() if variant == "breaks" else Circuits()
    if variant == "trips":
        answer = RoutingAnswer.of([[k] for k in range(1, 3)], [0, 0])
        best = objective_of(instance, answer)
    else:
        result = solver.solve(instance, solver.options(), Recorder(1.0 if variant == "breaks" else 20.0))
        answer, best = result.answer, result.objective
    random = np.random.default_rng(7)
    rejected = 0
    for _ in range(60):
        changed = corrupted(answer, instance, random)
        own = objective_of(instance, changed)
        right = is_right(instance, changed)
        assert verify(instance, Result(Status.FEASIBLE, changed, own)).passed == right
        rejected += not right
        if own != best:
            assert not verify(instance, Result(Status.FEASIBLE, changed, best)).passed
    assert rejected > 0


def corrupted(answer: RoutingAnswer, instance: RoutingInstance, random: np.random.Generator) -> RoutingAnswer:
    """Returns an answer with one to three random changes."""
    routes = [route.tolist() for route in answer.routes]
    kinds = answer.vehicle.tolist()
    for _ in range(int(random.integers(1, 4))):
        a = int(random.integers(len(routes)))
        deed = int(random.integers(4))
        if not routes[a]:
            continue
        at = int(random.integers(len(routes[a])))
        if deed == 0:
            routes[a].pop(at)
        elif deed == 1:
            routes[a].insert(at, int(random.integers(instance.depots, instance.size)))
        elif deed == 2:
            b = int(random.integers(len(routes)))
            other = int(random.integers(max(1, len(routes[b])))) if routes[b] else 0
            if routes[b]:
                routes[a][at], routes[b][other] = routes[b][other], routes[a][at]
        else:
            routes.append([routes[a].pop(at)])
            kinds.append(int(random.integers(instance.fleet.types)))
    return RoutingAnswer.of(routes, kinds)


def is_right(instance: RoutingInstance, answer: RoutingAnswer) -> bool:
    """Judges an answer by the quick evaluation that solvers and editors use."""
    counts = np.bincount(answer.visits, minlength=instance.size)
    stops = np.arange(instance.depots, instance.size)
    if (counts[stops] > 1).any() or (counts[stops][instance.required[stops]] == 0).any():
        return False
    for group in np.unique(instance.group[instance.group >= 0]).tolist():
        if counts[instance.group == group].sum() != 1:
            return False
    if (np.bincount(answer.vehicle, minlength=instance.fleet.types) > instance.fleet.count).any():
        return False
    pairs = list(zip(answer.routes, answer.vehicle.tolist(), strict=True))
    return all(route_cost(instance, route, kind).feasible for route, kind in pairs)


def test_the_quick_evaluation_agrees_with_the_walk_on_durations() -> None:
    """The shortest duration by joined segments is the one found by walking with later and later departures."""
    for seed in range(1, 6):
        for variant in ("time-cost", "breaks", "windows"):
            base = instance_of(problem_of(variant, 6, seed))
            fleet = replace(base.fleet, time_cost=np.full(base.fleet.types, 3.0), count=base.fleet.count * 9)
            instance = replace(base, fleet=fleet, required=np.zeros(base.size, bool), latest=base.latest + 500)
            random = np.random.default_rng(seed)
            for _ in range(10):
                visits = (random.permutation(6)[: random.integers(1, 4)] + 1).tolist()
                answer = RoutingAnswer.of([visits], [0])
                verdict = verify(instance, Result(Status.FEASIBLE, answer, objective_of(instance, answer)))
                broken = [check.name for check in verdict.checks if check.violated]
                assert "objective" not in broken or "time windows" in broken
