"""Frame times of the graph canvas with everything in view, beside plain graphics items in the same run.

    python benchmarks/graph_frames.py [--sizes 1000 10000]

Each frame pans and zooms a little and paints the whole viewport, with Qt's software rendering. Prints the median
milliseconds of both, and how many times faster the canvas is; then the time and crossings of the layered layout.
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

from solvitur.gui.graph.figure import WIDTH, Figure, Node, PortMark, Wire
from solvitur.gui.graph.layered import layered
from solvitur.gui.graph.view import GraphView
from solvitur.gui.theme import Theme

_SIZE = (1360, 850)
_FRAMES = 15
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


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000])
    sizes = parser.parse_args().sizes
    app = QApplication.instance() or QApplication(sys.argv[:1])
    theme = Theme(app, "light")  # type: ignore[arg-type]
    for count in sizes:
        figure, seconds, crossed = random_figure(count)
        ours = GraphView(theme, lambda _grip: {})
        ours.resize(*_SIZE)
        ours.show()
        ours.show_figure(figure)
        ours.fit()

        def move(frame: int, view: GraphView = ours) -> None:
            view.pan(QPoint(3 if frame % 2 else -3, 2))
            view.zoom_by(1.002 if frame % 2 else 1 / 1.002)

        batched = frame_ms(ours, move)
        plain = plain_view(figure)
        plain.show()

        def move_plain(frame: int, view: QGraphicsView = plain) -> None:
            view.scale(*(2 * [1.002 if frame % 2 else 1 / 1.002]))

        items = frame_ms(plain, move_plain)
        print(
            f"{count:6} steps {len(figure.wires):6} links  frame {batched:6.1f} ms, plain items {items:6.1f} ms, "
            f"{items / batched:4.1f} times faster; layout {seconds:.2f} s, {crossed} crossings"
        )
        ours.close()
        plain.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
