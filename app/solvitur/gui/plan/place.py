"""The Plan place: palette, canvas, details; drawing, checking and running the workflow of the problem."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from solvitur.engine.events import PluginsChanged, ProblemChanged, ProjectOpened, ProjectSaved
from solvitur.engine.workflow.events import WorkflowDone
from solvitur.engine.workflow.patterns import Pattern
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted, duration
from solvitur.gui.plan.actions import add_actions
from solvitur.gui.plan.asking import Asking
from solvitur.gui.plan.beginning import BeginPage
from solvitur.gui.plan.board import Board
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.gui.plan.conduct import Conduct
from solvitur.gui.plan.details import Details
from solvitur.gui.plan.editing import Editing
from solvitur.gui.plan.marks import marks_of
from solvitur.gui.plan.report import ReportBar
from solvitur.gui.plan.running import Running
from solvitur.gui.plan.starting import can_begin, from_problem
from solvitur.gui.plan.step_list import StepList
from solvitur.gui.plan.swatches import swatch
from solvitur.gui.plan.sweep.panel import SweepPanel
from solvitur.gui.plan.sweep.sweeping import Sweeping
from solvitur.gui.plan.tabbed import Tabbed
from solvitur.gui.plan.timeline import TimeLine, show_run
from solvitur.gui.plan.toolbar import Toolbar
from solvitur.gui.plan.writing.pane import TextPane
from solvitur.workflow.edits import Restore
from solvitur.workflow.model import Workflow

_WIDTHS = [200, 720, 336]
_TEXT_WIDTH = 480
_TALL = (208, 300)
"""The usual heights of the panels below the canvas."""
_LOWEST = 140
_NARROWEST = 180
_LINE_MS = 120
DETAILS, TEXT = 0, 1
"""The panels beside the canvas."""
TIME_LINE, SWEEP = 0, 1
"""The panels below it."""
_COLOURS = 7
_MENU = (
    ("run_to", "run_from"),
    ("add", "note", "copy", "paste", "duplicate", "remove"),
    ("group", "collapse", "tidy", "zoom_picked"),
)
"""What the menu of the canvas lists."""


class PlanPlace(QWidget):
    """Shows the workflow of the open project."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plan")
        self.setAccessibleName("Plan")
        self._context = context
        self.editing = Editing(context.session, Catalogue(context.session.plugins))
        self.running = Running(context.session, context.preferences, self)
        self.sweeping = Sweeping(self.running, self)
        self.heat = ""
        self._watched = False
        """Whether the time line was shown already: the first run shows it, later ones leave it as it is."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_LINE_MS)
        self._lay_out()
        self._pause.timeout.connect(self._show_time_line)
        add_actions(self, context.actions)
        self.toolbar.fill(context.actions)
        self.beginning.follow()
        context.bridge.happened.connect(self._happened)
        context.theme.changed.connect(self._changed)
        self._changed()
        self.board.view.fit()
        self.conduct.offer_resume()

    @property
    def context(self) -> Context:
        """The window's shared services."""
        return self._context

    @property
    def workflow(self) -> Workflow:
        """The workflow of the open project."""
        return self.editing.workflow

    def activated(self) -> None:
        """Takes the keyboard now that the place is in front."""
        self._changed()
        self.board.view.setFocus()

    def closing(self) -> None:
        """Ends the run and the background thread; the window calls it when it closes."""
        self.sweeping.close()
        self.running.close()
        self.board.close_tasks()
        self.text.close_tasks()

    # beginning

    @property
    def can_begin(self) -> bool:
        """Whether one click can make a workflow of the model that is open."""
        return not self.workflow.steps and can_begin(self._context.session.problem, self.editing.catalogue)

    def begin_from_model(self) -> None:
        """Makes the workflow that loads, binds, solves, verifies and draws the model that is open."""
        self._begin(from_problem(self._context.session.problem), "start from the model")

    def begin_from_pattern(self, pattern: Pattern) -> None:
        """Puts a ready workflow into the project."""
        self._begin(pattern.workflow, f"start from '{pattern.workflow.title or pattern.name}'")

    def _begin(self, made: Workflow, title: str) -> None:
        parts = {name: getattr(made, name) for name in ("title", "steps", "links", "groups", "notes", "ranges")}
        self.editing.apply(Restore(title, parts))
        self._changed()
        self.board.view.fit()
        self.board.view.setFocus()

    # showing states

    def set_heat(self, heat: str) -> None:
        """Colours steps by ``time`` or ``memory``, or by category."""
        self.heat = heat
        self.show_states()

    def tell(self, words: str) -> None:
        """Says something above the canvas."""
        self.asking.tell(words)

    def go_to(self, element: str) -> None:
        """Picks a step and brings it into view; an unfolded one that is not drawn stands for the step above it."""
        while element and element not in self.board.figure.index:
            element = element.rpartition("/")[0]
        if element:
            self.board.view.pick(frozenset({element}), current=element)
            self.board.view.show_node(element)

    def _started(self) -> None:
        """Shows the time line at the first run; later it is as the person left it."""
        self.board.show_unfolded()
        if not self._watched:
            self._watched = True
            self.show_drawer(TIME_LINE)

    def _ended(self, event: WorkflowDone) -> None:
        self.details.forget()
        self._show_picked()
        self._show_time_line()
        self.asking.tell_end(event)
        self.toolbar.tell(f"{'Stopped' if event.cancelled else 'Ended'} after {duration(event.seconds)}")

    # panels

    def show_text(self) -> None:
        """Shows the workflow as text beside the graph, or the details again."""
        self.side.turn_to(DETAILS if self.side.at == TEXT else TEXT)
        (self.text.editor if self.side.at == TEXT else self.board.view).setFocus()

    def show_drawer(self, panel: int) -> None:
        """Shows a panel below the canvas."""
        self.drawer.turn_to(panel)
        self._turn_below(panel)
        if self.drawer.isHidden():
            self.drawer.show()
            self._down.setSizes([sum(self._down.sizes()), 0])
        height, shown = sum(self._down.sizes()), self._down.sizes()[1]
        if shown < _TALL[panel]:
            self._down.setSizes([height - _TALL[panel], _TALL[panel]])
        self._context.actions.refresh()

    def turn_drawer(self, panel: int) -> None:
        """Shows a panel below the canvas, or takes it away when it is in front already."""
        if self.drawer.isVisible() and self.drawer.at == panel:
            self.drawer.hide()
            self._context.actions.refresh()
        else:
            self.show_drawer(panel)

    def is_shown(self, panel: int) -> bool:
        """Tells whether a panel below the canvas is in front."""
        return not self.drawer.isHidden() and self.drawer.at == panel

    def _turn_below(self, panel: int) -> None:
        if panel == SWEEP:
            self.sweep.refresh()
        else:
            self._show_time_line()

    def _show_range(self, step: str, option: str) -> None:
        self.show_drawer(SWEEP)
        self.sweep.ranges.edit(step, option)

    def _turn_side(self, at: int) -> None:
        """Gives the text more room than the details need."""
        sizes = self._across.sizes()
        wanted = _TEXT_WIDTH if at == TEXT else _WIDTHS[2]
        spare = sizes[2] - wanted
        self._across.setSizes([sizes[0], max(sizes[1] + spare, _NARROWEST), wanted])
        self.text.refresh()
        self._show_picked()

    # showing

    def _lay_out(self) -> None:
        theme = self._context.theme
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self.toolbar = Toolbar(theme, self)
        rows.addWidget(self.toolbar)
        self._down = down = QSplitter(Qt.Orientation.Vertical, self)
        down.setChildrenCollapsible(False)
        self._across = across = QSplitter(Qt.Orientation.Horizontal, down)
        across.setChildrenCollapsible(False)
        self.steps = StepList(theme, self.editing.catalogue, across)
        middle = self._middle(across)
        self.side = Tabbed(theme, "planSide", "Beside the canvas", across, closes=False)
        self.details = Details(self._context, self.editing, self.running, self.side)
        self.text = TextPane(self._context, self.editing, self.side)
        self.side.add("Details", self.details)
        self.side.add("Text", self.text)
        for widget, width in zip((self.steps, middle, self.side), _WIDTHS, strict=True):
            across.addWidget(widget)
            widget.setMinimumWidth(min(width, _NARROWEST))
        self.side.setMinimumWidth(_WIDTHS[2])
        across.setStretchFactor(1, 1)
        across.setSizes(_WIDTHS)
        down.addWidget(across)
        down.addWidget(self._below(down))
        down.setStretchFactor(0, 1)
        rows.addWidget(down, 1)
        self.asking = Asking(theme, self.report, self.editing, self.running, self.go_to, self)
        self.conduct = Conduct(self.board, self.running, self.sweeping, self.asking, self)
        self._connect()

    def _middle(self, across: QSplitter) -> QWidget:
        """Builds the report bar and the canvas."""
        theme = self._context.theme
        middle = QWidget(across)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.report = ReportBar(theme, middle)
        column.addWidget(self.report)
        self.board = Board(theme, self.editing, lambda: self.running.courses, middle)
        self.pages = QStackedWidget(middle)
        self.beginning = BeginPage(self._context, self.editing.catalogue, self.begin_from_pattern, middle)
        self.pages.addWidget(self.beginning)
        self.pages.addWidget(self.board)
        column.addWidget(self.pages, 1)
        return middle

    def _below(self, down: QSplitter) -> QWidget:
        """Builds the panels below the canvas; the first run or range shows them."""
        theme = self._context.theme
        self.drawer = Tabbed(theme, "planDrawer", "Panels below the canvas", down, closes=True)
        self.time_line = TimeLine(theme, self.drawer)
        self.sweep = SweepPanel(self._context, self.editing, self.sweeping, self.drawer)
        self.drawer.add("Time line", self.time_line)
        self.drawer.add("Sweep", self.sweep)
        self.drawer.setMinimumHeight(_LOWEST)
        self.drawer.hide()
        return self.drawer

    def _connect(self) -> None:
        self.steps.chosen.connect(self._add)
        self.board.told.connect(self.tell)
        self.board.picked.connect(self._show_picked)
        self.board.opened.connect(self._open)
        self.board.view.menu_asked.connect(self._show_menu)
        self.details.failed.connect(self.tell)
        self.text.failed.connect(self.tell)
        self.text.stepped.connect(self.go_to)
        self.side.turned.connect(self._turn_side)
        self.drawer.closed.connect(lambda: self.turn_drawer(self.drawer.at))
        self.drawer.turned.connect(self._turn_below)
        self.time_line.picked.connect(self.go_to)
        self.details.ranged.connect(self._show_range)
        self.sweep.wanted.connect(self.conduct.run_sweep)
        self.sweep.failed.connect(self.tell)
        self.toolbar.searched.connect(self._search)
        self.toolbar.found.connect(self.board.go_to_found)
        self.toolbar.heated.connect(self.set_heat)
        self.running.changed.connect(self.show_states)
        self.running.unfolded.connect(self.board.show_unfolded)
        self.conduct.started.connect(self._started)
        self.running.ended.connect(self._ended)
        self.running.turned.connect(self._turned)
        self.running.refused.connect(self.tell)
        self.running.asked.connect(self.asking.ask_review)

    def _add(self, type_name: str) -> None:
        self.board.add_type(type_name)

    def _search(self, words: str) -> None:
        count = self.board.search(words)
        self.toolbar.tell(f"{counted(count, 'step')} found" if words else "")

    def _open(self, name: str) -> None:
        """Goes to the first field of a step's, note's or group's details; closes what a step unfolded into."""
        self.side.turn_to(DETAILS)
        self._show_picked()
        if name.endswith("/"):
            self.board.collapse()
            return
        group = next((each for each in self.workflow.groups if each.id == name), None)
        if group is not None and group.collapsed:
            self.board.collapse()
        elif self.details.first is not None:
            self.details.first.setFocus()

    def _show_menu(self, at: QPointF, pixel: QPoint) -> None:
        """Shows what can be done with what is picked."""
        actions = self._context.actions
        actions.refresh()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in _MENU:
            for name in group:
                menu.addAction(actions.qaction(f"plan.{name}"))
            menu.addSeparator()
        if self.board.view.picked:
            colours = menu.addMenu("Colour")
            colours.addAction("As its kind", lambda: self.board.recolour(""))
            for colour in range(_COLOURS):
                colours.addAction(
                    swatch(self._context.theme, colour),
                    f"Colour {colour + 1}",
                    partial(self.board.recolour, str(colour)),
                )
        menu.popup(pixel)

    def _turned(self) -> None:
        """Drops what was shown of another project's runs."""
        self.sweeping.forget()
        self.sweep.forget()
        self.asking.forget()
        self.board.unfolding.forget()
        self.details.forget()
        self.toolbar.tell("")

    def _happened(self, event: object) -> None:
        if isinstance(event, ProblemChanged):
            if "workflow" in event.fields:
                self._changed()
            elif not self.workflow.steps:
                self._context.actions.refresh()
            elif self.running.courses:
                self.show_states()
        elif isinstance(event, ProjectOpened):
            fresh = self.running.follow()
            self._changed()
            self.board.view.fit()
            if fresh:
                self.conduct.offer_resume()
        elif isinstance(event, ProjectSaved):
            self.running.saved_as(Path(event.path))
        elif isinstance(event, PluginsChanged):
            self.editing.catalogue = Catalogue(self._context.session.plugins)
            self.steps.use(self.editing.catalogue)
            self.details.forget()
            self._changed()

    def _changed(self) -> None:
        workflow = self.workflow
        self.pages.setCurrentIndex(1 if workflow.steps or workflow.notes else 0)
        self.board.refresh()
        self.text.refresh()
        if self.is_shown(SWEEP):
            self.sweep.refresh()
        self.show_states()
        self._show_picked()
        self._context.actions.refresh()

    def show_states(self) -> None:
        """Shows what each step is at."""
        self.board.view.show_marks(marks_of(self.workflow, self.running, self.heat, self.board.unfolded))
        if self.running.active:
            done = self.running.courses.ended()
            self.toolbar.tell(
                f"{'Paused' if self.running.paused else 'Running'}, {done} of {len(self.workflow.steps)} steps"
            )
        if not self._pause.isActive():
            self._pause.start()
        if self.toolbar.running != self.running.active:
            self.toolbar.show_running(running=self.running.active)
            self._context.actions.refresh()

    def _show_time_line(self) -> None:
        """Lets the bars grow; a few times a second is enough for the eye."""
        if not self.time_line.isVisible():
            return
        began = time.monotonic()
        show_run(self.time_line, self.workflow, self.running, self.board.figure)
        self._pause.setInterval(max(_LINE_MS, round(8000 * (time.monotonic() - began))))
        if self.running.active:
            self._pause.start()

    def _show_picked(self) -> None:
        view = self.board.view
        self.text.show_picked(view.picked)
        self.time_line.pick(view.look.current)
        if self.details.isVisible() or not self.isVisible():
            line = not self.is_shown(TIME_LINE)
            self.details.show_picked(view.look.current, view.picked, self.board.picked_links(), line=line)
        self._context.actions.refresh()
