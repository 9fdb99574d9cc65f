"""The panel that finds communities and lists them by colour and by word."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.graphs.communities import Communities, communities
from solvitur.gui.graphs.filter_panel import swatch
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.work import Work
from solvitur.gui.numbers import counted, percent
from solvitur.gui.theme import Theme

_LISTED = 200
_CODE = int(Qt.ItemDataRole.UserRole)


class CommunityPanel(QWidget):
    """Runs the search in the background; ``found`` carries the `Communities`, ``chosen`` the number of one."""

    found = Signal(object)
    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("graphCommunities")
        self._theme = theme
        self._network = Network("")
        self.result: Communities | None = None
        gap = theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(gap, gap, gap, gap)
        rows.setSpacing(gap)
        self._words = QLabel(self)
        self._words.setProperty("role", "soft")
        self._words.setWordWrap(True)
        rows.addWidget(self._words)
        self.button = QPushButton("Find communities", self)
        self.button.setObjectName("findCommunities")
        self.button.clicked.connect(self.search)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName("Progress of the search for communities")
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.work = Work(self)
        self.work.progress.connect(lambda share, _so_far: self.bar.setValue(round(100 * share)))
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.bar, 1)
        rows.addLayout(row)
        self.list = QListWidget(self)
        self.list.setObjectName("communityList")
        self.list.setAccessibleName("Communities, the largest first")
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(int(item.data(_CODE))))
        rows.addWidget(self.list, 1)
        self._say()

    def use(self, network: Network) -> None:
        """Takes another graph."""
        self.work.give_up()
        self._network, self.result = network, None
        self._show_list(())
        self._rest()
        self._say()

    def search(self) -> None:
        """Finds communities, or gives the search up when it is under way."""
        if self.work.active:
            self.work.give_up()
            self._rest()
            return
        network = self._network
        self.button.setText("Stop")
        self.bar.setValue(0)
        self.bar.show()
        self.work.begin(lambda course: communities(network, course), self._take)

    def _take(self, result: Communities) -> None:
        self.result = result
        colours = self._theme.tokens.categories
        self._show_list(colours)
        self._rest()
        self._say()
        self.found.emit(result)

    def _show_list(self, colours: tuple[str, ...]) -> None:
        blocker = QSignalBlocker(self.list)
        self.list.clear()
        if self.result is not None:
            pairs = zip(self.result.names, self.result.sizes.tolist(), strict=True)
            for code, (name, size) in enumerate(list(pairs)[:_LISTED]):
                item = QListWidgetItem(f"{name}, {counted(size, 'node')}", self.list)
                item.setIcon(swatch(colours[code % len(colours)], self._theme))
                item.setData(_CODE, code)
        blocker.unblock()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and self.list.hasFocus():
            self.chosen.emit(int(item.data(_CODE)))

    def _rest(self) -> None:
        self.button.setText("Find communities")
        self.button.setEnabled(len(self._network) > 0)
        self.bar.hide()

    def _say(self) -> None:
        if self.result is None:
            self._words.setText("Groups of nodes with many links among themselves and few to others (Louvain).")
            return
        count = len(self.result.names)
        more = f" Listed: the largest {_LISTED}." if count > _LISTED else ""
        self._words.setText(
            f"{counted(count, 'community', 'communities')}; {percent(self.result.inside)} of the links stay inside."
            f" Click one to pick its nodes.{more}"
        )
