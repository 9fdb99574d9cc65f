"""Exporting: the right writer for a thing and a file name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from solvitur.engine.reductions.chain import reduced_for
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, PluginError, SolviturError
from solvitur.problem.features import RESTRICTIONS, Feature
from solvitur.problem.findings import Place
from solvitur.problem.instance import MatrixInstance


def exporter_for(plugins: Plugins, thing: object, path: Path) -> Part | None:
    """Returns the exporter whose suffix the path has (the longest wins) and that accepts the thing, or None."""
    name = path.name.lower()
    found: list[tuple[int, Part]] = []
    for part in plugins.exporters():
        suffixes = [suffix for suffix in part.part.suffixes if name.endswith(suffix.lower())]
        try:
            if suffixes and part.part.accepts(thing):
                found.append((max(map(len, suffixes)), part))
        except Exception:  # noqa: BLE001 - an exporter that fails to look does not get the thing
            continue
    return max(found, key=lambda each: each[0])[1] if found else None


def export(plugins: Plugins, thing: Any, path: Path) -> None:
    """Writes a problem, an answer or a table to a file.

    Raises
    ------
    InputError
        If no exporter writes this thing under that name, or the file cannot be written.
    PluginError
        If an exporter failed.
    """
    part = exporter_for(plugins, thing, path)
    if part is None:
        raise InputError.at(_nobody_writes(plugins, thing), place=Place(str(path)))
    thing = _in_rows(thing, path)
    try:
        part.part.write(thing, path)
    except SolviturError:
        raise
    except OSError as error:
        raise InputError.at(f"cannot be written: {error.strerror or error}", place=Place(str(path))) from None
    except Exception as error:
        raise PluginError(f"exporter '{part.name}' failed: {sentence_of(error)}") from error


def _in_rows(thing: Any, path: Path) -> Any:
    """Writes the logic of a model as rows, which is all that files of rows and columns hold."""
    if isinstance(thing, Problem) and isinstance(thing.formulation.content, MatrixInstance):
        content = _in_rows(thing.formulation.content, path)
        return replace(thing, formulation=replace(thing.formulation, content=content))
    if not isinstance(thing, MatrixInstance):
        return thing
    kept = frozenset(Feature) - RESTRICTIONS - {Feature.LOGIC, Feature.ALL_DIFFERENT}
    try:
        return reduced_for(thing, kept).instance
    except CannotReduce as reason:
        raise InputError.at(f"the model cannot be written in rows: {reason}", place=Place(str(path))) from None


def _nobody_writes(plugins: Plugins, thing: object) -> str:
    able: list[str] = []
    for part in plugins.exporters():
        try:
            if part.part.accepts(thing):
                able += part.part.suffixes
        except Exception:  # noqa: BLE001 - a plugin is asked
            continue
    what = type(thing).__name__.lower()
    return f"nothing here writes a {what} in this format; it can be written as " + (", ".join(sorted(able)) or "none")
