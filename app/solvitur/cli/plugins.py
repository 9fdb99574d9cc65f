"""The verb ``plugins``: each action is one function here."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from difflib import get_close_matches
from types import FrameType
from typing import Any

from solvitur.cli.running import Exit, Terminal
from solvitur.engine.answers import finding_json
from solvitur.engine.installed import load_plugins, overlay_folder
from solvitur.engine.plugins.installing import Installer, TrialFailed
from solvitur.engine.plugins.pip_runs import Stopped
from solvitur.engine.plugins.plans import Plan
from solvitur.engine.plugins.switching import switch
from solvitur.engine.plugins.trial import Trial, try_plugin
from solvitur.engine.plugins.wheels import Source
from solvitur.hooks.loading import FAILED, PluginEntry, plugin_names
from solvitur.problem.errors import InputError, PluginError
from solvitur.problem.findings import Finding


def plugins(terminal: Terminal, given: argparse.Namespace) -> int:
    """Runs an action of the verb ``plugins``."""
    actions: dict[str, Callable[[Terminal, argparse.Namespace], int]] = {
        "list": list_plugins,
        "install": install,
        "remove": remove,
        "enable": enable,
        "disable": disable,
        "check": check,
    }
    try:
        return actions[given.action](terminal, given)
    except Stopped as stopped:
        raise KeyboardInterrupt from stopped


def list_plugins(terminal: Terminal, given: argparse.Namespace) -> int:
    """Lists the plugins, what they offer, their state and its cause."""
    entries = terminal.plugins.entries
    if given.json:
        terminal.result_json([asdict(entry) for entry in entries])
        return Exit.ANSWERED
    for entry in entries:
        _print_entry(terminal, entry)
    return Exit.ANSWERED


def install(terminal: Terminal, given: argparse.Namespace) -> int:
    """Installs a plugin: shows the plan, asks on a terminal, tries the plugin, and only then puts it in place."""
    with _stopping() as cancel:
        installer = Installer(terminal.folders, cancel, terminal.say)
        return _carry_out(terminal, given, installer, installer.plan_install(given.name))


def remove(terminal: Terminal, given: argparse.Namespace) -> int:
    """Removes a plugin that was installed, with what only it needed."""
    with _stopping() as cancel:
        installer = Installer(terminal.folders, cancel, terminal.say)
        return _carry_out(terminal, given, installer, installer.plan_remove(given.name))


def enable(terminal: Terminal, given: argparse.Namespace) -> int:
    """Switches a plugin on again, also one that crashed a start."""
    return _switch(terminal, given, on=True)


def disable(terminal: Terminal, given: argparse.Namespace) -> int:
    """Switches a plugin off."""
    return _switch(terminal, given, on=False)


def check(terminal: Terminal, given: argparse.Namespace) -> int:
    """Tries an installed plugin, or one that a wheel or folder would bring, and prints what was found."""
    listed = plugin_names(overlay_folder(terminal.folders))
    with _stopping() as cancel:
        if given.name in listed:
            trials = [try_plugin(given.name, overlay_folder(terminal.folders), cancel, terminal.say)]
        else:
            trials = _try_uninstalled(terminal, given.name, cancel, listed)
    if given.json:
        terminal.result_json([_trial_json(trial) for trial in trials])
    else:
        for trial in trials:
            _print_trial(terminal, trial)
    return Exit.ANSWERED if all(trial.passed for trial in trials) else Exit.FAILED


def _try_uninstalled(terminal: Terminal, name: str, cancel: threading.Event, listed: tuple[str, ...]) -> list[Trial]:
    if Source.of(name).kind == "name":  # a mistyped plugin is not looked for among the packages of the world
        raise _unknown(name, listed)
    installer = Installer(terminal.folders, cancel, terminal.say)
    plan = installer.plan_install(name)
    try:
        return list(installer.try_out(plan))
    finally:
        installer.drop(plan)


def _carry_out(terminal: Terminal, given: argparse.Namespace, installer: Installer, plan: Plan) -> int:
    for line in plan.lines():
        terminal.say(line)
    if not given.yes and sys.stdin.isatty() and terminal.err.isatty() and not _agreed(terminal):
        installer.drop(plan)
        terminal.say("nothing was changed")
        return Exit.BAD_INPUT
    try:
        done = installer.carry_out(plan)
    except TrialFailed as failed:
        if given.json:
            terminal.result_json({**_plan_json(plan), "done": False, **_said(failed.trial.findings)})
        raise
    except PluginError as failed:
        if given.json and not isinstance(failed, Stopped):
            terminal.result_json({**_plan_json(plan), "done": False, "findings": [], "cause": str(failed)})
        raise
    loaded = load_plugins(terminal.folders)
    entries = [entry for name in plan.plugins if (entry := loaded.entry(name)) is not None]
    broken = any(entry.state == FAILED for entry in entries) and plan.action == "install"
    if given.json:
        listed = [asdict(entry) for entry in entries]
        terminal.result_json({**_plan_json(plan), "done": True, **_said(done.findings), "entries": listed})
    else:
        terminal.result(f"{'installed' if plan.action == 'install' else 'removed'}: {', '.join(plan.plugins)}")
        for entry in entries:
            _print_entry(terminal, entry)
    terminal.say_findings(done.findings)
    return Exit.FAILED if broken else Exit.ANSWERED


def _agreed(terminal: Terminal) -> bool:
    terminal.err.write("A plugin is a program: go on only if you trust whoever made it. Go on? [y/N] ")
    terminal.err.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _switch(terminal: Terminal, given: argparse.Namespace, *, on: bool) -> int:
    listed = plugin_names(overlay_folder(terminal.folders))
    if given.name not in listed:
        raise _unknown(given.name, listed)
    switch(terminal.folders, given.name, on=on)
    entry = terminal.plugins.entry(given.name)  # loaded only now, so that it says what the switch did
    if given.json:
        terminal.result_json(asdict(entry) if entry is not None else None)
    elif entry is not None:
        _print_entry(terminal, entry)
    return Exit.FAILED if entry is not None and on and entry.state == FAILED else Exit.ANSWERED


def _unknown(name: str, listed: tuple[str, ...]) -> InputError:
    near = get_close_matches(name, listed, 1)
    hint = f"did you mean '{near[0]}'?" if near else "there are: " + ", ".join(listed)
    return InputError.at(f"there is no plugin '{name}'; {hint}", element=name)


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Lets Ctrl+C and SIGTERM stop a change, which leaves all as it was; the second time they end the program."""
    cancel = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    if threading.current_thread() is not threading.main_thread():  # only there can signals be handled
        yield cancel
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_entry(terminal: Terminal, entry: PluginEntry) -> None:
    whose = "ships with Solvitur" if entry.ours else f"{entry.distribution} {entry.version}"
    terminal.result(f"{entry.name}   {entry.state}   ({whose})")
    for hook, names in entry.provides.items():
        terminal.result(f"    {hook}: {', '.join(names)}")
    if entry.cause:
        terminal.result(f"    because: {entry.cause}")


def _print_trial(terminal: Terminal, trial: Trial) -> None:
    terminal.result(f"{trial.plugin}   {'passed' if trial.passed else 'did not pass'}")
    for hook, names in trial.provides.items():
        terminal.result(f"    {hook}: {', '.join(names)}")
    for finding in trial.findings:
        terminal.result(f"    {finding.severity.value}: {finding}")


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {"plugin": trial.plugin, "passed": trial.passed, "provides": trial.provides, **_said(trial.findings)}


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "action": plan.action,
        "plugins": list(plan.plugins),
        "packages": [asdict(change) for change in plan.changes],
        "size_bytes": plan.size_bytes,
    }


def _said(findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {"findings": [finding_json(finding) for finding in findings]}
