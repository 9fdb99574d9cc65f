"""A proposal with its buttons: accept what is ticked as one undo step, or leave it all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.engine.proposing.proposals import Proposal
from solvitur.gui.numbers import counted, show
from solvitur.gui.proposals.list import ProposalList
from solvitur.gui.theme import Theme


class ProposalPanel(QWidget):
    """Ctrl+Enter accepts, Escape leaves."""

    accepted = Signal(object)
    """The keys of the ticked items, as a frozenset."""
    left = Signal()
    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._theme = theme
        self.proposal: Proposal | None = None
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(2 * tokens.gap, tokens.gap_small, tokens.gap, tokens.gap_small)
        head.setSpacing(tokens.gap_small)
        self._title = QLabel(self)
        self._title.setObjectName(f"{name}-title")
        self._title.setProperty("role", "soft")
        head.addWidget(self._title, 1)
        self._all = self._button(f"{name}-all", "All", "link", "Tick all changes")
        self._none = self._button(f"{name}-none", "None", "link", "Tick no change")
        head.addWidget(self._all)
        head.addWidget(self._none)
        column.addLayout(head)
        self.list = ProposalList(theme, self)
        self.foot = QHBoxLayout()
        """The row of buttons; more may be put before its hint."""
        column.addWidget(self.list, 1)
        foot = self.foot
        foot.setContentsMargins(2 * tokens.gap, tokens.gap, 2 * tokens.gap, tokens.gap)
        foot.setSpacing(tokens.gap)
        self.accept_button = self._button(f"{name}-accept", "Accept", "primary", "Accept the ticked changes")
        self.accept_button.setToolTip("Accept the ticked changes as one undo step (Ctrl+Enter)")
        self.leave_button = self._button(f"{name}-leave", "Discard", "", "Discard the proposal")
        self.leave_button.setToolTip("Change nothing (Escape)")
        self._hint = QLabel("one undo step", self)
        self._hint.setProperty("role", "small-soft")
        foot.addWidget(self.accept_button)
        foot.addWidget(self.leave_button)
        foot.addWidget(self._hint, 1)
        column.addLayout(foot)
        self._connect()

    def show_proposal(self, proposal: Proposal) -> None:
        """Shows a proposal; the first item becomes the current one."""
        self.proposal = proposal
        self.list.items.take(proposal.items)
        if proposal.items:
            self.list.setCurrentIndex(self.list.items.index(0))

    def accept(self) -> None:
        """Accepts what is ticked."""
        if self.list.items.taken:
            self.accepted.emit(frozenset(self.list.items.taken))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accepts or leaves by keyboard."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.list.items.changed.connect(self._tell)
        self.list.chosen.connect(self.chosen)
        self.accept_button.clicked.connect(lambda: self.accept())  # noqa: PLW0108 - drops "checked"
        self.leave_button.clicked.connect(lambda: self.left.emit())  # noqa: PLW0108 - drops "checked"
        self._all.clicked.connect(lambda: self.list.items.set_all(taken=True))
        self._none.clicked.connect(lambda: self.list.items.set_all(taken=False))

    def _tell(self) -> None:
        count, taken = len(self.list.items.items), len(self.list.items.taken)
        self._title.setText(counted(count, "change"))
        self.accept_button.setText("Accept" if taken == count else f"Accept {show(taken)} of {show(count)}")
        self.accept_button.setEnabled(taken > 0)
        several = count > 1
        self._all.setVisible(several)
        self._none.setVisible(several)

    def _button(self, name: str, caption: str, kind: str, title: str) -> QPushButton:
        made = QPushButton(caption, self)
        made.setObjectName(name)
        made.setAccessibleName(title)
        if kind:
            made.setProperty("kind", kind)
        return made
