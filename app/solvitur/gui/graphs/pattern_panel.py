"""The panel that searches a graph for a small pattern, lists where it fits and goes from one place to the next."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.graphs.filter_panel import swatch
from solvitur.gui.graphs.matches import MOST_MATCHES, Match, Matches, Pattern, PatternNode, find
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.scenery import Colours
from solvitur.gui.graphs.sketch import MOST_NODES, Sketch
from solvitur.gui.graphs.work import Work
from solvitur.gui.numbers import counted, show
from solvitur.gui.theme import Theme

_NUMBER = int(Qt.ItemDataRole.UserRole)
_COLOURS_OFFERED = 60


class PatternPanel(QWidget):
    """``shown`` carries the `Match` on show, or None."""

    shown = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("graphPattern")
        self._theme = theme
        self._icons: dict[QToolButton, str] = {}
        self._network = Network("")
        self._colours = Colours(np.zeros(0, np.int64), ())
        self._picked: frozenset[int] = frozenset()
        self.matches: Matches | None = None
        self.work = Work(self)
        self.work.progress.connect(lambda share, _so_far: self.bar.setValue(round(100 * share)))
        gap = theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(gap, gap, gap, gap)
        rows.setSpacing(gap)
        self.sketch = Sketch(theme, self)
        self.sketch.changed.connect(self._changed)
        self.sketch.picked.connect(self._show_node)
        rows.addWidget(self.sketch)
        rows.addLayout(self._make_tools())
        rows.addLayout(self._make_fields())
        rows.addLayout(self._make_search())
        self.words = QLabel(self)
        self.words.setObjectName("patternWords")
        self.words.setProperty("role", "soft")
        self.words.setWordWrap(True)
        rows.addWidget(self.words)
        self.list = QListWidget(self)
        self.list.setObjectName("matchList")
        self.list.setAccessibleName("Places where the pattern fits")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show_match)
        rows.addWidget(self.list, 1)
        theme.changed.connect(self._paint)
        self._paint()
        self._changed()

    def use(self, network: Network) -> None:
        """Takes another graph; the pattern stays."""
        self.work.give_up()
        self._network = network
        self.sketch.directed = network.directed
        self._changed()

    def use_colours(self, colours: Colours, names: tuple[str, ...]) -> None:
        """Takes the colours that nodes have now, with their names."""
        self._colours = colours
        self.sketch.use_colours(colours.palette)
        blocker = QSignalBlocker(self.colour)
        self.colour.clear()
        self.colour.addItem("any colour", -1)
        for code, name in enumerate(names[:_COLOURS_OFFERED]):
            self.colour.addItem(swatch(colours.palette[code], self._theme), name, code)
        blocker.unblock()
        self._show_node()

    def show_picked(self, nodes: frozenset[int]) -> None:
        """Takes the nodes that are picked on the canvas, to make a pattern of them."""
        self._picked = nodes
        self.from_picked.setEnabled(1 < len(nodes) <= MOST_NODES)

    def take_picked(self) -> None:
        """Draws the picked nodes and the links among them as the pattern."""
        chosen = sorted(self._picked)
        place = {node: at for at, node in enumerate(chosen)}
        pairs = zip(self._network.source.tolist(), self._network.target.tolist(), strict=True)
        links = tuple(dict.fromkeys((place[a], place[b]) for a, b in pairs if a in place and b in place and a != b))
        angles = 2 * np.pi * np.arange(len(chosen)) / max(len(chosen), 1)
        spots = [QPointF(0.5 + 0.34 * float(np.cos(a)), 0.45 + 0.32 * float(np.sin(a))) for a in angles]
        self.sketch.show_pattern(Pattern((PatternNode(),) * len(chosen), links), spots)

    def search(self) -> None:
        """Searches, or gives the search up when it is under way."""
        if self.work.active:
            self.work.give_up()
            self._rest()
            self.words.setText("Stopped.")
            return
        pattern, network, codes = self.sketch.pattern, self._network, self._colours.nodes
        if pattern.why_not:
            self.words.setText(pattern.why_not)
            return
        self._forget()
        self.words.setText("Searching …")
        self.button.setText("Stop")
        self.bar.setValue(0)
        self.bar.show()
        self.work.begin(lambda course: find(network, pattern, codes, course), self._take)

    def step(self, by: int) -> None:
        """Goes to the next or the previous place."""
        count = self.list.count()
        if count:
            self.list.setCurrentRow((self.list.currentRow() + by) % count)

    @property
    def all_nodes(self) -> np.ndarray:
        """The nodes of all places found."""
        found = self.matches.found if self.matches is not None else ()
        return np.unique(np.array([node for match in found for node in match.nodes], dtype=np.int64))

    # parts

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.tokens.gap_small)
        add = self._button(
            "addPatternNode", "Add node", lambda: self.sketch.add_node(linked_from=self.sketch.current)
        )
        add.setToolTip("Adds a node, linked from the picked one (N)")
        self.from_picked = self._button("patternFromPicked", "From picked", self.take_picked)
        self.from_picked.setToolTip(f"Draws the nodes picked on the canvas (2 to {MOST_NODES}) as the pattern")
        self.from_picked.setEnabled(False)
        remove = self._button("removePatternNode", "Remove", self.sketch.remove)
        for button in (add, self.from_picked, remove):
            row.addWidget(button)
        return row

    def _make_fields(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.text = QLineEdit(self)
        self.text.setObjectName("patternText")
        self.text.setAccessibleName("The picked node's name or group has")
        self.text.setPlaceholderText("Name or group has …")
        self.text.textEdited.connect(lambda text: self.sketch.describe(text=text))
        self.colour = QComboBox(self)
        self.colour.setObjectName("patternColour")
        self.colour.setAccessibleName("Colour of the picked node")
        self.colour.currentIndexChanged.connect(
            lambda _at: self.sketch.describe(colour=int(self.colour.currentData()))
        )
        self.colour.addItem("any colour", -1)
        self.colour.setMinimumContentsLength(9)
        self.colour.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        row.addWidget(self.text, 1)
        row.addWidget(self.colour)
        return row

    def _make_search(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.button = self._button("searchPattern", "Search", self.search)
        self.button.setProperty("kind", "primary")
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName("Progress of the pattern search")
        self.bar.setTextVisible(False)
        self.bar.hide()
        row.addWidget(self.button)
        row.addWidget(self.bar, 1)
        row.addStretch(0)
        for name, icon, by in (("previousMatch", "chevron-up", -1), ("nextMatch", "chevron-down", 1)):
            arrow = QToolButton(self)
            arrow.setObjectName(name)
            arrow.setAccessibleName("Previous place" if by < 0 else "Next place")
            arrow.setToolTip("Previous place (Shift+N)" if by < 0 else "Next place (N)")
            self._icons[arrow] = icon
            arrow.clicked.connect(lambda _on=False, by=by: self.step(by))
            row.addWidget(arrow)
        return row

    def _button(self, name: str, title: str, call: object) -> QPushButton:
        button = QPushButton(title, self)
        button.setObjectName(name)
        button.clicked.connect(lambda _on=False: call())  # type: ignore[operator]
        return button

    def _paint(self) -> None:
        for arrow, icon in self._icons.items():
            arrow.setIcon(self._theme.icon(icon))

    # what happens

    def _changed(self) -> None:
        """Drops what was found: it was another pattern's."""
        self._show_node()
        self.work.give_up()
        self._rest()
        self._forget()
        self.words.setText(self.sketch.pattern.why_not)

    def _forget(self) -> None:
        had, self.matches = self.matches is not None, None
        blocker = QSignalBlocker(self.list)
        self.list.clear()
        blocker.unblock()
        if had:
            self.shown.emit(None)

    def _rest(self) -> None:
        self.button.setText("Search")
        self.bar.hide()

    def _take(self, matches: Matches) -> None:
        self._rest()
        self.matches = matches
        count = len(matches.found)
        if not count:
            self.words.setText("The pattern fits nowhere. Fewer links or texts fit more places.")
        elif matches.complete:
            self.words.setText(f"It fits in {counted(count, 'place')}.")
        else:
            self.words.setText(f"Showing the first {show(MOST_MATCHES)} places; say more of the nodes to see fewer.")
        blocker = QSignalBlocker(self.list)
        for number, match in enumerate(matches.found):
            names = ", ".join(self._network.names[node] for node in match.nodes)
            item = QListWidgetItem(f"{number + 1}  {names}", self.list)
            item.setData(_NUMBER, number)
            item.setToolTip(names)
        blocker.unblock()
        if count:
            self.list.setCurrentRow(0)

    def _show_match(self, row: int) -> None:
        if self.matches is not None and 0 <= row < len(self.matches.found):
            match: Match = self.matches.found[row]
            self.shown.emit(match)

    def _show_node(self) -> None:
        at = self.sketch.current
        node = self.sketch.pattern.nodes[at] if at >= 0 else PatternNode()
        for field in (self.text, self.colour):
            field.setEnabled(at >= 0)
        if self.text.text() != node.text:
            self.text.setText(node.text)
        blocker = QSignalBlocker(self.colour)
        self.colour.setCurrentIndex(max(self.colour.findData(node.colour), 0))
        blocker.unblock()
