"""Times as whole numbers: the smallest scale at which all of them are whole."""

from __future__ import annotations

import numpy as np

from solvitur_scheduling.instance import SchedulingInstance

_SCALES = (1, 2, 4, 5, 10, 20, 60, 100, 1000)
_MOST = 2**45


def scale_of(instance: SchedulingInstance) -> int:
    """Returns the number that makes all times, costs and weights whole when multiplied; 0 when there is none."""
    times = (
        instance.duration,
        instance.release,
        instance.lag,
        instance.deadline,
        instance.due,
        instance.closed[:, 1:].ravel(),
        instance.setup[:, 3],
    )
    values = np.concatenate([part.ravel() for part in times])
    values = values[np.isfinite(values)]
    if np.abs(values).sum() * max(_SCALES) > _MOST:
        return 0
    for scale in _SCALES:
        scaled = values * scale
        if np.all(np.abs(scaled - np.rint(scaled)) <= 1e-9 * np.maximum(1.0, np.abs(scaled))):
            return scale
    return 0


def amount_scale(values: np.ndarray) -> int:
    """Returns the number that makes amounts whole; 0 when none of the usual ones does."""
    for scale in (1, 10, 100, 1000, 10_000):
        if np.all(np.abs(values * scale - np.rint(values * scale)) <= 1e-6):
            return scale
    return 0
