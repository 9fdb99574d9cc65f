"""Routing files: read as their formats have it, written and read again, and what is malformed said by line."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import numpy as np
import pytest
from small_worlds import instance_of

from solvitur.api import Column, Feature, Formulation, InputError, Problem, Result, Solved, Status, Table
from solvitur_routing.costs import objective_of, route_cost
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.kind import RoutingKind
from solvitur_routing.solomon_files import WindowedText
from solvitur_routing.standard_files import StandardFile
from solvitur_routing.table_files import StopTable
from solvitur_routing.writing import RouteTable, SolutionWriter, StandardWriter

TSP = "NAME: t\nTYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 0 8\nEOF\n"
CVRP = (
    "NAME: c\nTYPE: CVRP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EUC_2D\nCAPACITY: 10\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n"
    "3 0 8\nDEMAND_SECTION\n1 0\n2 5\n3 6\nDEPOT_SECTION\n1\n-1\nEOF\n"
)
SOLOMON = (
    "R1\n\nVEHICLE\nNUMBER CAPACITY\n 2 20\n\nCUSTOMER\nCUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE\n\n"
    "0 0 0 0 0 100 0\n1 3 4 5 0 50 10\n2 0 8 5 10 60 10\n"
)
LI_LIM = "2 20 1\n0 0 0 0 0 100 0 0 0\n1 3 4 5 0 50 10 0 2\n2 0 8 -5 10 60 10 1 0\n"


def read_text(folder: Path, text: str, name: str = "x.vrp") -> RoutingInstance:
    """Reads a text with the importer that recognises it best."""
    path = folder / name
    path.write_text(text)
    readers = [StandardFile(), WindowedText(), StopTable()]
    best = max(readers, key=lambda reader: reader.recognises(path, path.read_bytes()[:65536]))
    imported = best.read(path, {})
    assert imported.problem is not None
    return instance_of(imported.problem)


def matrix(instance: RoutingInstance) -> list[list[float]]:
    """Returns all distances."""
    found: list[list[float]] = instance.distance_matrix().tolist()
    return found


FULL = [[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]]


@pytest.mark.parametrize(
    ("layout", "cells"),
    [
        ("FULL_MATRIX", "0 1 2 3 1 0 4 5 2 4 0 6 3 5 6 0"),
        ("UPPER_ROW", "1 2 3 4 5 6"),
        ("LOWER_ROW", "1 2 4 3 5 6"),
        ("UPPER_DIAG_ROW", "0 1 2 3 0 4 5 0 6 0"),
        ("LOWER_DIAG_ROW", "0 1 0 2 4 0 3 5 6 0"),
        ("UPPER_COL", "1 2 4 3 5 6"),
        ("LOWER_COL", "1 2 3 4 5 6"),
        ("UPPER_DIAG_COL", "0 1 0 2 4 0 3 5 6 0"),
        ("LOWER_DIAG_COL", "0 1 2 3 0 4 5 0 6 0"),
    ],
)
def test_every_layout_of_a_matrix_is_the_same_matrix(layout: str, cells: str, tmp_path: Path) -> None:
    """The nine layouts of EDGE_WEIGHT_SECTION give one matrix."""
    text = (
        f"NAME: m\nTYPE: TSP\nDIMENSION: 4\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: {layout}\n"
        f"EDGE_WEIGHT_SECTION\n{cells}\nEOF\n"
    )
    assert matrix(read_text(tmp_path, text)) == FULL


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("EUC_2D", 5.0), ("CEIL_2D", 5.0), ("MAN_2D", 7.0), ("MAX_2D", 4.0), ("ATT", 2.0), ("GEO", 553.0)],
)
def test_every_metric_is_its_own(kind: str, expected: float, tmp_path: Path) -> None:
    """Distances from (0, 0) to (3, 4) by each edge weight type, as TSPLIB defines them."""
    found = matrix(read_text(tmp_path, TSP.replace("EUC_2D", kind)))[0][1]
    assert found == pytest.approx(expected, abs=4.0 if kind == "GEO" else 0.0)


def test_gzipped_files_and_odd_names_are_read(tmp_path: Path) -> None:
    """A gzipped file without a telling name is known by its content."""
    path = tmp_path / "whatever.bin"
    path.write_bytes(gzip.compress(CVRP.encode()))
    reader = StandardFile()
    assert reader.recognises(path, path.read_bytes()) > 0.9
    problem = reader.read(path, {}).problem
    assert problem is not None
    assert Feature.CAPACITIES in instance_of(problem).features


def test_customs_of_rounding_are_followed_and_said(tmp_path: Path) -> None:
    """Windowed files cut after the first decimal, CMT is not rounded, others are; each with a sentence."""
    path = tmp_path / "w.vrp"
    for text, expected in (
        (CVRP, "rounded to whole numbers"),
        (CVRP.replace("NAME: c", "NAME: CMT1"), "not rounded (guessed"),
        (CVRP.replace("TYPE: CVRP", "TYPE: VRPTW"), "cut after the first decimal"),
        (CVRP.replace("TYPE: CVRP", "TYPE: MDVRPTW"), "thousandths"),
    ):
        path.write_text(text)
        assert expected in " ".join(finding.text for finding in StandardFile().read(path, {}).findings)
    problem = StandardFile().read(path, {"rounding": "none", "report": "units"}).problem
    assert problem is not None
    assert instance_of(problem).rounding == "none"


def test_solomon_and_li_lim_texts_are_read(tmp_path: Path) -> None:
    """Windows, service, pairs and the fleet come from their columns; the options choose the objective."""
    instance = read_text(tmp_path, SOLOMON, "r.txt")
    assert instance.latest.tolist() == [100, 50, 60]
    assert instance.fleet.vehicles == 2
    assert matrix(instance)[0][1] == 5.0
    paired = read_text(tmp_path, LI_LIM, "l.txt")
    assert paired.pairs.tolist() == [[1, 2]]
    assert paired.amount.tolist() == [[5.0]]
    path = tmp_path / "r.txt"
    path.write_text(SOLOMON)
    problem = WindowedText().read(path, {"objective": "vehicles first"}).problem
    assert problem is not None
    assert instance_of(problem).vehicles_first


MALFORMED = [
    (TSP.replace("3 0 8\n", ""), "x.tsp", 7, "first missing index is 3"),
    (TSP.replace("2 3 4", "2 3 four"), "x.tsp", 7, "'four'"),
    (TSP.replace("2 3 4", "1 3 4"), "x.tsp", 7, "index 1 twice"),
    (TSP.replace("DIMENSION: 3", "DIMENSION: three"), "x.tsp", 3, "expected a number"),
    (TSP.replace("EUC_2D", "XRAY9"), "x.tsp", 4, "expected one of"),
    (TSP.replace("DIMENSION: 3\n", ""), "x.tsp", 8, "'DIMENSION: ...'"),
    (CVRP.replace("3 6\n", ""), "x.vrp", 12, "DEMAND_SECTION has 2 rows, expected 3"),
    (CVRP.replace("2 5\n", "2 -5\n"), "x.vrp", 12, "node 2 has -5"),
    (CVRP.replace("CAPACITY: 10", "CAPACITY: much"), "x.vrp", 5, "expected a number of at least 0"),
    (CVRP.replace("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n9\n"), "x.vrp", 15, "is no node"),
    (CVRP.replace("EOF", "TIME_WINDOW_SECTION\n1 0 9\n2 5 1\n3 0 9\nEOF"), "x.vrp", 19, "before it begins"),
    (SOLOMON.replace("1 3 4 5 0 50 10", "1 3 4 5 0 50"), "r.txt", 11, "6 cells, expected 7"),
    (SOLOMON.replace("1 3 4 5 0 50 10", "1 3 4 5 60 50 10"), "r.txt", 11, "before it begins"),
    (SOLOMON.replace("2 0 8 5 10 60 10", "3 0 8 5 10 60 10"), "r.txt", 12, "expected 2"),
    (SOLOMON.replace(" 2 20", " 0 20"), "r.txt", 5, "at least 1 vehicle"),
    (LI_LIM.replace("1 0\n", "0 0\n"), "l.txt", 3, "does not name it as its pickup"),
]


@pytest.mark.parametrize(("text", "name", "line", "words"), MALFORMED)
def test_what_is_malformed_is_said_by_line(text: str, name: str, line: int, words: str, tmp_path: Path) -> None:
    """Each malformed file names its line and what was expected."""
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, text, name)
    finding = caught.value.findings[0]
    assert words in finding.text
    assert finding.place.line == line


def test_wrong_matrices_are_said_by_name(tmp_path: Path) -> None:
    """Too few, negative and missing entries name how many, or the two places."""
    head = "NAME: m\nTYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: UPPER_ROW\n"
    with pytest.raises(InputError, match="2 entries, expected 3"):
        read_text(tmp_path, head + "EDGE_WEIGHT_SECTION\n1 2\nEOF\n")
    with pytest.raises(InputError, match="from node 1 to node 3 is -2"):
        read_text(tmp_path, head + "EDGE_WEIGHT_SECTION\n1 -2 3\nEOF\n")
    stops = Table.from_rows("stops", ["name"], [["home"], ["shop"]])
    holes = Table.from_rows("distances", ["home", "shop"], [[0.0, None], [-1.0, 0.0]])
    problem = Problem(formulation=Formulation("routing", "metric: matrix\n"), tables=(stops, holes))
    said = " ".join(finding.text for finding in RoutingKind().check(problem))
    assert "from 'home' to 'shop' is missing" in said
    assert "from 'shop' to 'home' is negative" in said


def test_what_is_impossible_is_said_by_name() -> None:
    """Windows that nobody can meet, loads that nobody can carry, and stops that nobody may serve."""
    columns = ["name", "x", "y", "demand", "earliest", "latest", "needs"]
    rows = [["depot", 0, 0, 0, 0, 100, ""], ["far", 90, 0, 5, 0, 50, ""], ["big", 1, 0, 50, 0, 100, ""]]
    rows += [["cold", 2, 0, 1, 0, 100, "ice"]]
    tables = (
        Table.from_rows("stops", columns, rows),
        Table.from_rows("vehicles", ["name", "count", "capacity"], [["van", 2, 10]]),
    )
    problem = Problem(formulation=Formulation("routing"), tables=tables)
    said = " ".join(finding.text for finding in RoutingKind().check(problem))
    assert "'far' cannot be served in time" in said
    assert "the demand of 'big' is 50, more than any vehicle carries (10)" in said
    assert "no vehicle may serve 'cold'" in said
    crossed = Table.from_rows("stops", columns, [rows[0], ["late", 1, 0, 0, 9, 3, ""]])
    with pytest.raises(InputError, match="time window of 'late' ends at 3, before it begins at 9"):
        RoutingKind().bind(Problem(formulation=Formulation("routing"), tables=(crossed,)))


@pytest.mark.parametrize("text", [TSP, CVRP, CVRP.replace("EUC_2D", "MAN_2D")])
def test_what_is_written_is_read_again(text: str, tmp_path: Path) -> None:
    """A problem written as a standard file is the same problem."""
    first = read_text(tmp_path, text)
    target = tmp_path / "again.vrp"
    StandardWriter().write(first, target)
    second = read_text(tmp_path, target.read_text(), "second.vrp")
    assert matrix(first) == matrix(second)
    assert first.delivery.tolist() == second.delivery.tolist()
    assert first.features == second.features


def test_answers_are_written_as_solutions_and_tables(tmp_path: Path) -> None:
    """A VRPLIB solution numbers stops from 1 and tells the cost; the table has a row for each visit."""
    instance = read_text(tmp_path, CVRP)
    answer = RoutingAnswer.of([[1], [2]], [0, 0])
    solved = Solved(Problem("c"), instance, Result(Status.FEASIBLE, answer, objective_of(instance, answer)))
    SolutionWriter().write(solved, tmp_path / "c.sol")
    assert (tmp_path / "c.sol").read_text() == "Route #1: 1\nRoute #2: 2\nCost 26\n"
    RouteTable().write(solved, tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_text().splitlines()[1] == "vehicle 1,1,2,10"


def test_tables_are_matched_by_their_columns(tmp_path: Path) -> None:
    """German or English, near names are found, and what was taken for what is said."""
    path = tmp_path / "kunden.csv"
    path.write_text("Customer;Longitude;Latitude;Quantity\nLager;13.4;52.5;0\nA;13.5;52.6;3\n")
    imported = StopTable().read(path, {})
    assert imported.problem is not None
    instance = instance_of(imported.problem)
    assert instance.metric == "haversine"
    assert 10.0 < matrix(instance)[0][1] < 16.0
    said = " ".join(finding.text for finding in imported.findings)
    assert "'Quantity' as demand" in said
    path.write_text("a;b\n1;2\n")
    with pytest.raises(InputError, match="no columns of positions"):
        StopTable().read(path, {})


def test_large_problems_need_no_matrix() -> None:
    """Ten thousand stops bind without a table of all distances; an edited route is judged in far under 50 ms."""
    random = np.random.default_rng(1)
    n = 10_001
    names = np.empty(n, object)
    names[:] = [f"s{k}" for k in range(n)]
    columns = (Column("name", names), Column("x", random.random(n)), Column("y", random.random(n)))
    instance = instance_of(Problem(formulation=Formulation("routing"), tables=(Table("stops", columns),)))
    assert instance.distances is None
    visits = random.permutation(n - 1) + 1
    clock = time.perf_counter()
    route_cost(instance, visits, 0)
    assert time.perf_counter() - clock < 0.05
