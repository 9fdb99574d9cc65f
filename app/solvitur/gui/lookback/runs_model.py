"""The runs as a table: light rows straight from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from solvitur.engine.runstore import RunRow
from solvitur.gui.numbers import duration, exact, percent, show
from solvitur.gui.outcomes import brief
from solvitur.gui.theme import Theme
from solvitur.problem.result import relative_gap

_Index = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole
NUMBER = Qt.ItemDataRole.UserRole + 1
COLUMNS = ("run", "state", "objective", "verified", "gap", "time", "solver", "started", "title")
_NUMBERS = frozenset({"run", "objective", "gap", "time"})
_HELP = {
    "gap": "How far the answer can still be from the best possible.",
    "verified": "Whether our own check of the answer passed.",
    "time": "All stages together: reading, building, solving, checking.",
}


class RunsModel(QAbstractTableModel):
    """One row per run, newest first."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: tuple[RunRow, ...] = ()

    def take(self, rows: Sequence[RunRow]) -> None:
        """Shows these runs."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Number of runs."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Number of columns."""
        return len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Writes one cell."""
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == NUMBER:
            return row.number
        if role == SORT:
            return _sort_key(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return exact(row.objective) if column == "objective" else f"{row.title}, {_when(row.started)}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _HELP.get(COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _icon(self, row: RunRow, column: str) -> Any:
        if column == "state":
            found = brief(row.status)
            return self._theme.icon(found.icon, found.token)
        if column == "verified" and row.objective is not None:
            return self._theme.icon("good", "good") if row.verified else self._theme.icon("error", "bad")
        return None


class RunsFilter(QSortFilterProxyModel):
    """Runs whose words contain all that was typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setSortRole(SORT)

    def set_words(self, text: str) -> None:
        """Shows the runs that match."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: _Index) -> bool:
        """Looks at all that a row says."""
        model = self.sourceModel()
        if not isinstance(model, RunsModel):
            return True
        row = model.rows[source_row]
        said = " ".join(_text(row, column) for column in COLUMNS).casefold()
        return all(word in said for word in self._words)


def _text(row: RunRow, column: str) -> str:
    match column:
        case "run":
            return str(row.number)
        case "state":
            return brief(row.status).word
        case "objective":
            return show(row.objective)
        case "gap":
            return percent(relative_gap(row.objective, row.bound))
        case "verified":
            return "" if row.objective is None else "yes" if row.verified else "no"
        case "time":
            return duration(row.seconds)
        case "solver":
            return row.solver
        case "started":
            return _when(row.started)
    return row.title


def _sort_key(row: RunRow, column: str) -> Any:
    gap = relative_gap(row.objective, row.bound)
    keys: dict[str, Any] = {
        "run": row.number,
        "objective": row.objective if row.objective is not None else float("inf"),
        "gap": gap if gap is not None else float("inf"),
        "time": row.seconds,
        "started": row.started,
    }
    return keys.get(column, _text(row, column))


def _when(started: str) -> str:
    """Writes a time stamp in local time, without the seconds."""
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return started
