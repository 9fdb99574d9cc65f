"""Tours of the improver: whole, no longer than they were, the same with the same seed; its bound is a bound."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import Recorder, instance_of

from solvitur.api import Column, Formulation, Problem, Table
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.verifying import verify
from solvitur_tours.candidates import greedy_tour, near_by_grid
from solvitur_tours.curve import along_curve
from solvitur_tours.distances import code_of
from solvitur_tours.exact import shortest
from solvitur_tours.flips import new_board
from solvitur_tours.improving import kick_and_settle, settle_all
from solvitur_tours.part import Options, Tours
from solvitur_tours.warming import LEVELS, warm


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compiles before any test counts its seconds."""
    warm()


def cities(count: int, seed: int = 1, rounding: str = "none") -> RoutingInstance:
    """Builds uniform cities in a square."""
    xy = np.random.default_rng(seed).random((count, 2)) * 1000
    names = np.empty(count, object)
    names[:] = [f"c{k}" for k in range(count)]
    columns = (Column("name", names), Column("x", xy[:, 0]), Column("y", xy[:, 1]))
    rules = Formulation("routing", f"rounding: {rounding}\n")
    return instance_of(Problem(formulation=rules, tables=(Table("stops", columns),)))


def length(tour: np.ndarray, xy: np.ndarray) -> float:
    """Measures a tour."""
    return float(np.sqrt(((xy[tour] - xy[np.roll(tour, -1)]) ** 2).sum(-1)).sum())


def test_gains_are_real_and_tours_stay_tours() -> None:
    """What settling and kicking say they gained is what the tour got shorter by; each city is still there once."""
    xy, matrix, code = np.random.default_rng(3).random((400, 2)) * 1e4, np.zeros((1, 1)), code_of("euclidean", "none")
    near = near_by_grid(xy, matrix, code, 7)
    apart = np.sqrt(((xy[:, None] - xy[near]) ** 2).sum(-1))
    order = np.argsort(apart, axis=1)
    near = np.ascontiguousarray(np.take_along_axis(near, order, axis=1))
    apart = np.ascontiguousarray(np.take_along_axis(apart, order, axis=1))
    ground, breadth = (near, apart, xy, matrix, code), np.array(LEVELS, np.int64)
    tour = greedy_tour(near, xy, matrix, code).astype(np.int32)
    board = new_board(tour, 100_000, len(LEVELS))
    before = length(tour, xy)
    gain = settle_all(board, ground, breadth, 1e-6)
    assert before - length(board[0], xy) == pytest.approx(gain, abs=1e-3)
    settled = length(board[0], xy)
    random, partner = np.array([99], np.uint64), np.full(400, -1, np.int32)
    gain = kick_and_settle(2000, board, ground, breadth, 1e-6, random, partner, 0.0)
    assert settled - length(board[0], xy) == pytest.approx(gain, abs=1e-3)
    assert gain >= 0
    assert sorted(board[0].tolist()) == list(range(400))
    assert (board[1][board[0]] == np.arange(400)).all()


def test_a_random_tour_is_good_within_seconds() -> None:
    """Two thousand uniform cities come to within 4 % of what is expected of an optimum, and are verified."""
    instance = cities(2000)
    job = Recorder(6.0)
    result = Tours().solve(instance, Options(bound=False), job)
    assert verify(instance, result).passed
    assert result.objective < 1.04 * 0.7124 * np.sqrt(2000 * 1e6) * (1 + 0.33 / np.sqrt(2000) * 3)
    objectives = [objective for _, objective in job.incumbents]
    assert objectives == sorted(objectives, reverse=True)


def test_the_bound_is_below_every_tour_and_near_the_best() -> None:
    """The 1-tree bound is no more than the tour, and within 3 % of it; with whole distances it may prove the tour."""
    instance = cities(60, rounding="whole")
    result = Tours().solve(instance, Options(), Recorder(3.0))
    assert result.bound is not None
    assert 0.97 * result.objective <= result.bound <= result.objective


def test_one_way_distances_are_honoured() -> None:
    """On a matrix that differs by direction, the one cheap ring through 25 places is found; few are exact."""
    random = np.random.default_rng(5)
    few = random.integers(1, 100, (10, 10)).astype(float)
    tour = shortest(few)
    best = few[tour, np.roll(tour, -1)].sum()
    for _ in range(200):
        other = np.concatenate([[0], random.permutation(9) + 1])
        assert few[other, np.roll(other, -1)].sum() >= best
    names = np.empty(25, object)
    names[:] = [f"c{k}" for k in range(25)]
    ways = random.integers(50, 100, (25, 25)).astype(float)
    ring = random.permutation(25)
    ways[ring, np.roll(ring, -1)] = 1.0
    columns = tuple(Column(str(k), ways[:, k]) for k in range(25))
    tables = (Table("stops", (Column("name", names),)), Table("distances", columns))
    instance = instance_of(Problem(formulation=Formulation("routing", "metric: matrix\n"), tables=tables))
    result = Tours().solve(instance, Options(), Recorder(2.0))
    assert verify(instance, result).passed
    assert result.objective == 25.0


def test_the_same_seed_kicks_the_same_way() -> None:
    """Kicks depend on nothing but the tour and the generator's state."""
    lengths = []
    for _ in range(2):
        xy, matrix, code = np.random.default_rng(3).random((200, 2)), np.zeros((1, 1)), code_of("euclidean", "none")
        near = near_by_grid(xy, matrix, code, 6)
        apart = np.ascontiguousarray(np.sqrt(((xy[:, None] - xy[near]) ** 2).sum(-1)))
        board = new_board(along_curve(xy).astype(np.int32), 100_000, len(LEVELS))
        partner = np.full(200, -1, np.int32)
        ground, breadth = (near, apart, xy, matrix, code), np.array(LEVELS, np.int64)
        kick_and_settle(500, board, ground, breadth, 1e-9, np.array([7], np.uint64), partner, 0.0)
        lengths.append(length(board[0], xy))
    assert lengths[0] == lengths[1]


def test_stop_ends_the_search_with_the_best_tour() -> None:
    """Pressed Stop, the improver returns soon with what it has."""
    job = Recorder(30.0)
    instance = cities(500)
    told: list[RoutingAnswer] = []

    def hear(answer: RoutingAnswer, objective: float) -> None:
        told.append(answer)
        job.cancelled = len(told) > 2

    job.incumbent = hear  # type: ignore[method-assign]
    result = Tours().solve(instance, Options(bound=False), job)
    assert result.status.value == "cancelled"
    assert job.elapsed_s < 10.0
    assert verify(instance, result).passed
