"""The time line of a run: a bar for each step, growing while the run goes on."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from solvitur.engine.workflow.events import State
from solvitur.gui.graph.figure import Figure
from solvitur.gui.numbers import counted, duration, show
from solvitur.gui.plan.courses import Courses
from solvitur.gui.plan.marks import LOOKS, state_words
from solvitur.gui.plan.running import Running
from solvitur.gui.theme import Theme
from solvitur.workflow.model import Workflow

_LANE, _BAR = 22, 14
_FOOT, _ROOM = 24, 8
_NAMES = 168
_INDENT = 12
_LEAST_PX = 2.0
_STEPS = (1.0, 2.0, 5.0, 10.0)
_TICK_PX = 90.0


@dataclass(frozen=True)
class Lane:
    """A step that began: where it is in the plan, its name, and how deep it lies in what unfolded."""

    path: str
    name: str
    depth: int
    colour: int


class TimeLine(QAbstractScrollArea):
    """Draws the courses it is given; ``picked`` carries the step whose lane was clicked."""

    picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("planTimeLine")
        self.setAccessibleName("Time line of the run")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self._courses, self._now = Courses(), 0.0
        self._critical: frozenset[str] = frozenset()
        self.lanes: tuple[Lane, ...] = ()
        self._current = ""
        self._active = False
        theme.changed.connect(self.viewport().update)

    def show_courses(self, lanes: tuple[Lane, ...], courses: Courses, now: float, *, active: bool) -> None:
        """Shows how far a run is; it follows the newest lane while it goes on, unless somebody scrolled up."""
        bar = self.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        self.lanes, self._courses, self._now = lanes, courses, max(now, 1e-3)
        self._critical = frozenset() if active else courses.critical()
        self._measure()
        if self._active and not active:
            bar.setValue(0)  # the whole run is there now: it is read from its beginning
        elif active and at_end:
            bar.setValue(bar.maximum())
        self._active = active
        self.viewport().update()

    def pick(self, path: str) -> None:
        """Lights the lane of a step and brings it into view."""
        if path != self._current:
            self._current = path
            at = next((at for at, lane in enumerate(self.lanes) if lane.path == path), None)
            if at is not None:
                bar, room = self.verticalScrollBar(), self.viewport().height() - _FOOT
                bar.setValue(min(max(bar.value(), (at + 1) * _LANE - room), at * _LANE))
            self.viewport().update()

    def span(self, path: str) -> tuple[float, float] | None:
        """Returns from when to when the bar of a step goes, in seconds since the run began."""
        return self._courses.span(path, self._now)

    def _measure(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height() - _FOOT
        bar.setRange(0, max(0, len(self.lanes) * _LANE + _ROOM - room))
        bar.setPageStep(max(room, 1))
        bar.setSingleStep(_LANE)

    def resizeEvent(self, event: object) -> None:
        """Takes the new height into account."""
        self._measure()

    def sizeHint(self) -> QSize:
        """Asks for some lanes."""
        return QSize(480, 6 * _LANE + _FOOT)

    # drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the lanes in view and the axis below them."""
        painter = QPainter(self.viewport())
        theme, area = self._theme, self.viewport().rect()
        painter.fillRect(area, theme.color("surface"))
        if not self.lanes:
            painter.setPen(theme.color("text_soft"))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), "Run the plan: each step draws its bar here.")
            painter.end()
            return
        top = -self.verticalScrollBar().value()
        first = max(0, -top // _LANE)
        last = min(len(self.lanes), (area.height() - _FOOT - top) // _LANE + 1)
        self._draw_axis(painter)
        painter.setClipRect(0, 0, area.width(), area.height() - _FOOT)
        for at in range(first, last):
            self._draw_lane(painter, self.lanes[at], _ROOM // 2 + top + at * _LANE)
        painter.end()

    @property
    def _scale(self) -> float:
        return max(self.viewport().width() - _NAMES - 8 * _ROOM, 40) / self._now

    def _draw_axis(self, painter: QPainter) -> None:
        theme, area = self._theme, self.viewport().rect()
        foot = area.height() - _FOOT
        painter.setFont(theme.font("table"))
        step = _round_step(_TICK_PX / self._scale)
        at = 0.0
        while at <= self._now * 1.0001:
            x = _NAMES + at * self._scale
            painter.setPen(QPen(theme.color("grid"), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, foot))
            painter.setPen(theme.color("text_soft"))
            painter.drawText(
                QRectF(x - 40, foot + 3, 80, _FOOT - 4), int(Qt.AlignmentFlag.AlignHCenter), f"{show(at)} s"
            )
            at += step
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(0, foot, area.width(), foot)

    def _draw_lane(self, painter: QPainter, lane: Lane, top: int) -> None:
        theme, width = self._theme, self.viewport().width()
        course = self._courses[lane.path]
        if lane.path == self._current:
            painter.fillRect(QRectF(0, top, width, _LANE), theme.color("accent_soft"))
        font = theme.font("table")
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        word = course.word or State.WAITING
        _, icon, token = LOOKS[word]
        left = _ROOM + _INDENT * lane.depth
        painter.drawPixmap(QRectF(left, top + 4, 14, 14).toRect(), theme.pixmap(icon, token, 14))
        painter.setPen(theme.color("text" if lane.depth == 0 else "text_soft"))
        name = metrics.elidedText(lane.name, Qt.TextElideMode.ElideRight, _NAMES - left - 26)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(left + 20, top, _NAMES - left - 22, _LANE), middle, name)
        span = self._courses.span(lane.path, self._now)
        if span is None:
            return
        x1, x2 = (_NAMES + value * self._scale for value in span)
        bar = QRectF(x1, top + (_LANE - _BAR) / 2, max(x2 - x1, _LEAST_PX), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink(lane, word))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(bar, 2, 2)
        if lane.path in self._critical:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("warn"), 2))
            painter.drawRoundedRect(bar.adjusted(-1, -1, 1, 1), 3, 3)
        painter.setPen(theme.color("text_soft"))
        words = (
            duration(span[1] - span[0]) if word is not State.DONE or not self._from_cache(lane.path) else "as before"
        )
        painter.drawText(QRectF(bar.right() + 6, top, 120, _LANE), middle, words)

    def _from_cache(self, path: str) -> bool:
        state = self._courses[path].state
        return state is not None and state.from_cache

    def _ink(self, lane: Lane, word: State) -> QColor:
        if word in (State.FAILED, State.SKIPPED, State.PAUSED):
            return self._theme.color(LOOKS[word][2])
        categories = self._theme.tokens.categories
        ink = QColor(categories[lane.colour % len(categories)])
        if lane.depth:
            ink.setAlphaF(0.6)
        return ink

    # pointing

    def lane_at(self, pixel: QPointF) -> Lane | None:
        """Returns the lane under a point of the widget."""
        at = int((pixel.y() + self.verticalScrollBar().value() - _ROOM // 2) // _LANE)
        inside = 0 <= at < len(self.lanes) and pixel.y() < self.viewport().height() - _FOOT
        return self.lanes[at] if inside else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Picks a step."""
        lane = self.lane_at(event.position())
        if lane is not None:
            self._choose(lane)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go from lane to lane."""
        way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not way or not self.lanes:
            super().keyPressEvent(event)
            return
        paths = [lane.path for lane in self.lanes]
        at = paths.index(self._current) + way if self._current in paths else 0
        self._choose(self.lanes[min(max(at, 0), len(paths) - 1)])

    def _choose(self, lane: Lane) -> None:
        self.pick(lane.path)
        self.picked.emit(lane.path)

    def viewportEvent(self, event: QEvent) -> bool:
        """Says exactly when the step under the mouse began and how long it took."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().viewportEvent(event)
        lane = self.lane_at(QPointF(event.pos()))
        span = self.span(lane.path) if lane is not None else None
        if lane is None or span is None:
            QToolTip.hideText()
        else:
            words = f"{lane.path}\n{state_words(self._courses[lane.path])}\nbegan at {duration(span[0])}"
            QToolTip.showText(event.globalPos(), words, self)
        return True


def show_run(line: TimeLine, workflow: Workflow, running: Running, figure: Figure) -> None:
    """Shows how far a run is, in the colours that its steps have on the canvas."""
    courses = running.courses
    colours = {node.id: node.colour for node in figure.nodes}
    drawn = frozenset(path for path in figure.index if "/" in path)
    line.show_courses(lanes_of(workflow, courses, colours, drawn), courses, running.now, active=running.active)


def lanes_of(
    workflow: Workflow, courses: Courses, colours: Mapping[str, int], drawn: Collection[str] = ()
) -> tuple[Lane, ...]:
    """Lists the steps that began by when they did, each before what it unfolded into as far as that is ``drawn``."""
    titles = {step.id: step.title or step.id for step in workflow.steps}
    inner: dict[str, list[str]] = {}
    for path, course in courses.items():
        if course.began is not None and ("/" not in path or path in drawn):
            inner.setdefault(path.rpartition("/")[0], []).append(path)
    found: list[Lane] = []

    def add(path: str, depth: int) -> None:
        name = path.rpartition("/")[2]
        found.append(
            Lane(path, titles.get(path, name) if not depth else name, depth, colours.get(path.partition("/")[0], 0))
        )
        for below in sorted(inner.get(path, ()), key=began):
            add(below, depth + 1)

    def began(path: str) -> float:
        return courses[path].began or 0.0

    for path in sorted(inner.get("", ()), key=began):
        add(path, 0)
    return tuple(found)


def words_of(lanes: tuple[Lane, ...], now: float) -> str:
    """Says how many steps are shown, and over which time."""
    return f"{counted(sum(lane.depth == 0 for lane in lanes), 'step')} in {duration(now)}"


def _round_step(least: float) -> float:
    """Returns the next round number: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-6)))
    return next(step * power for step in _STEPS if step * power >= least * 0.999)
