"""Whatever stands in tables and models, the answer is an instance or findings in words; never another error."""

from __future__ import annotations

import re
from random import Random

import numpy as np
import pytest
from back_models import random_model
from back_tables import TRANSPORT, problem
from hypothesis import given, settings
from hypothesis import strategies as st
from logic_models import random_logic_model, random_real_model

from solvitur.language.checking import check
from solvitur.language.compile import compile_model
from solvitur.language.data import bind
from solvitur.language.parsing import parse
from solvitur.language.verify import verify
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Severity
from solvitur.problem.tables import Table

CELLS = st.sampled_from(
    [
        None,
        "",
        " ",
        "A",
        "B",
        " A",
        "1",
        1,
        2,
        1.0,
        2.5,
        -1,
        0,
        float("nan"),
        float("inf"),
        -1e308,
        1e308,
        True,
        "x" * 50,
    ]
)
HEADERS = st.sampled_from(
    ["Plants", "Markets", "supply", "demand", "cost", "p", "m", "", "#1", "#2", "A", "plants", "x"]
)
NAMES = st.sampled_from(["Plants", "Markets", "supply", "demand", "cost", "freight", "COST", ""])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draws a table with headers that mean something and cells that may not."""
    header = draw(st.lists(HEADERS, min_size=1, max_size=4))
    width = len(header)
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))
    source = draw(st.sampled_from(["", "a.csv", "b.json"]))
    return Table.from_rows(draw(NAMES), header, rows, source)


@given(st.lists(tables(), max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_tables_bind_or_are_refused_in_words(given: list[Table]) -> None:
    """Tables of any shape and content."""
    model = parse(TRANSPORT).model
    try:
        instance = compile_model(model, bind(model, problem(TRANSPORT, *given)))
    except InputError as error:
        assert error.findings
        return
    assert np.isfinite(instance.matrix.value).all()
    assert np.isfinite(instance.cost).all()


def spoilt(text: str, random: Random) -> str:
    """Removes, doubles or exchanges a few tokens of a model."""
    tokens = re.findall(r"\s+|\w+|\"[^\"]*\"|[^\w\s]", text)
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(tokens))
        kind = random.randrange(3)
        if kind == 0:
            tokens[at] = ""
        elif kind == 1:
            tokens[at] += " " + tokens[at]
        else:
            tokens[at] = random.choice(tokens)
    return "".join(tokens)


def run(text: str) -> None:
    """Takes a text all the way, as far as it gets."""
    parsed = parse(text)
    findings = [*parsed.findings, *check(parsed.model, text).findings]
    try:
        bound = bind(parsed.model, problem(text))
        instance = compile_model(parsed.model, bound)
    except InputError as error:
        assert error.findings
        return
    if any(finding.severity is Severity.ERROR for finding in findings):
        return
    answer = {b.name: dict.fromkeys(b.labels(), 0.5) for b in instance.variables}
    found = verify(parsed.model, bound, answer)
    assert found.objective is not None or not parsed.model.objectives


@pytest.mark.parametrize("seed", range(60))
def test_spoilt_models_are_solved_or_refused_in_words(seed: int) -> None:
    """Models with tokens missing, doubled or exchanged."""
    random = Random(seed)
    run(spoilt(random_model(random), random))


@pytest.mark.parametrize("seed", range(120))
def test_spoilt_models_with_logic_are_compiled_or_refused_in_words(seed: int) -> None:
    """Claims, counts and functions of variables with tokens missing, doubled or exchanged."""
    random = Random(seed)
    make = random_real_model if seed % 2 else random_logic_model
    run(spoilt(make(random).text, random))
