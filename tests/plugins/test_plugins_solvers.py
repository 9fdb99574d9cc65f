"""Every solver that ships gives known answers, honest statuses, and keeps what it found when it is stopped."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from instances import INF, hard_mixed, knapsack, model, product_mix
from standins import RecordedJob

from solvitur.api import Formulation, MatrixInstance, Problem, QuadraticRow, Result, Status, why_not
from solvitur_files.matrix_kind import MatrixKind
from solvitur_highs.part import Highs
from solvitur_ortools.cpsat_part import CpSat
from solvitur_ortools.mathopt_parts import Glop, MathOptHighs, Pdlp, Scip

LINEAR = [Highs, Glop, Pdlp, Scip, MathOptHighs]
MIXED = [Highs, Scip, MathOptHighs]
WHOLE = [*MIXED, CpSat]
LIVE = [Highs, Scip, CpSat]


def solved(solver: Any, instance: MatrixInstance, job: RecordedJob | None = None, **options: Any) -> Result:
    """Solves, and lets our own check pass on whatever is claimed."""
    assert not because(solver, instance)
    result: Result = solver.solve(instance, solver.options(**options), job or RecordedJob())
    if result.status in (Status.OPTIMAL, Status.FEASIBLE):
        problem = Problem(formulation=Formulation("matrix", content=instance))
        checked = MatrixKind().verify(problem, instance, result)
        assert checked.passed, checked.findings
    return result


def because(solver: Any, instance: MatrixInstance) -> str:
    """Returns why a solver refuses an instance, as the engine asks it."""
    unable = getattr(solver, "unable", lambda _: "")
    return why_not(instance.features, solver.handles) or str(unable(instance))


@pytest.mark.parametrize("part", LINEAR)
def test_a_linear_model_is_solved_to_its_optimum(part: Any) -> None:
    result = solved(part(), product_mix())
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(36.0, rel=1e-6)
    assert result.bound == pytest.approx(36.0, rel=1e-6)
    assert np.allclose(result.answer, [2.0, 6.0], atol=1e-4)


@pytest.mark.parametrize("part", [Highs, Glop, Pdlp, MathOptHighs])
def test_duals_are_the_gain_per_unit_of_a_side_also_when_maximising(part: Any) -> None:
    result = solved(part(), product_mix())
    assert result.row_duals is not None
    assert np.allclose(result.row_duals, [0.0, 1.5, 1.0], atol=1e-4)
    assert result.reduced_costs is not None
    assert np.allclose(result.reduced_costs, 0.0, atol=1e-4)


@pytest.mark.parametrize("part", WHOLE)
def test_a_knapsack_is_solved_to_its_optimum(part: Any) -> None:
    job = RecordedJob()
    result = solved(part(), knapsack(), job)
    assert (result.status, result.objective) == (Status.OPTIMAL, 21.0)
    assert result.answer.tolist() == [0.0, 1.0, 1.0, 1.0]
    assert job.lines


@pytest.mark.parametrize("part", [*LINEAR])
def test_an_infeasible_linear_model_is_called_infeasible(part: Any) -> None:
    rows = [([1.0, 1.0], -INF, 1.0), ([1.0, 1.0], 2.0, INF)]
    assert solved(part(), model([1.0, 1.0], rows)).status is Status.INFEASIBLE


@pytest.mark.parametrize("part", WHOLE)
def test_an_infeasible_whole_model_is_called_infeasible(part: Any) -> None:
    instance = model([1.0, 1.0], [([2.0, 2.0], 3.0, 3.0)], upper=[5.0, 5.0], whole=[1, 1])
    assert solved(part(), instance).status is Status.INFEASIBLE


@pytest.mark.parametrize("part", LINEAR)
def test_an_unbounded_linear_model_is_called_unbounded(part: Any) -> None:
    instance = model([1.0, 1.0], [([1.0, -1.0], -INF, 1.0)], sense="max")
    assert solved(part(), instance).status is Status.UNBOUNDED


@pytest.mark.parametrize("part", MIXED)
def test_an_unbounded_mixed_model_is_called_unbounded(part: Any) -> None:
    instance = model([1.0, 1.0], [([1.0, -1.0], -INF, 1.0)], sense="max", whole=[1, 0])
    assert solved(part(), instance).status is Status.UNBOUNDED


@pytest.mark.parametrize("part", MIXED)
def test_infeasible_is_not_mistaken_for_unbounded(part: Any) -> None:
    """The objective could grow for ever, were there any answer at all."""
    rows = [([2.0, 2.0, 0.0], 3.0, 3.0), ([0.0, 0.0, 1.0], 0.0, INF)]
    instance = model([0.0, 0.0, 1.0], rows, sense="max", whole=[1, 1, 0], upper=[9.0, 9.0, INF])
    assert solved(part(), instance).status is Status.INFEASIBLE


@pytest.mark.parametrize("part", [*LINEAR, CpSat])
def test_a_lower_bound_above_the_upper_one_makes_a_model_infeasible(part: Any) -> None:
    whole = [1, 1] if part is CpSat else None
    instance = model([1.0, 1.0], [([1.0, 1.0], 0.0, 9.0)], lower=[3.0, 0.0], upper=[2.0, 9.0], whole=whole)
    assert solved(part(), instance).status is Status.INFEASIBLE


@pytest.mark.parametrize("part", [Highs, Glop, Scip, MathOptHighs])
def test_coefficients_from_a_billionth_to_a_billion_keep_their_meaning(part: Any) -> None:
    rows = [([1e-9, 1.0], 1.0, INF), ([1e9, -1.0], -INF, 5e8)]
    result = solved(part(), model([1.0, 1e3], rows))
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(1000.0, rel=1e-6)


def test_highs_does_not_drop_coefficients_of_a_billionth() -> None:
    rows = [([1e-9, 1e-10], 1e-6, INF)]
    result = solved(Highs(), model([1.0, 1.0], rows))
    assert result.objective == pytest.approx(1000.0, rel=1e-6)


@pytest.mark.parametrize("part", [Highs, Scip])
def test_a_convex_quadratic_objective_is_minimised(part: Any) -> None:
    """Minimises x^2 + y^2 + xy - 3x with x + y >= 1: the optimum is -3 at (2, -1)."""
    rows, hessian = [([1.0, 1.0], 1.0, INF)], [[2.0, 1.0], [1.0, 2.0]]
    instance = model([-3.0, 0.0], rows, lower=[-9.0, -9.0], upper=[9.0, 9.0], hessian=hessian)
    result = solved(part(), instance)
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(-3.0, abs=1e-5)
    assert np.allclose(result.answer, [2.0, -1.0], atol=1e-2)


def test_scip_finds_the_global_optimum_of_a_model_that_is_not_convex() -> None:
    instance = model([0.0, 0.0], [([1.0, 1.0], -INF, 3.0)], upper=[2.0, 2.0], hessian=[[-2.0, 0.0], [0.0, -2.0]])
    assert not instance.convex
    assert because(Highs(), instance)
    result = solved(Scip(), instance)
    assert (result.status, round(result.objective or 0.0, 5)) == (Status.OPTIMAL, -5.0)


def test_scip_takes_quadratic_constraints_and_whole_variables() -> None:
    """Maximises x + y on a disc of radius 5 with x whole: 4 + 3 beats 3 + 4 only by being equal."""
    disc = QuadraticRow(0, np.array([0, 1]), np.array([0, 1]), np.array([1.0, 1.0]))
    instance = model(
        [1.0, 1.0], [([0.0, 0.0], -INF, 25.0)], sense="max", upper=[9.0, 9.0], whole=[1, 0], quadratic_rows=(disc,)
    )
    result = solved(Scip(), instance)
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(7.0, abs=1e-5)


def test_highs_refuses_a_quadratic_objective_with_whole_variables() -> None:
    instance = model([1.0], hessian=[[2.0]], whole=[1], upper=[9.0])
    assert "only with continuous variables" in because(Highs(), instance)
    assert solved(Scip(), instance).objective == 0.0


@pytest.mark.parametrize("upper", [10.0, 1e6])
def test_highs_keeps_semi_continuous_variables_zero_or_within_their_bounds(upper: float) -> None:
    rows = [([1.0, 1.0], 3.0, INF)]
    cheap = model([1.0, 4.0], rows, lower=[5.0, 0.0], upper=[upper, 4.0], whole=[2, 0])
    assert solved(Highs(), cheap).answer.tolist() == [5.0, 0.0]
    dear = model([1.0, 1.2], rows, lower=[5.0, 0.0], upper=[upper, 4.0], whole=[2, 0])
    assert solved(Highs(), dear).answer.tolist() == [0.0, 3.0]
    most = model(
        [1.0, 1.0], [([1.0, 1.0], -INF, INF)], sense="max", lower=[5.0, 0.0], upper=[upper, 4.0], whole=[2, 0]
    )
    assert solved(Highs(), most).objective == upper + 4.0


def test_highs_says_that_it_needs_an_upper_bound_on_semi_continuous_variables() -> None:
    assert "upper bound" in because(Highs(), model([1.0], lower=[5.0], whole=[2]))


@pytest.mark.parametrize("part", LIVE)
def test_answers_and_bounds_come_while_it_runs_and_the_time_limit_holds(part: Any) -> None:
    job = RecordedJob(time_limit_s=1.5)
    result = solved(part(), hard_mixed(), job)
    assert job.elapsed_s < 4.0
    assert result.status is Status.FEASIBLE
    assert "time limit" in result.reason
    assert result.objective == min(objective for _, objective in job.incumbents)
    assert result.bound is not None
    assert result.bound < (result.objective or 0.0)
    instance = hard_mixed()
    for answer, objective in job.incumbents[-3:]:
        assert instance.objective_at(answer) == pytest.approx(objective)


@pytest.mark.parametrize("part", LIVE)
def test_stopping_returns_soon_and_keeps_the_best_answer(part: Any) -> None:
    job = RecordedJob(time_limit_s=30.0, stop_after_s=1.0)
    result = solved(part(), hard_mixed(), job)
    assert job.elapsed_s < 3.0
    assert result.status is Status.CANCELLED
    assert result.answer is not None


@pytest.mark.parametrize("part", [Highs, Scip])
def test_bounds_move_between_incumbents(part: Any) -> None:
    job = RecordedJob(time_limit_s=5.0)
    rows = [([float((3 * i + 7 * j) % 11 + 1) for j in range(40)], -INF, 60.0) for i in range(8)]
    instance = model([float(j % 7 + 3) for j in range(40)], rows, sense="max", upper=[3.0] * 40, whole=[1] * 40)
    result = solved(part(), instance, job)
    assert job.bounds
    assert all(bound >= (result.objective or 0.0) - 1e-6 for bound in job.bounds)


@pytest.mark.parametrize("part", [*LINEAR, CpSat])
def test_no_time_at_all_is_never_called_an_answer_it_is_not(part: Any) -> None:
    instance = hard_mixed() if part is CpSat else product_mix()
    result = solved(part(), instance, RecordedJob(time_limit_s=1e-6))
    assert result.status in (Status.UNKNOWN, Status.FEASIBLE, Status.OPTIMAL)
    assert result.reason or result.status is Status.OPTIMAL


@pytest.mark.parametrize("part", WHOLE)
def test_two_threads_and_another_seed_change_no_optimum(part: Any) -> None:
    assert solved(part(), knapsack(), RecordedJob(threads=2, seed=2**40 + 7)).objective == 21.0


@pytest.mark.parametrize("method", ["simplex", "ipm", "pdlp"])
def test_every_method_of_highs_reaches_the_optimum(method: str) -> None:
    assert solved(Highs(), product_mix(), method=method).objective == pytest.approx(36.0, rel=1e-6)


def test_a_model_without_constraints_or_without_variables_is_solved() -> None:
    assert solved(Highs(), model([1.0, -1.0], upper=[5.0, 5.0])).objective == -5.0
    assert solved(Highs(), model([], offset=7.0)).objective == 7.0


def test_the_solvers_own_words_reach_the_log_and_not_the_console(capfd: pytest.CaptureFixture[str]) -> None:
    job = RecordedJob()
    solved(Highs(), knapsack(), job)
    assert any("Optimal" in line for line in job.lines)
    assert capfd.readouterr().out == ""


def test_a_coefficient_beyond_highs_is_refused_with_its_size() -> None:
    instance = model([1.0], [([1e16], 1.0, INF)])
    with pytest.raises(Exception, match="1e\\+16"):
        Highs().solve(instance, Highs.options(), RecordedJob())  # type: ignore[misc]


def test_auto_ranks_each_model_to_a_fitting_solver() -> None:
    def best(instance: MatrixInstance) -> str:
        parts = [part() for part in (*LINEAR, CpSat) if not because(part(), instance)]
        return str(max(parts, key=lambda part: part.rank(instance)[0]).name)

    assert best(product_mix()) == "highs"
    assert best(knapsack()) == "highs"
    assert best(model([0.0, 0.0], [([1.0, 1.0], 1.0, 1.0)], upper=[1.0, 1.0], whole=[1, 1])) == "cp-sat"
    assert best(model([1.0], hessian=[[2.0]], upper=[9.0])) == "highs"
    assert best(model([1.0], hessian=[[-2.0]], upper=[9.0])) == "scip"


@pytest.mark.parametrize("order", [("highspy", "ortools"), ("ortools", "highspy")])
def test_highspy_and_ortools_share_a_process_in_either_order(order: tuple[str, str]) -> None:
    """Later versions of the pair cannot (see the pins): whichever loads second dies."""
    loads = {
        "highspy": "import highspy; highspy.Highs()",
        "ortools": "from ortools.math_opt.core.python import solver",
    }
    code = "; ".join(loads[name] for name in order)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_plugins_load_without_loading_any_solver() -> None:
    heavy = ["highspy", "ortools", "openpyxl", "pandas"]
    code = (
        "import sys, solvitur_highs, solvitur_ortools, solvitur_files\n"
        "solvitur_highs.solvers(), solvitur_ortools.solvers(), solvitur_files.importers(), solvitur_files.kinds()\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
