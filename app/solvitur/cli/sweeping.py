"""The action ``workflow sweep``: runs combinations of options and tells which compromises are the best."""

from __future__ import annotations

import argparse
import time

from solvitur.cli.running import Exit, Terminal
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.sweep import (
    Sweep,
    SweepDone,
    SweepMoved,
    SweepPlan,
    SweepPoint,
    parse_range,
    sweep_table,
)
from solvitur.engine.workflow.types import known_types
from solvitur.workflow.model import Workflow


def approving(flow: Workflow, yes: bool) -> Settings:
    """Returns the settings of a run on which nobody is asked: with ``yes`` every step is approved."""
    return Settings(approved=frozenset(step.id for step in flow.steps), trusting=True) if yes else Settings()


def sweep_file(
    terminal: Terminal, given: argparse.Namespace, flow: Workflow, services: Services, store: Store
) -> int:
    """Sweeps a workflow; ranges given on the command line stand before those of the file."""
    types = known_types(services.plugins)
    ranges = {(each.step, each.option): each for each in flow.ranges}
    if given.range:
        said = [parse_range(text, flow, types) for text in given.range]
        ranges = {(each.step, each.option): each for each in said}
    plan = SweepPlan(
        tuple(ranges.values()),
        given.quality,
        given.cost,
        None if given.better is None else given.better == "higher",
        given.method,
        given.runs,
        given.seed,
    )
    settings = approving(flow, given.yes)
    began = time.monotonic()

    def tell(event: SweepMoved | SweepDone) -> None:
        if isinstance(event, SweepMoved) and event.point.state not in ("waiting", "running"):
            terminal.say(f"{event.done}/{event.total}  {_words(plan, event.point)}")

    sweep = Sweep(flow, services, plan, store=store, settings=settings, emit=tell, types=types)
    sweep.start()
    try:
        while not sweep.wait(0.2):
            pass
    except KeyboardInterrupt:
        terminal.say("stopping; what is done is kept, and the next sweep goes on from there")
        sweep.cancel()
        sweep.wait(10)
    _tell_points(terminal, given, plan, sweep.points(), time.monotonic() - began)
    if sweep.cancelled:
        return Exit.NO_ANSWER_IN_TIME
    return Exit.ANSWERED if any(point.state == "done" for point in sweep.points()) else Exit.FAILED


def _tell_points(
    terminal: Terminal, given: argparse.Namespace, plan: SweepPlan, points: tuple[SweepPoint, ...], seconds: float
) -> None:
    names = [f"{each.step}.{each.option}" for each in plan.ranges]
    if given.json:
        told = [
            {
                "number": point.number,
                "options": dict(zip(names, point.values, strict=True)),
                "state": point.state,
                "quality": point.quality,
                "cost": point.cost,
                "front": point.on_front,
                "fault": point.fault,
            }
            for point in points
        ]
        terminal.result_json({"quality": plan.quality, "cost": plan.cost, "points": told, "seconds": seconds})
        return
    table = sweep_table(plan, points)
    terminal.result("\t".join(table.header))
    for row in zip(*(column.values.tolist() for column in table.columns), strict=True):
        terminal.result("\t".join(f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row))


def _words(plan: SweepPlan, point: SweepPoint) -> str:
    options = ", ".join(
        f"{each.step}.{each.option}={value}" for each, value in zip(plan.ranges, point.values, strict=True)
    )
    if point.state != "done" or point.quality is None or point.cost is None:
        return f"{options}: {point.state}" + (f", {point.fault}" if point.fault else "")
    return f"{options}: quality {point.quality:g}, cost {point.cost:.4g}"
