"""What lies under the mouse on a graph canvas."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from solvitur.gui.graph.figure import Figure, edges
from solvitur.gui.graph.gestures import Grip

_PORT_REACH, _WIRE_REACH = 10.0, 6.0
_SAMPLES = 24
_HEAD = 28.0


def node_near(figure: Figure, at: QPointF, zoom: float) -> str:
    """Returns the node, note or frame's title at a point; empty when there is none."""
    boxes = figure.boxes
    if len(boxes):
        slack = 2 / zoom
        inside = (boxes[:, 0] - slack <= at.x()) & (at.x() <= boxes[:, 0] + boxes[:, 2] + slack)
        inside &= (boxes[:, 1] - slack <= at.y()) & (at.y() <= boxes[:, 1] + boxes[:, 3] + slack)
        found = np.flatnonzero(inside)
        if len(found):
            return figure.nodes[int(found[-1])].id
    for note in reversed(figure.notes):
        if note.box.contains(at):
            return note.id
    for frame in figure.frames:
        box = figure.frame_box(frame)
        box.setHeight(_HEAD)
        if box.contains(at):
            return frame.id
    return ""


def port_near(figure: Figure, at: QPointF, zoom: float) -> Grip | None:
    """Returns the port whose circle is near a point."""
    reach = _PORT_REACH / min(zoom, 1.0)
    boxes = figure.boxes
    if not len(boxes):
        return None
    near = (boxes[:, 0] - reach <= at.x()) & (at.x() <= boxes[:, 0] + boxes[:, 2] + reach)
    near &= (boxes[:, 1] - reach <= at.y()) & (at.y() <= boxes[:, 1] + boxes[:, 3] + reach)
    best, nearest = None, reach
    for index in np.flatnonzero(near).tolist():
        node = figure.nodes[index]
        for output, ports in ((False, node.inputs), (True, node.outputs)):
            for port in ports:
                away = figure.port_at(node.id, port.name, output=output) - at
                distance = float(np.hypot(away.x(), away.y()))
                if distance <= nearest:
                    best, nearest = Grip(node.id, port.name, output), distance
    return best


def wire_near(figure: Figure, at: QPointF, zoom: float) -> int:
    """Returns the wire whose curve passes near a point, by position, or -1."""
    lines = figure.lines
    if not len(lines):
        return -1
    reach = _WIRE_REACH / zoom
    low, high = np.minimum(lines[:, :2], lines[:, 2:]), np.maximum(lines[:, :2], lines[:, 2:])
    room = reach + 60.0
    inside = (low[:, 0] - room <= at.x()) & (at.x() <= high[:, 0] + room)
    inside &= (low[:, 1] - reach <= at.y()) & (at.y() <= high[:, 1] + reach)
    found = np.flatnonzero(inside)
    if not len(found):
        return -1
    points = _sampled(lines[found])
    starts, ends = points[:, :-1], points[:, 1:]
    along = ends - starts
    away = np.array([at.x(), at.y()]) - starts
    share = np.clip((away * along).sum(2) / np.maximum((along**2).sum(2), 1e-9), 0, 1)
    distance = np.hypot(*np.moveaxis(away - along * share[:, :, None], 2, 0)).min(axis=1)
    best = int(distance.argmin())
    return int(found[best]) if distance[best] <= reach else -1


def _sampled(lines: np.ndarray) -> np.ndarray:
    """Returns points along the curves of wires, shape (m, samples, 2); the same curve as is painted."""
    start, end = lines[:, None, :2], lines[:, None, 2:]
    across, down = np.abs(end - start)[..., 0], np.abs(end - start)[..., 1]
    reach = np.maximum(across / 2, np.minimum(60.0, 24.0 + down / 4))
    bend = np.zeros_like(start)
    bend[..., 0] = reach
    t = np.linspace(0, 1, _SAMPLES)[None, :, None]
    points: np.ndarray = (
        (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * (start + bend) + 3 * (1 - t) * t**2 * (end - bend) + t**3 * end
    )
    return points


def things_inside(figure: Figure, box: QRectF) -> frozenset[str]:
    """Returns the nodes and notes that a box touches."""
    boxes = figure.boxes
    left, top, right, bottom = edges(box)
    inside = (boxes[:, 0] <= right) & (boxes[:, 0] + boxes[:, 2] >= left)
    inside &= (boxes[:, 1] <= bottom) & (boxes[:, 1] + boxes[:, 3] >= top)
    found = {figure.nodes[at].id for at in np.flatnonzero(inside).tolist()}
    return frozenset(found | {note.id for note in figure.notes if note.box.intersects(box)})
