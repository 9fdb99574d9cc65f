"""Runs PyVRP within a job's limits, telling each better answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pyvrp import IteratedLocalSearchParams, PenaltyParams, SolveParams, solve
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks
from pyvrp.search import NeighbourhoodParams

from solvitur.api import Job, Result, Status
from solvitur_pyvrp.part import Options
from solvitur_pyvrp.translating import Translation, translate
from solvitur_routing.costs import objective_of
from solvitur_routing.instance import RoutingAnswer, RoutingInstance

_EVERY_S = 0.2
_MARGIN_S = 0.15


class Reports(IteratedLocalSearchCallbacks):
    """Passes better answers on, a few times a second."""

    def __init__(self, translation: Translation, tell: Callable[[RoutingAnswer, float], None]) -> None:
        self._translation = translation
        self._tell = tell
        self._due = 0.0

    def on_start(self, ils: Any) -> None:
        """Takes the first answer."""
        self.on_best(ils.initial_solution)

    def on_best(self, best: Any) -> None:
        """Takes a better answer."""
        if time.monotonic() < self._due or not best.is_feasible() or not best.is_complete():
            return
        answer = self._translation.answer(best)
        self._tell(answer, objective_of(self._translation.instance, answer))
        self._due = time.monotonic() + _EVERY_S


def run(instance: RoutingInstance, options: Options, job: Job) -> Result:
    """Solves an instance within the job's limits."""
    job.progress(None, "preparing distances")
    answer, iterations = search(
        instance,
        stop=lambda: job.cancelled or job.remaining_s <= _MARGIN_S,
        tell=job.incumbent,
        seed=job.seed,
        options=options,
    )
    statistics = {"iterations": iterations}
    stopped = "it was stopped" if job.cancelled else "the time limit was reached"
    if answer is None:
        status = Status.CANCELLED if job.cancelled else Status.UNKNOWN
        return Result(status, reason=f"{stopped} before any answer that keeps all rules was found")
    status = Status.CANCELLED if job.cancelled else Status.FEASIBLE
    return Result(status, answer, objective_of(instance, answer), reason=stopped, statistics=statistics)


def search(
    instance: RoutingInstance,
    *,
    stop: Callable[[], bool],
    tell: Callable[[RoutingAnswer, float], None],
    seed: int,
    options: Options,
    start: RoutingAnswer | None = None,
) -> tuple[RoutingAnswer | None, int]:
    """Searches until told to stop; returns the best answer that keeps all rules, and the iterations made.

    Parameters
    ----------
    start : an answer to begin from; the search never returns a worse one.
    """
    translation = translate(instance)
    ils = IteratedLocalSearchParams(history_length=options.history, callbacks=Reports(translation, tell))
    near = min(options.neighbours, max(1, instance.stops - 1))
    params = SolveParams(ils=ils, penalty=PenaltyParams(), neighbourhood=NeighbourhoodParams(num_neighbours=near))
    result = solve(
        translation.data,
        lambda best_cost: stop(),
        seed=seed % 2**31,
        collect_stats=False,
        params=params,
        initial_solution=translation.solution(start) if start is not None else None,
    )
    if not result.best.is_feasible():
        return start, result.num_iterations
    return translation.answer(result.best), result.num_iterations
