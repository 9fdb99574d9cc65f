"""Builds real third-party distributions in a folder: a module and its metadata, found as any installed plugin is."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np

from solvitur.api import (
    INTEGER,
    Block,
    Choice,
    Formulation,
    Limits,
    MatrixInstance,
    Problem,
    SparseRows,
)

HEAD = """
import ctypes, os, signal, subprocess, sys, threading, time
import numpy as np
from solvitur.api import Feature, Limits, Result, Status, hook, option

ALL = frozenset(Feature) - {Feature.ONE_ROW}


def solver(name, solve, /, **more):
    members = {"name": name, "title": name.title(), "options": None, "handles": ALL, "solve": solve, **more}
    kept = {key: staticmethod(member) if callable(member) else member for key, member in members.items()}
    return type("Fake", (), kept)()


def best(instance):
    return np.array([3.0, 2.0]), 12.0
"""


def write_plugin(overlay: Path, name: str, source: str, *, version: str = "1.0", head: str = HEAD) -> Path:
    """Writes the plugin ``name`` as a distribution of its own into the overlay folder; returns its module's path."""
    module = f"module_{name}_{abs(hash(str(overlay)))}"
    overlay.mkdir(parents=True, exist_ok=True)
    path = overlay / f"{module}.py"
    path.write_text(textwrap.dedent(head) + textwrap.dedent(source), encoding="utf-8")
    info = overlay / f"strange_{name}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: strange-{name}\nVersion: {version}\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(f"[solvitur]\n{name} = {module}\n", encoding="utf-8")
    return path


def small_instance() -> MatrixInstance:
    """Maximise 2a + 3b with a + b <= 5, a <= 3, b <= 2 whole: the best is 12 at (3, 2)."""
    return MatrixInstance(
        sense="max",
        cost=np.array([2.0, 3.0]),
        offset=0.0,
        matrix=SparseRows(1, 2, np.array([0, 2], np.int32), np.array([0, 1], np.int32), np.ones(2)),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([5.0]),
        column_lower=np.zeros(2),
        column_upper=np.array([3.0, 2.0]),
        integrality=np.full(2, INTEGER, np.uint8),
        variables=(Block("a", 0, 1), Block("b", 1, 1)),
        constraints=(Block("room", 0, 1),),
        objective_name="profit",
    )


def small_problem(solver: str = "auto", *, time_limit_s: float = 30.0, **options: object) -> Problem:
    """Wraps `small_instance` as a problem to be solved by a named solver."""
    choice = Choice(solver, dict(options), Limits(time_limit_s=time_limit_s))
    return Problem("small", "", Formulation("matrix", "", small_instance()), choice=choice)
