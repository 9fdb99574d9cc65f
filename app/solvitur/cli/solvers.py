"""The verb ``solvers``."""

from __future__ import annotations

import argparse
from typing import Any

from solvitur.cli.running import Exit, Terminal
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.parts import Part
from solvitur.problem.options import option_specs


def solvers(terminal: Terminal, given: argparse.Namespace) -> int:
    """Lists the solvers, what they handle, and why one cannot run here."""
    listed = [_described(part) for part in terminal.plugins.solvers()]
    if given.json:
        terminal.result_json(listed)
        return Exit.ANSWERED
    for solver in listed:
        state = f"   cannot run here: {solver['because']}" if solver["because"] else ""
        terminal.result(f"{solver['name']}   {solver['title']}   (plugin {solver['plugin']}){state}")
        terminal.result(f"    handles: {', '.join(solver['handles'])}")
        for option in solver["options"]:
            terminal.result(f"    --option {option['name']}={option['default']}   {option['title']}")
    if not listed:
        terminal.say("no solver is loaded; see 'solvitur plugins list'")
    return Exit.ANSWERED


def _described(part: Part) -> dict[str, Any]:
    solver = part.part
    available = getattr(solver, "available", None)
    try:
        because = str(available() or "") if available is not None else ""
    except Exception as error:  # noqa: BLE001 - a plugin is asked
        because = sentence_of(error)
    return {
        "name": part.name,
        "title": str(solver.title),
        "plugin": part.plugin,
        "available": not because,
        "because": because,
        "handles": sorted(feature.value for feature in solver.handles),
        "options": [
            {
                "name": spec.name,
                "title": spec.title,
                "type": spec.kind.__name__,
                "default": spec.default,
                "minimum": spec.minimum,
                "maximum": spec.maximum,
                "unit": spec.unit,
                "choices": list(spec.choices),
                "help": spec.help,
            }
            for spec in option_specs(solver.options)
        ],
    }
