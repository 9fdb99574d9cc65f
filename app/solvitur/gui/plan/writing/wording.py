"""A workflow as the text that is shown beside its graph, and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from solvitur.problem.findings import Finding, Place, Severity
from solvitur.workflow.forms import from_json, from_text, to_json, to_text
from solvitur.workflow.model import Group, Note, Step, Workflow
from solvitur.workflow.rules import WorkflowError, check_name

FORMS = ("text", "json")
_BESIDE, _BELOW = 272.0, 120.0
_TOKEN = re.compile(r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*', re.DOTALL)
_STATEMENT = re.compile(r"^([^\W\d]\w*)[ \t]*(=(?!=)|\()", re.MULTILINE)
_NAMED = re.compile(r'^ {1,4}"id": *"([^"\\]+)"', re.MULTILINE)
_CLOSED = re.compile(r"^ {1,2}\}", re.MULTILINE)
_NUMBERED = re.compile(r"^steps\[(\d+)\]")


@dataclass(frozen=True)
class Statement:
    """The lines, counted from 0, that write a step, group or note; ``last`` is the last of them."""

    name: str
    first: int
    last: int


def written(workflow: Workflow, form: str, *, places: bool) -> str:
    """Writes a workflow; without ``places`` where steps stand on the canvas is left out."""
    if form == "json":
        return to_json(workflow)
    bare = (
        workflow
        if places
        else replace(workflow, steps=tuple(replace(s, position=(0.0, 0.0)) for s in workflow.steps))
    )
    return to_text(bare)


def read(text: str, form: str, base: Workflow, *, places: bool) -> Workflow:
    """Reads what was typed; steps whose place was not written keep theirs, and new ones go beside what they need.

    Raises
    ------
    InputError
        If it cannot be read, with the place.
    """
    if form == "json":
        return from_json(text)
    typed = from_text(text)
    return typed if places else _placed(typed, base)


def _placed(typed: Workflow, base: Workflow) -> Workflow:
    before = {step.id: step.position for step in base.steps}
    now = {step.id for step in typed.steps}
    gone = [step for step in base.steps if step.id not in now]
    known: dict[str, tuple[float, float]] = {}
    fresh: list[Step] = []
    for step in typed.steps:
        if step.id in before:
            known[step.id] = before[step.id]
        elif any(step.position):
            known[step.id] = step.position
        else:
            fresh.append(step)
    for step in fresh:
        twin = next((each for each in gone if (each.type, each.options) == (step.type, step.options)), None)
        if twin is not None:  # it was given another name
            gone.remove(twin)
            known[step.id] = twin.position
    parents = typed.parents()
    for step in fresh:
        if step.id not in known:
            known[step.id] = _free_place([known[name] for name in parents[step.id] if name in known], known.values())
    return replace(typed, steps=tuple(replace(step, position=known[step.id]) for step in typed.steps))


def _free_place(needed: list[tuple[float, float]], taken: object) -> tuple[float, float]:
    x = max((place[0] for place in needed), default=-_BESIDE) + _BESIDE
    y = needed[0][1] if needed else 0.0
    others = list(taken)  # type: ignore[call-overload]
    while any(abs(x - a) < _BESIDE - 40 and abs(y - b) < _BELOW - 8 for a, b in others):
        y += _BELOW
    return x, y


def statements(text: str, form: str) -> tuple[Statement, ...]:
    """Finds which lines write which step, group or note, even while the text cannot be read."""
    starts = [0]
    starts += [match.end() for match in re.finditer("\n", text)]
    heads: list[tuple[int, str]] = []
    if form == "json":
        heads = [(bisect_right(starts, match.start()) - 2, match[1]) for match in _NAMED.finditer(text)]
    else:
        heads = list(_heads(text, starts))
    found = []
    for at, (first, name) in enumerate(heads):
        end = heads[at + 1][0] if at + 1 < len(heads) else len(starts)
        if form == "json" and (closed := _CLOSED.search(text, starts[first])) is not None:
            end = min(end, bisect_right(starts, closed.start()))
        if name:
            found.append(Statement(name, first, max(first, end - 1)))
    return tuple(found)


def _heads(text: str, starts: list[int]) -> Iterator[tuple[int, str]]:
    """Yields the line and name of each statement; those that name nothing have an empty name."""
    inside = [(m.start(), m.end()) for m in _TOKEN.finditer(text) if m[0].startswith('"""')]
    opens = [start for start, _ in inside]
    for match in _STATEMENT.finditer(text):
        at = bisect_right(opens, match.start()) - 1
        if at >= 0 and inside[at][0] < match.start() < inside[at][1]:
            continue
        name = match[1]
        if match[2] == "(":
            quoted = re.match(r"\s*[\"']([^\"'\n]*)[\"']", text[match.end() : match.end() + 120])
            name = quoted[1] if quoted is not None and name in ("group", "note") else ""
        yield bisect_right(starts, match.start()) - 1, name


def soundness(workflow: Workflow) -> tuple[Finding, ...]:
    """Finds what no edit on the canvas could have made: names taken twice or unfit, cycles, groups that overlap."""
    found, seen = [], set[str]()
    things: tuple[Step | Group | Note, ...] = (*workflow.steps, *workflow.groups, *workflow.notes)
    for thing in things:
        if thing.id in seen:
            found.append(
                Finding(Severity.ERROR, f"'{thing.id}' is there twice; give one of them another name", thing.id)
            )
        seen.add(thing.id)
        try:
            check_name(thing.id)
        except WorkflowError as error:
            found += error.findings
    owner: dict[str, str] = {}
    ids = {step.id for step in workflow.steps}
    for group in workflow.groups:
        for member in group.members:
            if member not in ids:
                found.append(Finding(Severity.ERROR, f"there is no step '{member}' for group '{group.id}'", group.id))
            if owner.setdefault(member, group.id) != group.id:
                text = f"'{member}' is in group '{owner[member]}' already; take it out of one of them"
                found.append(Finding(Severity.ERROR, text, group.id))
    for link in workflow.links:
        found += [
            Finding(Severity.ERROR, f"link {link}: there is no step '{end}'", end)
            for end in (link.source, link.target)
            if end not in ids
        ]
    try:
        workflow.order()
    except ValueError:
        found.append(Finding(Severity.ERROR, _cycle_words(workflow), _in_cycle(workflow)))
    return tuple(found)


def _in_cycle(workflow: Workflow) -> str:
    return next((step.id for step in workflow.steps if _needs_itself(workflow, step.id)), "")


def _needs_itself(workflow: Workflow, name: str) -> bool:
    parents = workflow.parents()
    return any(other == name or name in workflow.ancestors([other]) for other in parents[name])


def _cycle_words(workflow: Workflow) -> str:
    return f"'{_in_cycle(workflow)}' would need its own output, so the steps have no order; take one link away"


def located(findings: tuple[Finding, ...], lines: tuple[Statement, ...]) -> tuple[Finding, ...]:
    """Gives findings that name a step the line in which the step is written."""
    first = {line.name: line.first for line in reversed(lines)}
    steps = [line.first for line in lines]
    placed = []
    for finding in findings:
        at = finding.place.line
        numbered = _NUMBERED.match(finding.element)
        if not at and finding.element in first:
            at = first[finding.element] + 1
        elif not at and numbered is not None and int(numbered[1]) < len(steps):
            at = steps[int(numbered[1])] + 1
        column = finding.place.column if finding.place.line else 0
        placed.append(replace(finding, place=Place("", at, column)))
    return tuple(placed)
