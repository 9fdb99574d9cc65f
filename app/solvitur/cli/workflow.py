"""The verb ``workflow``: runs a workflow, lists the ready ones, writes one as a file."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from solvitur.cli.running import Exit, Terminal
from solvitur.cli.sweeping import approving, sweep_file
from solvitur.engine.chats import Allowed, Chats
from solvitur.engine.content import read_content
from solvitur.engine.project.files import is_project
from solvitur.engine.settings import SettingsFile
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.crews import LOCAL, open_crew
from solvitur.engine.workflow.events import State, StepState, WorkflowEvent
from solvitur.engine.workflow.journals import open_store
from solvitur.engine.workflow.patterns import pattern, patterns
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.store import Store
from solvitur.hooks.contracts import Solved
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place
from solvitur.problem.pictures import Picture
from solvitur.problem.tables import Table
from solvitur.workflow.forms import read_any, to_json
from solvitur.workflow.model import Workflow

_SHOWN_ROWS = 20


def workflow(terminal: Terminal, given: argparse.Namespace) -> int:
    """Runs an action of the verb ``workflow``."""
    deeds = {"run": _run, "sweep": _sweep, "patterns": _list, "write": _write}
    return deeds[given.action](terminal, given)


def _list(terminal: Terminal, given: argparse.Namespace) -> int:
    found = patterns()
    if given.json:
        terminal.result_json(
            [{"name": each.name, "title": each.workflow.title, "story": each.story} for each in found]
        )
        return Exit.ANSWERED
    width = max(len(each.name) for each in found)
    for each in found:
        terminal.result(f"{each.name.ljust(width)}  {each.workflow.title}")
    return Exit.ANSWERED


def _write(terminal: Terminal, given: argparse.Namespace) -> int:
    found = pattern(given.name)
    path: Path = given.file
    text = to_json(found.workflow) if path.suffix.lower() == ".json" else found.text
    try:
        if path.exists() and path.read_text("utf-8", "replace") != text:
            raise InputError.at("it is there already and differs; choose another name", place=Place(str(path)))
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError.at(f"cannot be written: {error.strerror or error}", place=Place(str(path))) from None
    terminal.result(str(path))
    return Exit.ANSWERED


def _run(terminal: Terminal, given: argparse.Namespace) -> int:
    path: Path = given.file
    flow = _with_settings(_read(path), given.set)
    began = time.monotonic()
    with _services(terminal, given) as (services, store):
        run = WorkflowRun(
            flow,
            services,
            store=store,
            settings=approving(flow, given.yes),
            emit=lambda event: _tell(terminal, event),
        )
        run.start()
        _wait(terminal, run)
        states = run.states()
        ends = [step.id for step in flow.steps if not flow.links_out(step.id) and states[step.id] is State.DONE]
        made = {step_id: run.outputs(step_id) for step_id in ends}
    if given.json:
        terminal.result_json(
            {
                "title": flow.title,
                "states": {path: state.value for path, state in sorted(states.items())},
                "faults": {step.id: fault for step in flow.steps if (fault := run.fault(step.id))},
                "outputs": {s: {port: _tree(value) for port, value in each.items()} for s, each in made.items()},
                "seconds": time.monotonic() - began,
            }
        )
    else:
        for step_id, each in made.items():
            for port, value in each.items():
                terminal.result(f"{step_id}.{port}: {_words(value)}")
    if run.cancelled:
        return Exit.NO_ANSWER_IN_TIME
    return Exit.FAILED if State.FAILED in states.values() else Exit.ANSWERED


def _sweep(terminal: Terminal, given: argparse.Namespace) -> int:
    flow = _with_settings(_read(given.file), given.set)
    with _services(terminal, given) as (services, store):
        return sweep_file(terminal, given, flow, services, store)


@contextmanager
def _services(terminal: Terminal, given: argparse.Namespace) -> Iterator[tuple[Services, Store]]:
    """Gives what runs of a file need, and ends it all afterwards."""
    settings = SettingsFile(terminal.folders.settings_file).read()[0]
    executor = given.executor or settings.workflow_executor
    usual = settings.workflow_address if executor == settings.workflow_executor != LOCAL else ""
    address = usual if given.address is None else given.address
    path: Path = given.file.resolve()
    crew = open_crew(terminal.plugins, executor, address)
    workers = Workers(spare=False)
    store = open_store(terminal.folders, path, limit_mb=settings.workflow_results_mb)
    if store.folder is None:
        terminal.say("warning: the results cannot be kept; the next run begins anew")
    try:
        chats = Chats(terminal.plugins, Allowed.of(settings))
        problem = read_content(path).problem if is_project(path) else None
        yield Services(terminal.plugins, workers, path.parent, crew, problem, chats=chats), store
    finally:
        workers.shutdown()
        chats.close()
        store.close()
        if crew is not None:
            crew.close()


def _read(path: Path) -> Workflow:
    if is_project(path):
        found = read_content(path).problem.workflow
        if not isinstance(found, Workflow):
            raise InputError.at("this project has no workflow", place=Place(str(path)))
        return found
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise InputError.at("there is no such file", place=Place(str(path))) from None
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise InputError.at(f"it cannot be read: {said}", place=Place(str(path))) from None
    return read_any(text, str(path))


def _with_settings(flow: Workflow, given: list[tuple[str, str]]) -> Workflow:
    for name, value in given:
        step_id, _, option = name.partition(".")
        step = flow.step(step_id)
        if step is None or not option:
            steps = ", ".join(step.id for step in flow.steps)
            raise InputError.at(f"'{name}' names no option of a step, expected step.option; steps are: {steps}")
        flow = flow.with_step(replace(step, options={**step.options, option: value}))
    return flow


def _wait(terminal: Terminal, run: WorkflowRun) -> None:
    """Waits for the end; Ctrl+C stops the run, and what is done stays done."""
    try:
        while not run.wait(0.2):
            pass
    except KeyboardInterrupt:
        terminal.say("stopping; what is done is kept, and the next run goes on from there")
        run.cancel()
        run.wait(10)


def _tell(terminal: Terminal, event: WorkflowEvent) -> None:
    if not isinstance(event, StepState) or event.state in (State.RUNNING, State.WAITING):
        return
    said = f": {event.text}" if event.text else ""
    seconds = " (known already)" if event.from_cache else f" ({event.seconds:.2f} s)"
    terminal.say(f"{event.state.value:8}{event.path}{seconds if event.state is State.DONE else said}")


def _tree(value: Any) -> Any:
    """Turns a step's output into what JSON can hold."""
    if isinstance(value, Solved):
        checked = value.verification
        return {
            "status": value.result.status.value,
            "objective": checked.objective if checked is not None and checked.passed else value.result.objective,
            "bound": value.result.bound,
            "verified": checked is not None and checked.passed,
            "max_violation": checked.max_violation if checked is not None else None,
        }
    if isinstance(value, Table):
        columns = [column.values.tolist() for column in value.columns]
        return {"header": list(value.header), "rows": [list(row) for row in zip(*columns, strict=True)]}
    if isinstance(value, Picture):
        return {"picture": type(value).__name__.lower(), "title": value.title}
    if isinstance(value, Mapping):
        return {str(key): _tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tree(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else type(value).__name__


def _words(value: Any) -> str:
    """Turns a step's output into a few lines for people."""
    if isinstance(value, Table):
        tree = _tree(value)
        rows = [tree["header"], *tree["rows"][:_SHOWN_ROWS]]
        more = len(tree["rows"]) - _SHOWN_ROWS
        lines = ["\t".join(str(cell) for cell in row) for row in rows]
        return "\n" + "\n".join(lines) + (f"\n({more} more rows)" if more > 0 else "")
    tree = _tree(value)
    return ", ".join(f"{key} {item}" for key, item in tree.items()) if isinstance(tree, dict) else str(tree)
