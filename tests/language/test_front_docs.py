"""The language reference is true: its models are good, and its findings are what is really said."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from logic_solving import read, solved

from solvitur.engine.reductions.faults import CannotReduce
from solvitur.hooks.loading import Plugins
from solvitur.language.checking import check
from solvitur.language.forms_json import from_json
from solvitur.language.parsing import MAX_ENTRY, MAX_STATEMENT, MAX_TEXT, parse

REFERENCE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
MODELS = re.findall(r"```slv\n(.*?)```", REFERENCE, re.DOTALL)
DECLARED = {
    "minimize z: cots[p]": "set P\nparam cost[P]\n",
    "minimize z: sum(x for p in P)": "set P\nvar x[P]\n",
    "subject to c: x < 3": "var x\n",
    "subject to c: implies(x, x >= 2)": "var x\n",
    "minimize z: piecewise(x, 1, 2)": "var x\n",
}


@pytest.mark.parametrize("text", MODELS)
def test_the_models_of_the_reference_are_good(text: str) -> None:
    """Each model in it is read and checked without a finding."""
    parsed = parse(text)
    assert parsed.findings == () == check(parsed.model, text).findings
    assert len(MODELS) == 4


@pytest.mark.parametrize("text", [text for text in MODELS if "Optimum" in text])
def test_the_optima_of_the_reference_are_true(text: str) -> None:
    """A model that tells its optimum has that optimum, by every solver that takes it."""
    plugins = Plugins.load(only=("highs", "ortools"))
    stated = re.search(r"Optimum: ([-\d.]+)", text)
    assert stated
    for name in ("highs", "scip", "cp-sat"):
        try:
            answer = solved(plugins, name, read(text))
        except CannotReduce as reason:
            assert name == "cp-sat" and "continuous" in str(reason)
            continue
        assert answer.objective == pytest.approx(float(stated[1]), abs=1e-6), name
        assert answer.verification is not None and answer.verification.passed


def _mistakes() -> list[tuple[str, str]]:
    table = REFERENCE.split("| text | finding |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| `([^`]*)` \| (.*?) \|$", table, re.MULTILINE)
    return [(text, finding) for text, finding in rows if "..." not in text]


@pytest.mark.parametrize("text, finding", _mistakes())
def test_the_findings_of_the_reference_are_what_is_said(text: str, finding: str) -> None:
    """Each mistake in the table gives just the sentence beside it."""
    whole = DECLARED.get(text, "") + text
    parsed = parse(whole)
    said = [found.text for found in (*parsed.findings, *check(parsed.model, whole).findings)]
    assert finding in said


def test_the_data_and_the_json_of_the_reference_are_read() -> None:
    """The example of the data section and that of the JSON form."""
    data = re.search(r"(?m)^    data\n(?:      .*\n)+", REFERENCE)
    assert data and len(parse(data[0]).model.data) == 9 and not parse(data[0]).findings
    tree = re.search(r'(?ms)^    (\{"sets".*?\})\n\n', REFERENCE)
    assert tree and len(from_json(json.loads(tree[1])).elements) == 4


def test_the_limits_of_the_reference_are_the_real_ones() -> None:
    """The figures in words and in code agree."""
    assert (MAX_TEXT, MAX_STATEMENT, MAX_ENTRY) == (16_000_000, 1_000_000, 4_000_000)
    for words in ("16 million characters", "a statement 1 million", "4 million characters"):
        assert words in REFERENCE
