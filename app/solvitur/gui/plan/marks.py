"""The state of steps as the canvas shows it: icon, word and colour; progress, time, heat."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from solvitur.engine.workflow.events import State
from solvitur.gui.graph.figure import Mark
from solvitur.gui.numbers import duration, percent
from solvitur.gui.plan.courses import Course
from solvitur.gui.plan.running import Running
from solvitur.problem.pictures import Gantt
from solvitur.workflow.model import Workflow

_MOST_LANES = 40
"""A time line of more steps than this is read in its own panel."""

LOOKS = {
    State.WAITING: ("waiting", "waiting", "text_soft"),
    State.RUNNING: ("running", "play", "accent"),
    State.DONE: ("done", "good", "good"),
    State.STALE: ("stale", "repeat", "warn"),
    State.FAILED: ("failed", "error", "bad"),
    State.SKIPPED: ("skipped", "skip", "text_soft"),
    State.PAUSED: ("waits for you", "warning", "warn"),
}


def marks_of(workflow: Workflow, running: Running, heat: str = "", unfolded: Collection[str] = ()) -> dict[str, Mark]:
    """Builds the marks of all steps, those that are drawn ``unfolded`` too; ``heat``: by ``time`` or ``memory``."""
    courses, active = running.courses, running.active
    if not courses and not active:
        return {}
    stale = frozenset() if active else running.stale(workflow)
    critical = frozenset() if active else courses.critical()
    waiting = Mark(*LOOKS[State.WAITING])
    amounts = {name: _amount(course, heat) for name, course in courses.items()} if heat else {}
    most = max(amounts.values(), default=0.0) or 1.0
    found = {}
    for name in (*(step.id for step in workflow.steps), *unfolded):
        course = courses.get(name)
        if course is None or course.state is None:
            if active:
                found[name] = waiting
            continue
        state = course.state.state
        if name in stale and state is State.DONE:
            state = State.STALE
        word, icon, token = LOOKS[state]
        found[name] = Mark(
            _words(word, course, state),
            icon,
            token,
            _fraction(course) if state is State.RUNNING else None,
            amounts[name] / most if name in amounts else None,
            name in critical,
        )
    return found


def time_line(workflow: Workflow, running: Running) -> Gantt | None:
    """Draws when each step of the last run began and ended; None before a run."""
    if not running.courses or len(workflow.steps) > _MOST_LANES:
        return None
    spans = [(step, running.courses.span(step.id, running.now)) for step in workflow.steps]
    ran = [(step, span) for step, span in spans if span is not None]
    if not ran:
        return None
    ran.sort(key=lambda pair: pair[1][0])
    names = tuple(step.title or step.id for step, _ in ran)
    return Gantt(
        "Time line",
        lanes=names,
        lane=np.arange(len(ran)),
        start=np.array([span[0] for _, span in ran]),
        end=np.array([span[1] for _, span in ran]),
        labels=names,
        unit="s",
        axis="time",
    )


def state_words(course: Course) -> str:
    """Says the state of a step in words."""
    if course.state is None:
        return "has not run"
    return _words(LOOKS[course.state.state][0], course, course.state.state)


def _fraction(course: Course) -> float | None:
    if course.parts:
        return course.parts_done / course.parts
    return course.state.fraction if course.state is not None and course.state.fraction is not None else 0.0


def _words(word: str, course: Course, state: State) -> str:
    event = course.state
    if event is None:
        return word
    if state is State.RUNNING:
        if course.parts:
            return f"{word}, {course.parts_done} of {course.parts} parts"
        return f"{word}, {percent(event.fraction)}" if event.fraction is not None else word
    if state is State.DONE:
        return f"{word}, as before" if event.from_cache else f"{word} in {duration(event.seconds)}"
    if state is State.SKIPPED:
        return word
    return f"{word}: {event.text}" if event.text else word


def _amount(course: Course, heat: str) -> float:
    if course.state is None:
        return 0.0
    return float(course.state.memory_bytes) if heat == "memory" else course.state.seconds
