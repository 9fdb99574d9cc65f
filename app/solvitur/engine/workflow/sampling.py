"""Which combinations of a sweep are tried: a whole grid, random ones, or those that a model of results suggests."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from solvitur.workflow.model import OptionRange

METHODS = ("grid", "random", "bayes")

Combination = tuple[Any, ...]
"""One value per range."""


@dataclass(frozen=True)
class RangeKind:
    """A range, and whether its numbers are whole."""

    range: OptionRange
    whole: bool = False

    def at(self, share: float) -> Any:
        """Returns the value that stands a share (0..1) of the way along a range of numbers."""
        low, high = float(self.range.low or 0.0), float(self.range.high or 0.0)
        if self.range.scale == "log":
            value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        else:
            value = low + share * (high - low)
        value = min(high, max(low, value))  # rounding may have led a little too far
        return min(math.floor(high), max(math.ceil(low), round(value))) if self.whole else value

    def spread(self, levels: int) -> list[Any]:
        """Returns all listed values, or ``levels`` numbers from end to end, each once."""
        if self.range.values:
            return list(self.range.values)
        if levels == 1:
            return [self.at(0.5)]
        return list(dict.fromkeys(self.at(step / (levels - 1)) for step in range(levels)))

    def draw(self, chance: random.Random) -> Any:
        """Returns a random value."""
        return chance.choice(self.range.values) if self.range.values else self.at(chance.random())


class Sampler(Protocol):
    """Chooses combinations, batch by batch."""

    def batch(self, most: int) -> list[Combination]:
        """Returns the next combinations, at least one and about ``most``; none when there are no more."""
        ...

    def learn(self, combination: Combination, outcome: tuple[float, float] | None) -> None:
        """Takes what came of a combination: two numbers that are better when less; None when it failed."""
        ...


def make_sampler(method: str, ranges: Sequence[RangeKind], runs: int, seed: int) -> Sampler:
    """Makes the sampler of a method."""
    if method == "bayes":
        return ModelSampler(ranges, runs, seed)
    return ListSampler(grid(ranges, runs) if method == "grid" else drawn(ranges, runs, seed))


def grid_size(ranges: Sequence[RangeKind], runs: int) -> int:
    """Returns how many combinations a grid has."""
    levels = _levels(ranges, runs)
    return math.prod(len(each.spread(levels)) for each in ranges)


def grid(ranges: Sequence[RangeKind], runs: int) -> list[Combination]:
    """Returns all combinations; ranges of numbers get as many levels each as ``runs`` leaves room for, at least 2."""
    levels = _levels(ranges, runs)
    return list(itertools.product(*(each.spread(levels) for each in ranges)))


def drawn(ranges: Sequence[RangeKind], runs: int, seed: int) -> list[Combination]:
    """Returns random combinations, each once; fewer than ``runs`` where there are no more."""
    chance = random.Random(seed)
    found: dict[str, Combination] = {}
    for _ in range(20 * runs):
        combination = tuple(each.draw(chance) for each in ranges)
        found.setdefault(repr(combination), combination)
        if len(found) == runs:
            break
    return list(found.values())


def _levels(ranges: Sequence[RangeKind], runs: int) -> int:
    listed = math.prod(len(each.range.values) for each in ranges if each.range.values)
    numbers = sum(1 for each in ranges if not each.range.values)
    if not numbers:
        return 1
    levels = 2
    while listed * (levels + 1) ** numbers <= runs:
        levels += 1
    return levels


class ListSampler:
    """Gives combinations that are known beforehand."""

    def __init__(self, combinations: list[Combination]) -> None:
        self._left = combinations

    def batch(self, most: int) -> list[Combination]:
        """Returns all that there are."""
        given, self._left = self._left, []
        return given

    def learn(self, combination: Combination, outcome: tuple[float, float] | None) -> None:
        """Learns nothing."""


class ModelSampler:
    """Asks a model of what was seen so far (tree-structured Parzen estimators, by Optuna) for good compromises.

    Combinations of a batch run side by side; the model learns between batches, in order, so that the same seed and
    the same number at once give the same combinations.
    """

    def __init__(self, ranges: Sequence[RangeKind], runs: int, seed: int) -> None:
        import optuna  # noqa: PLC0415 - an extra, and slow to import

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._ranges = ranges
        self._left = runs
        sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=max(4, runs // 4))
        self._study = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler)
        self._failed = optuna.trial.TrialState.FAIL
        self._trials: dict[int, Any] = {}

    def batch(self, most: int) -> list[Combination]:
        """Asks for as many combinations as may run at once."""
        count = min(most, self._left)
        self._left -= count
        found = []
        for _ in range(count):
            trial = self._study.ask()
            combination = tuple(self._value(trial, str(at), each) for at, each in enumerate(self._ranges))
            self._trials[id(combination)] = (trial, combination)
            found.append(combination)
        return found

    def learn(self, combination: Combination, outcome: tuple[float, float] | None) -> None:
        """Tells the model."""
        trial, _ = self._trials.pop(id(combination))
        if outcome is None:
            self._study.tell(trial, state=self._failed)
        else:
            self._study.tell(trial, outcome)

    def _value(self, trial: Any, name: str, kind: RangeKind) -> Any:
        each = kind.range
        if each.values:
            return each.values[trial.suggest_categorical(name, list(range(len(each.values))))]
        low, high, log = float(each.low or 0.0), float(each.high or 0.0), each.scale == "log"
        if kind.whole:
            return trial.suggest_int(name, math.ceil(low), math.floor(high), log=log)
        return trial.suggest_float(name, low, high, log=log)
