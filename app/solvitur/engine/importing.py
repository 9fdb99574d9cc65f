"""Importing: the right reader for a file, and the data files that a model wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from solvitur.hooks.contracts import Imported
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, PluginError, SolviturError
from solvitur.problem.findings import Place
from solvitur.problem.tables import Table

_HEAD_BYTES = 65536


def open_file(plugins: Plugins, path: Path, kind: str = "", options: Mapping[str, Any] | None = None) -> Imported:
    """Reads a file with the importer that its first bytes and its name suit best.

    Parameters
    ----------
    kind : the wanted kind of formulation, or the name of an importer; empty takes the best.

    Raises
    ------
    InputError
        If the file cannot be read, no importer knows it, or it is malformed.
    PluginError
        If an importer failed.
    """
    head = _head(path)
    ranked = _ranked(plugins, path, head)
    named = [part for part in ranked if part.name == kind]
    if not ranked:
        raise InputError.at(f"no reader knows this file; known are {_suffixes(plugins)}", place=Place(str(path)))
    if not kind:
        return _read(ranked[0], path, options)
    if named:
        return _read(named[0], path, options)
    return _read_as_kind(plugins, ranked, path, kind, options)


def open_tables(plugins: Plugins, path: Path) -> tuple[Table, ...]:
    """Reads a data file into tables.

    Raises
    ------
    InputError
        If it cannot be read or holds no tables.
    """
    imported = open_file(plugins, path)
    if not imported.tables:
        raise InputError.at("this file holds a model, expected data: CSV, XLSX or JSON", place=Place(str(path)))
    return imported.tables


def with_tables(problem: Problem, tables: Iterable[Table]) -> Problem:
    """Returns the problem with tables added; one of the same name is replaced."""
    added = list(tables)
    names = {table.name for table in added}
    return replace(problem, tables=(*(table for table in problem.tables if table.name not in names), *added))


def with_wanted_files(
    plugins: Plugins, problem: Problem, read: Callable[[Path], tuple[Table, ...]] | None = None
) -> Problem:
    """Returns the problem with the data files that its formulation names read into tables.

    Files are looked for beside the formulation's own source; those whose tables the problem has already are not read
    again. ``read`` reads a data file in place of `open_tables`, for callers that keep what they read.

    Raises
    ------
    InputError
        If a file is missing or malformed.
    """
    part = plugins.find("kinds", problem.formulation.kind)
    wanted = getattr(part.part, "files_wanted", None)
    if wanted is None:
        return problem
    try:
        names = tuple(wanted(problem))
    except SolviturError:
        raise
    except Exception as error:
        raise PluginError(f"plugin '{part.plugin}' failed: {sentence_of(error)}") from error
    source = problem.formulation.source
    folder = Path(source).parent if source else Path()
    for name in names:
        path = folder / name
        if any(table.source in (name, str(path)) for table in problem.tables):
            continue
        if not path.is_file():
            raise InputError.at(
                f"data file '{name}' is not there; put it into '{folder.resolve()}' or give it with --data",
                place=Place(source),
                element=name,
            )
        tables = open_tables(plugins, path) if read is None else read(path)
        problem = with_tables(problem, tables)
    return problem


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise InputError.at("this is a folder, expected a file", place=Place(str(path)))
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise InputError.at("there is no such file", place=Place(str(path))) from None
    except OSError as error:
        raise InputError.at(f"it cannot be read: {error.strerror or error}", place=Place(str(path))) from None


def _ranked(plugins: Plugins, path: Path, head: bytes) -> list[Part]:
    ranked: list[tuple[float, Part]] = []
    for part in plugins.importers():
        try:
            score = float(part.part.recognises(path, head))
        except Exception:  # noqa: BLE001 - an importer that fails to look does not get the file
            continue
        if score > 0:
            ranked.append((score, part))
    return [part for _, part in sorted(ranked, key=lambda each: -each[0])]


def _read(part: Part, path: Path, options: Mapping[str, Any] | None) -> Imported:
    try:
        imported = part.part.read(path, dict(options or {}))
    except SolviturError:
        raise
    except Exception as error:
        raise PluginError(f"importer '{part.name}' failed on {path}: {sentence_of(error)}") from error
    if not isinstance(imported, Imported):
        raise PluginError(f"importer '{part.name}' gave no import for {path}")
    return imported


def _read_as_kind(
    plugins: Plugins, ranked: list[Part], path: Path, kind: str, options: Mapping[str, Any] | None
) -> Imported:
    """Reads the file with the first reader that makes a formulation of this kind of it."""
    plugins.find("kinds", kind)
    others: list[str] = []
    failure: SolviturError | None = None
    for part in ranked:
        try:
            imported = _read(part, path, options)
        except SolviturError as error:
            failure = failure or error
            continue
        found = imported.problem.formulation.kind if imported.problem is not None else "tables"
        if found == kind:
            return imported
        others.append(found)
    if failure is not None and not others:
        raise failure
    raise InputError.at(f"this file holds {' or '.join(others)}, expected kind '{kind}'", place=Place(str(path)))


def _suffixes(plugins: Plugins) -> str:
    return ", ".join(sorted({suffix for part in plugins.importers() for suffix in part.part.suffixes})) or "none"
