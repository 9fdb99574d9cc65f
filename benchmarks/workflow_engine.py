"""Measures the workflow engine against graphlib with a thread pool: trivial steps per second, and a sleeping DAG."""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from solvitur.api import Link, Port, Step, StepContext, Workflow
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.types import KnownType
from solvitur.hooks.loading import Plugins


class Trivial:
    """Adds up its inputs and one."""

    name, title, category, options = "trivial", "Trivial", "benchmark", None
    inputs = (Port("x", "number", many=True, optional=True),)
    outputs = (Port("out", "number"),)

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> dict[str, Any]:
        """Adds up."""
        return {"out": sum(inputs["x"]) % 1_000_003 + 1}


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
    steps = tuple(Step(f"s{n}", kind) for n in range(count))
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


def by_engine(workflow: Workflow, store: Store | None, threads: int, services: Services) -> tuple[float, float]:
    """Runs a workflow with the engine; returns the seconds of preparation (dry run too) and of the run itself."""
    types = {each.name: KnownType(each, "benchmark", "1") for each in (Trivial(), Sleeping())}
    run = WorkflowRun(workflow, services, store=store, settings=Settings(threads=threads, limits={}), types=types)
    run.pause()
    began = time.perf_counter()
    run.start()
    ready = time.perf_counter()
    run.resume()
    run.wait()
    ended = time.perf_counter()
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


def measure(steps: int) -> dict[str, float]:
    """Measures everything in one go."""
    workers = Workers(spare=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            services = Services(Plugins(), workers, Path(folder))
            trivial = layered(steps, "trivial", 3, 200, 1)
            bare = _best(by_engine(trivial, None, 4, services) for _ in range(3))
            stores = [Store(Path(folder) / str(n)) for n in range(3)]
            kept = _best(by_engine(trivial, store, 4, services) for store in stores)
            warm = by_engine(trivial, stores[0], 4, services)
            for store in stores:
                store.close()
            pool = by_graphlib(trivial, lambda: 1, 4)
            sleeping = layered(200, "sleeping", 3, 60, 2)
            bound = bound_s(sleeping, 16)
            slept = sum(_best(by_engine(sleeping, None, 16, services) for _ in range(2)))
            pool_slept = by_graphlib(sleeping, lambda: time.sleep(0.05), 16)
    finally:
        workers.shutdown()
    return {
        "steps_per_s_bare": steps / bare[1],
        "steps_per_s_kept": steps / kept[1],
        "steps_per_s_all_from_cache": steps / warm[1],
        "steps_per_s_bare_with_preparation": steps / sum(bare),
        "steps_per_s_kept_with_preparation": steps / sum(kept),
        "steps_per_s_graphlib_and_threads": steps / pool,
        "bare_with_preparation_against_graphlib": pool / sum(bare),
        "sleeping_bound_s": bound,
        "sleeping_engine_over_bound": slept / bound,
        "sleeping_graphlib_over_bound": pool_slept / bound,
    }


def _best(times: Iterable[tuple[float, float]]) -> tuple[float, float]:
    return min(times, key=sum)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000)
    print(json.dumps(measure(parser.parse_args().steps), indent=1))


if __name__ == "__main__":
    main()
