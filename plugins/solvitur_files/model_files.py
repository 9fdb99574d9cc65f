"""Writes models to MPS and LP files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from solvitur.api import InputError, MatrixInstance, Problem, Solved
from solvitur_files.lp_writing import lp_lines
from solvitur_files.mps_writing import mps_lines

_LINES = 10_000
"""Lines are written this many at a time."""


def model_in(thing: object) -> MatrixInstance | None:
    """Returns the rows and columns in a thing: an instance, a problem of kind matrix, or what was solved."""
    if isinstance(thing, Problem):
        thing = thing.formulation.content
    if isinstance(thing, Solved):
        thing = thing.instance
    return thing if isinstance(thing, MatrixInstance) else None


class MpsWriter:
    """Writes free MPS."""

    name, title = "mps", "MPS model"
    suffixes: tuple[str, ...] = (".mps", ".mps.gz")

    def accepts(self, thing: object) -> bool:
        """Accepts whatever holds rows and columns."""
        return model_in(thing) is not None

    def write(self, thing: Any, path: Path) -> None:
        """Writes the model; names lose their white space."""
        _write(mps_lines(_model(thing), _name(thing, path)), path)


class LpWriter:
    """Writes LP files."""

    name, title = "lp", "LP model"
    suffixes: tuple[str, ...] = (".lp", ".lp.gz")

    def accepts(self, thing: object) -> bool:
        """Accepts whatever holds rows and columns."""
        return model_in(thing) is not None

    def write(self, thing: Any, path: Path) -> None:
        """Writes the model; names lose what LP files cannot hold."""
        _write(lp_lines(_model(thing), _name(thing, path)), path)


def _model(thing: object) -> MatrixInstance:
    model = model_in(thing)
    if model is None:
        raise InputError.at("only models of rows and columns can be written here; bind the model to its data first")
    if model.denominator is not None:
        raise InputError.at("the objective of this model is a ratio, which these files cannot hold")
    if model.conditional is not None or model.all_different:
        raise InputError.at("this model has logic in it; export the model itself, not its answer")
    return model


def _name(thing: object, path: Path) -> str:
    problem = thing.problem if isinstance(thing, Solved) else thing
    return problem.name if isinstance(problem, Problem) else path.name.split(".")[0]


def _write(lines: Iterable[str], path: Path) -> None:
    text: dict[str, Any] = {"mode": "wt", "encoding": "utf-8", "newline": "\n"}
    with gzip.open(path, **text) if path.suffix.lower() == ".gz" else path.open(**text) as file:
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) >= _LINES:
                file.write("\n".join(batch) + "\n")
                batch.clear()
        file.write("\n".join(batch) + "\n")
