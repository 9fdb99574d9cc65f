"""About Solvitur: version, licence and what it runs on, to copy into a report."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur import __version__
from solvitur.gui.theme import Theme


def versions() -> str:
    """Returns the versions in one line each."""
    return "\n".join(
        (
            f"Solvitur {__version__}",
            f"Python {platform.python_version()}",
            f"Qt {PySide6.__version__}",
            f"{platform.system()} {platform.release()} {platform.machine()}",
        )
    )


class AboutWindow(QDialog):
    """What this is, in one small window."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("aboutWindow")
        self.setAccessibleName("About Solvitur")
        self.setWindowTitle("About Solvitur")
        self.setProperty("helpPage", "welcome")
        self.setWindowModality(Qt.WindowModality.NonModal)
        gap = theme.tokens.gap
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * gap, 3 * gap, 3 * gap, 3 * gap)
        row.setSpacing(3 * gap)
        mark = QLabel(self)
        mark.setPixmap(theme.pixmap("solvitur", side=4 * theme.tokens.icon_px))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(gap)
        for text, role in (
            ("Solvitur", "title"),
            ("A workbench for decision problems: understand, plan, solve, look back.", ""),
            (versions(), "soft"),
            ("Free software under the Apache License 2.0.", "soft"),
        ):
            label = QLabel(text, self)
            label.setProperty("role", role)
            column.addWidget(label)
        column.addSpacing(gap)
        buttons = QHBoxLayout()
        copy = QPushButton("Copy versions", self)
        copy.setObjectName("copyVersions")
        copy.setAccessibleName("Copy versions")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(versions()))
        close = QPushButton("Close", self)
        close.setObjectName("closeAbout")
        close.setAccessibleName("Close")
        close.setDefault(True)
        close.clicked.connect(self.close)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        buttons.addStretch(1)
        column.addLayout(buttons)
        row.addLayout(column, 1)
