"""The chart of runs: incumbent and bound over time, and below it the gap on a logarithmic scale."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from solvitur.gui.curves import Course, Curve
from solvitur.gui.numbers import exact, percent, show
from solvitur.gui.pictures.axes import NumberTicks, Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, nearest
from solvitur.gui.pictures.frame import Frame
from solvitur.gui.pictures.lines import stairs, thinned
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import draw_path, spread_apart
from solvitur.gui.theme import Theme
from solvitur.problem.pictures import Picture

_NAME_PX = 190
_GAP_HEIGHT = 130


class CurvesDrawing(Drawing):
    """Stairs over time, each named with its last value at its right end; marks are the points."""

    def __init__(self, curves: tuple[Curve, ...], span: tuple[float, float], look: Look, *, gap: bool) -> None:
        super().__init__(Picture("Course of the run"), look)
        self._gap = gap
        self.name_room = 0.0
        """Room at the right end for names; plots above each other share the wider one."""
        self.set_curves(curves, span)

    def set_curves(self, curves: tuple[Curve, ...], span: tuple[float, float]) -> None:
        """Replaces what is drawn; ``span`` is the vertical range worth seeing."""
        self.prepareGeometryChange()
        self.curves, self._span = curves, span
        parts = [np.column_stack((c.seconds, c.values)) for c in curves]
        self._points = np.vstack(parts) if parts else np.zeros((0, 2))
        self._starts = np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(int)
        self.update()

    def extent(self) -> QRectF:
        """From the start to now, over the values worth seeing."""
        end = float(self._points[:, 0].max()) if len(self._points) else 1.0
        low, high = self._span
        size = (high - low) or max(abs(high), 1.0) * 0.1
        if high == low:
            low -= size / 2
        return QRectF(0.0, low, max(end, 1e-3), size)

    def margins(self) -> QMarginsF:
        """Leaves room for the names at the right."""
        return QMarginsF(2, 12, max(self.name_room, self.widest_name()) + 18, 10)

    def widest_name(self) -> float:
        """Returns the width of the widest name, in pixels."""
        metrics = QFontMetricsF(self.look.font())
        widths = (metrics.horizontalAdvance(self._name(curve)) for curve in self.curves)
        return min(max(widths, default=0.0), _NAME_PX)

    def x_ticks(self) -> tuple[Ticks, str]:
        """Seconds."""
        return NumberTicks(grid=False, suffix=" s"), ""

    def y_ticks(self) -> tuple[Ticks, str]:
        """Values, or the gap in powers of ten."""
        return NumberTicks(logarithmic=True, percent=True, suffix=" %") if self._gap else NumberTicks(), ""

    def centers(self) -> np.ndarray:
        """Returns the points."""
        return self._points

    def element(self, mark: int) -> str:
        """Points of a run show no element."""
        return ""

    def tip(self, mark: int) -> str:
        """Tells the moment and the exact value."""
        curve = self.curves[int(np.searchsorted(self._starts, mark, side="right")) - 1]
        seconds, value = self._points[mark]
        name = curve.name or "bound"
        told = percent(10.0 ** float(value)) if self._gap else exact(float(value))
        return f"{name} {told}\nafter {show(float(seconds), 4)} s"

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the nearest point."""
        return nearest(self._points, x, y, (2 * reach[0], 2 * reach[1]))

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws the stairs and the names."""
        ends: list[tuple[float, float, Curve]] = []
        for curve in self.curves:
            points = np.column_stack((mapping.x(curve.seconds), mapping.y(curve.values)))
            path = stairs(thinned(points), 0.0)
            pen = line_pen(self.look.category(curve.category), 2.0)
            if curve.dashed:
                pen.setDashPattern([3.0, 2.5])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            draw_path(painter, path)
            if curve.name:
                ends.append((float(path[-1][0]), float(path[-1][1]), curve))
        if 0 <= self.hovered < len(self._points):
            painter.setPen(line_pen(self.look.color("text"), 2.0))
            painter.setBrush(self.look.color("surface"))
            painter.drawEllipse(mapping.point(*self._points[self.hovered]), 4.0, 4.0)
        area = self.extent()
        low, high = sorted((mapping.y(area.top()), mapping.y(area.bottom())))
        self._write_names(painter, ends, (low, high))

    def _write_names(
        self, painter: QPainter, ends: list[tuple[float, float, Curve]], span: tuple[float, float]
    ) -> None:
        metrics = QFontMetricsF(painter.font())
        ranked = sorted(ends, key=lambda end: end[1])
        places = spread_apart(np.array([end[1] for end in ranked]), metrics.height(), *span)
        for (x, y, curve), at in zip(ranked, places.tolist(), strict=True):
            painter.setPen(line_pen(self.look.category(curve.category)))
            painter.drawLine(QLineF(x + 2, y, x + 8, at))
            painter.setPen(self.look.color("text"))
            text = metrics.elidedText(self._name(curve), Qt.TextElideMode.ElideRight, _NAME_PX)
            painter.drawText(QPointF(x + 11, at + metrics.ascent() / 2 - 1), text)

    def _name(self, curve: Curve) -> str:
        if not curve.name:
            return ""
        last = float(curve.values[-1])
        return f"{curve.name} {percent(10.0**last) if self._gap else show(last)}"


class TrajectoryChart(QWidget):
    """Two plots on one time axis; both fit themselves to the run until the user zooms."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trajectoryChart")
        self.setAccessibleName("Chart of incumbent, bound and gap")
        self._theme = theme
        self._course = Course((), (), 0.0, 1.0)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._parts: list[QWidget] = []
        self._build()
        theme.changed.connect(self._build)

    def sizeHint(self) -> QSize:
        """Wide rather than high."""
        return QSize(640, 360)

    def show_course(self, course: Course) -> None:
        """Shows the curves of one run or of several."""
        self._course = course
        self._values.set_curves(course.values, (course.low, course.high))
        gaps = [curve.values for curve in course.gaps]
        lowest = min((float(values.min()) for values in gaps), default=-4.0)
        highest = max((float(np.quantile(values, 0.9)) for values in gaps), default=0.0)
        self._gaps.set_curves(course.gaps, (np.floor(lowest), max(np.ceil(highest), np.floor(lowest) + 1)))
        room = max(self._values.widest_name(), self._gaps.widest_name())
        self._values.name_room = self._gaps.name_room = room
        shown = bool(gaps)
        for part in self._parts[2:]:
            part.setVisible(shown)
        for frame in (self.value_frame, self.gap_frame):
            if frame.fitted:
                frame.fit()

    def fit(self) -> None:
        """Shows everything again."""
        self.value_frame.fit()
        self.gap_frame.fit()

    def _build(self) -> None:
        for part in self._parts:
            self._rows.removeWidget(part)
            part.hide()
            part.deleteLater()
        look = Look(self._theme.tokens)
        self._values = CurvesDrawing((), (0.0, 1.0), look, gap=False)
        self._gaps = CurvesDrawing((), (-4.0, 0.0), look, gap=True)
        self.value_frame = self._frame(look, self._values, "Incumbent and bound over time")
        self.gap_frame = self._frame(look, self._gaps, "Gap over time")
        self.gap_frame.setFixedHeight(_GAP_HEIGHT)
        self._parts = [
            self._caption("objective (dashed: bound)"),
            self.value_frame,
            self._caption("gap"),
            self.gap_frame,
        ]
        for part in self._parts:
            self._rows.addWidget(part, 1 if part is self.value_frame else 0)
        self.show_course(self._course)

    def _frame(self, look: Look, drawing: CurvesDrawing, name: str) -> Frame:
        frame = Frame(look, self)
        frame.setAccessibleName(name)
        frame.show_drawing(drawing)
        frame.keep_left_width(72)
        return frame

    def _caption(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "small-soft")
        return label
