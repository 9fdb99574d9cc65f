"""The graph canvas: one fast item, panned and zoomed, picked and edited by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QWidget

from solvitur.gui.graph.canvas import CanvasView
from solvitur.gui.graph.figure import Figure, Mark
from solvitur.gui.graph.gestures import Banding, Gesture, Grip, Linking, Moving, Panning
from solvitur.gui.graph.hits import node_near, port_near, things_inside, wire_near
from solvitur.gui.graph.motion import glide
from solvitur.gui.graph.overlay import draw_link
from solvitur.gui.graph.painting import NEAR, Look, Painter
from solvitur.gui.graph.steering import Steering
from solvitur.gui.pictures.marks import draw_boxes
from solvitur.gui.theme import Theme

STEP_TYPE = "application/x-solvitur-step"
"""The MIME type under which the palette drags a step type's name."""
_LIT = ("bad", "accent")
"""The colours of states that are seen even where there is no room for icons."""
_SOFT_UP_TO = 2_000

Targets = Callable[[Grip], Mapping[tuple[str, str], str]]


class GraphView(CanvasView):
    """Shows a figure. It changes nothing by itself: what people do comes out as signals."""

    picked_changed = Signal(object)
    """frozenset of ids of the nodes, frames and notes that are picked."""
    activated = Signal(str)
    """Enter or a double click on a node, frame or note."""
    moved = Signal(object)
    """dict of id to (x, y): nodes and notes were dragged there."""
    linked = Signal(object, object)
    """Two grips: an output and the input that it was joined to."""
    link_dropped = Signal(object)
    """(grip, canvas point, widget point): a link ended on the empty canvas."""
    type_dropped = Signal(str, QPointF)
    commanded = Signal(str)
    """A key asked for something that only the owner can do; see `steering.COMMANDS`."""
    menu_asked = Signal(QPointF, QPoint)

    def __init__(self, theme: Theme, targets: Targets | None = None, parent: QWidget | None = None) -> None:
        self._painter = Painter(theme)
        super().__init__(theme, self._painter, parent)
        self.setObjectName("graph")
        self.setAccessibleName("Graph")
        self._targets = targets
        self._gesture: Gesture | None = None
        self._link: tuple[Grip, QPointF, Grip | None] | None = None
        self._motion: QVariantAnimation | None = None
        self.editable = targets is not None
        self.steering = Steering(self)
        self.setAcceptDrops(self.editable)

    # what is shown

    @property
    def figure(self) -> Figure:
        """What is shown."""
        return self._painter.figure

    @property
    def look(self) -> Look:
        """What is picked and pointed at."""
        return self._painter.look

    @property
    def extent(self) -> QRectF:
        """The box around everything; empty when there is nothing."""
        return self.figure.extent

    def draw_small(self, painter: QPainter, scale: float, shift: QPointF) -> None:
        """Draws the boxes of the nodes in the mini-map."""
        boxes = self.figure.boxes * scale + np.array([shift.x(), shift.y(), 0, 0])
        boxes[:, 2:] = np.maximum(boxes[:, 2:], 1.5)
        categories = self._theme.tokens.categories
        painter.setPen(Qt.PenStyle.NoPen)
        colours = self.figure.colours % len(categories)
        for colour in np.unique(colours).tolist():
            painter.setBrush(QColor(categories[colour]))
            draw_boxes(painter, boxes[colours == colour])

    @property
    def picked(self) -> frozenset[str]:
        """The ids that are picked."""
        return self.look.picked

    @property
    def picked_wires(self) -> frozenset[int]:
        """The wires that are picked, by position."""
        return self.look.picked_wires

    def show_figure(self, figure: Figure) -> None:
        """Shows another figure; what is picked stays picked where it still exists."""
        self._stop_motion()
        self._painter.figure = figure
        known = {*figure.index, *(frame.id for frame in figure.frames), *(note.id for note in figure.notes)}
        look = self.look
        look.picked_wires = frozenset(at for at in look.picked_wires if at < len(figure.wires))
        if look.current not in known:
            look.current = ""
        if look.picked - known:
            self.pick(look.picked & known)
        self.take_room()

    def show_marks(self, marks: Mapping[str, Mark]) -> None:
        """Shows the states of nodes; nothing else is computed anew."""
        self.look.marks = marks
        self.look.lit = {name: mark.token for name, mark in marks.items() if mark.token in _LIT}
        self.viewport().update()

    def move_softly(self, figure: Figure) -> None:
        """Shows the same nodes at other places, moving there shortly so that the eye can follow."""
        before = {node.id: node.position for node in self.figure.nodes}
        soft = len(before) <= _SOFT_UP_TO and self.isVisible() and {node.id for node in figure.nodes} == set(before)
        self.show_figure(figure)
        if soft:
            self._motion = glide(self, before, figure, self._theme.tokens.motion_ms, self._show_between)

    def _show_between(self, figure: Figure) -> None:
        self._painter.figure = figure
        self.viewport().update()

    def _stop_motion(self) -> None:
        motion, self._motion = self._motion, None
        if motion is not None:
            motion.stop()

    def pick(self, ids: frozenset[str], *, current: str = "", wires: frozenset[int] = frozenset()) -> None:
        """Picks nodes, frames and notes (or wires) in place of what was picked."""
        look = self.look
        changed = ids != look.picked or wires != look.picked_wires
        look.picked, look.picked_wires = ids, wires
        look.current = current or (look.current if look.current in ids else next(iter(sorted(ids)), ""))
        self.viewport().update()
        if changed:
            self.picked_changed.emit(ids)

    # looking around

    def fit(self, ids: frozenset[str] = frozenset()) -> None:
        """Zooms so that everything, or what is named, is in view."""
        self.fit_box(self.figure.around(ids))

    def show_node(self, node: str) -> None:
        """Brings a node into view if it is out of it."""
        if node in self.figure.index:
            box = self.figure.nodes[self.figure.index[node]].box
            if not self.seen().contains(box):
                self.centerOn(box.center())
                self.view_changed.emit()

    # what is where

    def node_at(self, at: QPointF) -> str:
        """Returns the node, frame or note at a point; empty when there is none."""
        return node_near(self.figure, at, self.zoom)

    def grip_at(self, at: QPointF) -> Grip | None:
        """Returns the port near a point."""
        return port_near(self.figure, at, self.zoom) if self.editable and self.zoom >= NEAR / 2 else None

    def wire_at(self, at: QPointF) -> int:
        """Returns the wire near a point by position, or -1."""
        return wire_near(self.figure, at, self.zoom)

    def things_in(self, box: QRectF) -> frozenset[str]:
        """Returns the nodes and notes that a box touches."""
        return things_inside(self.figure, box)

    # drawing links

    def show_targets(self, grip: Grip) -> None:
        """Shows where a link from a port may end."""
        self.look.targets = dict(self._targets(grip)) if self._targets is not None else {}
        self.look.targets_are_outputs = not grip.output
        self.viewport().update()

    def hide_targets(self) -> None:
        """Ends the drawing of a link."""
        self.look.targets, self._link = {}, None
        self.viewport().update()

    def show_link(self, grip: Grip, at: QPointF, near: Grip | None) -> None:
        """Shows a link that is being drawn, and why it may not end where it is."""
        self._link = (grip, at, near)
        self.viewport().update()

    def why_not(self, near: Grip | None) -> str:
        """Tells why the link being drawn may not end at a port; empty when it may."""
        return "" if near is None else self.look.targets.get((near.node, near.port), "this port takes no links")

    def join(self, one: Grip, other: Grip) -> None:
        """Tells of a link between two ports."""
        self.linked.emit(*((one, other) if one.output else (other, one)))

    def join_node(self, grip: Grip, node: str) -> None:
        """Links a port to the first port of a node that takes it."""
        targets = dict(self._targets(grip)) if self._targets is not None else {}
        for (name, port), why in targets.items():
            if name == node and not why:
                self.join(grip, Grip(node, port, not grip.output))
                return
        told = next((why for (name, _port), why in targets.items() if name == node), "")
        if told:
            self.commanded.emit(f"told:{told}")

    # events

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draws the link and the rubber band of a drag."""
        super().drawForeground(painter, rect)
        if self._link is not None:
            grip, at, near = self._link
            start = self.figure.port_at(grip.node, grip.port, output=grip.output)
            end = at if near is None else self.figure.port_at(near.node, near.port, output=near.output)
            draw_link(painter, self._theme, start, end, self.why_not(near), self.zoom, flipped=not grip.output)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins a gesture."""
        pixel = event.position().toPoint()
        at = self.mapToScene(pixel)
        adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.MiddleButton or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._gesture = Panning(self, pixel)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._gesture = self._begin(at, adding=adding)
        elif event.button() == Qt.MouseButton.RightButton:
            name, wire = self.node_at(at), self.wire_at(at)
            if name and name not in self.picked:
                self.pick(frozenset({name}), current=name)
            elif not name and wire >= 0:
                self.pick(frozenset(), wires=frozenset({wire}))
            self.menu_asked.emit(at, event.globalPosition().toPoint())

    def _begin(self, at: QPointF, *, adding: bool) -> Gesture:
        self.steering.leave_linking()
        grip = self.grip_at(at)
        if grip is not None:
            return Linking(self, grip)
        name = self.node_at(at)
        if name:
            if adding:
                self.pick(self.picked ^ {name}, current=name)
            elif name not in self.picked:
                self.pick(frozenset({name}), current=name)
            return Moving(self, at, self.picked) if self.editable else Panning(self, self.mapFromScene(at))
        wire = self.wire_at(at)
        if wire >= 0:
            self.pick(frozenset(), wires=frozenset({wire}))
        elif not adding:
            self.pick(frozenset())
        return Banding(self, at, adding=adding)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows a gesture, or lights what is under the mouse."""
        pixel = event.position().toPoint()
        at = self.mapToScene(pixel)
        if self._gesture is not None:
            self._gesture.move(at, pixel)
            return
        name = self.node_at(at)
        if name != self.look.hovered:
            self.look.hovered = name
            self.viewport().update()
        self.viewport().setCursor(
            Qt.CursorShape.CrossCursor if self.grip_at(at) is not None else Qt.CursorShape.ArrowCursor
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends a gesture."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            pixel = event.position().toPoint()
            gesture.end(self.mapToScene(pixel), pixel)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens what is under the mouse, or asks for a new step on the empty canvas."""
        name = self.node_at(self.mapToScene(event.position().toPoint()))
        if name:
            self.activated.emit(name)
        else:
            self.commanded.emit("add")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steers by keyboard."""
        if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            gesture.cancel()
        elif not self.steering.take(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keeps the keys of the canvas from the window's shortcuts while it has the focus."""
        overriding = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if overriding and self.steering.knows(cast(QKeyEvent, event)):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Gives Tab to the canvas; Shift+Tab still leaves it."""
        return False if forward and self.editable else super().focusNextPrevChild(forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes step types."""
        if event.mimeData().hasFormat(STEP_TYPE):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Takes step types; the wire under the mouse lights up, for the step to be put on it."""
        if event.mimeData().hasFormat(STEP_TYPE):
            wire = self.wire_at(self.mapToScene(event.position().toPoint()))
            self.pick(frozenset(), wires=frozenset({wire} if wire >= 0 else ()))
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tells which step type was dropped where."""
        if event.mimeData().hasFormat(STEP_TYPE):
            name = bytes(event.mimeData().data(STEP_TYPE).data()).decode()
            event.acceptProposedAction()
            self.type_dropped.emit(name, self.mapToScene(event.position().toPoint()))
            self.setFocus()
