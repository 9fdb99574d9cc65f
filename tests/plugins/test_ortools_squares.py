"""The sum-of-squares form of a convex quadratic objective is equal to the objective it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from solvitur.problem.instance import Block, MatrixInstance, SparseRows
from solvitur_ortools.squares import as_squares


def quadratic(size: int, rank: int, *, seed: int) -> MatrixInstance:
    """Builds a free convex quadratic instance with a dense matrix of a given rank."""
    draw = np.random.default_rng(seed)
    factor = draw.normal(size=(size, rank))
    dense = factor @ factor.T
    rows = SparseRows(size, size, np.arange(0, size * size + 1, size), np.tile(np.arange(size), size), dense.ravel())
    unbounded = np.full(size, np.inf)
    return MatrixInstance(
        "min",
        np.zeros(size),
        0.0,
        SparseRows.empty(0, size),
        np.zeros(0),
        np.zeros(0),
        -unbounded,
        unbounded,
        np.zeros(size, np.uint8),
        (Block("x", 0, size),),
        (),
        rows,
    )


@pytest.mark.parametrize("rank", [1, 3, 6])
def test_the_squares_take_the_same_value_everywhere(rank: int) -> None:
    """With y = V'x filled in, the diagonal form agrees with x'Qx at random points, with one square per rank."""
    instance = quadratic(6, rank, seed=rank)
    wide = as_squares(instance)
    assert wide.columns == 6 + rank
    assert wide.hessian is not None
    vectors = wide.matrix.value.reshape(rank, 7)[:, :6]
    for x in np.random.default_rng(9).normal(size=(20, 6)):
        y = vectors @ x
        assert wide.objective_at(np.concatenate([x, y])) == pytest.approx(instance.objective_at(x), rel=1e-9)


def test_a_diagonal_objective_is_left_alone() -> None:
    """Nothing is rewritten where nothing is gained."""
    instance = as_squares(quadratic(4, 2, seed=1))
    assert as_squares(instance) is instance
