"""The ranges of a workflow as lines that can be typed over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QToolButton, QWidget

from solvitur.gui.context import Context
from solvitur.gui.plan.editing import Editing
from solvitur.gui.plan.sweep.wording import read_range, shown_range, title_of
from solvitur.gui.theme import set_look
from solvitur.problem.errors import SolviturError
from solvitur.workflow.edits import SetRange
from solvitur.workflow.model import OptionRange, Workflow

_WIDTH = 132


class Ranges(QWidget):
    """One line per range: the option, its range, and a button that makes it one value again."""

    failed = Signal(str)

    def __init__(self, context: Context, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sweepRanges")
        self._context, self._editing = context, editing
        self._shown: tuple[object, ...] = ()
        self._lines: dict[tuple[str, str], QLineEdit] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(context.theme.tokens.gap_small)
        self._grid.setColumnStretch(0, 1)

    def show_ranges(self, workflow: Workflow) -> None:
        """Shows the ranges of a workflow."""
        seen = tuple((each, title_of(each, workflow)) for each in workflow.ranges)
        if seen == self._shown and self._grid.count():
            return
        self._shown = seen
        self._lines.clear()
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not workflow.ranges:
            words = QLabel(
                "Nothing ranges yet. Click a step, and then the range button beside one of its options.", self
            )
            words.setWordWrap(True)
            words.setProperty("role", "soft")
            self._grid.addWidget(words, 0, 0)
        for row, each in enumerate(workflow.ranges):
            self._add(row, each, workflow)

    def line(self, step: str, option: str) -> QLineEdit | None:
        """Returns the line of a range."""
        return self._lines.get((step, option))

    def edit(self, step: str, option: str) -> None:
        """Puts the cursor into the line of a range."""
        line = self._lines.get((step, option))
        if line is not None:
            line.setFocus()
            line.selectAll()

    def _add(self, row: int, each: OptionRange, workflow: Workflow) -> None:
        title = title_of(each, workflow)
        label = QLabel(title, self)
        label.setWordWrap(True)
        label.setToolTip(f"{each.step}.{each.option}")
        line = QLineEdit(shown_range(each), self)
        line.setObjectName(f"range.{each.step}.{each.option}")
        line.setAccessibleName(f"Range of {title}")
        line.setToolTip("1 to 100, or 1 to 100, log, or a list: 1, 2, 5")
        line.setFixedWidth(_WIDTH)
        line.editingFinished.connect(lambda: self._typed(each, line))
        label.setBuddy(line)
        gone = QToolButton(self)
        gone.setObjectName(f"unrange.{each.step}.{each.option}")
        gone.setAccessibleName(f"One value again for {title}")
        gone.setToolTip("One value again")
        gone.setIcon(self._context.theme.icon("close"))
        gone.clicked.connect(lambda: self._try(lambda: self._set(each, None)))
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(line, row, 1)
        self._grid.addWidget(gone, row, 2, Qt.AlignmentFlag.AlignVCenter)
        self._lines[each.step, each.option] = line

    def _typed(self, each: OptionRange, line: QLineEdit) -> None:
        if line.text() == shown_range(each):
            set_look(line, "state", "")
            return
        try:
            read = read_range(
                line.text(), each.step, each.option, self._editing.workflow, self._editing.catalogue.types
            )
        except SolviturError as error:
            set_look(line, "state", "bad")
            self.failed.emit(str(error))
            return
        # A line that is taken away because of this very edit loses the focus, and would tell of it once more.
        there = [r for r in self._editing.workflow.ranges if (r.step, r.option) == (each.step, each.option)]
        if there and read not in there:
            self._try(lambda: self._set(each, read))

    def _set(self, each: OptionRange, new: OptionRange | None) -> None:
        words = "one value again" if new is None else "change a range"
        self._editing.apply(SetRange(words, each.step, each.option, new))

    def _try(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except SolviturError as error:
            self.failed.emit(str(error))
