"""A range of values set by two sliders; equal steps of a slider let equally many values through."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from solvitur.gui.numbers import show
from solvitur.gui.theme import Theme

_STEPS = 100
_DIGITS = 4


class ValueRange(QWidget):
    """Two sliders with what they say in words."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._unit = name, ""
        self._stops = np.zeros(0)
        self.words = QLabel(self)
        self.words.setProperty("role", "small-soft")
        self.low, self.high = self._slider("least"), self._slider("most")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.tokens.gap)
        grid.setVerticalSpacing(theme.tokens.gap_small)
        grid.addWidget(self.words, 0, 0, 1, 2)
        for row, (word, slider) in enumerate((("at least", self.low), ("at most", self.high)), start=1):
            label = QLabel(word, self)
            label.setProperty("role", "small-soft")
            label.setBuddy(slider)
            grid.addWidget(label, row, 0)
            grid.addWidget(slider, row, 1)
        self.setEnabled(False)

    def use(self, values: np.ndarray, name: str, unit: str = "") -> None:
        """Takes the values that are filtered; nothing is left out at first."""
        self._name, self._unit = name, unit
        known = values[np.isfinite(values)]
        distinct = np.unique(known)
        if len(distinct) > _STEPS + 1:
            distinct = np.unique(np.quantile(known, np.linspace(0, 1, _STEPS + 1)))
        self._stops = distinct
        last = max(len(distinct) - 1, 0)
        for slider, at in ((self.low, 0), (self.high, last)):
            blocker = QSignalBlocker(slider)
            slider.setRange(0, last)
            slider.setPageStep(max(last // 10, 1))
            slider.setValue(at)
            blocker.unblock()
            slider.setAccessibleName(f"{name}, {'at least' if slider is self.low else 'at most'}")
        self.setEnabled(last > 0)
        self._say()

    @property
    def value(self) -> tuple[float, float]:
        """The range that is let through; open at the ends where a slider stands at its own."""
        if len(self._stops) < 2:
            return (-np.inf, np.inf)
        low = -np.inf if self.low.value() == 0 else float(self._stops[self.low.value()])
        high = np.inf if self.high.value() == len(self._stops) - 1 else float(self._stops[self.high.value()])
        return (low, high)

    def _slider(self, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName(f"{name}{''.join(self._name.title().split())}")
        slider.valueChanged.connect(lambda _value: self._moved(slider))
        return slider

    def _moved(self, slider: QSlider) -> None:
        other = self.high if slider is self.low else self.low
        if self.low.value() > self.high.value():
            blocker = QSignalBlocker(other)
            other.setValue(slider.value())
            blocker.unblock()
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        if not len(self._stops):
            self.words.setText(f"{self._name}: none")
            return
        low, high = self._stops[self.low.value()], self._stops[self.high.value()]
        unit = f" {self._unit}" if self._unit else ""
        if len(self._stops) == 1:
            self.words.setText(f"{self._name}: all {show(float(low), _DIGITS)}{unit}")
        else:
            self.words.setText(f"{self._name} from {show(float(low), _DIGITS)} to {show(float(high), _DIGITS)}{unit}")
