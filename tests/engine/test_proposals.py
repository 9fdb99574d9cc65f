"""Drafts and wishes as changes that are accepted item by item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvitur.engine.proposing.proposals import Kind, accept, propose
from solvitur.engine.proposing.spans import Carried
from solvitur.language.parsing import parse
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.drafts import Draft, Origins
from solvitur.problem.tables import Table

HERE = """\
# mine
set P
param cost[P]   # euros
var x[p in P] >= 0

# the bill
minimize bill: sum(cost[p] * x[p] for p in P)
subject to some: sum(x[p] for p in P) >= 3

data
  P = a, b
  cost = {a: 1, b: 2}
"""
THERE = """\
set P
param cost[P]
param most = 4
var x[p in P] >= 0 integer
minimize bill: sum(cost[p] * x[p] for p in P)
subject to limit: sum(x[p] for p in P) <= most

data
  P = a, b
  cost = {a: 1, b: 5}
"""


def problem(text: str = HERE) -> Problem:
    return Problem(formulation=Formulation(text=text))


def test_everything_accepted_on_an_empty_model_is_the_draft_to_the_letter() -> None:
    offered = propose("Accept the draft", problem(""), THERE)
    edit = accept(problem(""), offered, offered.wanted)
    assert edit is not None
    assert edit.apply(problem(""))[0].formulation.text == THERE


def test_each_difference_is_an_item_and_what_the_user_wrote_is_kept_unless_asked() -> None:
    offered = propose("Accept", problem(), THERE, owned={"cost"})
    assert [(item.name, item.kind, item.wanted) for item in offered.items] == [
        ("cost", Kind.CHANGE, True),
        ("most", Kind.ADD, True),
        ("x", Kind.CHANGE, True),
        ("limit", Kind.ADD, True),
        ("some", Kind.REMOVE, False),
    ]
    assert offered.items[0].after == "param cost[P]\ncost = {a: 1, b: 5}"


def test_one_accepted_item_leaves_the_rest_of_the_text_alone() -> None:
    offered = propose("Accept", problem(), THERE)
    edit = accept(problem(), offered, {"x"})
    assert edit is not None
    after, inverse = edit.apply(problem())
    assert after.formulation.text == HERE.replace("var x[p in P] >= 0", "var x[p in P] >= 0 integer")
    assert inverse.apply(after)[0].formulation.text == HERE


@pytest.mark.parametrize("start", [HERE, HERE[: HERE.index("\ndata")], "data\n  P = a, b\n", "set P\n"])
def test_accepting_everything_makes_the_same_model_from_any_start(start: str) -> None:
    """Comments of the user stay; the elements and their data are those of the draft."""
    offered = propose("Accept", problem(start), THERE)
    edit = accept(problem(start), offered, [item.key for item in offered.items])
    assert edit is not None
    text = edit.apply(problem(start))[0].formulation.text
    parsed = parse(text)
    assert not parsed.findings
    assert propose("", problem(text), THERE).items == ()
    assert ("# euros" in text) == ("# euros" in start)


def test_a_text_that_cannot_be_read_is_replaced_as_a_whole() -> None:
    offered = propose("Accept", problem("var ??"), THERE)
    assert [item.role for item in offered.items] == ["model"]
    edit = accept(problem("var ??"), offered, offered.wanted)
    assert edit is not None
    assert edit.apply(problem("var ??"))[0].formulation.text == THERE


def test_tables_and_origins_come_with_the_same_step() -> None:
    origins = Origins(Draft(THERE), "words")
    table = Table.from_rows("prices", ("P", "cost"), [("a", 1), ("b", 2)])
    offered = propose("Accept", problem(), THERE, tables=[table], origins=origins)
    edit = accept(problem(), offered, {"table prices"})
    assert edit is not None
    after, inverse = edit.apply(problem())
    assert (after.tables, after.origins, after.formulation.text) == ((table,), origins, HERE)
    assert inverse.apply(after)[0].tables == ()
    assert accept(problem(), offered, ()) is None
    assert [item.role for item in propose("", after, HERE, tables=[table]).items] == []


def test_spans_follow_their_phrases_through_edits_at_several_places() -> None:
    before = "Anna sells 20 chairs and 30 tables for 5 euros each."
    after = "Today Anna sells 25 chairs and 30 round tables for 5 euros each, cash."
    carried = Carried(before, after)
    for phrase in ("30", "chairs", "5 euros"):
        start = before.index(phrase)
        assert carried.span((start, start + len(phrase))) == (after.index(phrase), after.index(phrase) + len(phrase))
    assert carried.span((before.index("20"), before.index("20") + 2)) is None
    assert [after[a:b] for a, b in carried.fresh(2)] == ["Today ", "25", " round", ", cash"]


@given(st.text("ab c.\n", max_size=60), st.text("ab c.\n", max_size=60))
def test_a_span_that_survives_covers_what_it_covered(before: str, after: str) -> None:
    """Both ends of a span that is carried over are the characters that they were."""
    carried = Carried(before, after)
    for start in range(len(before)):
        found = carried.span((start, start + 1))
        assert found is None or after[found[0] : found[1]] == before[start : start + 1]
