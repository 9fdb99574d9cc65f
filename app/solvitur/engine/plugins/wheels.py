"""Wheels and what was asked for, read before anything is installed."""

from __future__ import annotations

import configparser
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from solvitur.hooks.specs import GROUP
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place

_LONGEST_LICENCE = 60
_SDISTS = (".tar.gz", ".zip")


@dataclass(frozen=True)
class Source:
    """What the user asked to install: ``kind`` is ``wheel``, ``folder``, ``archive`` or ``name``."""

    kind: str
    text: str
    path: Path = Path()

    @classmethod
    def of(cls, text: str) -> Source:
        """Tells what a text names.

        Raises
        ------
        InputError
            If it is neither a file or folder that can be installed nor the name of a package.
        """
        text = text.strip()
        path = Path(text).expanduser()
        written_as_path = any(sign in text for sign in "/\\~") and "@" not in text
        if text.lower().endswith((".whl", *_SDISTS)) or written_as_path or _is_project(path):
            return cls._of_path(text, path.absolute())
        try:
            Requirement(text)
        except InvalidRequirement:
            raise InputError.at(
                f"'{text}' is neither a file nor the name of a package; expected a wheel (.whl), "
                "a folder with a pyproject.toml, or a name such as 'solvitur-tabu' or 'solvitur-tabu==1.2'"
            ) from None
        return cls("name", text)

    @classmethod
    def _of_path(cls, text: str, path: Path) -> Source:
        place = Place(str(path))
        if not path.exists():
            raise InputError.at("there is no such file or folder", place=place)
        if path.is_dir():
            if not (path / "pyproject.toml").is_file():
                raise InputError.at("this folder has no pyproject.toml, so it is no package", place=place)
            return cls("folder", text, path)
        if path.suffix.lower() == ".whl":
            return cls("wheel", text, path)
        if path.name.lower().endswith(_SDISTS):
            return cls("archive", text, path)
        raise InputError.at(
            "this is neither a wheel (.whl), nor a source archive (.tar.gz), nor a folder with a pyproject.toml",
            place=place,
        )


def _is_project(path: Path) -> bool:
    return path.is_file() or (path / "pyproject.toml").is_file()


@dataclass(frozen=True)
class Wheel:
    """What a wheel says of itself. ``plugins`` are its entry points of our group, ``modules`` what it puts on top."""

    path: Path
    name: str
    version: str
    licence: str
    summary: str
    requires: tuple[str, ...]
    plugins: tuple[str, ...]
    modules: frozenset[str]

    @property
    def size_bytes(self) -> int:
        """The size of the file."""
        return self.path.stat().st_size

    @classmethod
    def read(cls, path: Path) -> Wheel:
        """Reads a wheel.

        Raises
        ------
        InputError
            If it is none, or damaged.
        """
        try:
            name, version, _, _ = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            raise InputError.at(
                "this is not the name of a wheel; expected NAME-VERSION-py3-none-any.whl or alike; "
                "a wheel must keep the name it was built with",
                place=Place(str(path)),
            ) from None
        try:
            with zipfile.ZipFile(path) as archive:
                if (bad := archive.testzip()) is not None:
                    raise zipfile.BadZipFile(f"'{bad}' in it is damaged")
                return cls._read(path, archive, str(version))
        except (zipfile.BadZipFile, KeyError, StopIteration, UnicodeDecodeError, EOFError) as error:
            why = str(error).strip("\"' ") or "it has no metadata"
            raise InputError.at(f"this is not a wheel, or it is damaged: {why}", place=Place(str(path))) from None
        except configparser.Error as error:
            why = str(error).splitlines()[0]
            raise InputError.at(
                f"the entry points of '{name}' cannot be read: {why}", place=Place(str(path))
            ) from None
        except OSError as error:
            raise InputError.at(f"it cannot be read: {error.strerror}", place=Place(str(path))) from None

    @classmethod
    def _read(cls, path: Path, archive: zipfile.ZipFile, version: str) -> Wheel:
        files = archive.namelist()
        info = next(PurePosixPath(file).parts[0] for file in files if file.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(archive.read(f"{info}/METADATA").decode("utf-8"))
        tops = {PurePosixPath(file).parts[0] for file in files if not file.endswith("/")}
        return cls(
            path,
            str(said["Name"] or PurePosixPath(info).name.split("-")[0]),
            str(said["Version"] or version),
            licence_of(said),
            str(said["Summary"] or ""),
            tuple(str(each) for each in said.get_all("Requires-Dist") or ()),
            _plugins_of(archive, f"{info}/entry_points.txt"),
            frozenset(top.split(".")[0] for top in tops if not top.endswith((".dist-info", ".data", ".pth"))),
        )

    @property
    def key(self) -> str:
        """The name in the one spelling that is compared."""
        return canonicalize_name(self.name)


def licence_of(said: Message) -> str:
    """Returns a package's licence in few words; empty when its metadata name none."""
    if said["License-Expression"]:
        return str(said["License-Expression"])
    classified = [
        str(each).split("::")[-1].strip() for each in said.get_all("Classifier") or () if "License" in str(each)
    ]
    if classified:
        return ", ".join(classified)
    first = str(said["License"] or "").strip().splitlines()
    return first[0][:_LONGEST_LICENCE] if first else ""


def _plugins_of(archive: zipfile.ZipFile, file: str) -> tuple[str, ...]:
    if file not in archive.namelist():
        return ()
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # entry points are told apart by case
    parser.read_string(archive.read(file).decode("utf-8"))
    return tuple(parser[GROUP]) if parser.has_section(GROUP) else ()
