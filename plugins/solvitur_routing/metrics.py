"""Distances between places: the metrics and rounding customs of maps and of the standard files."""

from __future__ import annotations

import numpy as np

MATRIX = "matrix"
METRICS = ("euclidean", "manhattan", "maximum", "haversine", "geographic", "pseudo-euclidean", MATRIX)
"""``haversine``: kilometres from degrees (latitude, longitude); ``geographic`` and ``pseudo-euclidean``: TSPLIB's GEO
and ATT, whole numbers by definition; ``matrix``: given, not computed."""

ROUNDINGS = ("none", "whole", "down", "up", "tenths", "thousandths")
"""``whole``: to the nearest integer; ``tenths``: cut after the first decimal; ``thousandths``: to the nearest."""

EARTH_KM = 6371.0088
GEO_RADIUS, GEO_PI = 6378.388, 3.141592


def between(first: np.ndarray, second: np.ndarray, metric: str, rounding: str) -> np.ndarray:
    """Measures distances between positions, shapes (..., d) that broadcast against each other.

    Returns
    -------
    float64 array, shape (...)
    """
    if metric == "geographic":
        return _geographic(first, second)
    if metric == "pseudo-euclidean":
        raw = np.sqrt(((first - second) ** 2).sum(-1) / 10.0)
        near = np.floor(raw + 0.5)
        whole: np.ndarray = np.where(near < raw, near + 1.0, near)
        return whole
    if metric == "haversine":
        plain = _haversine(first, second)
    else:
        apart = np.abs(first - second)
        if metric == "manhattan":
            plain = apart.sum(-1)
        elif metric == "maximum":
            plain = apart.max(-1)
        else:
            plain = np.sqrt((apart * apart).sum(-1))
    return rounded(plain, rounding)


def rounded(values: np.ndarray, rounding: str) -> np.ndarray:
    """Rounds distances by a custom."""
    found = values
    if rounding == "whole":
        found = np.floor(values + 0.5)
    elif rounding == "down":
        found = np.floor(values)
    elif rounding == "up":
        found = np.ceil(values)
    elif rounding == "tenths":
        found = np.floor(values * 10.0) / 10.0
    elif rounding == "thousandths":
        found = np.rint(values * 1000.0) / 1000.0
    return found


def _haversine(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    one, two = np.radians(first), np.radians(second)
    north, east = (two - one)[..., 0], (two - one)[..., 1]
    chord = np.sin(north / 2) ** 2 + np.cos(one[..., 0]) * np.cos(two[..., 0]) * np.sin(east / 2) ** 2
    found: np.ndarray = 2.0 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return found


def _geographic(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    one, two = _radians(first), _radians(second)
    q1 = np.cos(one[..., 1] - two[..., 1])
    q2 = np.cos(one[..., 0] - two[..., 0])
    q3 = np.cos(one[..., 0] + two[..., 0])
    angle = np.arccos(np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0))
    far = np.floor(GEO_RADIUS * angle + 1.0)
    found: np.ndarray = np.where((first == second).all(-1), 0.0, far)
    return found


def _radians(positions: np.ndarray) -> np.ndarray:
    """Reads TSPLIB's degrees and minutes (DDD.MM)."""
    degrees = np.trunc(positions)
    radians: np.ndarray = GEO_PI * (degrees + 5.0 * (positions - degrees) / 3.0) / 180.0
    return radians
