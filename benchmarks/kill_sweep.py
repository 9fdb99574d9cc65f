"""Kills a process that edits, saves and solves by script at random moments, and counts what was lost.

Run: python benchmarks/kill_sweep.py [KILLS] [SOLVER]
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "project"))

from killing import Outcome, kill_once

from solvitur.problem.errors import SolviturError

LONGEST_S = 2.0
FIRST_SEED = 1000


def main() -> None:
    """Kills and prints the counts."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    solver = sys.argv[2] if len(sys.argv) > 2 else "highs"
    began = time.monotonic()
    outcomes: list[Outcome] = []
    failures: list[str] = []
    for number in range(kills):
        with tempfile.TemporaryDirectory() as folder:
            try:
                outcomes.append(kill_once(Path(folder), FIRST_SEED + number, LONGEST_S, solver))
            except (AssertionError, SolviturError, sqlite3.Error, OSError, ValueError) as error:
                failures.append(f"seed {FIRST_SEED + number}: {type(error).__name__}: {error}")
    print(f"kills                         {kills}   ({time.monotonic() - began:.0f} s, solver {solver})")
    print(f"acts before the kills         {sum(o.acts for o in outcomes)}")
    print(f"runs stored before the kills  {sum(o.runs for o in outcomes)}, all there afterwards")
    print(f"opened, original intact       {len(outcomes)}")
    print(f"unsaved changes recovered     {sum(o.recovered for o in outcomes)}")
    print(f"killed while editing          {sum(o.in_flight == 'edit' for o in outcomes)}")
    print(f"  the edit in flight kept     {sum(o.in_flight_kept for o in outcomes)}")
    print(f"killed while saving           {sum(o.in_flight == 'save' for o in outcomes)}")
    print(f"more lost than that           {len(failures)}")
    for failure in failures:
        print("  " + failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
