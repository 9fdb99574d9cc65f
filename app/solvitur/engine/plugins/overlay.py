"""The overlay: sets of third-party packages beside the application's own, one of them in use."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from solvitur.engine.project.claims import Claim
from solvitur.problem.errors import PluginError

_POINTER, _MANIFEST, _FIRST = "current", "manifest.json", "set-0"
_LEASE_ATTEMPTS = 20


@dataclass(frozen=True)
class Installed:
    """One package of a set; ``asked`` when the user asked for it, else others need it. ``plugins`` it brings."""

    name: str
    version: str
    wheel: str
    asked: bool = False
    plugins: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name in the one spelling that is compared."""
        return canonicalize_name(self.name)


@dataclass(frozen=True)
class Manifest:
    """What a set holds."""

    packages: tuple[Installed, ...] = ()

    def package(self, name: str) -> Installed | None:
        """Finds a package by its own name or by that of a plugin that it brings."""
        wanted = canonicalize_name(name)
        found = [each for each in self.packages if each.key == wanted or name in each.plugins]
        return found[0] if found else None

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Reads the manifest of a set; one that is not there, or was not written by us, is empty."""
        try:
            stored: Any = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            packages = tuple(Installed(**{**each, "plugins": tuple(each["plugins"])}) for each in stored["packages"])
        except (OSError, ValueError, KeyError, TypeError):
            return cls()
        return cls(packages)

    def write(self, folder: Path) -> None:
        """Writes the manifest into a set."""
        text = json.dumps({"packages": [asdict(each) for each in self.packages]}, indent=2)
        (folder / _MANIFEST).write_text(text + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Staging:
    """A folder to work in; another process removes it only when ours is gone."""

    folder: Path
    claim: Claim

    @property
    def wheels(self) -> Path:
        """The folder of wheels that were built or fetched for the change."""
        return self.folder / "wheels"

    @property
    def packages(self) -> Path:
        """The folder that becomes the new set."""
        return self.folder / "set"

    def remove(self) -> None:
        """Removes the folder and all in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.claim.release()


class Overlay:
    """The sets under one folder. The set in use is named by a small file, which is replaced in one step.

    A set is never changed once it is in use: every change makes another. A set that a running program still imports
    from is kept until that program ends.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def wheels(self) -> Path:
        """The wheels of all packages of the set in use, from which the next set can be made without a network."""
        return self.root / "wheels"

    @property
    def folder(self) -> Path:
        """The set in use; it need not be there yet."""
        try:
            name = (self.root / _POINTER).read_text(encoding="utf-8").strip()
        except OSError:
            name = _FIRST
        return self.root / (name or _FIRST)

    @property
    def manifest(self) -> Manifest:
        """What the set in use holds."""
        return Manifest.read(self.folder)

    def lend(self) -> Path:
        """Returns the set in use, kept for this process until it ends, and makes others unimportable."""
        folder = self.folder
        if str(folder) not in sys.path:
            for _ in range(_LEASE_ATTEMPTS):
                if not folder.is_dir() or (_lease(self._lease_file(folder)) and folder == self.folder):
                    break
                folder = self.folder
        own = str(self.root) + os.sep
        sys.path[:] = [entry for entry in sys.path if not entry.startswith(own) or entry == str(folder)]
        return folder

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Keeps every other process from changing the overlay meanwhile.

        Raises
        ------
        PluginError
            If one is at it.
        """
        lock = self.root / "change.lock"
        try:
            claim = Claim.take(lock)
        except OSError as error:
            raise PluginError(f"the folder of plugins '{self.root}' cannot be written: {error.strerror}") from None
        if claim is None:
            raise PluginError(
                f"another Solvitur ({Claim.owner(lock)}) is installing or removing plugins; try again when it is done"
            )
        try:
            yield
        finally:
            claim.release()

    def stage(self) -> Staging:
        """Makes a folder to work in.

        Raises
        ------
        PluginError
            If nothing can be written there.
        """
        name = f"staging-{uuid.uuid4().hex[:12]}"
        try:
            claim = Claim.take(self.root / f"{name}.lock")
            if claim is None:
                raise PluginError("no folder to work in could be made; try again")
            staging = Staging(self.root / name, claim)
            staging.wheels.mkdir(parents=True)
            staging.packages.mkdir()
        except OSError as error:
            raise PluginError(f"the folder of plugins '{self.root}' cannot be written: {error.strerror}") from None
        return staging

    def adopt(self, staging: Staging, manifest: Manifest) -> Path:
        """Puts a staged set in use, in one step that either happens or does not; returns its folder."""
        self.wheels.mkdir(exist_ok=True)
        for package in manifest.packages:
            fetched, kept = staging.wheels / package.wheel, self.wheels / package.wheel
            if fetched.exists():
                part = kept.with_name(f"{kept.name}.{uuid.uuid4().hex[:8]}.part")
                shutil.copyfile(fetched, part)
                part.replace(kept)
        manifest.write(staging.packages)
        folder = self.root / f"set-{uuid.uuid4().hex[:12]}"
        staging.packages.rename(folder)
        pointer = self.root / f"{_POINTER}.{uuid.uuid4().hex[:8]}.part"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(folder.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.root / _POINTER)
        return folder

    def tidy(self) -> None:
        """Removes the sets, staging folders and wheels that nobody uses any more. Call while `changing`."""
        current = self.folder
        for path in self.root.glob("set-*"):
            if path != current:
                _remove_unless_claimed(path, self._lease_file(path))
        for path in self.root.glob("staging-*"):
            if path.is_dir():
                _remove_unless_claimed(path, path.with_suffix(".lock"))
        for path in self.root.glob("*.part"):
            path.unlink(missing_ok=True)
        named = {package.wheel for package in Manifest.read(current).packages}
        for path in self.wheels.glob("*"):
            if path.name not in named:
                path.unlink(missing_ok=True)

    def _lease_file(self, folder: Path) -> Path:
        return self.root / "leases" / folder.name


def _remove_unless_claimed(folder: Path, lock: Path) -> None:
    claim = Claim.take(lock)
    if claim is not None:
        shutil.rmtree(folder, ignore_errors=True)
        claim.release()


def _lease(path: Path) -> bool:
    """Shares a lock file with all who use a set. The system closes its handle when this process ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if sys.platform != "win32":  # there an open file cannot be removed, which is lock enough
            import fcntl  # noqa: PLC0415 - exists on POSIX only

            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
