"""A solution graph into files: PNG and SVG of what is seen, CSV and GraphML of what is shown."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from solvitur.gui.graphs.canvas import NetCanvas
from solvitur.gui.graphs.filters import Shown
from solvitur.gui.graphs.network import Network
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place

SUFFIXES = {
    ".png": "PNG image",
    ".svg": "SVG drawing",
    ".csv": "Links as CSV",
    ".graphml": "GraphML",
}
"""The endings of files that can be written, with what they are."""
_PNG_SCALE = 2.0


def export_graph(
    canvas: NetCanvas, path: Path | str, ground: QColor, codes: np.ndarray, names: tuple[str, ...]
) -> None:
    """Writes what a canvas shows; ``codes`` and ``names`` tell the colour of every node, for GraphML.

    Raises
    ------
    InputError
        If the ending is none of ours, or the file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        ending = f"'{target.suffix}'" if target.suffix else "no ending"
        text = f"a graph is written as .png, .svg, .csv or .graphml; the name has {ending}"
        raise InputError.at(text, place=Place(str(target)))
    try:
        if suffix == ".png":
            _write_png(canvas, target, ground)
        elif suffix == ".svg":
            _write_svg(canvas, target, ground)
        elif suffix == ".csv":
            write_csv(canvas.network, canvas.scenery.shown, target)
        else:
            write_graphml(canvas.network, canvas.scenery.shown, canvas.scenery.places, codes, names, target)
    except OSError as error:
        why = (error.strerror or str(error)).rstrip(".")
        raise InputError.at(
            f"the graph cannot be written: {why[:1].lower()}{why[1:]}", place=Place(str(target))
        ) from None


def write_csv(network: Network, shown: Shown, path: Path) -> None:
    """Writes the links that are shown, and the shown nodes without any as rows of their own; numbers in full."""
    value = f"value ({network.unit})" if network.unit else "value"
    links = np.flatnonzero(shown.links)
    touched = np.zeros(len(network), bool)
    touched[network.source[links]] = touched[network.target[links]] = True
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["from", "to", value, "element"])
        for link in links.tolist():
            element = network.link_elements[link] if link < len(network.link_elements) else ""
            ends = network.names[int(network.source[link])], network.names[int(network.target[link])]
            writer.writerow([*ends, repr(float(network.weight[link])), element])
        for node in np.flatnonzero(shown.nodes & ~touched).tolist():
            writer.writerow([network.names[node], "", "", ""])


def write_graphml(
    network: Network, shown: Shown, places: np.ndarray, codes: np.ndarray, names: tuple[str, ...], path: Path
) -> None:
    """Writes the nodes and links that are shown with all that is known of them."""
    import networkx  # noqa: PLC0415 - takes half a second, and only files need it here

    graph = networkx.MultiDiGraph() if network.directed else networkx.MultiGraph()
    for node in np.flatnonzero(shown.nodes).tolist():
        facts = {
            "label": network.names[node],
            "group": network.group_word(node),
            "colour": names[codes[node]] if codes[node] < len(names) else "",
            network.node_word: float(network.node_values[node]),
            "x": float(places[node, 0]),
            "y": float(places[node, 1]),
        }
        if node < len(network.node_elements):
            facts["element"] = network.node_elements[node]
        graph.add_node(f"n{node}", **facts)
    for link in np.flatnonzero(shown.links).tolist():
        facts = {"value": float(network.weight[link])}
        if link < len(network.link_elements):
            facts["element"] = network.link_elements[link]
        graph.add_edge(f"n{int(network.source[link])}", f"n{int(network.target[link])}", **facts)
    networkx.write_graphml_xml(graph, str(path))


def _write_png(canvas: NetCanvas, path: Path, ground: QColor) -> None:
    size = canvas.viewport().size()
    image = QImage(size * _PNG_SCALE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(_PNG_SCALE)
    image.fill(ground)
    painter = QPainter(image)
    _render(canvas, painter, size)
    painter.end()
    if not image.save(str(path)):
        raise OSError("is the folder there, and may you write to it?")


def _write_svg(canvas: NetCanvas, path: Path, ground: QColor) -> None:
    size = canvas.viewport().size()
    made = QSvgGenerator()
    made.setFileName(str(path))
    made.setSize(size)
    made.setViewBox(QRect(0, 0, size.width(), size.height()))
    made.setResolution(96)
    painter = QPainter()
    if not painter.begin(made):
        raise OSError("is the folder there, and may you write to it?")
    painter.fillRect(QRect(0, 0, size.width(), size.height()), ground)
    painter.setClipRect(QRect(0, 0, size.width(), size.height()))
    _render(canvas, painter, size)
    painter.end()


def _render(canvas: NetCanvas, painter: QPainter, size: QSize) -> None:
    canvas.render(painter, QRectF(0, 0, size.width(), size.height()), QRect(0, 0, size.width(), size.height()))
