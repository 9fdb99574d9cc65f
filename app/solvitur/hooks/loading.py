"""Loading of plugins: each one apart, so that a broken one costs only itself."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from typing import Any

import pluggy

from solvitur.hooks.faults import sentence_of
from solvitur.hooks.markers import CrashMarkers
from solvitur.hooks.parts import Part, fault_of
from solvitur.hooks.specs import GROUP, HOOKS, Specs
from solvitur.problem.errors import InputError, PluginError

OUR_DISTRIBUTION = "solvitur"
LOADED, DISABLED, FAILED, ABSENT = "loaded", "disabled", "failed", "absent"
SWITCHED_OFF = "it was switched off"


@dataclass(frozen=True)
class PluginEntry:
    """What is known about one plugin.

    ``state`` is ``loaded``, ``disabled``, ``failed`` or ``absent``; ``cause`` says why it is not loaded, or which
    of its parts were refused. ``provides`` names its usable parts by hook; ``ours`` marks those that ship with us.
    """

    name: str
    distribution: str
    version: str
    state: str
    cause: str = ""
    provides: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ours: bool = False


@dataclass(frozen=True)
class _Found:
    """One entry point of our group, before it is loaded."""

    entry: EntryPoint
    distribution: str
    version: str

    @property
    def ours(self) -> bool:
        return self.distribution.lower() == OUR_DISTRIBUTION


class Plugins:
    """The loaded plugins and their parts; immutable once loaded (loading anew makes another)."""

    def __init__(
        self,
        entries: Iterable[PluginEntry] = (),
        parts: dict[str, tuple[Part, ...]] | None = None,
        overlay: Path | None = None,
        safe: bool = False,
    ) -> None:
        self.entries = tuple(entries)
        self.overlay = overlay
        self.safe = safe
        self._parts = parts or {}

    @classmethod
    def load(
        cls,
        safe: bool = False,
        overlay: Path | None = None,
        disabled: Collection[str] = frozenset(),
        *,
        only: Collection[str] | None = None,
        markers: CrashMarkers | None = None,
    ) -> Plugins:
        """Loads the plugins of every installed distribution and of the overlay folder.

        Parameters
        ----------
        safe : load none of the strangers' plugins.
        overlay : folder of installed third-party distributions, appended to ``sys.path`` after our own.
        disabled : names of plugins that are listed but not loaded.
        only : load nothing but these plugins and list no others; for worker processes.
        markers : where crashes during loading are noted and read.
        """
        if overlay is not None and overlay.is_dir() and str(overlay) not in sys.path:
            sys.path.append(str(overlay))
        importlib.invalidate_caches()
        crashed = markers.crashed() if markers is not None else frozenset()
        loading = _Loading(markers)
        for found in _entry_points():
            name = found.entry.name
            if only is not None and name not in only:
                continue
            if name in disabled:
                loading.leave_out(found, DISABLED, SWITCHED_OFF)
            elif safe and not found.ours:
                loading.leave_out(found, DISABLED, "started with --safe, which leaves out plugins of others")
            elif name in crashed:
                loading.leave_out(
                    found, FAILED, f"an earlier start died while loading it; 'plugins enable {name}' tries it again"
                )
            else:
                loading.load(found)
        for name in sorted(set(only or ()) - {entry.name for entry in loading.entries}):
            loading.entries.append(PluginEntry(name, "", "", ABSENT, "it is not installed"))
        return cls(loading.entries, {hook: tuple(parts) for hook, parts in loading.parts.items()}, overlay, safe)

    def parts(self, hook: str) -> tuple[Part, ...]:
        """Returns all usable parts of a hook, ours first."""
        return self._parts.get(hook, ())

    def solvers(self) -> tuple[Part, ...]:
        """Returns the solvers."""
        return self.parts("solvers")

    def formalisers(self) -> tuple[Part, ...]:
        """Returns the formalisers."""
        return self.parts("formalisers")

    def chat_models(self) -> tuple[Part, ...]:
        """Returns the language-model backends."""
        return self.parts("chat_models")

    def visualisers(self) -> tuple[Part, ...]:
        """Returns the makers of pictures."""
        return self.parts("visualisers")

    def kinds(self) -> tuple[Part, ...]:
        """Returns the kinds of formulation."""
        return self.parts("kinds")

    def importers(self) -> tuple[Part, ...]:
        """Returns the readers of file formats."""
        return self.parts("importers")

    def exporters(self) -> tuple[Part, ...]:
        """Returns the writers of file formats."""
        return self.parts("exporters")

    def steps(self) -> tuple[Part, ...]:
        """Returns the types of workflow steps."""
        return self.parts("steps")

    def decomposers(self) -> tuple[Part, ...]:
        """Returns the decomposers."""
        return self.parts("decomposers")

    def executors(self) -> tuple[Part, ...]:
        """Returns the places where workflow steps may run instead of this machine."""
        return self.parts("executors")

    def explainers(self) -> tuple[Part, ...]:
        """Returns the makers of explanations."""
        return self.parts("explainers")

    def examples(self) -> tuple[Part, ...]:
        """Returns the bundled problems."""
        return self.parts("examples")

    def find(self, hook: str, name: str) -> Part:
        """Returns the part of a hook by name.

        Raises
        ------
        InputError
            If there is none of that name; the nearest name is offered.
        """
        offered = {part.name: part for part in self.parts(hook)}
        if name in offered:
            return offered[name]
        word = hook.removesuffix("s").replace("_", " ")
        near = get_close_matches(name, offered, 1)
        hint = f"did you mean '{near[0]}'?" if near else "there are: " + (", ".join(sorted(offered)) or "none")
        raise InputError.at(f"there is no {word} '{name}'; {hint}", element=name)

    def solver(self, name: str) -> Any:
        """Returns the solver of that name; see `find`."""
        return self.find("solvers", name).part

    def kind(self, name: str) -> Any:
        """Returns the kind of formulation of that name; see `find`."""
        return self.find("kinds", name).part

    def entry(self, name: str) -> PluginEntry | None:
        """Returns what is known about the plugin of that name, or None."""
        return next((entry for entry in self.entries if entry.name == name), None)


class _Loading:
    """Gathers entries and parts while plugins load one by one."""

    def __init__(self, markers: CrashMarkers | None) -> None:
        self.entries: list[PluginEntry] = []
        self.parts: dict[str, list[Part]] = {hook: [] for hook in HOOKS}
        self._markers = markers

    def leave_out(self, found: _Found, state: str, cause: str) -> None:
        """Lists a plugin without loading it."""
        self._list(found, state, cause)

    def load(self, found: _Found) -> None:
        """Loads one plugin; whatever it does, short of killing the process, ends here."""
        if any(entry.name == found.entry.name for entry in self.entries):
            self._list(found, FAILED, f"another plugin is already called '{found.entry.name}'")
            return
        marker = self._markers.loading(found.entry.name) if self._markers is not None else nullcontext()
        with marker:
            try:
                offered, problems = _offers(found.entry)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, SystemExit too
                self._list(found, FAILED, sentence_of(error))
                return
            provides: dict[str, tuple[str, ...]] = {}
            for hook, part in offered:
                refused = self._accept(found.entry.name, hook, part)
                if refused:
                    problems.append(refused)
                else:
                    provides[hook] = (*provides.get(hook, ()), part.name)
        state = LOADED if provides or not problems else FAILED
        self._list(found, state, "; ".join(problems), provides)

    def _accept(self, plugin: str, hook: str, part: Any) -> str:
        """Takes a part in, or tells why not."""
        try:
            fault = fault_of(hook, part)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - reading a stranger's attributes may raise anything
            fault = sentence_of(error)
        if not fault:
            for other in self.parts[hook]:
                if other.name == part.name:
                    fault = f"'{part.name}' is already offered by plugin '{other.plugin}'"
        if fault:
            return f"{hook}: {fault}"
        self.parts[hook].append(Part(plugin, part))
        return ""

    def _list(
        self, found: _Found, state: str, cause: str = "", provides: dict[str, tuple[str, ...]] | None = None
    ) -> None:
        entry = PluginEntry(
            found.entry.name, found.distribution, found.version, state, cause, provides or {}, found.ours
        )
        self.entries.append(entry)


def plugin_names(overlay: Path | None = None) -> tuple[str, ...]:
    """Lists the plugins that are installed, in the overlay too, without importing any."""
    return tuple(found.entry.name for found in _entry_points([] if overlay is None else [str(overlay)]))


def _entry_points(beside: Collection[str] = ()) -> list[_Found]:
    """Finds the entry points of our group, ours first, then by name; a broken distribution is passed over."""
    found: dict[str, list[_Found]] = {}
    for distribution in distributions(path=[*sys.path, *(entry for entry in beside if entry not in sys.path)]):
        try:
            name = _name_of(distribution)
            if name in found:
                continue  # the first on the path is the one that Python imports
            entries = [entry for entry in distribution.entry_points if entry.group == GROUP]
            version = distribution.version if entries else ""
        except Exception:  # noqa: BLE001 - half-removed distributions raise many kinds of error
            continue
        found[name] = [_Found(entry, name, version or "") for entry in entries]
    flat = [each for group in found.values() for each in group]
    return sorted(flat, key=lambda each: (not each.ours, each.entry.name, each.distribution))


def _name_of(distribution: Distribution) -> str:
    return (distribution.name or "").lower().replace("_", "-")


def _offers(entry: EntryPoint) -> tuple[list[tuple[str, Any]], list[str]]:
    """Imports a plugin and calls each of its hooks; one failing hook does not silence the others."""
    plugin = entry.load()
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Specs)
    try:
        manager.register(plugin, entry.name)
    except pluggy.PluginValidationError as error:
        raise PluginError(str(error).splitlines()[-1]) from None
    problems = [f"'{name}' is not a hook{_nearest_hook(name)}" for name in _unknown_hooks(manager)]
    offered: list[tuple[str, Any]] = []
    for hook in HOOKS:
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            try:
                returned = implementation.function()
                if not isinstance(returned, Iterable) or isinstance(returned, str | bytes):
                    problems.append(f"{hook}: it returned no list")
                    continue
                offered += [(hook, part) for part in returned]
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - the other hooks of this plugin may still work
                problems.append(f"{hook}: {sentence_of(error)}")
    if not offered and not problems:
        problems.append("it implements none of our hooks")
    return offered, problems


def _unknown_hooks(manager: pluggy.PluginManager) -> list[str]:
    return sorted(
        name
        for name, caller in vars(manager.hook).items()
        if isinstance(caller, pluggy.HookCaller) and not caller.has_spec()
    )


def _nearest_hook(name: str) -> str:
    near = get_close_matches(name, HOOKS, 1)
    return f"; did you mean '{near[0]}'?" if near else ""
