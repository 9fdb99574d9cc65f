"""The objective of a schedule, vectorised, for solvers."""

from __future__ import annotations

import numpy as np

from solvitur_scheduling.instance import Schedule, SchedulingInstance


def objective_of(instance: SchedulingInstance, schedule: Schedule) -> float:
    """Returns the objective of a schedule."""
    if not instance.size:
        return 0.0
    end = schedule.start + instance.duration[schedule.mode]
    if instance.objective == "makespan":
        return float(end.max())
    if instance.objective == "cost":
        return float(instance.cost[schedule.mode].sum())
    done = np.zeros(len(instance.jobs))
    np.maximum.at(done, instance.job, end)
    dated = np.isfinite(instance.due)
    late = done[dated] - instance.due[dated]
    if instance.objective == "lateness":
        return float(late.max(initial=-np.inf)) if dated.any() else 0.0
    if instance.objective == "tardiness":
        return float(np.maximum(late, 0).sum())
    if instance.objective == "weighted tardiness":
        return float((instance.weight[dated] * np.maximum(late, 0)).sum())
    if instance.objective == "completion":
        return float(done.sum())
    return float((instance.weight * done).sum())
