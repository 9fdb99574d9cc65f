"""The verdict: how a run ended and whether its answer passed our check, in one strip above its tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from solvitur.gui.numbers import duration, percent, show
from solvitur.gui.outcomes import outcome, verdict
from solvitur.gui.theme import Theme
from solvitur.problem.result import relative_gap
from solvitur.problem.runs import Run


class VerdictStrip(QFrame):
    """Icon and word for the state, icon and word for the check, and sentences for both."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verdict")
        self._theme = theme
        self._run: Run | None = None
        gap = theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * gap, gap + 4, 2 * gap, gap)
        rows.setSpacing(theme.tokens.gap_small)
        head = QHBoxLayout()
        head.setSpacing(gap)
        self._state_icon, self.state = QLabel(self), QLabel(self)
        self.state.setProperty("role", "heading")
        self.state.setObjectName("runTitle")
        self._check_icon, self.check = QLabel(self), QLabel(self)
        self.check.setObjectName("runVerdict")
        self.check.setProperty("role", "strong")
        self._figures = QLabel(self)
        self._figures.setProperty("role", "soft")
        for widget in (self._state_icon, self.state):
            head.addWidget(widget)
        head.addSpacing(gap)
        for widget in (self._check_icon, self.check):
            head.addWidget(widget)
        head.addSpacing(gap)
        head.addWidget(self._figures)
        head.addStretch(1)
        self.words = QLabel(self)
        self.words.setObjectName("runWords")
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setProperty("role", "soft")
        rows.addLayout(head)
        rows.addWidget(self.words)
        theme.changed.connect(self._paint)

    def show_run(self, run: Run) -> None:
        """Tells about a run."""
        self._run = run
        told, checked = outcome(run), verdict(run)
        self.state.setText(f"Run {run.number} \u00b7 {told.word}")
        self.check.setText(checked.word)
        self.check.setToolTip(checked.sentence)
        self.check.setAccessibleName(f"Our check: {checked.word}")
        figures = []
        if run.objective is not None:
            figures.append(f"objective {show(run.objective)}")
        gap = relative_gap(run.objective, run.bound)
        if gap is not None:
            figures.append(f"gap {percent(gap)}")
        figures.append(duration(sum(run.seconds.values())))
        self._figures.setText("   ".join(figures))
        parts = [told.sentence, checked.sentence if run.verification is not None else "", told.advice]
        self.words.setText(" ".join(part for part in parts if part))
        self._paint()

    def _paint(self) -> None:
        if self._run is None:
            return
        told, checked = outcome(self._run), verdict(self._run)
        self._state_icon.setPixmap(self._theme.pixmap(told.icon, told.token))
        self._check_icon.setPixmap(self._theme.pixmap(checked.icon, checked.token))
