"""The command line's words: verbs, their arguments and their help."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from solvitur import __version__

_Number = TypeVar("_Number", int, float)

VERBS = ("solve", "formalise", "explain", "convert", "solvers", "plugins", "examples", "workflow")
"""Every verb; an argument list that begins with none of them opens the window."""


def build_parser() -> argparse.ArgumentParser:
    """Builds the parser of every verb."""
    parser = argparse.ArgumentParser(
        prog="solvitur",
        description="A workbench for decision problems: understand, plan, solve, look back.",
        epilog="Without a verb, 'solvitur [FILE]' opens the window. 'solvitur VERB --help' tells more of a verb.",
    )
    parser.add_argument("--version", action="version", version=f"solvitur {__version__}")
    parser.add_argument("--safe", action="store_true", help="start without the plugins of others")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_solve(verbs.add_parser("solve", help="solve a model and check the answer"))
    _add_formalise(verbs.add_parser("formalise", help="turn a statement in words into a checked model"))
    _add_solving(verbs.add_parser("explain", help="say why an answer came out so: what binds, slack, dual values"))
    _add_convert(verbs.add_parser("convert", help="write a file in another format, or a project as a folder of text"))
    _add_list(verbs.add_parser("solvers", help="list the solvers"), "list the solvers and what they handle")
    _add_plugins(verbs.add_parser("plugins", help="list, install, remove and check plugins"))
    _add_examples(verbs.add_parser("examples", help="list the bundled examples or write them as files"))
    _add_workflow(verbs.add_parser("workflow", help="run a workflow, list the ready ones or write one as a file"))
    return parser


def build_window_parser() -> argparse.ArgumentParser:
    """Builds the parser of ``solvitur [FILE]``."""
    parser = argparse.ArgumentParser(prog="solvitur", usage="solvitur [--safe] [FILE]")
    parser.add_argument("--safe", action="store_true", help="start without the plugins of others")
    parser.add_argument("file", nargs="?", type=Path, help="a project, model or data file to open")
    return parser


def _add_solve(parser: argparse.ArgumentParser) -> None:
    _add_solving(parser)
    parser.add_argument("--picture", type=_picture, metavar="OUT.png|svg", help="also draw the answer into a file")


def _add_solving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=".slv, .mps, .lp, a project or another known format")
    parser.add_argument("--data", type=Path, action="append", default=[], metavar="F", help="data file; any number")
    parser.add_argument("--kind", default="", metavar="K", help="kind of formulation, where a file may hold several")
    parser.add_argument("--solver", default=None, metavar="NAME|auto", help="see 'solvitur solvers list'")
    parser.add_argument("--time-limit", type=_positive, default=None, metavar="S", help="seconds a solver may take")
    parser.add_argument("--threads", type=_counting, default=None, metavar="N", help="threads a solver may use")
    parser.add_argument("--seed", type=_whole, default=None, metavar="N", help="the same seed repeats the same run")
    parser.add_argument(
        "--option", type=_pair, action="append", default=[], metavar="k=v", help="an option of the solver; any number"
    )
    _add_json(parser)


def _add_formalise(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE|-", help="a text that states the problem; - reads standard input")
    parser.add_argument(
        "--backend",
        default="",
        metavar="NAME",
        help="a formaliser such as 'words', or a language model, which is turned on for this run by being named",
    )
    parser.add_argument("--data", type=Path, action="append", default=[], metavar="F", help="tables; any number")
    parser.add_argument(
        "--answer", type=_pair, action="append", default=[], metavar="q=a", help="answer a question; any number"
    )
    parser.add_argument(
        "--option", type=_pair, action="append", default=[], metavar="k=v", help="an option of the language model"
    )
    parser.add_argument("--record", type=Path, default=None, metavar="F", help="write down what the model replies")
    parser.add_argument("--time-limit", type=_positive, default=None, metavar="S", help="seconds a solver may take")
    _add_json(parser)


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="IN", help="a file, a project, or a folder written from one")
    parser.add_argument("target", type=Path, metavar="OUT", help="a file, a project (*.solvitur), or a folder")


def _add_list(parser: argparse.ArgumentParser, help: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="list", required=True)
    _add_json(actions.add_parser("list", help=help))


def _add_plugins(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="list|install|remove|enable|disable|check", required=True)
    _add_json(actions.add_parser("list", help="list the plugins, what they offer, their state"))
    install = actions.add_parser("install", help="install a plugin beside Solvitur's own packages")
    install.add_argument("name", metavar="NAME|PATH", help="a wheel, a folder with a pyproject.toml, or a package")
    remove = actions.add_parser("remove", help="remove a plugin that was installed, with what only it needed")
    remove.add_argument("name", metavar="NAME", help="see 'solvitur plugins list'")
    for changing in (install, remove):
        changing.add_argument("--yes", action="store_true", help="do not ask; nobody is asked but on a terminal")
    enable = actions.add_parser("enable", help="switch a plugin on again, also after it crashed a start")
    disable = actions.add_parser("disable", help="switch a plugin off; it is not even imported then")
    for switching in (enable, disable):
        switching.add_argument("name", metavar="NAME", help="see 'solvitur plugins list'")
    check = actions.add_parser("check", help="try a plugin in a process of its own and say what is wrong with it")
    check.add_argument("name", metavar="NAME|PATH", help="an installed plugin, or a wheel or folder that is not")
    for action in (install, remove, enable, disable, check):
        _add_json(action)


def _add_examples(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="list|write", required=True)
    _add_json(actions.add_parser("list", help="list the bundled examples"))
    write = actions.add_parser("write", help="write an example's files into a folder")
    write.add_argument("name", metavar="NAME", help="see 'solvitur examples list'")
    write.add_argument("folder", type=Path, metavar="FOLDER", help="is made if it is not there")


def _add_workflow(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="run|sweep|patterns|write", required=True)
    _add_running(actions.add_parser("run", help="run a workflow; what is done already is not done again"))
    sweep = actions.add_parser("sweep", help="run combinations of options and show quality against cost")
    _add_running(sweep)
    sweep.add_argument(
        "--range",
        action="append",
        default=[],
        metavar="step.option=a:b|v1,v2",
        help="between two numbers (a:b:log for a log scale), or listed; any number. Usually those of the file",
    )
    sweep.add_argument("--quality", required=True, metavar="step.output", help="a number, or a solved problem")
    sweep.add_argument("--cost", default="time", metavar="time|step.output", help="what is to be low (usually time)")
    sweep.add_argument("--better", choices=("higher", "lower"), default=None, help="of the quality")
    sweep.add_argument("--method", choices=("grid", "random", "bayes"), default="grid")
    sweep.add_argument("--runs", type=_counting, default=20, metavar="N", help="combinations at most (usually 20)")
    sweep.add_argument("--seed", type=_whole, default=0, metavar="N", help="the same seed draws the same ones")
    _add_json(actions.add_parser("patterns", help="list the ready workflows"))
    write = actions.add_parser("write", help="write a ready workflow as a file")
    write.add_argument("name", metavar="NAME", help="see 'solvitur workflow patterns'")
    write.add_argument("file", type=Path, metavar="FILE", help="*.json for JSON, anything else for text")


def _add_running(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a workflow, as text or JSON")
    parser.add_argument(
        "--set", type=_pair, action="append", default=[], metavar="step.option=v", help="set an option; any number"
    )
    parser.add_argument("--yes", action="store_true", help="approve steps that write files or run your own code")
    parser.add_argument("--executor", default=None, metavar="NAME", help="where heavy steps run: local (usual), dask")
    parser.add_argument("--address", default=None, metavar="ADDRESS", help="of the cluster, such as tcp://host:8786")
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON value, for scripts")


def _positive(text: str) -> float:
    number = _read(float, text, "a number of seconds")
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no time; expected a number of seconds above 0")
    return number


def _counting(text: str) -> int:
    number = _read(int, text, "a whole number of at least 1")
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is too few; expected a whole number of at least 1")
    return number


def _whole(text: str) -> int:
    number = _read(int, text, "a whole number from 0 to 2147483647")
    if not 0 <= number < 2**31:
        raise argparse.ArgumentTypeError(f"{text!r} is out of range; expected a whole number from 0 to 2147483647")
    return number


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no option; expected name=value")
    return name.strip(), value.strip()


def _picture(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".png", ".svg"):
        raise argparse.ArgumentTypeError(f"{text!r} ends in neither .png nor .svg")
    return path


def _read(kind: Callable[[str], _Number], text: str, expected: str) -> _Number:
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not {expected}") from None
