"""What dragging does on a graph canvas, one small class for each gesture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF

from solvitur.gui.graph.figure import GRID

if TYPE_CHECKING:
    from solvitur.gui.graph.canvas import CanvasView
    from solvitur.gui.graph.view import GraphView


@dataclass(frozen=True)
class Grip:
    """A port that a link can be drawn from or to."""

    node: str
    port: str
    output: bool


class Gesture(Protocol):
    """One drag, from the press to the release."""

    def move(self, at: QPointF, pixel: QPoint) -> None:
        """Follows the mouse; ``at`` on the canvas, ``pixel`` in the widget."""
        ...

    def end(self, at: QPointF, pixel: QPoint) -> None:
        """Does what the drag was for."""
        ...

    def cancel(self) -> None:
        """Leaves everything as it was before the press."""
        ...


class Panning:
    """Moves the view."""

    def __init__(self, view: CanvasView, pixel: QPoint) -> None:
        self._view, self._last = view, pixel

    def move(self, at: QPointF, pixel: QPoint) -> None:
        """Follows the mouse."""
        self._view.pan(self._last - pixel)
        self._last = pixel

    def end(self, at: QPointF, pixel: QPoint) -> None:
        """Stays where it is."""

    def cancel(self) -> None:
        """Stays where it is."""


class Banding:
    """Picks everything in a box."""

    def __init__(self, view: GraphView, start: QPointF, *, adding: bool) -> None:
        self._view, self._start = view, start
        self._before = view.picked if adding else frozenset()

    def move(self, at: QPointF, pixel: QPoint) -> None:
        """Shows the box and picks what it touches."""
        box = QRectF(self._start, at).normalized()
        self._view.show_band(box)
        self._view.pick(self._before | self._view.things_in(box))

    def end(self, at: QPointF, pixel: QPoint) -> None:
        """Takes the box away."""
        self._view.show_band(None)

    def cancel(self) -> None:
        """Picks what was picked before."""
        self._view.show_band(None)
        self._view.pick(self._before)


class Moving:
    """Moves nodes and notes; they snap to the grid."""

    def __init__(self, view: GraphView, start: QPointF, ids: frozenset[str]) -> None:
        self._view, self._start, self._ids = view, start, ids
        self._before = view.figure.places_of(ids)
        self._figure = view.figure
        self._begun = False

    def move(self, at: QPointF, pixel: QPoint) -> None:
        """Shows the nodes where they would go, once the mouse has left the place of the press."""
        shift = at - self._start
        if not self._begun and shift.manhattanLength() * self._view.zoom < 4:
            return
        self._begun = True
        self._view.show_figure(self._figure.moved(self._places(shift)))

    def end(self, at: QPointF, pixel: QPoint) -> None:
        """Tells where they were put."""
        if self._begun:
            places = self._places(at - self._start)
            if places != self._before:
                self._view.moved.emit(places)

    def cancel(self) -> None:
        """Puts them back."""
        self._view.show_figure(self._figure)

    def _places(self, shift: QPointF) -> dict[str, tuple[float, float]]:
        return {name: (snapped(x + shift.x()), snapped(y + shift.y())) for name, (x, y) in self._before.items()}


class Linking:
    """Draws a link from a port; what it may end at is shown, and why not elsewhere."""

    def __init__(self, view: GraphView, grip: Grip) -> None:
        self._view, self._grip = view, grip
        view.show_targets(grip)

    def move(self, at: QPointF, pixel: QPoint) -> None:
        """Shows the link as far as it is drawn."""
        near = self._view.grip_at(at)
        if near is not None and (near.output == self._grip.output or near.node == self._grip.node):
            near = None
        self._view.show_link(self._grip, at, near)

    def end(self, at: QPointF, pixel: QPoint) -> None:
        """Tells which ports were joined, or that the link ended on the empty canvas."""
        near = self._view.grip_at(at)
        self._view.hide_targets()
        if near is not None and near.output != self._grip.output:
            self._view.join(self._grip, near)
        elif near is None and not self._view.node_at(at):
            self._view.link_dropped.emit((self._grip, at, pixel))
        elif near is None:
            self._view.join_node(self._grip, self._view.node_at(at))

    def cancel(self) -> None:
        """Takes the link away."""
        self._view.hide_targets()


def snapped(value: float) -> float:
    """Returns the nearest line of the grid."""
    return round(value / GRID) * GRID
