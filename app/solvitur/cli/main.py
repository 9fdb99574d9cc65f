"""The command line's entry: finds the verb, keeps results apart from messages, turns errors into exit codes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from solvitur.cli.arguments import VERBS, build_parser, build_window_parser
from solvitur.cli.convert import convert
from solvitur.cli.examples import examples
from solvitur.cli.explain import explain
from solvitur.cli.formalise import formalise
from solvitur.cli.plugins import plugins
from solvitur.cli.running import Exit, Faces, Terminal
from solvitur.cli.solve import solve
from solvitur.cli.solvers import solvers
from solvitur.cli.workflow import workflow
from solvitur.problem.errors import InputError, SolviturError

_ACTIONS: dict[str, Callable[..., int]] = {
    "solve": solve,
    "formalise": formalise,
    "explain": explain,
    "convert": convert,
    "solvers": solvers,
    "plugins": plugins,
    "examples": examples,
    "workflow": workflow,
}


def run(arguments: Sequence[str], faces: Faces) -> int:
    """Runs what the arguments say and returns the exit code."""
    if _opens_window(arguments):
        given = build_window_parser().parse_args(arguments)
        return faces.open_window(given.file, given.safe)
    given = build_parser().parse_args(arguments)
    with _results_apart() as out:
        terminal = Terminal(out, sys.stderr, faces, safe=given.safe)
        try:
            return int(_ACTIONS[given.verb](terminal, given))
        except InputError as error:
            for finding in error.findings:
                terminal.say(f"{finding.severity.value}: {finding}")
            return Exit.BAD_INPUT
        except SolviturError as error:
            terminal.say(f"error: {error}")
            return Exit.FAILED
        except KeyboardInterrupt:
            terminal.say("stopped before there was an answer")
            return Exit.NO_ANSWER_IN_TIME
        except BrokenPipeError:  # whoever read the results has gone, as 'head' does
            return Exit.ANSWERED


def _opens_window(arguments: Sequence[str]) -> bool:
    words = [word for word in arguments if word != "--safe"]
    if not words:
        return True
    first = words[0]
    if first in VERBS or first.startswith("-"):
        return False
    # A mistyped verb has neither a suffix nor a file of its name: it is told the verbs, not shown a window.
    return bool(Path(first).suffix) or os.sep in first or Path(first).exists()


@contextmanager
def _results_apart() -> Iterator[TextIO]:
    """Gives the results' stream and points everything else that is printed, by plugins too, to standard error."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    out = io.TextIOWrapper(os.fdopen(os.dup(kept), "wb"), encoding=encoding, errors="backslashreplace")
    try:
        yield out
    finally:
        with suppress(BrokenPipeError, ValueError):
            out.close()
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
