"""The workflow engine: order, cache, resuming, failures, pauses, questions, unfolding."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_steps import Events, World, chain, every_output, world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvitur.engine.workflow.events import Expanded, ReviewWanted, State, StepState, WorkflowDone
from solvitur.engine.workflow.keys import fresh_keys
from solvitur.engine.workflow.store import Store
from solvitur.problem.errors import InputError
from solvitur.workflow.model import Link, Step, Workflow

_SLOWLY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[World]:
    """Fresh step types."""
    with world(tmp_path) as made:
        yield made


@st.composite
def dags(draw: st.DrawFn, most: int = 12) -> Workflow:
    """Draws a DAG of adding steps, each tagged with its own id."""
    count = draw(st.integers(1, most))
    steps = [Step(f"s{n}", "add", {"plus": draw(st.integers(0, 5)), "tag": f"s{n}"}) for n in range(count)]
    order = draw(st.permutations(range(count)))
    links = []
    for at, target in enumerate(order):
        for source in draw(st.sets(st.sampled_from(order[:at]), max_size=3)) if at else ():
            links.append(Link(f"s{source}", "out", f"s{target}", "x"))
    return Workflow("", tuple(steps), tuple(links))


def reference(workflow: Workflow) -> dict[str, int]:
    """What each step makes, one after the other."""
    made: dict[str, int] = {}
    for step_id in workflow.order():
        step = workflow.step(step_id)
        assert step is not None
        inputs = [made[link.source] for link in workflow.links_into(step_id)]
        made[step_id] = (sum((at + 1) * v for at, v in enumerate(inputs)) * 31 + step.options["plus"]) % 1_000_003
    return made


@_SLOWLY
@given(workflow=dags())
def test_no_step_runs_before_its_inputs(workflow: Workflow, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every step runs once, after all it needs, with what the plain reading of the graph says; kept or not."""
    with world(tmp_path_factory.mktemp("w")) as fakes:
        for store in (None, Store()):
            run = fakes.done(workflow, store, threads=4)
            calls = fakes.calls()
            assert sorted(calls) == sorted(step.id for step in workflow.steps)
            assert all(calls.index(link.source) < calls.index(link.target) for link in workflow.links)
            assert {name: each["out"] for name, each in every_output(run).items()} == reference(workflow)


@_SLOWLY
@given(workflow=dags(), data=st.data())
def test_a_partial_run_equals_a_full_one(
    workflow: Workflow, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After an edit only what it may affect runs, that is what was marked stale, and all ends as if run afresh."""
    with world(tmp_path_factory.mktemp("w")) as fakes:
        store = Store(tmp_path_factory.mktemp("store"))
        fakes.done(workflow, store)
        fakes.calls()
        changed = data.draw(st.sampled_from(workflow.steps))
        edited = workflow.with_step(replace(changed, options={**changed.options, "plus": 77}))
        fresh = fresh_keys(edited, fakes.known(), store, fakes.services.folder)
        stale = {step.id for step in edited.steps} - set(fresh)
        assert stale == {changed.id, *workflow.descendants([changed.id])}
        run = fakes.done(edited, store)
        assert set(fakes.calls()) <= stale
        assert {name: each["out"] for name, each in every_output(run).items()} == reference(edited)
        store.close()


@_SLOWLY
@given(workflow=dags(), cut=st.integers(0, 4000))
def test_a_journal_cut_anywhere_resumes_to_the_same_results(
    workflow: Workflow, cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever prefix of the journal a dead process left, going on gives the same bits and repeats no kept step."""
    folder = tmp_path_factory.mktemp("store")
    with world(folder) as fakes:
        store = Store(folder)
        whole = every_output(fakes.done(workflow, store))
        store.close()
        fakes.calls()
        journal = folder / "journal.jsonl"
        data = journal.read_bytes()
        journal.write_bytes(data[: min(cut, len(data))])
        whole_lines = data[: min(cut, len(data))].count(b"\n")
        again = Store(folder)
        assert every_output(fakes.done(workflow, again)) == whole
        again.close()
        assert len(fakes.calls()) <= len(workflow.steps) - whole_lines
        last = Store(folder)
        assert every_output(fakes.done(workflow, last)) == whole
        assert fakes.calls() == []
        last.close()


_KILLED = """
import sys, threading, os, signal
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from fake_steps import world
from solvitur.engine.workflow.store import Store
from solvitur.workflow.model import Link, Step, Workflow
steps = tuple(Step(f"s{n}", "slow", {"plus": 30 + n}) for n in range(12))
links = tuple(Link(f"s{n}", "out", f"s{n + 1}", "x") for n in range(11))
with world(Path(sys.argv[2])) as fakes:
    run = fakes.run(Workflow("", steps, links), Store(Path(sys.argv[2])))
    run.start()
    print("started", flush=True)
    run.wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_kill_9_resumes_at_the_last_finished_step(tmp_path: Path, fakes: World) -> None:
    """A process killed in the middle loses only the step in flight."""
    here = str(Path(__file__).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, here, str(tmp_path / "store")], stdout=subprocess.PIPE, cwd=tmp_path
    )
    assert process.stdout is not None
    with process.stdout as stream:
        stream.readline()
        journal = tmp_path / "store" / "journal.jsonl"
        while not (journal.exists() and journal.read_bytes().count(b"\n") >= 4):
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    done = journal.read_bytes().count(b"\n")
    steps = tuple(Step(f"s{n}", "slow", {"plus": 30 + n}) for n in range(12))
    workflow = Workflow("", steps, tuple(Link(f"s{n}", "out", f"s{n + 1}", "x") for n in range(11)))
    store = Store(tmp_path / "store")
    run = fakes.done(workflow, store)
    assert [run.outputs(f"s{n}")["out"] for n in range(12)] == [30 + n for n in range(12)]
    assert 0 < done < 12
    assert len(fakes.calls("slow")) == 12 - done
    store.close()


def test_failure_stops_only_what_depends_on_it(fakes: World) -> None:
    """The failed step says why, its dependants are skipped, everything else is done."""
    steps = (Step("bad", "flaky", {"plus": 9}), Step("after", "add"), Step("last", "add"), Step("apart", "add"))
    links = (Link("bad", "out", "after", "x"), Link("after", "out", "last", "x"))
    run = fakes.done(Workflow("", steps, links), Store())
    assert run.states() == {"bad": "failed", "after": "skipped", "last": "skipped", "apart": "done"}
    assert "not yet" in run.fault("bad")


def test_a_step_that_says_so_is_tried_again(fakes: World) -> None:
    """Two failures and then success, with longer pauses between; a failure is never taken from the cache."""
    workflow = Workflow("", (Step("a", "flaky", {"plus": 2}, retries=2),))
    began = time.monotonic()
    assert fakes.done(workflow, Store()).states() == {"a": "done"}
    assert time.monotonic() - began >= 0.3
    assert len(fakes.calls("flaky")) == 3


def test_a_step_that_takes_too_long_fails(fakes: World) -> None:
    """The time limit of a step ends it and names the limit."""
    run = fakes.done(Workflow("", (Step("a", "slow", {"plus": 20_000}, timeout_s=0.1),)), Store())
    assert "longer than its limit of 0.1 s" in run.fault("a")


def test_equal_work_is_done_once(fakes: World) -> None:
    """Two equal steps run once, even when both are ready at the same moment."""
    workflow = Workflow("", tuple(Step(f"s{n}", "slow", {"plus": 60}) for n in range(5)))
    fakes.done(workflow, Store())
    assert len(fakes.calls("slow")) == 1


def test_another_plugin_version_runs_again(fakes: World, tmp_path: Path) -> None:
    """Results of another version of the step's plugin are not used."""
    store = Store()
    fakes.done(chain("add", "add"), store)
    assert len(fakes.calls()) == 2
    fakes.done(chain("add", "add"), store, version="2")
    assert len(fakes.calls()) == 2


def test_large_values_are_spilled_and_let_go(fakes: World, tmp_path: Path) -> None:
    """A large result is in a file once, out of memory when its users are done, and read again when asked for."""
    store = Store(tmp_path / "store")
    run = fakes.done(chain("big", "length"), store)
    files = [path for path in (tmp_path / "store" / "values").rglob("*") if path.is_file()]
    assert len(files) == 1 and files[0].stat().st_size > 100_000
    assert run.kept("s0")["out"]._value is None
    assert run.outputs("s1")["out"] == 100_000 and len(run.outputs("s0")["out"]) == 100_000
    files[0].unlink()
    store.close()
    again = Store(tmp_path / "store")
    fakes.calls("big")
    assert fakes.done(chain("big", "length"), again).states()["s0"] == "done"
    assert len(fakes.calls("big")) == 1
    again.close()


def test_run_to_here_and_from_here(fakes: World) -> None:
    """To here runs only what is needed; from here repeats a step and all after it."""
    store = Store()
    workflow = Workflow(
        "", tuple(Step(f"s{n}", "add", {"tag": f"s{n}"}) for n in range(4)), chain(*["add"] * 4).links
    )
    run = fakes.run(workflow, store)
    run.start(targets=["s1"])
    assert run.wait(30) and fakes.calls() == ["s0", "s1"]
    fakes.done(workflow, store)
    assert fakes.calls() == ["s2", "s3"]
    run = fakes.run(workflow, store)
    run.start(from_step="s2")
    assert run.wait(30) and fakes.calls() == ["s2", "s3"]


def test_irreversible_steps_wait_for_approval(fakes: World) -> None:
    """Nothing at all runs before approval; afterwards the step runs every time, never from the cache."""
    workflow, store = chain("add", "fire"), Store()
    run = fakes.run(workflow, store)
    assert run.check().approvals == ("s1",)
    with pytest.raises(InputError, match="approved"):
        run.start()
    assert fakes.calls() == fakes.calls("fire") == []
    for _ in range(2):
        fakes.done(workflow, store, approved=frozenset({"s1"}))
        assert len(fakes.calls("fire")) == 1


def test_pause_resume_and_cancel(fakes: World) -> None:
    """A paused run starts nothing more; a cancelled one skips the rest and ends soon."""
    workflow = Workflow("", tuple(Step(f"s{n}", "slow", {"plus": 40 + n}) for n in range(6)))
    run = fakes.run(workflow, Store(), threads=1, limits={})
    run.start()
    run.pause()
    time.sleep(0.25)
    begun = len(fakes.types["slow"].calls)
    assert begun <= 2
    time.sleep(0.1)
    assert len(fakes.types["slow"].calls) == begun
    run.resume()
    assert run.wait(30) and set(run.states().values()) == {State.DONE}
    run = fakes.run(chain("slow", "slow", plus=20_000), Store())
    run.start()
    time.sleep(0.05)
    run.cancel()
    assert run.wait(5)
    assert State.DONE not in run.states().values() or run.states()["s1"] is State.SKIPPED


def test_a_person_is_asked(fakes: World) -> None:
    """The step is paused until the answer comes, others go on; with nobody there the answer is empty."""
    events: Events = []
    asked = threading.Event()
    run = fakes.run(chain("ask"), Store(), attended=True, events=events)
    run._emit = lambda event: (events.append(event), asked.set() if isinstance(event, ReviewWanted) else None)  # type: ignore[assignment]
    run.start()
    assert asked.wait(10)
    run.answer("s0", "approve")
    assert run.wait(10) and run.outputs("s0") == {"out": "approve"}
    assert State.PAUSED in [event.state for event in events if isinstance(event, StepState)]
    assert isinstance(events[-1], WorkflowDone)
    assert fakes.done(chain("ask"), Store()).outputs("s0") == {"out": "nobody"}


def test_a_step_unfolds_until_it_is_small_enough(fakes: World) -> None:
    """Recursion is drawn as it unfolds, equal parts run once, and the second run takes it from the cache whole."""
    events: Events = []
    store = Store()
    workflow = Workflow(
        "", (Step("root", "halve", {"plus": 37}), Step("end", "add")), (Link("root", "out", "end", "x"),)
    )
    run = fakes.run(workflow, store, events=events)
    run.start()
    assert run.wait(30)
    assert run.outputs("root") == {"out": 37}
    unfolded = [event.path for event in events if isinstance(event, Expanded)]
    assert unfolded[0] == "root" and "root/left" in unfolded
    fakes.calls("halve")
    assert fakes.done(workflow, store).outputs("root") == {"out": 37}
    assert fakes.calls("halve") == []


def test_limits_per_resource_hold(fakes: World) -> None:
    """No more steps of a resource run at once than its limit says."""
    fakes.types["slow"].resource = "network"  # type: ignore[attr-defined]
    workflow = Workflow("", tuple(Step(f"s{n}", "slow", {"plus": 30 + n}) for n in range(6)))
    began = time.monotonic()
    fakes.done(workflow, Store(), limits={"network": 2})
    assert time.monotonic() - began >= 3 * 0.03
    assert len(fakes.calls("slow")) == 6


def test_a_full_disk_fails_the_step_and_not_the_run(fakes: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that cannot be kept fails its step in words, and the run still comes to its end."""
    store = Store()

    def full(key: str, outputs: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "keep", full)
    run = fakes.done(chain("add", "add"), store)
    assert run.states() == {"s0": "failed", "s1": "skipped"}
    assert "No space left" in run.fault("s0")
