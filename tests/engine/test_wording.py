"""Models and answers as plain sentences, and the check of numbers that somebody else wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solvitur.engine.folders import Folders
from solvitur.engine.installed import load_plugins
from solvitur.engine.wording.answer_words import BINDS, DONE, LEFT, OUTCOME, answer_sentences
from solvitur.engine.wording.checks import numbers_in, strange_numbers
from solvitur.engine.wording.expressions import Speaker
from solvitur.engine.wording.model_words import DECIDED, KNOWN, OBEYED, WANTED, element_sentence, model_sentences
from solvitur.engine.wording.naming import many_of, one_of, plain_number, with_unit
from solvitur.hooks.contracts import Solved
from solvitur.hooks.loading import Plugins
from solvitur.language.data import bind
from solvitur.language.elements import Model
from solvitur.language.parsing import parse
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.result import Result, Status

TEXT = """\
set Plants
set Markets
param supply[Plants] unit "case" "what a plant has"
param demand[Markets] unit "case"
param cost[Plants, Markets] unit "$/case"
param most = 1
var ship[p in Plants, m in Markets] >= 0 unit "case" "shipped from p to m"
var open[p in Plants] binary
minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets) unit "$"
subject to meet_demand[m in Markets]: sum(ship[p, m] for p in Plants) >= demand[m]
subject to within_supply[p in Plants]: sum(ship[p, m] for m in Markets) <= supply[p] * open[p]
subject to few: sum(open[p] for p in Plants) <= most

data
  Plants = Seattle, Gary
  Markets = Chicago, "New York"
  supply = {Seattle: 700, Gary: 600}
  demand = {Chicago: 300, "New York": 325}
  cost = {Seattle: {Chicago: 2, "New York": 3}, Gary: {Chicago: 1, "New York": 4}}
"""


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Plugins:
    home = tmp_path_factory.mktemp("plugins")
    return load_plugins(Folders(home / "config", home / "data", home / "state"))


def solved(plugins: Plugins, values: list[float], status: Status = Status.OPTIMAL) -> Solved:
    """Wraps an answer: ship over plants and markets, then open."""
    problem = Problem(formulation=Formulation(text=TEXT))
    kind = plugins.kind("algebraic")
    instance = kind.bind(problem)
    answer = np.array(values)
    result = Result(status, answer, instance.objective_at(answer), instance.objective_at(answer))
    return Solved(problem, instance, result, kind.verify(problem, instance, result))


def said(plugins: Plugins, section: str) -> list[str]:
    model, problem = parse(TEXT).model, Problem(formulation=Formulation(text=TEXT))
    instance = plugins.kind("algebraic").bind(problem)
    return [s.text for s in model_sentences(model, bind(model, problem), instance) if s.section == section]


def test_a_model_is_read_in_sentences(plugins: Plugins) -> None:
    assert said(plugins, WANTED) == [
        "Make freight as small as possible: the sum of cost of p and m times what is shipped from p to m "
        "over all plants p and markets m, in $."
    ]
    assert said(plugins, DECIDED) == [
        "How much is shipped from p to m, for each plant p and market m: not negative, counted in cases.",
        "Whether to open, for each plant p: yes or no.",
    ]
    assert said(plugins, OBEYED)[:3] == [
        "For each market m, the sum of what is shipped from p to m over all plants p is at least demand of m.",
        "\u2022 Ship at least 300 cases from all plants to Chicago.",
        "\u2022 Ship at least 325 cases from all plants to New York.",
    ]
    assert "\u2022 Ship from Gary to all markets at most 600 cases, and nothing unless open Gary is chosen." in said(
        plugins, OBEYED
    )
    assert "There are 2 plants: Seattle and Gary." in said(plugins, KNOWN)
    assert "Supply (what a plant has) is known for each plant, in case: Seattle 700 and Gary 600." in said(
        plugins, KNOWN
    )


def test_an_answer_is_read_in_sentences(plugins: Plugins) -> None:
    sentences = answer_sentences(solved(plugins, [300, 325, 0, 0, 1, 0]))
    by_section = {name: [s.text for s in sentences if s.section == name] for name in (OUTCOME, DONE, BINDS, LEFT)}
    assert by_section[OUTCOME][0] == "The smallest possible freight is 1575 $; no answer does better."
    assert by_section[DONE] == [
        "Ship 300 cases from Seattle to Chicago.",
        "Ship 325 cases from Seattle to New York.",
        "Open: Seattle; not Gary.",
    ]
    assert "Meet demand of Chicago is at its limit at 300." in by_section[BINDS]
    assert by_section[LEFT] == ["Within supply of Seattle has 75 to spare."]
    assert next(s.element for s in sentences if s.section == DONE) == "ship[Seattle, Chicago]"


def test_an_answer_that_fails_our_check_is_not_praised(plugins: Plugins) -> None:
    texts = [s.text for s in answer_sentences(solved(plugins, [0, 0, 0, 0, 1, 0], Status.FEASIBLE))]
    assert any("does not agree" in text for text in texts)
    assert "Nothing in 'ship': all its values are 0." in texts


@pytest.mark.parametrize("status", [Status.INFEASIBLE, Status.UNBOUNDED, Status.UNKNOWN, Status.FAILED])
def test_no_answer_is_said_too(plugins: Plugins, status: Status) -> None:
    ended = Solved(Problem(formulation=Formulation(text=TEXT)), None, Result(status))
    assert len(answer_sentences(ended)) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("implies(open[p] == 1, x >= 5)", "if 'open' of p is chosen, then x is at least 5"),
        ("count(x >= 1 for p in Plants) <= 2", "the number of plants p for which x is at least 1 is at most 2"),
        ("2 <= x + 3 * y <= 10", "x plus 3 times y is between 2 and 10"),
        ("(x + y) * 2 == abs(x)", "(x plus y) times 2 equals the size of x"),
        ("x ** 2 <= 9 or not (y >= 1)", "either x squared is at most 9 or not (y is at least 1)"),
    ],
)
def test_logic_and_arithmetic_have_words(body: str, words: str) -> None:
    text = f"set Plants\nvar open[p in Plants] binary\nvar x\nvar y\nsubject to rule[p in Plants]: {body}\n"
    model = parse(text).model
    assert Speaker(model).say(model.constraints[0].body) == words


def test_every_example_has_a_sentence_for_every_element(plugins: Plugins) -> None:
    for part in plugins.examples():
        model = parse((Path(part.part.folder) / part.part.model).read_text("utf-8")).model
        assert all(element_sentence(model, element.name) for element in model.elements), part.name
    assert model_sentences(Model()) == ()


def test_words_are_bent() -> None:
    assert [one_of(name) for name in ("Plants", "Cities", "Boxes", "Glass")] == [
        "plant",
        "city",
        "box",
        "glass",
    ]
    assert many_of("Plant") == "plants"
    units = [with_unit(value, unit, plain_number) for value, unit in ((1, "case"), (2, "case"), (2, "€"), (3, "kwh"))]
    assert units == ["1 case", "2 cases", "2 €", "3 kwh"]


def test_a_number_that_nobody_gave_is_flagged() -> None:
    known = ["Ship 300 cases for 1 575.5 $, 12 % less."]
    text = "About 1,576 $ pay for 300 cases, 40 of them free, 12 % less."
    assert [text[a:b] for a, b in strange_numbers(text, known)] == ["40"]
    assert [value for _, _, value in numbers_in("1 200 and 3.5e2 and 12, 30")] == [1200, 350, 12, 30]
