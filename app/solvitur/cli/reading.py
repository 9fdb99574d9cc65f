"""Reading what a verb was given: a model, project or folder, its data files, and how to solve it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from solvitur.cli.running import Terminal
from solvitur.engine.importing import open_file, open_tables, with_tables, with_wanted_files
from solvitur.engine.project.files import is_project, read_project
from solvitur.engine.textfolder import is_text_folder, read_folder
from solvitur.problem.document import Choice, Problem
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place


def read_problem(terminal: Terminal, path: Path, *, kind: str = "") -> Problem:
    """Reads a project or a model file; what is to be said about the reading goes to the terminal.

    Raises
    ------
    InputError
        If it cannot be read, or holds no model.
    """
    if is_project(path):
        return read_project(path)
    if is_text_folder(path):
        return read_folder(path).problem
    imported = open_file(terminal.plugins, path, kind)
    terminal.say_findings(imported.findings)
    if imported.problem is None:
        raise InputError.at("this file holds data, expected a model; give it with --data", place=Place(str(path)))
    return imported.problem


def read_to_solve(terminal: Terminal, given: argparse.Namespace) -> Problem:
    """Reads the problem with its data files and the choices of the command line."""
    problem = read_problem(terminal, given.file, kind=given.kind)
    for path in given.data:
        problem = with_tables(problem, open_tables(terminal.plugins, path))
    problem = with_wanted_files(terminal.plugins, problem)
    return replace(problem, choice=_choice(problem.choice, given))


def _choice(choice: Choice, given: argparse.Namespace) -> Choice:
    limits = choice.limits
    if given.time_limit is not None:
        limits = replace(limits, time_limit_s=given.time_limit)
    if given.threads is not None:
        limits = replace(limits, threads=given.threads)
    if given.seed is not None:
        limits = replace(limits, seed=given.seed)
    same = given.solver is None or given.solver == choice.solver
    options = {**(choice.options if same else {}), **dict(given.option)}
    return replace(choice, solver=choice.solver if same else given.solver, options=options, limits=limits)
