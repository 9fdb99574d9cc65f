"""What the engine promises, over random DAGs: planted faults are found, nothing runs unasked, resuming is exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_steps import Fake, World, every_output, world
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solvitur.api import Link, Port, Step, StepContext, Workflow
from solvitur.engine.workflow.events import ReviewWanted, State
from solvitur.engine.workflow.store import Store
from solvitur.problem.errors import InputError
from solvitur.workflow.checking import dry_run

_SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


class Typed(Fake):
    """Needs a number and takes more; makes a text and a number."""

    inputs = (Port("need", "number"), Port("x", "number", many=True, optional=True))
    outputs = (Port("out", "number"), Port("words", "text"))

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any]:
        """Makes both."""
        self.note(options)
        return {"out": inputs["need"] + options.plus, "words": str(sum(inputs["x"]))}


class Fuse(Fake):
    """Unfolds into an irreversible step."""

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Workflow:
        """Unfolds."""
        self.note(options)
        return Workflow("", (Step("out", "fire"),))


@pytest.fixture(scope="module")
def fakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Step types, shared by all examples."""
    with world(tmp_path_factory.mktemp("w")) as made:
        made.types["typed"] = Typed("typed")
        made.types["fuse"] = Fuse("fuse")
        yield made


@st.composite
def typed_dags(draw: st.DrawFn) -> Workflow:
    """Draws a sound DAG: sources that add, and typed steps that each need one number and take some."""
    count = draw(st.integers(2, 9))
    steps, links = [Step("s0", "add", {"plus": 1})], list[Link]()
    for n in range(1, count):
        if draw(st.booleans()):
            steps.append(Step(f"s{n}", "add", {"plus": draw(st.integers(0, 9))}))
            continue
        steps.append(Step(f"s{n}", "typed", {"plus": n}))
        links.append(Link(f"s{draw(st.integers(0, n - 1))}", "out", f"s{n}", "need"))
        for source in draw(st.sets(st.integers(0, n - 1), max_size=2)):
            links.append(Link(f"s{source}", "out", f"s{n}", "x"))
    assume(any(step.type == "typed" for step in steps))
    return Workflow("", tuple(steps), tuple(links))


FAULTS = ("type", "option", "option value", "mistyped", "missing", "cycle", "doubled", "port", "stranger", "twin")


def planted(flow: Workflow, fault: str, data: st.DataObject) -> Workflow:
    """Plants one fault somewhere."""
    typed = [step for step in flow.steps if step.type == "typed"]
    step = data.draw(st.sampled_from(flow.steps))
    needy = data.draw(st.sampled_from(typed))
    need = next(link for link in flow.links if link.target == needy.id and link.input == "need")
    rest = tuple(link for link in flow.links if link != need)
    if fault == "type":
        return flow.with_step(replace(step, type=step.type + "x"))
    if fault == "option":
        return flow.with_step(replace(step, options={**step.options, "plux": 1}))
    if fault == "option value":
        return flow.with_step(replace(step, options={"plus": "much"}))
    if fault == "mistyped":
        words = data.draw(st.sampled_from(typed))
        end = Step("end", "typed")
        return replace(flow, steps=(*flow.steps, end), links=(*flow.links, Link(words.id, "words", "end", "need")))
    if fault == "missing":
        return replace(flow, links=rest)
    if fault == "cycle":
        return replace(flow, links=(*flow.links, Link(needy.id, "out", need.source, "x")))
    if fault == "doubled":
        others = [each.id for each in flow.steps if each.id not in (need.source, needy.id)]
        assume(others)
        other = next((each for each in others if each not in flow.descendants([needy.id])), "")
        assume(other)
        return replace(flow, links=(*flow.links, Link(other, "out", needy.id, "need")))
    if fault == "port":
        return replace(flow, links=(*rest, replace(need, input="needs")))
    if fault == "stranger":
        return replace(flow, links=(*rest, replace(need, source="nobody")))
    return replace(flow, steps=(*flow.steps, step))


@_SLOWLY
@given(flow=typed_dags(), fault=st.sampled_from(FAULTS), data=st.data())
def test_every_planted_fault_is_found_and_nothing_runs(
    flow: Workflow, fault: str, data: st.DataObject, fakes: World
) -> None:
    """A sound DAG passes; with one fault of type, order, name or argument it does not start at all."""
    assert not dry_run(flow, fakes.types).findings
    broken = planted(flow, fault, data)
    assert not dry_run(broken, fakes.types).can_run
    for each in fakes.types.values():
        each.calls = []
    with pytest.raises(InputError):
        fakes.run(broken, Store()).start()
    assert all(not each.calls for each in fakes.types.values())


@st.composite
def fiery_dags(draw: st.DrawFn) -> Workflow:
    """Draws a DAG in which some steps cannot be taken back, and some unfold into such a step."""
    count = draw(st.integers(1, 8))
    kinds = st.sampled_from(["add", "add", "fire", "fuse"])
    steps = tuple(Step(f"s{n}", draw(kinds), {"plus": n}) for n in range(count))
    links = []
    for n in range(1, count):
        for source in draw(st.sets(st.integers(0, n - 1), max_size=2)):
            links.append(Link(f"s{source}", "out", f"s{n}", "x"))
    return Workflow("", steps, tuple(links))


@_SLOWLY
@given(flow=fiery_dags(), data=st.data())
def test_nothing_irreversible_runs_before_approval(flow: Workflow, data: st.DataObject, fakes: World) -> None:
    """Whatever is left unapproved: nothing at all has run; what unfolds later is asked for, and not run unasked."""
    fires = [step.id for step in flow.steps if step.type == "fire"]
    fuses = [step.id for step in flow.steps if step.type == "fuse"]
    approved = frozenset(data.draw(st.sets(st.sampled_from(fires)))) if fires else frozenset[str]()
    for each in fakes.types.values():
        each.calls = []
    run = fakes.run(flow, data.draw(st.sampled_from([None, Store()])), approved=approved)
    assert set(run.check().approvals) == set(fires)
    if set(fires) - approved:
        with pytest.raises(InputError, match="approved"):
            run.start()
        assert all(not each.calls for each in fakes.types.values())
        return
    run.start()
    assert run.wait(30)
    done = {path for path, state in run.states().items() if state is State.DONE}
    assert len(fakes.types["fire"].calls) == len(done & set(fires)), "only approved steps have fired"
    assert all(run.states()[fuse] is not State.DONE for fuse in fuses)


@pytest.mark.parametrize(("said", "fired"), [("yes", 1), ("no", 0), ("", 0)])
def test_what_unfolds_asks_a_person(said: str, fired: int, fakes: World) -> None:
    """Only a yes lets it run."""
    fakes.calls("fire")
    run = fakes.run(Workflow("", (Step("f", "fuse"),)), Store(), attended=True)
    run._emit = lambda event: run.answer(event.path, said) if isinstance(event, ReviewWanted) else None
    run.start()
    assert run.wait(20) and len(fakes.calls("fire")) == fired
    assert (run.states()["f"] is State.DONE) == bool(fired)


@st.composite
def mixed_dags(draw: st.DrawFn) -> Workflow:
    """Draws a DAG of steps that add, unfold, or make something large."""
    count = draw(st.integers(1, 7))
    steps, links = [], list[Link]()
    for n in range(count):
        kind = draw(st.sampled_from(["add", "add", "halve", "big"]))
        steps.append(Step(f"s{n}", kind, {"plus": draw(st.integers(1, 9)), "tag": f"s{n}"}))
        numbers = [step.id for step in steps[:-1] if step.type in ("add", "halve")]
        if kind == "add" and numbers:
            links += [
                Link(s, "out", f"s{n}", "x") for s in sorted(draw(st.sets(st.sampled_from(numbers), max_size=3)))
            ]
        if kind == "big":
            steps.append(Step(f"l{n}", "length"))
            links.append(Link(f"s{n}", "out", f"l{n}", "x"))
    return Workflow("", tuple(steps), tuple(links))


@_SLOWLY
@given(flow=mixed_dags(), cut=st.floats(0, 1), lost=st.floats(0, 1))
def test_resuming_gives_the_same_bits_whatever_a_dead_process_left(
    flow: Workflow, cut: float, lost: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A journal cut anywhere, files of large values lost or cut: unfolded, large and plain results are the same."""
    folder: Path = tmp_path_factory.mktemp("store")
    with world(folder) as fakes:
        plain = every_output(fakes.done(flow, None))
        store = Store(folder)
        run = fakes.done(flow, store)
        digests = {step.id: {p: v.digest for p, v in run.kept(step.id).items()} for step in flow.steps}
        assert every_output(run) == plain
        store.close()
        journal = folder / "journal.jsonl"
        data = journal.read_bytes()
        journal.write_bytes(data[: int(cut * len(data))])
        values = sorted(path for path in (folder / "values").rglob("*") if path.is_file())
        for path in values[: int(lost * len(values))]:
            path.write_bytes(path.read_bytes()[:1000])
        again = Store(folder)
        resumed = fakes.done(flow, again)
        assert every_output(resumed) == plain
        assert {s.id: {p: v.digest for p, v in resumed.kept(s.id).items()} for s in flow.steps} == digests
        again.close()


@_SLOWLY
@given(flow=mixed_dags(), data=st.data())
def test_after_any_edit_a_partial_run_equals_a_fresh_one(
    flow: Workflow, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Options changed, steps and links taken away, in any number: the kept results never show."""
    with world(tmp_path_factory.mktemp("w")) as fakes:
        store = Store()
        fakes.done(flow, store)
        for _ in range(data.draw(st.integers(1, 3))):
            step = data.draw(st.sampled_from(flow.steps))
            deed = data.draw(st.sampled_from(["option", "remove", "unlink", "again"]))
            if deed == "option" and step.type != "length":
                flow = flow.with_step(replace(step, options={**step.options, "plus": data.draw(st.integers(1, 9))}))
            elif deed == "remove" and len(flow.steps) > 2 and step.type == "add":
                links = tuple(link for link in flow.links if step.id not in (link.source, link.target))
                flow = replace(flow, steps=tuple(s for s in flow.steps if s != step), links=links)
            elif deed == "unlink":
                flow = replace(flow, links=tuple(k for k in flow.links if k.target != step.id or step.type != "add"))
            run = fakes.run(flow, store)
            run.start(from_step=step.id if deed == "again" else "")
            assert run.wait(30)
            assert every_output(run) == every_output(fakes.done(flow, None))
