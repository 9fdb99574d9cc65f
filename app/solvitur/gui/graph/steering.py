"""A graph canvas by keyboard alone: walking along links, moving, linking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from solvitur.gui.graph.figure import GRID
from solvitur.gui.graph.gestures import Grip, snapped

if TYPE_CHECKING:
    from solvitur.gui.graph.view import GraphView

_K, _M = Qt.Key, Qt.KeyboardModifier
_ARROWS = {_K.Key_Left: (-1, 0), _K.Key_Right: (1, 0), _K.Key_Up: (0, -1), _K.Key_Down: (0, 1)}

COMMANDS = {
    (_K.Key_Tab, _M.NoModifier): "add",
    (_K.Key_Delete, _M.NoModifier): "remove",
    (_K.Key_Backspace, _M.NoModifier): "remove",
    (_K.Key_C, _M.ControlModifier): "copy",
    (_K.Key_X, _M.ControlModifier): "cut",
    (_K.Key_V, _M.ControlModifier): "paste",
    (_K.Key_D, _M.ControlModifier): "duplicate",
    (_K.Key_G, _M.ControlModifier): "group",
    (_K.Key_N, _M.NoModifier): "note",
    (_K.Key_T, _M.NoModifier): "tidy",
    (_K.Key_F2, _M.NoModifier): "rename",
}
"""Keys whose meaning is the owner's: by key and modifiers, the word that `GraphView.commanded` carries."""
_OWN = {
    (_K.Key_A, _M.ControlModifier): "all",
    (_K.Key_F, _M.NoModifier): "fit",
    (_K.Key_Z, _M.NoModifier): "zoom to picked",
    (_K.Key_L, _M.NoModifier): "link",
    (_K.Key_Return, _M.NoModifier): "enter",
    (_K.Key_Enter, _M.NoModifier): "enter",
    (_K.Key_Escape, _M.NoModifier): "escape",
    (_K.Key_Plus, _M.NoModifier): "in",
    (_K.Key_Minus, _M.NoModifier): "out",
}


class Steering:
    """Reads the keys of one canvas."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._linking: Grip | None = None
        self._targets: list[tuple[str, str]] = []
        self._at = 0

    def knows(self, event: QKeyEvent) -> bool:
        """Tells whether a key means something here."""
        key = (_K(event.key()), _modifiers(event))
        return key in COMMANDS or key in _OWN or key[0] in _ARROWS

    def take(self, event: QKeyEvent) -> bool:
        """Does what a key asks for; False when it means nothing here."""
        key, modifiers = _K(event.key()), _modifiers(event)
        if key in _ARROWS:
            self._arrow(_ARROWS[key], modifiers)
            return True
        if (key, modifiers) in COMMANDS:
            if self._view.editable:
                self._view.commanded.emit(COMMANDS[key, modifiers])
            return self._view.editable
        word = _OWN.get((key, modifiers), "")
        if word:
            self._do(word)
        return bool(word)

    def leave_linking(self) -> None:
        """Ends the choice of a link's target."""
        if self._linking is not None:
            self._linking, self._targets = None, []
            self._view.hide_targets()

    def _do(self, word: str) -> None:
        view = self._view
        if word == "all":
            view.pick(frozenset(view.figure.index) | {note.id for note in view.figure.notes})
        elif word in ("fit", "zoom to picked"):
            view.fit(view.picked if word != "fit" else frozenset())
        elif word in ("in", "out"):
            view.zoom_by(1.25 if word == "in" else 0.8)
        elif word == "link":
            self._begin_link()
        elif word == "enter":
            self._enter()
        elif word == "escape":
            linking = self._linking is not None
            self.leave_linking()
            if not linking:
                view.pick(frozenset())

    def _enter(self) -> None:
        view = self._view
        if self._linking is not None:
            grip, (node, port) = self._linking, self._targets[self._at]
            self.leave_linking()
            view.join(grip, Grip(node, port, output=False))
        elif view.look.current:
            view.activated.emit(view.look.current)

    def _arrow(self, way: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        view = self._view
        if self._linking is not None:
            self._choose(-1 if way in ((-1, 0), (0, -1)) else 1)
        elif modifiers & _M.ControlModifier and view.editable:
            step = GRID * (5 if modifiers & _M.ShiftModifier else 1)
            places = view.figure.places_of(view.picked)
            if places:
                view.moved.emit(
                    {
                        name: (snapped(x + way[0] * step), snapped(y + way[1] * step))
                        for name, (x, y) in places.items()
                    }
                )
        else:
            self._walk(way, adding=bool(modifiers & _M.ShiftModifier))

    def _walk(self, way: tuple[int, int], *, adding: bool) -> None:
        view = self._view
        figure = view.figure
        if not figure.nodes:
            return
        current = view.look.current
        if current not in figure.index:
            target = min(figure.nodes, key=lambda node: (node.position[0], node.position[1])).id
        else:
            target = self._next(current, way)
        if target:
            view.pick(view.picked | {target} if adding else frozenset({target}), current=target)
            view.show_node(target)

    def _next(self, current: str, way: tuple[int, int]) -> str:
        """Returns the node to go to: along links sideways, else the nearest one in that direction."""
        figure = self._view.figure
        here = figure.nodes[figure.index[current]].box.center()
        if way[0]:
            ends = [(w.source, w.target) if way[0] > 0 else (w.target, w.source) for w in figure.wires]
            linked = [other for one, other in ends if one == current]
            if linked:
                return min(linked, key=lambda name: abs(figure.nodes[figure.index[name]].box.center().y() - here.y()))
        best, nearest = "", float("inf")
        for node in figure.nodes:
            away: QPointF = node.box.center() - here
            ahead = away.x() * way[0] + away.y() * way[1]
            aside = abs(away.x() * way[1]) + abs(away.y() * way[0])
            if node.id != current and ahead > 1 and ahead + 3 * aside < nearest:
                best, nearest = node.id, ahead + 3 * aside
        return best

    def _begin_link(self) -> None:
        view = self._view
        figure, current = view.figure, view.look.current
        if not view.editable or current not in figure.index or not figure.nodes[figure.index[current]].outputs:
            return
        for port in figure.nodes[figure.index[current]].outputs:
            grip = Grip(current, port.name, output=True)
            view.show_targets(grip)
            here = figure.port_at(current, port.name, output=True)
            fitting = [key for key, why in view.look.targets.items() if not why]
            if fitting:
                fitting.sort(key=lambda key: (figure.port_at(*key, output=False) - here).manhattanLength())
                self._linking, self._targets, self._at = grip, fitting, 0
                self._choose(0)
                return
        view.hide_targets()
        view.commanded.emit("told:no other step takes what this one makes; press Tab to add one")

    def _choose(self, step: int) -> None:
        self._at = (self._at + step) % len(self._targets)
        node, port = self._targets[self._at]
        grip = Grip(node, port, output=False)
        if self._linking is not None:
            self._view.show_link(self._linking, self._view.figure.port_at(node, port, output=False), grip)
            self._view.show_node(node)


def _modifiers(event: QKeyEvent) -> Qt.KeyboardModifier:
    return event.modifiers() & ~_M.KeypadModifier
