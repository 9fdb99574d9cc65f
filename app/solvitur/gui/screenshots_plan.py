"""Pictures of the Plan place: its panels, every ready workflow after its run, and workflows of several sizes."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from solvitur.engine.workflow.patterns import Pattern, patterns
from solvitur.gui.graph.layered import layered
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import SWEEP, TIME_LINE, PlanPlace
from solvitur.problem.document import Problem
from solvitur.workflow.model import Link, Step, Workflow

PANELS = ("plan-text", "plan-unfolded", "plan-sweep")
SIZES = (20, 200, 10_000)
_SWEPT, _UNFOLDING, _WRITTEN = "generate_verify_repair", "recursive_decomposition", "scenario_sweep"
_LONG_S = 180.0
_SIZE = (1480, 860)
_TABLE = "case,price,amount\n" + "".join(f"{row},{1 + row % 7},{row * 3 % 11}\n" for row in range(12))
_INNER = (
    ("filter", {"where": "amount >= 0"}),
    ("formula", {"column": "price", "formula": "price + 1"}),
    ("query", {"sql": "SELECT * FROM a WHERE price > 0"}),
    ("python", {"code": "def step(value):\n    return value\n"}),
)
_FAULTY = {"where": "weight > 0"}
"""The tables have no such column: one step fails, so that its look is seen too."""
_LAST: tuple[tuple[str, dict[str, str]], ...] = (("picture", {}), ("curve", {"x": "case", "y": "price"}))
_JOIN = {"sql": "SELECT a.* FROM a, b LIMIT 12"}
_LAYER = 12


class Taker(Protocol):
    """The walk through the window that takes the pictures."""

    def wait(self, until: Callable[[], bool], seconds: float = 90.0) -> bool: ...
    def shoot(self, name: str, shown: QWidget) -> None: ...


class PlanPictures:
    """Takes the pictures of one window's Plan place."""

    def __init__(self, window: MainWindow, taker: Taker) -> None:
        self._window, self._taker = window, taker
        self._session = window.context.session

    def panels(self) -> None:
        """Takes the text beside the graph, a step that unfolds, and a sweep with its front."""
        self._make_room()
        place = self._begin(_WRITTEN)
        place.show_text()
        place.board.view.pick(frozenset({"answers"}), current="answers")
        self._taker.shoot("plan-text", self._window)
        place.show_text()
        place = self._begin(_UNFOLDING)
        self._run(place)
        place.board.view.pick(frozenset())
        self._taker.shoot("plan-unfolded", self._window)
        self._sweep(self._begin(_SWEPT))
        self._taker.shoot("plan-sweep", self._window)
        place.drawer.hide()

    def patterns(self) -> None:
        """Takes every ready workflow that needs nothing from outside, after its run."""
        self._make_room()
        for pattern in patterns():
            if _is_alone(pattern):
                place = self._begin(pattern.name)
                self._run(place)
                place.board.view.pick(frozenset())
                place.show_drawer(TIME_LINE)
                self._taker.wait(lambda: False, 0.3)
                place.board.view.fit()
                self._taker.shoot(f"patterns/{pattern.name}", place)
        self._place().drawer.hide()

    def sizes(self) -> None:
        """Takes workflows of several sizes after their run, one of whose steps fails."""
        self._make_room()
        with tempfile.TemporaryDirectory(prefix="solvitur-") as folder:
            (Path(folder) / "data.csv").write_text(_TABLE, "utf-8")
            for count in SIZES:
                workflow = large_workflow(count)
                self._session.new(Problem(f"{count} steps", workflow=workflow), discard=True)
                self._session.save(Path(folder) / f"{count} steps.solvitur")
                place = self._place()
                place.drawer.hide()
                self._taker.wait(partial(_is_drawn, place, count), 30)
                place.running.follow()
                place.running.approve(workflow, [step.id for step in workflow.steps])
                self._run(place)
                place.drawer.hide()
                self._window.context.actions.refresh()
                place.asking.forget()
                self._taker.wait(lambda: False, 0.3)
                place.board.view.fit()
                self._taker.shoot(f"plan-{count}", self._window)

    def _make_room(self) -> None:
        """Gives the canvas the room that the inspector and the solver panel take otherwise."""
        self._window.resize(*_SIZE)
        self._place()
        for name in ("inspector", "solver"):
            if self._window.docks.has(name) and self._window.docks.is_open(name):
                self._window.docks.toggle(name)
        self._taker.wait(lambda: False, 0.3)

    def _place(self) -> PlanPlace:
        place = self._window.stage.turn_to("plan")
        if not isinstance(place, PlanPlace):
            raise TypeError("the window has no Plan place")
        return place

    def _begin(self, name: str) -> PlanPlace:
        """Puts a ready workflow into an empty project."""
        self._session.new(Problem(name.replace("_", " ").capitalize()), discard=True)
        place = self._place()
        self._taker.wait(lambda: not place.workflow.steps and not place.board.figure.nodes, 5)
        place.begin_from_pattern(next(each for each in patterns() if each.name == name))
        self._taker.wait(lambda: bool(place.board.figure.nodes), 5)
        return place

    def _run(self, place: PlanPlace) -> None:
        """Runs the plan and says yes where it asks a person."""
        self._window.context.actions.trigger("plan.run")

        def ended() -> bool:
            approve = place.report.findChild(QPushButton, "approveReview")
            if approve is not None and approve.isVisible():
                approve.click()
            return not place.running.active

        self._taker.wait(ended, _LONG_S)

    def _sweep(self, place: PlanPlace) -> None:
        place.board.view.pick(frozenset({"better"}), current="better")
        for option, said in (("rounds", "1 to 8"), ("free", "0.2 to 0.9")):
            button = place.details.findChild(QToolButton, f"range.{option}")
            if button is not None:
                button.click()
            line = place.sweep.ranges.line("better", option)
            if line is not None:
                line.setText(said)
                line.editingFinished.emit()
            self._taker.wait(lambda: False, 0.2)
        place.show_drawer(SWEEP)
        place.sweep.ask(runs=9, quality="again.solved")
        place.sweep.run()
        self._taker.wait(lambda: not place.sweeping.active, _LONG_S)
        best = next((point.number for point in place.sweeping.points if point.on_front), 0)
        place.sweep.pick(best)
        place.board.view.setFocus()


def _is_alone(pattern: Pattern) -> bool:
    """Tells whether a ready workflow needs no language model."""
    return not any(step.type in ("prompt", "propose", "draft") for step in pattern.workflow.steps)


def _is_drawn(place: PlanPlace, count: int) -> bool:
    return len(place.board.figure.nodes) == count


def large_workflow(count: int) -> Workflow:
    """Builds a random graph of ``count`` steps on tables, laid out; one step fails."""
    chance = random.Random(count)
    wide = max(4, round((count / _LAYER) ** 0.5 * 3))
    steps: list[Step] = []
    links: list[Link] = []
    makes: list[int] = []
    for at in range(count):
        known = [n for n in makes if at - 2 * wide <= n and n // wide < at // wide]
        if not known:
            steps.append(Step(f"table_{at}", "load_table", {"file": "data.csv"}, f"Table {at + 1}"))
            makes.append(at)
            continue
        joins = chance.random() < 0.3 and len(known) > 1
        last = not joins and chance.random() < 0.15
        kind, options = ("query", _JOIN) if joins else chance.choice(_LAST if last else _INNER)
        if kind == "filter" and not any(step.options == _FAULTY for step in steps):
            options = _FAULTY
        title = "Join" if joins else {"query": "Select", "python": "Clean"}.get(kind, kind.capitalize())
        steps.append(Step(f"{kind}_{at}", kind, options, f"{title} {at}"))
        into = {"query": "tables", "python": "value", "picture": "thing"}.get(kind, "table")
        for source in chance.sample(known, 2 if joins else 1):
            out = "out" if steps[source].type == "python" else "table"
            links.append(Link(steps[source].id, out, steps[at].id, into))
        if not last:
            makes.append(at)
    return _laid_out(Workflow("", tuple(steps), tuple(links)))


def _laid_out(workflow: Workflow) -> Workflow:
    index = {step.id: at for at, step in enumerate(workflow.steps)}
    tails = np.array([index[link.source] for link in workflow.links])
    heads = np.array([index[link.target] for link in workflow.links])
    centers = layered(np.tile((200.0, 80.0), (len(index), 1)), tails, heads).centers
    places = [(float(x), float(y)) for x, y in np.round(centers / 8) * 8]
    return replace(workflow, steps=tuple(replace(s, position=p) for s, p in zip(workflow.steps, places, strict=True)))
