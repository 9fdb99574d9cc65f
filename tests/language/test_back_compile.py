"""Models become the arrays that one would write by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from back_tables import TRANSPORT, compiled, refused

from solvitur.language.compile import is_penalty
from solvitur.problem.errors import InputError
from solvitur.problem.features import Feature
from solvitur.problem.instance import INTEGER, SEMI_CONTINUOUS, MatrixInstance


def dense(instance: MatrixInstance) -> list[list[float]]:
    """Writes the matrix out."""
    matrix = instance.matrix
    full = np.zeros((matrix.rows, matrix.columns))
    for row in range(matrix.rows):
        entries = slice(matrix.start[row], matrix.start[row + 1])
        assert len(set(matrix.column[entries].tolist())) == matrix.start[row + 1] - matrix.start[row]
        full[row, matrix.column[entries]] = matrix.value[entries]
    assert matrix.value.all()
    return full.tolist()


def rows(instance: MatrixInstance) -> dict[str, tuple[float, dict[str, float], float]]:
    """Returns the rows by name: lower side, coefficients by name, upper side."""
    found = {}
    for row, coefficients in enumerate(dense(instance)):
        named = {instance.variable_of(k): value for k, value in enumerate(coefficients) if value}
        found[instance.constraint_of(row)] = (float(instance.row_lower[row]), named, float(instance.row_upper[row]))
    return found


def test_the_transport_model() -> None:
    """Variables in the order of their indices, rows by constraint, costs and sides from the data."""
    text = TRANSPORT + (
        "\ndata\n  Plants = S, D\n  Markets = N, C\n  supply = {S: 350, D: 600}\n  demand = {N: 325, C: 300}\n"
        "  cost = {S: {N: 2.5, C: 1.7}, D: {N: 2.5, C: 1.8}}"
    )
    instance = compiled(text)
    assert [instance.variable_of(k) for k in range(4)] == ["ship[S, N]", "ship[S, C]", "ship[D, N]", "ship[D, C]"]
    assert instance.cost.tolist() == [2.5, 1.7, 2.5, 1.8]
    assert (instance.sense, instance.objective_name, instance.offset) == ("min", "freight", 0.0)
    assert rows(instance) == {
        "within_supply[S]": (-math.inf, {"ship[S, N]": 1, "ship[S, C]": 1}, 350),
        "within_supply[D]": (-math.inf, {"ship[D, N]": 1, "ship[D, C]": 1}, 600),
        "meet_demand[N]": (325, {"ship[S, N]": 1, "ship[D, N]": 1}, math.inf),
        "meet_demand[C]": (300, {"ship[S, C]": 1, "ship[D, C]": 1}, math.inf),
    }
    assert instance.features == {Feature.LINEAR, Feature.CONTINUOUS, Feature.FRACTIONAL_ROWS}
    assert instance.matrix.column.dtype == instance.matrix.start.dtype == np.int32


INF = math.inf


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("x + 2 * y <= 3 + x", {"c": (-INF, {"y": 2}, 3)}),
        ("x + y + x - y >= 1", {"c": (1, {"x": 2}, INF)}),
        ("3 - x == y", {"c": (-3, {"x": -1, "y": -1}, -3)}),
        ("1 <= x + y <= 4", {"c": (1, {"x": 1, "y": 1}, 4)}),
        ("4 >= x - 1 >= k", {"c": (3, {"x": 1}, 5)}),
        ("x <= y <= 2 * x", {"c": (0, {"x": -1, "y": 1}, INF), "c:2": (-INF, {"x": -2, "y": 1}, 0)}),
        ("x <= y == 3", {"c": (-INF, {"x": 1, "y": -1}, 0), "c:2": (3, {"y": 1}, 3)}),
        ("x <= 1 and y >= 2", {"c": (-INF, {"x": 1}, 1), "c:2": (2, {"y": 1}, INF)}),
        ("k * (x - y) / 4 >= -(y)", {"c": (0, {"x": 0.5, "y": 0.5}, INF)}),
        ("x <= inf", {"c": (-INF, {"x": 1}, INF)}),
        ("sum(x for i in 1..3) <= 6", {"c": (-INF, {"x": 3}, 6)}),
        ("sum(i * x for i in 1..3) <= 6", {"c": (-INF, {"x": 6}, 6)}),
        ("sum(v[i] for i in S) - v[1] <= 6", {"c": (-INF, {"v[2]": 1, "v[3]": 1}, 6)}),
        ("sum(v[i] + x for i in S if i > 1) <= 6", {"c": (-INF, {"v[2]": 1, "v[3]": 1, "x": 2}, 6)}),
        ("sum((i - 2) * v[i] for i in S) <= 6", {"c": (-INF, {"v[1]": -1, "v[3]": 1}, 6)}),
        ("sum(v[i] + v[j] for i in S for j in S if j > i) <= 6", {"c": (-INF, {"v[1]": 2, "v[2]": 2, "v[3]": 2}, 6)}),
        ("sum(v[4 - i] for i in 1..2) <= 6", {"c": (-INF, {"v[2]": 1, "v[3]": 1}, 6)}),
        ("sum(v[j] for i in S for j in i..3) <= 0", {"c": (-INF, {"v[1]": 1, "v[2]": 2, "v[3]": 3}, 0)}),
        ("sum(v[i] for i in {2, 3}) <= 0", {"c": (-INF, {"v[2]": 1, "v[3]": 1}, 0)}),
        ("sum(v[i] for (i, j) in S * S if j == 2) <= 0", {"c": (-INF, {"v[1]": 1, "v[2]": 1, "v[3]": 1}, 0)}),
        ("sum(v[i] * sum(j for j in S if j < i) for i in S) <= 0", {"c": (-INF, {"v[2]": 1, "v[3]": 3}, 0)}),
        ("sum(v[i] for i in S if i > 9) + x <= 0", {"c": (-INF, {"x": 1}, 0)}),
        ("(x if k > 1 else y) <= 0", {"c": (-INF, {"x": 1}, 0)}),
    ],
)
def test_one_constraint(constraint: str, expected: dict[str, object]) -> None:
    """Constants move to the sides, equal columns merge, zeros go, chains become ranges or pairs, sums sum."""
    text = f"set S = 1..3\nparam k = 2\nvar x\nvar y\nvar v[S]\nsubject to c: {constraint}"
    assert rows(compiled(text)) == expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (
            "c[t in T if t > 1]: v[t] - v[t - 1] <= t",
            {f"c[{t}]": (-INF, {f"v[{t}]": 1, f"v[{t - 1}]": -1}, t) for t in (2, 3)},
        ),
        (
            "c[t in T]: v[t] - (v[t - 1] if t > 1 else 7) == 0",
            {"c[1]": (7, {"v[1]": 1}, 7)} | {f"c[{t}]": (0, {f"v[{t}]": 1, f"v[{t - 1}]": -1}, 0) for t in (2, 3)},
        ),
        (
            "c[i in N]: sum(f[a, b] for (a, b) in Arcs if a == i) - sum(f[a, b] for (a, b) in Arcs if b == i) == 0",
            {
                "c[p]": (0, {"f[p, q]": 1, "f[r, p]": -1, "f[p, r]": 1}, 0),
                "c[q]": (0, {"f[q, r]": 1, "f[p, q]": -1}, 0),
                "c[r]": (0, {"f[r, p]": 1, "f[q, r]": -1, "f[p, r]": -1}, 0),
            },
        ),
        (
            "c[i in N]: sum(f[i, j] for j in N if (i, j) in Arcs) <= 1",
            {
                "c[p]": (-INF, {"f[p, q]": 1, "f[p, r]": 1}, 1),
                "c[q]": (-INF, {"f[q, r]": 1}, 1),
                "c[r]": (-INF, {"f[r, p]": 1}, 1),
            },
        ),
        ("c[a in Arcs]: f[a] <= 2", {f"c[{a}]": (-INF, {f"f[{a}]": 1}, 2) for a in ("p, q", "q, r", "r, p", "p, r")}),
        ('c[(i, j) in Arcs if i == "p"]: f[i, j] >= 1', {f"c[p, {j}]": (1, {f"f[p, {j}]": 1}, INF) for j in "qr"}),
        (
            "c[i in N, t in 2..3]: g[i, t] <= t",
            {f"c[{i}, {t}]": (-INF, {f"g[{i}, {t}]": 1}, t) for i in "pqr" for t in (2, 3)},
        ),
        (
            "c[t in T]: sum(g[i, t] for i in N) <= 1",
            {f"c[{t}]": (-INF, {f"g[{i}, {t}]": 1 for i in "pqr"}, 1) for t in (1, 2, 3)},
        ),
        ("c[t in T]: t >= 2", {"c[1]": (2 - 1, {}, INF)}),
        ("c[i in N if i not in {p, q}]: x >= 1", {"c[r]": (1, {"x": 1}, INF)}),
        ('c[i in N if i < "q"]: x >= 1', {"c[p]": (1, {"x": 1}, INF)}),
    ],
)
def test_constraints_over_indices(constraint: str, expected: dict[str, object]) -> None:
    """Filters, dependent sums, tuple sets, steps back in time; rows without variables stay only when they fail."""
    text = f"""
    set T = 1..3
    set N = {{p, q, r}}
    set Arcs within N * N = {{(p, q), (q, r), (r, p), (p, r)}}
    var x
    var v[T]
    var f[Arcs]
    var g[i in N, t in T]
    subject to {constraint}
    """
    assert rows(compiled(text)) == expected


def test_bounds_and_domains_of_variables() -> None:
    """Bounds from data and expressions, whole, binary and semi-continuous variables, filtered indices."""
    instance = compiled(
        """
        set S = {a, b}
        param top[S]
        var x[s in S] in -1..2 * top[s]
        var n[S] integer >= 0
        var y binary
        var s semicontinuous in 2..9
        var free_one
        var odd[i in 1..4 if i % 2 == 1] <= i
        data
          top = {a: 3, b: inf}
        """
    )
    lower, upper = instance.column_lower.tolist(), instance.column_upper.tolist()
    assert lower == [-1, -1, 0, 0, 0, 2, -INF, -INF, -INF]
    assert upper == [6, INF, INF, INF, 1, 9, INF, 1, 3]
    assert instance.integrality.tolist() == [0, 0, INTEGER, INTEGER, INTEGER, SEMI_CONTINUOUS, 0, 0, 0]
    assert [instance.variable_of(k) for k in (7, 8)] == ["odd[1]", "odd[3]"]
    assert Feature.SEMI_CONTINUOUS in instance.features


def test_the_objective_is_chosen_by_name() -> None:
    """The first one by default; its constant is the offset; an unknown name is refused with the nearest."""
    text = "var x\nvar y\nminimize cost: 2 * x + 3\nmaximize gain: x - y"
    assert (compiled(text).cost.tolist(), compiled(text).offset) == ([2, 0], 3)
    gain = compiled(text, objective="gain")
    assert (gain.sense, gain.cost.tolist(), gain.objective_name) == ("max", [1, -1], "gain")
    with pytest.raises(InputError, match="Did you mean 'gain'"):
        compiled(text, objective="gian")


def test_a_model_without_objective_asks_for_any_answer() -> None:
    """Costs are zero and the objective has no name."""
    instance = compiled("var x\nsubject to c: x >= 1")
    assert (instance.cost.tolist(), instance.objective_name, instance.sense) == ([0], "", "min")


@pytest.mark.parametrize(
    ("objective", "hessian", "convex"),
    [
        ("minimize z: x * x + 3 * x * y + y ** 2 + x", [[2, 3], [3, 2]], False),
        ("minimize z: x ** 2 + x * y + y ** 2", [[2, 1], [1, 2]], True),
        ("maximize z: x - (x - y) ** 2", [[-2, 2], [2, -2]], True),
        ("maximize z: x ** 2", [[2, 0], [0, 0]], False),
        ("minimize z: sum(q[i, j] * v[i] * v[j] for i in S for j in S)", [[2, 3], [3, 8]], True),
        ("minimize z: (x + 1) * (x - 1) - x * x", None, True),
        ("minimize z: sum(v[i] for i in S) ** 2", [[2, 2], [2, 2]], True),
        ("minimize z: sum(v[i] for i in S if i > 1) ** 2 + v[1] * v[2]", [[0, 1], [1, 2]], False),
    ],
)
def test_quadratic_objectives(objective: str, hessian: list[list[float]] | None, convex: bool) -> None:
    """Products and squares become the full symmetric matrix of x'Qx / 2; its curvature is known."""
    head = "set S = 1..2\nparam q[S, S]\n" + ("var v[S]\n" if "v[" in objective else "var x\nvar y\n")
    instance = compiled(f"{head}{objective}\ndata\n  q = [[1, 1], [2, 4]]")
    assert instance.convex is convex
    if hessian is None:
        assert instance.hessian is None
        return
    assert instance.hessian is not None
    full = np.zeros((2, 2))
    for row in range(2):
        entries = slice(instance.hessian.start[row], instance.hessian.start[row + 1])
        full[row, instance.hessian.column[entries]] = instance.hessian.value[entries]
    assert full.tolist() == hessian


def test_quadratic_rows() -> None:
    """Products in constraints are listed by row, merged, and do not disturb rows without any."""
    instance = compiled(
        "set S = 1..2\nvar x[S]\nvar y\n"
        "subject to plain: y >= 1\n"
        "subject to q[i in S]: x[i] * y + y * x[i] + (x[1] ** 2 if i == 2 else 0) + y <= i"
    )
    found = {
        instance.constraint_of(q.row): list(zip(q.first, q.second, q.value, strict=True))
        for q in instance.quadratic_rows
    }
    assert found == {"q[1]": [(0, 2, 2)], "q[2]": [(0, 0, 1), (1, 2, 2)]}
    assert rows(instance)["q[2]"] == (-INF, {"y": 1}, 2)
    assert Feature.QUADRATIC_ROWS in instance.features


@pytest.mark.parametrize(
    ("op", "sense", "columns", "entries", "cost"),
    [
        ("<=", "minimize", ["c.excess"], {"c.excess": -1}, 5),
        (">=", "maximize", ["c.shortfall"], {"c.shortfall": 1}, -5),
        ("==", "minimize", ["c.shortfall", "c.excess"], {"c.shortfall": 1, "c.excess": -1}, 5),
    ],
)
def test_soft_constraints(op: str, sense: str, columns: list[str], entries: dict[str, float], cost: float) -> None:
    """A soft constraint gets columns that make up for it at a price, and they say what they are."""
    instance = compiled(f"var x\n{sense} z: x\nsubject to c: x {op} 3 soft(5)")
    penalties = [block for block in instance.variables if is_penalty(block)]
    assert [block.name for block in penalties] == columns
    assert instance.cost.tolist() == [1.0] + [cost] * len(columns)
    assert rows(instance)["c"][1] == {"x": 1} | entries


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("minimize z: x ** 2.5", "A power with such an exponent of a variable cannot be solved exactly"),
        ("minimize z: x ** (0 - 1)", "A power with such an exponent"),
        ("minimize z: 1 / x", "divides by an expression that may be zero as far as its bounds tell"),
        ("minimize z: exp(x)", "'exp' of a variable cannot be solved exactly"),
        ("minimize z: x // 2", "'//' of a variable cannot be solved exactly"),
        ("minimize z: prod(v[i] for i in S)", "'prod' of variables cannot be solved"),
        ("minimize z: piecewise(x, (0, 0), (0, 1))", "The breakpoints of 'piecewise' must rise"),
        ("minimize z: piecewise(x, (0, 0), (huge * huge, 1))", "A point of this piecewise function is not a finite"),
        ("minimize z: max(v[i] for i in S if i > 2)", "'max' has nothing to choose from"),
        ("subject to c: x < 3", "'<' cannot be used between the sides of a constraint; write '<='"),
        ("subject to c: implies(x, y >= 1)", "This is a number and no condition: compare it"),
        ("subject to c: all_different(x, y)", "'all_different' compares whole numbers"),
        ("subject to c: sum(v[i] for i in S if x > 1) <= 2", "A condition can only use data"),
        ("subject to c: v[x] <= 2", "An index of 'v' depends on a variable"),
        ("subject to c[i in S]: v[i + 1] <= 2", "'v[3]' is used for i = 2, but 'v' has no such index."),
        ("subject to c[i in S]: huge * huge * x <= 2", "A coefficient of 'c[1]' is not a finite number"),
        ("subject to c[i in S]: x >= huge * huge", "A side of 'c[1]' is not a finite number"),
        ("minimize z: huge * huge * y", "A coefficient of the objective 'z', that of 'y', is not a finite number"),
        ("subject to c: x <= 1 soft(0 - 1)", "The penalty of 'c' is -1, but it must be at least 0."),
        ("subject to c: sum(x for i in 1..90000 for j in 1..90000) <= 1", "8,100,000,000 combinations"),
    ],
)
def test_what_cannot_be_compiled_says_so(text: str, expected: str) -> None:
    """Nonlinear and logical parts, indices that are not there, overflow; with a place in the text."""
    head = "set S = 1..2\nparam huge = 1e200\nvar x\nvar y\nvar v[S]\n"
    found = refused(head + text)
    assert expected in found[0].text
    assert found[0].place.line == 6
    assert found[0].element in ("z", "c")


def test_a_sum_over_sparse_arcs_of_a_large_graph_stays_small() -> None:
    """Flow conservation on 20,000 nodes pairs nodes with their own arcs instead of trying every pair."""
    instance = compiled(
        """
        set N = 1..20000
        set Arcs within N * N = {(i, i + 1) for i in N if i < 20000}
        var f[Arcs] >= 0
        subject to keep[i in N]:
          sum(f[a, b] for (a, b) in Arcs if a == i) - sum(f[j, i] for j in N if (j, i) in Arcs) == 0
        """
    )
    assert (instance.rows, instance.columns, instance.matrix.nonzeros) == (20000, 19999, 39998)
