"""The panel that filters a solution graph."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.graphs.filters import Filter
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.ranges import ValueRange
from solvitur.gui.numbers import show
from solvitur.gui.theme import Theme

_TYPING_MS = 150
_MOST_GROUPS = 200
_MOST_HOPS = 12
_CODE = int(Qt.ItemDataRole.UserRole)


class FilterPanel(QWidget):
    """Says what is to be shown; ``changed`` carries the `Filter`."""

    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("graphFilter")
        self._theme = theme
        self._picked: frozenset[int] = frozenset()
        self._around: frozenset[int] = frozenset()
        self._wait = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._wait.timeout.connect(lambda: self.changed.emit(self.chosen))
        gap = theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(gap, gap, gap, gap)
        rows.setSpacing(gap)
        self.text = QLineEdit(self)
        self.text.setObjectName("filterText")
        self.text.setAccessibleName("Only nodes whose name or group has")
        self.text.setPlaceholderText("Name or group has …")
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(self._wait.start)
        self.nodes = ValueRange(theme, "node value", self)
        self.links = ValueRange(theme, "link value", self)
        for part in (self.nodes, self.links):
            part.changed.connect(self._wait.start)
        self.isolated = QCheckBox("Hide nodes without links", self)
        self.isolated.setObjectName("hideIsolated")
        self.isolated.toggled.connect(self._wait.start)
        for widget in (self.text, self.nodes, self.links, self.isolated):
            rows.addWidget(widget)
        rows.addLayout(self._make_near())
        self._title = QLabel("Groups", self)
        self._title.setProperty("role", "strong")
        self.groups = QListWidget(self)
        self.groups.setObjectName("filterGroups")
        self.groups.setAccessibleName("Groups that are shown")
        self.groups.itemChanged.connect(lambda _item: self._wait.start())
        rows.addWidget(self._title)
        rows.addWidget(self.groups, 1)
        self.all = QPushButton("Show everything", self)
        self.all.setObjectName("showEverything")
        self.all.clicked.connect(self.clear)
        rows.addWidget(self.all)
        rows.addStretch(0)

    def use(self, network: Network, colours: tuple[str, ...]) -> None:
        """Takes another graph; nothing is filtered at first."""
        self._wait.stop()
        self._around = frozenset()
        with _quiet(self.text), _quiet(self.isolated), _quiet(self.near), _quiet(self.groups):
            self.text.clear()
            self.isolated.setChecked(False)
            self.near.setChecked(False)
            self.groups.clear()
            for code, name in enumerate(network.group_names[:_MOST_GROUPS]):
                item = QListWidgetItem(name, self.groups)
                item.setData(_CODE, code)
                item.setCheckState(Qt.CheckState.Checked)
                item.setIcon(swatch(colours[code % len(colours)], self._theme))
        self.nodes.use(network.node_values, f"Nodes by {network.node_word}")
        self.links.use(network.weight, "Links by value", network.unit)
        several = len(network.group_names) > 1
        self.groups.setVisible(several)
        self._title.setVisible(several)

    def clear(self) -> None:
        """Shows everything again."""
        with _quiet(self.text), _quiet(self.isolated), _quiet(self.near), _quiet(self.groups):
            self.text.clear()
            self.isolated.setChecked(False)
            self.near.setChecked(False)
            for row in range(self.groups.count()):
                self.groups.item(row).setCheckState(Qt.CheckState.Checked)
        self._around = frozenset()
        for part in (self.nodes, self.links):
            with _quiet(part):
                part.low.setValue(part.low.minimum())
                part.high.setValue(part.high.maximum())
        self.changed.emit(self.chosen)

    def show_picked(self, nodes: frozenset[int]) -> None:
        """Takes the nodes that are picked on the canvas, for what is near them."""
        self._picked = nodes
        self.near.setEnabled(bool(nodes) or self.near.isChecked())
        if not self.near.isChecked():
            several = f"{show(len(nodes))} picked nodes"
            self.near.setText(
                f"Only near the {'picked node' if len(nodes) == 1 else several if nodes else 'picked nodes'}"
            )

    def show_near(self, nodes: frozenset[int]) -> None:
        """Shows what is near some nodes."""
        self._picked = nodes
        self.near.setEnabled(True)
        if self.near.isChecked():
            self._around = nodes
            self.changed.emit(self.chosen)
        else:
            self.near.setChecked(True)

    @property
    def chosen(self) -> Filter:
        """What is to be shown."""
        hidden = frozenset(
            int(item.data(_CODE))
            for item in map(self.groups.item, range(self.groups.count()))
            if item.checkState() is Qt.CheckState.Unchecked
        )
        return Filter(
            self.text.text(),
            self.nodes.value,
            self.links.value,
            self.isolated.isChecked(),
            self._around,
            self.hops.value(),
            hidden,
        )

    def _make_near(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.tokens.gap)
        self.near = QCheckBox("Only near the picked nodes", self)
        self.near.setObjectName("onlyNear")
        self.near.setEnabled(False)
        self.near.setToolTip("Pick nodes on the canvas, or double click one")
        self.near.toggled.connect(self._turn_near)
        self.hops = QSpinBox(self)
        self.hops.setObjectName("hops")
        self.hops.setAccessibleName("How many links away")
        self.hops.setToolTip("How many links away, in either direction")
        self.hops.setRange(0, _MOST_HOPS)
        self.hops.setValue(1)
        self.hops.valueChanged.connect(lambda _value: self._wait.start() if self.near.isChecked() else None)
        row.addWidget(self.near, 1)
        row.addWidget(self.hops)
        return row

    def _turn_near(self, on: bool) -> None:
        self._around = self._picked if on else frozenset()
        if not on:
            self.show_picked(self._picked)
        self._wait.start(0)


def _quiet(widget: QWidget) -> QSignalBlocker:
    return QSignalBlocker(widget)


def swatch(colour: str, theme: Theme) -> QIcon:
    """Returns a square of a colour, for lists."""
    side = theme.tokens.icon_px - 4
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)
