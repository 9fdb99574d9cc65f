"""Paints a figure at the level of detail that the zoom asks for: batched boxes, titled boxes, or whole nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from solvitur.gui.graph.figure import HEAD, ROW, Figure, Frame, Mark, Node, edges
from solvitur.gui.pictures.marks import draw_boxes, draw_lines, draw_points
from solvitur.gui.theme import Theme

NEAR = 0.6
"""From this zoom on nodes are drawn with all their parts."""
_DETAILED = 400
"""More nodes than this in view are always drawn as boxes alone."""
_CURVED = 500
_TITLED_PX = 52.0
_POINT_PX = 3.0
PORT = 5.0


@dataclass
class Look:
    """What is picked and pointed at, beyond the figure itself."""

    picked: frozenset[str] = frozenset()
    picked_wires: frozenset[int] = frozenset()
    current: str = ""
    hovered: str = ""
    found: frozenset[str] = frozenset()
    dimmed: frozenset[str] = frozenset()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    """The state of nodes by id."""
    lit: Mapping[str, str] = field(default_factory=dict)
    """The colours of nodes that stand out from afar, by id: those that failed, run, or wait for a person."""
    targets: dict[tuple[str, str], str] = field(default_factory=dict)
    """While a link is drawn: why each port (node, port) does not take it; empty text when it does."""
    targets_are_outputs: bool = False


class Painter:
    """Draws one figure with the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.figure = Figure()
        self.look = Look()

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        """Draws what lies in ``exposed`` (canvas coordinates)."""
        scale = painter.worldTransform().m11()
        seen = self._seen(exposed)
        for frame in self.figure.frames:
            self._draw_frame(painter, frame, scale)
        self._draw_notes(painter, exposed, scale)
        detailed = len(seen) <= _DETAILED
        self._draw_wires(painter, exposed, scale, curved=detailed)
        if scale >= NEAR and detailed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for at in seen.tolist():
                self._draw_node(painter, self.figure.nodes[at])
        else:
            self._draw_boxes(painter, seen, scale, titled=detailed)

    def _seen(self, exposed: QRectF) -> np.ndarray:
        boxes = self.figure.boxes
        left, top, right, bottom = edges(exposed)
        inside = (boxes[:, 0] <= right) & (boxes[:, 0] + boxes[:, 2] >= left)
        inside &= (boxes[:, 1] <= bottom) & (boxes[:, 1] + boxes[:, 3] >= top)
        return np.flatnonzero(inside)

    # wires

    def _draw_wires(self, painter: QPainter, exposed: QRectF, scale: float, *, curved: bool) -> None:
        lines = self.figure.lines
        if not len(lines):
            return
        left, top, right, bottom = edges(exposed)
        low, high = np.minimum(lines[:, :2], lines[:, 2:]), np.maximum(lines[:, :2], lines[:, 2:])
        bend = 80.0 if curved else 0.0
        inside = (
            (low[:, 0] - bend <= right) & (high[:, 0] + bend >= left) & (low[:, 1] <= bottom) & (high[:, 1] >= top)
        )
        seen = np.flatnonzero(inside)
        if not curved or len(seen) > _CURVED:
            self._draw_straight(painter, lines[seen], scale)
            picked = [at for at in self.look.picked_wires if inside[at]]
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            touched = self._touched()
            for at in seen.tolist():
                if at not in self.look.picked_wires:
                    self._draw_curve(painter, at, hot=at in touched, picked=False)
            picked = [at for at in self.look.picked_wires if inside[at]]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at in picked:
            self._draw_curve(painter, at, hot=True, picked=True)

    def _draw_straight(self, painter: QPainter, lines: np.ndarray, scale: float) -> None:
        colour = self._theme.color("control")
        colour.setAlphaF(0.75 if len(lines) < 3_000 else 0.4 if len(lines) < 30_000 else 0.15)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        # Half-transparent lines cost twice; mixing the colour with the ground beforehand looks the same from afar.
        painter.setPen(QPen(mixed(colour, self._theme.color("surface")), 1))
        shift = np.array([transform.dx(), transform.dy()])
        draw_lines(painter, lines[:, :2] * scale + shift, lines[:, 2:] * scale + shift)
        painter.restore()

    def _touched(self) -> set[int]:
        near = self.look.picked | ({self.look.hovered} if self.look.hovered else set())
        if not near:
            return set()
        wires = self.figure.wires
        return {at for at, wire in enumerate(wires) if wire.source in near or wire.target in near}

    def _draw_curve(self, painter: QPainter, at: int, *, hot: bool, picked: bool) -> None:
        wire = self.figure.wires[at]
        marks = self.look.marks
        strong = all(end in marks and marks[end].strong for end in (wire.source, wire.target))
        token = "accent" if picked else "warn" if strong else "text_soft" if hot else "control"
        pen = QPen(self._theme.color(token), 2.5 if picked or strong else 1.5)
        pen.setCosmetic(painter.worldTransform().m11() < 1.0)
        if {wire.source, wire.target} & self.look.dimmed:
            pen.setColor(self._theme.color("line"))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x1, y1, x2, y2 = self.figure.lines[at].tolist()
        painter.drawPath(curve(QPointF(x1, y1), QPointF(x2, y2)))

    # nodes

    def _draw_boxes(self, painter: QPainter, seen: np.ndarray, scale: float, *, titled: bool) -> None:
        transform = painter.worldTransform()
        boxes = self.figure.boxes[seen]
        boxes = np.rint(boxes * scale + np.array([transform.dx(), transform.dy(), 0.0, 0.0]))
        boxes[:, 2:] = np.maximum(boxes[:, 2:], 1.0)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        fills, palette = self._fills(seen)
        titled = titled and len(boxes) > 0 and float(boxes[0, 2]) >= _TITLED_PX
        points = not titled and len(boxes) > 0 and float(boxes[:, 2].max()) <= _POINT_PX
        for code in np.unique(fills).tolist():
            part = boxes[fills == code]
            colour = QColor(palette[code])
            if points:
                painter.setPen(QPen(colour, max(float(part[:, 2].max()), 2.0)))
                draw_points(painter, part[:, :2])
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("surface") if titled else colour)
            draw_boxes(painter, part)
            if titled:
                strips = part.copy()
                strips[:, 2] = 4
                painter.setBrush(colour)
                draw_boxes(painter, strips)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._theme.color("control"), 1))
                draw_boxes(painter, part - np.array([0, 0, 1, 1]))
        if titled:
            self._write_titles(painter, seen, boxes)
        self._outline(painter, seen, boxes)
        painter.restore()

    def _fills(self, seen: np.ndarray) -> tuple[np.ndarray, list[str]]:
        """Returns the colour of every node in view, by its position in a list: its own, its heat, or none."""
        tokens, marks, figure = self._theme.tokens, self.look.marks, self.figure
        own = len(tokens.categories)
        palette = [*tokens.categories, *tokens.continuous, tokens.line]
        codes = figure.colours[seen] % own
        if any(mark.heat is not None for mark in marks.values()):
            for position, at in enumerate(seen.tolist()):
                mark = marks.get(figure.nodes[at].id)
                if mark is not None and mark.heat is not None:
                    codes[position] = own + self._heat_at(mark.heat)
        if self.look.dimmed:
            dim = np.array([figure.nodes[at].id in self.look.dimmed for at in seen.tolist()], dtype=bool)
            codes[dim] = len(palette) - 1
        return codes, palette

    def _heat_at(self, value: float) -> int:
        steps = len(self._theme.tokens.continuous)
        return min(int(value * steps), steps - 1)

    def _heat(self, value: float) -> str:
        return self._theme.tokens.continuous[self._heat_at(value)]

    def _write_titles(self, painter: QPainter, seen: np.ndarray, boxes: np.ndarray) -> None:
        font = self._theme.font("small")
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.setPen(self._theme.color("text"))
        for at, (x, y, width, height) in zip(seen.tolist(), boxes.tolist(), strict=True):
            if height < metrics.height() - 3:
                continue
            node = self.figure.nodes[at]
            mark = self.look.marks.get(node.id)
            box = QRectF(x + 8, y, width - 10, height)
            side = metrics.height() * 0.9
            if mark is not None and mark.icon and width > 5 * side:
                icon = self._theme.pixmap(mark.icon, mark.token, round(side))
                painter.drawPixmap(QPointF(x + width - side - 4, y + (height - side) / 2), icon)
                box.setWidth(box.width() - side - 4)
            text = metrics.elidedText(node.title, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _outline(self, painter: QPainter, seen: np.ndarray, boxes: np.ndarray) -> None:
        look = self.look
        marked = look.picked | look.found | look.lit.keys() | ({look.current} if look.current else set())
        if not marked:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for at, box in zip(seen.tolist(), boxes.tolist(), strict=True):
            name = self.figure.nodes[at].id
            if name in marked:
                token = (
                    "accent" if name in look.picked else "warn" if name in look.found else look.lit.get(name, "warn")
                )
                painter.setPen(QPen(self._theme.color(token), 2))
                painter.drawRect(QRectF(*box).adjusted(-2, -2, 1, 1))

    def _draw_node(self, painter: QPainter, node: Node) -> None:
        at = self.figure.index[node.id]
        box = QRectF(*self.figure.boxes[at])
        tokens, look = self._theme.tokens, self.look
        mark = self.look.marks.get(node.id)
        dim = node.id in look.dimmed
        radius = float(tokens.radius) + 2
        picked = node.id in look.picked
        border = "accent" if picked else "warn" if node.id in look.found else "control"
        pen = QPen(self._theme.color("line" if dim else border), 2.0 if picked or node.id in look.found else 1.0)
        if node.absent:
            pen.setStyle(Qt.PenStyle.DashLine)
        ground = self._theme.color("window" if node.absent else "surface")
        colour = QColor(self._heat(mark.heat)) if mark is not None and mark.heat is not None else self._ink(node)
        body = QPainterPath()
        body.addRoundedRect(box, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        if node.is_group:
            back = QPainterPath()
            back.addRoundedRect(box.translated(4, 4), radius, radius)
            painter.setPen(pen)
            painter.fillPath(back, self._theme.color("raised"))
            painter.drawPath(back)
        painter.fillPath(body, ground)
        painter.save()
        painter.setClipPath(body, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(box.left(), box.top(), 5, box.height()), colour if not dim else tokens.line)
        if mark is not None and mark.fraction is not None:
            self._draw_fraction(painter, box, mark)
        painter.restore()
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(body)
        if node.id == look.current and not picked:
            painter.setPen(QPen(self._theme.color("accent"), 1.5, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), radius, radius)
        self._write_head(painter, node, box, mark, dim=dim)
        self._draw_ports(painter, node, box)

    def _ink(self, node: Node) -> QColor:
        categories = self._theme.tokens.categories
        return QColor(categories[node.colour % len(categories)])

    def _draw_fraction(self, painter: QPainter, box: QRectF, mark: Mark) -> None:
        track = QRectF(box.left() + 5, box.top() + HEAD - 4, box.width() - 5, 3)
        painter.fillRect(track, self._theme.color("line"))
        track.setWidth(track.width() * min(max(mark.fraction or 0.0, 0.0), 1.0))
        painter.fillRect(track, self._theme.color("accent"))

    def _write_head(self, painter: QPainter, node: Node, box: QRectF, mark: Mark | None, *, dim: bool) -> None:
        font = self._theme.font("text")
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.DemiBold)
        left, width = box.left() + 14, box.width() - 22
        soft = self._theme.color("text_disabled" if dim else "text_soft")
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        title = QFontMetricsF(font).elidedText(node.title, Qt.TextElideMode.ElideRight, width)
        painter.setFont(font)
        painter.setPen(soft if dim else self._theme.color("text"))
        painter.drawText(QRectF(left, box.top() + 5, width, 20), align, title)
        small = self._theme.font("small")
        small.setPixelSize(12)
        painter.setFont(small)
        words, ink = node.subtitle, soft
        if mark is not None and mark.word:
            words, ink = mark.word, self._theme.color(mark.token)
            if mark.icon:
                icon = self._theme.pixmap(mark.icon, mark.token, 14)
                painter.drawPixmap(QRectF(left, box.top() + 27, 14, 14).toRect(), icon)
                left, width = left + 19, width - 19
        painter.setPen(ink)
        text = QFontMetricsF(small).elidedText(words, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(left, box.top() + 24, width, 20), align, text)

    def _draw_ports(self, painter: QPainter, node: Node, box: QRectF) -> None:
        small = self._theme.font("small")
        small.setPixelSize(12)
        metrics = QFontMetricsF(small)
        painter.setFont(small)
        half = box.width() / 2 - 16
        for output, ports in ((False, node.inputs), (True, node.outputs)):
            for at, port in enumerate(ports):
                y = box.top() + HEAD + ROW * at + ROW / 2
                opposite = output == self.look.targets_are_outputs
                why = self.look.targets.get((node.id, port.name)) if opposite else None
                fits, barred = why == "", bool(why)
                ink = "good" if fits else "text_disabled" if barred else "text_soft"
                painter.setPen(QPen(self._theme.color("good" if fits else "line" if barred else "control"), 1.5))
                painter.setBrush(self._theme.color("good_soft" if fits else "surface"))
                center = QPointF(box.right() if output else box.left(), y)
                painter.drawEllipse(center, PORT, PORT)
                painter.setPen(self._theme.color(ink))
                room = half if node.inputs and node.outputs else box.width() - 28
                words = metrics.elidedText(port.name, Qt.TextElideMode.ElideRight, room)
                x = box.right() - 12 - room if output else box.left() + 14
                side = Qt.AlignmentFlag.AlignRight if output else Qt.AlignmentFlag.AlignLeft
                painter.drawText(QRectF(x, y - ROW / 2, room, ROW), side | Qt.AlignmentFlag.AlignVCenter, words)

    # frames and notes

    def _draw_frame(self, painter: QPainter, frame: Frame, scale: float) -> None:
        box = self.figure.frame_box(frame)
        if box.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        categories = self._theme.tokens.categories
        colour = QColor(categories[frame.colour % len(categories)])
        fill = QColor(colour)
        fill.setAlphaF(0.08)
        picked = frame.id in self.look.picked
        pen = QPen(self._theme.color("accent") if picked else colour, 2.0 if picked else 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 8, 8)
        if scale >= NEAR / 2:
            font = self._theme.font("small")
            font.setPixelSize(12)
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(self._theme.color("text_soft"))
            room = box.adjusted(12, 6, -12, 0)
            text = QFontMetricsF(font).elidedText(frame.title, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, text)

    def _draw_notes(self, painter: QPainter, exposed: QRectF, scale: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for note in self.figure.notes:
            if not note.box.intersects(exposed):
                continue
            picked = note.id in self.look.picked
            pen = QPen(self._theme.color("accent" if picked else "line"), 2.0 if picked else 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(self._theme.color("warn_soft"))
            painter.drawRoundedRect(note.box, 4, 4)
            if scale >= NEAR / 2:
                font = self._theme.font("text")
                font.setPixelSize(13)
                painter.setFont(font)
                painter.setPen(self._theme.color("text"))
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                painter.drawText(note.box.adjusted(10, 8, -10, -8), int(flags), note.text)


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    """Returns the curve of a wire, leaving to the right and arriving from the left."""
    reach = max(abs(end.x() - start.x()) / 2, min(60.0, 24.0 + abs(end.y() - start.y()) / 4))
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
    return path


def mixed(colour: QColor, ground: QColor) -> QColor:
    """Returns an opaque colour that looks like a half-transparent one on a ground."""
    share = colour.alphaF()
    parts = [a * share + b * (1 - share) for a, b in zip(colour.getRgbF()[:3], ground.getRgbF()[:3], strict=True)]  # type: ignore[index]
    return QColor.fromRgbF(*parts)
