"""Each way of saying something becomes the model that a person would write."""

# ruff: noqa: E501 - statements are quoted whole

from __future__ import annotations

from collections.abc import Callable

import pytest

from solvitur.api import Draft

Drafting = Callable[..., Draft]
Optimum = Callable[[str], float]

TABLES = "A joiner makes stools and benches. Each stool takes 2 hours of sawing and 3 kg of oak, and each bench takes 5 hours of sawing and 8 kg of oak. "
TABLES_MODEL = (
    "var s >= 0 integer\nvar b >= 0 integer\nmaximize z: 12 * s + 33 * b\nsubject to saw: 2 * s + 5 * b <= 120\n"
)
CASES = {
    "resources at hand": (
        TABLES + "There are 120 hours of sawing and 170 kg of oak available. The profit per stool is $12 and the "
        "profit per bench is $33. How many of each should be made to maximize profit?",
        TABLES_MODEL + "subject to oak: 3 * s + 8 * b <= 170",
    ),
    "bound from below": (
        TABLES + "There are 120 hours of sawing and 170 kg of oak available. At least 9 stools must be made. The "
        "profit per stool is $12 and the profit per bench is $33. How many of each should be made to maximize profit?",
        TABLES_MODEL + "subject to oak: 3 * s + 8 * b <= 170\nsubject to least: s >= 9",
    ),
    "bound from above": (
        TABLES + "There are 120 hours of sawing and 170 kg of oak available. The number of benches cannot exceed 7. "
        "The profit per stool is $12 and the profit per bench is $33. Maximize the total profit.",
        TABLES_MODEL + "subject to oak: 3 * s + 8 * b <= 170\nsubject to most: b <= 7",
    ),
    "so many times as many": (
        TABLES + "There are 120 hours of sawing and 170 kg of oak available. At least three times as many stools as "
        "benches must be made. The profit per stool is $12 and the profit per bench is $33. Maximize the profit.",
        TABLES_MODEL + "subject to oak: 3 * s + 8 * b <= 170\nsubject to ratio: s >= 3 * b",
    ),
    "share of the total": (
        TABLES + "There are 120 hours of sawing and 170 kg of oak available. At most 40% of the pieces can be benches. "
        "The profit per stool is $12 and the profit per bench is $33. Maximize the profit.",
        TABLES_MODEL + "subject to oak: 3 * s + 8 * b <= 170\nsubject to share: b <= 0.4 * (s + b)",
    ),
    "needs to be met at least cost": (
        "A zoo buys hay bales and pellet sacks. Each hay bale contains 6 units of fibre and 2 units of protein and costs "
        "$4. Each pellet sack contains 3 units of fibre and 9 units of protein and costs $7. The animals need at least "
        "90 units of fibre and 100 units of protein. How many of each should the zoo buy to minimize the cost?",
        "var h >= 0 integer\nvar p >= 0 integer\nminimize z: 4 * h + 7 * p\n"
        "subject to f: 6 * h + 3 * p >= 90\nsubject to q: 2 * h + 9 * p >= 100",
    ),
    "fewest things": (
        "A bakery sends rolls either by cart or by lorry. A cart can take 40 rolls while a lorry can take 150 rolls. "
        "The number of lorries cannot exceed the number of carts. If at least 1900 rolls need to be sent, minimize the "
        "total number of carts and lorries.",
        "var c >= 0 integer\nvar l >= 0 integer\nminimize z: c + l\nsubject to n: 40 * c + 150 * l >= 1900\n"
        "subject to less: l <= c",
    ),
    "money to invest": (
        "Rosa has $90000 to invest in vineyards and orchards. Each dollar invested in vineyards yields a $0.07 profit "
        "and each dollar invested in orchards yields a $0.05 profit. At least 30% of the money invested must be in "
        "orchards. How much should she invest in each to maximize profit?",
        "var v >= 0\nvar o >= 0\nmaximize z: 0.07 * v + 0.05 * o\nsubject to m: v + o <= 90000\n"
        "subject to s: o >= 0.3 * (v + o)",
    ),
    "acres": (
        "A grower has 60 acres to plant rye and flax. Rye takes 3 hours to weed per acre while flax takes 4.5 hours to "
        "weed per acre. There are 200 hours available for weeding. The profit per acre of rye is $90 and the profit per "
        "acre of flax is $130. How many acres of each should be planted to maximize profit?",
        "var r >= 0\nvar f >= 0\nmaximize z: 90 * r + 130 * f\nsubject to a: r + f <= 60\n"
        "subject to w: 3 * r + 4.5 * f <= 200",
    ),
    "sums spelled out": (
        "A harbour allocates berths to two lines, X and Y. Twice the number of berths for line X plus three times the "
        "number of berths for line Y must be at least 60. The difference between line X and line Y should not exceed 9. "
        "The total for both lines combined cannot exceed 40. Each berth for lines X and Y costs $5 and $8 respectively. "
        "All numbers are integers. What is the minimum total cost?",
        "var x >= 0 integer\nvar y >= 0 integer\nminimize z: 5 * x + 8 * y\nsubject to a: 2 * x + 3 * y >= 60\n"
        "subject to b: x - y <= 9\nsubject to c: x + y <= 40",
    ),
    "more than another": (
        "A council funds three parks: X, Y and Z. Park X should receive at least 12 more units than twice park Y. Park Z "
        "needs a minimum of 20 units. The combined allocation for parks Y and Z must be at least 35 units. Each unit for "
        "parks X, Y and Z costs 3, 4 and 6 units respectively. All allocations are whole numbers. What is the minimum "
        "total cost?",
        "var x >= 0 integer\nvar y >= 0 integer\nvar z >= 0 integer\nminimize c: 3 * x + 4 * y + 6 * z\n"
        "subject to a: x >= 2 * y + 12\nsubject to b: z >= 20\nsubject to d: y + z >= 35",
    ),
    "ranges and equality": (
        "A station divides air time among three shows: X, Y and Z. Show X can have between 4 and 20 hours. Show Y must "
        "have exactly twice the hours of show Z. The total air time for all three shows combined must be at least 30 "
        "hours. The cost per hour is $7 for show X, $5 for show Y and $9 for show Z. All hours are integers. What is the "
        "minimum total cost?",
        "var x >= 4 <= 20 integer\nvar y >= 0 integer\nvar z >= 0 integer\nminimize c: 7 * x + 5 * y + 9 * z\n"
        "subject to a: y == 2 * z\nsubject to b: x + y + z >= 30",
    ),
    "table": (
        "A smith makes three products. Maximize the profit.\n\n| Product | Profit | Steel (kg) |\n|---|---|---|\n"
        "| Gate | $90 | 30 |\n| Lamp | $25 | 6 |\n| Hinge | $4 | 1 |\n| Available |  | 200 |\n\n"
        "At most 10 lamps and at most 15 hinges can be made.",
        "var g >= 0 integer\nvar l >= 0 <= 10 integer\nvar h >= 0 <= 15 integer\nmaximize z: 90 * g + 25 * l + 4 * h\n"
        "subject to s: 30 * g + 6 * l + h <= 200",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_statement_becomes_the_model_that_a_person_would_write(
    case: str, draft: Drafting, optimum: Optimum
) -> None:
    """The draft claims to be complete, and its optimum is that of the model written by hand."""
    statement, model = CASES[case]
    made = draft(statement)
    assert made.complete, [question.text for question in made.questions]
    assert optimum(made.model) == pytest.approx(optimum(model), rel=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_every_number_of_the_draft_has_its_place_in_the_statement(case: str, draft: Drafting) -> None:
    """Evidence points into the statement, and names elements that the model has."""
    statement, _ = CASES[case]
    made = draft(statement)
    assert made.evidence
    for evidence in made.evidence:
        assert 0 <= evidence.start < evidence.end <= len(statement)
        assert evidence.element.split("[")[0] in made.model
