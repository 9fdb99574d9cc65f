"""The formula of one element, as a picture in a form."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from solvitur.gui.theme import Theme
from solvitur.gui.understand.formulas.pictures import FormulaKey, FormulaPictures
from solvitur.language.elements import Element
from solvitur.language.formulas import to_latex

_LETTER = 1.25
"""Size of a letter of a formula, in sizes of the text around it."""


class FormulaLabel(QWidget):
    """Shows one formula, made smaller where it does not fit."""

    def __init__(self, theme: Theme, pictures: FormulaPictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formula-preview")
        self.setAccessibleName("Formula")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._pictures = pictures
        self._latex = ""
        pictures.ready.connect(lambda key: self._refresh() if key.latex == self._latex else None)
        theme.changed.connect(self._refresh)

    def show_element(self, element: Element | None) -> None:
        """Shows an element's formula; an element that cannot be read keeps the last one."""
        if element is not None:
            self.show_latex(to_latex(element))

    def show_latex(self, latex: str) -> None:
        """Shows a formula; an empty one hides the label."""
        self._latex = latex
        self._refresh()

    def sizeHint(self) -> QSize:
        """Is as high as the formula, within reason."""
        picture = self._pictures.get(self._key()) if self._latex else None
        gap = self._theme.tokens.gap
        if picture is None or picture.renderer is None:
            return QSize(0, 4 * gap)
        shrunk = min(1.0, self.width() / picture.size.width()) if self.width() > gap else 1.0
        return QSize(0, int(picture.size.height() * shrunk) + gap)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the formula at the left."""
        picture = self._pictures.get(self._key()) if self._latex else None
        if picture is None or picture.renderer is None:
            return
        shrunk = min(1.0, self.width() / picture.size.width(), self.height() / picture.size.height())
        width, height = picture.size.width() * shrunk, picture.size.height() * shrunk
        painter = QPainter(self)
        picture.renderer.render(painter, QRectF(0, (self.height() - height) / 2, width, height))
        painter.end()

    def _key(self) -> FormulaKey:
        tokens = self._theme.tokens
        return FormulaKey(self._latex, tokens.text, tokens.text_px * _LETTER)

    def _refresh(self) -> None:
        picture = self._pictures.get(self._key()) if self._latex else None
        self.setVisible(bool(self._latex) and (picture is None or picture.renderer is not None))
        self.updateGeometry()
        self.update()
