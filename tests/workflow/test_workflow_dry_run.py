"""The dry run finds every planted fault before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_steps import chain, world

from solvitur.problem.errors import InputError
from solvitur.workflow.model import Link, Step, Workflow

TWO = chain("add", "add")


@pytest.mark.parametrize(
    ("workflow", "said"),
    [
        (Workflow("", (Step("a", "ad"),)), "did you mean 'add'"),
        (Workflow("", (Step("a", "add", {"pluss": 1}),)), "did you mean 'plus'"),
        (Workflow("", (Step("a", "add", {"plus": "x"}),)), "whole number"),
        (Workflow("", (Step("a", "add"), Step("a", "add"))), "there twice"),
        (Workflow("", (Step("a b", "add"),)), "no plain name"),
        (Workflow("", (Step("a", "length"),)), "nothing is linked to its input 'x'"),
        (Workflow("", TWO.steps, (Link("s0", "put", "s1", "x"),)), "no output 'put'"),
        (Workflow("", TWO.steps, (Link("s0", "out", "s1", "y"),)), "no input 'y'"),
        (Workflow("", TWO.steps, (Link("s9", "out", "s1", "x"),)), "no step 's9'"),
        (Workflow("", TWO.steps, (*TWO.links, Link("s1", "out", "s0", "x"))), "needs its own output"),
        (chain("add", "length"), "expected text"),
        (
            Workflow(
                "",
                (Step("a", "big"), Step("b", "big"), Step("c", "length")),
                (Link("a", "out", "c", "x"), Link("b", "out", "c", "x")),
            ),
            "takes one link",
        ),
    ],
)
def test_every_planted_fault_is_found(workflow: Workflow, said: str, tmp_path: Path) -> None:
    """Types, order, options, names, missing and doubled inputs: each is named, and nothing runs."""
    with world(tmp_path) as fakes:
        run = fakes.run(workflow, None)
        with pytest.raises(InputError, match=said):
            run.start()
        assert all(not each.calls for each in fakes.types.values())


def test_a_sound_workflow_passes(tmp_path: Path) -> None:
    """Nothing is found where nothing is wrong, and the order is told."""
    with world(tmp_path) as fakes:
        checked = fakes.run(TWO, None).check()
        assert checked.can_run and checked.order == ("s0", "s1") and not checked.findings
