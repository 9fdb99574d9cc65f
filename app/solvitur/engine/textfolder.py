"""A project as a folder of plain text, for version control: equal when read back, the same bytes every time."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from solvitur.engine.content import Content, StoredRun
from solvitur.engine.texttables import read_table, table_text
from solvitur.engine.texttrees import from_tree, to_tree
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.drafts import Origins
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place
from solvitur.problem.records import fingerprint
from solvitur.problem.runs import Run

MARKER = "solvitur.json"
VERSION = 2
_STATEMENT, _FORMULATION, _CHOICE, _WORKFLOW, _LAYOUT, _ORIGINS = (
    "statement.md",
    "formulation.json",
    "choice.json",
    "workflow.json",
    "layout.json",
    "origins.json",
)
_OURS = {"runs": r"\d{6,}\.json", "problems": r"[0-9a-f]{64}\.json"}
"""The files that are ours in each sub-folder, by their names; those of tables stand in the marker."""


def is_text_folder(path: Path) -> bool:
    """Tells whether a path is a folder that `write_folder` wrote."""
    return (path / MARKER).is_file()


def write_folder(content: Content, folder: Path) -> None:
    """Writes a project as text; in a folder written before, what is gone from the project is removed.

    Raises
    ------
    InputError
        If the folder holds other things, or cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()) and not is_text_folder(folder):
        text = "the folder holds other things; choose an empty or a new one"
        raise InputError.at(text, place=Place(str(folder)))
    files = _files(content)
    try:
        for old in _written_before(folder) - set(files):
            (folder / old).unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(body)
    except OSError as error:
        text = f"the folder cannot be written: {error.strerror or error}"
        raise InputError.at(text, place=Place(str(error.filename or folder))) from None


def read_folder(folder: Path) -> Content:
    """Reads a project from its text.

    Raises
    ------
    InputError
        With file and line, if something is missing or malformed.
    """
    marker = _read_json(folder / MARKER)
    version = marker.get("version") if isinstance(marker, dict) else None
    if not isinstance(version, int):
        raise InputError.at("this is not a Solvitur project as text", place=Place(str(folder / MARKER)))
    if version > VERSION:
        text = f"a newer Solvitur wrote this folder (format {version}; this one reads up to {VERSION})"
        raise InputError.at(f"{text}; update Solvitur to read it", place=Place(str(folder / MARKER)))
    problem = _read_problem(folder, marker)
    snapshots: dict[str, Problem] = {}
    runs = [_read_run(path, folder, snapshots) for path in sorted((folder / "runs").glob("*.json"))]
    return Content(problem, tuple(sorted(runs, key=lambda stored: stored.run.number)))


def _written_before(folder: Path) -> set[str]:
    """Lists what an earlier `write_folder` left, and nothing that others put there."""
    if not is_text_folder(folder):
        return set()
    found = {"model.slv", "model.txt"}
    for name, pattern in _OURS.items():
        found |= {f"{name}/{path.name}" for path in (folder / name).glob("*") if re.fullmatch(pattern, path.name)}
    with contextlib.suppress(InputError, TypeError, LookupError):
        found |= {_inside(schema["file"]) for schema in _read_json(folder / MARKER)["tables"]}
    return found


def _inside(name: Any) -> str:
    """Returns the name of a table's file; a stranger's marker may not lead out of the folder."""
    if not re.fullmatch(r"tables/[^/\\]+\.csv", str(name)):
        raise LookupError(f"'{name}' is no table's file")
    return str(name)


def _files(content: Content) -> dict[str, bytes]:
    problem = content.problem
    formulation = problem.formulation
    names: set[str] = set()
    files: dict[str, bytes] = {}
    schemas = []
    for table in problem.tables:
        file = f"tables/{_file_name(table.name, names)}.csv"
        text, schema = table_text(table)
        files[file] = _encoded(text)
        schemas.append({"name": table.name, "source": table.source, "file": file, "columns": schema})
    marker = {"solvitur": "a project as text", "version": VERSION, "name": problem.name, "tables": schemas}
    files[MARKER] = _json(marker)
    files[_STATEMENT] = _encoded(problem.statement)
    files[_model_file(formulation.kind)] = _encoded(formulation.text)
    described = {"kind": formulation.kind, "source": formulation.source, "content": to_tree(formulation.content)}
    files[_FORMULATION] = _json(described)
    files[_CHOICE] = _json(to_tree(problem.choice))
    files[_WORKFLOW] = _json(to_tree(problem.workflow))
    files[_LAYOUT] = _json(to_tree(problem.layout))
    files[_ORIGINS] = _json(to_tree(problem.origins))
    for stored in content.runs:
        name = fingerprint(stored.problem)
        files[f"problems/{name}.json"] = _lines(to_tree(stored.problem))
        files[f"runs/{stored.run.number:06d}.json"] = _lines({"problem": name, "run": to_tree(stored.run)})
    return files


def _read_problem(folder: Path, marker: dict[str, Any]) -> Problem:
    described = _read_json(folder / _FORMULATION)
    with_kind = described if isinstance(described, dict) and isinstance(described.get("kind"), str) else None
    if with_kind is None:
        raise InputError.at("it names no kind of formulation", place=Place(str(folder / _FORMULATION)))
    formulation = Formulation(
        with_kind["kind"],
        _read_text(folder / _model_file(with_kind["kind"])),
        _restored(folder / _FORMULATION, lambda: from_tree(with_kind.get("content"))),
        str(with_kind.get("source", "")),
    )
    tables = _restored(
        folder / MARKER,
        lambda: tuple(read_table(folder / _inside(schema["file"]), schema) for schema in marker.get("tables", ())),
    )
    choice = _restored(folder / _CHOICE, lambda: from_tree(_read_json(folder / _CHOICE)))
    if not isinstance(choice, Choice):
        raise InputError.at("it does not say how to solve", place=Place(str(folder / _CHOICE)))
    layout = _restored(folder / _LAYOUT, lambda: from_tree(_read_json(folder / _LAYOUT)))
    origins = Origins()
    if marker["version"] >= 2:  # version 1 had none
        origins = _restored(folder / _ORIGINS, lambda: from_tree(_read_json(folder / _ORIGINS)))
    return Problem(
        name=str(marker.get("name", folder.name)),
        statement=_read_text(folder / _STATEMENT),
        formulation=formulation,
        tables=tables,
        choice=choice,
        workflow=_restored(folder / _WORKFLOW, lambda: from_tree(_read_json(folder / _WORKFLOW))),
        layout=layout if isinstance(layout, dict) else {},
        origins=origins if isinstance(origins, Origins) else Origins(),
    )


def _read_run(path: Path, folder: Path, snapshots: dict[str, Problem]) -> StoredRun:
    stored = _read_json(path)
    run = _restored(path, lambda: from_tree(stored["run"]))
    name = str(stored.get("problem", "")) if isinstance(stored, dict) else ""
    if name not in snapshots:
        snapshot = folder / "problems" / f"{name}.json"
        snapshots[name] = _restored(snapshot, lambda: from_tree(_read_json(snapshot)))
    if not isinstance(run, Run) or not isinstance(snapshots[name], Problem):
        raise InputError.at("this is not a run", place=Place(str(path)))
    return StoredRun(run, snapshots[name])


def _restored(path: Path, restore: Callable[[], Any]) -> Any:
    try:
        return restore()
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise InputError.at(f"it does not hold what Solvitur writes ({error})", place=Place(str(path))) from None


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogatepass")
    except FileNotFoundError:
        raise InputError.at(
            "this file of the project is missing; get it back from version control", place=Place(str(path))
        ) from None
    except OSError as error:
        raise InputError.at(f"it cannot be read: {error.strerror or error}", place=Place(str(path))) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError.at("expected text in UTF-8", place=Place(str(path), line)) from None


def _read_json(path: Path) -> Any:
    try:
        return json.loads(_read_text(path))
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise InputError.at(f"this is not JSON ({error.msg}); an unfinished merge?", place=place) from None
    except RecursionError:
        raise InputError.at("it is nested too deeply to be ours", place=Place(str(path))) from None


def _model_file(kind: str) -> str:
    return "model.slv" if kind == "algebraic" else "model.txt"


def _file_name(name: str, taken: set[str]) -> str:
    """Makes a file name that every system takes from a table's name; ``taken`` gains it."""
    plain = re.sub(r"[^\w-]+", "_", name).strip("_")[:60] or "table"
    chosen, number = plain, 2
    while chosen.casefold() in taken:
        chosen, number = f"{plain}_{number}", number + 1
    taken.add(chosen.casefold())
    return chosen


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _json(tree: Any) -> bytes:
    return (json.dumps(tree, indent=1, sort_keys=True) + "\n").encode()


def _lines(tree: dict[str, Any]) -> bytes:
    """Writes an object with one line per entry: large arrays stay on one line each."""
    entries = (f"{json.dumps(key)}: {json.dumps(tree[key], sort_keys=True)}" for key in sorted(tree))
    return ("{\n" + ",\n".join(entries) + "\n}\n").encode()
