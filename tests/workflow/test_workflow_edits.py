"""Edits of workflows: any sequence of them is taken back to an equal workflow, and broken rules are named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workflow_worlds import workflows

from solvitur.problem.records import from_bytes, to_bytes
from solvitur.workflow.edits import (
    AddSteps,
    ChangeSteps,
    Connect,
    Disconnect,
    InsertOnLink,
    Remove,
    RenameStep,
    SetGroups,
    SetNotes,
    SetRange,
    Several,
)
from solvitur.workflow.model import Group, Link, Note, OptionRange, Step, Workflow
from solvitur.workflow.rules import CycleMade, GroupsOverlap, NameTaken, NameUnfit, StepUnknown, WorkflowError


@st.composite
def edits(draw: st.DrawFn, workflow: Workflow) -> object:
    """Draws an edit, which may break a rule."""
    names = st.sampled_from([*(step.id for step in workflow.steps), "new", "other", "g", "n"])
    link = Link(draw(names), "out", draw(names), "x")
    step = Step(draw(names), "add", {"plus": draw(st.integers(0, 9))}, position=(1.0, 2.0))
    known = draw(st.sampled_from(workflow.links)) if workflow.links else link
    return draw(
        st.sampled_from(
            [
                AddSteps("a", (step,), (link,)),
                Remove("r", frozenset(draw(st.sets(names, max_size=3)))),
                Connect("c", link, draw(st.none() | st.just(known))),
                Disconnect("d", frozenset({known})),
                InsertOnLink("i", step, known, "x", "out"),
                ChangeSteps("s", (step,)),
                RenameStep("n", draw(names), draw(names)),
                SetGroups("g", (Group(draw(names), "t", tuple(draw(st.lists(names, max_size=2, unique=True)))),)),
                SetNotes("t", (Note(draw(names), "text"),)),
                SetRange("o", draw(names), "plus", draw(st.none() | st.just(OptionRange("s0", "plus", (1, 2))))),
                Several("v", (ChangeSteps("s", (step,)), Disconnect("d", frozenset({known})))),
            ]
        )
    )


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=workflows(), data=st.data())
def test_undo_of_any_sequence_restores_equality(start: Workflow, data: st.DataObject) -> None:
    """Edits that the rules let pass keep the graph acyclic; their inverses, also packed and read, take all back."""
    now, states, inverses = start, [], []
    for _ in range(data.draw(st.integers(1, 6))):
        edit = data.draw(edits(now))
        try:
            after, inverse = edit.apply(now)  # type: ignore[attr-defined]
        except WorkflowError:
            continue
        after.order()
        states.append(now)
        inverses.append(from_bytes(to_bytes(inverse)))
        now = after
    for before, inverse in zip(reversed(states), reversed(inverses), strict=True):
        now, again = inverse.apply(now)
        assert now == before
        assert inverse.apply(again.apply(now)[0])[0] == before
    assert now == start


CHAIN = Workflow(
    "", (Step("a", "add"), Step("b", "add")), (Link("a", "out", "b", "x"),), groups=(Group("g", "", ("a",)),)
)


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (Connect("", Link("b", "out", "a", "x")), CycleMade),
        (Connect("", Link("a", "out", "a", "x")), CycleMade),
        (Connect("", Link("a", "out", "c", "x")), StepUnknown),
        (AddSteps("", (Step("a", "add"),)), NameTaken),
        (AddSteps("", (Step("a b", "add"),)), NameUnfit),
        (RenameStep("", "c", "d"), StepUnknown),
        (SetGroups("", (Group("h", "", ("a",)),)), GroupsOverlap),
    ],
)
def test_a_broken_rule_is_named_and_changes_nothing(edit: Connect, rule: type[WorkflowError]) -> None:
    """Each error has the name of the rule, and a sentence."""
    before = replace(CHAIN)
    with pytest.raises(rule) as caught:
        edit.apply(CHAIN)
    assert str(caught.value) and before == CHAIN
