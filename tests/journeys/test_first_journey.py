"""From an empty project to a saved, reopened and re-solved one, through the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import Person
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTableView

from solvitur.problem.result import Status

MODEL = """\
set Plants
set Markets
param supply[Plants] >= 0
param demand[Markets] >= 0
param cost[Plants, Markets]
var ship[p in Plants, m in Markets] >= 0
minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)
subject to within[p in Plants]: sum(ship[p, m] for m in Markets) <= supply[p]
subject to meet[m in Markets]: sum(ship[p, m] for p in Plants) >= demand[m]

data
  cost = {Seattle: {NYC: 2.5, Chicago: 1.7, Topeka: 1.8}, Gary: {NYC: 2.5, Chicago: 1.8, Topeka: 1.4}}
"""


def test_a_model_is_written_solved_changed_compared_saved_and_reopened(person: Person, tmp_path: Path) -> None:
    """One sitting: write, mend, bring data, solve, read the verdict, change, solve again, save, reopen, repeat."""
    person.does("file.new")
    person.window.stage.turn_to("understand")

    # The first draft uses a word of the language as a name; the editor says so, and it is mended.
    person.writes("model-text", MODEL)
    person.until(
        lambda: (
            person.session.checked is not None and any("within" in f.text for f in person.session.checked.findings)
        ),
        "the slip is found",
    )
    person.writes("model-text", MODEL.replace("within[p", "in_supply[p"))
    person.until(
        lambda: person.session.checked is not None and len(person.session.checked.missing) == 2,
        "the missing data is named",
    )
    missing = person.session.checked.missing if person.session.checked else ()
    assert [entry.split(":")[0] for entry in missing] == ["supply", "demand"]

    # Data arrives as files.
    (tmp_path / "supply.csv").write_text("Plants,supply\nSeattle,350\nGary,600\n", "utf-8")
    (tmp_path / "demand.csv").write_text("Markets,demand\nNYC,325\nChicago,300\nTopeka,275\n", "utf-8")
    for name in ("supply", "demand"):
        person.brings(tmp_path / f"{name}.csv")
    person.until(lambda: bool(person.session.checked and person.session.checked.sizes), "the model is bound")

    first = person.solves()
    assert (first.status, first.verified) == (Status.OPTIMAL, True)
    assert first.objective == pytest.approx(1707.5)

    # Look back shows the verdict and the values.
    person.does("place.lookback")
    person.until(lambda: "verified" in person.find(QLabel, "runVerdict").text(), "the verdict is shown")
    assert person.find(QTableView, "runsTable").model().rowCount() == 1

    # More demand than supply: said, not hidden; undone, it solves again.
    text = person.session.problem.formulation.text
    person.does("place.understand")
    person.writes("model-text", text.replace(">= demand[m]", ">= 2 * demand[m]"))
    second = person.solves()
    assert second.status == Status.INFEASIBLE
    person.does("edit.undo")
    assert person.session.problem.formulation.text == text
    person.until(lambda: person.find(QPlainTextEdit, "model-text").toPlainText() == text, "the editor shows it")

    path = tmp_path / "transport.solvitur"
    person.saves_as(path)
    person.starts_anew()
    person.opens(path)
    assert sorted(row.number for row in person.session.runs.list()) == [1, 2]
    third = person.solves()
    assert third.number == 3
    assert third.objective == first.objective
    assert third.problem_hash == first.problem_hash


def test_an_example_solves_in_three_clicks(person: Person) -> None:
    """Welcome, one click on the example, one on Solve: the verified answer is there."""
    example = next(part.part for part in person.session.plugins.examples() if part.name == "product_mix")
    person.clicks(f"example.{example.name}")
    person.until(lambda: bool(person.session.checked and person.session.checked.sizes), "the example is checked")
    run = person.solves()
    assert run.verified
    assert run.objective == pytest.approx(example.optimum)
