"""Solves every netlib LP, MIPLIB 3 and small model by the command line and compares with the best known values.

    python benchmarks/sweep.py [FOLDER] [--families lp_netlib ...] [--solver auto] [--time-limit 60] [--only NAME ...]

FOLDER holds the families, each with its ``best_known.csv``; by default ``../shared/data`` beside the repository.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FAMILIES = ("lp_netlib", "mip_miplib3", "small_models")
DEFAULT_FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
RELATIVE = 1e-6
Known = dict[str, tuple[str, float | None, float]]
"""Kind (opt, infeasible, unbounded, ...), value, and the unit of the last digit it is listed with, by instance."""


@dataclass(frozen=True)
class Outcome:
    """One file: what came out, what was expected, and the verdict (see `judge`)."""

    family: str
    file: str
    status: str
    objective: float | None
    expected: str
    verified: bool
    seconds: float
    verdict: str


def best_known(folder: Path) -> Known:
    """Reads what is known about a family."""
    with (folder / "best_known.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["instance"]: (row["kind"], *_listed(row["value"])) for row in rows}


def _listed(text: str) -> tuple[float | None, float]:
    if not text:
        return None, 0.0
    exponent = Decimal(text).as_tuple().exponent
    return float(text), 10.0 ** int(exponent)


def files_of(folder: Path) -> list[Path]:
    """Lists the model files of a family."""
    return sorted(p for p in folder.iterdir() if p.name.endswith((".mps", ".mps.gz", ".lp")))


def instance_of(path: Path, known: Known) -> str:
    """Returns the name a file has among the best known values."""
    plain = path.name.removesuffix(".gz")
    return plain if plain in known else plain.rsplit(".", 1)[0]


def solve(path: Path, *, solver: str, time_limit_s: float) -> tuple[dict[str, object], float]:
    """Runs the command line on one file; returns its answer and the seconds it took in all."""
    command = [sys.executable, "-m", "solvitur", "solve", str(path), "--json", "--solver", solver]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, "--time-limit", str(time_limit_s)],
        check=False,
        capture_output=True,
        text=True,
        timeout=time_limit_s * 3 + 120,
    )
    took = time.perf_counter() - began
    try:
        return json.loads(done.stdout), took
    except json.JSONDecodeError:
        return {"status": f"exit {done.returncode}", "error": done.stderr[-500:]}, took


def judge(answer: dict[str, object], kind: str, value: float | None, unit: float) -> str:
    """Compares one answer with what is known."""
    status, objective = answer.get("status"), answer.get("objective")
    if kind in ("infeasible", "unbounded"):
        return "right" if status == kind else "wrong"
    if status not in ("optimal", "feasible") or not isinstance(objective, int | float):
        return "unproven" if status == "unknown" else "failed"
    if not answer.get("verified"):
        return "wrong"
    if value is None or abs(objective - value) <= max(RELATIVE * abs(value), unit, 1e-9):
        return "right" if status == "optimal" else "right, unproven"
    if status == "optimal":
        # A verified answer that beats the listed optimum disproves the listed value, not the answer.
        gain = (value - objective) if answer.get("sense") == "min" else (objective - value)
        return "beats the list" if gain > 0 else "wrong"
    return "unproven"


def sweep(
    folder: Path, families: list[str], *, solver: str, time_limit_s: float, only: frozenset[str] = frozenset()
) -> list[Outcome]:
    """Runs all files, printing each as it ends."""
    found = []
    for family in families:
        known = best_known(folder / family)
        for path in files_of(folder / family):
            name = instance_of(path, known)
            if only and name not in only:
                continue
            kind, value, unit = known.get(name, ("", None, 0.0))
            answer, took = solve(path, solver=solver, time_limit_s=time_limit_s)
            objective = answer.get("objective")
            number = float(objective) if isinstance(objective, int | float) else None
            expected = kind if value is None else f"{value:.10g}"
            outcome = Outcome(
                family,
                path.name,
                str(answer.get("status")),
                number,
                expected,
                bool(answer.get("verified")),
                took,
                judge(answer, kind, value, unit),
            )
            shown = "-" if number is None else f"{number:.10g}"
            print(
                f"{outcome.verdict:16} {family:13} {path.name:24} {outcome.status:11} {shown:>18} "
                f"expected {expected:>16} {'verified' if outcome.verified else '-':9} {took:6.1f} s "
                f"{answer.get('error', '')}",
                flush=True,
            )
            found.append(outcome)
    return found


def main() -> int:
    """Prints a line per file and the counts; ends with 1 when something is wrong or failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--families", nargs="+", default=list(FAMILIES))
    parser.add_argument("--solver", default="auto")
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    outcomes = sweep(
        asked.folder,
        asked.families,
        solver=asked.solver,
        time_limit_s=asked.time_limit,
        only=frozenset(asked.only),
    )
    for family in asked.families:
        counts = Counter(o.verdict for o in outcomes if o.family == family)
        print(f"{family}: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    return int(any(o.verdict in ("wrong", "failed") for o in outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
