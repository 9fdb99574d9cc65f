"""Opens and writes .slv files: the text of a model in Solvitur's own language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvitur.api import Formulation, Imported, InputError, Problem
from solvitur_files.text_checks import look_over


class SlvFile:
    """Reads and writes models in the five-element language."""

    name, title = "slv", "Solvitur model"
    suffixes: tuple[str, ...] = (".slv",)

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by suffix."""
        return 1.0 if path.suffix.lower() == ".slv" else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the text; what is wrong inside it is for the checker of the language to say.

        Raises
        ------
        InputError
            If the file is not UTF-8 text.
        """
        if path.stat().st_size:
            look_over(path, str(path))
        text = path.read_text(encoding="utf-8-sig")
        formulation = Formulation("algebraic", text.replace("\r\n", "\n"), source=str(path))
        return Imported(Problem(name=path.stem, formulation=formulation))

    def accepts(self, thing: object) -> bool:
        """Accepts problems whose truth is text."""
        return isinstance(thing, Problem) and thing.formulation.kind == "algebraic"

    def write(self, thing: Any, path: Path) -> None:
        """Writes the model's text.

        Raises
        ------
        InputError
            If the problem has no text.
        """
        if not self.accepts(thing):
            raise InputError.at("only models in the language can be written as .slv")
        path.write_text(thing.formulation.text, encoding="utf-8", newline="\n")
