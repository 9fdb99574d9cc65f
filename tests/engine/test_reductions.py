"""Reductions: what they rewrite has the same answers, and what they cannot rewrite they say in the user's names."""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from solvitur.engine.choosing import choices
from solvitur.engine.exporting import export
from solvitur.engine.importing import open_file
from solvitur.engine.reductions.all_different import AllDifferentToRows
from solvitur.engine.reductions.chain import Reduced, reduced_for
from solvitur.engine.reductions.conditional_rows import ConditionalToRows
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.engine.reductions.products import ProductsToRows
from solvitur.engine.reductions.ratios import RatioToLinear, RatioToProduct
from solvitur.engine.reductions.whole_bounds import BoundsFromRows
from solvitur.hooks.loading import Plugins
from solvitur.problem.answers import worst_violation
from solvitur.problem.errors import InputError
from solvitur.problem.features import Feature
from solvitur.problem.implied_bounds import implied_bounds
from solvitur.problem.instance import ConditionalRows, Denominator, MatrixInstance, QuadraticRow
from solvitur.problem.options import read_options
from solvitur.problem.result import Result, Status

sys.path.append(str(Path(__file__).parents[1] / "plugins"))
from instances import model, sparse
from standins import RecordedJob

INF = np.inf
MIXED = frozenset({Feature.CONTINUOUS, Feature.INTEGER, Feature.BINARY, Feature.LINEAR, Feature.FRACTIONAL_ROWS})


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins.load(only=("highs", "ortools"))


def solve(plugins: Plugins, instance: MatrixInstance, reduced: Reduced) -> Result:
    """Solves a rewritten instance with HiGHS and carries the result back."""
    solver = plugins.solver("highs")
    found = solver.solve(reduced.instance, read_options(solver.options, {}), RecordedJob())
    return reduced.result(found, instance)


def whole_points(instance: MatrixInstance) -> list[np.ndarray]:
    """Lists all points of an instance whose columns are whole and bounded."""
    spans = zip(instance.column_lower.astype(int), instance.column_upper.astype(int), strict=True)
    return [np.array(p, float) for p in itertools.product(*(range(low, high + 1) for low, high in spans))]


def is_feasible(instance: MatrixInstance, point: np.ndarray) -> bool:
    """Tells whether a point meets all rows, conditions and groups of an instance."""
    differs = all(len(set(point[group])) == len(group) for group in instance.all_different)
    return differs and worst_violation(instance, point) <= 1e-9


def best_of(instance: MatrixInstance) -> float | None:
    """Returns the optimum by trying every point."""
    worths = [instance.objective_at(p) for p in whole_points(instance) if is_feasible(instance, p)]
    return None if not worths else min(worths) if instance.sense == "min" else max(worths)


def random_instance(random: Random, *, products: bool = False, groups: bool = False) -> MatrixInstance:
    """Builds an instance of two binary and two whole columns with conditional rows."""
    rows = []
    for _ in range(5):
        low = random.choice((-INF, -INF, random.randint(-4, 4)))
        high = random.choice((INF, random.randint(-2, 6))) if low > -INF else random.randint(-2, 6)
        rows.append(([random.choice((-2, -1, 0, 1, 1.5, 3)) for _ in range(4)], low, max(low, high)))
    lower = [0, 0, random.choice((-2, 0)), random.choice((-1, 0, 1))]
    upper = [1, 1, lower[2] + random.randint(1, 4), lower[3] + random.randint(1, 4)]
    instance = model(
        [random.randint(-3, 3) for _ in range(4)],
        rows,
        sense=random.choice(("min", "max")),
        lower=lower,
        upper=upper,
        whole=[1, 1, 1, 1],
        offset=1.5,
    )
    picked = random.sample(range(5), 3)
    columns = np.array([random.randrange(2) for _ in picked], np.int32)
    values = np.array([random.randrange(2) for _ in picked], np.int32)
    instance = replace(instance, conditional=ConditionalRows(columns, values, np.array(picked, np.int32)))
    if groups:
        instance = replace(instance, all_different=(np.array([2, 3, 0], np.int32),))
    if products:
        plain = next(row for row in range(5) if row not in picked)
        first, second = np.array([0, 2, 2], np.int32), np.array([1, 0, 3], np.int32)
        part = QuadraticRow(plain, first, second, np.array([2.0, -1.0, 1.0]))
        dense = np.zeros((4, 4))
        dense[2, 2], dense[0, 3], dense[3, 0] = random.choice((-2, 2)), 1, 1
        instance = replace(instance, quadratic_rows=(part,), hessian=sparse(dense.tolist(), 4), convex=False)
    return instance


@pytest.mark.parametrize("seed", range(120))
def test_rewritten_instances_have_the_same_optimum(plugins: Plugins, seed: int) -> None:
    """Conditions, products and groups as rows: the optimum is that of trying every point of the original."""
    instance = random_instance(Random(seed), products=seed % 3 == 1, groups=seed % 3 == 2)
    reduced = reduced_for(instance, MIXED)
    assert reduced.instance.features <= MIXED | {Feature.ONE_ROW}
    result = solve(plugins, instance, reduced)
    best = best_of(instance)
    if best is None:
        assert result.status is Status.INFEASIBLE
        return
    assert result.objective == pytest.approx(best, abs=1e-6)
    assert result.answer.shape == (4,)
    assert is_feasible(instance, np.rint(result.answer))


@pytest.mark.parametrize("seed", range(40))
def test_rows_for_conditions_cut_nothing_off_and_let_nothing_in(seed: int) -> None:
    """With bounds of the rows' terms, each point is feasible after rewriting just where it was before."""
    instance = random_instance(Random(seed))
    rewritten, inverse = ConditionalToRows().apply(instance)
    assert rewritten.conditional is None
    for point in whole_points(instance):
        assert is_feasible(rewritten, point) == is_feasible(instance, point)
        assert inverse(point) is point


def test_a_smaller_bound_would_be_noticed() -> None:
    """The test above can fail: one unit less in a row that was widened cuts a point off."""
    instance = model([0, 0], [([1, 0], -INF, 2)], upper=[9, 1], whole=[1, 1])
    instance = replace(instance, conditional=ConditionalRows(*(np.array([k], np.int32) for k in (1, 1, 0))))
    rewritten, _ = ConditionalToRows().apply(instance)
    assert (rewritten.matrix.value.tolist(), rewritten.row_upper.tolist()) == ([1, 7], [9])
    tight = replace(rewritten, row_upper=rewritten.row_upper - 1)
    assert any(is_feasible(instance, p) and not is_feasible(tight, p) for p in whole_points(instance))


def test_no_bound_is_made_up() -> None:
    """Without a bound, the variable that needs one is named; bounds that rows imply are used."""
    rows = [([1, 0, 0], -INF, 0), ([1, 1, 0], -INF, 30)]
    instance = model([1, 1, 0], rows, lower=[0, -INF, 0], upper=[INF, INF, 1], whole=[0, 0, 1], names=["x", "y", "b"])
    instance = replace(instance, conditional=ConditionalRows(*(np.array([k], np.int32) for k in (2, 0, 0))))
    with pytest.raises(CannotReduce, match="it needs an upper bound on 'x', because of the condition in 'r1'"):
        ConditionalToRows().apply(instance)
    bounded = replace(instance, column_lower=np.array([0.0, -12, 0]))
    rewritten, _ = ConditionalToRows().apply(bounded)
    assert rewritten.matrix.value[1] == pytest.approx(-42)
    wide = replace(instance, column_upper=np.array([1e9, INF, 1]))
    with pytest.raises(CannotReduce, match="a narrower upper bound on 'x'"):
        ConditionalToRows().apply(wide)


def test_a_bound_is_asked_for_through_auxiliary_columns() -> None:
    """A maximum of x and y that has no bound is traced to the variable that lacks it."""
    rows = [([0, 0, 1, 0], -INF, 4), ([1, 0, -1, 0], -INF, 0), ([0, 1, -1, 0], -INF, 0)]
    instance = model([0] * 4, rows, upper=[5, INF, INF, 1], whole=[0, 0, 0, 1], names=["x", "y", "m", "b"])
    own, aux = replace(instance.variables[0], count=2, sets=(("x", "y"),)), instance.variables[0]
    last = replace(aux, start=3, count=1, sets=(("b",),))
    blocks = (own, replace(aux, start=2, count=1, sets=(("m",),), auxiliary=True), last)
    conditional = ConditionalRows(*(np.array([k], np.int32) for k in (3, 1, 0)))
    instance = replace(instance, variables=blocks, conditional=conditional)
    with pytest.raises(CannotReduce, match="an upper bound on 'y', because of the condition in 'r1'"):
        ConditionalToRows().apply(instance)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([([1, 1], -INF, 10)], ([0, 0], [10, 10])),
        ([([1, -1], -INF, 0), ([0, 1], -INF, 7)], ([0, 0], [7, 7])),
        ([([2, 3], 12, 12)], ([0, 0], [6, 4])),
        ([([1, -1], 3, INF)], ([3, 0], [INF, INF])),
        ([([-1, -1], -8, INF), ([1, 0], 5, INF)], ([5, 0], [8, 3])),
    ],
)
def test_bounds_follow_from_rows(rows: list[tuple[list[float], float, float]], expected: object) -> None:
    """For columns that are at least zero, in whole numbers."""
    instance = model([0, 0], rows, whole=[1, 1])
    bounds = (instance.column_lower, instance.column_upper)
    low, high = implied_bounds(instance.matrix, (instance.row_lower, instance.row_upper), bounds, np.ones(2, bool))
    assert (low.tolist(), high.tolist()) == expected


def test_implied_bounds_hold_at_every_point() -> None:
    """At random systems, no point within the rows is outside the bounds."""
    for seed in range(60):
        instance = replace(random_instance(Random(seed)), conditional=None)
        bounds = (instance.column_lower, instance.column_upper)
        sides = (instance.row_lower, instance.row_upper)
        for whole in (np.ones(4, bool), np.zeros(4, bool)):
            low, high = implied_bounds(instance.matrix, sides, bounds, whole)
            for point in whole_points(instance):
                if is_feasible(instance, point):
                    assert ((point >= low - 1e-9) & (point <= high + 1e-9)).all()


@pytest.mark.parametrize("whole", [[0, 0], [1, 1]])
def test_a_ratio_is_solved_and_carried_back(plugins: Plugins, whole: list[int]) -> None:
    """By scaling where all is continuous, as a product else; the answer is in the user's columns."""
    rows = [([1, 2], -INF, 10), ([3, 1], -INF, 12)]
    instance = model([3, 2], rows, sense="max", upper=[9, 9], whole=whole, offset=1)
    instance = replace(instance, denominator=Denominator(np.array([1.0, 1.0]), 2.0))
    assert (RatioToLinear().accepts(instance), RatioToProduct().accepts(instance)) == (not any(whole), True)
    result = solve(plugins, instance, reduced_for(instance, MIXED))
    assert result.objective == pytest.approx(13 / 6)
    assert result.answer.tolist() == pytest.approx([4, 0])


def test_products_of_continuous_columns_are_refused_by_name() -> None:
    """Only what has few whole values can be taken apart."""
    rows = [([0, 0, 1], -INF, 1)]
    instance = model([1, 1, 0], rows, upper=[1, 1, 1], whole=[0, 0, 1], names=["x", "y", "b"])
    part = QuadraticRow(0, np.array([0], np.int32), np.array([1], np.int32), np.array([1.0]))
    instance = replace(instance, quadratic_rows=(part,))
    with pytest.raises(CannotReduce, match="the product of 'x' and 'y', neither of them whole with a small range"):
        ProductsToRows().apply(instance)
    with pytest.raises(CannotReduce, match="does not handle"):
        reduced_for(instance, MIXED)


def test_large_groups_are_compared_in_pairs() -> None:
    """Columns with too many values get two conditional rows per pair instead of a column per value."""
    instance = model([1, 1, 1], [], upper=[1e6] * 3, whole=[1, 1, 1])
    instance = replace(instance, all_different=(np.array([0, 1, 2], np.int32),))
    rewritten, inverse = AllDifferentToRows().apply(instance)
    assert (rewritten.columns, rewritten.rows) == (6, 6)
    assert inverse(np.arange(6.0)).tolist() == [0, 1, 2]


def test_whole_columns_get_the_bounds_that_rows_imply(plugins: Plugins) -> None:
    """So that CP-SAT takes a model whose bounds stand in its constraints; else it says which variable has none."""
    instance = model([1, 1], [([2, 3], -INF, 12)], sense="max", whole=[1, 1])
    rewritten, _ = BoundsFromRows().apply(instance)
    assert rewritten.column_upper.tolist() == [6, 4]
    able = {choice.name: choice for choice in choices(plugins, instance)}
    assert able["cp-sat"].able and "bounds from the constraints" in able["cp-sat"].reason
    free = model([1, 1], [([2, -3], -INF, 12)], whole=[1, 1], names=["n", "m"])
    able = {choice.name: choice for choice in choices(plugins, free)}
    assert able["cp-sat"].because == "it needs bounds on whole variables, and 'n' has none"


def test_the_chosen_solver_says_how_it_takes_the_model(plugins: Plugins) -> None:
    """Solvers that know conditions get them as they are; the others as rows, or say why not."""
    instance = random_instance(Random(3))
    found = {choice.name: choice for choice in choices(plugins, instance)}
    assert "conditions as rows" in found["highs"].reason and "conditions as rows" not in found["scip"].reason
    assert found["cp-sat"].able and not found["glop"].able
    assert found["glop"].because == "it does not handle binary variables or integer variables"


def test_logic_is_exported_as_rows_or_refused(tmp_path: Path) -> None:
    """A file of rows holds the same optimum; what has no rows is refused with the reason, not written wrongly."""
    plugins = Plugins.load(only=("highs", "files"))
    instance = random_instance(Random(4), groups=True)
    export(plugins, instance, tmp_path / "logic.mps")
    imported = open_file(plugins, tmp_path / "logic.mps").problem
    assert imported is not None
    written = imported.formulation.content
    best = best_of(instance)
    result = solve(plugins, written, Reduced(written))
    assert result.objective == (pytest.approx(best) if best is not None else None)
    endless = replace(instance, column_upper=np.array([1, 1, INF, INF]), all_different=())
    with pytest.raises(InputError, match="the model cannot be written in rows: it needs an upper bound on"):
        export(plugins, endless, tmp_path / "endless.mps")
    ratio = replace(instance, denominator=Denominator(np.ones(4), 9.0))
    with pytest.raises(InputError, match="a ratio, which these files cannot hold"):
        export(plugins, ratio, tmp_path / "ratio.lp")
    assert not (tmp_path / "endless.mps").exists()
