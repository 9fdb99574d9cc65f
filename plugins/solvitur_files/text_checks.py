"""Looks a text file over before a native reader gets it: encoding, emptiness, endless lines. Bounded in memory."""

from __future__ import annotations

import codecs
from pathlib import Path

from solvitur.api import InputError, Place

_CHUNK = 1 << 20
LONGEST_LINE = 8 << 20
"""Lines beyond this many bytes are refused: no model needs them, and readers would hold them whole."""


def refuse_endless_lines(path: Path, shown: str) -> None:
    """Refuses a file with a line that is too long to be meant, without holding it.

    Raises
    ------
    InputError
        With the line and what to do.
    """
    line, current = 1, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            line, current = _counted(chunk, line, current, shown)


def _counted(chunk: bytes, line: int, current: int, shown: str) -> tuple[int, int]:
    """Returns the line that a chunk ends in and that line's length so far."""
    breaks = chunk.count(b"\n")
    current = current + len(chunk) if not breaks else len(chunk) - chunk.rfind(b"\n") - 1
    if current > LONGEST_LINE:
        text = f"this line is longer than {LONGEST_LINE >> 20} MB; break it into several lines"
        raise InputError.at(text, place=Place(shown, line + breaks))
    return line + breaks, current


def look_over(path: Path, shown: str) -> None:
    """Refuses a file that is empty, not UTF-8 text, or has a line that is too long to be meant.

    Raises
    ------
    InputError
        With the line and what to do.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, current, total = 1, 0, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not total:
                _refuse_wide(chunk, shown)
            if not chunk.isascii() or decoder.getstate()[0]:
                _refuse_undecodable(decoder, chunk, line, shown)
            line, current = _counted(chunk, line, current, shown)
            total += len(chunk)
    if not total:
        raise InputError.at("the file is empty", place=Place(shown))
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise InputError.at(
            "the last character is incomplete; the file may be truncated", place=Place(shown, line)
        ) from None


def _refuse_wide(head: bytes, shown: str) -> None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head[:4096]:
        wide = (
            head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            or head[:4096].count(b"\0") > len(head[:4096]) // 3
        )
        text = "the file is UTF-16; save it as UTF-8" if wide else "the file is not text but binary data"
        raise InputError.at(text, place=Place(shown, 1))


def _refuse_undecodable(decoder: codecs.IncrementalDecoder, chunk: bytes, line: int, shown: str) -> None:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError as error:
        at = max(0, error.start)
        raw = error.object[at : at + 1]
        line += error.object.count(b"\n", 0, at)
        guess = raw.decode("latin-1")
        text = f"byte {raw.hex()} is not UTF-8 (in Latin-1 it would be '{guess}'); save the file as UTF-8"
        raise InputError.at(text, place=Place(shown, line)) from None
