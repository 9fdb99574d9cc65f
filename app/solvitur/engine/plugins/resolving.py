"""Resolution: which packages a set must hold, found by a dry run of pip that may not touch what is our own."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from solvitur.engine.plugins.overlay import Installed, Manifest, Overlay, Staging
from solvitur.engine.plugins.pip_runs import UNREACHED, Pip, PipFailed, own_versions
from solvitur.engine.plugins.wheels import Source, Wheel
from solvitur.problem.errors import InputError, PluginError
from solvitur.problem.findings import Place

_PATIENCE = ("--retries", "1", "--timeout", "15")
_NOT_FOUND = ("No matching distribution found for", "Could not find a version")


@dataclass(frozen=True)
class _Pin:
    name: str
    version: str


class Resolver:
    """Finds and fetches the wheels of a set into a staging folder."""

    def __init__(self, overlay: Overlay, staging: Staging, pip: Pip) -> None:
        self._overlay, self._staging, self._pip = overlay, staging, pip
        self.own = own_versions(overlay.root)
        self._constraints = staging.folder / "constraints.txt"

    def own_wheel(self, source: Source) -> Wheel:
        """Reads a wheel, or builds the one of a folder or a source archive; it lies in the staging folder then.

        Raises
        ------
        InputError
            If it is no wheel or damaged.
        PluginError
            If it cannot be built.
        """
        if source.kind == "wheel":
            Wheel.read(source.path)  # one that is damaged is refused by the name the user gave
            copied = self._staging.wheels / source.path.name
            shutil.copyfile(source.path, copied)
            return Wheel.read(copied)
        before = set(self._staging.wheels.iterdir())
        here = ["--no-build-isolation", "--no-index"] if _can_build_here(source) else [*_PATIENCE]
        try:
            self._pip.run("wheel", "--no-deps", *here, "-w", str(self._staging.wheels), str(source.path))
        except PipFailed as error:
            raise PluginError(f"'{source.text}' could not be built: {error}") from None
        built = [path for path in self._staging.wheels.iterdir() if path not in before]
        if len(built) != 1:
            raise PluginError(
                f"'{source.text}' could not be built: it made {len(built)} wheels where one is expected"
            )
        return Wheel.read(built[0])

    def resolve(self, wanted: str, kept: Manifest, *, wheel: Wheel | None) -> tuple[Wheel, ...]:
        """Returns the wheels of a whole set: what is kept, what is wanted, and all that they need beside our own.

        Versions that are there stay unless the wanted one needs others. What needs no network uses none.
        """
        asked = [f"{each.name}=={each.version}" for each in kept.packages if each.asked]
        stay = {each.name: each.version for each in kept.packages if not each.asked}
        attempts = (
            [(stay, True), (stay, False), ({}, False)]
            if wheel is not None or not wanted
            else [(stay, False), ({}, False)]
        )
        failure: PipFailed | None = None
        for pins, offline in attempts:
            try:
                return self._fetch(self._dry_run(wanted, asked, pins, offline=offline), offline=offline)
            except PipFailed as error:
                failure = error
                if not wanted or UNREACHED in str(error):  # a removal needs nothing that is not here
                    break
        assert failure is not None
        raise self._refusal(failure, wanted, wheel)

    def kept(self, packages: tuple[Installed, ...]) -> tuple[Wheel, ...]:
        """Returns the wheels of packages as they are, without asking what they need."""
        return tuple(Wheel.read(self._overlay.wheels / each.wheel) for each in packages)

    def _dry_run(self, wanted: str, asked: list[str], pins: dict[str, str], *, offline: bool) -> list[_Pin]:
        bound = {**pins, **self.own}
        self._constraints.write_text("".join(f"{n}=={v}\n" for n, v in sorted(bound.items())), encoding="utf-8")
        report = self._staging.folder / "report.json"
        report.unlink(missing_ok=True)
        requirements = [*asked, *([wanted] if wanted else [])]
        if not requirements:
            return []
        self._pip.run(
            "install", "--dry-run", "--no-user", "--report", str(report), "-c", str(self._constraints),
            *self._places(offline=offline), *requirements,
        )  # fmt: skip
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
        return [_Pin(canonicalize_name(each["metadata"]["name"]), each["metadata"]["version"]) for each in found]

    def _fetch(self, pins: list[_Pin], *, offline: bool) -> tuple[Wheel, ...]:
        """Fetches the wheels of packages that are not here yet."""
        here = self._here()
        missing = [f"{pin.name}=={pin.version}" for pin in pins if pin not in here]
        if missing:
            places = self._places(offline=offline)
            self._pip.run("wheel", "--no-deps", "-w", str(self._staging.wheels), *places, *missing)
            here = self._here()
        absent = [pin.name for pin in pins if pin not in here]
        if absent:
            raise PluginError(f"package '{absent[0]}' could not be fetched")
        return tuple(here[pin] for pin in pins)

    def _here(self) -> dict[_Pin, Wheel]:
        found: dict[_Pin, Wheel] = {}
        named = {each.wheel for each in self._overlay.manifest.packages}
        kept = [path for path in self._overlay.wheels.glob("*.whl") if path.name in named]
        for path in (*kept, *self._staging.wheels.glob("*.whl")):  # what was just given comes before what was kept
            wheel = Wheel.read(path)
            found[_Pin(wheel.key, wheel.version)] = wheel
        return found

    def _places(self, *, offline: bool) -> list[str]:
        links = [
            f"--find-links={folder}" for folder in (self._staging.wheels, self._overlay.wheels) if folder.is_dir()
        ]
        return [*links, "--prefer-binary", *(["--no-index"] if offline else _PATIENCE)]

    def _refusal(self, failure: PipFailed, wanted: str, wheel: Wheel | None) -> Exception:
        if wheel is None and any(sign in failure.output for sign in _NOT_FOUND):
            reached = UNREACHED not in str(failure)
            return InputError.at(
                f"no package '{wanted}' that fits here was found"
                + ("" if reached else ": the package index could not be reached")
                + "; check the name, or give a wheel file or a folder",
                element=wanted,
            )
        return PluginError(f"'{wheel.name if wheel is not None else wanted}': {failure}")


def refuse_clashes(wheel: Wheel, own: dict[str, str]) -> None:
    """Refuses a package that needs another version of one of the application's own.

    Raises
    ------
    PluginError
        Naming both versions.
    """
    for text in wheel.requires:
        try:
            needed = Requirement(text)
            holds = needed.marker is None or needed.marker.evaluate({"extra": ""})
        except (InvalidRequirement, UndefinedEnvironmentName):
            raise PluginError(f"'{wheel.name}' asks for '{text}', which cannot be read") from None
        have = own.get(canonicalize_name(needed.name))
        if holds and have is not None and not needed.specifier.contains(have, prereleases=True):
            raise PluginError(
                f"'{wheel.name}' needs {needed.name}{needed.specifier}, but Solvitur runs with {needed.name} {have}, "
                "which no plugin may change; ask for a version of the plugin that goes with it"
            )


def _can_build_here(source: Source) -> bool:
    """Tells whether all that is needed to build a folder is installed, so that nothing must be downloaded."""
    if source.kind != "folder":
        return False
    try:
        project = tomllib.loads((source.path / "pyproject.toml").read_text(encoding="utf-8"))
        needed = [Requirement(each) for each in project.get("build-system", {}).get("requires", ["setuptools"])]
        return all(each.specifier.contains(version(each.name), prereleases=True) for each in needed)
    except PackageNotFoundError:
        return False
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError.at(f"it cannot be read: {error}", place=Place(str(source.path / "pyproject.toml"))) from None
