"""Findings in words: what is to be said about a run, each leading to its element."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme
from solvitur.problem.findings import Finding, Severity

_ICONS = {
    Severity.ERROR: ("error", "bad"),
    Severity.WARNING: ("warning", "warn"),
    Severity.INFO: ("info", "text_soft"),
}
_ELEMENT = Qt.ItemDataRole.UserRole
_MOST = 500


class FindingsView(QWidget):
    """A list of sentences; a click selects the element they speak of."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection = theme, selection
        self._findings: tuple[Finding, ...] = ()
        self.list = QListWidget(self)
        self.list.setObjectName("runFindings")
        self.list.setAccessibleName("Findings")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(lambda item, _: self._offer(item))
        self._none = QLabel("Nothing unusual was found in this run.", self)
        self._none.setProperty("role", "soft")
        rows = QVBoxLayout(self)
        gap = theme.tokens.gap
        rows.setContentsMargins(gap, gap, gap, 0)
        rows.addWidget(self._none)
        rows.addWidget(self.list, 1)
        theme.changed.connect(lambda: self.show_findings(self._findings))

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Shows the findings, the gravest first."""
        order = list(_ICONS)
        self._findings = tuple(findings)
        self.list.clear()
        self._none.setVisible(not findings)
        self.list.setVisible(bool(findings))
        for finding in sorted(findings, key=lambda each: order.index(each.severity))[:_MOST]:
            text = str(finding)
            item = QListWidgetItem(self._theme.icon(*_ICONS[finding.severity]), f"{text[:1].upper()}{text[1:]}")
            item.setData(_ELEMENT, finding.element)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{finding.severity.value}: {text}")
            self.list.addItem(item)

    def _offer(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_ELEMENT):
            self._selection.select(item.data(_ELEMENT), self)
