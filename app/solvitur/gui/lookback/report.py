"""The verification report: every constraint with how it is met, its telling rows below it."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.numbers import counted, show
from solvitur.gui.selection import Selected, Selection
from solvitur.gui.theme import Theme
from solvitur.problem.verification import ElementCheck, RowCheck, Verification

_COLUMNS = ("constraint", "satisfied", "tight", "violated", "missed by at most", "nearest or worst")
_HELP = (
    "",
    "Rows that hold.",
    "Rows that hold with no room left: they bind the answer.",
    "Rows that the answer breaks.",
    "The largest violation among its rows.",
    "The row with the largest violation, or with the least room when all hold.",
)
_MOST_FAMILIES, _MOST_ROWS = 2_000, 500
_ELEMENT = Qt.ItemDataRole.UserRole
_STATES = {"violated": ("error", "bad"), "tight": ("constraint", "text_soft"), "satisfied": ("good", "good")}


class ReportView(QWidget):
    """A tree: constraints, and below each its rows as the check saw them."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection = theme, selection
        self._verification: Verification | None = None
        self._rows: dict[str, list[RowCheck]] = {}
        self.summary = QLabel(self)
        self.summary.setObjectName("reportSummary")
        self.only = QCheckBox("Only what binds or is violated", self)
        self.only.setObjectName("reportOnly")
        self.only.toggled.connect(lambda _on: self._fill())
        self.tree = QTreeWidget(self)
        self.tree.setObjectName("reportTree")
        self.tree.setAccessibleName("Verification report")
        self.tree.setColumnCount(len(_COLUMNS))
        self.tree.setHeaderLabels(list(_COLUMNS))
        self.tree.setFont(theme.font("table"))
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        for column, text in enumerate(_HELP):
            self.tree.headerItem().setToolTip(column, text)
            side = Qt.AlignmentFlag.AlignRight if 0 < column < 5 else Qt.AlignmentFlag.AlignLeft
            self.tree.headerItem().setTextAlignment(column, side | Qt.AlignmentFlag.AlignVCenter)
        header = self.tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((200, 84, 64, 76, 136, 260)):
            self.tree.setColumnWidth(column, width)
        self.tree.currentItemChanged.connect(lambda item, _: self._offer(item))
        self.tree.itemExpanded.connect(self._expand)
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        top.addWidget(self.only)
        rows = QVBoxLayout(self)
        gap = theme.tokens.gap
        rows.setContentsMargins(gap, gap, gap, 0)
        rows.setSpacing(gap)
        rows.addLayout(top)
        rows.addWidget(self.tree, 1)
        selection.changed.connect(self._follow)
        theme.changed.connect(self._fill)

    def show_verification(self, verification: Verification | None) -> None:
        """Shows a report; None when there was no answer to check."""
        self._verification = verification
        self._rows = {}
        for row in verification.rows if verification is not None else ():
            self._rows.setdefault(row.element.partition("[")[0], []).append(row)
        self._fill()

    def _fill(self) -> None:
        self.tree.clear()
        check = self._verification
        if check is None:
            self.summary.setText("There was no answer to check.")
            return
        ranked = sorted(check.checks, key=lambda each: (not each.violated, not each.tight))
        if self.only.isChecked():
            ranked = [each for each in ranked if each.violated or each.tight]
        rows = sum(each.count for each in check.checks)
        broken, tight = sum(e.violated for e in check.checks), sum(e.tight for e in check.checks)
        said = f"{counted(rows, 'row')}: {show(broken)} violated, {show(tight)} tight. "
        said += f"Tolerance {show(check.tolerance)}."
        if len(ranked) > _MOST_FAMILIES:
            said += f" Showing the first {show(_MOST_FAMILIES)} of {show(len(ranked))}."
        self.summary.setText(said)
        items = [self._item(each) for each in ranked[:_MOST_FAMILIES]]
        self.tree.addTopLevelItems(items)
        for item in items[:50]:
            if item.text(3) != "0" and self._rows.get(item.data(0, _ELEMENT)):
                item.setExpanded(True)

    def _item(self, check: ElementCheck) -> QTreeWidgetItem:
        cells = [check.name, show(check.satisfied), show(check.tight), show(check.violated)]
        worst = show(check.max_violation, 3) if check.violated else "0"
        item = QTreeWidgetItem([*cells, worst, check.worst])
        state = "violated" if check.violated else "tight" if check.tight else "satisfied"
        self._dress(item, state, check.description or check.name)
        item.setData(0, _ELEMENT, check.name)
        if self._rows.get(check.name):
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _expand(self, item: QTreeWidgetItem) -> None:
        """Makes the rows of a constraint when it is opened for the first time."""
        rows = self._rows.get(item.data(0, _ELEMENT), [])
        if item.childCount() or item.parent() is not None:
            return
        ranked = sorted(rows, key=lambda row: row.slack)
        for row in ranked[:_MOST_ROWS]:
            child = QTreeWidgetItem([row.element, "", "", "", show(max(-row.slack, 0.0), 3), row_words(row)])
            self._dress(child, row.state, row.element)
            child.setData(0, _ELEMENT, row.element)
            item.addChild(child)

    def _dress(self, item: QTreeWidgetItem, state: str, tip: str) -> None:
        icon, token = _STATES.get(state, ("info", "text_soft"))
        item.setIcon(0, self._theme.icon(icon, token))
        item.setToolTip(0, f"{tip}: {state}")
        for column in range(1, 5):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if state == "violated":
            for column in (3, 4):
                item.setForeground(column, self._theme.color("bad"))

    def _offer(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._selection.select(item.data(0, _ELEMENT), self)

    def _follow(self, selected: Selected) -> None:
        if selected.source is self or not selected.element:
            return
        for at in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(at)
            if top is None or top.data(0, _ELEMENT) != selected.name:
                continue
            found: QTreeWidgetItem = top
            if selected.index:
                self._expand(top)
                rows = [top.child(n) for n in range(top.childCount())]
                found = next((r for r in rows if r is not None and r.data(0, _ELEMENT) == selected.element), top)
            blocked = self.tree.blockSignals(True)
            self.tree.setCurrentItem(found)
            self.tree.blockSignals(blocked)
            self.tree.scrollToItem(found)
            return


def row_words(row: RowCheck) -> str:
    """Writes one row as what it comes to and what it must be."""
    left = show(row.activity)
    if row.lower == row.upper:
        return f"{left} = {show(row.upper)}" if not _missed(row) else f"{left}, must be {show(row.upper)}"
    parts = []
    if math.isfinite(row.lower):
        parts.append(f"at least {show(row.lower)}")
    if math.isfinite(row.upper):
        parts.append(f"at most {show(row.upper)}")
    room = f"; {show(row.slack)} left" if row.slack > 0 else ""
    return f"{left}, {' and '.join(parts) or 'free'}{room}"


def _missed(row: RowCheck) -> bool:
    return row.state == "violated"
