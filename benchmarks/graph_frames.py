"""Frame times of the graph canvases with everything in view, and the quality of the layered layout.

    python benchmarks/graph_frames.py [--only steps networks layers] [--sizes 1000 10000] [--seconds 0.5]

``steps``: workflows beside plain graphics items in the same run. ``networks``: solution graphs of up to 100 000 nodes
from afar, in the middle and near, and the longest time for which the event loop stood still while one was opened.
``layers``: crossings of the layered layout beside networkx's multipartite layout, and beside Graphviz dot if
pygraphviz is there. Each frame pans and zooms a little and paints the whole viewport, with Qt's software rendering.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLineF, QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsLineItem, QGraphicsRectItem, QGraphicsScene, QGraphicsView

from solvitur.gui.graph.canvas import CanvasView
from solvitur.gui.graph.figure import WIDTH, Figure, Node, PortMark, Wire
from solvitur.gui.graph.layered import layered
from solvitur.gui.graph.layering import with_dummies
from solvitur.gui.graph.ordering import crossings
from solvitur.gui.graph.view import GraphView
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.view import SolutionGraph
from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme

_SIZE = (1360, 850)
_FRAMES = 15
_SIZES = {"steps": (1_000, 10_000), "networks": (1_000, 10_000, 100_000), "layers": (1_000,)}
_LINKS_PER_STEP = 1.417


def random_figure(count: int, seed: int = 1) -> tuple[Figure, float, int]:
    """Builds a random graph laid out in layers; also returns the seconds and crossings of the layout."""
    rng = random.Random(seed)
    reach = max(30, count // 30)
    pairs = {(max(0, at - 1 - rng.randrange(min(at, reach))), at) for at in range(1, count)}
    while len(pairs) < int(count * _LINKS_PER_STEP):
        head = rng.randrange(1, count)
        pairs.add((max(0, head - 1 - rng.randrange(min(head, reach))), head))
    ends = np.array(sorted(pairs))
    taken = (PortMark("tables", "table", many=True),)
    made = (PortMark("table", "table"),)
    nodes = [Node(f"s{at}", f"Step {at}", "Filter", (0, 0), taken, made, at % 7) for at in range(count)]
    begun = time.perf_counter()
    layout = layered(np.array([(WIDTH, node.height) for node in nodes]), ends[:, 0], ends[:, 1])
    seconds = time.perf_counter() - begun
    corners = layout.centers - np.array([[WIDTH / 2, node.height / 2] for node in nodes])
    wires = tuple(Wire(f"s{a}", "table", f"s{b}", "tables") for a, b in ends.tolist())
    places = {node.id: (float(x), float(y)) for node, (x, y) in zip(nodes, corners.tolist(), strict=True)}
    return Figure(tuple(nodes), wires).moved(places), seconds, layout.crossings


def frame_ms(view: QGraphicsView, move: Callable[[int], None]) -> float:
    """Returns the median time of a frame in milliseconds."""
    image = QImage(*_SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    times = []
    for frame in range(_FRAMES):
        move(frame)
        begun = time.perf_counter()
        painter = QPainter(image)
        view.render(painter, QRectF(0, 0, *_SIZE), view.viewport().rect())
        painter.end()
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times[2:])


def plain_view(figure: Figure) -> QGraphicsView:
    """Shows the same graph with one item for each node and link."""
    scene = QGraphicsScene()
    for x1, y1, x2, y2 in figure.lines.tolist():
        scene.addItem(QGraphicsLineItem(QLineF(x1, y1, x2, y2)))
    for box in figure.boxes.tolist():
        item = QGraphicsRectItem(QRectF(*box))
        item.setBrush(Qt.GlobalColor.lightGray)
        scene.addItem(item)
    view = QGraphicsView(scene)
    view.resize(*_SIZE)
    view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    scene.setParent(view)
    return view


def measure_steps(theme: Theme, count: int) -> None:
    """Prints the frame times of a workflow."""
    figure, seconds, crossed = random_figure(count)
    ours = GraphView(theme, lambda _grip: {})
    ours.resize(*_SIZE)
    ours.show()
    begun = time.perf_counter()
    ours.show_figure(figure)
    ours.fit()
    ours.grab()
    opened = time.perf_counter() - begun
    batched = frame_ms(ours, moving(ours))
    plain = plain_view(figure)
    plain.show()

    def move_plain(frame: int) -> None:
        plain.scale(*(2 * [1.002 if frame % 2 else 1 / 1.002]))

    items = frame_ms(plain, move_plain)
    print(
        f"{count:7} steps {len(figure.wires):7} links  frame {batched:6.1f} ms, plain items {items:6.1f} ms, "
        f"{items / batched:4.1f} times faster; shown in {opened:.2f} s; layout {seconds:.2f} s, {crossed} crossings"
    )
    ours.close()
    plain.close()


def moving(view: CanvasView) -> Callable[[int], None]:
    """Returns what pans and zooms a view a little before each frame."""

    def move(frame: int) -> None:
        view.pan(QPoint(3 if frame % 2 else -3, 2))
        view.zoom_by(1.002 if frame % 2 else 1 / 1.002)

    return move


def random_network(count: int, seed: int = 1) -> Network:
    """Builds a road-like network: nodes scattered in the square, joined with others nearby; 1.5 links for each."""
    dice = np.random.default_rng(seed)
    spots = dice.random((count, 2))
    side = max(int(np.sqrt(count / 2)), 1)
    cell = np.floor(spots * side).astype(np.int64)
    order = np.lexsort((spots[:, 1], cell[:, 0] * side + cell[:, 1]))
    first = dice.integers(0, count - 9, count // 2)
    source = np.concatenate((order[:-1], order[first]))
    target = np.concatenate((order[1:], order[first + dice.integers(2, 9, len(first))]))
    regions = (spots[:, 0] * 7).astype(np.int64)
    names = tuple(f"node {at}" for at in range(count))
    groups = tuple(f"region {at + 1}" for at in range(7))
    return Network(
        f"{count} nodes", names, source, target, dice.random(len(source)), group_names=groups, group=regions
    )


def measure_network(app: QApplication, theme: Theme, count: int, seconds: float) -> None:
    """Prints the frame times of a solution graph, and how long the window stood still while it was opened."""
    view = SolutionGraph(theme, Selection())
    view.resize(*_SIZE)
    view.show()
    app.processEvents()
    network = random_network(count)
    begun = time.perf_counter()
    view.show_network(network)
    worst = time.perf_counter() - begun
    while view.work.active:
        turn = time.perf_counter()
        app.processEvents()
        worst = max(worst, time.perf_counter() - turn)
        time.sleep(0.002)
    arranged = time.perf_counter() - begun
    times = []
    for zoom in (1.0, 4.0, 40.0):
        view.canvas.fit()
        view.canvas.zoom_by(zoom)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            app.processEvents()
        times.append(frame_ms(view.canvas, moving(view.canvas)))
    far, middle, near = times
    print(
        f"{count:7} nodes {len(network.source):7} links  frame far {far:5.1f}, middle {middle:5.1f}, near "
        f"{near:5.1f} ms; arranged in {arranged:.1f} s, event loop still for at most {worst * 1e3:.0f} ms"
    )
    view.close_work()
    view.close()


def measure_layers(count: int) -> None:
    """Prints crossings and seconds of layered layouts of one random graph."""
    figure, seconds, ours = random_figure(count)
    source, target = figure.ends
    theirs, slow = multipartite(count, source, target)
    print(
        f"{count:7} steps {len(source):7} links  ours {ours} crossings in {seconds:.2f} s, networkx multipartite "
        f"{theirs} in {slow:.2f} s, {theirs / max(ours, 1):.1f} times fewer" + dot(count, source, target)
    )


def multipartite(count: int, source: np.ndarray, target: np.ndarray) -> tuple[int, float]:
    """Returns the crossings and seconds of networkx's layout by layers; long links run straight."""
    import networkx

    graph = networkx.DiGraph(zip(source.tolist(), target.tolist(), strict=True))
    begun = time.perf_counter()
    for layer, nodes in enumerate(networkx.topological_generations(graph)):
        for node in nodes:
            graph.nodes[node]["layer"] = layer
    places = networkx.multipartite_layout(graph, subset_key="layer")
    seconds = time.perf_counter() - begun
    layer = np.array([graph.nodes[node]["layer"] for node in range(count)])
    return straight_crossings(layer, np.array([places[node][1] for node in range(count)]), source, target), seconds


def dot(count: int, source: np.ndarray, target: np.ndarray) -> str:
    """Returns what Graphviz dot comes to, in words; nothing where pygraphviz is not installed."""
    try:
        import pygraphviz
    except ImportError:
        return ""
    graph = pygraphviz.AGraph(directed=True, rankdir="LR")
    graph.add_nodes_from(range(count))
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    begun = time.perf_counter()
    graph.layout("dot")
    seconds = time.perf_counter() - begun
    places = np.array([[float(part) for part in graph.get_node(n).attr["pos"].split(",")] for n in range(count)])
    _, layer = np.unique(places[:, 0], return_inverse=True)
    return f"; Graphviz dot {straight_crossings(layer, places[:, 1], source, target)} in {seconds:.2f} s"


def straight_crossings(layer: np.ndarray, across: np.ndarray, source: np.ndarray, target: np.ndarray) -> int:
    """Counts crossings between neighbouring layers when long links run straight from end to end."""
    graph = with_dummies(layer, source, target)
    places = np.full(len(graph.layer), np.nan)
    places[: graph.real] = across
    tails, heads = np.where(layer[source] <= layer[target], (source, target), (target, source))
    kept = layer[tails] != layer[heads]
    at = graph.real
    for tail, head in zip(tails[kept].tolist(), heads[kept].tolist(), strict=True):
        span = int(layer[head] - layer[tail])
        for step in range(1, span):
            places[at] = across[tail] + (across[head] - across[tail]) * step / span
            at += 1
    rank = np.zeros(len(places), dtype=np.int64)
    for level in range(int(graph.layer.max()) + 1):
        nodes = np.flatnonzero(graph.layer == level)
        rank[nodes[np.argsort(places[nodes], kind="stable")]] = np.arange(len(nodes))
    return crossings(graph, rank)


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = ("steps", "networks", "layers")
    parser.add_argument("--only", choices=kinds, nargs="*", default=kinds)
    parser.add_argument("--sizes", type=int, nargs="*", help="instead of the usual sizes of each")
    parser.add_argument("--seconds", type=float, default=0.5, help="rest before the frames of a network")
    given = parser.parse_args()
    sys.setswitchinterval(0.0005)  # as the window sets it
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme = Theme(app, "light")
    for kind in given.only:
        for count in given.sizes or _SIZES[kind]:
            if kind == "steps":
                measure_steps(theme, count)
            elif kind == "networks":
                measure_network(app, theme, count, given.seconds)
            else:
                measure_layers(count)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
