"""The limits of a run: time, gap, threads and seed, each with its unit and what it means."""

from __future__ import annotations

import os
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from solvitur.gui.theme import Theme
from solvitur.problem.result import Limits

_LONGEST_S = 31_536_000.0
_MOST_SEED = 2**31 - 1
_WIDTH = {"timeLimit": 92, "relativeGap": 104, "threads": 64, "seed": 84}


class PlainDouble(QDoubleSpinBox):
    """A number field that writes no more decimals than needed."""

    def textFromValue(self, value: float) -> str:
        """Writes the value without trailing zeros."""
        return f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".") or "0"


class LimitsRow(QWidget):
    """Fields in one line; ``edited`` carries the new limits."""

    edited = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("limits")
        self._limits = Limits()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.tokens.gap)
        self.time = PlainDouble(self)
        self.time.setRange(0.1, _LONGEST_S)
        self.time.setDecimals(1)
        self.time.setSuffix(" s")
        self._add(self.time, "limit", "timeLimit", "Time limit in seconds: the solver stops after it, with its best.")
        self.gap = PlainDouble(self)
        self.gap.setRange(0.0, 100.0)
        self.gap.setDecimals(4)
        self.gap.setSingleStep(0.1)
        self.gap.setSuffix(" %")
        self._add(
            self.gap, "gap", "relativeGap", "The solver stops when its answer is proven to be this near the best."
        )
        self.threads = QSpinBox(self)
        self.threads.setRange(1, max(64, os.cpu_count() or 1))
        self._add(self.threads, "threads", "threads", "How many processor cores the solver may use.")
        self.seed = QSpinBox(self)
        self.seed.setRange(0, _MOST_SEED)
        self._add(self.seed, "seed", "seed", "The same seed gives the same run again.")
        self.show_limits(self._limits)
        self.time.valueChanged.connect(lambda value: self._edit(replace(self._limits, time_limit_s=value)))
        self.gap.valueChanged.connect(lambda value: self._edit(replace(self._limits, relative_gap=value / 100)))
        self.threads.valueChanged.connect(lambda value: self._edit(replace(self._limits, threads=value)))
        self.seed.valueChanged.connect(lambda value: self._edit(replace(self._limits, seed=value)))

    def show_limits(self, limits: Limits) -> None:
        """Shows limits without telling of them."""
        self._limits = limits
        blockers = [QSignalBlocker(field) for field in (self.time, self.gap, self.threads, self.seed)]
        self.time.setValue(limits.time_limit_s)
        self.gap.setValue(limits.relative_gap * 100)
        self.threads.setValue(limits.threads)
        self.seed.setValue(limits.seed)
        for blocker in blockers:
            blocker.unblock()

    def _add(self, field: QAbstractSpinBox, word: str, name: str, help_text: str) -> None:
        field.setObjectName(name)
        field.setAccessibleName(help_text.partition(":")[0] if ":" in help_text else word.capitalize())
        field.setToolTip(help_text)
        field.setKeyboardTracking(False)
        field.setFixedWidth(_WIDTH[name])
        label = QLabel(word, self)
        label.setProperty("role", "soft")
        label.setToolTip(help_text)
        label.setBuddy(field)
        self._row.addWidget(label)
        self._row.addWidget(field)

    def _edit(self, limits: Limits) -> None:
        self._limits = limits
        self.edited.emit(limits)
