"""Export of a run: everything as JSON, the values as CSV, a report in words as Markdown."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from solvitur.engine.answers import answer_json, jsonable
from solvitur.engine.session import Session
from solvitur.engine.wording.model_words import model_sentences
from solvitur.engine.wording.written import markdown
from solvitur.gui.lookback.opened import Opened
from solvitur.gui.numbers import show
from solvitur.language.parsing import parse
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place


def write_run(session: Session, opened: Opened, path: Path) -> Path:
    """Writes a run as .json (as ``solve --json`` prints it), its values as .csv, or a report in words as .md.

    For a background thread.

    Raises
    ------
    InputError
        If the ending is another, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in (".json", ".csv", ".md"):
        raise InputError.at("a run is written as .json, .csv or .md", place=Place(str(path)))
    try:
        if suffix == ".json":
            values = session.values_of(opened.run) if opened.solved is not None else {}
            text = json.dumps(
                jsonable(answer_json(opened.run, values)), indent=1, ensure_ascii=False, allow_nan=False
            )
            path.write_text(text + "\n", encoding="utf-8")
        elif suffix == ".md":
            path.write_text(_report(opened), encoding="utf-8")
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                _write_values(opened, csv.writer(file, lineterminator="\n"))
    except OSError as error:
        raise InputError.at(f"cannot be written: {error.strerror or error}", place=Place(str(path))) from None
    return path


def _report(opened: Opened) -> str:
    """Writes the model and the answer in plain sentences, and what was found."""
    run, solved = opened.run, opened.solved
    parts = [f"# Run {run.number}: {run.title}\n"]
    if solved is not None and solved.problem.formulation.kind == "algebraic":
        model = parse(solved.problem.formulation.text).model
        parts.append(markdown(model_sentences(model, None, solved.instance, number=show)))
    parts.append(markdown(opened.sentences))
    findings = [f"- {finding.text}" for finding in opened.findings]
    parts.append("\n".join(["## Findings", "", *findings, ""]) if findings else "")
    return "\n".join(part for part in parts if part)


def _write_values(opened: Opened, writer: object) -> None:
    """Writes one line per value: variable, its indices, value."""
    write = writer.writerow  # type: ignore[attr-defined]
    width = max((len(table.block.sets) for table in opened.values), default=0)
    write(["variable", *(f"index {d + 1}" for d in range(width)), "value"])
    for table in opened.values:
        values = table.columns[0].values.tolist()
        for label, value in zip(table.block.labels(), values, strict=True):
            shown = int(value) if float(value).is_integer() and abs(value) < 2**53 else value
            write([table.block.name, *label, *[""] * (width - len(label)), shown])
