"""Wishes in words become edits, questions become forced solves; what is not read is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvitur.engine.proposing.proposals import accept
from solvitur.engine.talking.amounts import find_shift
from solvitur.engine.talking.lexicon import Lexicon, stem
from solvitur.engine.talking.places import Spot
from solvitur.engine.talking.why import Forced, force, gerund, participle, why_sentence
from solvitur.engine.talking.wishes import Offer, Puzzled, Reply, WhyAsked, read_wish
from solvitur.language.data import bind
from solvitur.language.parsing import parse
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.result import Status
from solvitur.problem.runs import Run
from solvitur.problem.tables import Table

PLANTS = """\
set Plants = {"plant 1", "plant 2"}
set Markets
param rent[Plants] >= 0
param demand[Markets] >= 0
param budget = 5000
var open[p in Plants] binary
var ship[p in Plants, m in Markets] >= 0  unit "case"
minimize total: sum(rent[p] * open[p] for p in Plants) + sum(2 * ship[p, m] for p in Plants for m in Markets)
subject to meet_demand[m in Markets]: sum(ship[p, m] for p in Plants) >= demand[m]
subject to within_budget: sum(rent[p] * open[p] for p in Plants) <= budget
subject to used[p in Plants]: sum(ship[p, m] for m in Markets) <= 1000 * open[p]

data
  Markets = Chicago, "New York"
  rent = {"plant 1": 1000, "plant 2": 1200}
"""
DEMAND = Table.from_rows("demand", ("Markets", "demand"), [("Chicago", 300), ("New York", 325)])
SHIFTS = """\
set Days = {Mon, Tue}
set Shifts = {early, late, night}
var work[d in Days, s in Shifts] >= 0 integer
var suppliers >= 0 integer
minimize hours: sum(8 * work[d, s] for d in Days for s in Shifts) + suppliers
subject to staffed[d in Days]: sum(work[d, s] for s in Shifts) >= 4
"""


def problem(text: str = PLANTS) -> Problem:
    return Problem(formulation=Formulation(text=text), tables=(DEMAND,) if text == PLANTS else ())


def lexicon(of: Problem) -> Lexicon:
    model = parse(of.formulation.text).model
    return Lexicon(model, {name: space.members for name, space in bind(model, of).sets.items()})


def read(wish: str, text: str = PLANTS) -> Reply:
    return read_wish(wish, problem(text), lexicon(problem(text)))


def after(wish: str, text: str = PLANTS) -> Problem:
    """Returns the problem once a wish is granted; it must still bind."""
    reply = read(wish, text)
    assert isinstance(reply, Offer), reply
    edit = accept(problem(text), reply.proposal, reply.proposal.wanted)
    assert edit is not None
    changed, _ = edit.apply(problem(text))
    bind(parse(changed.formulation.text).model, changed)
    return changed


@pytest.mark.parametrize(
    ("wish", "numbers"),
    [
        ("what if demand in Chicago rises 10 %", [330, 325]),
        ("What if demand in New York falls by 25?", [300, 300]),
        ("double the demand", [600, 650]),
        ("set demand of Chicago to 1,200", [1200, 325]),
        ("what if demnad in Chicgo is 100", [100, 325]),
    ],
)
def test_numbers_change_in_the_table_that_holds_them(wish: str, numbers: list[int]) -> None:
    table = after(wish).table("demand")
    assert table is not None
    assert table.columns[1].values.tolist() == numbers


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ("double the budget", "param budget = 10000"),
        ("what if the rent of plant 2 drops by half of nothing to 700", 'rent = {"plant 1": 1000, "plant 2": 700}'),
        ("close plant 2", 'open["plant 2"] == 0'),
        ("keep plant 1 open", 'open["plant 1"] == 1'),
        ("do not ship from plant 1 to Chicago", 'ship["plant 1", "Chicago"] == 0'),
        ("at least two plants", "sum(open[p] for p in Plants) >= 2"),
        ("at most 100 from plant 1 to New York", 'ship["plant 1", "New York"] <= 100'),
        ("ship at most 500 cases from plant 1", 'sum(ship["plant 1", m] for m in Markets) <= 500'),
        ("at most 1 plant per market", "limit_ship[m in Markets]: count(ship[p, m] >= 1 for p in Plants) <= 1"),
    ],
)
def test_wishes_become_lines_of_the_model(wish: str, line: str) -> None:
    assert line in after(wish).formulation.text


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ("forbid Monday night shifts", 'work["Mon", "night"] == 0'),
        ("at least two suppliers", "suppliers >= 2"),
        ("at most 3 at night", 'sum(work[d, "night"] for d in Days) <= 3'),
    ],
)
def test_days_are_known_by_their_whole_names(wish: str, line: str) -> None:
    assert line in after(wish, SHIFTS).formulation.text


def test_a_constraint_is_removed_and_nothing_else() -> None:
    text = after("remove the constraint within budget").formulation.text
    assert text == PLANTS.replace(PLANTS[PLANTS.index("subject to within_b") : PLANTS.index("subject to used")], "")


def test_a_what_if_is_tried_first_and_words_that_played_no_part_are_told() -> None:
    reply = read("what if we close plant 2 for ever")
    assert isinstance(reply, Offer)
    assert (reply.try_first, reply.unused) == (True, ("ever",))
    plain = read("close plant 2")
    assert isinstance(plain, Offer)
    assert (plain.try_first, plain.unused) == (False, ())


@pytest.mark.parametrize("wish", ["", "sing a song", "remove the constraint about elephants", "at least 3", "\x00?"])
def test_what_cannot_be_read_is_said_with_examples_that_can(wish: str) -> None:
    reply = read(wish)
    assert isinstance(reply, Puzzled)
    assert reply.text
    for example in reply.examples:
        assert not isinstance(read(example), Puzzled), example


@given(st.text(max_size=80))
def test_any_text_gets_a_reply(text: str) -> None:
    assert read(text, SHIFTS) is not None


def test_questions_find_the_entry_they_are_about() -> None:
    assert read("why is plant 2 closed?") == WhyAsked(Spot("open", ("plant 2",)))
    assert read("what would it cost to open plant 2") == WhyAsked(Spot("open", ("plant 2",)), 1.0)
    assert read("why is nothing shipped from plant 2 to Chicago") == WhyAsked(Spot("ship", ("plant 2", "Chicago")))
    asked = read("why ship from plant 1")
    assert isinstance(asked, Puzzled)
    assert "market" in asked.text


def run(objective: float | None, status: Status = Status.OPTIMAL, sense: str = "min") -> Run:
    return Run(1, "", "", "", Choice(), "", "", "", status, objective, objective, sense)


def forced(value: float = 0.0, wanted: float | None = None) -> Forced:
    spot = Spot("open", ("plant 2",))
    made = force(problem(), lexicon(problem()), spot, {"open": {"plant 1": 1, "plant 2": value}}, wanted)
    assert made is not None
    return made


def test_the_other_value_is_forced_and_its_price_is_said() -> None:
    assert 'forced: open["plant 2"] == 1' in forced().problem.formulation.text
    said = why_sentence(forced(), run(7000), run(8200))
    assert said == "'plant 2' is closed because opening it would cost 1200 more: 8200 instead of 7000."
    said = why_sentence(forced(1.0), run(7000, sense="max"), run(6000, sense="max"))
    assert said == "'plant 2' is open because closing it would lose 1000: 6000 instead of 7000."
    assert "both are as good" in why_sentence(forced(), run(7000), run(7000))
    assert "cannot be otherwise" in why_sentence(forced(), run(7000), run(None, Status.INFEASIBLE))
    assert "not the best" in why_sentence(forced(), run(7000, Status.FEASIBLE), run(6000))
    assert "nothing can be said" in why_sentence(forced(), run(7000), run(None, Status.UNKNOWN))
    assert force(problem(), lexicon(problem()), Spot("open", ("plant 9",)), {"open": {}}, None) is None


def test_a_computed_parameter_is_not_changed_behind_the_users_back() -> None:
    text = PLANTS.replace("param budget = 5000", "param budget = sum(rent[p] for p in Plants)")
    reply = read(
        "double the budget", text=text.replace("param demand[Markets] >= 0", "param demand[Markets] default 1")
    )
    assert isinstance(reply, Puzzled)
    assert "computed" in reply.text


def test_verbs_are_bent_as_people_do() -> None:
    assert [stem(word) for word in ("closed", "closing", "cities", "Mondays", "boxes")] == [
        "clos",
        "clos",
        "city",
        "mon",
        "box",
    ]
    assert (gerund("ship"), gerund("close"), participle("build"), participle("carry")) == (
        "shipping",
        "closing",
        "built",
        "carried",
    )


def test_changes_of_numbers_are_read() -> None:
    def shifted(text: str) -> float | None:
        found = find_shift(text)
        return None if found is None else found[0].of(200)

    said = ("rises by 10 %", "falls to 50", "x is 3.5", "halve it", "cut by twenty", "goes up 5 percent", "hello")
    assert [shifted(text) for text in said] == [220, 50, 3.5, 100, 180, 210, None]
