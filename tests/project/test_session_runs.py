"""Solving through the session: runs that are stored, reopened, repeated, renamed and deleted."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from project_worlds import Heard, a_run, rich_problem, sum_problem

from solvitur.engine.events import Checked, Done, JobStarted, Notice, RunsChanged
from solvitur.engine.folders import Folders
from solvitur.engine.runstore import RunStore
from solvitur.engine.session import Session
from solvitur.engine.settings import Settings
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.edits import ReplaceText, SetFields, set_formulation
from solvitur.problem.errors import InputError
from solvitur.problem.records import fingerprint
from solvitur.problem.result import Limits, Result, Status


@pytest.fixture
def heard(session: Session) -> Heard:
    """What the session told; the session has a sum to solve."""
    session.new(sum_problem())
    heard = Heard()
    session.events.subscribe(heard)
    return heard


def test_a_solve_is_stored_before_its_end_is_told(session: Session) -> None:
    session.new(sum_problem())
    stored: list[int] = []
    heard = Heard()
    session.events.subscribe(lambda e: stored.append(len(session.runs.list())) if isinstance(e, Done) else None)
    session.events.subscribe(heard)
    session.solve(title="first try")
    done = heard.await_one(Done)
    assert stored == [1]
    (row,) = session.runs.list()
    assert (row.number, row.title, row.status, row.objective, row.verified) == (
        1,
        "first try",
        Status.OPTIMAL,
        6.0,
        True,
    )
    assert heard.of(RunsChanged)
    run = session.runs.load(1)
    assert fingerprint(run) == fingerprint(done.run)
    assert session.values_of(run) == {"total": 6.0}


def test_a_run_is_repeated_as_it_was_after_the_model_changed(session: Session, heard: Heard) -> None:
    session.solve(Choice("auto", limits=Limits(seed=41)))
    heard.await_one(Done)
    session.apply(set_formulation("Change", Formulation("sum", "100")))
    session.repeat(1)
    again = heard.await_one(Done, 2).run
    assert (again.number, again.objective, again.solver, again.choice.limits.seed) == (2, 47.0, "adder", 41)
    assert again.problem_hash == session.runs.load(1).problem_hash
    assert session.runs.problem_of(1).formulation.text == "1\n2\n3"
    assert session.problem.formulation.text == "100"


def test_a_stopped_job_keeps_its_run(session: Session, heard: Heard) -> None:
    job = session.solve(Choice("adder"), title="endless") if session.new(sum_problem("999")) is None else 0
    heard.await_one(JobStarted)
    session.stop(job)
    assert heard.await_one(Done).run.title == "endless"
    assert [row.title for row in session.runs.list()] == ["endless"]


def test_the_run_of_another_project_is_not_mixed_in(session: Session, heard: Heard) -> None:
    session.new(sum_problem("999"))
    session.solve()
    heard.await_one(JobStarted)
    session.new(sum_problem())
    heard.await_one(Done)
    assert session.runs.list() == ()


def test_new_runs_of_a_saved_project_are_something_to_save(session: Session, heard: Heard, tmp_path: Path) -> None:
    session.solve()
    heard.await_one(Done)
    assert not session.modified
    session.save(tmp_path / "a.solvitur")
    session.solve()
    heard.await_one(Done, 2)
    assert session.modified
    session.save()
    assert not session.modified
    session.open(tmp_path / "a.solvitur")
    assert [row.number for row in session.runs.list()] == [2, 1]
    session.solve()
    assert heard.await_one(Done, 3).run.number == 3


def test_an_old_run_is_bound_again_for_its_pictures_and_values(
    session: Session, heard: Heard, tmp_path: Path
) -> None:
    session.solve()
    heard.await_one(Done)
    session.save(tmp_path / "a.solvitur")
    session.open(tmp_path / "a.solvitur")
    run = session.runs.load(1)
    solved = session.solved(run)
    assert solved.instance.numbers == (1.0, 2.0, 3.0)
    assert session.solved(run) is solved
    assert session.pictures_of(run) == ((), ())


def test_a_failed_job_is_stored_with_its_reason(session: Session, heard: Heard) -> None:
    session.solve(Choice("absent"))
    heard.await_one(Done)
    (row,) = session.runs.list()
    assert row.status is Status.FAILED
    run = session.runs.load(row.number)
    assert "there is no solver 'absent'" in run.reason
    with pytest.raises(InputError, match="has no result"):
        session.values_of(run)


def test_a_run_that_cannot_be_stored_is_told(session: Session, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(session.runs, "add", full)
    session.solve()
    heard.await_one(Done)
    assert "run 1 could not be stored" in heard.of(Notice)[0].text


def test_the_bound_instance_is_used_while_it_fits(session: Session, heard: Heard) -> None:
    kind = session.plugins.kind("sum")
    session.check_soon()
    heard.await_one(Checked)
    assert kind.binds == 1
    session.solve(Choice("adder", limits=Limits(seed=1)))
    assert heard.await_one(Done).run.objective == 7.0
    assert kind.binds == 1
    session.apply(ReplaceText("Type", 0, "1", "5"))
    session.solve()
    assert heard.await_one(Done, 2).run.objective == 10.0
    assert kind.binds == 2


def test_settings_give_new_projects_their_limits_and_jobs_their_room(session: Session) -> None:
    session.use_settings(Settings(time_limit_s=5.0, seed=9, worker_memory_mb=500, parallel_jobs=3))
    assert session.problem.choice.limits == Limits(5.0, seed=9)
    assert session.jobs.workers.memory_limit_bytes == 500 * 2**20
    own = Choice(limits=Limits(7.0))
    session.new(Problem(choice=own))
    assert session.problem.choice.limits == own.limits
    session.use_settings(Settings())
    assert session.problem.choice.limits == own.limits
    session.new()
    assert session.problem.choice.limits == Limits()
    assert session.jobs.workers.memory_limit_bytes > 500 * 2**20


@pytest.fixture
def runs(session: Session) -> RunStore:
    return session.runs


def test_runs_are_renamed_and_deleted(runs: RunStore) -> None:
    for number in (1, 2):
        runs.add(a_run(number), sum_problem())
    runs.rename(1, "the good one")
    assert runs.load(1).title == "the good one"
    runs.delete(2)
    assert [row.title for row in runs.list()] == ["the good one"]
    for attempt in (
        lambda: runs.load(2),
        lambda: runs.delete(2),
        lambda: runs.rename(2, "x"),
        lambda: runs.problem_of(2),
    ):
        with pytest.raises(InputError, match="there is no run 2"):
            attempt()
    assert runs.next_number() == 3


def test_equal_problems_are_stored_once_and_cleared_with_their_last_run(session: Session, runs: RunStore) -> None:
    def count(what: str) -> int:
        return int(session._project._database._connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

    for number in (1, 2):
        runs.add(a_run(number), rich_problem())
    runs.add(a_run(3), replace(rich_problem(), statement="other words"))
    assert count("snapshots") == 2
    shared = count("blobs")
    runs.delete(3)
    assert (count("snapshots"), count("blobs")) == (1, shared - 1)
    runs.delete(1)
    assert fingerprint(runs.problem_of(2).tables) == fingerprint(rich_problem().tables)
    runs.delete(2)
    assert (count("snapshots"), count("blobs")) == (0, 0)


def test_listing_reads_no_answers(runs: RunStore) -> None:
    big = a_run()
    result = Result(Status.OPTIMAL, np.zeros(2_000_000), 0.0, 0.0)
    runs.add(replace(big, result=result), sum_problem())
    statements: list[str] = []
    assert runs._connection is not None
    runs._connection.set_trace_callback(statements.append)
    assert runs.list()[0].title == "run 1"
    runs._connection.set_trace_callback(None)
    assert "body" not in " ".join(statements)


def test_damaged_runs_give_sentences(session: Session, runs: RunStore) -> None:
    runs.add(a_run(1), sum_problem())
    connection = session._project._database._connection
    connection.execute("UPDATE runs SET body = x'00ff'")
    with pytest.raises(InputError, match="run 1 is damaged"):
        runs.load(1)
    connection.execute("DELETE FROM blobs")
    with pytest.raises(InputError, match="the problem of run 1 is damaged"):
        runs.problem_of(1)


def test_runs_and_edits_are_written_at_the_same_time(session: Session) -> None:
    """Jobs store their runs from their own threads while the user types."""
    failures: list[BaseException] = []

    def store(first: int) -> None:
        try:
            for number in range(first, first + 10):
                session.runs.add(a_run(number), sum_problem(str(number)))
        except (sqlite3.Error, InputError) as error:
            failures.append(error)

    threads = [threading.Thread(target=store, args=(first,)) for first in (1, 101)]
    for thread in threads:
        thread.start()
    for number in range(100):
        session.apply(SetFields("Name", {"name": str(number)}))
    for thread in threads:
        thread.join()
    assert failures == []
    assert session._project.fault == ""
    assert len(session.runs.list()) == 20
    assert session._project._database.read().problem.name == "99"


def test_a_closed_store_takes_nothing_and_says_so(session: Session, folders: Folders) -> None:
    runs = session.runs
    session.new()
    assert runs.add(a_run(), sum_problem()) is False
    with pytest.raises(InputError, match="was closed"):
        runs.list()
