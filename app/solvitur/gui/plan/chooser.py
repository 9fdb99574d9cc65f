"""The little window in which a step is typed: Tab on the canvas, or a link dropped where nothing is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from solvitur.gui.fuzzy import match
from solvitur.gui.plan.catalogue import Catalogue, Offer
from solvitur.gui.plan.swatches import swatch
from solvitur.gui.theme import Theme

_WIDTH, _ROWS = 320, 10
_OFFER = int(Qt.ItemDataRole.UserRole)


class StepChooser(QFrame):
    """Lists step types as they are typed; Enter takes the marked one, Escape goes back."""

    chosen = Signal(object)
    """The `Offer` that was taken."""

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("palette")
        self.setAccessibleName("Add a step")
        self._theme = theme
        self._catalogue: Catalogue | None = None
        self._offers: Sequence[Offer] = ()
        gap = theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(gap, gap, gap, gap)
        rows.setSpacing(gap)
        self.field = QLineEdit(self)
        self.field.setObjectName("stepChooserField")
        self.field.setAccessibleName("Search steps")
        self.field.setPlaceholderText("Type the name of a step")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setObjectName("stepChooserList")
        self.list.setAccessibleName("Steps that fit")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        self.words = QLabel(self)
        self.words.setProperty("role", "small-soft")
        self.words.setWordWrap(True)
        for widget in (self.field, self.list, self.words):
            rows.addWidget(widget)
        self.hide()

    def open_at(self, pixel: QPoint, catalogue: Catalogue, offers: Sequence[Offer], words: str) -> None:
        """Opens near a point of the parent; ``words`` say what is offered when nothing is typed."""
        self._catalogue, self._offers = catalogue, offers
        self.words.setText(words)
        self.field.clear()
        self._search("")
        height = self.list.sizeHintForRow(0) * min(max(len(offers), 1), _ROWS) + 2 * self.list.frameWidth() + 4
        self.list.setFixedHeight(max(height, 2 * self._theme.tokens.target_px))
        self.setFixedWidth(_WIDTH)
        self.adjustSize()
        room = self._canvas.rect()
        x = max(0, min(pixel.x(), room.width() - self.width()))
        self.move(x, max(0, min(pixel.y(), room.height() - self.height())))
        self.show()
        self.raise_()
        self.field.setFocus()

    def leave(self) -> None:
        """Closes; the focus goes back to the canvas."""
        if self.isVisible():
            self.hide()
            self._canvas.setFocus()

    def names(self) -> list[str]:
        """Returns the types in the list, in order."""
        return [self.list.item(row).data(_OFFER).type for row in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets the field steer the list."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Backtab: -1}
            key = Qt.Key(event.key())
            if key == Qt.Key.Key_Escape:
                self.leave()
            elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
            elif key in steps and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + steps[key]) % self.list.count())
            else:
                return False
            return True
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self.hide()
        return super().eventFilter(watched, event)

    def _search(self, typed: str) -> None:
        self.list.clear()
        if self._catalogue is None:
            return
        found = []
        for order, offer in enumerate(self._offers):
            title, category = self._catalogue.title(offer.type), self._catalogue.category(offer.type)
            matched = match(typed, title) or match(typed, f"{category} {title}")
            if matched is not None:
                found.append((not matched.strong, -matched.score if typed else 0, order, offer))
        for *_, offer in sorted(found, key=lambda row: row[:3]):
            item = QListWidgetItem(self._catalogue.title(offer.type), self.list)
            item.setData(_OFFER, offer)
            item.setIcon(swatch(self._theme, self._catalogue.colour(offer.type)))
            item.setToolTip(self._catalogue.help(offer.type))
        self.list.setCurrentRow(0)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            offer = item.data(_OFFER)
            self.leave()
            self.chosen.emit(offer)
