"""The pipeline's parts: replies read, numbers compared, behaviours told apart, groups weighed, examples found."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files

import pytest

from solvitur.engine.solving import bind
from solvitur.hooks.loading import Plugins
from solvitur.language.checking import check
from solvitur.language.parsing import parse
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.findings import Severity
from solvitur_chat.behaviour import alike, behaviour_of, signature_of
from solvitur_chat.grounding import numbers_of, unfounded, unused
from solvitur_chat.posterior import posterior
from solvitur_chat.reading import ReplyUnfit, model_text, with_draft
from solvitur_chat.records import Attempt, WordsTask
from solvitur_chat.retrieving import Library

MIX = """
set P = a, b
param w[P]
param most
var x[p in P] >= 0 integer
maximize z: sum(w[p] * x[p] for p in P)
subject to room: x["a"] + 2 * x["b"] <= most
subject to lots: x["a"] >= 1
data
  w = {a: 3, b: 5}
  most = 9
"""


def instance(text: str) -> object:
    """Binds a model."""
    return bind(Plugins.load(only=["models"]), Problem("m", "", Formulation("algebraic", text)))


def fragment() -> dict[str, object]:
    """Five elements as a reply has them."""
    return {
        "sets": [{"name": "P", "members": ["a b", "c"], "description": 'a "good" one'}],
        "parameters": [{"name": "w", "index": "P", "values": '{"a b": 3, "c": 5}', "unit": "kg", "description": ""}],
        "variables": [
            {
                "name": "x",
                "index": "p in P",
                "domain": "integer",
                "lower": "0",
                "upper": "w[p]",
                "unit": "",
                "description": "",
            }
        ],
        "objective": {"sense": "maximize", "name": "z", "expression": "sum(x[p]\n for p in P)"},
        "constraints": [{"name": "c1", "index": "", "relation": "sum(x[p] for p in P) <= 4", "description": "few"}],
        "evidence": [{"element": "w", "quote": "weighs 3"}, {"element": "x", "quote": "not there"}],
        "questions": [{"text": "May it be split?", "choices": ["no", "yes"]}],
        "assumptions": ["whole ones"],
    }


def test_a_reply_becomes_a_model_with_evidence_and_questions() -> None:
    attempt = with_draft(Attempt(WordsTask("A box weighs 3 and so on.")), json.dumps(fragment()))
    parsed = parse(attempt.model)
    assert not parsed.findings and not [
        f for f in check(parsed.model, attempt.model).findings if f.severity is Severity.ERROR
    ]
    assert [(e.element, e.start, e.end) for e in attempt.evidence] == [("w", 6, 14)]
    assert attempt.questions[0].choices == ("no", "yes") and attempt.faults == ()


@pytest.mark.parametrize("reply", ["[]", "{}", '{"sets": 3}', "nothing", '{"sets": ["a"]}', "[" * 100_000])
def test_a_reply_of_another_shape_is_a_fault_and_no_crash(reply: str) -> None:
    assert with_draft(Attempt(WordsTask("words")), reply).faults


def test_a_reply_cannot_smuggle_statements_in() -> None:
    tree = fragment()
    tree["constraints"] = [
        {"name": "c", "index": "", "relation": 'x["c"] <= 1\ndata\n  w from "/etc/passwd"', "description": ""}
    ]
    text = model_text(tree)
    assert [line for line in text.splitlines() if line.strip().startswith("w from")] == []
    with pytest.raises(ReplyUnfit):
        model_text("text")


def test_numbers_that_a_model_forgot_or_made_up_are_found() -> None:
    statement = (
        "Two shops sell 1,200 chairs at 45 each; twenty-five per cent are red, and at most 3.5 hours are left."
    )
    model = 'param n = 1200 unit "45"\nparam share = 0.25\nparam hours = 3.5\nparam strange = 777'
    assert unused(statement, model) == ("45",)
    assert unfounded(statement, model) == (777.0,)
    assert numbers_of("x1 + 2 * y_3 <= 4.5e2  # 99") == {2.0, 450.0}


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (("room", "hall"), True),
        (('x["a"] + 2 * x["b"] <= most', '2 * x["a"] + 4 * x["b"] <= 2 * most'), True),
        (
            ('subject to lots: x["a"] >= 1\n', 'subject to lots: 1 <= x["a"]\nsubject to more: x["b"] <= 1000\n'),
            False,
        ),
        (("integer", ""), False),
        (("a: 3", "a: 4"), False),
        (('x["a"] >= 1', 'x["a"] >= 2'), False),
        (("maximize", "minimize"), False),
    ],
)
def test_behaviour_is_told_apart_by_what_is_allowed_and_not_by_names(change: tuple[str, str], same: bool) -> None:
    first, second = instance(MIX), instance(MIX.replace(*change))
    assert (signature_of(first) == signature_of(second)) is same  # type: ignore[arg-type]
    one = behaviour_of(first, [1.0, 4.0], 23.0, "optimal")
    other = behaviour_of(second, [1.0, 4.0], 23.0, "optimal")
    redundant = 'x["b"] <= 1000' in change[1]
    assert alike(one, other) is (same or redundant), "a limit that never binds changes no behaviour"
    assert not alike(one, behaviour_of(second, [1.0, 4.0], 24.0, "optimal"))


def test_groups_that_agree_win_and_tests_that_pass_everything_decide_nothing() -> None:
    none: dict[str, bool] = {}
    three = posterior([[none, none, none], [none]])
    assert three[0] > 0.8 > 0.1 > three[1]
    assert posterior([[none], [none], [none]])[0] < 0.4, "nobody agrees: nothing is sure"
    assert sum(posterior([[none]])) < 1, "it may be that none is right"
    good, bad = {"critic": True}, {"critic": False}
    assert posterior([[good, good], [bad, bad]])[0] > 0.8
    assert posterior([[good, good], [good, good]])[0] == pytest.approx(
        posterior([[none, none], [none, none]])[0], abs=0.1
    )
    assert posterior([]) == ()


def test_every_model_of_the_library_is_right_as_it_stands() -> None:
    text = files("solvitur_chat").joinpath("library.toml").read_text("utf-8")
    entries = tomllib.loads(text)
    assert len(entries["example"]) >= 6 and len(entries["template"]) >= 12
    for each in entries["example"]:
        assert instance(each["model"]), each["name"]
    for each in entries["template"]:
        assert not parse(each["model"]).findings, each["name"]


def test_similar_examples_and_logic_are_recalled() -> None:
    found = Library().for_statement("A brewery must deliver beer each month and may store barrels.", 1, 3)
    assert "several months with stock" in found.summary
    logic = Library().for_statement(
        "If the depot is opened, then either the mill or the barn is built, not both.", 0, 4
    )
    assert "if one then the other" in logic.summary and "either one or the other" in logic.summary
    assert Library().for_statement("", 2, 2).text == ""
