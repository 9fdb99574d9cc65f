"""Installing and removing: plan, stage, try in a worker process, swap. Until the swap nothing is changed."""

from __future__ import annotations

import shutil
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from solvitur.engine.folders import Folders
from solvitur.engine.installed import crash_markers, overlay_of, shipped_plugins
from solvitur.engine.plugins.overlay import Installed, Manifest
from solvitur.engine.plugins.pip_runs import Pip, PipFailed, Stopped, Tell, own_modules
from solvitur.engine.plugins.plans import (
    DOWNGRADED,
    KEPT,
    NEW,
    REINSTALLED,
    REMOVED,
    UPGRADED,
    PackageChange,
    Plan,
)
from solvitur.engine.plugins.resolving import Resolver, refuse_clashes
from solvitur.engine.plugins.switching import switch
from solvitur.engine.plugins.trial import Trial, try_plugin
from solvitur.engine.plugins.wheels import Source, Wheel
from solvitur.problem.errors import InputError, PluginError
from solvitur.problem.findings import Finding, Severity


@dataclass(frozen=True)
class Done:
    """What a change that was made has to say; ``restart`` names packages of which this program runs an old copy."""

    plugins: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    restart: tuple[str, ...] = ()


class TrialFailed(PluginError):
    """A plugin did not pass its trial; nothing was changed."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        errors = [finding.text for finding in trial.findings if finding.severity is Severity.ERROR]
        super().__init__(
            f"plugin '{trial.plugin}' did not pass its trial, so nothing was changed: {'; '.join(errors)}"
        )


class Installer:
    """Changes the user's overlay. ``cancel`` stops it at any moment; ``tell`` hears what is being done."""

    def __init__(self, folders: Folders, cancel: threading.Event, tell: Tell) -> None:
        self.folders = folders
        self.overlay = overlay_of(folders)
        self._cancel, self._tell = cancel, tell
        self._pip = Pip(cancel, tell)

    def plan_install(self, asked: str) -> Plan:
        """Works out what installing a wheel, a folder, an archive or a named package changes; changes nothing.

        Raises
        ------
        InputError
            If there is no such thing, or it cannot be read, or it is no plugin.
        PluginError
            If it does not go with what is there; `Stopped` if the user stopped it.
        """
        source = Source.of(asked)
        staging = self.overlay.stage()
        try:
            before = self.overlay.manifest
            resolver = Resolver(self.overlay, staging, self._pip)
            self._tell(f"Reading '{asked}'" if source.kind != "folder" else f"Building '{asked}'")
            wheel = resolver.own_wheel(source) if source.kind != "name" else None
            if wheel is not None:
                self._check_wheel(wheel, resolver.own)
            name = canonicalize_name(wheel.name if wheel else Requirement(source.text).name)
            if name in resolver.own:
                raise PluginError(
                    f"'{name}' {resolver.own[name]} is one of Solvitur's own packages, which no plugin may change"
                )
            self._tell("Working out what it needs")
            kept = Manifest(tuple(each for each in before.packages if canonicalize_name(each.name) != name))
            wheels = resolver.resolve(str(wheel.path) if wheel else source.text, kept, wheel=wheel)
            self._check_set(wheels, resolver.own)
            chosen = next((each for each in wheels if each.key == name), None)
            if chosen is None:
                raise PluginError(f"'{asked}' is already part of Solvitur's own environment")
            self._check_wheel(chosen, resolver.own)
            asked_for = {each.key for each in before.packages if each.asked} | {name}
            return Plan(
                "install", asked, chosen.plugins, _changes(before, wheels, name), _manifest(wheels, asked_for),
                staging, self.overlay.folder, chosen.plugins,
            )  # fmt: skip
        except BaseException:
            staging.remove()
            raise

    def plan_remove(self, asked: str) -> Plan:
        """Works out what removing a plugin, with what only it needed, changes; changes nothing.

        Raises
        ------
        InputError
            If no such plugin was installed.
        PluginError
            If it cannot be worked out; `Stopped` if the user stopped it.
        """
        before = self.overlay.manifest
        going = before.package(asked)
        if going is None or not going.asked:
            raise InputError.at(self._why_not_removable(asked, going), element=asked)
        staging = self.overlay.stage()
        try:
            resolver = Resolver(self.overlay, staging, self._pip)
            kept = Manifest(tuple(each for each in before.packages if each != going))
            try:
                wheels = resolver.resolve("", kept, wheel=None)
            except PluginError as error:
                if isinstance(error, Stopped):
                    raise
                # What stays no longer goes with our own packages: leave it, removing must always work.
                wheels = resolver.kept(kept.packages)
            asked_for = {each.key for each in kept.packages if each.asked}
            return Plan(
                "remove", asked, going.plugins, _changes(before, wheels, ""), _manifest(wheels, asked_for), staging,
                self.overlay.folder,
            )  # fmt: skip
        except BaseException:
            staging.remove()
            raise

    def try_out(self, plan: Plan) -> tuple[Trial, ...]:
        """Stages a plan and tries its plugins in a worker process; changes nothing.

        Raises
        ------
        PluginError
            If it cannot be staged; `Stopped` if the user stopped it.
        """
        self._stage(plan)
        return tuple(try_plugin(name, plan.staging.packages, self._cancel, self._tell) for name in plan.tried)

    def carry_out(self, plan: Plan) -> Done:
        """Makes the change: stages, tries, swaps. Whatever fails before the swap leaves everything as it was.

        Raises
        ------
        TrialFailed
            If a plugin that comes does not pass its trial.
        PluginError
            If another program is changing plugins or has changed them; `Stopped` if the user stopped it.
        """
        try:
            with self.overlay.changing():
                if self.overlay.folder != plan.base:
                    raise PluginError(
                        "the installed plugins were changed meanwhile; look at what will change once more"
                    )
                trials = self.try_out(plan)
                for trial in trials:
                    if not trial.passed:
                        raise TrialFailed(trial)
                if self._cancel.is_set():
                    raise Stopped("you stopped it; nothing was changed")
                self._tell("Putting it in place")
                restart = _still_imported(plan, plan.base)
                self.overlay.adopt(plan.staging, plan.manifest)
                self._forget_switches(plan)
                self.overlay.tidy()
            return Done(plan.plugins, tuple(f for trial in trials for f in trial.findings), restart)
        except OSError as error:
            raise PluginError(f"'{error.filename}' could not be written: {error.strerror}") from None
        finally:
            self.drop(plan)

    def drop(self, plan: Plan) -> None:
        """Drops a plan that will not be carried out, with all that was fetched for it."""
        plan.staging.remove()

    def _stage(self, plan: Plan) -> None:
        wheels = [self._wheel_file(plan, package) for package in plan.manifest.packages]
        shutil.rmtree(plan.staging.packages, ignore_errors=True)
        plan.staging.packages.mkdir()
        if not wheels:
            return
        self._tell("Unpacking " + ", ".join(package.name for package in plan.manifest.packages))
        try:
            self._pip.run(
                "install", "--no-deps", "--no-index", "--no-user", "--no-warn-conflicts", "--target",
                str(plan.staging.packages), *map(str, wheels),
            )  # fmt: skip
        except PipFailed as error:
            raise PluginError(f"it could not be unpacked: {error}") from None

    def _wheel_file(self, plan: Plan, package: Installed) -> Path:
        for folder in (plan.staging.wheels, self.overlay.wheels):
            if (folder / package.wheel).is_file():
                return folder / package.wheel
        raise PluginError(f"the wheel of '{package.name}' is gone; install '{package.name}' once more")

    def _check_wheel(self, wheel: Wheel, own: dict[str, str]) -> None:
        if not wheel.plugins:
            raise InputError.at(
                f"'{wheel.name}' {wheel.version} is no plugin: it has no entry point of the group 'solvitur'",
                element=wheel.name,
            )
        refuse_clashes(wheel, own)

    def _check_set(self, wheels: tuple[Wheel, ...], own: dict[str, str]) -> None:
        """Refuses a set that clashes with what is the application's own, or in itself."""
        modules = own_modules(self.overlay.root)
        brought = dict.fromkeys(shipped_plugins(), "Solvitur")
        for wheel in wheels:
            if wheel.key in own:
                raise PluginError(
                    f"it would bring '{wheel.name}' {wheel.version}, but Solvitur runs with its own "
                    f"{wheel.name} {own[wheel.key]}, which no plugin may change"
                )
            hidden = sorted(wheel.modules & modules.keys())
            if hidden:
                raise PluginError(
                    f"'{wheel.name}' brings a module '{hidden[0]}', which belongs to '{modules[hidden[0]]}' "
                    "of Solvitur's own packages"
                )
            for plugin in wheel.plugins:
                if plugin in brought:
                    raise PluginError(
                        f"plugin '{plugin}' of '{wheel.name}' is already brought by '{brought[plugin]}'"
                    )
                brought[plugin] = wheel.name

    def _why_not_removable(self, asked: str, found: Installed | None) -> str:
        if asked in shipped_plugins():
            return f"'{asked}' ships with Solvitur and cannot be removed; 'plugins disable {asked}' switches it off"
        if found is not None:
            return f"'{found.name}' is there because plugins need it; it goes with the last of them"
        there = [name for each in self.overlay.manifest.packages if each.asked for name in each.plugins]
        return f"no plugin '{asked}' was installed; " + (
            f"there are: {', '.join(there)}" if there else "there is none"
        )

    def _forget_switches(self, plan: Plan) -> None:
        """What comes is switched on, and nothing is remembered against it; what goes leaves no traces."""
        for name in plan.plugins:
            switch(self.folders, name, on=True)
            crash_markers(self.folders).forgive(name)


def _manifest(wheels: tuple[Wheel, ...], asked: set[str]) -> Manifest:
    return Manifest(
        tuple(
            Installed(wheel.name, wheel.version, wheel.path.name, wheel.key in asked, wheel.plugins)
            for wheel in sorted(wheels, key=lambda each: each.key)
        )
    )


def _changes(before: Manifest, wheels: tuple[Wheel, ...], chosen: str) -> tuple[PackageChange, ...]:
    """Compares a set with the one in use; what was chosen comes first."""
    had: dict[str, Installed] = {canonicalize_name(each.name): each for each in before.packages}
    changes = []
    for wheel in sorted(wheels, key=lambda each: (each.key != chosen, each.key)):
        old = had.pop(wheel.key, None)
        change = _kind_of_change(old, wheel, chosen)
        if change != KEPT:
            changes.append(
                PackageChange(
                    wheel.name,
                    change,
                    wheel.version,
                    old.version if old else "",
                    wheel.size_bytes,
                    wheel.licence,
                    wheel.summary,
                    wheel.plugins,
                )
            )
    gone = [PackageChange(old.name, REMOVED, "", old.version, plugins=old.plugins) for old in had.values()]
    return (*changes, *sorted(gone, key=lambda each: each.name))


def _kind_of_change(old: Installed | None, wheel: Wheel, chosen: str) -> str:
    if old is None:
        return NEW
    if old.version == wheel.version:
        return REINSTALLED if wheel.key == chosen else KEPT
    try:
        return UPGRADED if Version(wheel.version) > Version(old.version) else DOWNGRADED
    except InvalidVersion:
        return UPGRADED


def _still_imported(plan: Plan, base: Path) -> tuple[str, ...]:
    """Names the packages that change while this program has modules of them imported."""
    imported = {
        name.split(".")[0]
        for name, module in tuple(sys.modules.items())
        if str(getattr(module, "__file__", "") or "").startswith(str(base))
    }
    if not imported:
        return ()
    names = []
    for change in plan.changes:
        if change.before and change.version and any(_belongs(base, change.name, module) for module in imported):
            names.append(change.name)
    return tuple(names)


def _belongs(base: Path, package: str, module: str) -> bool:
    """Tells whether a package of a set put a module there, by the record of its files."""
    wanted = canonicalize_name(package)
    for info in base.glob("*.dist-info"):
        if canonicalize_name(info.name.split("-")[0]) == wanted:
            try:
                record = (info / "RECORD").read_text(encoding="utf-8")
            except OSError:
                return False
            return any(line.startswith((f"{module}/", f"{module}.py")) for line in record.splitlines())
    return False
