"""Solves scheduling files by the command line, with Auto's choice and with CP-SAT; prints gaps to the best known.

    python benchmarks/scheduling.py [FOLDER] [--families jobshop ...] [--seconds 60] [--only TEXT ...] [--every K]
                                    [--solvers auto cp-sat-schedule] [--threads 1] [--largest N] [--smallest N]

FOLDER holds the families, each with its ``best_known.csv``; by default ``../shared/data`` beside the repository. A
gap is (makespan - best known) / best known. ``--every K`` takes each K-th file, ``--largest N`` those of up to N
operations.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

FAMILIES = ("jobshop", "flexible_jobshop", "rcpsp")
DEFAULT_FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class Case:
    """One file and what is known about it."""

    family: str
    name: str
    path: Path
    known: float


def cases(folder: Path, families: list[str], only: list[str]) -> Iterator[Case]:
    """Lists the files that have a known value."""
    for family in families:
        with (folder / family / "best_known.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            name = row["instance"]
            found = sorted(
                path for path in (folder / family).glob(f"{name}*") if path.name.split(".")[0] == Path(name).name
            )
            if found and row["value"] and (not only or any(text in f"{family}/{name}" for text in only)):
                yield Case(family, name, found[0], float(row["value"]))


def operations(path: Path) -> int:
    """Counts the operations of a file as Solvitur reads it."""
    from solvitur.engine.importing import open_file
    from solvitur.hooks.loading import Plugins

    plugins = Plugins.load()
    problem = open_file(plugins, path).problem
    assert problem is not None
    return int(plugins.kind("scheduling").bind(problem).size)


def solve(case: Case, solver: str, seconds: float, threads: int) -> tuple[float | None, str, bool]:
    """Solves a file; returns the makespan, the status, and whether the schedule was verified."""
    command = [sys.executable, "-m", "solvitur", "solve", str(case.path), "--json", "--time-limit", str(seconds)]
    command += ["--solver", solver, "--threads", str(threads)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        answer = json.loads(ran.stdout)
    except ValueError:
        return None, f"exit code {ran.returncode}: {ran.stderr.strip()[-200:]}", False
    return answer["objective"], answer["status"], bool(answer["verified"])


def main() -> int:
    """Prints a line a file and the mean gap of each solver by family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--families", nargs="+", default=list(FAMILIES))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--solvers", nargs="+", default=["auto", "cp-sat-schedule"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--largest", type=int, default=10**9)
    parser.add_argument("--smallest", type=int, default=0)
    given = parser.parse_args()
    gaps: dict[tuple[str, str], list[float]] = {}
    failed = 0
    chosen = list(cases(given.folder, given.families, given.only))[:: given.every]
    for case in chosen:
        if not given.smallest <= operations(case.path) <= given.largest:
            continue
        line = f"{case.family + '/' + case.name:48s} {case.known:9g}"
        for solver in given.solvers:
            value, status, verified = solve(case, solver, given.seconds, given.threads)
            if value is None or not verified:
                failed += 1
                line += f"   {solver}: {status}"
                continue
            gap = (value - case.known) / case.known
            gaps.setdefault((case.family, solver), []).append(gap)
            line += f"   {solver}: {value:9g} {gap:7.2%} {status}"
        print(line, flush=True)
    for (family, solver), found in sorted(gaps.items()):
        proven = sum(gap <= 1e-9 for gap in found)
        print(f"{family:20s} {solver:18s} mean gap {mean(found):.3%} over {len(found)}, at the best known {proven}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
