"""The canvas of solution graphs: looked around in, picked and walked by mouse and keyboard, never changed."""

from __future__ import annotations

from typing import cast

import numpy as np
from PySide6.QtCore import (
    QAbstractAnimation,
    QEvent,
    QPoint,
    QPointF,
    QRectF,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from solvitur.gui.graph.canvas import CanvasView
from solvitur.gui.graph.gestures import Panning
from solvitur.gui.graphs.bundles import Bundles, bundled, level_for
from solvitur.gui.graphs.filters import Shown
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.painting import NetPainter, Told
from solvitur.gui.graphs.scenery import Colours, Marks, Scenery
from solvitur.gui.graphs.tips import link_tip, node_tip
from solvitur.gui.graphs.work import Work
from solvitur.gui.theme import Theme

_REACH_PX = 6.0
_SOFT_UP_TO = 5_000
_HOVERED_UP_TO = 4_000
_BUNDLES_FROM = 20_000
_SETTLED_MS = 60
_NO_LEVEL = -999
_K, _M = Qt.Key, Qt.KeyboardModifier
_ARROWS = {_K.Key_Left: (-1, 0), _K.Key_Right: (1, 0), _K.Key_Up: (0, -1), _K.Key_Down: (0, 1)}
_WORDS = {
    (_K.Key_A, _M.ControlModifier): "all",
    (_K.Key_F, _M.NoModifier): "fit",
    (_K.Key_Z, _M.NoModifier): "zoom to picked",
    (_K.Key_Plus, _M.NoModifier): "in",
    (_K.Key_Plus, _M.ShiftModifier): "in",
    (_K.Key_Minus, _M.NoModifier): "out",
    (_K.Key_Escape, _M.NoModifier): "escape",
    (_K.Key_Return, _M.NoModifier): "enter",
    (_K.Key_Enter, _M.NoModifier): "enter",
    (_K.Key_N, _M.NoModifier): "next",
    (_K.Key_N, _M.ShiftModifier): "previous",
    (_K.Key_Slash, _M.NoModifier): "search",
}


class NetCanvas(CanvasView):
    """Shows a scenery."""

    picked_changed = Signal()
    activated = Signal(int)
    """Enter or a double click on a node."""
    commanded = Signal(str)
    """A key asked for ``next``, ``previous`` or ``search``."""
    settled = Signal(object)
    """`Told` of the last frame, once nothing has moved for a moment."""
    menu_asked = Signal(QPoint)
    most_zoom, least_zoom = 4.0, 0.0005

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._painter = NetPainter(theme)
        super().__init__(theme, self._painter, parent)
        self.setObjectName("solutionGraph")
        self.setAccessibleName("Graph")
        self.setProperty("helpPage", "graphs")
        self._gesture: Panning | None = None
        self._boxing: tuple[QPointF, frozenset[int]] | None = None
        self._pressed: QPoint | None = None
        self._motion: QVariantAnimation | None = None
        self._kept: dict[int, Bundles] = {}
        self.work = Work(self)
        self._wanted = _NO_LEVEL
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._settle)
        self.view_changed.connect(self._settling.start)
        self.content_changed.connect(self._settling.start)

    # what is shown

    @property
    def scenery(self) -> Scenery:
        """What is shown, and where."""
        return self._painter.scenery

    @property
    def network(self) -> Network:
        """The whole graph."""
        return self._painter.scenery.network

    @property
    def marks(self) -> Marks:
        """What is picked, pointed at and found."""
        return self._painter.marks

    @property
    def painter(self) -> NetPainter:
        """Whoever paints."""
        return self._painter

    @property
    def told(self) -> Told:
        """What the last frame showed."""
        return self._painter.told

    @property
    def extent(self) -> QRectF:
        """The box around what is shown."""
        return self.scenery.extent

    def draw_small(self, painter: QPainter, scale: float, shift: QPointF) -> None:
        """Draws the nodes in the mini-map."""
        self._painter.draw_small(painter, scale, shift)

    def show_network(self, network: Network, places: np.ndarray) -> None:
        """Shows another graph, all of it."""
        self._stop_motion()
        self._painter.marks = Marks()
        self._painter.regions = ()
        self._take(Scenery(network, places))

    def show_shown(self, shown: Shown) -> None:
        """Shows a part of the graph."""
        self._stop_motion()
        self._take(Scenery(self.network, self.scenery.places, shown))

    def show_colours(self, colours: Colours) -> None:
        """Colours the nodes."""
        self._painter.colours = colours
        self.content_changed.emit()
        self.viewport().update()

    def show_regions(self, regions: tuple[tuple[str, float, float], ...]) -> None:
        """Writes words at points, such as the names of communities."""
        self._painter.regions = regions
        self.viewport().update()

    def move_to(self, places: np.ndarray, *, fit: bool = True) -> None:
        """Shows the nodes at other places; few of them glide there shortly so that the eye can follow."""
        self._stop_motion()
        before = self.scenery.places
        soft = 0 < len(places) <= _SOFT_UP_TO and self.isVisible() and before.shape == places.shape
        self._take(self.scenery.moved(places))
        if fit:
            self.fit()
        if not soft:
            return
        final = self.scenery
        motion = self._motion = QVariantAnimation(self)
        motion.setDuration(self._theme.tokens.motion_ms)
        motion.setStartValue(0.0)
        motion.setEndValue(1.0)

        def step(share: float) -> None:
            between = before + (places - before) * share
            self._painter.scenery = final if share >= 1.0 else final.moved(between)
            self.viewport().update()

        motion.valueChanged.connect(step)
        motion.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)

    def show_between(self, places: np.ndarray) -> None:
        """Shows nodes on their way while a layout is worked out; everything stays in view."""
        self._stop_motion()
        self._take(self.scenery.moved(places))
        self.fit()

    def _take(self, scenery: Scenery) -> None:
        if len(self._painter.colours.nodes) != len(scenery.network):
            codes = np.zeros(len(scenery.network), np.int64)
            self._painter.colours = Colours(codes, (self._theme.tokens.categories[0],))
        self._painter.scenery = scenery
        self._painter.bundles = None
        self._kept.clear()
        self.work.give_up()
        self._wanted = _NO_LEVEL
        self.take_room()

    def _stop_motion(self) -> None:
        motion, self._motion = self._motion, None
        if motion is not None:
            motion.stop()
            motion.setCurrentTime(motion.duration())

    # marks

    def pick(
        self, nodes: frozenset[int] = frozenset(), links: frozenset[int] = frozenset(), *, current: int = -1
    ) -> None:
        """Picks nodes or links in place of what was picked."""
        marks = self.marks
        changed = (nodes, links) != (marks.nodes, marks.links)
        marks.nodes, marks.links = nodes, links
        marks.picked = np.fromiter(nodes, np.int64, len(nodes))
        marks.current = (
            current if current >= 0 else marks.current if marks.current in nodes else min(nodes, default=-1)
        )
        self.viewport().update()
        if changed:
            self.picked_changed.emit()

    def light(self, nodes: np.ndarray, links: frozenset[int] = frozenset(), others: np.ndarray | None = None) -> None:
        """Lights what a search or a match found."""
        marks = self.marks
        marks.found, marks.found_links = nodes, links
        marks.others = np.zeros(0, np.int64) if others is None else others
        self.viewport().update()

    def fit(self, nodes: frozenset[int] = frozenset()) -> None:
        """Zooms so that everything, or what is named, is in view."""
        at = np.fromiter(nodes, np.int64, len(nodes))
        self.fit_box(self.scenery.around(at), 1.5 if len(at) else 1.0)

    def fit_loosely(self, nodes: frozenset[int]) -> None:
        """Brings nodes into view with what is around them; when they are well in view already, nothing moves."""
        box = self.scenery.around(np.fromiter(nodes, np.int64, len(nodes)))
        seen = self.seen()
        large_enough = box.width() > seen.width() / 8 or box.height() > seen.height() / 8
        if not (seen.contains(box) and large_enough):
            room = max(box.width(), box.height()) * 0.8
            self.fit_box(box.adjusted(-room, -room, room, room), 1.5)

    def show_node(self, node: int) -> None:
        """Brings a node into view if it is out of it."""
        at = QPointF(*self.scenery.places[node])
        if not self.seen().adjusted(20, 20, -20, -20).contains(at):
            self.centerOn(at)
            self.view_changed.emit()

    # bundles of links

    def _settle(self) -> None:
        """Has the links bundled for this zoom, in the background, once nothing moves."""
        level = level_for(self.zoom)
        if len(self.scenery.links) > _BUNDLES_FROM and level != self._wanted:
            self._wanted = level
            scenery = self.scenery
            if level in self._kept:
                self._take_bundles(self._kept[level])
            else:
                self.work.begin(lambda _course: bundled(scenery, level), self._take_bundles)
        self.settled.emit(self.told)

    def _take_bundles(self, bundles: Bundles) -> None:
        self._kept[bundles.level] = bundles
        self._painter.bundles = bundles
        self.viewport().update()
        self._settling.start()

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins to pan, or with Shift to pick a box."""
        pixel = event.position().toPoint()
        if event.button() == Qt.MouseButton.RightButton:
            node = self._node_at(pixel)
            if node >= 0 and node not in self.marks.nodes:
                self.pick(frozenset({node}), current=node)
            self.menu_asked.emit(event.globalPosition().toPoint())
            return
        self._pressed = pixel
        if event.modifiers() & _M.ShiftModifier and event.button() == Qt.MouseButton.LeftButton:
            self._boxing = (self.mapToScene(pixel), self.marks.nodes)
        else:
            self._gesture = Panning(self, pixel)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows a drag, or lights what is under the mouse."""
        pixel = event.position().toPoint()
        if self._boxing is not None:
            start, before = self._boxing
            box = QRectF(start, self.mapToScene(pixel)).normalized()
            self.show_band(box)
            inside = self.scenery.nodes_in(box.left(), box.top(), box.right(), box.bottom())
            self.pick(before | frozenset(inside.tolist()))
        elif self._gesture is not None:
            self._gesture.move(self.mapToScene(pixel), pixel)
        else:
            node = self._node_at(pixel)
            if node != self.marks.hovered:
                self.marks.hovered = node
                self.viewport().setCursor(
                    Qt.CursorShape.PointingHandCursor if node >= 0 else Qt.CursorShape.ArrowCursor
                )
                if self.told.nodes <= _HOVERED_UP_TO:
                    self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends a drag; without one, picks what is under the mouse."""
        pixel, pressed = event.position().toPoint(), self._pressed
        self._gesture, self._pressed = None, None
        boxing, self._boxing = self._boxing, None
        self.show_band(None)
        if pressed is None or (pixel - pressed).manhattanLength() > 3 or event.button() != Qt.MouseButton.LeftButton:
            return
        node = self._node_at(pixel)
        if node >= 0:
            chosen = frozenset({node})
            self.pick(boxing[1] ^ chosen if boxing is not None else chosen, current=node)
        elif boxing is None:
            link = self._link_at(pixel)
            self.pick(frozenset(), frozenset({link}) if link >= 0 else frozenset())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Asks for what is around a node, or fits everything on the empty canvas."""
        node = self._node_at(event.position().toPoint())
        if node >= 0:
            self.activated.emit(node)
        else:
            self.fit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tells what is under a resting mouse, with its exact values."""
        if event.type() == QEvent.Type.ToolTip:
            asked = cast(QHelpEvent, event)
            QToolTip.showText(asked.globalPos(), self.tip_at(asked.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, pixel: QPoint) -> str:
        """Returns what the tool tip says at a pixel; empty when there is nothing."""
        node = self._node_at(pixel)
        if node >= 0:
            return node_tip(self.network, node)
        link = self._link_at(pixel)
        return link_tip(self.network, link) if link >= 0 else ""

    def _node_at(self, pixel: QPoint) -> int:
        at = self.mapToScene(pixel)
        return self.scenery.node_at(at.x(), at.y(), _REACH_PX / 2 / self.zoom)

    def _link_at(self, pixel: QPoint) -> int:
        at = self.mapToScene(pixel)
        return self.scenery.link_at(at.x(), at.y(), _REACH_PX / self.zoom)

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steers by keyboard."""
        key, modifiers = _K(event.key()), event.modifiers() & ~_M.KeypadModifier
        word = _WORDS.get((key, modifiers), "")
        if key in _ARROWS:
            self._walk(_ARROWS[key], adding=bool(modifiers & _M.ShiftModifier))
        elif word:
            self._do(word)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keeps the keys of the canvas from the window's shortcuts while it has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            key = (_K(event.key()), event.modifiers() & ~_M.KeypadModifier)
            if key in _WORDS or key[0] in _ARROWS:
                event.accept()
                return True
        return super().event(event)

    def _do(self, word: str) -> None:
        marks = self.marks
        if word == "all":
            self.pick(frozenset(self.scenery.nodes.tolist()))
        elif word in ("fit", "zoom to picked"):
            self.fit(marks.nodes if word != "fit" else frozenset())
        elif word in ("in", "out"):
            self.zoom_by(1.25 if word == "in" else 0.8)
        elif word == "escape":
            self.pick()
            self.light(np.zeros(0, np.int64))
        elif word == "enter":
            if marks.current >= 0:
                self.activated.emit(marks.current)
        else:
            self.commanded.emit(word)

    def _walk(self, way: tuple[int, int], *, adding: bool) -> None:
        """Goes to a neighbour in a direction, else to the nearest node there."""
        marks, scenery = self.marks, self.scenery
        if not len(scenery.nodes):
            return
        target = int(scenery.nodes[0]) if marks.current < 0 else self._next(marks.current, way)
        self.pick(marks.nodes | {target} if adding else frozenset({target}), current=target)
        self.show_node(target)

    def _next(self, current: int, way: tuple[int, int]) -> int:
        scenery = self.scenery
        starts, others, links = self.network.neighbours
        span = slice(int(starts[current]), int(starts[current + 1]))
        near = others[span][scenery.shown.links[links[span]]]
        for nodes in (near, scenery.nodes):
            steps = scenery.places[nodes] - scenery.places[current]
            ahead = steps @ np.array(way, dtype=np.float64)
            aside = np.abs(steps @ np.array(way[::-1], dtype=np.float64))
            able = ahead > np.maximum(1.0, 0.4 * aside if nodes is near else 0.0)
            if able.any():
                return int(nodes[np.argmin(np.where(able, ahead + 3 * aside, np.inf))])
        return current
