"""Packed values as JSON that people can read and compare: the numbers of arrays stand in the text."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from solvitur.problem.records import pack, unpack

_ARRAY, _DTYPE, _TEXTS, _TUPLE = "$array", "dtype", "$texts", "$tuple"


def to_tree(value: Any) -> Any:
    """Turns a value into JSON with its arrays written out; not a bit of them is lost."""
    tree, arrays = pack(value)
    return _written_out(tree, arrays)


def from_tree(tree: Any) -> Any:
    """Restores what `to_tree` made; records of absent plugins stay packed.

    Raises
    ------
    ValueError, TypeError, LookupError
        If the tree is not one.
    """
    arrays: list[np.ndarray] = []
    return unpack(_gathered(tree, arrays), arrays, keep_unknown=True)


def _written_out(tree: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(tree, list):
        return [_written_out(item, arrays) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if _TEXTS in tree:  # long sequences of texts are packed into buffers, which nobody could read
        texts = unpack(tree, arrays)
        if isinstance(texts, tuple):
            return {_TUPLE: list(texts)}
        return {_ARRAY: texts.ravel().tolist(), "shape": list(texts.shape)}
    if _DTYPE in tree and isinstance(tree.get(_ARRAY), int):
        return {**tree, _ARRAY: _numbers(arrays[tree[_ARRAY]].ravel())}
    return {key: _written_out(item, arrays) for key, item in tree.items()}


def _gathered(tree: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(tree, list):
        return [_gathered(item, arrays) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if _DTYPE in tree and isinstance(tree.get(_ARRAY), list | str):
        arrays.append(_array(tree[_ARRAY], np.dtype(tree[_DTYPE])))
        return {**tree, _ARRAY: len(arrays) - 1}
    return {key: _gathered(item, arrays) for key, item in tree.items()}


def _numbers(values: np.ndarray) -> list[Any] | str:
    """Returns numbers as JSON has them; in hexadecimal where that would lose something."""
    if values.dtype.kind in "iub":
        numbers: list[Any] = values.tolist()
        return numbers
    if values.dtype == np.float64:
        numbers = [x if math.isfinite(x) else str(x) for x in values.tolist()]
        if _array(numbers, values.dtype).tobytes() == values.tobytes():
            return numbers
    return values.tobytes().hex()


def _array(content: list[Any] | str, dtype: np.dtype) -> np.ndarray:
    if isinstance(content, str):
        return np.frombuffer(bytes.fromhex(content), dtype=dtype).copy()
    return np.array([float(x) if isinstance(x, str) else x for x in content], dtype=dtype)
