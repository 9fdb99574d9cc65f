"""The two-minute tour: a few steps, each beside the real widget that it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme

_WIDTH = 336
_DIM = 90


def _nothing() -> None:
    return


@dataclass(frozen=True)
class TourStep:
    """One step: what it says, the widget it points at (None: the middle), and what must be shown first."""

    title: str
    text: str
    target: Callable[[], QWidget | None]
    prepare: Callable[[], object] = _nothing


class Tour(QWidget):
    """Lies over the window while the tour runs; Escape or Skip ends it at any step."""

    def __init__(self, theme: Theme, steps: Sequence[TourStep], ended: Callable[[], object], window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setAccessibleName("Tour of the window")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme, self._steps, self._ended, self._window = theme, tuple(steps), ended, window
        self._at = -1
        self._hole = QRect()
        gap = theme.tokens.gap
        self.box = QFrame(self)
        self.box.setObjectName("tourStep")
        self.box.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self.box)
        column.setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap)
        column.setSpacing(gap)
        self._title = QLabel(self.box)
        self._title.setProperty("role", "strong")
        self._text = QLabel(self.box)
        self._text.setWordWrap(True)
        self._count = QLabel(self.box)
        self._count.setProperty("role", "small-soft")
        self.skip = self._button("tourSkip", "Skip the tour", self.leave)
        self.skip.setProperty("kind", "flat")
        self.back = self._button("tourBack", "Back", lambda: self._go(self._at - 1))
        self.next = self._button("tourNext", "Next", lambda: self._go(self._at + 1))
        self.next.setProperty("kind", "primary")
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self._count)
        row.addStretch(1)
        for button in (self.skip, self.back, self.next):
            row.addWidget(button)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(row)
        window.installEventFilter(self)

    def start(self) -> None:
        """Begins with the first step."""
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._go(0)

    @property
    def at(self) -> int:
        """The number of the step on show, from 0."""
        return self._at

    def leave(self) -> None:
        """Ends the tour."""
        self._window.removeEventFilter(self)
        self.hide()
        self.deleteLater()
        self._ended()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the window's size."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the tour; the arrow keys go on and back."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() == Qt.Key.Key_Right:
            self._go(self._at + 1)
        elif event.key() == Qt.Key.Key_Left:
            self._go(max(self._at - 1, 0))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dims the window but for the widget that the step speaks of."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = self._theme.color("window" if self._theme.tokens.dark else "text")
        shade.setAlpha(_DIM)
        around, radius = QPainterPath(), self._theme.tokens.radius
        around.addRect(self.rect())
        hole = QPainterPath()
        if not self._hole.isNull():
            hole.addRoundedRect(self._hole, radius, radius)
        painter.fillPath(around.subtracted(hole), shade)
        if not self._hole.isNull():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawPath(hole)
        painter.end()

    def _go(self, at: int) -> None:
        if at >= len(self._steps):
            self.leave()
            return
        self._at = at
        step = self._steps[at]
        step.prepare()
        self._title.setText(step.title)
        self._text.setText(step.text)
        self._count.setText(f"{at + 1} of {len(self._steps)}")
        last = at == len(self._steps) - 1
        self.next.setText("Done" if last else "Next")
        self.skip.setVisible(not last)
        self.back.setVisible(at > 0)
        self.box.setAccessibleName(f"{step.title}. {step.text}")
        self.next.setFocus()
        self._place()

    def _place(self) -> None:
        target = self._steps[self._at].target()
        shown = target is not None and target.isVisible()
        self._hole = QRect()
        if target is not None and shown:
            corner = target.mapTo(self._window, QPoint(0, 0))
            self._hole = QRect(corner, target.size()).adjusted(-3, -3, 3, 3) & self.rect().adjusted(2, 2, -2, -2)
        self.box.setFixedHeight(self.box.layout().totalHeightForWidth(_WIDTH))  # type: ignore[union-attr]
        self.box.move(self._beside(self._hole))
        self.update()

    def _beside(self, hole: QRect) -> QPoint:
        """Finds room for the box: right of the widget, else left, below or above it, else in the middle."""
        box, gap, room = self.box.size(), 2 * self._theme.tokens.gap, self.rect()
        middle = QPoint((room.width() - box.width()) // 2, (room.height() - box.height()) // 2)
        if hole.isNull():
            return middle
        top = min(max(hole.top(), gap), room.height() - box.height() - gap)
        left = min(max(hole.left(), gap), room.width() - box.width() - gap)
        if hole.right() + gap + box.width() < room.width():
            return QPoint(hole.right() + gap, top)
        if hole.left() - gap - box.width() > 0:
            return QPoint(hole.left() - gap - box.width(), top)
        if hole.bottom() + gap + box.height() < room.height():
            return QPoint(left, hole.bottom() + gap)
        if hole.top() - gap - box.height() > 0:
            return QPoint(left, hole.top() - gap - box.height())
        return middle

    def _button(self, name: str, title: str, call: Callable[[], object]) -> QPushButton:
        button = QPushButton(title, self.box)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.clicked.connect(lambda: call())  # noqa: PLW0108 - drops "checked"
        return button
