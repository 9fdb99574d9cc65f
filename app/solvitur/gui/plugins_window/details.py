"""What is known of one plugin, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from solvitur.engine.plugins.trial import Trial
from solvitur.gui.plugins_window.states import HOOK_WORDS, look_of, origin_of
from solvitur.gui.theme import Theme, set_look
from solvitur.hooks.loading import DISABLED, LOADED, SWITCHED_OFF, PluginEntry
from solvitur.problem.findings import Severity

_FINDING_LOOKS = {
    Severity.ERROR: ("error", "bad"),
    Severity.WARNING: ("warning", "warn"),
    Severity.INFO: ("info", "accent"),
}


class DetailsPage(QWidget):
    """One plugin: state with its cause, what it provides, and the buttons."""

    switch = Signal(str, bool)
    check = Signal(str)
    remove = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.entry: PluginEntry | None = None
        self._trials: dict[str, Trial] = {}
        self._focused: QPushButton | None = None
        gap = theme.tokens.gap
        page = QWidget(self)
        page.setProperty("page", "true")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(3 * gap, 2 * gap, 3 * gap, 2 * gap)
        self._column.setSpacing(gap)
        self.title = QLabel(page)
        self.title.setObjectName("pluginTitle")
        self.title.setProperty("role", "heading")
        self.origin = QLabel(page)
        self.origin.setObjectName("pluginOrigin")
        self.origin.setProperty("role", "soft")
        self._icon, self.state = QLabel(page), QLabel(page)
        self.state.setObjectName("pluginState")
        self.state.setWordWrap(True)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line = QHBoxLayout()
        line.setSpacing(gap)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.state, 1)
        self._column.addWidget(self.title)
        self._column.addWidget(self.origin)
        self._column.addLayout(line)
        self._column.addLayout(self._make_buttons(page))
        self._body = QWidget(page)
        self._rows = QGridLayout(self._body)
        self._rows.setContentsMargins(0, gap, 0, 0)
        self._rows.setHorizontalSpacing(2 * gap)
        self._rows.setVerticalSpacing(gap)
        self._rows.setColumnStretch(1, 1)
        self._column.addWidget(self._body)
        self._column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        theme.changed.connect(self._show)

    def show_entry(self, entry: PluginEntry | None) -> None:
        """Shows a plugin."""
        self.entry = entry
        self._show()

    def show_trial(self, trial: Trial) -> None:
        """Shows what a check found, as long as the plugin stays as it is."""
        self._trials[trial.plugin] = trial
        self._show()

    def forget_trials(self) -> None:
        """Drops what checks found: plugins were changed."""
        self._trials.clear()

    def set_busy(self, busy: bool) -> None:
        """Takes the buttons out of use while something is being done."""
        buttons = (self.switch_button, self.check_button, self.remove_button)
        if busy and self._focused is None:
            self._focused = next((button for button in buttons if button.hasFocus()), None)
        for button in buttons:
            button.setEnabled(not busy)
        if not busy and self._focused is not None:
            self._focused.setFocus()
            self._focused = None

    def _make_buttons(self, page: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.tokens.gap)
        self.switch_button = _button(page, "switchPlugin")
        self.check_button = _button(page, "checkPlugin")
        self.check_button.setText("Check")
        self.check_button.setToolTip(
            "Tries the plugin in a process of its own: loads it, solves small models, stops it"
        )
        self.remove_button = _button(page, "removePlugin")
        self.remove_button.setText("Remove…")
        self.switch_button.clicked.connect(self._switch)
        self.check_button.clicked.connect(lambda: self.check.emit(self._name))
        self.remove_button.clicked.connect(lambda: self.remove.emit(self._name))
        for button in (self.switch_button, self.check_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        return row

    @property
    def _name(self) -> str:
        return self.entry.name if self.entry is not None else ""

    def _switch(self) -> None:
        if self.entry is not None:
            self.switch.emit(self.entry.name, self.entry.state != LOADED)

    def _show(self) -> None:
        entry = self.entry
        self._scroll.setVisible(entry is not None)
        if entry is None:
            return
        look = look_of(entry)
        self.title.setText(entry.name)
        self.origin.setText(origin_of(entry))
        self._icon.setPixmap(self._theme.pixmap(look.icon, look.token))
        told = entry.cause and entry.cause != SWITCHED_OFF
        self.state.setText(f"{look.words}: {entry.cause}" if told else look.words)
        on = entry.state == LOADED
        again = "Switch on" if entry.state == DISABLED else "Try again"
        self.switch_button.setText("Switch off" if on else again)
        for button, verb in (
            (self.switch_button, self.switch_button.text()),
            (self.check_button, "Check"),
            (self.remove_button, "Remove"),
        ):
            button.setAccessibleName(f"{verb} {entry.name}")
        self.remove_button.setVisible(not entry.ours)
        self._fill(entry)

    def _fill(self, entry: PluginEntry) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for hook, names in entry.provides.items():
            row = self._rows.rowCount()
            head = _label(HOOK_WORDS.get(hook, hook), "soft", self._body)
            self._rows.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(_label(", ".join(names), "", self._body), row, 1)
        trial = self._trials.get(entry.name)
        if trial is not None:
            self._show_findings(trial)

    def _show_findings(self, trial: Trial) -> None:
        row = self._rows.rowCount()
        head = _label("Check", "soft", self._body)
        self._rows.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
        verdict = "passed: it keeps to all contracts" if trial.passed else "did not pass"
        shown = [(verdict, ("good", "good") if trial.passed else ("error", "bad"))]
        shown += [(str(finding), _FINDING_LOOKS[finding.severity]) for finding in trial.findings]
        box = QWidget(self._body)
        box.setObjectName("checkFindings")
        lines = QGridLayout(box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(self._theme.tokens.gap_small)
        lines.setColumnStretch(1, 1)
        for at, (text, (icon, token)) in enumerate(shown):
            picture = QLabel(box)
            picture.setPixmap(self._theme.pixmap(icon, token))
            lines.addWidget(picture, at, 0, Qt.AlignmentFlag.AlignTop)
            lines.addWidget(_label(text, "", box), at, 1)
        self._rows.addWidget(box, row, 1)


def _label(text: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(role != "soft")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        set_look(label, "role", role)
    return label


def _button(parent: QWidget, name: str) -> QPushButton:
    button = QPushButton(parent)
    button.setObjectName(name)
    button.setAutoDefault(False)
    return button
