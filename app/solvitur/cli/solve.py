"""The verb ``solve``."""

from __future__ import annotations

import argparse
import threading
import time

from solvitur.cli.answers import exit_code, print_summary, refusal_json, values_of
from solvitur.cli.interruption import stopping
from solvitur.cli.progress import ProgressLine
from solvitur.cli.reading import read_to_solve
from solvitur.cli.running import Exit, Terminal
from solvitur.engine.answers import answer_json
from solvitur.engine.events import Event, JobStarted
from solvitur.engine.solving import Finished, Task, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.result import Status


def solve(terminal: Terminal, given: argparse.Namespace) -> int:
    """Solves a file and prints the answer; returns the exit code."""
    try:
        finished = solve_file(terminal, given, draw=given.picture is not None)
        values = values_of(terminal.plugins, finished)
    except (InputError, KeyboardInterrupt) as error:
        if given.json:
            refused = isinstance(error, InputError)
            findings = error.findings if isinstance(error, InputError) else ()
            terminal.result_json(refusal_json(None, findings, Status.FAILED if refused else Status.CANCELLED))
        raise
    if given.json:
        terminal.result_json(answer_json(finished.run, values))
    else:
        print_summary(terminal, finished, values)
    code = exit_code(finished.run)
    if given.picture is not None and not _write_picture(terminal, given, finished) and code is Exit.ANSWERED:
        return Exit.FAILED
    return code


def solve_file(terminal: Terminal, given: argparse.Namespace, *, draw: bool) -> Finished:
    """Reads and solves what the arguments name, on the one path that the window's jobs take too."""
    workers = Workers(spare=False)
    workers.warm()  # its process starts while the file is read
    try:
        plugins = terminal.plugins
        clock = time.monotonic()
        problem = read_to_solve(terminal, given)
        task = Task(problem, load_s=time.monotonic() - clock, draw=draw)
        return _solve_task(terminal, plugins, workers, task)
    finally:
        workers.shutdown()


def _solve_task(terminal: Terminal, plugins: Plugins, workers: Workers, task: Task) -> Finished:
    """Solves a task with a progress line; Ctrl+C stops it and keeps the best answer."""
    line = ProgressLine(terminal.err)
    solving = threading.Event()

    def hear(event: Event) -> None:
        if isinstance(event, JobStarted):
            solving.set()
        line.hear(event)

    task.emit = hear
    try:
        with stopping(task, solving):
            return run_problem(plugins, workers, task)
    finally:
        line.clear()


def _write_picture(terminal: Terminal, given: argparse.Namespace, finished: Finished) -> bool:
    if not finished.pictures:
        terminal.say(
            "there is no picture: " + ("no answer" if finished.run.objective is None else "nothing suits it")
        )
        return False
    try:
        terminal.faces.export_picture(finished.pictures[0], given.picture)
    except (SolviturError, OSError) as error:
        terminal.say(f"error: the picture could not be written: {error}")
        return False
    terminal.say(f"picture: {given.picture}")
    return True
