"""Draws what steps unfolded into: below each such step its sub-workflow, in a frame; the others make room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QRectF

from solvitur.gui.graph.figure import WIDTH, Figure, Frame, Node, Wire
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.gui.plan.courses import Courses
from solvitur.gui.plan.figures import links_by_step, node_of
from solvitur.workflow.model import Workflow

Place = tuple[float, float]
_ROOM, _BETWEEN, _HEAD = 16.0, 24.0, 24.0
_ACROSS, _DOWN = 248.0, 24.0
_TALLEST = 8
"""More steps than this that could run at once are drawn in several columns."""
_USUALLY = 40
"""Sub-workflows are opened by themselves while no more than so many steps are drawn of them."""
_CROWDED = 6
"""In larger sub-workflows than this nothing is opened by itself: of many parts none is worth more than the others."""
_MOST = 600
"""So many unfolded steps at most are drawn."""


@dataclass(frozen=True)
class Room:
    """What is drawn of a sub-workflow, its upper left corner at the origin."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    frames: tuple[Frame, ...] = ()
    width: float = 0.0
    height: float = 0.0


@dataclass
class Unfolding:
    """Which unfolded steps are open: those that a person opened or closed, and small ones by themselves."""

    chosen: dict[str, bool] = field(default_factory=dict)
    _opened: dict[str, int] = field(default_factory=dict)
    """What was opened by itself, with its number of steps."""

    def is_open(self, path: str, courses: Courses) -> bool:
        """Tells whether the sub-workflow of a step is drawn; small ones are, as long as few are."""
        course = courses.get(path)
        if course is None or course.unfolded is None:
            return False
        if path not in self.chosen and path not in self._opened:
            above = courses.get(path.rpartition("/")[0])
            crowded = above is not None and above.parts > _CROWDED
            size = len(course.unfolded.steps)
            if crowded or sum(self._opened.values()) + size > _USUALLY:
                return False
            self._opened[path] = size
        return self.chosen.get(path, True)

    def toggle(self, path: str, courses: Courses) -> bool:
        """Opens or closes a step's sub-workflow; False when it has none."""
        course = courses.get(path)
        if course is None or course.unfolded is None:
            return False
        self.chosen[path] = not self.is_open(path, courses)
        return True

    def forget(self) -> None:
        """Leaves it to the size again, for another run."""
        self.chosen.clear()
        self._opened.clear()


def with_unfolded(
    figure: Figure, courses: Courses, catalogue: Catalogue, unfolding: Unfolding
) -> tuple[Figure, dict[str, Place]]:
    """Returns the figure with open sub-workflows drawn in, and how far each node and note was moved for them."""
    budget = [_MOST]
    rooms = {
        node.id: _room(node.id, courses, catalogue, unfolding, budget)
        for node in figure.nodes
        if not node.is_group and unfolding.is_open(node.id, courses)
    }
    rooms = {name: room for name, room in rooms.items() if room.nodes}
    if not rooms:
        return figure, {}
    shifts = _shifts({node.id: node for node in figure.nodes}, rooms)
    notes = {note.id: (note.box.x(), note.box.y()) for note in figure.notes}
    grown = _growth(figure.nodes, rooms)
    shifts.update({name: _shift_of(place, grown) for name, place in notes.items()})
    moved = figure.moved(
        {node.id: _plus(node.position, shifts[node.id]) for node in figure.nodes}
        | {name: _plus(place, shifts[name]) for name, place in notes.items()}
    )
    nodes, wires, frames = list(moved.nodes), list(moved.wires), list[Frame]()
    for node in moved.nodes:
        if node.id in rooms:
            placed = _hung(node, rooms[node.id])
            nodes += placed.nodes
            wires += placed.wires
            frames += placed.frames
    outer = tuple(_around(frame, moved, {f.members[0]: f for f in frames if f.members}) for frame in moved.frames)
    drawn = replace(moved, nodes=tuple(nodes), wires=tuple(wires), frames=(*outer, *frames))
    return drawn, {name: shift for name, shift in shifts.items() if any(shift)}


def _room(path: str, courses: Courses, catalogue: Catalogue, unfolding: Unfolding, budget: list[int]) -> Room:
    """Lays a sub-workflow out, with what its own steps unfolded into."""
    workflow = courses[path].unfolded or Workflow()
    if len(workflow.steps) > budget[0]:
        return Room()
    budget[0] -= len(workflow.steps)
    named = {step.id: f"{path}/{step.id}" for step in workflow.steps}
    links = links_by_step(workflow)
    plain = {
        step.id: replace(
            node_of(step, catalogue, links),
            id=named[step.id],
            title=step.title or step.id.replace("_", " "),
            subtitle=catalogue.title(step.type),
        )
        for step in workflow.steps
    }
    places = _places(workflow, {name: node.height for name, node in plain.items()})
    plain = {name: replace(node, position=places[name]) for name, node in plain.items()}
    rooms = {
        name: _room(node.id, courses, catalogue, unfolding, budget)
        for name, node in plain.items()
        if unfolding.is_open(node.id, courses)
    }
    rooms = {name: room for name, room in rooms.items() if room.nodes}
    shifts = _shifts(plain, rooms)
    nodes: list[Node] = []
    frames: list[Frame] = []
    wires = [
        Wire(named[link.source], link.output, named[link.target], link.input)
        for link in workflow.links
        if link.source in named and link.target in named
    ]
    for name, node in plain.items():
        stood = replace(node, position=_plus(node.position, shifts[name]))
        nodes.append(stood)
        if name in rooms:
            placed = _hung(stood, rooms[name])
            nodes += placed.nodes
            wires += placed.wires
            frames += placed.frames
    boxes = [node.box for node in nodes] + [frame.box for frame in frames if frame.box is not None]
    around = QRectF()
    for box in boxes:
        around = around.united(box)
    room = Room(tuple(nodes), tuple(wires), tuple(frames), around.width(), around.height())
    return _moved(room, -around.left(), -around.top())


def _hung(node: Node, room: Room) -> Room:
    """Places a room below its node, with the frame around both."""
    x, y = node.position
    placed = _moved(room, x, y + node.height + _HEAD)
    box = QRectF(x, y, max(room.width, WIDTH), node.height + _HEAD + room.height).adjusted(
        -_ROOM, -_ROOM, _ROOM, _ROOM
    )
    return replace(placed, frames=(Frame(f"{node.id}/", "", (node.id,), node.colour, box), *placed.frames))


def _moved(room: Room, x: float, y: float) -> Room:
    return replace(
        room,
        nodes=tuple(replace(node, position=(node.position[0] + x, node.position[1] + y)) for node in room.nodes),
        frames=tuple(
            replace(frame, box=frame.box.translated(x, y) if frame.box is not None else None) for frame in room.frames
        ),
    )


def _around(frame: Frame, figure: Figure, hung: Mapping[str, Frame]) -> Frame:
    """Lets the frame of a group hold what its members unfolded into."""
    inner = [hung[member].box for member in frame.members if member in hung]
    if not inner:
        return frame
    box = figure.frame_box(frame)
    for each in inner:
        if each is not None:
            box = box.united(each.adjusted(-_ROOM / 2, -_ROOM / 2, _ROOM / 2, _ROOM / 2))
    return replace(frame, box=box)


# making room


def _shifts(nodes: Mapping[str, Node], rooms: Mapping[str, Room]) -> dict[str, Place]:
    grown = _growth(nodes.values(), {nodes[name].id: room for name, room in rooms.items()})
    return {name: _shift_of(node.position, grown) for name, node in nodes.items()}


Growth = tuple[list[tuple[float, float]], list[tuple[float, float]]]
"""Per axis: from which coordinate on everything moves, and by how much."""


def _growth(nodes: Iterable[Node], rooms: Mapping[str, Room]) -> Growth:
    across, down = [], []
    for node in nodes:
        room = rooms.get(node.id)
        if room is not None:
            x, y = node.position
            across.append((x, x + WIDTH, max(room.width - WIDTH, 0.0) + 2 * _ROOM))
            down.append((y, y + node.height, room.height + _HEAD + 2 * _ROOM))
    return _steps(across), _steps(down)


def _steps(spans: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Joins spans that overlap: side by side they need only as much room as the largest of them."""
    joined: list[list[float]] = []  # end of the cluster, first end in it, room
    for low, high, room in sorted(spans):
        if joined and low < joined[-1][0]:
            joined[-1] = [max(joined[-1][0], high), min(joined[-1][1], high), max(joined[-1][2], room)]
        else:
            joined.append([high, high, room])
    return [(first, room) for _, first, room in joined]


def _shift_of(place: Place, grown: Growth) -> Place:
    moved = [sum(room for start, room in steps if at >= start - 1) for at, steps in zip(place, grown, strict=True)]
    return moved[0], moved[1]


def _plus(place: Place, shift: Place) -> Place:
    return place[0] + shift[0], place[1] + shift[1]


# laying out


def _places(workflow: Workflow, heights: Mapping[str, float]) -> dict[str, Place]:
    """Places steps in columns by how many steps they come after; a tall column is broken into several."""
    depth: dict[str, int] = {}
    parents = workflow.parents()
    for name in workflow.order():
        depth[name] = max((depth[other] + 1 for other in parents[name]), default=0)
    layers: dict[int, list[str]] = {}
    for step in workflow.steps:
        layers.setdefault(depth[step.id], []).append(step.id)
    places: dict[str, Place] = {}
    x = 0.0
    for at in sorted(layers):
        names = layers[at]
        most = max(_TALLEST, math.ceil(math.sqrt(len(names))))
        rows = math.ceil(len(names) / math.ceil(len(names) / most))
        tall = max(heights[name] for name in names) + _DOWN
        for position, name in enumerate(names):
            places[name] = (x + _ACROSS * (position // rows), tall * (position % rows))
        x += _ACROSS * math.ceil(len(names) / rows)
    return places
