"""The Understand place over small models, for its tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from solvitur.engine.events import ProjectOpened
from solvitur.engine.session import Session
from solvitur.gui.main_window import MainWindow
from solvitur.gui.understand.place import UnderstandPlace
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.tables import Column, Table, column_values

TRANSPORT = """\
# Ships goods at the least freight.
set Plants  "works"
set Markets

param supply[Plants] >= 0  unit "t"
param demand[Markets] >= 0  unit "t"
param cost[Plants, Markets]  # by road

var ship[p in Plants, m in Markets] >= 0  unit "t"  "shipped"

minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)

# what there is
subject to within_supply[p in Plants]: sum(ship[p, m] for m in Markets) <= supply[p]
subject to meet_demand[m in Markets]: sum(ship[p, m] for p in Plants) >= demand[m]

data
  Plants = Seattle, Gary
  Markets = NYC, Chicago
  supply = {Seattle: 350, Gary: 600}
  demand = {NYC: 325, Chicago: 300}
  cost = {Seattle: {NYC: 2.5, Chicago: 1.7}, Gary: {NYC: 2.5, Chicago: 1.8}}
"""
NO_DATA = TRANSPORT[: TRANSPORT.index("  supply =")]


def table(name: str = "plants", *columns: tuple[str, list[object]], source: str = "") -> Table:
    """Makes a table of named columns; by default of two works with their supplies."""
    cells = columns or (("Plants", ["Seattle", "Gary"]), ("supply", [350, 600]))
    return Table(name, tuple(Column(head, column_values(values)) for head, values in cells), source)


def large_table(rows: int = 1_000_000) -> Table:
    """Makes a table of many numbers."""
    return Table("large", (Column("n", np.arange(rows)), Column("x", np.linspace(0, 1, rows))))


@dataclass
class World:
    """A window whose Understand place shows a problem."""

    window: MainWindow
    place: UnderstandPlace
    bot: QtBot

    @property
    def session(self) -> Session:
        """The window's session."""
        return self.window.context.session

    @property
    def text(self) -> str:
        """The model's text."""
        return self.session.problem.formulation.text

    def open(self, text: str = TRANSPORT, *tables: Table, statement: str = "") -> None:
        """Opens a problem and waits until it is read."""
        problem = Problem("test", statement, Formulation(text=text), tables)
        happened = self.window.context.bridge.happened
        with self.bot.waitSignal(happened, check_params_cb=lambda event: isinstance(event, ProjectOpened)):
            self.session.new(problem, discard=True)
        self.settle()

    def settle(self) -> None:
        """Waits until text and outline show what the session holds."""
        self.bot.waitUntil(lambda: self.place.editor.sync.text == self.place.outline.shown.text == self.text)
        self.bot.wait(0)

    def cursor_at(self, text: str, offset: int = 0) -> None:
        """Puts the editor's cursor into the first place where a text stands."""
        editor = self.place.editor.editor
        cursor = editor.textCursor()
        cursor.setPosition(self.text.index(text) + offset)
        editor.setTextCursor(cursor)
        editor.setFocus()

    def type(self, text: str) -> None:
        """Types into the editor; line breaks as the Enter key."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press(Qt.Key.Key_Return)
            QTest.keyClicks(self.place.editor.editor, line)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Presses a key in the editor."""
        QTest.keyClick(self.place.editor.editor, key, modifier)

    def select(self, text: str) -> None:
        """Selects the first place where a text stands."""
        editor = self.place.editor.editor
        cursor = editor.textCursor()
        start = self.text.index(text)
        cursor.setPosition(start)
        cursor.setPosition(start + len(text), QTextCursor.MoveMode.KeepAnchor)
        editor.setTextCursor(cursor)
