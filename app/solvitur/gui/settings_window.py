"""The settings: a window that stays open beside the work, made from the typed settings."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from solvitur.engine.settings import Settings
from solvitur.gui.forms import OptionsForm
from solvitur.gui.preferences import Preferences
from solvitur.gui.theme import Theme
from solvitur.problem.options import option_specs

_SECTIONS = (
    ("Appearance", ("theme", "zoom_percent", "reduce_motion")),
    ("New projects", ("time_limit_s", "relative_gap", "threads", "seed")),
    ("Runs", ("parallel_jobs", "worker_memory_mb")),
)
_LABEL_WIDTH = 176


class SettingsWindow(QDialog):
    """Every setting takes effect at once; there is nothing to confirm."""

    def __init__(self, preferences: Preferences, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("settingsWindow")
        self.setAccessibleName("Settings")
        self.setWindowTitle("Settings")
        self.setProperty("helpPage", "settings")
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.resize(720, 584)
        self._preferences = preferences
        gap = theme.tokens.gap
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(3 * gap, 2 * gap, 3 * gap, 2 * gap)
        column.setSpacing(gap + 4)
        self.forms: list[OptionsForm] = []
        specs = {spec.name: spec for spec in option_specs(Settings)}
        for title, names in _SECTIONS:
            heading = QLabel(title, page)
            heading.setProperty("role", "heading")
            column.addWidget(heading)
            form = OptionsForm(theme, [specs[name] for name in names], self._values(), page, _LABEL_WIDTH)
            form.edited.connect(self._take)
            self.forms.append(form)
            column.addWidget(form)
            column.addSpacing(gap)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        page.setProperty("page", "true")
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(3 * gap, gap, 3 * gap, gap)
        defaults = QPushButton("Use the original settings", self)
        defaults.setObjectName("originalSettings")
        defaults.setAccessibleName("Use the original settings")
        defaults.clicked.connect(self._reset)
        close = QPushButton("Close", self)
        close.setObjectName("closeSettings")
        close.setAccessibleName("Close the settings")
        close.setDefault(True)
        close.clicked.connect(self.close)
        foot.addWidget(defaults)
        foot.addStretch(1)
        foot.addWidget(close)
        outer.addLayout(foot)
        preferences.changed.connect(lambda _settings: self._show())

    def _values(self) -> dict[str, object]:
        return {name: getattr(self._preferences.value, name) for _, names in _SECTIONS for name in names}

    def _take(self, name: str, value: object) -> None:
        self._preferences.change(lambda s: replace(s, **{name: value}))  # type: ignore[arg-type]

    def _reset(self) -> None:
        shown = self._values()
        original = {spec.name: spec.default for spec in option_specs(Settings) if spec.name in shown}
        self._preferences.change(lambda s: replace(s, **original))

    def _show(self) -> None:
        focused = self.focusWidget()
        for form in self.forms:
            if focused is None or not form.isAncestorOf(focused):
                form.show_values(self._values())
