"""One change from its plan to its end: what will change, how it goes, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine.plugins.installing import Done
from solvitur.engine.plugins.plans import REMOVED, PackageChange, Plan, size_text
from solvitur.gui.theme import Theme, set_look

_TRUST = "A plugin is a program that can do all that you can: install only those of people you trust."
_HEADS = ("Package", "Version", "Change", "Size", "Licence", "Plugins")


class ChangePage(QWidget):
    """Shows a change; ``agreed`` and ``dropped`` answer its plan, ``stopped`` ends it, ``closed`` leaves it."""

    agreed = Signal()
    dropped = Signal()
    stopped = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        gap = theme.tokens.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * gap, 2 * gap, 3 * gap, 2 * gap)
        column.setSpacing(gap + 4)
        head = QHBoxLayout()
        head.setSpacing(gap)
        self._icon, self.title = QLabel(self), QLabel(self)
        self.title.setObjectName("changeTitle")
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        head.addWidget(self._icon)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        self.text = QLabel(self)
        self.text.setObjectName("changeText")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.text)
        self.table = QWidget(self)
        self.table.setObjectName("changeTable")
        self._grid = QGridLayout(self.table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * gap)
        self._grid.setVerticalSpacing(theme.tokens.gap_small)
        column.addWidget(self.table)
        self.bar = QProgressBar(self)
        self.bar.setObjectName("changeProgress")
        self.bar.setAccessibleName("Progress")
        self.bar.setRange(0, 0)
        column.addWidget(self.bar)
        column.addLayout(self._make_buttons())
        column.addStretch(1)

    def show_work(self, title: str, text: str = "") -> None:
        """Shows that something is being done; it can be stopped."""
        self._show("waiting", "text_soft", title, text or "…", ("stop",), working=True)

    def show_step(self, text: str) -> None:
        """Tells what is being done now."""
        if self.bar.isVisible():
            self.text.setText(text)

    def show_plan(self, plan: Plan) -> None:
        """Shows what will change and asks."""
        names = ", ".join(plan.plugins) or plan.asked
        if plan.action == "install":
            self.agree.setText("Install")
            size = f" {size_text(plan.size_bytes)} in all." if len(plan.changes) > 1 else ""
            text = f"Nothing is changed yet. Solvitur's own packages stay as they are.{size}\n{_TRUST}"
            self._show("plugin", "accent", f"Install {names}?", text, ("agree", "drop"))
        else:
            self.agree.setText("Remove")
            text = "Models and runs that used it stay; they ask for another solver when you solve them again."
            self._show("delete", "warn", f"Remove {names}?", text, ("agree", "drop"))
        self._fill(plan.changes)
        self.drop_button.setFocus()

    def show_done(self, plan: Plan, done: Done) -> None:
        """Tells how a change ended."""
        names = ", ".join(plan.plugins)
        if plan.action == "install":
            text = "It passed its trial and can be used at once, in this window and from the command line."
        else:
            text = "It is gone, with what only it needed."
        if done.restart:
            listed = ", ".join(done.restart)
            text += (
                f"\nThis window still runs the version of '{listed}' that it had loaded: pictures, readers and "
                "writers change with the next start. Solves use the new version from now on."
            )
        text += "".join(f"\n{finding.severity.value}: {finding}" for finding in done.findings)
        word = "Installed" if plan.action == "install" else "Removed"
        self._show("good", "good", f"{word}: {names}", text, ("close",))
        self.close_button.setFocus()

    def show_failure(self, text: str, stopped: bool) -> None:
        """Tells why nothing was changed."""
        look = ("stop", "text_soft", "Stopped") if stopped else ("error", "bad", "Nothing was changed")
        self._show(*look, text[:1].upper() + text[1:], ("close",))
        self.close_button.setFocus()

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.tokens.gap)
        self.agree = self._button("agreeToChange", "Install", self.agreed.emit, primary=True)
        self.drop_button = self._button("dropChange", "Cancel", self.dropped.emit)
        self.stop_button = self._button("stopChange", "Stop", self.stopped.emit)
        self.close_button = self._button("closeChange", "Back to the plugin", self.closed.emit)
        for button in (self.agree, self.drop_button, self.stop_button, self.close_button):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _button(self, name: str, title: str, pressed: Callable[[], None], *, primary: bool = False) -> QPushButton:
        button = QPushButton(title, self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setAutoDefault(False)
        if primary:
            button.setProperty("kind", "primary")
        button.clicked.connect(lambda: pressed())  # noqa: PLW0108 - drops "checked"
        return button

    def _show(
        self, icon: str, token: str, title: str, text: str, buttons: Sequence[str], *, working: bool = False
    ) -> None:
        side = self._theme.tokens.icon_px + 8
        self._icon.setPixmap(self._theme.pixmap(icon, token, side))
        self.title.setText(title)
        self.text.setText(text)
        self._fill(())
        self.bar.setVisible(working)
        shown = {"agree": self.agree, "drop": self.drop_button, "stop": self.stop_button, "close": self.close_button}
        for name, button in shown.items():
            button.setVisible(name in buttons)
        self.agree.setAccessibleName(self.agree.text())

    def _fill(self, changes: Sequence[PackageChange]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.table.setVisible(bool(changes))
        rows = [_HEADS, *(_cells(change) for change in changes)] if changes else []
        told = [column for column in range(len(_HEADS)) if any(cells[column] for cells in rows[1:])]
        for at, cells in enumerate(rows):
            for column in told:
                text = cells[column]
                label = QLabel(text, self.table)
                label.setTextFormat(Qt.TextFormat.PlainText)
                set_look(label, "role", "small-soft" if at == 0 else "strong" if column == 0 else "")
                number = Qt.AlignmentFlag.AlignRight if column == 3 else Qt.AlignmentFlag.AlignLeft
                self._grid.addWidget(label, at, column, number)
        self._grid.setColumnStretch(len(_HEADS), 1)


def _cells(change: PackageChange) -> tuple[str, ...]:
    moved = f"{change.before} → {change.version}" if change.before and change.version else ""
    size = size_text(change.size_bytes) if change.size_bytes is not None else ""
    licence = change.licence or ("" if change.change == REMOVED else "not stated")
    version = moved if moved and change.before != change.version else change.version or change.before
    return change.name, version, change.change, size, licence, ", ".join(change.plugins)
