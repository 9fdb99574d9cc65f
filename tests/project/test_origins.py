"""What the words became stays with the project: saved, written as text, and readable from older projects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from project_worlds import rich_problem

from solvitur.engine.content import Content, read_content, write_content
from solvitur.engine.textfolder import read_folder, write_folder
from solvitur.problem.document import Problem
from solvitur.problem.drafts import Draft, Evidence, Origins, Question, unanswered
from solvitur.problem.records import fingerprint

DRAFT = Draft(
    "var x >= 0\nmaximize gain: x\n",
    (Evidence("x", 3, 9),),
    (Question("small", "Much?", weight=0.2), Question("whole", "Half?", ("no", "yes"), "x", weight=0.9)),
)


def asked() -> Problem:
    """Returns a problem with a draft behind it and one answered question."""
    return replace(rich_problem(), origins=Origins(DRAFT, "How many chairs?", {"whole": "no"}))


def test_the_draft_and_the_answers_are_saved_with_the_project(tmp_path: Path) -> None:
    write_content(Content(asked()), tmp_path / "a.solvitur")
    assert fingerprint(read_content(tmp_path / "a.solvitur").problem.origins) == fingerprint(asked().origins)


def test_the_draft_and_the_answers_are_written_as_text(tmp_path: Path) -> None:
    write_folder(Content(asked()), tmp_path / "a")
    assert fingerprint(read_folder(tmp_path / "a").problem) == fingerprint(asked())


def test_a_folder_of_the_first_version_has_no_draft(tmp_path: Path) -> None:
    write_folder(Content(asked()), tmp_path / "a")
    (tmp_path / "a" / "origins.json").unlink()
    marker = tmp_path / "a" / "solvitur.json"
    marker.write_text(marker.read_text("utf-8").replace('"version": 2', '"version": 1'), "utf-8")
    assert read_folder(tmp_path / "a").problem.origins.draft is None


def test_only_questions_without_an_answer_are_open_the_most_decisive_first() -> None:
    assert [q.name for q in unanswered(DRAFT, {})] == ["whole", "small"]
    assert [q.name for q in asked().origins.open_questions] == ["small"]
