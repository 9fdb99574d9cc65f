"""Every solver reaches the optimum that trying everything finds, on small problems of each variant it claims."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from small_worlds import VARIANTS, Recorder, instance_of, optimum, problem_of

from solvitur.api import Status, why_not
from solvitur_pyvrp.divide_part import Divide
from solvitur_pyvrp.part import PyVrp
from solvitur_routing.circuit_part import Circuits
from solvitur_routing.instance import RoutingInstance
from solvitur_routing.ortools_part import OrToolsRouting
from solvitur_routing.verifying import verify
from solvitur_tours.part import Tours

SOLVERS: tuple[Any, ...] = (Circuits(), PyVrp(), OrToolsRouting(), Tours())
STOPS = 5


@cache
def world(variant: str, stops: int = STOPS, seed: int = 1) -> tuple[RoutingInstance, float | None]:
    """Returns a small instance and its optimum."""
    instance = instance_of(problem_of(variant, stops, seed))
    return instance, optimum(instance)


def able(solver: Any, instance: RoutingInstance) -> bool:
    """Tells whether a solver claims an instance."""
    return not why_not(instance.features, solver.handles) and not solver.unable(instance)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_has_a_solver_and_an_answer(variant: str) -> None:
    """No variant is claimed in words only: its worlds have answers, and somebody takes them."""
    instance, best = world(variant)
    assert best is not None
    assert any(able(solver, instance) for solver in SOLVERS)


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: str(solver.name))
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_answer_is_the_optimum(variant: str, solver: Any) -> None:
    """What a solver answers within a second or two is what trying everything finds, and passes the verifier."""
    instance, best = world(variant)
    if not able(solver, instance):
        pytest.skip("not claimed")
    result = solver.solve(instance, solver.options(), Recorder(20.0 if solver.name == "cp-sat-routes" else 1.2))
    assert result.answer is not None, result.reason
    verdict = verify(instance, result)
    assert verdict.passed, [finding.text for finding in verdict.findings]
    assert result.objective == pytest.approx(best, abs=1e-6)
    if solver.name == "cp-sat-routes":
        assert result.status is Status.OPTIMAL


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: str(solver.name))
@pytest.mark.parametrize("variant", VARIANTS)
def test_more_worlds(variant: str, solver: Any, seed: int) -> None:
    """The same with other and slightly larger worlds."""
    instance, best = world(variant, 6, seed)
    if best is None or not able(solver, instance):
        pytest.skip("not claimed, or without an answer")
    result = solver.solve(instance, solver.options(), Recorder(30.0 if solver.name == "cp-sat-routes" else 2.0))
    assert verify(instance, result).passed
    assert result.objective == pytest.approx(best, abs=1e-6)


def test_dividing_answers_a_small_problem_too() -> None:
    """Dividing, which is for large problems, does no harm to a small one and ends in time."""
    instance, best = world("cvrp")
    job = Recorder(6.0)
    result = Divide().solve(instance, Divide.options(part_stops=20, workers=1), job)
    assert verify(instance, result).passed
    assert result.objective == pytest.approx(best, abs=1e-6)
    assert [objective for _, objective in job.incumbents] == sorted((o for _, o in job.incumbents), reverse=True)
