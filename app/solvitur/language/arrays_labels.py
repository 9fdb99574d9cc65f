"""Labels inside expressions: which codes they have, whether they are equal, and which comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from solvitur.language.arrays_forms import Claim, Form
from solvitur.language.arrays_frames import Index
from solvitur.language.arrays_spaces import ABSENT, Labels

Value = np.ndarray | Index | tuple[Index, ...] | str | Form | Claim
"""What an expression is over a frame: numbers or truths, labels, tuples of labels, one text, a form, or a claim about
variables."""

_ORDER: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def codes_in(universe: Labels, value: Value, dimensions: int) -> np.ndarray | None:
    """Returns the codes of labels in a universe (`ABSENT` where it lacks one); None when the value is no label."""
    if isinstance(value, Index):
        codes = value.over(dimensions)
        return codes if value.labels is universe else universe.codes_of(value.labels)[codes]
    if isinstance(value, str):
        return np.array(universe.index.get(value, ABSENT), np.int32)
    if isinstance(value, np.ndarray):
        return universe.codes_of_numbers(value)
    return None


def numbers_of(value: Value, dimensions: int) -> np.ndarray | None:
    """Returns labels or numbers as numbers; None when they are not."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, Index) and value.labels.numbers is not None:
        return np.asarray(value.labels.numbers[value.over(dimensions)])
    return None


def equal(left: Value, right: Value, dimensions: int) -> np.ndarray | None:
    """Compares for equality; None when the two cannot be compared."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        return _equal_tuples(left, right, dimensions)
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return np.equal(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return np.array(left == right)
    if not isinstance(left, Index):
        left, right = right, left
    if not isinstance(left, Index):
        return np.array(False)  # a number and a text
    codes = codes_in(left.labels, right, dimensions)
    return None if codes is None else np.equal(left.over(dimensions), codes)


def _equal_tuples(left: Value, right: Value, dimensions: int) -> np.ndarray | None:
    if not isinstance(left, tuple) or not isinstance(right, tuple) or len(left) != len(right):
        return None
    result: np.ndarray = np.array(True)
    for a, b in zip(left, right, strict=True):
        same = equal(a, b, dimensions)
        if same is None:
            return None
        result = result & same
    return result


def ordered(op: str, left: Value, right: Value, dimensions: int) -> np.ndarray | None:
    """Compares numbers by size and texts in dictionary order; None when the two cannot be compared."""
    compare = _ORDER[op]
    a, b = numbers_of(left, dimensions), numbers_of(right, dimensions)
    if a is not None and b is not None:
        return compare(a, b)
    if isinstance(left, Index) and isinstance(right, Index) and left.labels is right.labels:
        ranks = left.labels.ranks
        return None if ranks is None else compare(ranks[left.over(dimensions)], ranks[right.over(dimensions)])
    first, second = _texts(left, dimensions), _texts(right, dimensions)
    if first is None or second is None:
        return None
    return np.asarray(compare(first, second), dtype=bool)


def _texts(value: Value, dimensions: int) -> np.ndarray | None:
    if isinstance(value, str):
        return np.array(value, dtype=np.str_)
    if isinstance(value, Index) and value.labels.ranks is not None:
        return np.asarray(np.array(value.labels.labels, dtype=np.str_)[value.over(dimensions)])
    return None


def flattened(values: Sequence[Value]) -> list[Value]:
    """Lists the arguments of an indexed name, tuples of labels spread out."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, tuple):
            found.extend(value)
        else:
            found.append(value)
    return found
