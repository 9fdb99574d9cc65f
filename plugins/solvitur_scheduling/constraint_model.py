"""A scheduling instance as a CP-SAT model."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from solvitur.api import SolverFailed
from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.whole_times import amount_scale, scale_of


class ConstraintModel:
    """Interval variables for operations and their modes; times are whole multiples of one over ``scale``."""

    def __init__(self, instance: SchedulingInstance, horizon: float) -> None:
        self.instance = instance
        self.scale = scale_of(instance)
        self.model = cp_model.CpModel()
        self._horizon = int(np.ceil(horizon * self.scale))
        self.start: list[Any] = []
        self.end: list[Any] = []
        self.chosen: list[Any] = []
        """By mode: the truth that it is the one, None where an operation has no other."""
        self._hold: list[Any] = []
        self._duration = np.rint(instance.duration * self.scale).astype(np.int64).tolist()
        self._operations()
        self._precedences()
        self._resources()
        self._jobs()
        if instance.same_order:
            self._same_order()
        self.objective_scale = self._objective()

    def _operations(self) -> None:
        model, instance = self.model, self.instance
        release = np.maximum(np.rint(instance.release * self.scale), 0).astype(np.int64).tolist()
        deadline = np.where(np.isfinite(instance.deadline), instance.deadline * self.scale, self._horizon)
        latest = np.minimum(deadline, self._horizon).astype(np.int64)[instance.job].tolist()
        self.chosen = [None] * len(self._duration)
        for place, modes in enumerate(instance.modes_of):
            begin = model.new_int_var(min(release[place], self._horizon), self._horizon, f"s{place}")
            self.start.append(begin)
            if len(modes) == 1:
                self.end.append(begin + self._duration[modes[0]])
            else:
                end = model.new_int_var(0, self._horizon, f"e{place}")
                self.end.append(end)
                for mode in modes:
                    self.chosen[mode] = model.new_bool_var(f"m{mode}")
                    model.new_optional_interval_var(begin, self._duration[mode], end, self.chosen[mode], f"i{mode}")
                model.add_exactly_one(self.chosen[mode] for mode in modes)
            if latest[place] < self._horizon:
                model.add(self.end[place] <= latest[place])
        self._hold = list(self.end)
        if instance.buffers == "blocking":
            for operations in instance.operations_of:
                for one, then in itertools.pairwise(operations):
                    self._hold[one] = self.start[then]

    def _precedences(self) -> None:
        instance = self.instance
        lags = np.rint(instance.lag * self.scale).astype(np.int64).tolist()
        for (one, then), lag in zip(instance.before.tolist(), lags, strict=True):
            self.model.add(self.start[then] >= self.end[one] + lag)
            if instance.buffers == "no-wait" and instance.job[one] == instance.job[then]:
                self.model.add(self.start[then] == self.end[one])

    def _resources(self) -> None:
        users: list[list[tuple[int, int, float]]] = [[] for _ in self.instance.resources]
        for place, modes in enumerate(self.instance.modes_of):
            for mode in modes:
                for resource, amount in self.instance.needs_of[mode]:
                    users[resource].append((place, mode, amount))
        for resource, uses in enumerate(users):
            if not self.instance.renewable[resource]:
                self._stock(resource, uses)
            elif self.instance.machine[resource]:
                self._machine(resource, uses)
            else:
                self._shared(resource, uses)

    def _interval(self, place: int, mode: int, *, held: bool) -> Any:
        """Makes the time that a mode takes its machine: while it runs, or until the job goes on if that is held."""
        end = self._hold[place] if held else self.end[place]
        blocked = held and self._hold[place] is not self.end[place]
        size = self.model.new_int_var(0, self._horizon, "") if blocked else self._duration[mode]
        truth = self.chosen[mode]
        if truth is None:
            return self.model.new_interval_var(self.start[place], size, end, "")
        return self.model.new_optional_interval_var(self.start[place], size, end, truth, "")

    def _closed(self, resource: int) -> list[tuple[int, int]]:
        rows = self.instance.closed[self.instance.closed[:, 0] == resource]
        found = []
        for begin, until in (rows[:, 1:] * self.scale).tolist():
            low, high = max(0, int(np.floor(begin))), int(np.ceil(until))
            if high > low:
                found.append((low, high))
        return found

    def _machine(self, resource: int, uses: list[tuple[int, int, float]]) -> None:
        uses = [use for use in uses if self._duration[use[1]] > 0 or self.instance.buffers == "blocking"]
        busy = [self._interval(place, mode, held=True) for place, mode, _ in uses]
        shut = self._shut(resource)
        if not shut or self.instance.buffers != "blocking":
            self.model.add_no_overlap([*busy, *shut])
        else:
            self.model.add_no_overlap(busy)
            running = [self._interval(place, mode, held=False) for place, mode, _ in uses]
            for interval in running:
                for closed in shut:
                    self.model.add_no_overlap([interval, closed])
        self._setups(resource, uses)

    def _shut(self, resource: int) -> list[Any]:
        return [self.model.new_fixed_size_interval_var(a, b - a, "") for a, b in self._closed(resource)]

    def _setups(self, resource: int, uses: list[tuple[int, int, float]]) -> None:
        rows = self.instance.setup[self.instance.setup[:, 0] == resource] if len(self.instance.setup) else []
        if not len(rows):
            return
        time = {(int(a), int(b)): round(value * self.scale) for _, a, b, value in np.asarray(rows).tolist()}
        family = self.instance.family.tolist()
        arcs: list[tuple[int, int, Any]] = []
        for number, (place, mode, _) in enumerate(uses, 1):
            arcs.append((0, number, self.model.new_bool_var("")))
            arcs.append((number, 0, self.model.new_bool_var("")))
            if self.chosen[mode] is not None:
                arcs.append((number, number, ~self.chosen[mode]))
            for other, (then, _, _) in enumerate(uses, 1):
                if other == number or then == place:
                    continue
                follows = self.model.new_bool_var("")
                arcs.append((number, other, follows))
                gap = time.get((family[place], family[then]), 0)
                self.model.add(self.start[then] >= self._hold[place] + gap).only_enforce_if(follows)
        if any(self.chosen[mode] is not None for _, mode, _ in uses):
            arcs.append((0, 0, self.model.new_bool_var("")))
        self.model.add_circuit(arcs)

    def _shared(self, resource: int, uses: list[tuple[int, int, float]]) -> None:
        amounts = np.array([amount for _, _, amount in uses] + [float(self.instance.capacity[resource])])
        scale = amount_scale(amounts)
        if not scale:
            raise SolverFailed(f"the amounts of '{self.instance.resources[resource]}' have too many decimals")
        whole = np.rint(amounts * scale).astype(np.int64).tolist()
        busy = [self._interval(place, mode, held=True) for place, mode, _ in uses]
        shut = self._shut(resource)
        self.model.add_cumulative([*busy, *shut], [*whole[:-1], *[whole[-1]] * len(shut)], whole[-1])

    def _stock(self, resource: int, uses: list[tuple[int, int, float]]) -> None:
        amounts = np.array([amount for _, _, amount in uses] + [float(self.instance.capacity[resource])])
        scale = amount_scale(amounts)
        if not scale:
            raise SolverFailed(f"the amounts of '{self.instance.resources[resource]}' have too many decimals")
        whole = np.rint(amounts * scale).astype(np.int64).tolist()
        truths = [1 if self.chosen[mode] is None else self.chosen[mode] for _, mode, _ in uses]
        self.model.add(sum(a * truth for a, truth in zip(whole[:-1], truths, strict=True)) <= whole[-1])

    def _jobs(self) -> None:
        if not self.instance.free_order:
            return
        for operations in self.instance.operations_of:
            spans = []
            for place in operations:
                size = self.model.new_int_var(0, self._horizon, "")
                spans.append(self.model.new_interval_var(self.start[place], size, self.end[place], ""))
            self.model.add_no_overlap(spans)

    def _same_order(self) -> None:
        """Gives every pair of jobs one order that holds on every machine."""
        on: dict[int, dict[int, int]] = {}
        for place, modes in enumerate(self.instance.modes_of):
            for resource, _ in self.instance.needs_of[modes[0]]:
                on.setdefault(resource, {})[int(self.instance.job[place])] = place
        for one, then in itertools.combinations(range(len(self.instance.jobs)), 2):
            first = self.model.new_bool_var("")
            for places in on.values():
                if one in places and then in places:
                    a, b = places[one], places[then]
                    self.model.add(self.start[b] >= self._hold[a]).only_enforce_if(first)
                    self.model.add(self.start[a] >= self._hold[b]).only_enforce_if(~first)

    def _objective(self) -> float:
        """Sets the objective; returns what its value is divided by to be in the user's unit."""
        model, instance, name = self.model, self.instance, self.instance.objective
        if name == "makespan":
            model.minimize(self._latest(range(instance.size), 0))
            return float(self.scale)
        if name == "cost":
            scale = amount_scale(instance.cost)
            if not scale:
                raise SolverFailed("the costs have too many decimals")
            whole = np.rint(instance.cost * scale).astype(np.int64).tolist()
            fixed = sum(cost for cost, truth in zip(whole, self.chosen, strict=True) if truth is None)
            model.minimize(
                fixed + sum(cost * truth for cost, truth in zip(whole, self.chosen, strict=True) if truth is not None)
            )
            return float(scale)
        done = [self._latest(places, 0) for places in instance.operations_of]
        due = [round(time * self.scale) if np.isfinite(time) else None for time in instance.due.tolist()]
        if name == "lateness":
            worst = model.new_int_var(-self._horizon - max((d or 0 for d in due), default=0), self._horizon, "late")
            for end, date in zip(done, due, strict=True):
                if date is not None:
                    model.add(worst >= end - date)
            model.minimize(worst)
            return float(self.scale)
        weighted = name.startswith("weighted")
        scale = amount_scale(instance.weight) if weighted else 1
        if not scale:
            raise SolverFailed("the weights have too many decimals")
        weight = np.rint(instance.weight * scale).astype(np.int64).tolist() if weighted else [1] * len(done)
        if name.endswith("completion"):
            model.minimize(sum(w * end for w, end in zip(weight, done, strict=True)))
            return float(self.scale * scale)
        terms = []
        for w, end, date in zip(weight, done, due, strict=True):
            if date is not None:
                late = model.new_int_var(0, self._horizon, "")
                model.add(late >= end - date)
                terms.append(w * late)
        model.minimize(sum(terms))
        return float(self.scale * scale)

    def _latest(self, places: Any, low: int) -> Any:
        latest = self.model.new_int_var(low, self._horizon, "")
        for place in places:
            self.model.add(latest >= self.end[place])
        return latest

    def hint(self, schedule: Schedule) -> None:
        """Gives the search a schedule to begin with."""
        for variable, time in zip(
            self.start, np.rint(schedule.start * self.scale).astype(np.int64).tolist(), strict=True
        ):
            self.model.add_hint(variable, time)
        taken = set(schedule.mode.tolist())
        for mode, truth in enumerate(self.chosen):
            if truth is not None:
                self.model.add_hint(truth, mode in taken)

    def schedule(self, value: Any, boolean: Any) -> Schedule:
        """Reads a schedule from the values of the variables."""
        start = np.array([value(variable) for variable in self.start], np.float64) / self.scale
        mode = [
            modes[0] if len(modes) == 1 else next(m for m in modes if boolean(self.chosen[m]))
            for modes in self.instance.modes_of
        ]
        return Schedule(start, np.array(mode, np.int64))
