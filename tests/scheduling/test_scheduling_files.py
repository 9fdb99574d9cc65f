"""Standard scheduling files open by content, and malformed ones are refused with file, line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvitur.engine.importing import open_file
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.errors import InputError

JOB = "2 2\n0 3 1 2\n1 2 0 4\n"
FLEXIBLE = "2 2 1.5\n2 1 1 3 2 1 4 2 2\n1 2 1 5 2 6\n"
TAILLARD_FLOW = """number of jobs, number of machines, initial seed, upper bound and lower bound :
 3 2 873654221 1278 1232
processing times :
 54 83 15
 79  3 11
"""
TAILLARD_JOB = "Nb of jobs, Nb of Machines, Time seed\n2 2 1\nTimes\n3 2\n2 4\nMachines\n1 2\n2 1\n"
PATTERSON = "4 1\n3\n0 0 2 2 3\n2 2 1 4\n3 2 1 4\n0 0 0\n"
PSPLIB = """************************************************************************
jobs (incl. supersource/sink ):  4
horizon                       :  20
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  1   N
  - doubly constrained        :  0   D
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        2          1           4
   3        1          1           4
   4        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     2       2    5
         2     4       1    0
  3      1     3       2    1
  4      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  N 1
    3    4
************************************************************************
"""


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    """All plugins that ship with us."""
    return Plugins.load()


def _opened(plugins: Plugins, folder: Path, name: str, text: str) -> Problem:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    problem = open_file(plugins, path).problem
    assert problem is not None
    assert problem.formulation.kind == "scheduling"
    return problem


@pytest.mark.parametrize(
    ("name", "text", "operations", "modes", "shop"),
    [
        ("a.txt", JOB, 4, 4, True),
        ("a.fjs", FLEXIBLE, 3, 5, False),
        ("plain.txt", FLEXIBLE, 3, 5, False),
        ("flow.txt", TAILLARD_FLOW, 6, 6, False),
        ("job.txt", TAILLARD_JOB, 4, 4, True),
        ("a.rcp", PATTERSON, 4, 4, False),
        ("b.txt", PATTERSON, 4, 4, False),
        ("j.mm", PSPLIB, 4, 5, False),
        ("k.txt", PSPLIB, 4, 5, False),
    ],
)
def test_files_open_by_their_content(
    plugins: Plugins, tmp_path: Path, name: str, text: str, operations: int, modes: int, shop: bool
) -> None:
    problem = _opened(plugins, tmp_path, name, text)
    instance = plugins.kind("scheduling").bind(problem)
    assert instance.size == operations
    assert len(instance.duration) == modes
    assert instance.is_job_shop == shop


def test_a_file_that_could_be_two_layouts_says_how_it_was_read(plugins: Plugins, tmp_path: Path) -> None:
    path = tmp_path / "both.jsp"
    path.write_text("1 3\n0 2 1 1 2 3\n", encoding="utf-8")
    assert not open_file(plugins, path).findings
    path.write_text("1 4\n1 3 1 1 2 1 3 1\n", encoding="utf-8")
    findings = open_file(plugins, path).findings
    assert any("read as a job shop" in finding.text for finding in findings)


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("a.jsp", "2 2\n0 3 1\n1 2 0 4\n", 2, "pairs"),
        ("a.jsp", "2 2\n0 3 1 x\n1 2 0 4\n", 2, "'x'"),
        ("a.jsp", "2 2\n0 3 1 -2\n1 2 0 4\n", 2, "-2"),
        ("a.jsp", "2 2\n0 3 7 2\n1 2 0 4\n", 2, "machine"),
        ("a.jsp", "3 2\n0 3 1 2\n1 2 0 4\n", 3, "expected 3"),
        ("a.jsp", "1 2\n0 3 1 2\n1 2 0 4\n", 3, "remove it"),
        ("a.jsp", "zwei 2\n0 3 1 2\n", 1, "numbers of jobs and machines"),
        ("a.fjs", "2 2 1\n2 1 1 3 2 1 4 2 2\n1 3 1 5 2 6\n", 3, "3"),
        ("a.fjs", "1 2 1\n1 1 1 3 9\n", 2, "left over"),
        ("a.rcp", "4 1\n3\n0 0 2 2 3\n2 2 1 9\n3 2 1 4\n0 0 0\n", 4, "9"),
        ("a.rcp", "4 1\n3\n0 0 2 2 3\n2 2 1 4\n3 2 1", 5, "ends"),
        ("a.rcp", "4 1\n3\n0 0 2 2 3\n2 2 1 4\n3 2 1 4\n0 0 0\n7 7\n", 7, "left over"),
        ("a.mm", PSPLIB.replace("   2        2          1           4\n", ""), 12, "job 2"),
        ("a.sm", PSPLIB.replace("RESOURCEAVAILABILITIES", "NOTHING"), 0, "RESOURCEAVAILABILITIES"),
        ("a.mm", PSPLIB.replace("    3    4\n", "    3\n"), 0, "N1"),
    ],
)
def test_malformed_files_are_refused_with_line_and_expectation(
    plugins: Plugins, tmp_path: Path, name: str, text: str, line: int, said: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_file(plugins, path)
    finding = caught.value.findings[0]
    assert said in finding.text
    assert finding.place.file.endswith(name)
    if line:
        assert finding.place.line == line


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("job,operation,machine,duration\nA,cut,saw,\n", "'duration'"),
        ("job,operation,machine,duration\nA,cut,saw,-3\n", "at least 0"),
        ("job,operation,machine,duration,after\nA,cut,saw,3,paint\n", "'paint'"),
        ("job,operation,machine,duration,after\nA,cut,saw,3,bend\nA,bend,press,2,cut\n", "wait for each other"),
    ],
)
def test_wrong_tables_are_told_by_name(plugins: Plugins, tmp_path: Path, table: str, said: str) -> None:
    path = tmp_path / "operations.csv"
    path.write_text(table, encoding="utf-8")
    tables = open_file(plugins, path).tables
    kind = plugins.kind("scheduling")
    problem = Problem("shop", formulation=Formulation("scheduling", "objective: makespan\n"), tables=tables)
    assert any(said in finding.text for finding in kind.check(problem))
