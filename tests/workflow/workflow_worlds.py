"""Random workflows for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from solvitur.problem.result import Limits
from solvitur.workflow.model import Group, Link, Note, OptionRange, Step, Workflow

TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
NUMBERS = st.floats(allow_nan=False) | st.integers(-(10**20), 10**20)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS | st.just(Limits(3.0))
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)
PLACES = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Draws a valid DAG with options, links in any order, groups, notes and ranges."""
    count = draw(st.integers(0, 6))
    steps = tuple(
        Step(
            id=f"s{number}",
            type=draw(st.sampled_from(["add", "link", "odd type", "workflow", "load_file"])),
            options=draw(st.dictionaries(TEXTS | st.sampled_from(["a", "b", "x"]), VALUES, max_size=3)),
            title=draw(TEXTS),
            position=draw(PLACES),
            colour=draw(TEXTS),
            note=draw(TEXTS),
            retries=draw(st.integers(0, 3)),
            timeout_s=draw(st.none() | st.floats(0, 1e6)),
        )
        for number in range(count)
    )
    links = []
    if count > 1:
        for _ in range(draw(st.integers(0, 8))):
            low = draw(st.integers(0, count - 2))
            high = draw(st.integers(low + 1, count - 1))
            ports = st.sampled_from(["x", "y", "two words", "class"])
            links.append(Link(f"s{low}", draw(ports), f"s{high}", draw(ports)))
    members = draw(st.permutations([step.id for step in steps]))
    group = Group("g", draw(TEXTS), tuple(members[: count // 2]), draw(st.booleans()), draw(TEXTS))
    note = Note("n", draw(TEXTS), draw(PLACES), draw(PLACES))
    span = OptionRange(
        "s0", draw(TEXTS), tuple(draw(st.lists(VALUES, max_size=3))), draw(st.none() | st.floats(0, 1))
    )
    unique = tuple(dict.fromkeys(links))
    return Workflow(draw(TEXTS), steps, unique, (group,), (note,), (span,))
