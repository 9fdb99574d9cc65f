"""Data in every shape that people have it in finds its sets and parameters."""

from __future__ import annotations

import numpy as np
import pytest
from back_tables import TRANSPORT, bound, problem, table, values

from solvitur.language.data import bind, examine, files_wanted
from solvitur.language.parsing import parse
from solvitur.problem.tables import Column, Table

PLANTS = table("plants", "Plants, supply", ("Seattle", 350), ("San Diego", 600))
MARKETS = table("markets", "Markets, demand", ("New York", 325), ("Chicago", 300))
COST = {
    ("Seattle", "New York"): 2.5,
    ("Seattle", "Chicago"): 1.7,
    ("San Diego", "New York"): 2.5,
    ("San Diego", "Chicago"): 1.8,
}
LONG = [(p, m, v) for (p, m), v in COST.items()]
ROWS = [("Seattle", 2.5, 1.7), ("San Diego", 2.5, 1.8)]


@pytest.mark.parametrize(
    "cost",
    [
        table("freight", "Plants, Markets, cost", *LONG),
        table("freight", "cost, Markets, Plants", *[(v, m, p) for p, m, v in LONG]),
        table("freight", "p, m, cost", *LONG),
        table("freight", "PLANTS, m, Cost", *LONG),
        table("freight", "from, to, cost", *LONG),
        table("freight", "Plants, to, cost, days", *[(*row, 3) for row in LONG]),
        table("cost", "from, to, value", *LONG),
        table("cost", ", , cost", *LONG),
        table("cost", "Plants, New York, Chicago", *ROWS),
        table("cost", ", New York, Chicago", *ROWS),
        table("cost", "#1, #2, cost", (0, 0, 2.5), (0, 1, 1.7), (1, 0, 2.5), (1, 1, 1.8)),
        table("freight", "Plants, Markets, cost", *reversed(LONG)),
    ],
    ids=lambda each: f"{each.name}({', '.join(each.header)})",
)
def test_costs_are_found_by_header_or_position(cost: Table) -> None:
    """A two-index parameter is read from long, wide and positional tables in any order of columns and rows."""
    found = bound(TRANSPORT, PLANTS, MARKETS, cost)
    assert found.members("Plants") == ("Seattle", "San Diego")
    assert found.members("Markets") == ("New York", "Chicago")
    assert values(found, "cost") == COST


def test_one_table_feeds_several_parameters() -> None:
    """Columns of one table are several parameters over the same set, and the set itself."""
    text = "set Plants\nparam supply[Plants]\nparam capacity[Plants]\nvar x[Plants]"
    found = bound(text, table("plants", "Plants, supply, capacity", ("A", 1, 5), ("B", 2, 6)))
    assert values(found, "supply") == {("A",): 1, ("B",): 2}
    assert values(found, "capacity") == {("A",): 5, ("B",): 6}


def test_a_set_comes_from_the_table_of_its_name() -> None:
    """A table named like the set gives its members, in order, whatever its column is called."""
    found = bound("set Plants\nvar x[Plants]", table("plants", "site", ("B",), ("A",)))
    assert found.members("Plants") == ("B", "A")


def test_a_set_is_inferred_from_its_parameters() -> None:
    """Without any table of its own, a set has the labels that its parameters are given for, in first-seen order."""
    text = "set S\nparam a[S] default 0\nparam b[S] default 0\nvar x[S]\ndata\n  a = {q: 1, p: 2}\n  b = {r: 3, p: 1}"
    found = bound(text)
    assert found.members("S") == ("q", "p", "r")
    assert values(found, "b") == {("q",): 0, ("p",): 1, ("r",): 3}


def test_a_set_is_inferred_from_tuples_that_lie_within_it() -> None:
    """The nodes of a graph are known from its arcs."""
    text = "set Nodes\nset Arcs within Nodes * Nodes\nparam length[Arcs]\nvar x[(i, j) in Arcs]"
    found = bound(text, table("roads", "from, to, length", ("a", "b", 1), ("c", "a", 2)))
    assert found.members("Nodes") == ("a", "b", "c")
    assert found.members("Arcs") == (("a", "b"), ("c", "a"))
    assert values(found, "length") == {("a", "b"): 1, ("c", "a"): 2}


def test_tuples_come_from_the_first_columns_of_their_table() -> None:
    """A set of tuples takes as many columns as its members have labels."""
    text = "set Arcs within N * N\nset N\nparam length[Arcs]\nvar x[Arcs]"
    arcs = table("arcs", "from, to, length", ("a", "b", 1), ("b", "a", 2))
    assert bound(text, arcs).members("Arcs") == (("a", "b"), ("b", "a"))


def test_tuples_written_label_by_label_are_put_together() -> None:
    """Tuples of numbers arrive from nested lists with positions."""
    text = "set N = 1..3\nset Arcs within N * N\nvar x[Arcs]"
    arcs = table("Arcs", "#1, #2, Arcs", (0, 0, 1), (0, 1, 2), (1, 0, 2), (1, 1, 3))
    assert bound(text, arcs).members("Arcs") == ((1, 2), (2, 3))


@pytest.mark.parametrize(
    "entry",
    ["{A: 1, B: 2}", "[1, 2]", '{"A": 1, B: 2.0}', "1, 2"],
)
def test_values_of_one_index_in_the_data_section(entry: str) -> None:
    """A dict by label, or a list in the order of the set."""
    found = bound(f"set S\nparam a[S]\nvar x[S]\ndata\n  S = A, B\n  a = {entry}")
    assert values(found, "a") == {("A",): 1, ("B",): 2}


@pytest.mark.parametrize(
    "entry",
    [
        "{A: {1: 5, 2: 6}, B: {1: 7, 2: 8}}",
        "[[5, 6], [7, 8]]",
        "{A: [5, 6], B: [7, 8]}",
        "{(A, 1): 5, (A, 2): 6, (B, 1): 7, (B, 2): 8}",
    ],
)
def test_values_of_two_indices_in_the_data_section(entry: str) -> None:
    """Nested dicts, nested lists, a mixture, or tuples as keys."""
    found = bound(f"set S\nset T = 1..2\nparam a[S, T]\nvar x[S]\ndata\n  S = A, B\n  a = {entry}")
    assert values(found, "a") == {("A", 1): 5, ("A", 2): 6, ("B", 1): 7, ("B", 2): 8}


def test_one_number_comes_from_a_table_of_one_row_or_a_literal() -> None:
    """Parameters without index."""
    text = "param k\nparam n\nvar x\ndata\n  n = -2.5"
    found = bound(text, table("k", "k", (7,)))
    assert values(found, "k") == {(): 7}
    assert values(found, "n") == {(): -2.5}


def test_a_list_of_values_is_read_in_the_order_of_the_set() -> None:
    """JSON's flat list arrives as a table of one column."""
    found = bound("set S\nparam a[S]\nvar x[S]\ndata\n  S = A, B", table("a", "a", (3,), (4,)))
    assert values(found, "a") == {("A",): 3, ("B",): 4}


def test_tables_come_before_the_data_section_and_this_before_declarations() -> None:
    """Precedence: a table, else the data section, else what the declaration says."""
    text = "param a = 1\nparam b = 1\nparam c = 1\nvar x\ndata\n  a = 2\n  b = 2"
    found = bound(text, table("a", "a", (3,)))
    assert [values(found, name)[()] for name in "abc"] == [3, 2, 1]


def test_given_data_comes_before_the_file_that_the_model_names() -> None:
    """A table that is not the model's own file wins over it; without one, the file is read."""
    text = 'set S\nparam a[S]\nvar x[S]\ndata\n  a from "old.csv"'
    old = table("old", "S, a", ("A", 1), source="folder/old.csv")
    assert values(bound(text, old), "a") == {("A",): 1}
    new = table("new", "S, a", ("A", 9), source="new.csv")
    assert values(bound(text, old, new), "a") == {("A",): 9}


def test_files_are_read_when_no_table_stands_for_them() -> None:
    """The reader is asked once for every file that the data section names."""
    text = 'set S\nparam a[S]\nparam b[S]\nvar x[S]\ndata\n  a from "both.csv"\n  b from "both.csv"'
    asked = []

    def read(path: str) -> tuple[Table, ...]:
        asked.append(path)
        return (table("both", "S, a, b", ("A", 1, 2)),)

    model = parse(text).model
    assert files_wanted(model) == ("both.csv",)
    found = bind(model, problem(text), read)
    assert asked == ["both.csv"]
    assert values(found, "b") == {("A",): 2}


def test_the_sheet_that_holds_the_parameter_is_taken() -> None:
    """Of a workbook's several tables, the one named like the parameter, or with its column."""
    text = 'set S\nparam a[S]\nparam b[S]\nvar x[S]\ndata\n  S = A\n  a from "w.xlsx"\n  b from "w.xlsx"'
    sheets = (
        table("a", "S, value", ("A", 1), source="w.xlsx"),
        table("rest", "S, b", ("A", 2), source="w.xlsx"),
    )
    found = bound(text, *sheets)
    assert (values(found, "a"), values(found, "b")) == ({("A",): 1}, {("A",): 2})


def test_labels_match_across_numbers_and_texts() -> None:
    """7 and "7", 2.0 and 2, and spaces around a label do not keep data apart."""
    text = "set S\nset T = 1..2\nparam a[S]\nparam b[T]\nvar x[S]"
    found = bound(
        text,
        table("S", "S", ("7",), (" A ",)),
        table("aa", "S, a", (7, 1), ("A", 2)),
        table("bb", "T, b", (1.0, 5), (2.0, 6)),
    )
    assert found.members("S") == ("7", "A")
    assert values(found, "a") == {("7",): 1, ("A",): 2}
    assert values(found, "b") == {(1,): 5, (2,): 6}


def test_blank_rows_are_passed_over_and_defaults_fill_gaps() -> None:
    """Empty lines at the end of a sheet are no data; an empty cell takes the default."""
    text = "set S\nparam a[S] default 9\nvar x[S]\ndata\n  S = A, B, C"
    found = bound(text, table("data", "S, a", ("A", 1), ("B", None), (None, None)))
    assert values(found, "a") == {("A",): 1, ("B",): 9, ("C",): 9}


def test_a_condition_leaves_indices_out() -> None:
    """A parameter with a condition takes what it needs from a full table."""
    text = "set S\nparam d[i in S, j in S if i != j]\nvar x[S]\ndata\n  S = A, B"
    found = bound(text, table("d", "i, j, d", ("A", "A", 0), ("A", "B", 1), ("B", "A", 2), ("B", "B", 0)))
    assert values(found, "d") == {("A", "B"): 1, ("B", "A"): 2}


def test_computed_sets_and_parameters_see_each_other_in_any_order() -> None:
    """Sets computed from parameters, parameters over computed sets, ranges up to parameters."""
    text = """
    let total = sum(load[s] for s in Heavy)
    set Heavy = {s for s in S if load[s] > limit}
    set Pairs = {(s, t) for s in Heavy for t in 1..count_of}
    let count_of = len(Heavy)
    let share[s in Heavy] = load[s] / total
    set S
    param load[S]
    param limit = 2
    var x[Pairs]
    data
      load = {a: 1, b: 3, c: 5}
    """
    found = bound(text)
    assert found.members("Heavy") == ("b", "c")
    assert found.members("Pairs") == (("b", 1), ("b", 2), ("c", 1), ("c", 2))
    assert values(found, "total") == {(): 8}
    assert values(found, "share") == {("b",): 0.375, ("c",): 0.625}


@pytest.mark.parametrize(
    ("value", "members"),
    [
        ("1..3", (1, 2, 3)),
        ("3..2", ()),
        ("{A, B} | {B, C}", ("A", "B", "C")),
        ("{A, B} & {B, C}", ("B",)),
        ("{A, B} - {B, C}", ("A",)),
        ("{A, B} * (1..2)", (("A", 1), ("A", 2), ("B", 1), ("B", 2))),
        ("{(A, 1), (B, 2)}", (("A", 1), ("B", 2))),
        ("{i * i for i in 1..3 if i != 2}", (1, 9)),
        ("{i % 2 for i in 1..5}", (1, 0)),
        ("{(A, 1), (B, 2)} * {X}", (("A", 1, "X"), ("B", 2, "X"))),
    ],
)
def test_set_expressions(value: str, members: tuple[object, ...]) -> None:
    """Ranges, listings, unions, intersections, differences, products and computed sets."""
    assert bound(f"set S = {value}\nvar x[S]").members("S") == members


def test_missing_data_is_asked_for_by_name() -> None:
    """What is missing is listed with what is expected, in the order of the model."""
    model = parse(TRANSPORT).model
    asked = examine(model, problem(TRANSPORT, MARKETS)).missing
    assert [line.split(":")[0] for line in asked] == ["Plants"]
    asked = examine(model, problem(TRANSPORT, PLANTS, MARKETS, table("cost", "p, m, cost", *LONG[:1]))).missing
    assert asked == ("cost: 3 of 4 values",)
    asked = examine(model, problem(TRANSPORT, table("Plants", "Plants", ("A",)), MARKETS)).missing
    assert asked == ("supply: a number for each of Plants", "cost: a number for each of Plants x Markets")
    assert examine(model, problem(TRANSPORT, PLANTS, MARKETS, table("cost", "p, m, cost", *LONG))).missing == ()


def test_many_shuffled_rows_are_bound() -> None:
    """A long table of 300 x 300 names with its rows shuffled lands where it belongs."""
    size = 300
    plants = np.array([f"p{k}" for k in range(size)], dtype=object)
    markets = np.array([f"m{k}" for k in range(size)], dtype=object)
    order = np.random.default_rng(0).permutation(size * size)
    costs = np.arange(size * size, dtype=np.float64)
    columns = (
        Column("Plants", np.repeat(plants, size)[order]),
        Column("Markets", np.tile(markets, size)[order]),
        Column("cost", costs[order]),
    )
    found = bound(
        TRANSPORT,
        Table("Plants", (Column("Plants", plants), Column("supply", np.ones(size)))),
        Table("Markets", (Column("Markets", markets), Column("demand", np.ones(size)))),
        Table("freight", columns),
    )
    assert np.array_equal(found.params["cost"].values, costs)
