"""Reads standard scheduling files: whole numbers by line, with errors that name file and line."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from solvitur.api import InputError, Place

_WORD = re.compile(r"[^\s,;]+")
_MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Line:
    """One line that holds something: its number in the file, and its words."""

    number: int
    words: tuple[str, ...]


def fail(path: Path, text: str, line: int = 0) -> InputError:
    """Makes an error that names file and line."""
    return InputError.at(text, place=Place(str(path), line))


def text_of(path: Path) -> str:
    """Reads a text file, gzipped or not.

    Raises
    ------
    InputError
        If it cannot be read, is no text, or is far too large.
    """
    try:
        if path.name.endswith(".gz"):
            with gzip.open(path, "rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
        else:
            with path.open("rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
    except (OSError, EOFError) as error:
        raise fail(path, f"the file cannot be read: {error}") from None
    if len(data) > _MOST_BYTES:
        raise fail(path, f"the file is larger than {_MOST_BYTES // 1_000_000} MB, too large for a schedule")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def lines_of(text: str) -> list[Line]:
    """Splits a text into lines of words; blank lines and those that begin with # are left out."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = tuple(_WORD.findall(line))
        if words and not words[0].startswith("#"):
            found.append(Line(number, words))
    return found


class Numbers:
    """The numbers of some lines, read one after the other."""

    def __init__(self, path: Path, lines: list[Line]) -> None:
        self._path = path
        self._words = [(word, line.number) for line in lines for word in line.words]
        self._at = 0

    @property
    def left(self) -> int:
        """How many words are left."""
        return len(self._words) - self._at

    @property
    def line(self) -> int:
        """The line of the next word, or of the last."""
        return self._words[min(self._at, len(self._words) - 1)][1] if self._words else 0

    def number(self, what: str, lowest: float = 0) -> float:
        """Reads the next number.

        Raises
        ------
        InputError
            If there is none, it is no number, or less than the lowest.
        """
        if not self.left:
            raise fail(self._path, f"the file ends where {what} is expected", self.line)
        word, line = self._words[self._at]
        self._at += 1
        try:
            value = float(word)
        except ValueError:
            raise fail(self._path, f"'{word}' stands where {what} is expected", line) from None
        if not value >= lowest or value >= 1e12:
            raise fail(self._path, f"{what} is {word}, expected at least {lowest:g}", line)
        return value

    def whole(self, what: str, lowest: int = 0, highest: float = 1e9) -> int:
        """Reads the next whole number.

        Raises
        ------
        InputError
            If there is none, it is not whole, or lies outside what is allowed.
        """
        line = self.line
        value = self.number(what, lowest)
        if not value.is_integer():
            raise fail(self._path, f"{what} is {value:g}, expected a whole number", line)
        if value > highest:
            raise fail(self._path, f"{what} is {value:g}, expected at most {highest:g}", line)
        return int(value)
