"""The kind of models in the language, as the engine uses it."""

from __future__ import annotations

import gc
import json
import weakref

import numpy as np
import pytest

from solvitur.api import Choice, Formulation, InputError, Kind, Problem, Result, Severity, Status, Table
from solvitur_models import kinds
from solvitur_models.algebraic import AlgebraicKind

TEXT = """
set S
param a[S]
var x[s in S] integer in 0..a[s]
var y
var z[s in S, t in 1..2] >= 0
maximize both: sum(x[s] for s in S) - y
subject to c: y >= 0.5
data
  a from "a.csv"
"""
A = Table.from_rows("a", ["S", "a"], [["p", 2], ["q", 3]], "a.csv")


def problem(text: str = TEXT, *tables: Table) -> Problem:
    """Makes a problem."""
    return Problem(formulation=Formulation(text=text, source="model.slv"), tables=tables)


def test_it_is_a_kind() -> None:
    """The plugin offers one part, which looks like a kind."""
    (kind,) = kinds()
    assert isinstance(kind, Kind)
    assert kind.name == Formulation().kind


def test_files_are_wanted_until_a_table_stands_for_them() -> None:
    """The engine reads just what is not there yet."""
    kind = AlgebraicKind()
    assert kind.files_wanted(problem()) == ("a.csv",)
    assert kind.files_wanted(problem(TEXT, A)) == ()
    assert kind.files_wanted(problem(TEXT, Table.from_rows("a", ["S", "a"], [["p", 9]], "other/a.csv"))) == ()


def test_values_are_nested_and_whole_where_variables_are() -> None:
    """JSON-ready: labels as keys, integers as integers, a plain number for a variable without index."""
    kind = AlgebraicKind()
    instance = kind.bind(problem(TEXT, A))
    answer = np.array([2.0000000001, 3.0, 0.5, 0.0, 1.0, 2.0, 3.5])
    values = kind.values(instance, answer)
    assert values == {
        "x": {"p": 2, "q": 3},
        "y": 0.5,
        "z": {"p": {1: 0.0, 2: 1.0}, "q": {1: 2.0, 2: 3.5}},
    }
    assert isinstance(values["x"]["p"], int)
    assert json.loads(json.dumps(values))["z"]["q"]["2"] == 3.5


def test_answers_are_verified_against_the_text() -> None:
    """A good answer passes; a claim that is too good does not."""
    kind, given = AlgebraicKind(), problem(TEXT, A)
    instance = kind.bind(given)
    answer = np.array([2.0, 3.0, 0.5, 0, 0, 0, 0])
    assert kind.verify(given, instance, Result(Status.OPTIMAL, answer, 4.5)).passed
    assert not kind.verify(given, instance, Result(Status.OPTIMAL, answer, 4.6)).passed
    assert not kind.verify(given, instance, Result(Status.OPTIMAL, answer + 1, 4.5)).passed


def test_the_checks_tell_of_text_first_then_of_data() -> None:
    """A wrong name hides the data's faults, which mean little then; a right text shows them."""
    kind = AlgebraicKind()
    wrong = [f.text for f in kind.check(problem(TEXT.replace("y >= 0.5", "yy >= 0.5"), A))]
    assert any("yy" in text for text in wrong)
    missing = [f for f in kind.check(problem()) if f.severity is Severity.ERROR]
    assert any("a.csv" in f.text for f in missing)
    assert kind.missing(problem(TEXT.replace('a from "a.csv"', ""))) == ("S: its members",)
    assert [f for f in kind.check(problem(TEXT, A)) if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    "text", ["", "  \n", "var x[S]", "minimize", "set S = T\nset T = S", "\x00", "var x\nminimize z: q"]
)
def test_what_is_no_model_is_refused_in_words(text: str) -> None:
    """Nothing, half a model, or none: findings, never another error."""
    with pytest.raises(InputError) as caught:
        AlgebraicKind().bind(problem(text))
    assert all(finding.text for finding in caught.value.findings)


def test_an_unknown_objective_is_refused() -> None:
    """The choice of the problem names an objective that the model lacks."""
    given = Problem(formulation=Formulation(text=TEXT), tables=(A,), choice=Choice(objective="bath"))
    with pytest.raises(InputError, match="Did you mean 'both'"):
        AlgebraicKind().bind(given)


def test_problems_are_not_kept_alive() -> None:
    """What was bound is forgotten with its problem."""
    kind, given = AlgebraicKind(), problem(TEXT, A)
    kind.bind(given)
    gone = weakref.ref(given)
    del given
    gc.collect()
    assert gone() is None
