"""The picture view: a sheet that selects with the rest of the window, and the ways to take the picture along."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from solvitur.gui.graphs.sources import is_graph, network_of
from solvitur.gui.graphs.window import open_graph
from solvitur.gui.numbers import counted
from solvitur.gui.pictures.drawings import drawing_of, needs_layout
from solvitur.gui.pictures.export import checked, image_of, settle, write_csv, write_widget
from solvitur.gui.pictures.layouts import place
from solvitur.gui.pictures.look import Look
from solvitur.gui.pictures.rows import csv_of
from solvitur.gui.pictures.sheet import Sheet
from solvitur.gui.selection import Selected, Selection
from solvitur.gui.tasks import Tasks
from solvitur.gui.theme import Theme
from solvitur.problem.errors import InputError
from solvitur.problem.pictures import Graph, Picture

_FILTERS = "PNG image (*.png);;SVG drawing (*.svg);;CSV data (*.csv)"
_FILES = (("PNG image\u2026", ".png"), ("SVG drawing\u2026", ".svg"), ("Data as CSV\u2026", ".csv"))
_PNG_SCALE = 2.0


class PictureView(QWidget):
    """Shows one picture at a time."""

    failed = Signal(object)
    """The error of an export that could not be written."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictureView")
        self.setAccessibleName("Picture")
        self._theme, self._selection = theme, selection
        self.picture: Picture | None = None
        self.sheet: Sheet | None = None
        self._places: np.ndarray | None = None
        self._tasks = Tasks(self)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._waiting = QLabel(self)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setProperty("role", "soft")
        self._rows.addWidget(self._waiting, 1)
        self._tools = self._make_tools()
        theme.changed.connect(self._redraw)
        selection.changed.connect(self._follow)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy)

    def show_picture(self, picture: Picture) -> None:
        """Shows a picture; large graphs are laid out in the background first."""
        self.picture, self._places = picture, None
        if needs_layout(picture) and isinstance(picture, Graph):
            self._clear()
            self._waiting.setText(f"Arranging {counted(len(picture.nodes), 'node')} \u2026")
            graph = picture
            self._tasks.run(
                "Arranging a graph",
                lambda: place(graph),
                lambda found: self._arranged(graph, found),
                self.failed.emit,
            )
            return
        self._redraw()

    def clear(self) -> None:
        """Shows nothing."""
        self.picture = None
        self._clear()
        self._waiting.setText("")

    def fit(self) -> None:
        """Shows the whole picture."""
        if self.sheet is not None and self.sheet.frame is not None:
            self.sheet.frame.fit()

    def export(self, path: Path | str, scale: float = _PNG_SCALE) -> None:
        """Writes the picture as it is seen (.png, .svg) or its data (.csv).

        Raises
        ------
        InputError
            If the ending is none of these, or the file cannot be written.
        """
        target = checked(path)
        if self.picture is None or self.sheet is None:
            raise InputError.at("there is no picture to export yet")
        if target.suffix.lower() == ".csv":
            write_csv(self.picture, target)
            return
        copied = self._copy_of_sheet(self.sheet)
        write_widget(copied, target, scale)
        copied.deleteLater()

    @property
    def can_be_graph(self) -> bool:
        """Whether the picture on show can be opened as a graph."""
        return self.picture is not None and is_graph(self.picture)

    def open_as_graph(self) -> None:
        """Opens the picture in a window of its own in which it can be laid out, filtered and searched."""
        network = network_of(self.picture) if self.picture is not None else None
        if network is not None:
            open_graph(network, self._theme, self._selection, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offers what the tools offer."""
        menu = QMenu(self)
        menu.setObjectName("pictureMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._theme.icon("fit"), "Show the whole picture", self.fit)
        opened = menu.addAction(self._theme.icon("graph"), "Open as graph", self.open_as_graph)
        opened.setEnabled(self.can_be_graph)
        menu.addAction(self._theme.icon("copy"), "Copy", self.copy)
        for title, suffix in _FILES:
            menu.addAction(title, partial(self._ask, suffix))
        menu.popup(event.globalPos())

    def copy(self) -> None:
        """Puts the picture, and its data as text, on the clipboard."""
        if self.picture is None or self.sheet is None:
            return
        copied = self._copy_of_sheet(self.sheet)
        data = QMimeData()
        data.setImageData(image_of(copied, _PNG_SCALE))
        data.setText(csv_of(self.picture, "\t"))
        QGuiApplication.clipboard().setMimeData(data)
        copied.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the tools in the upper right corner."""
        super().resizeEvent(event)
        self._put_tools()

    # Inside ----------------------------------------------------------------------------------------------------

    def _redraw(self) -> None:
        """Makes the sheet anew, after the picture or the theme changed."""
        if self.picture is None:
            return
        self._clear()
        look = Look(self._theme.tokens)
        self.sheet = Sheet(self.picture, drawing_of(self.picture, look, self._places), look, self)
        self.sheet.picked.connect(self._offer)
        self._rows.addWidget(self.sheet, 1)
        self._waiting.hide()
        self.sheet.select(self._selection.current.element)
        self._graph.setVisible(self.can_be_graph)
        self.sheet.leave_room(self._tools.sizeHint().width())
        self._tools.setVisible(True)
        self._put_tools()

    def _arranged(self, graph: Graph, places: np.ndarray) -> None:
        if graph is self.picture:
            self._places = places
            self._redraw()

    def _clear(self) -> None:
        if self.sheet is not None:
            self._rows.removeWidget(self.sheet)
            self.sheet.hide()
            self.sheet.deleteLater()
            self.sheet = None
        self._waiting.show()
        self._tools.hide()

    def _offer(self, element: str) -> None:
        self._selection.select(element, self)

    def _follow(self, selected: Selected) -> None:
        if self.sheet is not None:
            self.sheet.select(selected.element)

    def _copy_of_sheet(self, sheet: Sheet) -> Sheet:
        """Makes the same sheet apart from the window: same size, same zoom, same selection, no focus ring."""
        look = sheet.look
        copied = Sheet(sheet.picture, drawing_of(sheet.picture, look, self._places), look)
        copied.select(self._selection.current.element)
        settle(copied, QSize(max(sheet.width(), 320), max(sheet.height(), 240)))
        if sheet.frame is not None and copied.frame is not None and not sheet.frame.fitted:
            copied.frame.fitted = False
            copied.frame.box.setRange(sheet.frame.box.viewRect(), padding=0)
        return copied

    def _make_tools(self) -> QWidget:
        tools = QWidget(self)
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._theme.tokens.gap_small)
        fit = self._tool(
            "fit", "pictureFit", "Show the whole picture", "Double click or Home: show the whole picture"
        )
        fit.clicked.connect(self.fit)
        copy = self._tool("copy", "pictureCopy", "Copy the picture", "Copy the picture and its data")
        copy.clicked.connect(self.copy)
        self._graph = self._tool("graph", "pictureGraph", "Open as graph", "Open as a graph that can be searched")
        self._graph.clicked.connect(self.open_as_graph)
        export = self._tool("export", "pictureExport", "Export the picture", "Export as PNG, SVG or CSV")
        menu = QMenu(export)
        for title, suffix in _FILES:
            menu.addAction(title).triggered.connect(lambda _=False, s=suffix: self._ask(s))
        export.setMenu(menu)
        export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (fit, copy, self._graph, export):
            row.addWidget(button)
        tools.hide()
        return tools

    def _tool(self, icon: str, name: str, title: str, help_text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(help_text)
        button.setIcon(self._theme.icon(icon))
        self._theme.changed.connect(lambda: button.setIcon(self._theme.icon(icon)))
        return button

    def _put_tools(self) -> None:
        self._tools.adjustSize()
        gap = self._theme.tokens.gap
        self._tools.move(self.width() - self._tools.width() - gap, gap)
        self._tools.raise_()

    def _ask(self, suffix: str) -> None:
        if self.picture is None:
            return
        stem = "".join(c if c.isalnum() else "-" for c in self.picture.title).strip("-").lower() or "picture"
        start = next(f for f in _FILTERS.split(";;") if suffix in f)
        path, _ = QFileDialog.getSaveFileName(self, "Export the picture", f"{stem}{suffix}", _FILTERS, start)
        if not path:
            return
        try:
            self.export(path if Path(path).suffix else path + suffix)
        except InputError as error:
            self.failed.emit(error)
