"""Cutting and reuniting loses no stop and invents no vehicle; pictures and values tell the answer."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import Recorder, instance_of, problem_of, table

from solvitur.api import Formulation, InputError, Problem, Result, Routes, Solved, Status
from solvitur_pyvrp.divide_part import Divide
from solvitur_pyvrp.divide_part import Options as DivideOptions
from solvitur_routing.costs import objective_of, route_cost
from solvitur_routing.decomposing import Clusters, Sweep, around_routes, part_of_routes
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.kind import RoutingKind
from solvitur_routing.maps import RouteLoads, RouteMap, RouteTimes
from solvitur_routing.parting import reunited
from solvitur_routing.savings import savings
from solvitur_routing.verifying import verify


def town(stops: int, seed: int = 1, vehicles: float = float("inf")) -> Problem:
    """Builds customers around a depot."""
    random = np.random.default_rng(seed)
    rows = {
        "name": ["depot", *(f"s{k}" for k in range(1, stops + 1))],
        "x": random.integers(0, 1000, stops + 1).tolist(),
        "y": random.integers(0, 1000, stops + 1).tolist(),
        "demand": [0, *random.integers(1, 20, stops).tolist()],
    }
    fleet = {"name": ["van"], "count": [vehicles], "capacity": [100]}
    tables = (table("stops", rows), table("vehicles", fleet))
    return Problem("town", formulation=Formulation("routing", "rounding: whole\n"), tables=tables)


def one_by_one(instance: RoutingInstance) -> RoutingAnswer:
    """Serves every stop by a route of its own."""
    return RoutingAnswer.of([[k] for k in range(instance.depots, instance.size)], [0] * instance.stops)


@pytest.mark.parametrize("decomposer", [Clusters(), Sweep()], ids=lambda each: str(each.name))
def test_parts_hold_every_stop_once_and_come_together_again(decomposer: Clusters | Sweep) -> None:
    """The parts' answers, reunited, are an answer of the whole that passes the verifier; so after refining."""
    instance = instance_of(town(600))
    parts, cut = decomposer.split(instance)
    assert len(parts) == 2
    assert sum(part.stops for part in parts) == 600
    answers = [one_by_one(part) for part in parts]
    whole = decomposer.reunite(cut, answers)
    verdict = verify(instance, Result(Status.FEASIBLE, whole, objective_of(instance, whole)))
    assert verdict.passed
    parts, cut = decomposer.refine(instance, cut, answers)
    assert sum(part.stops for part in parts) == 600
    again = decomposer.reunite(cut, [one_by_one(part) for part in parts])
    assert objective_of(instance, again) == objective_of(instance, whole)


def test_limited_vehicles_are_shared_and_not_multiplied() -> None:
    """All parts together have no more vehicles than the whole."""
    instance = instance_of(town(600, vehicles=90))
    parts, _ = Clusters().split(instance)
    assert sum(part.fleet.vehicles for part in parts) == 90
    answer = savings(instance)
    assert answer is not None
    parts, cut = around_routes(instance, answer, 200, 3)
    used = len(answer.routes)
    assert sum(part.fleet.vehicles for part in parts) <= 90
    assert sum(len(places) - 1 for places in cut.places) == 600
    assert used <= 90


def test_a_part_of_routes_begins_with_its_present_answer() -> None:
    """The present routes of a part, put back, are the same routes at the same cost."""
    instance = instance_of(town(120))
    answer = savings(instance)
    assert answer is not None
    part, cut, present = part_of_routes(instance, answer, [0, 3, 5])
    back = reunited(cut, [present])
    assert [route.tolist() for route in back.routes] == [answer.routes[k].tolist() for k in (0, 3, 5)]
    costs = [route_cost(instance, answer.routes[k], 0).cost for k in (0, 3, 5)]
    assert objective_of(part, present) == sum(costs)


def test_alternatives_and_optional_stops_travel_with_their_part() -> None:
    """A part holds whole groups, and the stops left out beside its routes."""
    instance = instance_of(problem_of("groups", 6, 1))
    answer = RoutingAnswer.of([[1, 3], [5]], [0, 0])
    part, cut, _ = part_of_routes(instance, answer, [0])
    assert set(cut.places[0].tolist()) >= {1, 2, 3, 4}
    assert (np.bincount(part.group[part.group >= 0])[-2:] == 2).all()
    optional = instance_of(problem_of("prizes", 6, 1))
    _, cut, _ = part_of_routes(optional, RoutingAnswer.of([[1, 2, 3]], [0]), [0])
    assert len(cut.places[0]) == 7


def test_what_cannot_be_cut_is_refused_with_a_reason() -> None:
    """One vehicle's round cannot be cut into parts."""
    with pytest.raises(InputError, match="several vehicles"):
        Clusters().split(instance_of(problem_of("tsp", 5, 1)))


def test_savings_keep_capacities() -> None:
    """The first answer passes the verifier and is far better than going one by one."""
    instance = instance_of(town(300))
    answer = savings(instance)
    assert answer is not None
    assert verify(instance, Result(Status.FEASIBLE, answer, objective_of(instance, answer))).passed
    assert objective_of(instance, answer) < 0.5 * objective_of(instance, one_by_one(instance))
    assert savings(instance_of(problem_of("windows", 5, 1))) is None


def test_dividing_never_gets_worse() -> None:
    """Each answer on the way is better than the one before, and the last passes."""
    instance = instance_of(town(200))
    start = savings(instance)
    assert start is not None
    job = Recorder(8.0)
    result = Divide().solve(instance, DivideOptions(part_stops=60, workers=1, part_seconds=1.0), job)
    objectives = [objective for _, objective in job.incumbents]
    assert objectives == sorted(objectives, reverse=True)
    assert result.objective <= objective_of(instance, start)
    assert verify(instance, result).passed


def test_values_and_pictures_tell_the_routes() -> None:
    """Values name vehicles and stops; pictures have a route per vehicle, loads and times."""
    problem = problem_of("windows", 5, 1)
    instance = instance_of(problem)
    answer = RoutingAnswer.of([[1], [2, 3]], [0, 0])
    values = RoutingKind().values(instance, answer)
    assert values["vehicles"] == 2
    assert values["routes"][1]["stops"] == ["s2", "s3"]
    assert values["left out"] == ["s4", "s5"]
    solved = Solved(problem, instance, Result(Status.FEASIBLE, answer, objective_of(instance, answer)))
    drawn = [picture for part in (RouteMap(), RouteLoads(), RouteTimes()) for picture in part.draw(solved)]
    assert isinstance(drawn[0], Routes)
    assert len(drawn[0].routes) == 2
    assert drawn[0].routes[1].tolist() == [0, 2, 3, 0]
    assert "s4" in drawn[0].labels
    assert drawn[1].limits.tolist() == [11.0, 11.0]
    assert len(drawn[2].start) == 3
    facts, pictures = RoutingKind().inspect(instance)
    assert facts["stops"] == 5
    assert len(pictures) == 1
