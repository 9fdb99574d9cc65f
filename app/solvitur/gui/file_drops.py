"""Files dropped anywhere on the window open, also over text fields, which would take them as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class FileDrops(QObject):
    """Watches the text fields of a page and hands dropped files over."""

    def __init__(self, opened: Callable[[Path], object], parent: QObject) -> None:
        super().__init__(parent)
        self._opened = opened

    def watch(self, page: QWidget) -> None:
        """Watches the text fields that a page has now."""
        for kind in (QPlainTextEdit, QTextEdit):
            for field in page.findChildren(kind):
                field.viewport().installEventFilter(self)
        for line in page.findChildren(QLineEdit):
            line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes drags that carry files, and nothing else."""
        if event.type() not in _DRAGS or not isinstance(event, QDropEvent):
            return False
        paths = local_files(event.mimeData())
        if not paths:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            for path in paths:
                self._opened(path)
        return True


def local_files(dragged: QMimeData) -> list[Path]:
    """Lists the files of this machine that are dragged."""
    return [Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile()]
