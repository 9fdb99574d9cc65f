"""Opens MPS and LP files, plain or gzipped."""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvitur.api import Finding, Formulation, Imported, InputError, MatrixInstance, Place, Problem
from solvitur_files.lp_reader import read_lp
from solvitur_files.text_checks import look_over

_CHUNK = 1 << 20
_MPS_HEAD = re.compile(rb"^(NAME|ROWS|OBJSENSE|OBJNAME)\b", re.MULTILINE | re.IGNORECASE)
_LP_HEAD = re.compile(rb"^\s*(?:\\[^\n]*\n\s*)*(min|max)", re.IGNORECASE)


class MpsFile:
    """Reads MPS files, free or fixed, plain or gzipped."""

    name, title = "mps", "MPS model"
    suffixes: tuple[str, ...] = (".mps", ".mps.gz")

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by suffix, else by the first section."""
        if path.name.lower().endswith(self.suffixes):
            return 1.0
        return 0.6 if _MPS_HEAD.search(head) and b"ROWS" in head else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the model.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        return _read(path, ".mps")


class LpFile:
    """Reads LP files (the CPLEX format)."""

    name, title = "lp", "LP model"
    suffixes: tuple[str, ...] = (".lp", ".lp.gz")

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by suffix, else by the objective's keyword."""
        if path.name.lower().endswith(self.suffixes):
            return 1.0
        return 0.4 if _LP_HEAD.match(head) else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the model.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        return _read(path, ".lp")


def _read(path: Path, suffix: str) -> Imported:
    with tempfile.TemporaryDirectory(prefix="solvitur-") as folder:
        plain = path
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
        if zipped or path.suffix.lower() == ".gz":
            plain = Path(folder) / f"model{suffix}"
            _unzip(path, plain)
        elif path.suffix != suffix:  # HiGHS goes by the letters of the suffix
            plain = Path(folder) / f"model{suffix}"
            shutil.copyfile(path, plain)
        instance, findings = _instance(plain, str(path), suffix)
    name = path.name
    for ending in (".gz", suffix):
        name = name[: -len(ending)] if name.lower().endswith(ending) else name
    problem = Problem(name=name, formulation=Formulation("matrix", content=instance, source=str(path)))
    return Imported(problem, findings=findings)


def _instance(plain: Path, shown: str, suffix: str) -> tuple[MatrixInstance, tuple[Finding, ...]]:
    if suffix == ".lp":
        look_over(plain, shown)
        return read_lp(plain, shown)
    from solvitur_files.highs_reader import read_mps  # noqa: PLC0415  highspy is heavy; loaded when a model is read

    return read_mps(plain, shown)


def _unzip(path: Path, target: Path) -> None:
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as plain:
            while chunk := packed.read(_CHUNK):
                plain.write(chunk)
    except EOFError:
        text = "the compressed file breaks off before its end; it may be truncated, so fetch or copy it again"
        raise InputError.at(text, place=Place(str(path))) from None
    except (gzip.BadGzipFile, zlib.error):
        text = "this is no intact gzip file; fetch it again, or give the file without compression"
        raise InputError.at(text, place=Place(str(path))) from None
