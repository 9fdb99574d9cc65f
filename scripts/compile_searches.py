"""Runs each search that is compiled when it first runs on a tiny problem, so that nobody waits for it later."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

_SECONDS = 4


def shop(size: int = 6) -> str:
    """Writes a small job shop."""
    chance = random.Random(1)
    lines = [f"{size} {size}"]
    for _ in range(size):
        machines = list(range(size))
        chance.shuffle(machines)
        lines.append(" ".join(f"{machine} {chance.randint(1, 99)}" for machine in machines))
    return "\n".join(lines) + "\n"


def tour(cities: int = 400) -> str:
    """Writes a small travelling salesman problem."""
    chance = random.Random(1)
    lines = ["NAME: warm", "TYPE: TSP", f"DIMENSION: {cities}", "EDGE_WEIGHT_TYPE: EUC_2D", "NODE_COORD_SECTION"]
    lines += [f"{k} {chance.randint(0, 9999)} {chance.randint(0, 9999)}" for k in range(1, cities + 1)]
    return "\n".join([*lines, "EOF"]) + "\n"


def main() -> None:
    """Compiles; what fails is told and does not matter, for it will be compiled when it is needed."""
    files = {"tours": ("warm.tsp", tour()), "job-shop-search": ("warm.jsp", shop())}
    with tempfile.TemporaryDirectory() as folder:
        for solver, (name, text) in files.items():
            path = Path(folder) / name
            path.write_text(text, encoding="ascii")
            command = [sys.executable, "-m", "solvitur", "solve", str(path), "--solver", solver]
            ran = subprocess.run(
                [*command, "--time-limit", str(_SECONDS), "--json"], capture_output=True, text=True, check=False
            )
            if ran.returncode not in (0, 4):
                sys.stderr.write(f"{solver} was not compiled ahead: {ran.stderr.strip()[-300:]}\n")


if __name__ == "__main__":
    main()
