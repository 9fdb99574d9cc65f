"""Visualisers: each draws what it is made for with the right numbers and names, and ranks itself 0 elsewhere."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pytest
from picture_world import World

import solvitur_pictures
from solvitur.api import (
    Bars,
    Block,
    Gantt,
    Graph,
    Heatmap,
    Lines,
    Picture,
    Result,
    Scatter,
    Solved,
    SparseRows,
    Status,
    TablePicture,
    Visualiser,
)

_P = TypeVar("_P", bound=Picture)
PLANTS, MARKETS = ("Seattle", "San Diego"), ("New York", "Chicago", "Topeka")


def visualiser(name: str) -> Visualiser:
    return next(part for part in solvitur_pictures.visualisers() if part.name == name)


def drawn(name: str, solved: Solved, kind: type[_P]) -> list[_P]:
    pictures = visualiser(name).draw(solved)
    assert pictures
    assert all(isinstance(picture, kind) for picture in pictures)
    return list(pictures)  # type: ignore[arg-type]


def best(solved: Solved) -> str:
    return max(solvitur_pictures.visualisers(), key=lambda part: part.suits(solved)).name


def transport() -> World:
    values = [[50, 300, 0], [275, 0, 275]]
    sets = {"Plants": PLANTS, "Markets": MARKETS}
    return World().variable("ship", sets, values, cost=2.0, unit="case", description="shipped from p to m")


def test_an_answer_without_values_suits_nobody() -> None:
    solved = transport().solved()
    for answer in (None, np.zeros(3)):
        empty = Solved(solved.problem, solved.instance, Result(Status.UNKNOWN, answer))
        assert [part.suits(empty) for part in solvitur_pictures.visualisers()] == [0.0] * 12


def test_bars_tell_every_label_of_a_one_index_variable() -> None:
    solved = World().variable("make", {"Goods": ["oil", "flour"]}, [3.5, 0.0], unit="t").solved()
    (bars,) = drawn("bars", solved, Bars)
    assert bars.labels == ("oil", "flour")
    assert bars.values.tolist() == [[3.5, 0.0]]
    assert bars.elements == ("make[oil]", "make[flour]")
    assert (bars.unit, bars.axis, bars.caption) == ("t", "Goods", "")


def test_many_bars_are_cut_to_the_largest_and_it_is_said() -> None:
    values = np.arange(1000.0)
    (bars,) = drawn("bars", World().variable("x", {"I": [f"i{n}" for n in range(1000)]}, values).solved(), Bars)
    assert bars.values.shape == (1, 40)
    assert bars.values.min() == 960
    assert bars.caption == "Showing the 40 largest of 1\u2009000."


def test_rounding_noise_is_no_value() -> None:
    solved = World().variable("share", {"A": ["a", "b"]}, [0.5, -1.4e-17]).solved()
    (bars,) = drawn("bars", solved, Bars)
    assert bars.values.tolist() == [[0.5, 0.0]]


def test_use_of_limits_tells_left_sides_and_limits() -> None:
    world = transport()
    start = np.array([0, 3, 6])
    matrix = SparseRows(2, 6, start, np.arange(6), np.ones(6))
    rows = (Block("supply", 0, 2, (PLANTS,), ("Plants",)),)
    (bars,) = drawn("use", world.solved(rows, matrix, [400.0, 550.0]), Bars)
    assert bars.values.tolist() == [[350.0, 550.0]]
    assert bars.limits is not None
    assert bars.limits.tolist() == [400.0, 550.0]
    assert bars.elements == ("supply[Seattle]", "supply[San Diego]")


def test_parts_of_the_objective_add_up_to_it() -> None:
    world = (
        World().variable("a", {"I": ["x", "y"]}, [1, 2], cost=3.0).variable("b", {"I": ["x", "y"]}, [1, 1], cost=0.5)
    )
    solved = world.solved()
    (bars,) = drawn("objective", solved, Bars)
    assert dict(zip(bars.labels, bars.values[0].tolist(), strict=True)) == {"a": 9.0, "b": 1.0}
    assert bars.values.sum() == solved.result.objective


def test_a_heatmap_holds_the_values_of_a_two_index_variable() -> None:
    (heatmap,) = drawn("heatmap", transport().solved(), Heatmap)
    assert heatmap.values.tolist() == [[50, 300, 0], [275, 0, 275]]
    assert (heatmap.rows, heatmap.columns, heatmap.element) == (PLANTS, MARKETS, "ship")
    assert heatmap.title == "ship: shipped from p to m"


def test_a_heatmap_of_a_sparse_variable_leaves_absent_cells_empty() -> None:
    codes = (np.array([0, 1]), np.array([2, 0]))
    world = transport()
    world.blocks[0] = Block("flow", 0, 2, (PLANTS, MARKETS), ("Plants", "Markets"), codes)
    world.values, world.costs = [np.array([4.0, 5.0])], [np.zeros(2)]
    (heatmap,) = drawn("heatmap", world.solved(), Heatmap)
    assert np.isnan(heatmap.values[0, 0])
    assert (heatmap.values[0, 2], heatmap.values[1, 0]) == (4.0, 5.0)


def test_a_large_heatmap_is_summed_and_it_is_said() -> None:
    sets = {"I": range(1000), "J": [f"j{n}" for n in range(1000)]}
    (heatmap,) = drawn("heatmap", World().variable("x", sets, np.ones((1000, 1000))).solved(), Heatmap)
    assert heatmap.values.shape == (500, 500)
    assert heatmap.values.sum() == 1_000_000
    assert "each sums 2 x 2 values" in heatmap.caption
    assert heatmap.element == ""


def test_flows_are_layers_between_different_sets() -> None:
    (graph,) = drawn("flows", transport().solved(), Graph)
    assert graph.layered
    links = {
        (graph.nodes[s], graph.nodes[t]): w for s, t, w in zip(graph.source, graph.target, graph.weight, strict=True)
    }
    assert links == {
        ("Seattle", "New York"): 50,
        ("Seattle", "Chicago"): 300,
        ("San Diego", "New York"): 275,
        ("San Diego", "Topeka"): 275,
    }
    assert graph.elements[1] == "ship[Seattle, Chicago]"


def test_plants_and_markets_of_the_same_name_stay_apart() -> None:
    sets = {"Plants": ["Munich"], "Markets": ["Munich", "Bonn"]}
    (graph,) = drawn("flows", World().variable("ship", sets, [[1, 2]]).solved(), Graph)
    assert graph.nodes == ("Munich", "Munich", "Bonn")
    assert graph.source.tolist() == [0, 0]
    assert graph.target.tolist() == [1, 2]


def test_flows_within_one_set_join_its_labels() -> None:
    sets = {"Nodes": ["a", "b"], "Nodes ": ["a", "b"]}
    world = World().variable("flow", sets, [[0, 2], [1, 0]])
    (graph,) = drawn("flows", world.solved(), Graph)
    assert graph.nodes == ("a", "b")
    assert not graph.layered


def test_flows_of_several_goods_on_the_same_arcs_are_summed() -> None:
    world = World().variable("flow", {"K": ["x", "y"], "N": ["a", "b"], "N2": ["a", "b"]}, np.ones((2, 2, 2)))
    block = world.blocks[0]
    world.blocks[0] = Block(block.name, 0, 8, block.sets, ("K", "N", "N"))
    (graph,) = drawn("flows", world.solved(), Graph)
    assert graph.weight.tolist() == [2.0] * 4
    assert graph.caption == "Summed over K."
    assert set(graph.elements) == {""}


def test_a_map_is_drawn_where_the_tables_have_coordinates() -> None:
    places = [[name, n, 2 * n] for n, name in enumerate((*PLANTS, *MARKETS))]
    solved = transport().table("places", ["place", "longitude", "latitude"], places).solved()
    assert best(solved) == "map"
    (graph,) = drawn("map", solved, Graph)
    assert graph.positions is not None
    assert graph.positions.tolist() == [[0, 0], [1, 2], [2, 4], [3, 6], [4, 8]]
    assert graph.weight.sum() == 900


def test_places_are_sized_by_a_one_index_variable() -> None:
    world = (
        World()
        .variable("build", {"Sites": ["a", "b"]}, [2.0, 0.0])
        .table("s", ["Sites", "x", "y"], [["a", 1, 2], ["b", 3, 4]])
    )
    (scatter,) = drawn("map", world.solved(), Scatter)
    assert scatter.x.tolist() == [1, 3]
    assert scatter.size is not None
    assert scatter.size.tolist() == [2, 0]
    assert scatter.elements == ("build[a]", "build[b]")


@pytest.mark.parametrize("y", [["north", "south"], [1, None]])
def test_coordinates_that_are_no_numbers_give_no_map(y: list[Any]) -> None:
    world = (
        World()
        .variable("build", {"S": ["a", "b"]}, [1, 1])
        .table("s", ["S", "x", "y"], [["a", 1, y[0]], ["b", 3, y[1]]])
    )
    assert visualiser("map").suits(world.solved()) == 0.0


def test_periods_are_drawn_as_lines_by_label() -> None:
    world = World().variable(
        "stock", {"Goods": ["oil", "rye"], "Months": range(1, 5)}, [[1, 2, 3, 4], [0, 9, 0, 0]], unit="t"
    )
    assert best(world.solved()) == "periods"
    (lines,) = drawn("periods", world.solved(), Lines)
    assert set(lines.series) == {"oil", "rye"}
    oil = lines.series.index("oil")
    assert lines.x[oil].tolist() == [1, 2, 3, 4]
    assert lines.y[oil].tolist() == [1, 2, 3, 4]
    assert lines.elements[oil][2] == "stock[oil, 3]"


def test_variables_over_the_same_periods_share_a_picture() -> None:
    world = World().variable("make", {"T": range(1, 4)}, [1, 2, 3]).variable("stock", {"T": range(1, 4)}, [0, 1, 0])
    (lines,) = drawn("periods", world.solved(), Lines)
    assert lines.series == ("make", "stock")


def test_a_sudoku_is_a_grid_of_its_digits() -> None:
    digits = range(1, 10)
    cells = np.zeros((9, 9, 9))
    for r in range(9):
        for c in range(9):
            cells[r, c, (3 * (r % 3) + r // 3 + c) % 9] = 1
    sets = {"Rows": digits, "Columns": digits, "Digits": digits}
    solved = World().variable("cell", sets, cells, binary=True).solved()
    assert best(solved) == "grid"
    (grid,) = drawn("grid", solved, Heatmap)
    assert grid.discrete
    assert grid.value_names[int(grid.values[0, 0])] == "1"
    assert grid.value_names[int(grid.values[1, 0])] == "4"


def test_two_choices_in_one_cell_are_no_grid() -> None:
    solved = World().variable("x", {"I": "ab", "J": "cd", "K": "ef"}, np.ones((2, 2, 2)), binary=True).solved()
    assert visualiser("grid").suits(solved) == 0.0


def test_starts_with_durations_of_a_table_make_a_timetable() -> None:
    world = World().variable("start", {"Tasks": ["cut", "glue"]}, [0, 4], unit="h")
    solved = world.table(
        "tasks", ["Tasks", "duration", "machine"], [["glue", 2, "press"], ["cut", 3, "saw"]]
    ).solved()
    assert best(solved) == "timetable"
    (gantt,) = drawn("timetable", solved, Gantt)
    assert gantt.end.tolist() == [3, 6]
    assert [gantt.lanes[n] for n in gantt.lane] == ["saw", "press"]


def test_starts_by_job_and_machine_have_the_machines_as_lanes() -> None:
    sets = {"Jobs": ["j1", "j2"], "Machines": ["m1", "m2"]}
    world = World().variable("start", sets, [[0, 3], [2, 5]]).variable("duration", sets, [[2, 2], [1, 1]])
    (gantt,) = drawn("timetable", world.solved(), Gantt)
    assert gantt.lanes == ("m1", "m2")
    assert gantt.groups == ("j1", "j1", "j2", "j2")
    assert gantt.end.tolist() == [2, 5, 3, 6]


def test_starts_without_durations_are_no_timetable() -> None:
    solved = World().variable("start", {"Tasks": ["cut", "glue"]}, [0, 4]).solved()
    assert visualiser("timetable").suits(solved) == 0.0


def test_addresses_with_times_and_sizes_make_an_address_map() -> None:
    rows = [["a", 0, 3, 64], ["b", 2, 5, 32]]
    world = World().variable("address", {"Tensors": ["a", "b"]}, [0, 64], unit="KiB")
    solved = world.table("tensors", ["Tensors", "first", "last", "size"], rows).solved()
    assert best(solved) == "addresses"
    (gantt,) = drawn("addresses", solved, Gantt)
    assert gantt.low is not None
    assert gantt.high is not None
    assert gantt.high.tolist() == [64, 96]
    assert gantt.caption == "Highest use 96 KiB."


def test_addresses_take_their_times_from_presence_over_periods() -> None:
    keep = [[1, 1, 0, 1], [0, 1, 1, 0]]
    world = World().variable("address", {"Tensors": ["a", "b"]}, [0, 64])
    world.variable("keep", {"Tensors": ["a", "b"], "Steps": range(1, 5)}, keep, binary=True)
    (gantt,) = drawn("addresses", world.table("t", ["Tensors", "size"], [["a", 64], ["b", 8]]).solved(), Gantt)
    assert gantt.labels == ("a", "a", "b")
    assert gantt.start.tolist() == [1, 4, 2]
    assert gantt.end.tolist() == [3, 5, 4]


def test_a_calendar_joins_periods_without_a_break() -> None:
    on = [[0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]]
    world = World().variable("on", {"Units": ["u", "v", "w"], "Hours": range(1, 5)}, on, binary=True)
    (gantt,) = drawn("calendar", world.solved(), Gantt)
    assert gantt.lanes == ("v", "u")
    assert sorted(zip(gantt.start.tolist(), gantt.end.tolist(), strict=True)) == [(1, 2), (2, 4), (4, 5)]
    assert gantt.caption == "1 of 3 never occur."
    assert "on[u, 2]" in gantt.elements


def test_the_list_holds_what_is_not_zero() -> None:
    world = transport().variable("total", {}, [900.0])
    world.blocks[1] = Block("total", 6, 1)
    scalars, table = drawn("list", world.solved(), TablePicture)
    assert scalars.columns[1].tolist() == [900.0]
    assert table.header == ("Plants", "Markets", "ship")
    assert table.columns[2].tolist() == [50, 300, 275, 275]
    assert table.caption == "4 of 6 values are not zero."


def test_a_large_list_is_cut_and_it_is_said() -> None:
    table = drawn("list", World().variable("x", {"I": range(20_000)}, np.ones(20_000)).solved(), TablePicture)[0]
    assert len(table.columns[0]) == 5_000
    assert "Showing the 5\u2009000 largest" in table.caption
