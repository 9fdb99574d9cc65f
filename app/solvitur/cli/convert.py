"""The verb ``convert``: between file formats, and between a project and a folder of text."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from solvitur.cli.reading import read_problem
from solvitur.cli.running import Exit, Terminal
from solvitur.engine.content import Content, read_content, write_content
from solvitur.engine.exporting import export, exporter_for
from solvitur.engine.importing import with_wanted_files
from solvitur.engine.project.files import is_project
from solvitur.engine.solving import bind
from solvitur.engine.textfolder import is_text_folder, read_folder, write_folder
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.instance import MatrixInstance


def convert(terminal: Terminal, given: argparse.Namespace) -> int:
    """Reads one file and writes another; the target's name says the format."""
    source, target = given.source, given.target
    content = _read(terminal, source)
    if is_project(target):
        write_content(content, target)
    elif target.is_dir() or not target.suffix:
        write_folder(content, target)
    else:
        _write(terminal, content.problem, target)
    return Exit.ANSWERED


def _read(terminal: Terminal, source: Path) -> Content:
    if is_text_folder(source):
        return read_folder(source)
    if is_project(source):
        return read_content(source)
    return Content(with_wanted_files(terminal.plugins, read_problem(terminal, source)))


def _write(terminal: Terminal, problem: Problem, target: Path) -> None:
    if exporter_for(terminal.plugins, problem, target) is None:
        # A format of matrices takes any model that binds to one.
        bound = bind(terminal.plugins, with_wanted_files(terminal.plugins, problem))
        if isinstance(bound, MatrixInstance):
            matrix = replace(problem, formulation=Formulation("matrix", "", bound), tables=())
            if exporter_for(terminal.plugins, matrix, target) is not None:
                problem = matrix
    export(terminal.plugins, problem, target)
