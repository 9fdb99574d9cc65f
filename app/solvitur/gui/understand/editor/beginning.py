"""What stands in the editor before there is a model: what belongs there, and a small model to begin with."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme
from solvitur.gui.understand.empty import EmptyState
from solvitur.gui.understand.text_sync import TextSync

SMALL_MODEL = """\
# What to make in a week, with the hours there are.
set Products   "what can be made"

param profit[Products]  unit "€/piece"  "earned by one piece"
param hours[Products]   unit "h/piece"  "work in one piece"
param available         unit "h"        "work there is in a week"

var make[p in Products] >= 0 integer  unit "piece"  "made in a week"

maximize earned: sum(profit[p] * make[p] for p in Products)  unit "€"

subject to enough_hours: sum(hours[p] * make[p] for p in Products) <= available

data
  Products = chair, table
  profit = {chair: 30, table: 80}
  hours = {chair: 2, table: 5}
  available = 40
"""


class Beginning(QWidget):
    """Lies over the empty text; typing goes on below it, and it is gone with the first letter."""

    def __init__(self, editor: QPlainTextEdit, sync: TextSync, theme: Theme) -> None:
        super().__init__(editor.viewport())
        self.setObjectName("model-beginning")
        self._editor = editor
        self._sync = sync
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            EmptyState(
                theme,
                "model",
                "No model yet",
                "Type it here, or add sets, parameters, variables, an objective and constraints in the outline.",
                (("model-begin", "Begin with a small model", self.begin),),
                self,
            )
        )
        editor.viewport().installEventFilter(self)
        sync.changed.connect(self._follow)
        self._follow()

    def begin(self) -> None:
        """Writes the small model as one undo step."""
        with self._sync.named("Begin with a small model") as cursor:
            cursor.insertText(SMALL_MODEL)
        self._editor.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays as large as the text, leaving its first line free for the cursor."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hands the focus to the text."""
        self._editor.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def _place(self) -> None:
        line = 2 * self._editor.fontMetrics().height()
        area = self._editor.viewport().rect()
        self.setGeometry(area.left(), area.top() + line, area.width(), max(area.height() - line, 0))

    def _follow(self) -> None:
        self.setVisible(not self._sync.text)
        self._place()
