"""Small instances with known optima, for the trial of solvers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.problem.instance import CONTINUOUS, INTEGER, Block, MatrixInstance, SparseRows

_LARGE_ITEMS, _LARGE_SEED = 90, 7


@dataclass(frozen=True, eq=False)
class KnownInstance:
    """An instance and its optimum; None where the instance is only there to be stopped."""

    title: str
    instance: MatrixInstance
    optimum: float | None


def known_instances() -> tuple[KnownInstance, ...]:
    """Returns the instances a solver is tried on, those first that most solvers take."""
    return (
        KnownInstance("a small knapsack", _knapsack([10, 13, 7, 8, 12], [4, 6, 3, 4, 5], 11), 25.0),
        KnownInstance("a small transport", _transport([20, 30], [10, 25, 15], [[8, 6, 10], [9, 12, 13]]), 465.0),
        KnownInstance("a small cover", _cover(), 2.0),
        KnownInstance("a small plan of whole numbers", _whole_plan(), 21.0),
        KnownInstance("a small quadratic", _quadratic(), -8.0),
        KnownInstance("a knapsack of one item", _knapsack([5], [3], 4), 5.0),
        KnownInstance("a knapsack where nothing fits", _knapsack([5, 4], [9, 8], 4), 0.0),
    )


def long_instances() -> tuple[KnownInstance, ...]:
    """Returns instances that keep a solver busy for a while, to see whether it can be stopped."""
    draw = np.random.default_rng(_LARGE_SEED)
    weight = draw.integers(1000, 9999, _LARGE_ITEMS)
    worth = (weight + 1000).astype(float)
    hard = _knapsack(worth.tolist(), weight.tolist(), float(weight.sum() // 2))
    supply, demand = np.full(40, 30.0), np.full(60, 20.0)
    cost = draw.integers(1, 500, (40, 60)).astype(float)
    return (
        KnownInstance("a hard knapsack", hard, None),
        KnownInstance("a transport of 2 400 variables", _transport(supply, demand, cost), None),
    )


def _knapsack(worth: list[float], weight: list[float], room: float) -> MatrixInstance:
    count = len(worth)
    return MatrixInstance(
        sense="max",
        cost=np.array(worth, float),
        offset=0.0,
        matrix=_rows(np.array([weight], float)),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([room], float),
        column_lower=np.zeros(count),
        column_upper=np.ones(count),
        integrality=np.full(count, INTEGER, np.uint8),
        variables=(Block("take", 0, count, (tuple(map(str, range(1, count + 1))),)),),
        constraints=(Block("room", 0, 1),),
        objective_name="worth",
    )


def _transport(supply: object, demand: object, cost: object) -> MatrixInstance:
    sources, sinks, costs = np.asarray(supply, float), np.asarray(demand, float), np.asarray(cost, float)
    plants, markets = costs.shape
    rows = np.zeros((plants + markets, plants * markets))
    for plant in range(plants):
        rows[plant, plant * markets : (plant + 1) * markets] = 1
    for market in range(markets):
        rows[plants + market, market::markets] = 1
    plant_names, market_names = tuple(f"p{i}" for i in range(plants)), tuple(f"m{i}" for i in range(markets))
    return _instance(
        costs.ravel(),
        rows,
        np.concatenate([np.full(plants, -np.inf), sinks]),
        np.concatenate([sources, np.full(markets, np.inf)]),
        np.full(plants * markets, np.inf),
        CONTINUOUS,
        (Block("ship", 0, plants * markets, (plant_names, market_names)),),
        (Block("within", 0, plants, (plant_names,)), Block("meet", plants, markets, (market_names,))),
    )


def _cover() -> MatrixInstance:
    rows = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1]], float)
    names = ("a", "b", "c", "d")
    return _instance(
        np.ones(4), rows, np.ones(4), np.full(4, np.inf), np.ones(4), INTEGER,
        (Block("open", 0, 4, (names,)),), (Block("covered", 0, 4, (names,)),),
    )  # fmt: skip


def _whole_plan() -> MatrixInstance:
    """Minimise 3x + 5y with x + 2y >= 8, 3x + y >= 9, both whole and at most 10: the best is 21 at (2, 3)."""
    return _instance(
        np.array([3.0, 5.0]), np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([8.0, 9.0]), np.full(2, np.inf),
        np.full(2, 10.0), INTEGER, (Block("x", 0, 1), Block("y", 1, 1)),
        (Block("first", 0, 1), Block("second", 1, 1)),
    )  # fmt: skip


def _quadratic() -> MatrixInstance:
    """Minimise x^2 + y^2 - 4x - 4y with x + y <= 10: the best is -8 at (2, 2)."""
    return _instance(
        np.array([-4.0, -4.0]), np.array([[1.0, 1.0]]), np.array([-np.inf]), np.array([10.0]), np.full(2, 10.0),
        CONTINUOUS, (Block("x", 0, 1), Block("y", 1, 1)), (Block("sum", 0, 1),), hessian=_rows(np.diag([2.0, 2.0])),
    )  # fmt: skip


def _instance(
    cost: np.ndarray,
    rows: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    column_upper: np.ndarray,
    nature: int,
    variables: tuple[Block, ...],
    constraints: tuple[Block, ...],
    hessian: SparseRows | None = None,
) -> MatrixInstance:
    return MatrixInstance(
        sense="min",
        cost=cost,
        offset=0.0,
        matrix=_rows(rows),
        row_lower=lower,
        row_upper=upper,
        column_lower=np.zeros(len(cost)),
        column_upper=column_upper,
        integrality=np.full(len(cost), nature, np.uint8),
        variables=variables,
        constraints=constraints,
        hessian=hessian,
        objective_name="cost",
    )


def _rows(dense: np.ndarray) -> SparseRows:
    row, column = np.nonzero(dense)
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(dense)))]).astype(np.int32)
    count, width = dense.shape
    return SparseRows(count, width, start, column.astype(np.int32), dense[row, column])
