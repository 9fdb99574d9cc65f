"""Measures the workflow engine against graphlib with a thread pool: trivial steps per second, and a sleeping DAG."""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from solvitur.api import Link, Port, Step, StepContext, Workflow, option
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.types import KnownType
from solvitur.hooks.loading import Plugins
from solvitur.workflow.checking import dry_run
from solvitur.workflow.forms import read_any, to_json, to_text


@dataclass(frozen=True)
class Options:
    """What makes each step another one, so that no two are equal work."""

    number: int = option(1, "Number")


class Trivial:
    """Adds up its inputs and a number."""

    name, title, category, options = "trivial", "Trivial", "benchmark", Options
    inputs = (Port("x", "number", many=True, optional=True),)
    outputs = (Port("out", "number"),)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> dict[str, Any]:
        """Adds up."""
        return {"out": sum(inputs["x"]) % 1_000_003 + options.number}


class Sleeping(Trivial):
    """Sleeps 50 ms."""

    name, title = "sleeping", "Sleeping"

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> dict[str, Any]:
        """Sleeps."""
        time.sleep(0.05)
        return {"out": 1}


def layered(count: int, kind: str, links_each: int, reach: int, seed: int) -> Workflow:
    """Builds a random DAG: each step needs up to ``links_each`` of the ``reach`` before it."""
    chance = random.Random(seed)
    steps = tuple(Step(f"s{n}", kind, {"number": n}) for n in range(count))
    links = []
    for n in range(1, count):
        for source in chance.sample(range(max(0, n - reach), n), min(links_each, n, chance.randint(0, links_each))):
            links.append(Link(f"s{source}", "out", f"s{n}", "x"))
    return Workflow("", steps, tuple(links))


def by_graphlib(workflow: Workflow, work: Callable[[], Any], threads: int) -> float:
    """Runs the same graph with graphlib and a pool of threads; returns the seconds."""
    sorter = TopologicalSorter(workflow.parents())
    began = time.perf_counter()
    sorter.prepare()
    running: dict[Future[Any], str] = {}
    with ThreadPoolExecutor(threads) as pool:
        while sorter.is_active():
            for name in sorter.get_ready():
                running[pool.submit(work)] = name
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                sorter.done(running.pop(future))
    return time.perf_counter() - began


def by_engine(
    workflow: Workflow,
    store: Store | None,
    threads: int,
    services: Services,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Runs a workflow with the engine; returns the seconds of preparation (dry run too) and of the run itself."""
    types = {each.name: KnownType(each, "benchmark", "1") for each in (Trivial(), Sleeping())}
    run = WorkflowRun(workflow, services, store=store, settings=Settings(threads=threads, limits={}), types=types)
    run.pause()
    began = clock()
    run.start()
    ready = clock()
    run.resume()
    run.wait()
    ended = clock()
    if set(run.states().values()) != {"done"}:
        raise SystemExit("the run did not end well")
    return ready - began, ended - ready


def bound_s(workflow: Workflow, threads: int) -> float:
    """Returns the lower bound of the sleeping DAG: the critical path, or all the work shared by the threads."""
    depth: dict[str, int] = {}
    parents = workflow.parents()
    for name in workflow.order():
        depth[name] = 1 + max((depth[parent] for parent in parents[name]), default=0)
    rounds = -(-len(workflow.steps) // threads)
    return 0.05 * max(*depth.values(), rounds)


def trivial(steps: int, rounds: int) -> dict[str, Any]:
    """Measures trivial steps: kept in a journal, taken from it, and with nothing kept."""
    workers = Workers(spare=False)
    flow = layered(steps, "trivial", 3, 200, 1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            services = Services(Plugins(), workers, Path(folder))
            bare = _best(by_engine(flow, None, 4, services) for _ in range(rounds))
            stores = [Store(Path(folder) / str(n)) for n in range(rounds)]
            kept = _best(by_engine(flow, store, 4, services) for store in stores)
            warm = by_engine(flow, stores[0], 4, services)
            cpu = by_engine(flow, None, 4, services, time.process_time)
            cpu_store = Store(Path(folder) / "cpu")
            cpu_kept = by_engine(flow, cpu_store, 4, services, time.process_time)
            cpu_store.close()
            for store in stores:
                store.close()
            opened = time.perf_counter()
            Store(Path(folder) / "0").close()
            opened = time.perf_counter() - opened
    finally:
        workers.shutdown()
    pool = by_graphlib(flow, lambda: 1, 4)
    return {
        "steps_per_s_bare": steps / bare[1],
        "steps_per_s_kept": steps / kept[1],
        "steps_per_s_all_from_cache": steps / warm[1],
        "steps_per_s_bare_with_preparation": steps / sum(bare),
        "steps_per_s_kept_with_preparation": steps / sum(kept),
        "steps_per_cpu_s_bare_run_and_prepared": [steps / part for part in reversed(cpu)],
        "steps_per_cpu_s_kept_run_and_prepared": [steps / part for part in reversed(cpu_kept)],
        "steps_per_s_prepared": steps / bare[0],
        "steps_per_s_graphlib_and_threads": steps / pool,
        "kept_with_preparation_against_graphlib_without_keeping": pool / sum(kept),
        "seconds_to_read_the_journal": opened,
    }


def sleeping(rounds: int) -> dict[str, float]:
    """Measures 200 steps that sleep 50 ms, on 16 threads, against the bound."""
    workers = Workers(spare=False)
    flow = layered(200, "sleeping", 3, 60, 2)
    bound = bound_s(flow, 16)
    try:
        services = Services(Plugins(), workers, Path())
        slept = sum(_best(by_engine(flow, None, 16, services) for _ in range(rounds)))
    finally:
        workers.shutdown()
    pool = by_graphlib(flow, lambda: time.sleep(0.05), 16)
    return {
        "sleeping_bound_s": bound,
        "sleeping_engine_over_bound": slept / bound,
        "sleeping_graphlib_over_bound": pool / bound,
    }


def opening(steps: int, rounds: int) -> dict[str, float]:
    """Measures reading a workflow in both forms, and its dry run."""
    bare = layered(steps, "trivial", 3, 200, 1)
    placed = (replace(s, position=(10.0 * n, 30.0 * (n % 100)), title=f"Step {n}") for n, s in enumerate(bare.steps))
    flow = replace(bare, steps=tuple(placed))
    shapes = {"trivial": Trivial()}
    found: dict[str, float] = {}
    for name, text in (("text", to_text(flow)), ("json", to_json(flow))):
        found[f"seconds_to_read_{name}"] = min(_timed(lambda text=text: read_any(text)) for _ in range(rounds))
    found["seconds_of_the_dry_run"] = min(_timed(lambda: dry_run(flow, shapes)) for _ in range(rounds))
    return found


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _best(times: Iterable[tuple[float, float]]) -> tuple[float, float]:
    return min(times, key=sum)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000, help="of the trivial workflow; half as many are opened")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many rounds is told")
    parser.add_argument("--only", choices=("trivial", "sleeping", "opening"), help="measure this alone")
    given = parser.parse_args()
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "trivial": lambda: trivial(given.steps, given.rounds),
        "sleeping": lambda: sleeping(given.rounds),
        "opening": lambda: opening(given.steps // 2, given.rounds),
    }
    found: dict[str, Any] = {"machine_load": os.getloadavg()[0]} if hasattr(os, "getloadavg") else {}
    for name, measure in parts.items():
        if given.only in (None, name):
            found.update(measure())
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
