"""Opens shop files: job shops (machine and time pairs), flexible job shops, and Taillard's flow and open shops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from solvitur.api import Finding, Formulation, Imported, Place, Problem, Severity, Table, option, write_rules
from solvitur_scheduling.reading import Line, Numbers, fail, lines_of, text_of
from solvitur_scheduling.schema import OPERATIONS, RULES, STATED

_LAYOUTS = ("auto", "job", "flexible", "flow", "open")
_TITLES = {"job": "a job shop", "flexible": "a flexible job shop", "flow": "a flow shop", "open": "an open shop"}
Row = tuple[str, str, str, float]
"""Job, operation, machine, duration."""


@dataclass(frozen=True)
class Options:
    """How a shop file is read."""

    layout: str = option("auto", "Layout", choices=_LAYOUTS)
    buffers: str = option("unlimited", "Buffers between machines", choices=("unlimited", "blocking", "no-wait"))


class ShopFile:
    """Reads the usual text files of shops."""

    name, title = "shop", "Job shop, flexible, flow or open shop"
    suffixes: tuple[str, ...] = (".txt", ".txt.gz", ".jss", ".jsp", ".jssp", ".fjs", ".fjsp", ".shop")
    options: ClassVar[type | None] = Options

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by whether the first lines fit a layout; names that end in .jsp or .fjs count too."""
        lines = lines_of(text_of(path) if path.name.endswith(".gz") else head.decode("latin-1"))[:-1]
        if _is_titled(lines):
            return 0.9
        named = 0.6 if path.name.lower().endswith((".jss", ".jsp", ".jssp", ".fjs", ".fjsp", ".shop")) else 0.0
        if len(lines) < 2 or not _is_head(lines[0]):
            return named
        machines = int(float(lines[0].words[1]))
        fits = any(_fits(lines[1:3], machines, layout) for layout in ("job", "flexible"))
        return max(named, 0.75 if fits else 0.2)

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads a shop into a table of operations; a guessed layout is said.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        lines = lines_of(text_of(path))
        if not lines:
            raise fail(path, "the file is empty, expected the numbers of jobs and machines", 1)
        layout = str(options.get("layout", "auto"))
        findings: list[Finding] = []
        if _is_titled(lines):
            layout, rows = _titled(path, lines, layout)
        else:
            if not _is_head(lines[0]):
                raise fail(path, "the first line must hold the numbers of jobs and machines", lines[0].number)
            if layout == "auto":
                layout, said = _guess(lines, path)
                findings += [Finding(Severity.INFO, said, place=Place(str(path)))] if said else []
            rows = _pairs(path, lines, layout) if layout != "flexible" else _alternatives(path, lines)
            if layout == "flow":
                rows = sorted(rows, key=lambda row: (int(row[0][4:]), int(row[2][8:])))
        rules = {"buffers": str(options.get("buffers", "unlimited"))}
        if layout == "open":
            rules["order"] = "free"
        if layout == "flow":
            rules["same order"] = "yes"
        problem = Problem(
            name=path.name.split(".")[0],
            statement=f"Schedule {_TITLES[layout]} so that the last job is done as early as possible.",
            formulation=Formulation("scheduling", write_rules(RULES, rules, STATED), source=str(path)),
            tables=(Table.from_rows(OPERATIONS, ("job", "operation", "machine", "duration"), rows),),
        )
        return Imported(problem, findings=tuple(findings))


def _is_titled(lines: list[Line]) -> bool:
    text = " ".join(word for line in lines[:4] for word in line.words).lower()
    return "processing times" in text or "nb of jobs" in text or "number of jobs" in text


def _is_head(line: Line) -> bool:
    """Tells whether a line holds two positive whole numbers, and perhaps a third number."""
    if not 2 <= len(line.words) <= 3:
        return False
    try:
        values = [float(word) for word in line.words]
    except ValueError:
        return False
    return all(value.is_integer() and 1 <= value < 1e7 for value in values[:2])


def _whole(words: tuple[str, ...]) -> list[int] | None:
    try:
        return [int(word) for word in words]
    except ValueError:
        return None


def _fits(lines: list[Line], machines: int, layout: str) -> bool:
    """Tells whether lines fit a layout: pairs of machine and time, or counts of alternatives with pairs."""
    for line in lines:
        values = _whole(line.words)
        if values is None:
            return False
        if layout == "job":
            if len(values) % 2 or not all(0 <= machine <= machines for machine in values[::2]):
                return False
            continue
        at, found = 1, 0
        while at < len(values):
            count = values[at]
            if count < 1 or not all(0 <= machine <= machines for machine in values[at + 1 : at + 1 + 2 * count : 2]):
                return False
            at, found = at + 1 + 2 * count, found + 1
        if at != len(values) or not values or found != values[0]:
            return False
    return True


def _guess(lines: list[Line], path: Path) -> tuple[str, str]:
    """Tells job shops from flexible ones; where both would do, says so."""
    jobs, machines = (int(float(word)) for word in lines[0].words[:2])
    body = lines[1 : jobs + 1]
    job, flexible = (_fits(body, machines, layout) for layout in ("job", "flexible"))
    if job and flexible:
        layout = "flexible" if len(lines[0].words) == 3 else "job"
        return layout, f"the file could be a job shop or a flexible one; it was read as {_TITLES[layout]}"
    if job or flexible:
        return ("job" if job else "flexible"), ""
    named = path.name.lower().endswith((".fjs", ".fjsp"))
    return ("flexible" if named or len(lines[0].words) == 3 else "job"), ""


def _body(path: Path, lines: list[Line]) -> tuple[list[Line], int]:
    jobs, machines = (int(float(word)) for word in lines[0].words[:2])
    if len(lines) - 1 < jobs:
        raise fail(
            path, f"the file has {len(lines) - 1} jobs, expected {jobs} as its first line says", lines[-1].number
        )
    if len(lines) - 1 > jobs:
        extra = lines[jobs + 1]
        raise fail(path, f"line {extra.number} comes after the last of {jobs} jobs; remove it", extra.number)
    return lines[1:], machines


def _pairs(path: Path, lines: list[Line], layout: str) -> list[Row]:
    """Reads one job a line, each operation a machine and a time; machines count from 0, or from 1 if none is 0."""
    body, machines = _body(path, lines)
    jobs = []
    for line in body:
        numbers = Numbers(path, [line])
        if numbers.left % 2:
            raise fail(
                path, f"the line holds {numbers.left} numbers, expected pairs of machine and time", line.number
            )
        job = []
        while numbers.left:
            job.append((numbers.whole("a machine", 0, machines), numbers.number("a time")))
        jobs.append((line, job))
    base = 1 if all(machine >= 1 for _, job in jobs for machine, _ in job) else 0
    for line, job in jobs:
        over = [machine for machine, _ in job if machine - base >= machines]
        if over:
            said = f"machine {over[0]} is named, but there are {machines}, counted from {base}"
            raise fail(path, said, line.number)
    return [
        (f"job {number}", f"{number}.{step}", f"machine {machine - base + 1}", time)
        for number, (_, job) in enumerate(jobs, 1)
        for step, (machine, time) in enumerate(job, 1)
    ]


def _alternatives(path: Path, lines: list[Line]) -> list[Row]:
    """Reads one job a line: its number of operations, and for each the number of choices, then machines and times."""
    body, machines = _body(path, lines)
    rows: list[Row] = []
    for number, line in enumerate(body, 1):
        numbers = Numbers(path, [line])
        for step in range(1, numbers.whole("the number of operations", 1) + 1):
            for _ in range(numbers.whole("the number of machines to choose from", 1, machines)):
                machine = numbers.whole("a machine", 0, machines)
                rows.append((f"job {number}", f"{number}.{step}", f"machine {machine}", numbers.number("a time")))
        if numbers.left:
            said = f"{numbers.left} numbers are left over after the last operation of job {number}"
            raise fail(path, said, line.number)
    if any(machine == "machine 0" for _, _, machine, _ in rows):
        rows = [(job, step, f"machine {int(machine[8:]) + 1}", time) for job, step, machine, time in rows]
    return rows


def _titled(path: Path, lines: list[Line], layout: str) -> tuple[str, list[Row]]:
    """Reads Taillard's files: a title, a line of sizes, the times, and perhaps the machines."""
    at = next(
        (k for k, line in enumerate(lines) if _whole(line.words[:2]) is not None and len(line.words) >= 2), None
    )
    if at is None:
        raise fail(path, "there is no line with the numbers of jobs and machines", lines[0].number)
    jobs, machines = (int(word) for word in lines[at].words[:2])
    blocks: list[list[Line]] = []
    for line in lines[at + 1 :]:
        if _whole(line.words) is None:
            blocks.append([])
        elif blocks:
            blocks[-1].append(line)
    if not blocks or not blocks[0]:
        raise fail(path, "there are no processing times", lines[-1].number)
    times = Numbers(path, blocks[0])
    if len(blocks) > 1 and blocks[1]:
        order = Numbers(path, blocks[1])
        rows = [
            (f"job {j}", f"{j}.{s}", f"machine {order.whole('a machine', 1, machines)}", times.number("a time"))
            for j in range(1, jobs + 1)
            for s in range(1, machines + 1)
        ]
        return ("open" if layout == "open" else "job"), rows
    grid = [[times.number("a time") for _ in range(jobs)] for _ in range(machines)]
    if times.left:
        raise fail(path, f"there are more times than {jobs} jobs on {machines} machines need", times.line)
    rows = [
        (f"job {j + 1}", f"{j + 1}.{m + 1}", f"machine {m + 1}", grid[m][j])
        for j in range(jobs)
        for m in range(machines)
    ]
    return "flow", rows
