"""Greedy knapsack: the whole of a plugin."""
from dataclasses import dataclass

import numpy as np

from solvitur.api import Feature, Job, MatrixInstance, Result, Status, hook, option


@dataclass(frozen=True)
class Options:
    share: float = option(1.0, "Share of the room", minimum=0.1, maximum=1.0, help="Less leaves room unused.")

class GreedyKnapsack:
    name, title, options = "greedy-knapsack", "Greedy knapsack", Options
    handles = frozenset({Feature.BINARY, Feature.LINEAR, Feature.FRACTIONAL_ROWS, Feature.ONE_ROW})

    def solve(self, instance: MatrixInstance, options: Options, job: Job) -> Result:
        weight, room = instance.matrix.value, instance.row_upper[0] * options.share
        if instance.sense != "max" or len(weight) < instance.columns or (weight <= 0).any():
            return Result(Status.UNKNOWN, reason="it takes only things of some weight, to be taken for the most worth")
        answer = np.zeros(instance.columns)
        for item in np.argsort(-instance.cost / weight):
            if not job.cancelled and instance.cost[item] > 0 and weight @ answer + weight[item] <= room:
                answer[item] = 1
                job.incumbent(answer, instance.objective_at(answer))  # drawn live; returns quickly
        return Result(Status.FEASIBLE, answer, instance.objective_at(answer))

@hook
def solvers(): return [GreedyKnapsack()]
