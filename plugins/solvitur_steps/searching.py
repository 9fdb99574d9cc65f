"""Steps that find answers piece by piece: improving, repairing, rolling on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvitur.api import (
    MatrixInstance,
    Problem,
    Result,
    Solved,
    Status,
    StepContext,
    option,
)
from solvitur_steps.answers import objective_of
from solvitur_steps.matrices import fixed, relaxed, whole_columns, windows
from solvitur_steps.problems import PROBLEM, SOLVED, SolveOptions, answered, as_problem, matrix_of, problem_of

_BINARY_REACH = 1e-9


def checked(problem: Problem, instance: MatrixInstance, result: Result, context: StepContext) -> Solved:
    """Returns an answer with its fresh check."""
    solved = Solved(problem, instance, result)
    return replace(solved, verification=context.verify(solved))


@dataclass(frozen=True)
class ImproveOptions:
    """How long and how far."""

    rounds: int = option(5, "Rounds", minimum=1)
    free: float = option(0.4, "Share set free", minimum=0.01, maximum=1.0, help="of the whole variables, each round")
    time_limit_s: float = option(5.0, "Time limit of a round", minimum=0.01, unit="s")


class Improve:
    """Searches around an answer: fixes most whole variables at it and solves for the rest."""

    name, title, category, options = "improve", "Improve", "Solve", ImproveOptions
    help = "Searches around an answer: most whole variables stay, the others are solved for, in several rounds."
    resource = "worker"
    inputs = SOLVED
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: ImproveOptions, context: StepContext) -> dict[str, Any]:
        """Improves; never gives a worse answer than it was given."""
        best: Solved = inputs["solved"]
        instance = matrix_of(best, context)
        chance = np.random.default_rng(context.seed)
        whole = np.flatnonzero(whole_columns(instance))
        for number in range(options.rounds):
            if context.cancelled:
                break
            context.progress(number / options.rounds, f"{objective_of(best):g}")
            kept = np.zeros(instance.columns, dtype=bool)
            if len(whole):
                kept[whole] = True
                wanted = max(1, round(options.free * len(whole)))
                kept[chance.choice(whole, wanted, replace=False)] = False
            best = better(best, fixed(instance, kept, best.result.answer), options.time_limit_s, context)
        return {"solved": best}


def better(best: Solved, around: MatrixInstance, time_limit_s: float, context: StepContext) -> Solved:
    """Solves a restriction of a problem and returns its answer, checked, if it is better than the best one."""
    trial = as_problem(around, best.problem)
    trial = replace(
        trial, choice=replace(trial.choice, limits=replace(trial.choice.limits, time_limit_s=time_limit_s))
    )
    found = context.solve(trial, around)
    if found.result.answer is None:
        return best
    objective = best.instance.objective_at(found.result.answer)
    gain = objective - objective_of(best) if best.instance.sense == "max" else objective_of(best) - objective
    if gain <= 1e-9 * max(1.0, abs(objective)):
        return best
    result = Result(Status.FEASIBLE, found.result.answer, objective, best.result.bound)
    new = checked(best.problem, best.instance, result, context)
    return new if new.verification is not None and new.verification.passed else best


@dataclass(frozen=True)
class WindowOptions:
    """Along which set, in how many stretches."""

    over: str = option("", "Set", help="such as Months; its order is the order of the stretches")
    windows: int = option(3, "Stretches", minimum=1)
    time_limit_s: float = option(10.0, "Time limit of each", minimum=0.01, unit="s")


class Roll:
    """Decides stretch by stretch along a set: the past is fixed, the far future relaxed."""

    name, title, category, options = "roll", "Rolling horizon", "Solve", WindowOptions
    help = "Decides stretch by stretch along a set such as time: the past is fixed, the future relaxed."
    resource = "worker"
    inputs = PROBLEM
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: WindowOptions, context: StepContext) -> dict[str, Any]:
        """Rolls on."""
        problem, instance = problem_of(inputs["problem"]), matrix_of(inputs["problem"], context)
        stretches = windows(instance, options.over, options.windows)
        settled = np.zeros(instance.columns, dtype=bool)
        answer = np.zeros(instance.columns)
        for number, stretch in enumerate(stretches):
            context.progress(number / len(stretches), f"stretch {number + 1} of {len(stretches)}")
            ahead = np.logical_or.reduce([np.zeros_like(settled), *stretches[number + 1 :]])
            here = fixed(relaxed(instance, ahead), settled, answer)
            solved = answered(as_problem(here, problem), SolveOptions(time_limit_s=options.time_limit_s), context)
            answer, settled = solved.result.answer, settled | stretch
        result = Result(Status.FEASIBLE, answer, instance.objective_at(answer))
        return {"solved": checked(problem, instance, result, context)}


class FixAndOptimise:
    """Sets one stretch after the other free, with everything else fixed, until none helps."""

    name, title, category, options = "fix_and_optimise", "Fix and optimise", "Solve", WindowOptions
    help = "Sets one stretch of the whole variables free at a time, with the others fixed, until nothing improves."
    resource = "worker"
    inputs = SOLVED
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: WindowOptions, context: StepContext) -> dict[str, Any]:
        """Goes round as long as that helps."""
        best: Solved = inputs["solved"]
        instance = matrix_of(best, context)
        whole = whole_columns(instance)
        stretches = windows(instance, options.over, options.windows)
        until = time.monotonic() + 10 * options.time_limit_s * len(stretches)
        improved = True
        while improved and not context.cancelled and time.monotonic() < until:
            improved = False
            for stretch in stretches:
                around = fixed(instance, whole & ~stretch, best.result.answer)
                new = better(best, around, options.time_limit_s, context)
                improved, best = improved or new is not best, new
        return {"solved": best}


class RoundOff:
    """Makes a candidate quickly: solves without wholeness, and rounds. It may break constraints."""

    name, title, category, options = "round_off", "Relax and round", "Solve", None
    help = "Makes a quick candidate: solves as if nothing had to be whole, and rounds; it may break constraints."
    resource = "worker"
    inputs = PROBLEM
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Relaxes and rounds."""
        problem, instance = problem_of(inputs["problem"]), matrix_of(inputs["problem"], context)
        whole = whole_columns(instance)
        found = answered(as_problem(relaxed(instance, whole), problem), SolveOptions(), context)
        answer = np.where(whole, np.rint(found.result.answer), found.result.answer)
        result = Result(Status.UNKNOWN, answer, instance.objective_at(answer), found.result.bound)
        return {"solved": checked(problem, instance, result, context)}


class Repair:
    """Finds an answer near a candidate that breaks constraints; one that breaks none is passed on."""

    name, title, category, options = "repair", "Repair", "Solve", SolveOptions
    help = "Finds an answer that holds, changing as few yes-or-no variables of a candidate as it can."
    resource = "worker"
    inputs = SOLVED
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: SolveOptions, context: StepContext) -> dict[str, Any]:
        """Repairs."""
        given: Solved = inputs["solved"]
        if given.verification is not None and given.verification.passed:
            return {"solved": given}
        instance = matrix_of(given, context)
        low, high = instance.column_lower, instance.column_upper
        binary = whole_columns(instance) & (low >= -_BINARY_REACH) & (high <= 1 + _BINARY_REACH)
        # The distance to the candidate: each yes-or-no variable costs one when it changes.
        away = np.where(binary, 1.0 - 2.0 * np.rint(given.result.answer), 0.0)
        near = replace(instance, sense="min", cost=away, offset=0.0, hessian=None, convex=True)
        found = answered(as_problem(near, given.problem), options, context)
        answer = found.result.answer
        result = Result(Status.FEASIBLE, answer, instance.objective_at(answer), given.result.bound)
        return {"solved": checked(given.problem, instance, result, context)}
