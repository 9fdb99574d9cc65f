"""What is known of each step of a run: its states, when it began and ended, its log, and what it unfolded into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from solvitur.engine.workflow.events import Expanded, State, StepLog, StepState
from solvitur.workflow.model import Workflow

ENDED = frozenset({State.DONE, State.FAILED, State.SKIPPED})


@dataclass
class Course:
    """One step of the last run."""

    state: StepState | None = None
    began: float | None = None
    ended: float | None = None
    log: list[str] = field(default_factory=list)
    unfolded: Workflow | None = None
    """What runs in its place."""
    parts: int = 0
    parts_done: int = 0

    @property
    def word(self) -> State | None:
        """The state by itself; None before the step was heard of."""
        return self.state.state if self.state is not None else None


class Courses(dict[str, Course]):
    """The steps of one run by path: those of the plan by their id, unfolded ones below the ids they came from."""

    def __init__(self, workflow: Workflow | None = None) -> None:
        super().__init__()
        self.ran = workflow or Workflow()
        """The workflow as it was when the run began."""
        self._stale: tuple[Workflow, frozenset[str]] | None = None
        self._critical: frozenset[str] | None = None

    def of(self, path: str) -> Course:
        """Returns a step's course, made now if it was not yet."""
        return self.setdefault(path, Course())

    def top(self) -> Iterator[tuple[str, Course]]:
        """Yields the steps of the plan itself."""
        return ((path, course) for path, course in self.items() if "/" not in path)

    def ended(self) -> int:
        """Counts the steps of the plan that came to an end."""
        return sum(course.word in ENDED for _, course in self.top())

    def take(self, event: StepState | StepLog | Expanded, now: float) -> None:
        """Notes what a step told at a moment, in seconds since the run began."""
        course = self.of(event.path)
        self._critical = None
        if isinstance(event, StepLog):
            course.log.append(event.text)
        elif isinstance(event, Expanded):
            course.unfolded = event.workflow
            course.parts = len(event.workflow.steps)
        else:
            self._take_state(course, event, now)

    def _take_state(self, course: Course, event: StepState, now: float) -> None:
        if event.state is State.RUNNING and course.began is None:
            course.began = now
        if event.state in ENDED:
            course.ended = now
            if event.state is State.DONE:
                course.began = now if course.began is None else course.began
                above = self.get(event.path.rpartition("/")[0])
                if above is not None and course.word is not State.DONE:
                    above.parts_done += 1
        course.state = event

    def span(self, path: str, now: float) -> tuple[float, float] | None:
        """Returns when a step began and ended, in seconds since the run began; None before it began."""
        course = self.get(path)
        if course is None or course.began is None:
            return None
        return course.began, course.ended if course.ended is not None else max(now, course.began)

    def stale(self, workflow: Workflow) -> frozenset[str]:
        """Returns the steps whose last result does not fit the workflow any more."""
        if self._stale is None or self._stale[0] is not workflow:
            self._stale = workflow, _differing(self.ran, workflow)
        return self._stale[1]

    def critical(self) -> frozenset[str]:
        """Returns the steps of the longest chain by running time."""
        if self._critical is None:
            self._critical = self._longest_chain()
        return self._critical

    def _longest_chain(self) -> frozenset[str]:
        longest: dict[str, float] = {}
        before: dict[str, str] = {}
        parents = self.ran.parents()
        for name in self.ran.order():
            course = self.get(name)
            seconds = course.state.seconds if course is not None and course.state is not None else 0.0
            best = max(parents[name], key=lambda other: longest[other], default="")
            longest[name] = seconds + (longest[best] if best else 0.0)
            before[name] = best
        at = max(longest, key=lambda name: longest[name], default="")
        chain = set()
        while at:
            chain.add(at)
            at = before[at]
        return frozenset(chain)


def _differing(ran: Workflow, now: Workflow) -> frozenset[str]:
    if ran is now:
        return frozenset()
    before = {step.id: step for step in ran.steps}
    was, is_now = _links_into(ran), _links_into(now)
    changed = set()
    for step in now.steps:
        old = before.get(step.id)
        same = old is not None and (old is step or (old.type, old.options) == (step.type, step.options))
        if not same or was.get(step.id) != is_now.get(step.id):
            changed.add(step.id)
    return frozenset(changed | now.descendants(changed))


def _links_into(workflow: Workflow) -> dict[str, set[tuple[str, str, str]]]:
    into: dict[str, set[tuple[str, str, str]]] = {}
    for link in workflow.links:
        into.setdefault(link.target, set()).add((link.source, link.output, link.input))
    return into
