"""Formulas as pictures: LaTeX to SVG in the background, each formula drawn once per colour and size."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from types import ModuleType

from PySide6.QtCore import QByteArray, QObject, QSizeF, Signal
from PySide6.QtSvg import QSvgRenderer

from solvitur.gui.understand.background import Background

_KEPT = 4000
_SIZE = re.compile(r'<svg[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"')


@dataclass(frozen=True)
class FormulaKey:
    """What a picture depends on; ``pixels`` is the size of a letter."""

    latex: str
    colour: str
    pixels: float


@dataclass(frozen=True, eq=False)
class FormulaPicture:
    """A drawn formula; ``renderer`` is None when it could not be drawn, and ``svg`` empty."""

    svg: str
    size: QSizeF
    renderer: QSvgRenderer | None


class FormulaPictures(QObject):
    """Draws formulas on request; `ready` tells when another one can be had."""

    ready = Signal(object)
    """The `FormulaKey` that can be had now."""

    def __init__(self, thinking: threading.Lock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.background = Background(thinking, self)
        self._made: dict[FormulaKey, FormulaPicture] = {}
        self._asked: set[FormulaKey] = set()

    def get(self, key: FormulaKey) -> FormulaPicture | None:
        """Returns a picture if it is drawn; else has it drawn and returns None."""
        found = self._made.get(key)
        if found is None and key not in self._asked:
            self._asked.add(key)
            self.background.ask(f"{key}", lambda: draw(key), lambda svg: self._take(key, svg))
        return found

    def peek(self, key: FormulaKey) -> FormulaPicture | None:
        """Returns a picture if it is drawn, without having it drawn."""
        return self._made.get(key)

    def _take(self, key: FormulaKey, svg: str) -> None:
        self._asked.discard(key)
        if len(self._made) >= _KEPT:
            self._made.clear()
        self._made[key] = _picture(svg)
        self.ready.emit(key)


def draw(key: FormulaKey) -> str:
    """Draws a formula as SVG text of plain paths; empty when the drawing library cannot."""
    # ziamath reads its fonts when imported, 0.2 s: only whoever looks at formulas pays for it.
    import ziamath  # noqa: PLC0415
    from latex2mathml import exceptions  # noqa: PLC0415

    # Qt draws SVG Tiny, which has no <symbol>; with this switch the library writes plain paths.
    ziamath.config.svg2 = False
    known = (ValueError, KeyError, IndexError, AttributeError, TypeError)
    refused: tuple[type[Exception], ...] = (*known, *_errors_of(exceptions))
    try:
        return str(ziamath.Latex(key.latex, size=key.pixels, color=key.colour).svg())
    except refused:
        return ""


def _errors_of(module: ModuleType) -> tuple[type[Exception], ...]:
    """Lists the exceptions of a module; those of latex2mathml have no class in common."""
    return tuple(each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Exception))


def _picture(svg: str) -> FormulaPicture:
    size = _SIZE.search(svg)
    if size is None:
        return FormulaPicture("", QSizeF(), None)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    return FormulaPicture(svg, QSizeF(float(size[1]), float(size[2])), renderer if renderer.isValid() else None)
