"""What a graph canvas shows: nodes with ports, wires between them, frames around groups, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF

WIDTH = 200.0
HEAD, ROW, FOOT = 48.0, 20.0, 8.0
GRID = 8.0
_FRAME_ROOM, _FRAME_HEAD = 16.0, 28.0
_PLACELESS = ("index", "colours", "ends", "_rows")
"""What of a figure stays the same when its nodes move."""


@dataclass(frozen=True)
class PortMark:
    """One end of a node as it is drawn."""

    name: str
    type: str = "any"
    optional: bool = False
    many: bool = False
    help: str = ""


@dataclass(frozen=True)
class Node:
    """One box. ``colour`` counts through the category colours; ``absent`` marks types that nobody provides."""

    id: str
    title: str
    subtitle: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    inputs: tuple[PortMark, ...] = ()
    outputs: tuple[PortMark, ...] = ()
    colour: int = 0
    absent: bool = False
    is_group: bool = False
    note: str = ""

    @property
    def height(self) -> float:
        """The height, a multiple of the grid."""
        rows = max(len(self.inputs), len(self.outputs))
        tall = HEAD + ROW * rows + (FOOT if rows else 0)
        return float(np.ceil(tall / GRID) * GRID)

    @property
    def box(self) -> QRectF:
        """The box on the canvas."""
        return QRectF(*self.position, WIDTH, self.height)


@dataclass(frozen=True)
class Wire:
    """A link between two nodes' ports, by name; ``key`` is what it stands for."""

    source: str
    output: str
    target: str
    input: str
    key: object = None


@dataclass(frozen=True)
class Frame:
    """A group that is open: the box around its members."""

    id: str
    title: str
    members: tuple[str, ...]
    colour: int = 0
    box: QRectF | None = None
    """The box, where it is not simply that of the members with room around them."""


@dataclass(frozen=True)
class NoteMark:
    """A comment on the canvas."""

    id: str
    text: str
    box: QRectF


@dataclass(frozen=True)
class Mark:
    """What a node says of its state: a word, an icon and its colour, how far it is, and how hot it is drawn."""

    word: str
    icon: str = ""
    token: str = "text_soft"
    fraction: float | None = None
    heat: float | None = None
    strong: bool = False
    """Whether it lies on the critical path."""


@dataclass(frozen=True, eq=False)
class Figure:
    """Everything on a canvas; ids are unique over nodes, frames and notes."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    frames: tuple[Frame, ...] = ()
    notes: tuple[NoteMark, ...] = ()

    @cached_property
    def index(self) -> dict[str, int]:
        """The position of every node by id."""
        return {node.id: at for at, node in enumerate(self.nodes)}

    @cached_property
    def boxes(self) -> np.ndarray:
        """Left, top, width, height of every node, shape (n, 4)."""
        rows = [(*node.position, WIDTH, node.height) for node in self.nodes]
        return np.array(rows, dtype=np.float64).reshape(-1, 4)

    @cached_property
    def colours(self) -> np.ndarray:
        """The colour of every node, shape (n,)."""
        return np.array([node.colour for node in self.nodes], dtype=np.int64)

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The nodes at the two ends of every wire, by position."""
        pairs = np.array([(self.index[w.source], self.index[w.target]) for w in self.wires], dtype=np.int64)
        pairs = pairs.reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    @cached_property
    def _rows(self) -> tuple[np.ndarray, np.ndarray]:
        """How far below its node's top each wire begins and ends."""
        down = np.zeros((len(self.wires), 2))
        outs: dict[tuple[str, str], float] = {}
        ins: dict[tuple[str, str], float] = {}
        for node in self.nodes:
            outs.update({(node.id, port.name): _row(at) for at, port in enumerate(node.outputs)})
            ins.update({(node.id, port.name): _row(at) for at, port in enumerate(node.inputs)})
        for at, wire in enumerate(self.wires):
            down[at] = outs.get((wire.source, wire.output), HEAD / 2), ins.get((wire.target, wire.input), HEAD / 2)
        return down[:, 0], down[:, 1]

    @cached_property
    def lines(self) -> np.ndarray:
        """x and y of both ends of every wire, shape (m, 4)."""
        tails, heads = self.ends
        down_out, down_in = self._rows
        boxes = self.boxes
        return np.column_stack(
            (boxes[tails, 0] + WIDTH, boxes[tails, 1] + down_out, boxes[heads, 0], boxes[heads, 1] + down_in)
        )

    @cached_property
    def extent(self) -> QRectF:
        """The box around everything; empty when there is nothing."""
        around = QRectF()
        if len(self.boxes):
            low = self.boxes[:, :2].min(axis=0)
            high = (self.boxes[:, :2] + self.boxes[:, 2:]).max(axis=0)
            around = QRectF(QPointF(*low), QPointF(*high))
        for frame in self.frames:
            around = around.united(self.frame_box(frame))
        for note in self.notes:
            around = around.united(note.box)
        return around

    def frame_box(self, frame: Frame) -> QRectF:
        """Returns the box of a frame: its members with room around them and for the title."""
        if frame.box is not None:
            return frame.box
        around = QRectF()
        for member in frame.members:
            at = self.index.get(member)
            if at is not None:
                around = around.united(QRectF(*self.boxes[at]))
        room = _FRAME_ROOM
        return around.adjusted(-room, -room - _FRAME_HEAD + 8, room, room) if not around.isEmpty() else around

    def around(self, ids: frozenset[str]) -> QRectF:
        """Returns the box around some nodes, notes and frames; empty when none of them is here."""
        boxes = [self.nodes[self.index[each]].box for each in ids if each in self.index]
        boxes += [note.box for note in self.notes if note.id in ids]
        boxes += [self.frame_box(frame) for frame in self.frames if frame.id in ids]
        around = QRectF()
        for box in boxes:
            around = around.united(box)
        return around

    def places_of(self, ids: frozenset[str]) -> dict[str, tuple[float, float]]:
        """Returns where nodes and notes are; a frame stands for its members."""
        wanted = set(ids)
        for frame in self.frames:
            if frame.id in ids:
                wanted.update(frame.members)
        found = {node.id: node.position for node in self.nodes if node.id in wanted}
        found.update({note.id: (note.box.x(), note.box.y()) for note in self.notes if note.id in wanted})
        return found

    def port_at(self, node_id: str, port: str, *, output: bool) -> QPointF:
        """Returns where a port is; the middle of the head for one that the node does not have."""
        node = self.nodes[self.index[node_id]]
        names = [each.name for each in (node.outputs if output else node.inputs)]
        down = _row(names.index(port)) if port in names else HEAD / 2
        left, top = self.boxes[self.index[node_id], :2]
        return QPointF(left + (WIDTH if output else 0.0), top + down)

    def moved(self, places: Mapping[str, tuple[float, float]]) -> Figure:
        """Returns the figure with nodes and notes at other places; what does not depend on places is kept."""
        nodes = list(self.nodes)
        at = [self.index[name] for name in places if name in self.index]
        for number in at:
            nodes[number] = replace(nodes[number], position=places[nodes[number].id])
        notes = tuple(
            replace(note, box=QRectF(QPointF(*places[note.id]), note.box.size())) if note.id in places else note
            for note in self.notes
        )
        other = replace(self, nodes=tuple(nodes), notes=notes)
        other.__dict__.update({name: self.__dict__[name] for name in _PLACELESS if name in self.__dict__})
        boxes = self.boxes.copy()
        if at:
            boxes[at, :2] = [nodes[number].position for number in at]
        other.__dict__["boxes"] = boxes
        return other


def edges(box: QRectF) -> tuple[float, float, float, float]:
    """Returns left, top, right and bottom."""
    return box.left(), box.top(), box.right(), box.bottom()


def _row(at: int) -> float:
    return HEAD + ROW * at + ROW / 2
