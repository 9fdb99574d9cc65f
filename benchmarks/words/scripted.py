"""Measures the pipeline from words to models against a scripted language model on loopback HTTP.

    python benchmarks/words/scripted.py [--p 0.5] [--variants 4] [--only all,critic,...] [--at-once 4] [--seed 1]

The scripted model (see `scripted_model`) is right with probability p per reply, else wrong in one of ten ways. Each
line of the table is the pipeline with one stage switched off: how many of the statements got an accepted answer, how
many of the accepted answers are right (the optimum is that of the right model, to 1e-6), how many of the accepted
models also behave like the right one on probes, and what it cost.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scripted_model import ScriptedModel, server_of
from scripted_statements import Stated, statements

from solvitur.engine.chats import Allowed, Chats
from solvitur.engine.formalising import Statement, formalise_with
from solvitur.engine.settings import Settings
from solvitur.engine.solving import Task, bind, run_problem
from solvitur.engine.thinking import STAGES, ModelFormaliser
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.errors import SolviturError
from solvitur.problem.runs import Run
from solvitur.problem.usage import Usage
from solvitur_chat.behaviour import Behaviour, alike, behaviour_of
from solvitur_chat.reading import model_text

CONFIGURATIONS: dict[str, tuple[str, ...]] = {
    "all": (),
    **{f"no {stage}": (stage,) for stage in STAGES},
    "consensus alone": ("recall", "critic", "repair", "round_trip"),
    "one draft": STAGES,
}
"""Names of configurations, and the stages that each switches off."""
_SAME = 1e-6


@dataclass(frozen=True)
class Outcome:
    """What became of one statement."""

    name: str
    accepted: bool
    right: bool
    alike: bool
    seconds: float
    said: str = ""


def optimum_of(plugins: Plugins, workers: Workers, stated: Stated) -> float:
    """Solves a statement's right model."""
    problem = Problem(stated.name, stated.text, Formulation("algebraic", model_text(stated.model)))
    run = run_problem(plugins, workers, Task(problem, draw=False)).run
    if run.objective is None or not run.verified:
        raise RuntimeError(f"{stated.name}: {run.status} {run.reason}")
    return run.objective


def measured(
    plugins: Plugins, workers: Workers, chats: Chats, stated: Stated, optimum: float, settings: Settings
) -> Outcome:
    """Lets the pipeline read one statement, and judges its answer."""
    began = time.monotonic()
    model = ModelFormaliser(plugins, workers, chats, settings)
    try:
        made = formalise_with(plugins, workers, model, Statement(stated.text))
    except SolviturError as error:
        return Outcome(stated.name, False, False, False, time.monotonic() - began, str(error))
    seconds = time.monotonic() - began
    run = made.finished.run if made.finished is not None else None
    if run is None or not run.verified or run.objective is None:
        return Outcome(stated.name, False, False, False, seconds, f"{made.draft.facts}")
    right = abs(run.objective - optimum) <= _SAME * max(1.0, abs(optimum))
    same = alike(seen(plugins, model_text(stated.model), run), seen(plugins, made.draft.model, run))
    said = f"{run.objective:.6g} for {optimum:.6g}; {made.draft.facts}"
    return Outcome(stated.name, True, right, right and same, seconds, said)


def seen(plugins: Plugins, model: str, run: Run) -> Behaviour:
    """Looks at a model's behaviour; answer and optimum are taken as the same, for the optimum is judged apart."""
    instance = bind(plugins, Problem("seen", "", Formulation("algebraic", model)))
    answer = run.result.answer if run.result is not None else None
    return behaviour_of(instance, answer, run.objective, run.status.value)


def _serve(told: Connection, p: float, seed: int, variants: int) -> None:
    server = server_of(ScriptedModel(p, seed, variants))
    told.send(server.server_address[1])
    server.serve_forever()


def table_row(name: str, outcomes: list[Outcome], spent: Usage) -> str:
    """Writes a line of the table."""
    accepted = [each for each in outcomes if each.accepted]
    right = sum(each.right for each in accepted)
    coverage = len(accepted) / len(outcomes)
    precision = right / len(accepted) if accepted else 0.0
    same = sum(each.alike for each in accepted) / len(accepted) if accepted else 0.0
    calls, tokens = spent.calls / len(outcomes), spent.tokens / len(outcomes)
    seconds = sum(each.seconds for each in outcomes) / len(outcomes)
    return f"{name:<18}{coverage:>10.1%}{precision:>9.1%}{same:>9.1%}{calls:>8.1f}{tokens:>10.0f}{seconds:>9.2f}"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--p", type=float, default=0.5)
    parser.add_argument("--variants", type=int, default=4, help="sets of data per family; there are 16 families")
    parser.add_argument("--only", default="", help="configurations, with commas between; usually all")
    parser.add_argument("--at-once", type=int, default=4, help="statements read side by side")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--candidates", type=int, default=Settings().chat_candidates)
    parser.add_argument("--show", action="store_true", help="name the statements that were answered wrongly or not")
    given = parser.parse_args()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, given.p, given.seed, given.variants), daemon=True
    )
    process.start()
    address = f"http://127.0.0.1:{ours.recv()}/v1"
    plugins, workers = Plugins.load(), Workers(spare=False)
    stated = statements(given.variants)
    optima = [optimum_of(plugins, workers, each) for each in stated]
    print(f"{len(stated)} statements, p = {given.p:g}, at most {given.candidates} drafts each")
    head = f"{'pipeline':<18}{'accepted':>10}{'right':>9}{'alike':>9}{'calls':>8}{'tokens':>10}{'seconds':>9}"
    print(f"{head}   (per statement)")
    names = [name.strip() for name in given.only.split(",") if name.strip()] or list(CONFIGURATIONS)
    for name in names:
        chats = Chats(plugins, Allowed("openai", {"openai": {"address": address, "model": "scripted"}}))
        settings = replace(Settings(), chat_stages_off=CONFIGURATIONS[name], chat_candidates=given.candidates)

        def one(pair: tuple[Stated, float], chats: Chats = chats, settings: Settings = settings) -> Outcome:
            return measured(plugins, workers, chats, *pair, settings)

        outcomes = run_all(one, list(zip(stated, optima, strict=True)), given.at_once)
        print(table_row(name, outcomes, chats.spent), flush=True)
        if given.show:
            for each in outcomes:
                if not (each.accepted and each.right):
                    print(f"    {each.name}: {'wrong' if each.accepted else 'not accepted'}: {each.said}")
    workers.shutdown()
    process.terminate()


def run_all(
    one: Callable[[tuple[Stated, float]], Outcome], pairs: list[tuple[Stated, float]], at_once: int
) -> list[Outcome]:
    """Measures statements side by side."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, pairs))


if __name__ == "__main__":
    main()
