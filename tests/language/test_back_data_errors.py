"""Data that is wrong is refused by name and place, with what was expected; never with a traceback."""

from __future__ import annotations

import numpy as np
import pytest
from back_tables import TRANSPORT, bound, problem, refused, table

from solvitur.language.data import bind, examine
from solvitur.language.parsing import parse
from solvitur.problem.errors import InputError
from solvitur.problem.tables import Column, Table

PLANTS = table("plants", "Plants, supply", ("Seattle", 350), ("Boston", 600), source="plants.csv")
MARKETS = table("Markets", "Markets, demand", ("Chicago", 325), ("Dallas", 300), source="markets.csv")
SETS = "\ndata\n  Plants = Seattle, Boston\n  Markets = Chicago, Dallas\n"
GOOD = [("Seattle", "Chicago", 1), ("Seattle", "Dallas", 2), ("Boston", "Chicago", 3), ("Boston", "Dallas", 4)]


def freight(*rows: tuple[object, ...]) -> Table:
    """Makes the table of costs, as read from a file."""
    return table("freight", "Plants, Markets, cost", *rows, source="data/freight.csv")


def test_an_unknown_label_is_named_with_its_row_and_the_nearest_one() -> None:
    """The finding points at the file's row, header included, and offers the label that was meant."""
    rows = [*GOOD[:2], ("Bostn", "Chicago", 3), GOOD[3]]
    found = refused(TRANSPORT + SETS, PLANTS, MARKETS, freight(*rows))
    assert found[0].text == "'Bostn' in freight.csv row 4 is not in set 'Plants'; did you mean 'Boston'?"
    assert (found[0].place.file, found[0].place.line, found[0].element) == ("data/freight.csv", 4, "cost")


def test_rows_of_the_projects_own_tables_are_counted_without_a_header() -> None:
    """A table that came from no file says its name and counts its rows from 1."""
    cost = table("freight", "Plants, Markets, cost", ("Gary", "Chicago", 3), *GOOD)
    found = refused(TRANSPORT + SETS, PLANTS, MARKETS, cost)
    assert found[0].text.startswith("'Gary' in table 'freight' row 1 is not in set 'Plants'")


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            [*GOOD, ("Seattle", "Chicago", 9)],
            "freight.csv row 6 gives 'cost[Seattle, Chicago]' again; it is already in row 2",
        ),
        ([*GOOD[:3], ("Boston", "Dallas", "cheap")], "'cheap' in freight.csv row 5 is no number ('cost')."),
        (
            [*GOOD[:3], ("Boston", "Dallas", -4)],
            "'cost[Boston, Dallas]' is -4 in freight.csv row 5, but it must be >= 0.",
        ),
        ([*GOOD[:3], ("Boston", "Dallas", True)], "'True' in freight.csv row 5 is no number ('cost')."),
        ([*GOOD[:3], ("Boston", None, 4)], "freight.csv row 5 has no label of 'Markets' ('cost')."),
        (GOOD[:3], "'cost' has no value for [Boston, Dallas]; add it, or give the parameter a default."),
        (
            GOOD[:2],
            "'cost' has no value for [Boston, Chicago] and one other; add them, or give the parameter a default.",
        ),
        (
            GOOD[:1],
            "'cost' has no value for [Seattle, Dallas] and 2 others; add them, or give the parameter a default.",
        ),
        ([*GOOD[:3], ("Boston", "Dallas", None)], "'cost' has no value for [Boston, Dallas]; add it, or"),
    ],
)
def test_values_that_cannot_be_used(rows: list[tuple[object, ...]], text: str) -> None:
    """Twice, no number, below its bound, without a label, missing."""
    found = refused(TRANSPORT + SETS, PLANTS, MARKETS, freight(*rows))
    assert len(found) == 1
    assert found[0].text.startswith(text.split(", or")[0])
    assert found[0].element == "cost"


def test_not_a_number_counts_as_missing() -> None:
    """NaN in a column of numbers is an empty cell."""
    columns = (
        Column("Plants", np.array(["Seattle", "Boston"], dtype=object)),
        Column("supply", np.array([1.0, np.nan])),
    )
    found = refused(TRANSPORT + SETS, Table("plants", columns), MARKETS, freight(*GOOD))
    assert [each.text.split(";")[0] for each in found] == ["'supply' has no value for [Boston]"]


@pytest.mark.parametrize(
    ("declaration", "entry", "text"),
    [
        ("param n[S] integer", "{A: 1, B: 2.5}", "'n[B]' is 2.5 in the data of 'n', but it must be a whole number."),
        ("param n[S] in 0..1", "{A: 1, B: 2}", "'n[B]' is 2 in the data of 'n', but it must be <= 1."),
        ("param n[S] > 0", "{A: 1, B: 0}", "'n[B]' is 0 in the data of 'n', but it must be > 0."),
        ("param n[S] binary", "{A: 1, B: 2}", "must be 0 or 1."),
        ("param n[S]", "{A: {X: 1}, B: 2}", "'n' takes 1 index, but its data has 2 indices."),
        ("param n[S]", "7", "'n' takes 1 index, but its data has no index."),
        ("param n[S]", "[1, 2, 3]", "There are more values than 'S' has members (2) ('n')."),
        ("param n[S]", "{A: 1, B: yes}", "'yes' in the data of 'n' is no number ('n')."),
        ("param n[S]", "{A: 1, B: 2, C: 3}", "'C' in the data of 'n' is not in set 'S'"),
        ("param n", "{A: 1}", "'n' takes no index, but its data has 1 index."),
        ("param n[S, S]", "{A: [1, 2], B: {A: 1, B: 2}}", "mixes lists and labels"),
        ("let n[s in S] = 1 / (len(S) - 2)", "", "This divides by zero for s = A."),
        ("let n[s in S] = log(0 - 1)", "", "This has no value as a real number for s = A."),
        ("let n = min(m[s] for s in S if m[s] > 5)\nparam m[S] default 0", "", "'min' has nothing to choose from."),
        ("let n[s in S] = m[s]\nparam m[T]\nset T = {A}", "", "'m[B]' is used for s = B, but 'm' has no such index."),
    ],
)
def test_data_against_its_declaration(declaration: str, entry: str, text: str) -> None:
    """Whole numbers, bounds, numbers of indices, positions, and what cannot be computed."""
    data = f"\n  n = {entry}" if entry else "\n  m = {A: 1}" if "param m[T]" in declaration else ""
    found = refused(f"set S\n{declaration}\nvar x[S]\ndata\n  S = A, B{data}")
    assert any(text in each.text for each in found), [each.text for each in found]
    assert all(each.place.line for each in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("set S\nvar x[S]\ndata\n  S = A, B, A", "'A' is listed twice in 'S': again in the data of 'S'."),
        ("set S\nvar x[S]\ndata\n  S = A, (B, C)", "each of its members is one label."),
        ("set S within {A, B}\nvar x[S]\ndata\n  S = A, Bb", "'Bb' in the data of 'S' is not in set"),
        ("set S within {A, B} = {A, C}\nvar x[S]", "'C' is in 'S', but not in the set it lies within."),
        (
            "set N = {a, b}\nset S within N * N\nvar x[S]\ndata\n  S = (a, b), (a, c)",
            "'c' in the data of 'S' is not in set 'N'",
        ),
        ("set S\nvar x[S]", "'S' has no members yet: list them in the data section"),
        ("set S = {s for s in R}\nset R = {s for s in S}\nvar x[S]", "depends on itself: S -> R -> S."),
        ("let a = b\nlet b = a\nvar x", "depends on itself: a -> b -> a."),
        ("set S = 1..k\nparam k = 2.5\nvar x[S]", "The end of a range must be a whole number, but it is 2.5."),
        ("set S = 1..k\nparam k = inf\nvar x[S]", "The end of a range must be a whole number"),
        ("param a\nvar x\ndata\n  a = inf\nminimize z: a * x", "is not a finite number"),
        ("set S = 1..9000000000\nvar x[S]", "This range has 9,000,000,000 members; that is too many."),
        ("set A = 1..100000\nvar x[A, A]", "100,000 x 100,000 = 10,000,000,000 combinations"),
        ("set A = 1..100000\nset B = A * A\nvar x[B]", "This has 10,000,000,000 combinations"),
    ],
)
def test_sets_and_sizes_that_cannot_be(text: str, expected: str) -> None:
    """Doubles, wrong shapes, members outside, nothing at all, circles, and sizes that would eat the memory."""
    found = refused(text)
    assert any(expected in each.text for each in found), [each.text for each in found]
    assert all(each.place.line for each in found)


def test_two_tables_with_the_same_parameter_are_not_guessed_between() -> None:
    """The finding names both tables and says how to choose."""
    other = table("other", "Plants, Markets, cost", *GOOD)
    found = refused(TRANSPORT, PLANTS, MARKETS, freight(*GOOD), other)
    assert found[0].text.startswith("'cost' is in the tables 'freight' and 'other'")


def test_a_table_of_another_shape_is_told_apart() -> None:
    """A table named like the parameter, with too few columns, says what it should have."""
    found = refused(TRANSPORT, PLANTS, MARKETS, table("cost", "value", (1,), (2,), source="cost.csv"))
    assert found[0].text == "'cost' needs 2 index columns and a column 'cost', but cost.csv has 'value'."


def test_a_file_that_is_not_there_is_named() -> None:
    """Neither a table nor a reader has the file."""
    found = refused('set S\nparam a[S]\nvar x[S]\ndata\n  a from "costs.csv"')
    assert any("The file 'costs.csv' was not found; 'a' takes its data from it." in each.text for each in found)


def test_many_faults_are_counted_not_listed() -> None:
    """A file with a thousand wrong labels gives a handful of findings and their number."""
    rows = [(f"P{k}", "Chicago", 1) for k in range(1000)]
    found = refused(TRANSPORT + SETS, PLANTS, MARKETS, freight(*GOOD, *rows))
    assert len(found) == 6
    assert found[-1].text == "'cost' has 995 more such entries."


def test_one_fault_is_told_once_and_does_not_hide_others() -> None:
    """What depends on a set without members adds nothing; an unrelated fault is still told."""
    text = "set S\nparam a[S]\nparam k integer\nvar x[S]\ndata\n  k = 1.5"
    found = examine(parse(text).model, problem(text)).findings
    assert [each.element for each in found] == ["S", "k"]


def test_equal_values_may_repeat_in_a_table_that_holds_more() -> None:
    """A price repeated in every order of a product is one price; different prices are a fault."""
    text = "set P\nparam price[P]\nvar x[P]"
    rows = [("A", 1, 5.0), ("A", 2, 5.0), ("B", 1, 6.0)]
    assert bound(text, table("orders", "P, month, price", *rows)).params["price"].values.tolist() == [5.0, 6.0]
    assert refused(text, table("orders", "P, month, price", *rows, ("B", 2, 7.0)))


def test_findings_survive_as_one_error() -> None:
    """`bind` raises everything at once."""
    text = TRANSPORT + "\ndata\n  Plants = A, A\n  Markets = B, B"
    with pytest.raises(InputError) as caught:
        bind(parse(text).model, problem(text))
    assert {each.element for each in caught.value.findings} == {"Plants", "Markets"}
