"""The shortcuts editor: every action with its keys; a conflict is told before it is made."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.actions import Action, ActionTable, keys_of
from solvitur.gui.fuzzy import match
from solvitur.gui.preferences import Preferences
from solvitur.gui.theme import Theme, set_look

_ID = int(Qt.ItemDataRole.UserRole)


class ShortcutsWindow(QDialog):
    """Pick an action, press the keys, Set; keys taken by another action are moved only when asked to."""

    def __init__(self, actions: ActionTable, preferences: Preferences, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsWindow")
        self.setAccessibleName("Keyboard shortcuts")
        self.setWindowTitle("Keyboard shortcuts")
        self.setProperty("helpPage", "keyboard")
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.resize(640, 560)
        self._actions, self._preferences = actions, preferences
        gap = theme.tokens.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap)
        column.setSpacing(gap)
        self.search = QLineEdit(self)
        self.search.setObjectName("searchShortcuts")
        self.search.setAccessibleName("Search actions")
        self.search.setPlaceholderText("Search actions")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._fill())
        column.addWidget(self.search)
        self.table = self._make_table()
        column.addWidget(self.table, 1)
        column.addLayout(self._editor_row(gap))
        self.told = QLabel("", self)
        self.told.setObjectName("shortcutConflict")
        self.told.setWordWrap(True)
        column.addWidget(self.told)
        self._fill()

    @property
    def chosen(self) -> Action | None:
        """The action in the marked row."""
        row = self.table.currentRow()
        item = self.table.item(row, 0) if row >= 0 else None
        return None if item is None else self._actions.action(str(item.data(_ID)))

    def set_keys(self) -> None:
        """Gives the pressed keys to the chosen action, taking them from another that had them."""
        action, keys = self.chosen, self.keys.keySequence().toString()
        if action is None:
            return
        changed = {other.id: "" for other in self._others(action, keys)} | {action.id: keys}
        self._preferences.change(lambda s: replace(s, shortcuts={**s.shortcuts, **changed}))
        self._fill(action.id)

    def reset_keys(self) -> None:
        """Gives the chosen action its original keys back."""
        action = self.chosen
        if action is not None:
            kept = {k: v for k, v in self._preferences.value.shortcuts.items() if k != action.id}
            self._preferences.change(lambda s: replace(s, shortcuts=kept))
            self._fill(action.id)

    def _others(self, action: Action, keys: str) -> list[Action]:
        return [other for other in self._actions.holders(keys) if other.id != action.id]

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3, self)
        table.setObjectName("shortcutTable")
        table.setAccessibleName("Actions and their keys")
        table.setHorizontalHeaderLabels(["Action", "Menu", "Keys"])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setColumnWidth(1, 96)
        table.setColumnWidth(2, 144)
        table.currentCellChanged.connect(lambda *_cells: self._show_chosen())
        return table

    def _editor_row(self, gap: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(gap)
        self.keys = QKeySequenceEdit(self)
        self.keys.setObjectName("pressKeys")
        self.keys.setAccessibleName("Press the new keys")
        self.keys.setMaximumSequenceLength(1)
        self.keys.keySequenceChanged.connect(lambda _keys: self._tell())
        row.addWidget(self.keys, 1)
        for name, title, call in (
            ("setKeys", "Set", self.set_keys),
            ("clearKeys", "Clear", self._clear),
            ("originalKeys", "Reset", self.reset_keys),
        ):
            button = QPushButton(title, self)
            button.setObjectName(name)
            button.setAccessibleName(f"{title} keys")
            button.setAutoDefault(False)
            button.clicked.connect(call)
            row.addWidget(button)
        return row

    def _clear(self) -> None:
        self.keys.clear()
        self.set_keys()

    def _fill(self, keep: str = "") -> None:
        keep = keep or (self.chosen.id if self.chosen else "")
        found = [a for a in self._actions.all() if match(self.search.text(), f"{a.title} {a.menu}") is not None]
        self.table.setRowCount(len(found))
        for row, action in enumerate(found):
            cells = (self._actions.qaction(action.id).text(), action.menu, keys_of(self._actions.shortcut(action.id)))
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setData(_ID, action.id)
                self.table.setItem(row, column, item)
            if action.id == keep:
                self.table.setCurrentCell(row, 0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        action = self.chosen
        self.keys.setEnabled(action is not None)
        self.keys.setKeySequence(QKeySequence(self._actions.shortcut(action.id)) if action else QKeySequence())
        self._tell()

    def _tell(self) -> None:
        action, keys = self.chosen, self.keys.keySequence().toString()
        others = self._others(action, keys) if action is not None and keys else []
        if action is None:
            text = "Choose an action, then press the keys it should have."
        elif others:
            text = f"{keys_of(keys)} now runs '{others[0].title}'. Set takes it away from there."
        else:
            text = f"Press the keys for '{action.title}', then Set."
        self.told.setText(text)
        set_look(self.told, "role", "warn" if others else "soft")
