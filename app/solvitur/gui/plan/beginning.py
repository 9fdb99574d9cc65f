"""The empty Plan place: start from the model that is open, or from a pattern."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.engine.workflow.patterns import Pattern
from solvitur.gui.context import Context
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.gui.plan.gallery import Gallery

_ACTION = "plan.begin"


class BeginPage(QWidget):
    """Says what belongs here, with the button for the model and the gallery of patterns."""

    def __init__(
        self,
        context: Context,
        catalogue: Catalogue,
        chosen: Callable[[Pattern], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("planBegin")
        self._actions = context.actions
        gap = context.theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * gap, 2 * gap, 0, 0)
        rows.setSpacing(gap)
        self.button = QPushButton("Start from this model", self)
        self.button.setObjectName(f"blank.{_ACTION}")
        self.button.setAccessibleName("Start from this model")
        self.button.setProperty("kind", "primary")
        self.button.setEnabled(False)
        self.button.clicked.connect(lambda: self._actions.trigger(_ACTION))
        for text, role in (
            ("Plan how the problem is solved", "heading"),
            (
                "A plan is a graph of steps: load, split, solve, check, compare. Start from the model that is open, "
                "from a pattern below, or drag steps from the left; Tab adds one by name.",
                "soft",
            ),
        ):
            rows.addWidget(self._label(text, role))
        inside = QVBoxLayout()
        inside.setContentsMargins(0, 0, 0, gap)
        inside.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addLayout(inside)
        rows.addWidget(self._label("Patterns", "strong"))
        rows.addWidget(Gallery(context.theme, catalogue, chosen, self), 1)

    def follow(self) -> None:
        """Enables the button when there is a model; called once the action is in the table."""
        made = self._actions.qaction(_ACTION)
        made.changed.connect(lambda: self.button.setEnabled(made.isEnabled()))
        self.button.setEnabled(made.isEnabled())

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", role)
        label.setWordWrap(True)
        return label
