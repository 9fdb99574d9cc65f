"""The verb ``plugins``: each action is one function here."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from solvitur.cli.running import Exit, Terminal


def plugins(terminal: Terminal, given: argparse.Namespace) -> int:
    """Runs an action of the verb ``plugins``."""
    actions = {"list": list_plugins}
    return actions[given.action](terminal, given)


def list_plugins(terminal: Terminal, given: argparse.Namespace) -> int:
    """Lists the plugins, what they offer, their state and its cause."""
    entries = terminal.plugins.entries
    if given.json:
        terminal.result_json([asdict(entry) for entry in entries])
        return Exit.ANSWERED
    for entry in entries:
        whose = "ships with Solvitur" if entry.ours else f"{entry.distribution} {entry.version}"
        terminal.result(f"{entry.name}   {entry.state}   ({whose})")
        for hook, names in entry.provides.items():
            terminal.result(f"    {hook}: {', '.join(names)}")
        if entry.cause:
            terminal.result(f"    because: {entry.cause}")
    return Exit.ANSWERED
