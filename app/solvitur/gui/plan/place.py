"""The Plan place: palette, canvas, details; drawing, checking and running the workflow of the problem."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from solvitur.engine.events import PluginsChanged, ProblemChanged, ProjectOpened
from solvitur.engine.workflow.events import ReviewWanted, State, WorkflowDone
from solvitur.engine.workflow.patterns import Pattern
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted, duration
from solvitur.gui.plan.actions import add_actions
from solvitur.gui.plan.beginning import BeginPage
from solvitur.gui.plan.board import Board
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.gui.plan.details import Details
from solvitur.gui.plan.editing import Editing
from solvitur.gui.plan.marks import marks_of, time_line
from solvitur.gui.plan.report import Choice, ReportBar
from solvitur.gui.plan.running import Running
from solvitur.gui.plan.starting import can_begin, from_problem, needs_file
from solvitur.gui.plan.step_list import StepList
from solvitur.gui.plan.swatches import swatch
from solvitur.gui.plan.toolbar import Toolbar
from solvitur.gui.plan.values import in_words
from solvitur.problem.errors import SolviturError
from solvitur.problem.findings import Severity
from solvitur.workflow.edits import Restore
from solvitur.workflow.model import Workflow

_WIDTHS = [200, 720, 336]

_NARROWEST = 180
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
        self.running = Running(context.session, self)
        self.heat = ""
        self._lay_out()
        add_actions(self, context.actions)
        self.toolbar.fill(context.actions)
        self.beginning.follow()
        context.bridge.happened.connect(self._happened)
        context.theme.changed.connect(self._changed)
        self.running.changed.connect(self._show_states)
        self.running.ended.connect(self._ended)
        self.running.asked.connect(self._asked)
        self._changed()
        self.board.view.fit()

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
        self.running.close()
        self.board.close_tasks()

    # beginning

    @property
    def can_begin(self) -> bool:
        """Whether one click can make a workflow of the model that is open."""
        return not self.workflow.steps and can_begin(self._context.session.problem, self.editing.catalogue)

    def begin_from_model(self) -> None:
        """Makes the workflow that loads, binds, solves, verifies and draws the model that is open."""
        session = self._context.session
        if needs_file(session.problem) and session.path is None:
            self._context.actions.trigger("file.save")
            if session.path is None:
                self.tell("Save the project first: its tables are loaded from its file.")
                return
        self._begin(from_problem(session.problem, session.path), "start from the model")

    def begin_from_pattern(self, pattern: Pattern) -> None:
        """Puts a ready workflow into the project."""
        self._begin(pattern.workflow, f"start from '{pattern.workflow.title or pattern.name}'")

    def _begin(self, made: Workflow, title: str) -> None:
        parts = {name: getattr(made, name) for name in ("title", "steps", "links", "groups", "notes", "ranges")}
        self.editing.apply(Restore(title, parts))
        self._changed()
        self.board.view.fit()
        self.board.view.setFocus()

    # running

    def run(self, *, targets: frozenset[str] | None = None, from_step: str = "") -> None:
        """Checks the workflow, asks for what needs a yes, and runs it."""
        workflow = self.workflow
        checked = self.running.check(workflow)
        errors = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
        if errors:
            lines: list[Choice] = [
                (f"finding.{at}", f.text, self._going_to(f.element)) for at, f in enumerate(errors)
            ]
            self.report.tell("error", "bad", f"This cannot run yet: {counted(len(errors), 'thing')} to mend.", lines)
            return
        needed = set(workflow.ancestors(targets)) | targets if targets is not None else None
        waiting = [n for n in self.running.unapproved(workflow, checked) if needed is None or n in needed]
        if waiting:
            self._ask_approval(tuple(waiting), targets, from_step)
            return
        self.report.leave()
        try:
            self.running.start(workflow, targets=targets, from_step=from_step)
        except SolviturError as error:
            self.tell(str(error))

    def run_to_here(self) -> None:
        """Runs the picked steps and what they need."""
        self.run(targets=self._picked_steps())

    def run_from_here(self) -> None:
        """Runs the picked step and all that depends on it again."""
        picked = self._picked_steps()
        if picked:
            self.run(from_step=min(picked))

    def check(self) -> None:
        """Tells what a dry run finds."""
        checked = self.running.check(self.workflow)
        if not checked.can_run:
            self.run()
            return
        unsafe = ", ".join(f"'{name}'" for name in checked.approvals)
        words = f"Ready to run: {counted(len(checked.order), 'step')}."
        self.report.tell("good", "good", words + (f" To approve before they run: {unsafe}." if unsafe else ""))

    def set_heat(self, heat: str) -> None:
        """Colours steps by ``time`` or ``memory``, or by category."""
        self.heat = heat
        self._show_states()

    def tell(self, words: str) -> None:
        """Says something above the canvas."""
        self.report.tell("warning", "warn", words)

    def _picked_steps(self) -> frozenset[str]:
        ids = {step.id for step in self.workflow.steps}
        return frozenset(self.board.view.picked & ids)

    def _going_to(self, element: str) -> Callable[[], None]:
        def go() -> None:
            if element in self.board.figure.index:
                self.board.view.pick(frozenset({element}), current=element)
                self.board.view.show_node(element)

        return go

    def _ask_approval(self, names: tuple[str, ...], targets: frozenset[str] | None, from_step: str) -> None:
        workflow, catalogue = self.workflow, self.editing.catalogue
        lines: list[Choice] = []
        for name in names:
            step = workflow.step(name)
            known = catalogue.types.get(step.type) if step is not None else None
            does = "changes something outside" if known is not None and known.irreversible else "runs your own code"
            lines.append((f"approve.{name}", f"'{name}' {does}; look at it", self._going_to(name)))

        def approve() -> None:
            self.running.approve(workflow, names)
            self.run(targets=targets, from_step=from_step)

        words = f"{counted(len(names), 'step')} cannot be taken back once run. Approve before anything runs?"
        self.report.tell("warning", "warn", words, lines, [("approveAndRun", "Approve and run", approve)])

    def _asked(self, event: ReviewWanted) -> None:
        def answer(word: str) -> None:
            self.report.leave()
            try:
                self.running.answer(event.path, word)
            except SolviturError as error:
                self.tell(str(error))

        shown = f" ({in_words(event.shown)})" if event.shown is not None else ""
        words = f"'{event.path}' asks: {event.question}{shown}"
        choices = [
            ("refuseReview", "Refuse", lambda: answer("refuse")),
            ("approveReview", "Approve", lambda: answer("approve")),
        ]
        self.report.tell("info", "accent", words, (), choices)

    def _ended(self, event: WorkflowDone) -> None:
        failed = event.states.get("failed", 0)
        self.details.forget()
        self._show_picked()
        if failed:
            states = [(n, c.state) for n, c in self.running.courses.items() if c.state is not None]
            bad = [(n, state.text) for n, state in states if state.state is State.FAILED]
            lines: list[Choice] = [(f"failed.{n}", f"'{n}': {text}", self._going_to(n)) for n, text in bad]
            self.report.tell(
                "error", "bad", f"{counted(failed, 'step')} failed; only what needs it did not run.", lines
            )
        self.toolbar.tell(f"{'Stopped' if event.cancelled else 'Ended'} after {duration(event.seconds)}")

    # showing

    def _lay_out(self) -> None:
        theme = self._context.theme
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self.toolbar = Toolbar(theme, self)
        rows.addWidget(self.toolbar)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.setChildrenCollapsible(False)
        self.steps = StepList(theme, self.editing.catalogue, across)
        middle = QWidget(across)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.report = ReportBar(theme, middle)
        self.board = Board(theme, self.editing, middle)
        self.pages = QStackedWidget(middle)
        self.beginning = BeginPage(self._context, self.editing.catalogue, self.begin_from_pattern, middle)
        self.pages.addWidget(self.beginning)
        self.pages.addWidget(self.board)
        column.addWidget(self.report)
        column.addWidget(self.pages, 1)
        self.details = Details(self._context, self.editing, self.running, across)
        for widget, width in zip((self.steps, middle, self.details), _WIDTHS, strict=True):
            across.addWidget(widget)
            widget.setMinimumWidth(min(width, _NARROWEST))
        self.details.setMinimumWidth(_WIDTHS[2])
        across.setStretchFactor(1, 1)
        across.setSizes(_WIDTHS)
        rows.addWidget(across, 1)
        self.steps.chosen.connect(self._add)
        self.board.told.connect(self.tell)
        self.board.picked.connect(self._show_picked)
        self.board.opened.connect(self._open)
        self.board.view.menu_asked.connect(self._show_menu)
        self.details.failed.connect(self.tell)
        self.toolbar.searched.connect(self._search)
        self.toolbar.found.connect(self.board.go_to_found)
        self.toolbar.heated.connect(self.set_heat)

    def _add(self, type_name: str) -> None:
        self.board.add_type(type_name)

    def _search(self, words: str) -> None:
        count = self.board.search(words)
        self.toolbar.tell(f"{counted(count, 'step')} found" if words else "")

    def _open(self, name: str) -> None:
        """Goes to the first field of a step's, note's or group's details."""
        self._show_picked()
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

    def _happened(self, event: object) -> None:
        if isinstance(event, ProblemChanged):
            if "workflow" in event.fields:
                self._changed()
            elif not self.workflow.steps:
                self._context.actions.refresh()
        elif isinstance(event, ProjectOpened):
            self.running.forget()
            self.report.leave()
            self.details.forget()
            self._changed()
            self.board.view.fit()
        elif isinstance(event, PluginsChanged):
            self.editing.catalogue = Catalogue(self._context.session.plugins)
            self.steps.use(self.editing.catalogue)
            self.details.forget()
            self._changed()

    def _changed(self) -> None:
        workflow = self.workflow
        self.pages.setCurrentIndex(1 if workflow.steps or workflow.notes else 0)
        self.board.refresh()
        self._show_states()
        self._show_picked()
        self._context.actions.refresh()

    def _show_states(self) -> None:
        self.board.view.show_marks(marks_of(self.workflow, self.running, self.heat))
        if self.running.active:
            done = sum(c.ended is not None for c in self.running.courses.values())
            self.toolbar.tell(
                f"{'Paused' if self.running.paused else 'Running'}, {done} of {len(self.workflow.steps)} steps"
            )
        if self.toolbar.running != self.running.active:
            self.toolbar.show_running(running=self.running.active)
            self._context.actions.refresh()

    def _show_picked(self) -> None:
        workflow, view = self.workflow, self.board.view
        links = self.board.picked_links()
        step = workflow.step(view.look.current)
        note = next((each for each in workflow.notes if each.id == view.look.current), None)
        group = next((each for each in workflow.groups if each.id == view.look.current), None)
        if links:
            self.details.show_link(min(links, key=str))
        elif step is not None and len(view.picked) < 2:
            self.details.show_step(step)
        elif note is not None:
            self.details.show_text("Note", note.text, note.id, note=True)
        elif group is not None:
            self.details.show_text("Group", group.title, group.id, note=False)
        elif view.picked:
            self.details.show_nothing(f"{counted(len(view.picked), 'thing')} picked. Drag or Ctrl+arrows move them.")
        else:
            words = f"{counted(len(workflow.steps), 'step')}, {counted(len(workflow.links), 'link')}. "
            course = None if self.running.active else time_line(workflow, self.running)
            self.details.show_nothing(words + "Click a step to see its options and what it made.", course)
        self._context.actions.refresh()
