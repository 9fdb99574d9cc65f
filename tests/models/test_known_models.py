"""Small models, solved by HiGHS from our arrays, have the optimum that trying every answer finds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from solvitur.api import Choice, Formulation, MatrixInstance, Problem, Result, Status
from solvitur_highs.model import Handed
from solvitur_models.algebraic import AlgebraicKind

KIND = AlgebraicKind()


def problem_of(text: str, objective: str = "") -> Problem:
    """Makes a problem of a model with its data."""
    return Problem(formulation=Formulation(text=text), choice=Choice(objective=objective))


def optimum(instance: MatrixInstance) -> tuple[str, float, np.ndarray]:
    """Solves with HiGHS."""
    handed = Handed(instance)
    handed.highs.setOptionValue("mip_rel_gap", 0.0)
    handed.highs.run()
    status = handed.highs.modelStatusToString(handed.highs.getModelStatus())
    return status, handed.highs.getInfo().objective_function_value, handed.answer()


def solved(text: str, objective: str = "") -> tuple[float, dict[str, object]]:
    """Solves a model, verifies the answer, and returns objective and values."""
    problem = problem_of(text, objective)
    assert not [f for f in KIND.check(problem) if f.severity == "error"]
    instance = KIND.bind(problem)
    status, value, answer = optimum(instance)
    assert status == "Optimal"
    verification = KIND.verify(problem, instance, Result(Status.OPTIMAL, answer, value))
    assert verification.passed, [str(f) for f in verification.findings]
    assert verification.objective == pytest.approx(value)
    return value, dict(KIND.values(instance, answer))


def least(answers: Iterable[tuple[int, ...]], cost: Callable[..., float], fits: Callable[..., bool]) -> float:
    """Returns the least cost of the answers that fit."""
    return min(cost(*answer) for answer in answers if fits(*answer))


def test_knapsack() -> None:
    """The best subset under a weight limit."""
    weight, value = (5, 4, 7, 3, 6), (10, 7, 12, 5, 9)
    text = f"""
    set I = 1..5
    param weight[I]
    param value[I]
    var take[I] binary
    maximize worth: sum(value[i] * take[i] for i in I)
    subject to limit: sum(weight[i] * take[i] for i in I) <= 13
    data
      weight = {list(weight)}
      value = {list(value)}
    """
    best = -least(
        itertools.product((0, 1), repeat=5),
        lambda *x: -sum(v * k for v, k in zip(value, x, strict=True)),
        lambda *x: sum(w * k for w, k in zip(weight, x, strict=True)) <= 13,
    )
    assert solved(text)[0] == best


def test_assignment_with_forbidden_pairs() -> None:
    """Only listed pairs may be used; each worker and each job once."""
    pairs = {("a", 1): 4, ("a", 2): 1, ("b", 1): 2, ("b", 3): 7, ("c", 2): 3, ("c", 3): 5, ("c", 1): 6}
    text = f"""
    set Workers = {{a, b, c}}
    set Jobs = 1..3
    set Pairs within Workers * Jobs
    param cost[Pairs]
    var use[(w, j) in Pairs] binary
    minimize total: sum(cost[w, j] * use[w, j] for (w, j) in Pairs)
    subject to worker[w in Workers]: sum(use[v, j] for (v, j) in Pairs if v == w) == 1
    subject to job[j in Jobs]: sum(use[w, j] for w in Workers if (w, j) in Pairs) == 1
    data
      Pairs = {", ".join(f"({w}, {j})" for w, j in pairs)}
      cost = {{{", ".join(f"({w}, {j}): {c}" for (w, j), c in pairs.items())}}}
    """
    best = least(
        itertools.permutations((1, 2, 3)),
        lambda *jobs: sum(pairs[w, j] for w, j in zip("abc", jobs, strict=True)),
        lambda *jobs: all((w, j) in pairs for w, j in zip("abc", jobs, strict=True)),
    )
    assert solved(text)[0] == best


def test_lot_sizing_over_time() -> None:
    """Stock links the months; set-ups cost; a guard keeps the first month apart."""
    demand = (3, 2, 4)
    text = """
    set T = 1..3
    param demand[T]
    let all_of = sum(demand[t] for t in T)
    var make[T] integer >= 0
    var stock[T] >= 0
    var run[T] binary
    minimize cost: sum(5 * run[t] + stock[t] + 2 * make[t] for t in T)
    subject to keep[t in T]: (stock[t - 1] if t > 1 else 1) + make[t] == demand[t] + stock[t]
    subject to only[t in T]: make[t] <= all_of * run[t]
    data
      demand = [3, 2, 4]
    """

    def cost(*made: int) -> float:
        stock, total = 1, 0.0
        for amount, need in zip(made, demand, strict=True):
            stock += amount - need
            if stock < 0:
                return math.inf
            total += 5 * (amount > 0) + stock + 2 * amount
        return total

    best = least(itertools.product(range(10), repeat=3), cost, lambda *made: cost(*made) < math.inf)
    assert solved(text)[0] == best


def test_shortest_path() -> None:
    """Flow of one unit over arcs with lengths."""
    arcs = {("s", "a"): 4, ("s", "b"): 1, ("b", "a"): 2, ("a", "t"): 3, ("b", "t"): 7}
    text = f"""
    set Arcs within N * N
    set N
    param length[Arcs]
    var go[(i, j) in Arcs] in 0..1
    minimize way: sum(length[i, j] * go[i, j] for (i, j) in Arcs)
    subject to flow[n in N]:
      sum(go[i, j] for (i, j) in Arcs if i == n) - sum(go[i, j] for (i, j) in Arcs if j == n)
        == (1 if n == "s" else -1 if n == "t" else 0)
    data
      length = {{{", ".join(f"({i}, {j}): {d}" for (i, j), d in arcs.items())}}}
    """
    value, values = solved(text)
    assert value == 6
    assert values == {"go": {"s": {"a": 0, "b": 1}, "b": {"a": 1, "t": 0}, "a": {"t": 1}}}


def test_several_objectives() -> None:
    """The same model towards either of its objectives."""
    head = "var x integer in 0..4\nvar y integer in 0..4\nsubject to c: x + y >= 3\n"
    text = head + "minimize a: x + 2 * y\nmaximize b: x - y"
    assert solved(text)[0] == 3
    assert solved(text, "b")[0] == 4


def test_soft_constraints_trade_off() -> None:
    """What is missed is paid for; the answer shows by how much, and no penalty column poses as a variable."""
    text = """
    set S = {a, b}
    param wish[S]
    var x[S] integer >= 0
    minimize cost: sum(3 * x[s] for s in S)
    subject to want[s in S]: x[s] >= wish[s] soft(5 if s == "a" else 2)
    data
      wish = {a: 4, b: 6}
    """
    value, values = solved(text)
    assert value == 3 * 4 + 2 * 6
    assert values == {"x": {"a": 4, "b": 0}, "want.shortfall": {"b": 6.0}}


def test_a_convex_quadratic_objective() -> None:
    """Least squares to two points under a budget."""
    text = "var x\nvar y\nminimize off: (x - 3) ** 2 + (y - 1) ** 2\nsubject to budget: x + y <= 2"
    value, values = solved(text)
    assert value == pytest.approx(2.0, abs=1e-5)
    assert values["x"] == pytest.approx(2.0, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("var x >= 0\nminimize z: x\nsubject to c: x <= -1", "Infeasible"),
        ("param k = 3\nvar x in 0..1\nminimize z: x\nsubject to c: k <= 2", "Infeasible"),
        ("var x\nmaximize z: x", "Unbounded"),
        ("set S = 1..2\nvar x[S] binary\nsubject to c: sum(x[i] for i in S) == 1.5", "Infeasible"),
    ],
)
def test_models_without_an_answer(text: str, status: str) -> None:
    """Infeasible and unbounded models keep being so as arrays, even when only the data contradict each other."""
    assert optimum(KIND.bind(problem_of(text)))[0] == status


@pytest.mark.parametrize("seed", range(12))
def test_random_whole_number_programs(seed: int) -> None:
    """Random constraints over four small whole variables: the optimum of HiGHS is that of trying all answers."""
    random = np.random.default_rng(seed)
    factors = random.integers(-4, 5, (3, 4))
    sides = random.integers(0, 9, 3)
    costs = random.integers(-5, 6, 4)
    text = f"""
    set I = 1..3
    set J = 1..4
    param a[I, J]
    param b[I]
    param c[J]
    var x[J] integer in 0..3
    minimize z: sum(c[j] * x[j] for j in J)
    subject to row[i in I]: sum(a[i, j] * x[j] for j in J if a[i, j] != 0) <= b[i]
    data
      a = {factors.tolist()}
      b = {sides.tolist()}
      c = {costs.tolist()}
    """
    best = least(
        itertools.product(range(4), repeat=4),
        lambda *x: float(costs @ np.array(x)),
        lambda *x: bool((factors @ np.array(x) <= sides).all()),
    )
    assert solved(text)[0] == pytest.approx(best)
