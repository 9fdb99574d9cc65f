"""Gaps of the routing solvers to the best known values, with the peers alone in the same run.

    python benchmarks/routing.py --set tsp|random|a|x|xxl|solomon|homberger|variants [--set ...] [--instances N]
        [--only TEXT] [--seconds S] [--solver auto,pyvrp,ortools-routing] [--data FOLDER] [--seed N]

Every answer goes the way of ``solvitur solve`` (its own process, verified). Set ``random`` makes uniform cities;
their reference is 0.7176 * sqrt(n * area).
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean

import numpy as np

SETS = {
    "tsp": ("routing_tsp", "", 20.0),
    "a": ("routing_cvrp", "A/", 10.0),
    "x": ("routing_cvrp", "X/", 30.0),
    "xxl": ("routing_cvrp", "XXL/", 120.0),
    "cvrp-other": ("routing_cvrp", "other/", 10.0),
    "solomon": ("routing_vrptw", "solomon/", 30.0),
    "homberger": ("routing_vrptw", "homberger1000/", 30.0),
    "variants": ("routing_variants", "", 30.0),
}
CITIES = (1_000, 5_000, 10_000)


def instances(data: Path, name: str) -> list[tuple[str, Path, float]]:
    """Lists a set's instances with file and best known value."""
    folder, prefix, _ = SETS[name]
    found = []
    with (data / folder / "best_known.csv").open() as file:
        for row in csv.DictReader(file):
            if not row["instance"].startswith(prefix) or not row["value"]:
                continue
            files = sorted((data / folder).glob(row["instance"] + ".*"))
            if files:
                found.append((row["instance"], files[0], float(row["value"])))
    return found


def random_cities(folder: Path, seed: int) -> list[tuple[str, Path, float]]:
    """Writes uniform cities in a square and returns them with their reference."""
    found = []
    for count in CITIES:
        cities = np.random.default_rng(seed).random((count, 2)) * 1e6
        path = folder / f"random{count}.tsp"
        rows = "\n".join(f"{k} {x:.3f} {y:.3f}" for k, (x, y) in enumerate(cities, 1))
        head = f"NAME: {path.stem}\nTYPE: TSP\nDIMENSION: {count}\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n"
        path.write_text(f"{head}{rows}\nEOF\n")
        found.append((path.stem, path, 0.7176 * float(np.sqrt(count * 1e12))))
    return found


def solved(path: Path, solver: str, seconds: float, seed: int) -> tuple[float | None, bool, str]:
    """Solves a file as a user would; returns objective, whether it was verified, and who solved it."""
    command = [sys.executable, "-m", "solvitur", "solve", str(path), "--json", "--time-limit", str(seconds)]
    command += ["--seed", str(seed), "--solver", solver]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds * 3 + 120)
    try:
        answer = json.loads(run.stdout)
    except json.JSONDecodeError:
        return None, False, run.stderr.strip()[-80:]
    return answer["objective"], bool(answer["verified"]), str(answer["solver"] or "cannot")


def main() -> int:
    """Runs the sets and prints a line per instance and a summary per set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", choices=[*SETS, "random"], default=[])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--instances", type=int, default=0, help="at most so many of each set, evenly spread")
    parser.add_argument("--only", default="", help="instances whose name has this text")
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--solver", default="auto,pyvrp,ortools-routing")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    unverified = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in given.set or ["tsp", "x", "solomon"]:
            listed = random_cities(Path(folder), given.seed) if name == "random" else instances(given.data, name)
            listed = [each for each in listed if given.only in each[0]]
            if given.instances:
                step = max(1, len(listed) // given.instances)
                listed = listed[::step][: given.instances]
            seconds = given.seconds or (SETS[name][2] if name in SETS else 10.0)
            gaps: dict[str, list[float]] = {}
            for instance, path, best in listed:
                cells = []
                for solver in given.solver.split(","):
                    objective, verified, who = solved(path, solver, seconds, given.seed)
                    unverified += objective is not None and not verified
                    if objective is None:
                        cells.append(f"{solver}: no answer ({who})")
                        continue
                    gap = 100.0 * (objective / best - 1.0)
                    gaps.setdefault(solver, []).append(gap)
                    cells.append(f"{solver}: {gap:.2f} %" + ("" if who == solver else f" ({who})"))
                print(f"{instance:28} {'  '.join(cells)}", flush=True)
            for solver, found in gaps.items():
                print(f"-- {name}, {seconds:g} s, {solver}: mean gap {mean(found):.2f} % over {len(found)}")
    print(f"answers that did not verify: {unverified}")
    return 1 if unverified else 0


if __name__ == "__main__":
    raise SystemExit(main())
