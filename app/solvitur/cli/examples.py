"""The verb ``examples``: lists the bundled examples, or writes one as files."""

from __future__ import annotations

import argparse
import filecmp
import shutil
from pathlib import Path

from solvitur.cli.running import Exit, Terminal
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place


def examples(terminal: Terminal, given: argparse.Namespace) -> int:
    """Runs an action of the verb ``examples``."""
    return _write(terminal, given) if given.action == "write" else _list(terminal, given)


def _list(terminal: Terminal, given: argparse.Namespace) -> int:
    offered = [part.part for part in terminal.plugins.examples()]
    if given.json:
        keys = ("name", "title", "story", "model", "optimum", "tags")
        terminal.result_json([{key: getattr(example, key) for key in keys} for example in offered])
        return Exit.ANSWERED
    width = max((len(example.name) for example in offered), default=0)
    for example in offered:
        terminal.result(f"{example.name.ljust(width)}  {example.title}")
    return Exit.ANSWERED


def _write(terminal: Terminal, given: argparse.Namespace) -> int:
    example = terminal.plugins.find("examples", given.name).part
    sources = sorted(path for path in Path(example.folder).iterdir() if path.is_file() and path.suffix != ".toml")
    folder: Path = given.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            target = folder / source.name
            if target.exists() and not filecmp.cmp(source, target, shallow=False):
                raise InputError.at(
                    "it is there already and differs; choose another folder", place=Place(str(target))
                )
        for source in sources:
            shutil.copyfile(source, folder / source.name)
    except OSError as error:
        raise InputError.at(f"cannot be written: {error.strerror or error}", place=Place(str(folder))) from None
    terminal.result(str(folder / example.model))
    return Exit.ANSWERED
