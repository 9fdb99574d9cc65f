"""Measures building and handing over the transport model of the design against HiGHS with ready arrays.

    python benchmarks/compile_transport.py [--size 1000] [--runs 5]

Each run is a process of its own, the two kinds by turns, so that neither warms caches for the other and peak memory
is its own. ``ready`` times only `highspy`'s ``passModel`` on arrays that are already there; ``ours`` times compiling
the bound model and the same call; ``bind`` is what comes before: turning a CSV's columns of names into codes.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

import numpy as np

TEXT = """
set Plants
set Markets
param supply[Plants] >= 0
param demand[Markets] >= 0
param cost[Plants, Markets]   unit "$/case"   "freight"

var ship[p in Plants, m in Markets] >= 0   unit "case"   "shipped from p to m"

minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)

subject to within_supply[p in Plants]: sum(ship[p, m] for m in Markets) <= supply[p]
subject to meet_demand[m in Markets]:  sum(ship[p, m] for p in Plants) >= demand[m]
"""


def data(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Makes costs (size, size), supplies and demands (size,)."""
    random = np.random.default_rng(1)
    return random.random((size, size)), np.full(size, 2.0), np.full(size, 1.0)


def run_ready(size: int) -> dict[str, float]:
    """Hands ready arrays to HiGHS."""
    import highspy

    cost, supply, demand = data(size)
    columns, rows = size * size, 2 * size
    index = np.arange(columns, dtype=np.int32)
    column = np.concatenate([index, index.reshape(size, size).T.reshape(-1)])
    start = np.arange(0, 2 * columns + 1, size, dtype=np.int32)
    value = np.ones(2 * columns)
    lower, upper = np.zeros(columns), np.full(columns, np.inf)
    row_lower = np.concatenate([np.full(size, -np.inf), demand])
    row_upper = np.concatenate([supply, np.full(size, np.inf)])
    flat, whole = cost.reshape(-1), np.zeros(columns, np.int32)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    began = time.perf_counter()
    highs.passModel(
        columns, rows, len(value), 2, 1, 0.0, flat, lower, upper, row_lower, row_upper, start, column, value, whole
    )
    return {"seconds": time.perf_counter() - began, "columns": highs.getNumCol(), "entries": highs.getNumNz()}


def run_ours(size: int, shape: str) -> dict[str, float]:
    """Binds and compiles the model, and hands it to HiGHS."""
    import highspy

    from solvitur.language.compile import compile_model
    from solvitur.language.data import bind
    from solvitur.language.parsing import parse
    from solvitur.problem.document import Formulation, Problem
    from solvitur_highs.model import Handed

    highspy.Highs()  # as in the other kind of run, loading the library is not part of the time
    model = parse(TEXT).model
    problem = Problem(formulation=Formulation(text=TEXT), tables=tables(size, shape))
    began = time.perf_counter()
    bound = bind(model, problem)
    ready = time.perf_counter()
    instance = compile_model(model, bound)
    compiled = time.perf_counter()
    handed = Handed(instance)
    done = time.perf_counter()
    return {
        "bind": ready - began,
        "compile": compiled - ready,
        "seconds": done - ready,
        "columns": handed.highs.getNumCol(),
        "entries": handed.highs.getNumNz(),
    }


def tables(size: int, shape: str) -> tuple:
    """Makes the data as CSV importers give it: costs by row (long), or as a matrix with headers (wide)."""
    from solvitur.problem.tables import Column, Table

    cost, supply, demand = data(size)
    plants = np.array([f"plant {k}" for k in range(size)], dtype=object)
    markets = np.array([f"market {k}" for k in range(size)], dtype=object)
    if shape == "wide":
        columns = [Column("Plants", plants), *(Column(name, cost[:, k]) for k, name in enumerate(markets))]
        costs = Table("cost", tuple(columns), "cost.csv")
    else:
        long = (
            Column("Plants", np.repeat(plants, size)),
            Column("Markets", np.tile(markets, size)),
            Column("cost", cost.reshape(-1)),
        )
        costs = Table("cost", long, "cost.csv")
    return (
        Table("plants", (Column("Plants", plants), Column("supply", supply)), "plants.csv"),
        Table("markets", (Column("Markets", markets), Column("demand", demand)), "markets.csv"),
        costs,
    )


def measured(kind: str, size: int) -> dict[str, float]:
    """Runs one kind in a process of its own."""
    command = [sys.executable, __file__, "--size", str(size), "--kind", kind]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def report(size: int, runs: int) -> None:
    """Runs all kinds by turns and prints medians, minima and ratios."""
    kinds = ("ready", "wide", "long")
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind in kinds:
            found[kind].append(measured(kind, size))
    entries = {each["entries"] for results in found.values() for each in results}
    assert len(entries) == 1, f"the models differ: {entries}"
    print(f"{size} x {size}: {size * size:,} variables, {2 * size:,} rows, {entries.pop():,.0f} nonzeros")
    for kind in kinds:
        seconds = [each["seconds"] for each in found[kind]]
        peak = statistics.median(each["peak_mb"] for each in found[kind])
        line = f"{kind:>6}  median {statistics.median(seconds):.3f} s  min {min(seconds):.3f} s  peak {peak:.0f} MB"
        if kind != "ready":
            compile_s = statistics.median(each["compile"] for each in found[kind])
            bind_s = statistics.median(each["bind"] for each in found[kind])
            line += f"  (compile {compile_s:.3f} s; bind before it {bind_s:.3f} s)"
        print(line)
    base = found["ready"]
    for kind in kinds[1:]:
        middle, least, peak = (
            pick([r[key] for r in found[kind]]) / pick([r[key] for r in base])
            for key, pick in (("seconds", statistics.median), ("seconds", min), ("peak_mb", statistics.median))
        )
        print(f"ratio of {kind}: time {middle:.2f} (minima {least:.2f}), peak memory {peak:.2f}; goal 2.0 for each")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--kind", choices=("ready", "wide", "long"))
    given = parser.parse_args()
    if given.kind is None:
        report(given.size, given.runs)
        return
    result = run_ready(given.size) if given.kind == "ready" else run_ours(given.size, given.kind)
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
