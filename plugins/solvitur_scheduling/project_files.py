"""Opens project files: Patterson's (.rcp) and PSPLIB's (.sm, .mm), the latter with several modes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from solvitur.api import Formulation, Imported, Problem, Table, write_rules
from solvitur_scheduling.reading import Line, Numbers, fail, lines_of, text_of
from solvitur_scheduling.schema import OPERATIONS, PRECEDENCES, RESOURCES, RULES, STATED

_HEAD = re.compile(r"jobs\s*\(incl\.|PRECEDENCE RELATIONS|REQUESTS/DURATIONS", re.IGNORECASE)
_COUNT = re.compile(r"^\s*-?\s*(.*?)\s*:\s*(\d+)")


def _problem(
    path: Path,
    modes: list[tuple[int, float, list[float]]],
    follows: list[list[int]],
    resources: list[tuple[str, float, str]],
) -> Imported:
    """Makes a problem of modes (activity, duration, needs), successors by activity, and resources."""
    rows = []
    for activity, duration, needs in modes:
        taken = "; ".join(
            f"{name} {amount:g}" for (name, _, _), amount in zip(resources, needs, strict=True) if amount
        )
        rows.append((f"task {activity}", duration, taken))
    links = [(f"task {a}", f"task {b}") for a, after in enumerate(follows, 1) for b in after]
    problem = Problem(
        name=path.name.split(".")[0],
        statement="Schedule a project so that it is done as early as possible.",
        formulation=Formulation("scheduling", write_rules(RULES, {}, STATED), source=str(path)),
        tables=(
            Table.from_rows(OPERATIONS, ("operation", "duration", "needs"), rows),
            Table.from_rows(PRECEDENCES, ("before", "after"), links),
            Table.from_rows(RESOURCES, ("resource", "capacity", "renewable"), resources),
        ),
    )
    return Imported(problem)


class PattersonFile:
    """Reads Patterson's format: activities and resources, capacities, then a line for each activity."""

    name, title = "patterson", "Project with limited resources (Patterson)"
    suffixes: tuple[str, ...] = (".rcp", ".rcp.gz")
    options: ClassVar[type | None] = None

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by suffix, and by whether the first lines fit: two numbers, as many capacities, a first activity."""
        lines = lines_of(text_of(path) if path.name.endswith(".gz") else head.decode("latin-1"))
        try:
            numbers = [[int(word) for word in line.words] for line in lines[:3]]
        except ValueError:
            return 0.0
        if len(numbers) == 3 and len(numbers[0]) == 2 and len(numbers[1]) == numbers[0][1]:
            fits = len(numbers[2]) == 2 + numbers[0][1] + (
                numbers[2][numbers[0][1] + 1] if len(numbers[2]) > 1 + numbers[0][1] else -1
            )
            if fits:
                return 0.9
        return 0.6 if path.name.lower().endswith(self.suffixes) else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the project.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        numbers = Numbers(path, lines_of(text_of(path)))
        count = numbers.whole("the number of activities", 1, 1e6)
        kinds = numbers.whole("the number of resources", 0, 1e4)
        resources = [(f"resource {k + 1}", numbers.number("a capacity"), "yes") for k in range(kinds)]
        modes: list[tuple[int, float, list[float]]] = []
        follows: list[list[int]] = []
        for activity in range(1, count + 1):
            duration = numbers.number(f"the duration of activity {activity}")
            needs = [numbers.number(f"a need of activity {activity}") for _ in range(kinds)]
            modes.append((activity, duration, needs))
            after = numbers.whole(f"the number of successors of activity {activity}", 0, count)
            follows.append([numbers.whole("a successor", 1, count) for _ in range(after)])
        if numbers.left:
            raise fail(
                path, f"{numbers.left} numbers are left over after the last of {count} activities", numbers.line
            )
        return _problem(path, modes, follows, resources)


class PsplibFile:
    """Reads PSPLIB's format for one mode or several."""

    name, title = "psplib", "Project with limited resources (PSPLIB)"
    suffixes: tuple[str, ...] = (".sm", ".mm")
    options: ClassVar[type | None] = None

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by the headings of such a file, else by suffix."""
        if _HEAD.search(head.decode("latin-1")):
            return 0.98
        return 0.5 if path.name.lower().endswith(self.suffixes) else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the project.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        text = text_of(path)
        sections = _sections(text)
        counts: dict[str, int] = {}
        for line in text.splitlines():
            if match := _COUNT.match(line):
                counts.setdefault(match[1].lower(), int(match[2]))
        count = next((value for name, value in counts.items() if name.startswith("jobs")), None)
        if count is None:
            raise fail(path, "there is no line 'jobs (incl. supersource/sink): ...'", 1)
        kinds = [(k, counts.get(k, 0)) for k in ("renewable", "nonrenewable", "doubly constrained")]
        if kinds[2][1]:
            raise fail(path, "doubly constrained resources are not supported; model them as one of each", 1)
        total = kinds[0][1] + kinds[1][1]
        for wanted in ("PRECEDENCE RELATIONS", "REQUESTS/DURATIONS", "RESOURCEAVAILABILITIES"):
            if wanted not in sections:
                raise fail(path, f"the section {wanted} is missing", len(text.splitlines()))
        amount = Numbers(path, sections["RESOURCEAVAILABILITIES"])
        names = [(f"R{k + 1}", "yes") for k in range(kinds[0][1])] + [(f"N{k + 1}", "no") for k in range(kinds[1][1])]
        resources = [(name, amount.number(f"the amount of {name}"), comes) for name, comes in names]
        numbers = Numbers(path, sections["PRECEDENCE RELATIONS"])
        follows: list[list[int]] = []
        several = []
        for job in range(1, count + 1):
            if numbers.whole("a job number", 1, count) != job:
                raise fail(path, f"job {job} is expected here", numbers.line)
            several.append(numbers.whole("the number of modes", 1, 1000))
            follows.append(
                [numbers.whole("a successor", 1, count) for _ in range(numbers.whole("successors", 0, count))]
            )
        numbers = Numbers(path, sections["REQUESTS/DURATIONS"])
        modes = []
        for job, ways in enumerate(several, 1):
            for way in range(ways):
                if way == 0 and numbers.whole("a job number", 1, count) != job:
                    raise fail(path, f"the first mode of job {job} is expected here", numbers.line)
                numbers.whole("a mode number", 1, 1000)
                duration = numbers.number("a duration")
                modes.append((job, duration, [numbers.number("a need") for _ in range(total)]))
        return _problem(path, modes, follows, resources)


def _sections(text: str) -> dict[str, list[Line]]:
    """Cuts a file into the lines of numbers below each heading."""
    found: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for line in lines_of(text):
        title = " ".join(line.words).rstrip(":").strip()
        if title.upper() in ("PRECEDENCE RELATIONS", "REQUESTS/DURATIONS", "RESOURCEAVAILABILITIES"):
            current = found.setdefault(title.upper(), [])
        elif title.startswith("****") or title.upper().endswith(("INFORMATION", "EFFORT")):
            current = None
        elif current is not None and line.words[0].lstrip("-").replace(".", "", 1).isdigit():
            current.append(line)
    return found
