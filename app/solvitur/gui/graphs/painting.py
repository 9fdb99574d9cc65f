"""Paints a network at the level of detail that the zoom asks for, from arrays and in batches.

Near: circles with names and arrows. Farther: dots. Far: an image of points, and links bundled by small squares.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from solvitur.gui.graph.figure import edges
from solvitur.gui.graph.painting import mixed
from solvitur.gui.graphs.bundles import Bundles
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.scenery import Colours, Marks, Scenery
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import Labels, draw_lines, draw_points
from solvitur.gui.theme import Theme

_SMOOTH_NODES, _SMOOTH_LINKS = 800, 1_000
_DOTS_UP_TO, _HALOED_UP_TO = 3_000, 300
_MOST_LINES = 20_000
_ARROWS_UP_TO = 500
_NAMED_UP_TO, _NAMES_TRIED = 4_000, 160
_LINK_CLASSES = 4
_SMALL = 6_000
_ARROW = 7.0


@dataclass(frozen=True)
class Told:
    """What the last frame showed: nodes and links in view, lines drawn, and whether those were bundles."""

    nodes: int = 0
    links: int = 0
    lines: int = 0
    bundled: bool = False


class NetPainter:
    """Draws one scenery with the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.scenery = Scenery(Network(""), np.zeros((0, 2)))
        self.colours = Colours(np.zeros(0, np.int64), (theme.tokens.accent,))
        self.marks = Marks()
        self.bundles: Bundles | None = None
        self.regions: tuple[tuple[str, float, float], ...] = ()
        """Words written large at points, such as the names of communities."""
        self.told = Told()

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        """Draws what lies in ``exposed`` (canvas coordinates)."""
        scenery, transform = self.scenery, painter.worldTransform()
        if not len(scenery.nodes):
            self.told = Told()
            return
        scale = transform.m11()
        pixels = scenery.places * scale + np.array([transform.dx(), transform.dy()])
        box = transform.mapRect(exposed)
        whole = exposed.contains(scenery.extent)
        seen = scenery.nodes if whole else self._seen(pixels, box)
        links = np.arange(len(scenery.links)) if whole else self._links_in(pixels, box)
        painter.save()
        painter.resetTransform()
        self._draw_links(painter, pixels, links, scale)
        self._draw_marked_links(painter, pixels)
        self._draw_nodes(painter, pixels, seen, scale)
        self._draw_marks(painter, pixels, scale)
        self._write_names(painter, pixels, seen, box, scale)
        self._write_regions(painter, transform.map(QPointF(0, 0)), scale, box)
        painter.restore()
        self.told = Told(len(seen), self.told.links, self.told.lines, self.told.bundled)

    def draw_small(self, painter: QPainter, scale: float, shift: QPointF) -> None:
        """Draws the most important nodes as points."""
        shown = self.scenery.nodes[:_SMALL]
        places = self.scenery.places[shown] * scale + np.array([shift.x(), shift.y()])
        codes = self.colours.nodes[shown]
        for code in np.unique(codes).tolist():
            painter.setPen(QPen(QColor(self.colours.palette[code]), 1.5))
            draw_points(painter, places[codes == code])

    def _seen(self, pixels: np.ndarray, box: QRectF) -> np.ndarray:
        left, top, right, bottom = edges(box.adjusted(-16, -16, 16, 16))
        points = pixels[self.scenery.nodes]
        inside = (points[:, 0] >= left) & (points[:, 0] <= right)
        inside &= (points[:, 1] >= top) & (points[:, 1] <= bottom)
        return self.scenery.nodes[inside]

    # links

    def _links_in(self, pixels: np.ndarray, box: QRectF) -> np.ndarray:
        """Returns the positions among the shown links of those that may touch a box."""
        network, links = self.scenery.network, self.scenery.links
        (x1, y1), (x2, y2) = pixels[network.source[links]].T, pixels[network.target[links]].T
        left, top, right, bottom = edges(box)
        outside = (np.maximum(x1, x2) < left) | (np.minimum(x1, x2) > right)
        outside |= (np.maximum(y1, y2) < top) | (np.minimum(y1, y2) > bottom)
        return np.flatnonzero(~outside)

    def _draw_links(self, painter: QPainter, pixels: np.ndarray, seen: np.ndarray, scale: float) -> None:
        network = self.scenery.network
        bundles = self.bundles
        if len(seen) > _MOST_LINES and bundles is not None:
            drawn = self._draw_bundles(painter, bundles, pixels, scale)
            self.told = Told(0, len(seen), drawn, bundled=True)
            return
        kept = seen[:_MOST_LINES]
        links = self.scenery.links[kept]
        starts, ends = pixels[network.source[links]], pixels[network.target[links]]
        self.told = Told(0, len(seen), len(kept))
        if len(kept) > _SMOOTH_LINKS:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            colour = self._theme.color("control")
            colour.setAlphaF(0.75 if len(kept) < 4_000 else 0.45)
            painter.setPen(line_pen(mixed(colour, self._theme.color("window")), 1.0, flat=True))
            draw_lines(painter, starts, ends)
        else:
            self._draw_smooth(painter, links, starts, ends, scale)

    def _draw_smooth(
        self, painter: QPainter, links: np.ndarray, starts: np.ndarray, ends: np.ndarray, scale: float
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        network = self.scenery.network
        level = np.ones(len(links), dtype=np.int64)  # the legs of routes are told apart by colour alone
        if not len(self.colours.links):
            level = np.minimum((self.scenery.strength[links] * _LINK_CLASSES).astype(np.int64), _LINK_CLASSES - 1)
        own = self.colours.links[links] if len(self.colours.links) else np.full(len(links), -1)
        grow = min(max(scale, 0.4), 1.5)
        for colour in np.unique(own).tolist():
            ink = self._theme.color("control") if colour < 0 else QColor(self.colours.palette[colour])
            for width in np.unique(level[own == colour]).tolist():
                part = (own == colour) & (level == width)
                painter.setPen(line_pen(ink, (1.0 + 1.2 * width) * grow, flat=True))
                draw_lines(painter, starts[part], ends[part])
            if network.directed and len(links) <= _ARROWS_UP_TO:
                radii = self.scenery.radii[network.target[links]] * scale
                part = own == colour
                _draw_arrows(painter, ink, starts[part], ends[part], radii[part], grow)

    def _draw_bundles(self, painter: QPainter, bundles: Bundles, pixels: np.ndarray, scale: float) -> int:
        """Draws lines between squares, the more links they stand for the stronger."""
        count = min(len(bundles.lines), _MOST_LINES)
        shift = pixels[0] - self.scenery.places[0] * scale
        lines, counts = bundles.lines[:count] * scale + np.tile(shift, 2), bundles.counts[:count]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        ground = self._theme.color("window")
        for low, high, share, width in (
            (0, 2, 0.35, 1.0),
            (2, 5, 0.6, 1.0),
            (5, 20, 0.9, 1.0),
            (20, 1 << 62, 1.0, 2.0),
        ):
            part = (counts >= low) & (counts < high)
            if part.any():
                ink = self._theme.color("control")
                ink.setAlphaF(share)
                painter.setPen(line_pen(mixed(ink, ground), width, flat=True))
                draw_lines(painter, lines[part, :2], lines[part, 2:])
        return count

    def _draw_marked_links(self, painter: QPainter, pixels: np.ndarray) -> None:
        network, marks = self.scenery.network, self.marks
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        touched: frozenset[int] = frozenset()
        if len(marks.nodes) == 1 and not marks.found_links:
            node = next(iter(marks.nodes))
            starts, _, links = network.neighbours
            near = links[starts[node] : starts[node + 1]]
            touched = frozenset(near[self.scenery.shown.links[near]].tolist())
        for chosen, token, width in (
            (touched, "accent", 1.5),
            (marks.found_links, "warn", 4.0),
            (marks.links, "accent", 4.0),
        ):
            if chosen:
                at = np.fromiter(chosen, np.int64, len(chosen))
                painter.setPen(line_pen(self._theme.color(token), width, flat=True))
                draw_lines(painter, pixels[network.source[at]], pixels[network.target[at]])

    # nodes

    def _draw_nodes(self, painter: QPainter, pixels: np.ndarray, seen: np.ndarray, scale: float) -> None:
        if len(seen) > _DOTS_UP_TO:
            palette = np.array([QColor(colour).rgba() for colour in self.colours.palette], dtype=np.uint32)
            _stamp(painter, pixels[seen], palette[self.colours.nodes[seen]], 2 if len(seen) > 30_000 else 3)
            return
        grow = min(max(scale, 0.25), 1.6)
        sizes = np.rint(np.maximum(2 * self.scenery.radii[seen] * grow, 3.0))
        codes = self.colours.nodes[seen]
        smooth = len(seen) <= _SMOOTH_NODES
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        ground = self._theme.color("window")
        for size in np.unique(sizes)[::-1].tolist():
            at = seen[sizes == size]
            if len(seen) <= _HALOED_UP_TO:
                painter.setPen(line_pen(ground, size + 3))
                draw_points(painter, pixels[at])
            for code in np.unique(codes[sizes == size]).tolist():
                part = at[self.colours.nodes[at] == code]
                painter.setPen(line_pen(QColor(self.colours.palette[code]), size))
                draw_points(painter, pixels[part])

    def _draw_marks(self, painter: QPainter, pixels: np.ndarray, scale: float) -> None:
        marks, scenery = self.marks, self.scenery
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        grow = min(max(scale, 0.25), 1.6)
        rings = [
            (marks.others, "warn", 1.0),
            (marks.found, "warn", 2.5),
            (marks.picked, "accent", 2.5),
        ]
        for nodes, token, width in rings:
            nodes = nodes[scenery.shown.nodes[nodes]]
            if not len(nodes):
                continue
            if len(nodes) > _DOTS_UP_TO:
                ink = np.full(len(nodes), self._theme.color(token).rgba(), dtype=np.uint32)
                _stamp(painter, pixels[nodes], ink, 3)
                continue
            painter.setPen(line_pen(self._theme.color(token), width))
            for node in nodes.tolist():
                radius = max(scenery.radii[node] * grow, 2.0) + 3.0
                painter.drawEllipse(QPointF(*pixels[node]), radius, radius)
        if 0 <= marks.hovered < len(pixels) and scenery.shown.nodes[marks.hovered]:
            painter.setPen(line_pen(self._theme.color("text"), 1.5))
            radius = max(scenery.radii[marks.hovered] * grow, 2.0) + 2.0
            painter.drawEllipse(QPointF(*pixels[marks.hovered]), radius, radius)

    # words

    def _write_names(
        self, painter: QPainter, pixels: np.ndarray, seen: np.ndarray, box: QRectF, scale: float
    ) -> None:
        first = [node for node in (self.marks.current, self.marks.hovered) if node >= 0]
        first += [*self.marks.picked[:_NAMES_TRIED].tolist(), *self.marks.found[:_NAMES_TRIED].tolist()]
        names = [node for node in first if node < len(pixels) and self.scenery.shown.nodes[node]]
        if len(seen) <= _NAMED_UP_TO:
            names += seen[:_NAMES_TRIED].tolist()
        if not names:
            return
        tokens = self._theme.tokens
        look = Look(replace(tokens, surface=tokens.window))  # the ground that names stand on here
        painter.setFont(look.font())
        labels = Labels(painter, look, box)
        grow = min(max(scale, 0.25), 1.6)
        ink = self._theme.color("text")
        for node in dict.fromkeys(names):
            gap = max(float(self.scenery.radii[node]) * grow, 2.0) + 4.0
            labels.write_around(QPointF(*pixels[node]), gap, self.scenery.network.names[node], ink)

    def _write_regions(self, painter: QPainter, origin: QPointF, scale: float, box: QRectF) -> None:
        if not self.regions:
            return
        tokens = self._theme.tokens
        painter.setFont(Look(tokens).font(tokens.text_px, strong=True))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(line_pen(self._theme.color("text"), 1.0))
        painter.setBrush(self._theme.color("raised"))
        for words, x, y in self.regions:
            at = QPointF(x * scale, y * scale) + origin
            if box.contains(at):
                width, height = metrics.horizontalAdvance(words) + 2 * tokens.gap, metrics.height()
                plate = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
                painter.drawRoundedRect(plate, tokens.radius, tokens.radius)
                painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_arrows(
    painter: QPainter, ink: QColor, starts: np.ndarray, ends: np.ndarray, radii: np.ndarray, grow: float
) -> None:
    """Draws an arrow head before the circle of each link's target; not where it would hide a short link."""
    way = ends - starts
    length = np.hypot(way[:, 0], way[:, 1])
    size = _ARROW * grow
    long = length > radii + 2.5 * size
    way = way[long] / length[long][:, None]
    tips = ends[long] - way * (radii[long] + 2.0)[:, None]
    side = np.column_stack((-way[:, 1], way[:, 0])) * size / 2
    backs = tips - way * size
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for tip, one, other in zip(tips.tolist(), (backs + side).tolist(), (backs - side).tolist(), strict=True):
        painter.drawPolygon(QPolygonF([QPointF(*tip), QPointF(*one), QPointF(*other)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _stamp(painter: QPainter, points: np.ndarray, inks: np.ndarray, side: int) -> None:
    """Draws very many points into an image, the first on top; ``inks`` are their colours as 0xffRRGGBB."""
    window = painter.window()
    ratio = painter.device().devicePixelRatio()
    width, height = round(window.width() * ratio), round(window.height() * ratio)
    image = np.zeros((height, width), dtype=np.uint32)
    side = round(side * ratio)
    at = np.rint(points[::-1] * ratio - side / 2).astype(np.int64)
    inside = (at[:, 0] >= 0) & (at[:, 0] < width - side) & (at[:, 1] >= 0) & (at[:, 1] < height - side)
    spots, inks = at[inside, 1] * width + at[inside, 0], inks[::-1][inside]
    flat = image.reshape(-1)
    for down in range(side):
        for right in range(side):
            flat[spots + (down * width + right)] = inks
    drawn = QImage(image.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    drawn.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(window.topLeft()), drawn)
