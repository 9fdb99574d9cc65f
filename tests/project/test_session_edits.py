"""Editing a project: undo, redo, names, events, and what counts as modified."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from project_worlds import Heard, rich_problem, sum_problem

from solvitur.engine.events import ProblemChanged, ProjectOpened, ProjectSaved
from solvitur.engine.history import MAXIMUM_BYTES, History
from solvitur.engine.session import Session
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.edits import (
    Cells,
    Edit,
    InsertRows,
    RemoveRows,
    ReplaceText,
    SetCells,
    SetFields,
    SetTable,
    Together,
    set_choice,
)
from solvitur.problem.records import fingerprint
from solvitur.problem.tables import Table


def type_text(session: Session, text: str, at: int = 0, field: str = "model") -> None:
    for offset, letter in enumerate(text):
        session.apply(ReplaceText("Type", at + offset, "", letter, field))


def test_typing_without_a_pause_is_one_step_named_in_the_menu(session: Session) -> None:
    type_text(session, "set Plants")
    assert (session.undo_title, session.redo_title) == ("Type", None)
    session.undo()
    assert session.problem.formulation.text == ""
    assert (session.undo_title, session.redo_title) == (None, "Type")
    session.redo()
    assert session.problem.formulation.text == "set Plants"


def test_a_new_line_another_field_or_another_place_begins_a_step(session: Session) -> None:
    type_text(session, "ab")
    type_text(session, "\n", at=2)
    type_text(session, "cd", at=3)
    type_text(session, "words", field="statement")
    type_text(session, "x", at=0)
    undone = []
    while session.undo():
        undone.append((session.problem.formulation.text, session.problem.statement))
    assert undone == [("ab\ncd", "words"), ("ab\ncd", ""), ("ab", ""), ("", "")]


def test_a_pause_begins_a_step() -> None:
    history, problem = History(), Problem()
    for now, letter in ((0.0, "a"), (0.9, "b"), (1.8, "c"), (3.0, "d")):
        edit = ReplaceText("Type", len(problem.formulation.text), "", letter)
        problem, inverse = edit.apply(problem)
        history.push(edit, inverse, now=now)
    step = history.undo()
    assert step is not None
    assert step.inverse.apply(problem)[0].formulation.text == "abc"


def test_deleting_backward_and_forward_is_one_step_each(session: Session) -> None:
    type_text(session, "abcdef")
    for offset in (5, 4):
        session.apply(ReplaceText("Delete", offset, "abcdef"[offset], ""))
    session.apply(ReplaceText("Delete", 0, "a", ""))
    session.apply(ReplaceText("Delete", 0, "b", ""))
    texts = [session.problem.formulation.text]
    while session.undo():
        texts.append(session.problem.formulation.text)
    assert texts == ["cd", "abcd", "abcdef", ""]


def test_what_is_dragged_is_one_step_when_it_says_so(session: Session) -> None:
    for x in range(5):
        session.apply(SetFields("Move 'a'", {"layout": {"a": x}}), merge="move a")
    session.apply(SetFields("Move 'b'", {"layout": {"b": 1}}), merge="move b")
    session.undo()
    assert session.problem.layout == {"a": 4}
    session.undo()
    assert session.problem.layout == {}


def test_an_edit_after_undo_takes_the_place_of_what_was_undone(session: Session) -> None:
    session.apply(SetFields("Name", {"name": "one"}))
    session.undo()
    session.apply(SetFields("Rename", {"name": "two"}))
    assert session.redo_title is None
    assert not session.redo()
    assert session.problem.name == "two"


def test_every_change_is_told_with_its_fields_and_its_source(session: Session) -> None:
    heard, editor = Heard(), object()
    session.events.subscribe(heard)
    session.apply(SetFields("Both", {"name": "x", "statement": "y"}), source=editor)
    session.undo()
    changed = heard.of(ProblemChanged)
    assert [(c.title, c.source) for c in changed] == [("Both", editor), ("Undo Both", None)]
    assert changed[0].fields == changed[1].fields == {"name", "statement"}


def test_an_edit_that_does_not_fit_changes_nothing(session: Session) -> None:
    with pytest.raises(ValueError, match="not there"):
        session.apply(ReplaceText("Type", 0, "absent", ""))
    assert session.undo_title is None
    with pytest.raises(TypeError):
        session.apply(SetFields("Odd", {"layout": {"a": object()}}))
    assert session.problem.layout == {}
    assert session.undo_title is None


def test_modified_compares_with_what_was_saved(session: Session, tmp_path: Path) -> None:
    assert not session.modified
    session.apply(SetFields("Name", {"name": "farm"}))
    assert session.modified
    session.undo()
    assert not session.modified
    session.redo()
    session.save(tmp_path / "farm.solvitur")
    assert not session.modified
    session.undo()
    assert session.modified
    session.redo()
    assert not session.modified


def test_saving_ends_the_step_that_is_being_typed(session: Session, tmp_path: Path) -> None:
    type_text(session, "ab")
    session.save(tmp_path / "a.solvitur")
    type_text(session, "c", at=2)
    session.undo()
    assert session.problem.formulation.text == "ab"
    assert not session.modified


def test_only_the_owner_thread_may_change_the_session(session: Session) -> None:
    caught: list[BaseException] = []

    def change() -> None:
        try:
            session.apply(SetFields("Name", {"name": "x"}))
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=change)
    thread.start()
    thread.join()
    assert "only the thread" in str(caught[0])


def test_new_projects_are_told_and_start_without_history(session: Session, tmp_path: Path) -> None:
    heard = Heard()
    session.events.subscribe(heard)
    session.apply(SetFields("Name", {"name": "x"}))
    session.new(sum_problem())
    assert heard.of(ProjectOpened) == [ProjectOpened("")]
    assert (session.undo_title, session.path, session.modified) == (None, None, False)
    saved = session.save(tmp_path / "sums")
    assert saved.name == "sums.solvitur"
    assert heard.of(ProjectSaved) == [ProjectSaved(str(saved))]


def test_history_forgets_the_oldest_steps_when_it_grows_too_large() -> None:
    history, problem = History(), Problem()
    size = MAXIMUM_BYTES // 5
    for number in range(6):
        edit = SetFields(f"Fill {number}", {"layout": {"blob": np.full(size // 8, number)}})
        problem, inverse = edit.apply(problem)
        history.push(edit, inverse, now=0.0)
    titles = []
    while (step := history.undo()) is not None:
        titles.append(step.title)
    assert titles[0] == "Fill 5"
    assert 1 <= len(titles) < 6
    assert history.first == 6 - len(titles)


def test_a_cell_of_a_million_rows_is_stored_as_a_cell(session: Session) -> None:
    rows = 1_000_000
    table = Table.from_rows("big", ["a", "b"], [(0, 0.0)])
    columns = tuple(replace(c, values=np.resize(c.values, rows)) for c in table.columns)
    session.apply(SetTable("Import", "big", Table("big", columns)))
    log = session._project.copy.database_path.with_name("project.db-wal")
    before = log.stat().st_size
    session.apply(SetCells("Edit", "big", (Cells(1, np.array([7]), np.array([1.5])),)))
    assert log.stat().st_size - before < 100_000
    session.undo()
    assert not session.problem.tables[0].columns[1].values.any()


_words = st.text(st.characters(codec="utf-8"), max_size=8)


@st.composite
def _edits(draw: st.DrawFn, problem: Problem) -> Edit:
    """Draws an edit that fits a problem."""
    kinds = ["name", "text", "choice", "table", "layout", "formulation"]
    with_rows = [table for table in problem.tables if table.columns]
    if with_rows:
        kinds += ["cells", "rows", "fewer rows", "no table", "together"]
    kind = draw(st.sampled_from(kinds))
    text = problem.formulation.text
    if kind == "name":
        return SetFields("Name", {"name": draw(_words), "statement": draw(_words)})
    if kind == "text":
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        return ReplaceText("Type", start, text[start:end], draw(_words))
    if kind == "choice":
        return set_choice("Choose", Choice(draw(_words), {"a": draw(st.integers())}))
    if kind == "layout":
        return SetFields(
            "Move", {"layout": {draw(_words): (draw(st.floats()), draw(_words))}, "workflow": draw(_words)}
        )
    if kind == "formulation":
        return SetFields(
            "Write", {"formulation": Formulation("algebraic", draw(_words), {"n": draw(st.binary()).hex()})}
        )
    if kind == "table":
        count = draw(st.integers(0, 4))
        cells = st.one_of(st.none(), st.integers(-(2**70), 2**70), st.floats(), _words)
        rows = [[draw(cells), draw(st.floats()), draw(st.integers(0, 9))] for _ in range(count)]
        return SetTable(
            "Import", draw(st.sampled_from("ABC")), Table.from_rows(draw(st.sampled_from("DEF")), "xyz", rows)
        )
    table = draw(st.sampled_from(with_rows))
    count = table.row_count
    if kind == "rows":
        added = tuple([1] for _ in table.columns)
        return InsertRows("Insert", table.name, np.array([count]), tuple(np.array(cells) for cells in added))
    if kind == "no table":
        return SetTable("Remove", table.name, None)
    if kind == "together":
        return Together("Both", (SetFields("Name", {"name": draw(_words)}), SetTable("Remove", table.name, None)))
    if count == 0:
        return SetFields("Name", {"name": draw(_words)})
    row = draw(st.integers(0, count - 1))
    if kind == "fewer rows":
        return RemoveRows("Delete", table.name, np.array([row]))
    value = np.array([draw(st.one_of(st.integers(-5, 5), st.floats(allow_nan=False), _words))])
    value = value.astype(object) if value.dtype.kind == "U" else value
    return SetCells("Edit", table.name, (Cells(draw(st.integers(0, 2)), np.array([row]), value),))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_edits_undone_redone_saved_and_opened_are_the_same(
    data: st.DataObject, make_session: Callable[[], Session], tmp_path: Path
) -> None:
    """Undoing everything gives the start, redoing everything the end; the file and the working copy hold the same."""
    session = make_session()
    session.new(data.draw(st.sampled_from([Problem(), rich_problem()])))
    start = fingerprint(session.problem)
    for _ in range(data.draw(st.integers(1, 8))):
        names = [table.name for table in session.problem.tables]
        edit = data.draw(_edits(replace(session.problem, tables=session.problem.tables[4:])))
        if isinstance(edit, SetTable) and edit.table is not None and edit.table.name in names:
            continue
        session.apply(edit)
        if data.draw(st.booleans()):
            session.undo()
            session.redo()
    end = fingerprint(session.problem)
    undone = 0
    while session.undo():
        undone += 1
    assert fingerprint(session.problem) == start
    for _ in range(undone):
        session.redo()
    assert fingerprint(session.problem) == end
    assert fingerprint(session._project._database.read().problem) == end
    path = session.save(tmp_path / "p.solvitur", overwrite=True)
    other = make_session()
    session.close(discard=True)
    other.open(path)
    assert fingerprint(other.problem) == end
    other.close()
