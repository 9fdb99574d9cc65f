"""The forms of a workflow: lossless both ways, read without running anything, errors with their place."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from workflow_worlds import workflows

from solvitur.problem.errors import InputError
from solvitur.workflow.forms import from_json, from_text, read_any, to_json, to_text
from solvitur.workflow.model import Link, Step, Workflow

_SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@_SLOWLY
@given(workflows())
def test_json_loses_nothing(workflow: Workflow) -> None:
    """A workflow written as JSON and read again is equal."""
    assert read_any(to_json(workflow)) == workflow


@_SLOWLY
@given(workflows())
def test_text_loses_nothing(workflow: Workflow) -> None:
    """A workflow written as text and read again is equal, with the order of links and options kept."""
    again = from_text(to_text(workflow))
    assert again == workflow
    assert [list(step.options) for step in again.steps] == [list(step.options) for step in workflow.steps]
    assert to_text(again) == to_text(workflow)


def test_text_reads_like_python() -> None:
    """The text names steps, options and links as a person would write them."""
    steps = (Step("load", "load_table", {"file": "a.csv"}), Step("keep", "filter", {"where": "x > 1"}, retries=2))
    workflow = Workflow("Two", steps, (Link("load", "table", "keep", "table"),))
    expected = (
        'workflow("Two", version=1)\n\n'
        'load = load_table(file="a.csv")\n'
        'keep = filter(table=load.table, where="x > 1").retried(2)\n'
    )
    assert to_text(workflow) == expected


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a = load(", 1, "cannot be read"),
        ("workflow('x')\na = load(file=open('x').read())", 2, "expected a value"),
        ("a = load()\nb = keep(t=c.out)", 2, "there is no step 'c'"),
        ("a = load()\na = load()", 2, "already"),
        ("import os", 1, "expected 'name = step_type(...)'"),
        ("a = load().glued(3)", 1, "'.glued' is no mark"),
        ("a = load().at('x', 3)", 1, "two numbers"),
        ("a = load(3)", 1, "expected name=value"),
        ("note('n')", 1, "expected 'text'"),
        ("link_order(1)", 1, "link_order"),
        ("a = load(x={[]: 1})", 1, "a list cannot name a value"),
    ],
)
def test_faults_in_text_are_told_with_their_line(text: str, line: int, said: str) -> None:
    """Each fault is one finding with file and line, and nothing is run."""
    with pytest.raises(InputError) as caught:
        from_text(text, "flow.py")
    finding = caught.value.findings[0]
    assert (finding.place.file, finding.place.line) == ("flow.py", line)
    assert said in finding.text


def test_faults_in_json_are_told() -> None:
    """A broken file, a strange key, a wrong type and a newer version are refused in words."""
    for tree, said in (
        ({"steps": []}, "no workflow"),
        ({"workflow": "x", "version": 99}, "newer"),
        ({"workflow": "x", "steps": [{"id": "a"}]}, "lacks 'type'"),
        ({"workflow": "x", "steps": [{"id": "a", "type": "b", "glue": 1}]}, "'glue'"),
        ({"workflow": "x", "steps": [{"id": "a", "type": "b", "retries": -1}]}, "'retries'"),
    ):
        with pytest.raises(InputError, match=said):
            from_json(json.dumps(tree))
    with pytest.raises(InputError, match="no JSON"):
        from_json("{")


def test_hostile_depth_is_refused_in_words() -> None:
    """A text that nests without end ends in a sentence, not in a crash."""
    for text in ('{"workflow": ' + "[" * 100_000, "a = b(x=" + "[" * 100_000):
        with pytest.raises(InputError, match=r"too deeply|cannot be read"):
            read_any(text)


def test_ten_thousand_steps_are_read_in_linear_time() -> None:
    """Reading twice as many steps takes about twice as long, in either form."""

    def flow(count: int) -> Workflow:
        steps = tuple(Step(f"s{n}", "add", {"plus": n}, f"Step {n}", (1.5, float(n))) for n in range(count))
        return Workflow("", steps, tuple(Link(f"s{n}", "out", f"s{n + 1}", "x") for n in range(count - 1)))

    def seconds(text: str) -> float:
        took = []
        for _ in range(3):
            began = time.process_time()
            read_any(text)
            took.append(time.process_time() - began)
        return min(took)

    small, large = flow(1250), flow(10_000)
    for form in (to_text, to_json):
        assert seconds(form(large)) < 8 * 3 * seconds(form(small))
