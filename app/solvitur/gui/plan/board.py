"""The canvas of the Plan place: shows the workflow and turns what people do there into edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from solvitur.gui.graph.figure import Figure
from solvitur.gui.graph.gestures import Grip
from solvitur.gui.graph.minimap import MiniMap
from solvitur.gui.graph.view import GraphView
from solvitur.gui.plan.catalogue import Offer
from solvitur.gui.plan.chooser import StepChooser
from solvitur.gui.plan.courses import Courses
from solvitur.gui.plan.editing import Editing, aligned, beside, distributed, tidy_places
from solvitur.gui.plan.figures import Nodes, figure_of, links_of, real_end, shown_end
from solvitur.gui.plan.unfolding import Unfolding, with_unfolded
from solvitur.gui.tasks import Tasks
from solvitur.gui.theme import Theme
from solvitur.problem.errors import SolviturError
from solvitur.workflow.forms import read_any, to_text
from solvitur.workflow.model import Link, Workflow

_APART = 32.0


class Board(QWidget):
    """A graph view with its chooser and mini-map; ``told`` carries words for the person."""

    told = Signal(str)
    picked = Signal()
    opened = Signal(str)
    """Enter or a double click on a step, note or group."""

    def __init__(
        self, theme: Theme, editing: Editing, courses: Callable[[], Courses], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editing = editing
        self._courses = courses
        self.unfolding = Unfolding()
        self._plain = Figure()
        self._catalogue = editing.catalogue
        self._nodes = Nodes(editing.catalogue)
        self._shifts: dict[str, tuple[float, float]] = {}
        self._tasks = Tasks(self)
        self._figure = Figure()
        self._grip: Grip | None = None
        self._spot = QPointF()
        self.view = GraphView(theme, self._targets, self)
        self.view.setObjectName("planCanvas")
        self.view.setAccessibleName("Workflow")
        self.map = MiniMap(theme, self.view)
        self.chooser = StepChooser(theme, self.view)
        self.chooser.chosen.connect(self._take_offer)
        view = self.view
        view.moved.connect(self._move)
        view.linked.connect(self._link)
        view.link_dropped.connect(self._drop_link)
        view.type_dropped.connect(self.add_type)
        view.commanded.connect(self.command)
        view.activated.connect(self.opened)
        view.picked_changed.connect(lambda _ids: self.picked.emit())
        self._commands: dict[str, Callable[[], object]] = {
            "add": self.ask_step,
            "remove": self.remove,
            "copy": self.copy,
            "cut": self.cut,
            "paste": self.paste,
            "duplicate": self.duplicate,
            "group": self.group,
            "note": self.note,
            "tidy": self.tidy,
            "rename": lambda: self.opened.emit(self.view.look.current) if self.view.look.current else None,
        }

    def resizeEvent(self, event: object) -> None:
        """Gives the canvas all the room; a view that showed everything goes on doing so."""
        fitted = bool(self._figure.nodes) and self.view.seen().contains(self._figure.extent)
        self.view.setGeometry(self.rect())
        if fitted:
            self.view.fit()

    def close_tasks(self) -> None:
        """Ends the background thread."""
        self._tasks.close()

    @property
    def workflow(self) -> Workflow:
        """The workflow that is edited."""
        return self._editing.workflow

    @property
    def figure(self) -> Figure:
        """What the canvas shows of the workflow."""
        return self._figure

    def refresh(self) -> None:
        """Shows the workflow as it is now; steps glide to new places."""
        catalogue = self._editing.catalogue
        if self._catalogue is not catalogue:
            self._catalogue, self._nodes = catalogue, Nodes(catalogue)
        self._plain = figure_of(self._editing.workflow, catalogue, self._nodes)
        self.show_unfolded()

    def show_unfolded(self) -> None:
        """Draws what steps unfolded into; a view that showed everything goes on doing so."""
        before = self._figure
        fitted = bool(before.nodes) and self.view.seen().contains(before.extent)
        self._figure, self._shifts = with_unfolded(
            self._plain, self._courses(), self._editing.catalogue, self.unfolding
        )
        self.view.move_softly(self._figure)
        grown = len(self._figure.frames) != len(before.frames) and set(self._figure.index) != set(before.index)
        if fitted and grown and not self.view.seen().contains(self._figure.extent):
            self.view.fit()
        self.map.update()

    @property
    def unfolded(self) -> tuple[str, ...]:
        """The paths of the unfolded steps that are drawn."""
        return tuple(path for path in self._figure.index if "/" in path)

    @property
    def picked_own(self) -> frozenset[str]:
        """What is picked, without what only unfolded while running and so cannot be edited."""
        return frozenset(name for name in self.view.picked if "/" not in name)

    def picked_links(self) -> frozenset[Link]:
        """Returns the links that are picked."""
        return links_of(self._figure, self.view.picked_wires)

    def command(self, word: str) -> None:
        """Does what a key of the canvas asks for."""
        if word.startswith("told:"):
            self.told.emit(word.removeprefix("told:"))
        else:
            self._commands[word]()

    # adding and linking

    def ask_step(self) -> None:
        """Opens the chooser in the middle of the canvas: for the picked link, beside the picked step, or anywhere."""
        self._grip = None
        seen = self.view.viewport().rect().center()
        self._spot = self.view.mapToScene(seen - QPoint(100, 40))
        current = self.view.look.current
        offers, words = self._editing.catalogue.offers(), "All steps"
        links = self.picked_links()
        if links:
            words = "Steps that are put on the link"
            link = next(iter(links))
            offers = [offer for offer in offers if self._fits(offer.type, link)]
        elif current in self._figure.index:
            node = self._figure.nodes[self._figure.index[current]]
            self._spot = QPointF(node.box.right() + 72, node.box.top())
            self.view.show_node(current)
        at = self.view.mapFromScene(self._spot)
        self.chooser.open_at(at, self._editing.catalogue, offers, words)

    def add_type(self, type_name: str, at: QPointF | None = None) -> None:
        """Adds a step: onto the picked link if it fits there, else at a point or in the middle of the view."""
        for link in self.picked_links():
            if self._fits(type_name, link):
                self._edit(lambda link=link: self._show_new(self._editing.insert(type_name, link)))  # type: ignore[misc]
                return
        spot = self.view.seen().center() - QPointF(100, 40) if at is None else at
        spot = self._free(spot)
        self._edit(lambda: self._show_new(self._editing.add(type_name, (spot.x(), spot.y()))))

    def _free(self, spot: QPointF) -> QPointF:
        """Returns the nearest place below a point where no step is yet."""
        while self.view.node_at(spot + QPointF(20, 20)):
            spot += QPointF(_APART, _APART)
        return spot

    def _fits(self, type_name: str, link: Link) -> bool:
        workflow, catalogue = self._editing.workflow, self._editing.catalogue
        source = catalogue.port(workflow, Grip(link.source, link.output, output=True))
        target = catalogue.port(workflow, Grip(link.target, link.input, output=False))
        return source is not None and target is not None and catalogue.between(type_name, source, target) is not None

    def _targets(self, grip: Grip) -> Mapping[tuple[str, str], str]:
        found = self._editing.catalogue.targets(self._editing.workflow, real_end(self._editing.workflow, grip))
        return {shown_end(self._figure, *key, output=not grip.output): why for key, why in found.items()}

    def _link(self, source: Grip, target: Grip) -> None:
        workflow = self._editing.workflow
        source, target = real_end(workflow, source), real_end(workflow, target)
        why = self._editing.catalogue.targets(workflow, source).get((target.node, target.port), "")
        if why:
            self.told.emit(why[:1].upper() + why[1:] + ".")
        else:
            self._edit(lambda: self._editing.connect(source, target))

    def _drop_link(self, dropped: tuple[Grip, QPointF, QPoint]) -> None:
        grip, self._spot, pixel = dropped
        self._grip = real_end(self._editing.workflow, grip)
        held = self._editing.catalogue.port(self._editing.workflow, self._grip)
        if held is not None:
            offers = self._editing.catalogue.offers(held, output=grip.output)
            words = f"Steps that {'take' if grip.output else 'make'} {held.name}, best first"
            self.chooser.open_at(pixel, self._editing.catalogue, offers, words)

    def _take_offer(self, offer: Offer) -> None:
        grip, self._grip = self._grip, None
        if grip is None:
            self.add_type(offer.type, self._spot)
            return
        place = beside((self._spot.x(), self._spot.y()), grip)
        self._edit(lambda: self._show_new(self._editing.add(offer.type, place, grip, offer.port)))

    def _show_new(self, name: str) -> None:
        if name:
            self.refresh()
            self.view.pick(frozenset({name}), current=name)
            self.view.setFocus()

    # what is picked

    def remove(self) -> None:
        """Removes what is picked."""
        links, picked = self.picked_links(), self.picked_own
        if links:
            self._edit(lambda: self._editing.disconnect(links))
        elif picked:
            self._edit(lambda: self._editing.remove(picked))

    def copy(self) -> None:
        """Copies what is picked as text."""
        part = self._editing.part(self.picked_own)
        if part.steps or part.notes:
            QGuiApplication.clipboard().setText(to_text(part))

    def cut(self) -> None:
        """Copies what is picked as text and removes it."""
        self.copy()
        self.remove()

    def paste(self) -> None:
        """Adds what the clipboard holds, if it is steps in either text form."""
        text = QGuiApplication.clipboard().text()
        try:
            part = read_any(text)
        except SolviturError:
            self.told.emit("The clipboard holds no steps. Copy some steps first.")
            return
        self._edit(lambda: self._pick_new(self._editing.paste(part)))

    def duplicate(self) -> None:
        """Adds a copy of what is picked."""
        part = self._editing.part(self.picked_own)
        if part.steps or part.notes:
            self._edit(lambda: self._pick_new(self._editing.paste(part, title="duplicate")))

    def _pick_new(self, names: frozenset[str]) -> None:
        self.refresh()
        self.view.pick(names)

    def group(self) -> None:
        """Puts the picked steps into a group."""
        self._edit(lambda: self._show_new(self._editing.group(self.picked_own)))

    def collapse(self) -> None:
        """Shows the picked groups as one box each, or opens them again; so also what steps unfolded into."""
        picked = {name.removesuffix("/") for name in self.view.picked}
        toggled = [name for name in picked if self.unfolding.toggle(name, self._courses())]
        if toggled:
            self.show_unfolded()
        else:
            self._edit(lambda: self._editing.collapse(self.picked_own))

    def note(self) -> None:
        """Adds a note in the middle of the view."""
        middle = self.view.seen().center()

        def add() -> None:
            name = self._editing.note((middle.x() - 100, middle.y() - 48))
            self._show_new(name)
            self.opened.emit(name)

        self._edit(add)

    def recolour(self, colour: str) -> None:
        """Colours what is picked."""
        if self.picked_own:
            self._edit(lambda: self._editing.recolour(self.picked_own, colour))

    def align(self, edge: str) -> None:
        """Aligns the picked steps."""
        self._move(aligned(self._figure, self.picked_own, edge))

    def distribute(self, *, across: bool) -> None:
        """Spreads the picked steps evenly."""
        self._move(distributed(self._figure, self.picked_own, across=across))

    def tidy(self) -> None:
        """Lays the workflow (or the picked steps, if there are several) out in layers, in the background."""
        figure, picked = self._plain, self.picked_own & frozenset(self._plain.index)
        if len(picked) > 1:
            nodes = tuple(node for node in figure.nodes if node.id in picked)
            wires = tuple(wire for wire in figure.wires if {wire.source, wire.target} <= picked)
            figure = replace(figure, nodes=nodes, wires=wires, frames=(), notes=())
        workflow = self._editing.workflow

        def done(places: dict[str, tuple[float, float]]) -> None:
            if self._editing.workflow is workflow and places:
                self._edit(lambda: self._editing.move(places, self._plain))
                if len(picked) < 2:
                    self.view.fit()

        self._tasks.run(
            "Tidying the layout", lambda: tidy_places(figure), done, lambda error: self.told.emit(str(error))
        )

    def search(self, words: str) -> int:
        """Lights the steps whose title, name, type or comment holds the words; returns how many."""
        wanted = words.casefold().strip()
        found = frozenset(
            node.id
            for node in self._figure.nodes
            if wanted and any(wanted in text.casefold() for text in (node.title, node.id, node.subtitle, node.note))
        )
        self.view.look.found = found
        self.view.look.dimmed = frozenset(self._figure.index) - found if wanted else frozenset()
        self.view.viewport().update()
        return len(found)

    def go_to_found(self) -> None:
        """Picks the steps that were found and zooms to them."""
        found = self.view.look.found
        if found:
            self.view.pick(found)
            self.view.fit(found)

    def _move(self, places: Mapping[str, tuple[float, float]]) -> None:
        """Moves steps and notes; the room that unfolded steps take is not stored."""
        own = {}
        for name, (x, y) in places.items():
            if "/" not in name:
                dx, dy = self._shifts.get(name, (0.0, 0.0))
                own[name] = (x - dx, y - dy)
        if own:
            self._edit(lambda: self._editing.move(own, self._plain))
        else:
            self.view.show_figure(self._figure)

    def _edit(self, edit: Callable[[], object]) -> None:
        try:
            edit()
        except SolviturError as error:
            self.told.emit(str(error))
            self.refresh()
