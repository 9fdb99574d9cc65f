"""The graph canvas: laying out, hitting, steering by mouse and keyboard."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from solvitur.gui.graph.figure import GRID, WIDTH, Figure, Mark, Node, PortMark, Wire
from solvitur.gui.graph.layered import layered, parts
from solvitur.gui.graph.layering import layers_of, with_dummies
from solvitur.gui.graph.ordering import crossings, order_layers
from solvitur.gui.graph.view import GraphView
from solvitur.gui.theme import Theme

_IN, _OUT = (PortMark("in", "table"),), (PortMark("out", "table"),)


def chain(count: int) -> Figure:
    """Builds a chain of nodes from left to right."""
    nodes = tuple(Node(f"n{at}", f"Node {at}", "", (at * 280.0, 0.0), _IN, _OUT, at) for at in range(count))
    wires = tuple(Wire(f"n{at}", "out", f"n{at + 1}", "in") for at in range(count - 1))
    return Figure(nodes, wires)


@pytest.fixture
def view(qtbot: QtBot) -> GraphView:
    """An editable canvas with three nodes in a chain at full size."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)

    def targets(grip: object) -> dict[tuple[str, str], str]:
        return {("n0", "in"): "it would feed itself", ("n1", "in"): "", ("n2", "in"): ""}

    made = GraphView(Theme(application, "light"), targets)
    qtbot.addWidget(made)
    made.resize(1000, 500)
    made.show_figure(chain(3))
    made.show()
    made.set_view(1.0, QPointF(380, 50))
    qtbot.waitExposed(made)
    made.setFocus()
    return made


def pixel(view: GraphView, x: float, y: float) -> QPoint:
    """Returns the pixel of a point of the canvas."""
    return view.mapFromScene(QPointF(x, y))


def drag(qtbot: QtBot, view: GraphView, start: QPoint, end: QPoint) -> None:
    """Drags with the left button."""
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.7, 1.0):
        qtbot.mouseMove(view.viewport(), start + (end - start) * share)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)


def test_layers_follow_the_links() -> None:
    """Every link goes from an earlier layer to a later one, in random graphs."""
    rng = random.Random(3)
    for _ in range(20):
        count = rng.randrange(2, 60)
        pairs = {(rng.randrange(head), head) for head in range(1, count) for _ in range(rng.randrange(3))}
        ends = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        level = layers_of(count, ends[:, 0], ends[:, 1])
        assert (level[ends[:, 0]] < level[ends[:, 1]]).all()
        assert level.min() == 0


def test_a_cycle_is_laid_out_all_the_same() -> None:
    """A graph that goes round gets places too."""
    source, target = np.array([0, 1, 2]), np.array([1, 2, 0])
    layout = layered(np.full((3, 2), 50.0), source, target)
    assert len(np.unique(layout.centers, axis=0)) == 3


def test_no_two_nodes_overlap_after_tidying() -> None:
    """The boxes of a random graph with parts of its own stand apart."""
    rng = random.Random(5)
    count = 120
    pairs = {(max(0, head - 1 - rng.randrange(min(head, 9))), head) for head in range(1, count) if head % 40}
    ends = np.array(sorted(pairs))
    sizes = np.column_stack((np.full(count, 200.0), np.array([rng.choice([48.0, 96.0]) for _ in range(count)])))
    centers = layered(sizes, ends[:, 0], ends[:, 1]).centers
    boxes = [QRectF(x - w / 2, y - h / 2, w, h) for (x, y), (w, h) in zip(centers, sizes, strict=True)]
    assert not any(a.intersects(b) for at, a in enumerate(boxes) for b in boxes[:at])


def test_ordering_removes_most_crossings() -> None:
    """Fewer links cross than in the order in which the nodes came."""
    rng = np.random.default_rng(1)
    source, target = rng.integers(0, 40, 60), rng.integers(40, 80, 60)
    graph = with_dummies(layers_of(80, source, target), source, target)
    rank = np.zeros(len(graph.layer), dtype=np.int64)
    for level in range(int(graph.layer.max()) + 1):
        nodes = np.flatnonzero(graph.layer == level)
        rank[nodes] = np.arange(len(nodes))
    before = crossings(graph, rank)
    for nodes in order_layers(graph):
        rank[nodes] = np.arange(len(nodes))
    assert crossings(graph, rank) < before / 3


def test_crossings_are_counted_as_trying_every_pair_does() -> None:
    """The fast count equals the plain one."""
    rng = np.random.default_rng(7)
    source, target = rng.integers(0, 30, 500), rng.integers(30, 60, 500)
    graph = with_dummies(np.repeat([0, 1], 30), source, target)
    rank = np.concatenate((rng.permutation(30), rng.permutation(30)))
    a, b = rank[graph.source], rank[graph.target]
    plain = sum(
        ((a[i] < a[j]) and (b[i] > b[j])) or ((a[i] > a[j]) and (b[i] < b[j])) for i in range(500) for j in range(i)
    )
    assert crossings(graph, rank) == plain


def test_parts_are_told_apart() -> None:
    """Nodes that no link joins are parts of their own."""
    number = parts(4, np.array([0]), np.array([2]))
    assert number[0] == number[2] != number[1] != number[3]


def test_dragging_a_node_tells_where_it_goes_on_the_grid(view: GraphView, qtbot: QtBot) -> None:
    """A drag moves by whole steps of the grid and changes nothing by itself."""
    told: list[dict[str, tuple[float, float]]] = []
    view.moved.connect(told.append)
    drag(qtbot, view, pixel(view, 100, 20), pixel(view, 131, 62))
    assert len(told) == 1
    x, y = told[0]["n0"]
    assert (x % GRID, y % GRID) == (0, 0)
    assert (x, y) == (32.0, 40.0)


def test_dragging_from_an_output_to_an_input_links_them(view: GraphView, qtbot: QtBot) -> None:
    """The two ends are told, the output first, whichever way it was dragged."""
    told: list[tuple[str, str]] = []
    view.linked.connect(lambda source, target: told.append((source.node, target.node)))
    out = view.figure.port_at("n0", "out", output=True)
    into = view.figure.port_at("n2", "in", output=False)
    drag(qtbot, view, pixel(view, out.x(), out.y()), pixel(view, into.x(), into.y()))
    drag(qtbot, view, pixel(view, into.x(), into.y()), pixel(view, out.x(), out.y()))
    assert told == [("n0", "n2"), ("n0", "n2")]


def test_a_link_dropped_on_the_empty_canvas_asks_for_a_step(view: GraphView, qtbot: QtBot) -> None:
    """The port and the place are told."""
    told: list[tuple[object, QPointF, QPoint]] = []
    view.link_dropped.connect(told.append)
    out = view.figure.port_at("n2", "out", output=True)
    drag(qtbot, view, pixel(view, out.x(), out.y()), pixel(view, out.x() + 60, out.y() + 90))
    assert len(told) == 1


def test_a_rubber_band_picks_what_it_touches(view: GraphView, qtbot: QtBot) -> None:
    """Two of three nodes are picked."""
    drag(qtbot, view, pixel(view, -40, -60), pixel(view, 300, 100))
    assert view.picked == {"n0", "n1"}


def test_arrows_walk_along_links_and_ctrl_arrows_move(view: GraphView, qtbot: QtBot) -> None:
    """Right goes to the next node; with Ctrl it is moved by one step of the grid."""
    view.pick(frozenset({"n0"}), current="n0")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.picked == {"n1"}
    told: list[dict[str, tuple[float, float]]] = []
    view.moved.connect(told.append)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert told == [{"n1": (280.0, GRID)}]


def test_a_link_can_be_made_by_keyboard_alone(view: GraphView, qtbot: QtBot) -> None:
    """L starts it, the arrows choose among what fits, Enter makes it."""
    told: list[tuple[str, str]] = []
    view.linked.connect(lambda source, target: told.append((source.node, target.node)))
    view.pick(frozenset({"n0"}), current="n0")
    qtbot.keyClick(view, Qt.Key.Key_L)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told == [("n0", "n2")]


def test_escape_puts_a_dragged_node_back(view: GraphView, qtbot: QtBot) -> None:
    """Nothing is told, and the node is where it was."""
    told: list[object] = []
    view.moved.connect(told.append)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=pixel(view, 100, 20))
    qtbot.mouseMove(view.viewport(), pixel(view, 180, 90))
    assert view.figure.nodes[0].position != (0.0, 0.0)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.figure.nodes[0].position == (0.0, 0.0)
    assert told == []


def test_a_click_on_a_wire_picks_it(view: GraphView, qtbot: QtBot) -> None:
    """The curve itself is hit, not only its ends."""
    x1, y1, x2, y2 = view.figure.lines[0].tolist()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=pixel(view, (x1 + x2) / 2, (y1 + y2) / 2))
    assert view.picked_wires == {0}


def test_every_level_of_detail_draws(view: GraphView) -> None:
    """Near, titled, boxes and points all paint something, with states, picks and an absent type."""
    figure = chain(900)
    figure = replace(figure, nodes=(replace(figure.nodes[0], absent=True, is_group=True), *figure.nodes[1:]))
    view.show_figure(figure)
    view.show_marks({"n1": Mark("running", "play", "accent", 0.5), "n2": Mark("done", "good", "good", heat=0.7)})
    view.pick(frozenset({"n1"}))
    shots = []
    for zoom in (1.0, 0.35, 0.05, 0.005):
        view.set_view(zoom, QPointF(300, 40))
        image = view.grab().toImage()
        colours = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(225, 280, 2)}
        shots.append(len(colours))
    assert min(shots) > 2


def test_fit_shows_everything(view: GraphView) -> None:
    """All nodes are in view after fitting, and zooming in keeps the middle."""
    view.show_figure(chain(40))
    view.fit()
    assert view.seen().contains(view.figure.extent)
    middle = view.seen().center()
    view.zoom_by(2.0)
    assert abs(view.seen().center().x() - middle.x()) < WIDTH / 4
