"""History: the steps that can be undone and redone, by name."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from solvitur.problem.edits import Edit, ReplaceText, SetFields
from solvitur.problem.records import Record

MERGE_WITHIN_S = 1.0
"""Typing goes on in the same step while the pauses are shorter than this."""

MAXIMUM_STEPS = 1000
MAXIMUM_BYTES = 256 * 2**20


@dataclass(frozen=True, eq=False)
class Step:
    """One undoable step: the edit, the edit that takes it back, and the state it leads to."""

    title: str
    forward: Edit
    inverse: Edit
    state: int

    @cached_property
    def weight(self) -> int:
        """The memory it holds, in bytes."""
        seen: set[int] = set()
        return weight(self.forward, seen) + weight(self.inverse, seen)


class History:
    """The stack of steps. ``cursor`` counts the steps done; ``first`` is the position of the oldest one kept."""

    def __init__(self, steps: tuple[Step, ...] = (), first: int = 0, cursor: int = 0) -> None:
        self._states = itertools.count(len(steps) + 1)
        self._steps = list(steps)
        self.first = first
        self.cursor = cursor
        self._origin = 0
        self._open_until = -1.0
        self._merge = ""

    @property
    def state(self) -> int:
        """Names the state of the problem: equal numbers, equal content."""
        done = self._done
        return self._steps[done - 1].state if done else self._origin

    @property
    def undo_title(self) -> str | None:
        """The name of the step that Undo takes back, or None."""
        return self._steps[self._done - 1].title if self._done else None

    @property
    def redo_title(self) -> str | None:
        """The name of the step that Redo does again, or None."""
        return self._steps[self._done].title if self._done < len(self._steps) else None

    def push(self, edit: Edit, inverse: Edit, *, now: float, merge: str = "") -> Step:
        """Adds an edit that was applied: as a step of its own, or to the step that typing left open."""
        at_end = self._done == len(self._steps)
        del self._steps[self._done :]
        last = self._steps[-1] if self._steps else None
        joined = None
        if last is not None and at_end and now <= self._open_until and merge == self._merge:
            joined = _join(last, edit, inverse, named=bool(merge))
        step = joined or Step(edit.title, edit, inverse, 0)
        step = replace(step, state=next(self._states))
        if joined is None:
            self._steps.append(step)
            self.cursor += 1
        else:
            self._steps[-1] = step
        self._merge = merge
        self._open_until = now + MERGE_WITHIN_S if merge or isinstance(edit, ReplaceText) else -1.0
        self._trim()
        return step

    def seal(self) -> None:
        """Lets the next edit begin a step of its own."""
        self._open_until = -1.0

    def undo(self) -> Step | None:
        """Moves one step back and returns that step; None when there is none."""
        self.seal()
        if not self._done:
            return None
        self.cursor -= 1
        return self._steps[self._done]

    def redo(self) -> Step | None:
        """Moves one step forward and returns that step; None when there is none."""
        self.seal()
        if self._done == len(self._steps):
            return None
        self.cursor += 1
        return self._steps[self._done - 1]

    @property
    def _done(self) -> int:
        return self.cursor - self.first

    def _trim(self) -> None:
        """Forgets the oldest steps when there are too many or they hold too much memory."""
        weights = [step.weight for step in self._steps]
        total, dropped = sum(weights), 0
        while dropped < len(weights) - 1 and (total > MAXIMUM_BYTES or len(weights) - dropped > MAXIMUM_STEPS):
            total -= weights[dropped]
            dropped += 1
        if dropped:
            self._origin = self._steps[dropped - 1].state
            del self._steps[:dropped]
            self.first += dropped


def weight(value: Any, seen: set[int]) -> int:
    """Estimates the bytes an edit holds; arrays in ``seen`` are shared and counted once."""
    if isinstance(value, np.ndarray):
        if id(value) in seen:
            return 0
        seen.add(id(value))
        return int(value.nbytes) * (8 if value.dtype == object else 1)
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(weight(item, seen) for item in value.values()) + 16 * len(value)
    if isinstance(value, list | tuple):
        return sum(weight(item, seen) for item in value) + 16 * len(value)
    if isinstance(value, Record) and is_dataclass(value):
        held: int = sum(weight(getattr(value, f.name), seen) for f in fields(value))
        return held
    return 16


def _join(last: Step, edit: Edit, inverse: Edit, *, named: bool) -> Step | None:
    """Joins an edit to the last step when both are one stroke of typing, or of a control's movement."""
    before = last.forward
    if isinstance(before, ReplaceText) and isinstance(edit, ReplaceText) and isinstance(last.inverse, ReplaceText):
        typed = _typed_on(before, edit)
        if typed is None:
            return None
        back = replace(last.inverse, offset=typed.offset, removed=typed.inserted, inserted=typed.removed)
        return replace(last, forward=typed, inverse=back)
    if named and isinstance(before, SetFields) and isinstance(edit, SetFields) and {*before.values} == {*edit.values}:
        return replace(last, title=edit.title, forward=edit)
    return None


def _typed_on(before: ReplaceText, edit: ReplaceText) -> ReplaceText | None:
    """Continues a stroke of typing (or of deleting, backward or forward); None when it is a new one."""
    if edit.field != before.field or "\n" in edit.inserted or "\n" in edit.removed:
        return None
    inserting = not edit.removed and not before.removed
    deleting = not edit.inserted and not before.inserted
    if inserting and edit.offset == before.offset + len(before.inserted):
        return replace(before, inserted=before.inserted + edit.inserted)
    if deleting and edit.offset + len(edit.removed) == before.offset:
        return replace(before, offset=edit.offset, removed=edit.removed + before.removed)
    if deleting and edit.offset == before.offset:
        return replace(before, removed=before.removed + edit.removed)
    return None
