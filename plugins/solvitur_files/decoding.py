"""Decodes a text file whose encoding nobody has told."""

from __future__ import annotations

import codecs
from pathlib import Path

from solvitur.api import Finding, InputError, Place, Severity

LARGEST = 1 << 30
"""Files beyond this many bytes are refused rather than read into memory whole."""


def decoded(path: Path, *, largest: int = LARGEST) -> tuple[str, tuple[Finding, ...]]:
    """Returns a file's text with line ends as ``\\n``, and what is to be said about its encoding.

    Raises
    ------
    InputError
        If the file is no text in UTF-8, UTF-16 with a mark, or Windows-1252, or too large.
    """
    place = Place(str(path))
    if path.stat().st_size > largest:
        raise InputError.at(f"the file is larger than {largest >> 20} MB; split it", place=place)
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return _lines(raw.decode("utf-16")), (_told("UTF-16", place),)
        except UnicodeDecodeError:
            raise InputError.at("the file says it is UTF-16 but is not; save it as UTF-8", place=place) from None
    if b"\0" in raw:
        raise InputError.at("the file is not text but binary data", place=place)
    try:
        return _lines(raw.decode("utf-8-sig")), ()
    except UnicodeDecodeError as error:
        bad = Place(str(path), raw.count(b"\n", 0, error.start) + 1)
    try:
        return _lines(raw.decode("cp1252")), (_told("Windows-1252 (it is not UTF-8)", bad),)
    except UnicodeDecodeError as error:
        text = f"byte {raw[error.start]:02x} is no character in UTF-8 or Windows-1252; save the file as UTF-8"
        raise InputError.at(text, place=Place(str(path), raw.count(b"\n", 0, error.start) + 1)) from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _told(encoding: str, place: Place) -> Finding:
    return Finding(Severity.INFO, f"the text was read as {encoding}", place=place)
