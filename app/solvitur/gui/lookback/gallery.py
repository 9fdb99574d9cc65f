"""The pictures of a run: a ranked list, and the one on show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from solvitur.gui.graphs.sources import is_graph, network_of
from solvitur.gui.preload import Preload
from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme
from solvitur.problem.pictures import (
    Bars,
    Gantt,
    Graph,
    Heatmap,
    Lines,
    Picture,
    Routes,
    Scatter,
    TablePicture,
)

if TYPE_CHECKING:
    from solvitur.gui.pictures.view import PictureView

_LIST_PX = 150
_KINDS: tuple[tuple[type[Picture], str], ...] = (
    (Bars, "bars"),
    (Heatmap, "grid"),
    (Graph, "flows"),
    (Scatter, "map"),
    (Lines, "lines"),
    (Gantt, "timetable"),
    (Routes, "routes"),
    (TablePicture, "table"),
)


class Gallery(QWidget):
    """Picks one picture of several and shows it."""

    failed = Signal(object)

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection = theme, selection
        self._preload = Preload("solvitur.gui.pictures.view", self)
        self._graphs = Preload("solvitur.gui.graphs.window", self)
        self.pictures: tuple[Picture, ...] = ()
        self._able: tuple[Picture, ...] = ()
        """Those that can be opened as graphs."""
        self.view: PictureView | None = None
        self.list = QListWidget(self)
        self.list.setObjectName("pictureList")
        self.list.setAccessibleName("Pictures of this answer")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFixedWidth(_LIST_PX)
        self.list.setStyleSheet("QListWidget { border: 0; background: transparent; }")
        self.list.setWordWrap(True)
        self.list.currentRowChanged.connect(self._show)
        self._room = QStackedWidget(self)
        self._words = QLabel(self)
        self._words.setProperty("role", "soft")
        self._words.setMargin(2 * theme.tokens.gap)
        self._words.setWordWrap(True)
        self._room.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.tokens.gap, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self._room, 1)

    def show_pictures(self, pictures: Sequence[Picture], why_none: str = "") -> None:
        """Shows pictures, best first; without any, the sentence why."""
        kept = self.list.currentItem().text() if self.list.currentItem() is not None else ""
        self.pictures = tuple(pictures)
        self._able = tuple(picture for picture in pictures if is_graph(picture))
        blocker = QSignalBlocker(self.list)
        self.list.clear()
        texts = [f"{kind_word(picture).capitalize()}\n{picture.title.partition(':')[0]}" for picture in pictures]
        for text, picture in zip(texts, pictures, strict=True):
            item = QListWidgetItem(text, self.list)
            item.setToolTip(picture.title)
        row = texts.index(kept) if kept in texts else 0
        self.list.setCurrentRow(row if pictures else -1)
        blocker.unblock()
        self.list.setVisible(len(pictures) > 1)
        self._words.setText(why_none or "This answer has no picture.")
        self._show(row if pictures else -1)

    @property
    def graph_picture(self) -> Picture | None:
        """The picture on show if it is a graph, else the first one that is; None when there is none."""
        row = self.list.currentRow()
        shown = self.pictures[row] if 0 <= row < len(self.pictures) else None
        return shown if shown in self._able else next(iter(self._able), None)

    def open_as_graph(self) -> None:
        """Opens that picture as a graph in a window of its own."""
        picture = self.graph_picture
        if picture is not None:
            self._graphs.when_ready(partial(self._open_graph, picture))

    def _open_graph(self, picture: Picture) -> None:
        from solvitur.gui.graphs.window import open_graph  # noqa: PLC0415 - loads pyqtgraph

        network = network_of(picture)
        if network is not None:
            open_graph(network, self._theme, self._selection, self)

    def export_all(self, folder: Path, suffixes: Sequence[str]) -> Iterator[Path]:
        """Writes every picture into a folder, one at each step, and yields the files.

        Raises
        ------
        InputError
            If a file cannot be written.
        """
        from solvitur.gui.pictures.export import export_picture  # noqa: PLC0415 - loads pyqtgraph

        for at, picture in enumerate(self.pictures, start=1):
            name = "".join(c if c.isalnum() else "-" for c in picture.title.casefold()).strip("-")[:60]
            for suffix in suffixes:
                path = folder / f"{at:02}-{name or 'picture'}{suffix}"
                export_picture(picture, path, dark=self._theme.tokens.dark, scale=2.0)
                yield path

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self.pictures):
            self._room.setCurrentIndex(0)
            if self.view is not None:
                self.view.clear()
            return
        if not self._preload.ready:
            self._words.setText("Preparing the picture \u2026")
            self._room.setCurrentIndex(0)
            self._preload.when_ready(lambda: self._show(self.list.currentRow()))
            return
        if self.view is None:
            self.view = self._make_view()
        self._room.setCurrentWidget(self.view)
        if self.view.picture is not self.pictures[row]:
            self.view.show_picture(self.pictures[row])

    def _make_view(self) -> PictureView:
        from solvitur.gui.pictures.view import PictureView  # noqa: PLC0415 - loads pyqtgraph

        made = PictureView(self._theme, self._selection, self)
        made.failed.connect(self.failed)
        self._room.addWidget(made)
        return made


def kind_word(picture: Picture) -> str:
    """Names a kind of picture in a word."""
    if isinstance(picture, Gantt) and picture.low is not None:
        return "address map"
    if isinstance(picture, Graph) and not picture.layered:
        return "map" if picture.positions is not None else "graph"
    return next((word for kind, word in _KINDS if isinstance(picture, kind)), "picture")
