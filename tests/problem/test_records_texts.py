"""Long sequences of texts pack into buffers and come back equal."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from solvitur.problem.records import fingerprint, from_bytes, pack, to_bytes


@given(st.lists(st.text(alphabet=st.characters(), max_size=3), min_size=1, max_size=4), st.integers(0, 2500))
def test_texts_come_back_equal(some: list[str], repeats: int) -> None:
    """Any texts, zeros and lone surrogates among them, survive in tuples and in object arrays, short or long."""
    texts = tuple(some * repeats)
    values = np.empty(len(texts), dtype=object)
    values[:] = texts
    back = from_bytes(to_bytes([texts, values]))
    assert back[0] == texts
    assert back[1].tolist() == list(texts)
    assert back[1].dtype == object


def test_many_texts_stay_out_of_the_json() -> None:
    """A hundred thousand labels make a small tree, and equal content has equal fingerprints."""
    labels = tuple(f"place {k}" for k in range(100_000))
    tree, arrays = pack(labels)
    assert len(json.dumps(tree)) < 100
    assert sum(array.nbytes for array in arrays) > 1_000_000
    assert fingerprint(labels) == fingerprint(tuple(f"place {k}" for k in range(100_000)))
    assert fingerprint(labels) != fingerprint((*labels[:-1], "place"))
