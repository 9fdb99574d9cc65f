"""Binds tables and rules to a scheduling instance, saying by name what is wrong."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

import numpy as np

from solvitur.api import Columns, Finding, Place, Problem, Severity, Table, read_rules
from solvitur_scheduling.instance import SchedulingInstance
from solvitur_scheduling.schema import (
    CALENDAR,
    CALENDAR_FIELDS,
    JOB_FIELDS,
    JOBS,
    OPERATION_FIELDS,
    OPERATIONS,
    PRECEDENCE_FIELDS,
    PRECEDENCES,
    RESOURCE_FIELDS,
    RESOURCES,
    RULES,
    SETUP_FIELDS,
    SETUPS,
)

_NEED = re.compile(r"^(.*?)[\s:=x*]+(\d+(?:\.\d+)?)$")
_LISTED = re.compile(r"\s*[;,]\s*")


@dataclass(eq=False)
class Reading:
    """What the tables came to: an instance unless something is wrong."""

    instance: SchedulingInstance | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """What must be mended."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


@dataclass(eq=False)
class _Operations:
    """The table of operations, row by row: a row is a mode, rows of one operation follow each other."""

    names: list[str]
    job: list[int]
    jobs: list[str]
    rows: list[list[int]]
    """By operation: its rows."""
    where: dict[str, int]
    """Operation by name; a name that several jobs use counts with its job in front alone."""


def read(problem: Problem) -> Reading:
    """Reads a problem's rules and tables; never raises for what they hold."""
    rules, findings = read_rules(RULES, problem.formulation.text)
    reading = Reading(findings=findings)
    table = problem.table(OPERATIONS)
    if table is None or not table.row_count:
        said = "there are no operations yet: give a table 'operations' (job, operation, machine, duration)"
        reading.findings.append(Finding(Severity.ERROR, said, OPERATIONS, Place(problem.formulation.source)))
        return reading
    parts = {
        name: Columns(problem.table(name) or Table(name), fields)
        for name, fields in (
            (JOBS, JOB_FIELDS),
            (RESOURCES, RESOURCE_FIELDS),
            (PRECEDENCES, PRECEDENCE_FIELDS),
            (CALENDAR, CALENDAR_FIELDS),
            (SETUPS, SETUP_FIELDS),
        )
    }
    rows = Columns(table, OPERATION_FIELDS)
    instance = _instance(rows, parts, rules)
    reading.findings += rows.findings + [found for part in parts.values() for found in part.findings]
    if not reading.errors:
        reading.findings += look_over(instance)
    if not reading.errors:
        reading.instance = instance
    return reading


def _instance(rows: Columns, parts: dict[str, Columns], rules: dict[str, str]) -> SchedulingInstance:
    operations = _operations(rows)
    order = [row for group in operations.rows for row in group]
    resources, capacity, renewable = _resources(parts[RESOURCES])
    need = _needs(rows, order, resources, capacity, renewable)
    index = {name: k for k, name in enumerate(resources)}
    jobs = _jobs(parts[JOBS], operations)
    before, lag = _precedences(rows, parts[PRECEDENCES], operations, rules)
    first = [group[0] for group in operations.rows]
    job = np.array(operations.job, np.int64)
    families = sorted({word for word in rows.words("family") if word})
    family_of = {word: k for k, word in enumerate(families)}
    words = rows.words("family")
    duration = rows.numbers("duration")[order]
    for place in np.flatnonzero(np.isnan(duration))[:20].tolist():
        rows.say(order[place], "duration", "is missing; each row needs one")
    return SchedulingInstance(
        names=tuple(operations.names),
        jobs=tuple(operations.jobs),
        job=job,
        mode_start=np.concatenate([[0], np.cumsum([len(group) for group in operations.rows])]).astype(np.int64),
        duration=np.nan_to_num(duration),
        need=need,
        resources=tuple(resources),
        capacity=np.array(capacity, np.float64),
        renewable=np.array(renewable, bool),
        before=before,
        lag=lag,
        release=np.maximum(rows.numbers("release")[first], jobs["release"][job]),
        deadline=jobs["deadline"],
        due=jobs["due"],
        weight=jobs["weight"],
        cost=rows.numbers("cost")[order],
        closed=_closed(parts[CALENDAR], index),
        family=np.array([family_of.get(words[row], -1) for row in first], np.int64),
        families=tuple(families),
        setup=_setups(parts[SETUPS], index, family_of),
        objective=rules["objective"],
        buffers=rules["buffers"],
        free_order=rules["order"] == "free",
        same_order=rules["same order"] == "yes",
        clock=rows.clock or any(part.clock for part in parts.values()),
    )


def _operations(rows: Columns) -> _Operations:
    job_words = rows.words("job") if rows.has("job") else ["project"] * rows.rows
    words = rows.words("operation")
    found = _Operations([], [], [], [], {})
    job_at: dict[str, int] = {}
    at: dict[tuple[int, str], int] = {}
    said: dict[int, int] = {}
    for row, (job_word, word) in enumerate(zip(job_words, words, strict=True)):
        if not job_word:
            rows.say(row, "job", "is empty; say which job it belongs to")
        job = job_at.setdefault(job_word, len(job_at))
        said[job] = said.get(job, 0) + 1
        key = (job, word or f"#{said[job]}")
        if key in at:
            found.rows[at[key]].append(row)
            continue
        at[key] = len(found.rows)
        found.rows.append([row])
        found.job.append(job)
        found.names.append(word or str(said[job]))
    found.jobs = list(job_at)
    several: dict[str, int] = {}
    for name in found.names:
        several[name] = several.get(name, 0) + 1
    for place, name in enumerate(found.names):
        full = f"{found.jobs[found.job[place]]} {name}"
        found.where[full] = place
        if several[name] == 1:
            found.where[name] = place
        else:
            found.names[place] = full
    return found


def _resources(table: Columns) -> tuple[list[str], list[float], list[bool]]:
    names = table.words("resource") if table.has("resource") else []
    if not names:
        return [], [], []
    for row, name in enumerate(names):
        if not name or name in names[:row]:
            table.say(row, "resource", "is empty; give it a name" if not name else f"is '{name}' as in a row above")
    return names, table.numbers("capacity", names).tolist(), table.yes("renewable").tolist()


def _needs(
    rows: Columns, order: list[int], resources: list[str], capacity: list[float], renewable: list[bool]
) -> np.ndarray:
    """Reads what each mode takes; a machine that the table of resources does not list is added, one of it."""
    index = {name: k for k, name in enumerate(resources)}

    def place_of(name: str) -> int:
        if name not in index:
            index[name] = len(resources)
            resources.append(name)
            capacity.append(1.0)
            renewable.append(True)
        return index[name]

    machines, needs = rows.words("machine"), rows.words("needs")
    found: list[tuple[int, int, float]] = []
    for mode, row in enumerate(order):
        taken: dict[int, float] = {}
        for name in filter(None, [machines[row]]):
            taken[place_of(name)] = 1.0
        for part in filter(None, _LISTED.split(needs[row])):
            match = _NEED.match(part)
            name, amount = (match[1].strip(), float(match[2])) if match and part not in index else (part, 1.0)
            place = place_of(name)
            taken[place] = taken.get(place, 0.0) + amount
        found += [(mode, place, amount) for place, amount in taken.items() if amount > 0]
    return np.array(found, np.float64).reshape(-1, 3)


def _jobs(table: Columns, operations: _Operations) -> dict[str, np.ndarray]:
    usual = {"release": 0.0, "due": np.inf, "deadline": np.inf, "weight": 1.0}
    found = {name: np.full(len(operations.jobs), value) for name, value in usual.items()}
    if not table.has("job"):
        return found
    at = {name: k for k, name in enumerate(operations.jobs)}
    read = {name: table.numbers(name) for name in usual}
    for row, name in enumerate(table.words("job")):
        if name not in at:
            table.say(row, "job", f"is '{name}', which has no operations")
            continue
        for column, values in read.items():
            found[column][at[name]] = values[row]
    return found


def _precedences(
    rows: Columns, table: Columns, operations: _Operations, rules: dict[str, str]
) -> tuple[np.ndarray, np.ndarray]:
    pairs: dict[tuple[int, int], float] = {}
    if rows.has("after"):
        words = rows.words("after")
        for place, group in enumerate(operations.rows):
            for row in group:
                for name in filter(None, _LISTED.split(words[row])):
                    _add_pair(rows, row, "after", name, operations.names[place], operations, pairs, 0.0)
    if table.has("before") and table.has("after"):
        lags = table.numbers("lag")
        for row, (first, then) in enumerate(zip(table.words("before"), table.words("after"), strict=True)):
            if then not in operations.where:
                table.say(row, "after", f"is '{then}', which is no operation")
            else:
                _add_pair(table, row, "before", first, then, operations, pairs, float(lags[row]))
    elif not rows.has("after") and rules["order"] == "given" and rows.has("job"):
        chains: list[list[int]] = [[] for _ in operations.jobs]
        for place, job in enumerate(operations.job):
            chains[job].append(place)
        pairs.update({pair: 0.0 for chain in chains for pair in itertools.pairwise(chain)})
    if not pairs:
        return np.zeros((0, 2), np.int64), np.zeros(0)
    return np.array(list(pairs), np.int64), np.array(list(pairs.values()), np.float64)


def _add_pair(
    table: Columns,
    row: int,
    column: str,
    first: str,
    then: str,
    operations: _Operations,
    pairs: dict[tuple[int, int], float],
    lag: float,
) -> None:
    if first not in operations.where:
        table.say(row, column, f"is '{first}', which is no operation")
    elif operations.where[first] == operations.where[then]:
        table.say(row, column, "is the operation itself")
    else:
        key = operations.where[first], operations.where[then]
        pairs[key] = max(pairs.get(key, lag), lag)


def _closed(table: Columns, index: dict[str, int]) -> np.ndarray:
    if not table.rows:
        return np.zeros((0, 3))
    begin, end = table.numbers("from"), table.numbers("until")
    found = []
    for row, name in enumerate(table.words("resource")):
        if name not in index:
            table.say(row, "resource", f"is '{name}', which no operation and no table of resources names")
        elif not begin[row] < end[row]:
            table.say(row, "from", f"is {begin[row]:g}, expected a time before 'until' ({end[row]:g})")
        else:
            found.append((index[name], begin[row], end[row]))
    return np.array(found, np.float64).reshape(-1, 3)


def _setups(table: Columns, index: dict[str, int], family_of: dict[str, int]) -> np.ndarray:
    """Returns the set-up times with every blank written out: a line that names more wins over one that names less."""
    found: dict[tuple[int, int, int], float] = {}
    lines = []
    times = table.numbers("time")
    columns = [table.words(name) for name in ("machine", "from", "to")]
    for row, (machine, first, then) in enumerate(zip(*columns, strict=True)):
        known = True
        for name, word, names in (("machine", machine, index), ("from", first, family_of), ("to", then, family_of)):
            if word and word not in names:
                table.say(row, name, f"is '{word}', which no operation has", severity=Severity.WARNING)
                known = False
        if known:
            lines.append((sum(map(bool, (machine, first, then))), machine, first, then, float(times[row])))
    for _, machine, first, then, time in sorted(lines, key=lambda line: line[0]):
        on = [index[machine]] if machine else list(index.values())
        come = [family_of[first]] if first else [-1, *family_of.values()]
        go = [family_of[then]] if then else list(family_of.values())
        for key in itertools.product(on, come, go):
            if first or key[1] != key[2]:  # a blank stands for any other family
                found[key] = time
    return np.array([(*key, time) for key, time in found.items() if time > 0], np.float64).reshape(-1, 4)


def look_over(instance: SchedulingInstance) -> list[Finding]:
    """Finds what makes an instance impossible whatever the schedule: cycles, too little capacity or time."""
    found: list[Finding] = []
    waits: dict[int, list[int]] = {}
    for one, then in instance.before.tolist():
        waits.setdefault(then, []).append(one)
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        cycle: list[int] = error.args[1][:-1]
        words = ", ".join(f"'{instance.names[place]}'" for place in cycle[:6])
        said = f"these operations wait for each other: {words}; take one of the precedences out"
        found.append(Finding(Severity.ERROR, said, instance.names[cycle[0]]))
    found += _beyond_capacity(instance)
    least = np.array([min(instance.duration[mode] for mode in modes) for modes in instance.modes_of])
    for place in np.flatnonzero(instance.release + least > instance.deadline[instance.job] + 1e-9)[:20].tolist():
        job = int(instance.job[place])
        said = (
            f"'{instance.names[place]}' cannot be done in time: it starts at {instance.release[place]:g} or later "
            f"and takes {least[place]:g}, but '{instance.jobs[job]}' must be done by {instance.deadline[job]:g}"
        )
        found.append(Finding(Severity.WARNING, said, instance.names[place]))
    return found


def _beyond_capacity(instance: SchedulingInstance) -> list[Finding]:
    found = []
    for place, modes in enumerate(instance.modes_of):
        worst = ""
        for mode in modes:
            over = [(r, a) for r, a in instance.needs_of[mode] if a > instance.capacity[r] + 1e-9]
            if not over:
                worst = ""
                break
            resource, amount = over[0]
            have = instance.capacity[resource]
            worst = (
                f"'{instance.names[place]}' needs {amount:g} of '{instance.resources[resource]}', there are {have:g}"
            )
        if worst:
            found.append(Finding(Severity.WARNING, worst, instance.names[place]))
    return found[:20]
