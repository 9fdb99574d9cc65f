"""Heatmaps: colours for numbers, words for choices, texts in the cells as soon as they have room."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QLinearGradient, QPainter

from solvitur.gui.numbers import show
from solvitur.gui.pictures.axes import LabelTicks, NoTicks, Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, told
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import outline
from solvitur.problem.pictures import Heatmap

_CELLS_AS_BOXES = 4_000
_TEXTS = 3_000
_SCALE_PX = 12
_NAME_PX = 140


class HeatmapDrawing(Drawing):
    """Rows from top to bottom, columns from left to right."""

    downwards = True

    def __init__(self, picture: Heatmap, look: Look) -> None:
        super().__init__(picture, look)
        self.picture = picture
        finite = picture.values[np.isfinite(picture.values)]
        self.low = float(finite.min()) if len(finite) else 0.0
        self.high = float(finite.max()) if len(finite) else 1.0
        self.diverging = self.low < 0 < self.high
        if self.diverging:
            self.high = max(self.high, -self.low)
            self.low = -self.high
        elif self.low > 0 and self.low < 0.5 * self.high:
            self.low = 0.0
        self.same_scale = bool(picture.value_names)
        self._colours = self._coloured()

    def extent(self) -> QRectF:
        """Returns the grid."""
        rows, columns = self.picture.values.shape
        return QRectF(-0.5, -0.5, max(columns, 1), max(rows, 1))

    def margins(self) -> QMarginsF:
        """Leaves room for the colour scale on the right."""
        metrics = QFontMetricsF(self.look.font())
        if self.picture.value_names:
            names = max((metrics.horizontalAdvance(name) for name in self.picture.rows), default=0.0)
            return QMarginsF(min(names, _NAME_PX) + 10, metrics.height() + 6, 4, 4)
        widest = max(metrics.horizontalAdvance(show(v, 4)) for v in (self.low, (self.low + self.high) / 2, self.high))
        return QMarginsF(0, 0, widest + _SCALE_PX + 26, 0)

    def x_ticks(self) -> tuple[Ticks, str]:
        """The columns."""
        if self.picture.value_names:
            return NoTicks(), self.picture.column_axis
        return LabelTicks(self.picture.columns), self.picture.column_axis

    def y_ticks(self) -> tuple[Ticks, str]:
        """The rows."""
        if self.picture.value_names:
            return NoTicks(), self.picture.row_axis
        return LabelTicks(self.picture.rows), self.picture.row_axis

    def centers(self) -> np.ndarray:
        """Returns the cells, row by row."""
        rows, columns = self.picture.values.shape
        y, x = np.divmod(np.arange(rows * columns), max(columns, 1))
        return np.column_stack((x, y)).astype(np.float64)

    def element(self, mark: int) -> str:
        """Returns the cell's element, as ``name[row, column]``."""
        row, column = divmod(mark, self.picture.values.shape[1])
        if not self.picture.element or math.isnan(self.picture.values[row, column]):
            return ""
        chosen = self._word(row, column)
        third = f", {chosen}" if chosen else ""
        return f"{self.picture.element}[{self.picture.rows[row]}, {self.picture.columns[column]}{third}]"

    def marks_of(self, element: str) -> frozenset[int]:
        """Finds the cell of an element without naming every cell."""
        name, _, inside = element.partition("[")
        parts = [part.strip() for part in inside.rstrip("]").split(",")]
        wanted = 3 if self.picture.value_names else 2
        if name != self.picture.element or len(parts) != wanted:
            return frozenset()
        try:
            row, column = self.picture.rows.index(parts[0]), self.picture.columns.index(parts[1])
        except ValueError:
            return frozenset()
        mark = row * self.picture.values.shape[1] + column
        return frozenset((mark,)) if wanted == 2 or self._word(row, column) == parts[2] else frozenset()

    def tip(self, mark: int) -> str:
        """Tells the exact value of a cell."""
        row, column = divmod(mark, self.picture.values.shape[1])
        place = f"{self.picture.rows[row]}, {self.picture.columns[column]}"
        value = float(self.picture.values[row, column])
        if math.isnan(value):
            return f"{place}: not in the model" if not self.picture.value_names else f"{place}: none"
        chosen = self._word(row, column)
        if chosen:
            return f"{place}: {chosen}\n{self.element(mark)} = 1"
        return told(self.element(mark) or place, value, self.picture.unit)

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the cell under a point."""
        rows, columns = self.picture.values.shape
        row, column = round(y), round(x)
        return row * columns + column if 0 <= row < rows and 0 <= column < columns else -1

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws cells, their texts, the selection and the colour scale."""
        rows, columns = self.picture.values.shape
        cell_w, cell_h = abs(mapping.scale_x), abs(mapping.scale_y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.picture.value_names:
            self._draw_lattice(painter, mapping)
        elif rows * columns <= _CELLS_AS_BOXES:
            gap = 1.0 if min(cell_w, cell_h) > 6 else 0.0
            for mark in np.flatnonzero(np.isfinite(self.picture.values.ravel())).tolist():
                row, column = divmod(mark, columns)
                painter.fillRect(self._cell(mapping, row, column).adjusted(0, 0, -gap, -gap), self._fill(row, column))
        else:
            image = QImage(self._colours.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
            painter.drawImage(mapping.box(-0.5, -0.5, columns - 0.5, rows - 0.5), image)
        self._write_cells(painter, mapping, cell_w, cell_h)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self.selected:
            outline(painter, self.look, self._cell(mapping, *divmod(mark, columns)))
        if 0 <= self.hovered < rows * columns and self.hovered not in self.selected:
            painter.setPen(line_pen(self.look.color("text"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._cell(mapping, *divmod(self.hovered, columns)))
        if not self.picture.value_names:
            self._draw_scale(painter, mapping)

    def _cell(self, mapping: Mapping, row: int, column: int) -> QRectF:
        return mapping.box(column - 0.5, row - 0.5, column + 0.5, row + 0.5)

    def _fill(self, row: int, column: int) -> QColor:
        red, green, blue, _ = self._colours[row, column].tolist()
        return QColor(red, green, blue)

    def _word(self, row: int, column: int) -> str:
        value = self.picture.values[row, column]
        names = self.picture.value_names
        return names[int(value)] if names and math.isfinite(value) and 0 <= int(value) < len(names) else ""

    def _coloured(self) -> np.ndarray:
        values = self.picture.values
        span = (self.high - self.low) or 1.0
        levels = np.clip(np.nan_to_num((values - self.low) / span, nan=0.0), 0, 1)
        colours = self.look.ramp(self.diverging)[(levels * 255).astype(np.intp)].copy()
        if self.low == 0:
            colours[values == 0] = self.look.color("grid").getRgb()  # nothing is no small amount
        colours[~np.isfinite(values)] = (0, 0, 0, 0)
        return np.ascontiguousarray(colours)

    def _write_cells(self, painter: QPainter, mapping: Mapping, cell_w: float, cell_h: float) -> None:
        """Writes into the visible cells, when they have room for it."""
        puzzle = bool(self.picture.value_names)
        font = self.look.font(min(22, max(11, int(min(cell_h, cell_w) * 0.45))) if puzzle else 0)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        if cell_h < metrics.height() or cell_w < 14:
            return
        rows, columns = self.picture.values.shape
        view = self.viewRect()
        first_row, last_row = max(0, int(view.top())), min(rows, int(view.bottom()) + 2)
        first_column, last_column = max(0, int(view.left())), min(columns, int(view.right()) + 2)
        if (last_row - first_row) * (last_column - first_column) > _TEXTS:
            return
        part = self.picture.values[first_row:last_row, first_column:last_column]
        found = np.argwhere(np.isfinite(part)) + np.array((first_row, first_column))
        texts = [self._word(*cell) or show(float(self.picture.values[tuple(cell)]), 4) for cell in found.tolist()]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
        if widest > cell_w - 4 and not puzzle:
            return
        for (row, column), text in zip(found.tolist(), texts, strict=True):
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, cell_w - 4)
            zero = self.low == 0 == self.picture.values[row, column]
            ink = self.look.color("text_soft") if zero else self.look.ink_on(self._fill(row, column))
            painter.setPen(self.look.color("text") if puzzle else ink)
            painter.drawText(self._cell(mapping, row, column), Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(self.look.font())

    def _draw_lattice(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws the lines of a grid of choices, heavier around the boxes of a square puzzle."""
        rows, columns = self.picture.values.shape
        side = math.isqrt(rows)
        boxed = rows == columns and side * side == rows and side > 1 and len(self.picture.value_names) == rows
        for count, upright in ((columns, True), (rows, False)):
            for n in range(count + 1):
                heavy = n in (0, count) or (boxed and n % side == 0)
                painter.setPen(line_pen(self.look.color("text_soft" if heavy else "line"), 2.0 if heavy else 1.0))
                ends = (n - 0.5, -0.5, n - 0.5, rows - 0.5) if upright else (-0.5, n - 0.5, columns - 0.5, n - 0.5)
                painter.drawLine(mapping.point(*ends[:2]), mapping.point(*ends[2:]))
        self._name_lattice(painter, mapping)

    def _name_lattice(self, painter: QPainter, mapping: Mapping) -> None:
        """Writes the labels of rows and columns right beside the grid."""
        painter.setPen(self.look.color("text_soft"))
        metrics = QFontMetricsF(painter.font())
        for row, name in enumerate(self.picture.rows):
            box = mapping.box(-0.5, row - 0.5, -0.5, row + 0.5).adjusted(-_NAME_PX - 6, 0, -6, 0)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _NAME_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        for column, name in enumerate(self.picture.columns):
            box = mapping.box(column - 0.5, -0.5, column + 0.5, -0.5).adjusted(0, -metrics.height() - 4, 0, -4)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_scale(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws the colours with their numbers beside the grid."""
        rows, columns = self.picture.values.shape
        top, bottom = sorted((mapping.y(-0.5), mapping.y(rows - 0.5)))
        height = min(160.0, bottom - top)
        bar = QRectF(mapping.x(columns - 0.5) + 14, top, _SCALE_PX, height)
        if self.low == 0:  # a box apart for nothing
            bar.setHeight(height - _SCALE_PX - 4)
            painter.fillRect(QRectF(bar.left(), bar.bottom() + 4, _SCALE_PX, _SCALE_PX), self.look.color("grid"))
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        stops = self.look.tokens.diverging if self.diverging else self.look.tokens.continuous
        for at, stop in enumerate(stops):
            gradient.setColorAt(at / (len(stops) - 1), QColor(stop))
        painter.fillRect(bar, gradient)
        painter.setPen(self.look.color("text_soft"))
        line = QFontMetricsF(painter.font()).height()
        middle = (self.low + self.high) / 2
        lowest = bar.bottom() + 2 if self.low == 0 else bar.bottom() - line
        for value, y in (
            (self.high, bar.top()),
            (middle, bar.center().y() - line / 2),
            (self.low, lowest),
        ):
            box = QRectF(bar.right() + 6, y, 200, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, show(value, 4))
