"""The line where one asks the model or says what is to change, with the reply above it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.proposals.panel import ProposalPanel
from solvitur.gui.talking.desk import TalkDesk, Turn
from solvitur.gui.wrapping import WrappingRow

_LIST_HEIGHT = 22
"""In units of the grid: what a proposal takes at most before it scrolls."""
_HINT = "Ask or change: what if demand rises 10 %, at most 3 suppliers, why is plant 2 closed \u2026"


class TalkBar(QFrame):
    """Enter says it, Up and Down bring back what was said before, Escape closes the reply."""

    def __init__(self, context: Context, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Talk to the model")
        self.setProperty("page", "true")
        self.setProperty("helpPage", "talking")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._said: list[str] = []
        self._at = 0
        self.desk = TalkDesk(context, self)
        self.line = QLineEdit(self)
        self.line.setObjectName(f"{name}-line")
        self.line.setAccessibleName("Ask or change")
        self.line.setPlaceholderText(_HINT)
        self.line.setClearButtonEnabled(True)
        self.line.installEventFilter(self)
        self._ask = QPushButton("Ask", self)
        self._ask.setObjectName(f"{name}-ask")
        self._ask.setAccessibleName("Say it")
        self._ask.setEnabled(False)
        self.card = _Card(context, name, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        edge = QFrame(self)
        edge.setProperty("frame", "line")
        column.addWidget(edge)
        column.addWidget(self.card)
        tokens = context.theme.tokens
        row = QHBoxLayout()
        row.setContentsMargins(2 * tokens.gap, tokens.gap_small, 2 * tokens.gap, tokens.gap_small)
        row.setSpacing(tokens.gap)
        row.addWidget(self.line, 1)
        row.addWidget(self._ask)
        column.addLayout(row)
        self._connect()
        self._changed()
        _add_action(context, self)

    def closing(self) -> None:
        """Ends the background thread."""
        self.desk.close()

    def say(self, wish: str) -> None:
        """Says a wish as if it had been typed."""
        wish = " ".join(wish.split())
        if wish:
            self._said = [*[old for old in self._said if old != wish], wish][-50:]
            self._at = len(self._said)
            self.line.clear()
            self.desk.say(wish)

    def compare(self) -> None:
        """Puts the run that was tried beside the last one, in Look back."""
        turn = self.desk.turn
        if turn is None or not turn.compared or not self._context.actions.trigger("place.lookback"):
            return
        place = self.window().findChild(QWidget, "lookBackPlace")
        open_runs = getattr(place, "open", None)
        if callable(open_runs):
            open_runs(turn.compared)

    def _connect(self) -> None:
        self.line.returnPressed.connect(lambda: self.say(self.line.text()))
        self.line.textChanged.connect(lambda text: self._ask.setEnabled(bool(text.strip())))
        self._ask.clicked.connect(lambda: self.say(self.line.text()))
        self.desk.changed.connect(self._changed)
        self.card.example_wanted.connect(self._offer_example)
        card, desk = self.card, self.desk
        card.panel.accepted.connect(desk.accept)
        card.panel.left.connect(self._leave)
        card.close_button.clicked.connect(lambda: self._leave())  # noqa: PLW0108 - drops "checked"
        card.try_button.clicked.connect(lambda: desk.try_out())  # noqa: PLW0108 - drops "checked"
        card.compare_button.clicked.connect(lambda: self.compare())  # noqa: PLW0108 - drops "checked"

    def _offer_example(self, example: str) -> None:
        self.line.setText(example)
        self.line.setFocus()

    def _leave(self) -> None:
        self.desk.leave()
        self.line.setFocus()

    def _changed(self) -> None:
        self.card.show_turn(self.desk.turn)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Goes through what was said before, and closes the reply."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._said:
                step = -1 if event.key() == Qt.Key.Key_Up else 1
                self._at = min(max(self._at + step, 0), len(self._said))
                self.line.setText(self._said[self._at] if self._at < len(self._said) else "")
                return True
            if event.key() == Qt.Key.Key_Escape and self.desk.turn is not None:
                self._leave()
                return True
        return super().eventFilter(watched, event)


class _Lead:
    """Leads to whichever of a window's lines is in view."""

    def __init__(self) -> None:
        self.bars: list[TalkBar] = []

    def __call__(self) -> None:
        for bar in self.bars:
            if bar.isVisible():
                bar.line.setFocus()

    def is_possible(self) -> bool:
        """Tells whether a line is in view; asked often, so it must be quick."""
        return any(bar.isVisible() for bar in self.bars)


def _add_action(context: Context, bar: TalkBar) -> None:
    """Adds the one action that leads to whichever line is in view, or makes it know one more line."""
    known = next((action.callback for action in context.actions.all() if action.id == "talk.ask"), None)
    if isinstance(known, _Lead):
        known.bars.append(bar)
        return
    lead = _Lead()
    lead.bars.append(bar)
    says = "Leads to the line at the bottom, where one asks the model or says what is to change"
    context.actions.add(
        Action(
            "talk.ask",
            "Ask or change",
            lead,
            "Problem",
            "Ctrl+Shift+A",
            "words",
            lead.is_possible,
            help=says,
            group="words",
        )
    )


class _Card(QFrame):
    """The reply: what was said, what it comes to, and the change with its buttons."""

    example_wanted = Signal(str)

    def __init__(self, context: Context, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}-card")
        self.setAccessibleName("Reply")
        self._theme = context.theme
        tokens = context.theme.tokens
        self._wish, self._text, self._unused = QLabel(self), QLabel(self), QLabel(self)
        self._wish.setProperty("role", "small-soft")
        self._text.setObjectName(f"{name}-said")
        self._unused.setProperty("role", "warn")
        for label in (self._wish, self._text, self._unused):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._icon = QLabel(self)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Working")
        self._bar.setFixedWidth(12 * tokens.gap)
        self.close_button = QToolButton(self)
        self.close_button.setObjectName(f"{name}-close")
        self.close_button.setAccessibleName("Close the reply")
        self.close_button.setToolTip("Closes the reply (Escape)")
        self._examples = QWidget(self)
        self._example_row = WrappingRow(self._examples, tokens.gap)
        self.panel = ProposalPanel(context.theme, f"{name}-change", self)
        self.try_button = self._button(f"{name}-try", "Try it first", "Solve with the change, without accepting it")
        self.compare_button = self._button(f"{name}-compare", "Compare", "Put both runs side by side in Look back")
        self._lay_out()
        context.theme.changed.connect(self._paint)
        self._paint()

    @property
    def text(self) -> str:
        """What the reply says."""
        return self._text.text()

    def show_turn(self, turn: Turn | None) -> None:
        """Shows a turn; hides when there is none."""
        self.setVisible(turn is not None)
        if turn is None:
            self.panel.proposal = None
            return
        self._wish.setText(f"\u201c{turn.wish}\u201d" + (f", read by {turn.by}" if turn.by else ""))
        self._text.setText(f"{turn.said} {turn.busy} \u2026".strip() if turn.busy else turn.said)
        unused = ", ".join(f"'{word}'" for word in turn.unused)
        self._unused.setText(f"Not used: {unused}. Check that the change still says what you mean." if unused else "")
        self._unused.setVisible(bool(unused))
        self._bar.setVisible(bool(turn.busy))
        self._show_examples(turn.examples)
        self.panel.setVisible(turn.proposal is not None)
        if turn.proposal is not None and turn.proposal is not self.panel.proposal:
            self.panel.show_proposal(turn.proposal)
            most = _LIST_HEIGHT * self._theme.tokens.gap
            self.panel.list.setFixedHeight(min(self.panel.list.wanted_height(), most))
        self.try_button.setVisible(turn.proposal is not None and not turn.busy and not turn.compared)
        self.compare_button.setVisible(bool(turn.compared))

    def _show_examples(self, examples: tuple[str, ...]) -> None:
        while (item := self._example_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for at, example in enumerate(examples):
            button = self._button(f"example-{at}", example, f"Say: {example}")
            button.clicked.connect(self._teller(example))
            self._example_row.addWidget(button)
        self._examples.setVisible(bool(examples))

    def _teller(self, example: str) -> object:
        return lambda: self.example_wanted.emit(example)

    def _lay_out(self) -> None:
        gap = self._theme.tokens.gap
        head = QHBoxLayout()
        head.setContentsMargins(2 * gap, gap, gap, 0)
        head.setSpacing(gap)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(gap // 2)
        for label in (self._wish, self._text, self._unused, self._examples):
            words.addWidget(label)
        head.addLayout(words, 1)
        head.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.compare_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.panel.foot.insertWidget(1, self.try_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, gap // 2)
        column.setSpacing(gap // 2)
        column.addLayout(head)
        column.addWidget(self.panel)

    def _button(self, name: str, caption: str, title: str) -> QPushButton:
        made = QPushButton(caption, self)
        made.setObjectName(name)
        made.setAccessibleName(title)
        made.setToolTip(title)
        return made

    def _paint(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("words", "accent"))
        self.close_button.setIcon(self._theme.icon("close"))
