"""The solver panel: who solves, within which limits, Solve and Stop, and how the run goes in one line."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine import events
from solvitur.engine.choosing import AUTO, SolverChoice
from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.solve.chooser import SolverChooser
from solvitur.gui.solve.figures import Figures, waiting_words
from solvitur.gui.solve.jobs import JobBook, JobState
from solvitur.gui.solve.settings_row import LimitsRow
from solvitur.gui.solve.solver_options import SolverOptions
from solvitur.gui.solve.state_icon import StateIcon
from solvitur.problem.document import Choice
from solvitur.problem.edits import SetFields
from solvitur.problem.result import Limits

_CLOCK_MS = 250
_BUTTON_CHARS = 48
_BUTTON_PX, _NARROW_PX, _LEAST_PX = 200, 1040, 520


class SolverPanel(QWidget):
    """Edits the problem's choice of solver, and starts and stops runs."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("solverPanel")
        self.setAccessibleName("Solver")
        self.setMinimumWidth(_LEAST_PX)
        self._context = context
        self._book = JobBook.of(context.bridge)
        self._add_actions()
        tokens = context.theme.tokens
        rows = QVBoxLayout(self)
        rows.setContentsMargins(tokens.gap, tokens.gap, tokens.gap, tokens.gap)
        rows.setSpacing(tokens.gap)
        self._controls = self._make_controls()
        rows.addLayout(self._controls)
        self.options = SolverOptions(context.theme, self)
        self.options.edited.connect(self._edit_options)
        self._fold = QScrollArea(self)
        self._fold.setWidget(self.options)
        self._fold.setWidgetResizable(True)
        self._fold.setFrameShape(QFrame.Shape.NoFrame)
        self._fold.hide()
        rows.addWidget(self._fold, 1)
        rows.addLayout(self._make_state())
        rows.addStretch(0)
        self.chooser = SolverChooser(context.theme, self)
        self.chooser.chosen.connect(self._choose)
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._show_state)
        context.bridge.happened.connect(self._take)
        context.theme.changed.connect(self._show_choice)
        self._book.ticked.connect(lambda _jobs: self._show_state())
        self._show_choice()
        self._show_state()

    # What the actions do ---------------------------------------------------------------------------------------

    def solve(self) -> None:
        """Starts a run, or queues it behind the one at work."""
        self._context.session.solve()

    def stop(self) -> None:
        """Stops the run at work; its best answer so far is kept."""
        running = [job for job in self._book.jobs.values() if job.running]
        for job in running[-1:] or [job for job in self._book.jobs.values() if job.waiting][:1]:
            job.stopping = True
            self._context.session.stop(job.job)
        self._show_state()

    def stop_all(self) -> None:
        """Stops the run at work and empties the queue."""
        for job in list(self._book.jobs.values()):
            if job.waiting or job.running:
                job.stopping = True
                self._context.session.stop(job.job)

    def open_chooser(self) -> None:
        """Opens the list of solvers."""
        session = self._context.session
        known = [(part.name, str(part.part.title)) for part in session.plugins.solvers()]
        self.chooser.fill(session.choices(), known, session.problem.choice.solver)
        self.chooser.open_at(self._solver)

    def toggle_options(self) -> None:
        """Folds the solver's options out or in."""
        self._fold.setVisible(not self._fold.isVisible())
        self._options_button.setChecked(self._fold.isVisible())

    # Building --------------------------------------------------------------------------------------------------

    def _make_controls(self) -> QGridLayout:
        row = QGridLayout()
        row.setSpacing(self._context.theme.tokens.gap)
        row.setColumnStretch(3, 1)
        self._solver = QPushButton(self)
        self._solver.setObjectName("chooseSolver")
        self._solver.setAccessibleName("Solver")
        self._solver.setMinimumWidth(_BUTTON_PX)
        self._solver.clicked.connect(self.open_chooser)
        self.limits = LimitsRow(self._context.theme, self)
        self.limits.edited.connect(self._edit_limits)
        self._options_button = QPushButton("Options", self)
        self._options_button.setObjectName("solverOptionsToggle")
        self._options_button.setAccessibleName("Options of the solver")
        self._options_button.setCheckable(True)
        self._options_button.setProperty("kind", "flat")
        self._options_button.clicked.connect(self.toggle_options)
        self._solve_button = self._button("solve.run", "Solve  F5", "solveButton")
        self._solve_button.setProperty("kind", "primary")
        self._stop_button = self._button("solve.stop", "Stop", "stopButton")
        row.addWidget(self._solver, 0, 0)
        row.addWidget(self.limits, 0, 1)
        row.addWidget(self._options_button, 0, 2)
        row.addWidget(self._solve_button, 0, 4)
        row.addWidget(self._stop_button, 0, 5)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the limits below the solver when the panel is narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW_PX
        row, column, span = (1, 0, 6) if narrow else (0, 1, 1)
        self._controls.removeWidget(self.limits)
        self._controls.addWidget(self.limits, row, column, 1, span, Qt.AlignmentFlag.AlignLeft)

    def _make_state(self) -> QHBoxLayout:
        theme = self._context.theme
        row = QHBoxLayout()
        row.setSpacing(theme.tokens.gap)
        self._icon, self._name = StateIcon(theme, self), QLabel(self)
        self._name.setObjectName("runState")
        self._name.setMinimumWidth(120)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("runProgress")
        self._bar.setAccessibleName("Progress of the run")
        self._bar.setFixedWidth(120)
        self._bar.setTextVisible(False)
        self.figures = Figures(theme, parent=self)
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._queue = QLabel(self)
        self._queue.setProperty("role", "soft")
        for widget in (self._icon, self._name, self._bar, self.figures):
            row.addWidget(widget, 1 if widget is self.figures else 0)
        row.addWidget(self._queue)
        return row

    def _button(self, action: str, title: str, name: str) -> QPushButton:
        button = QPushButton(title, self)
        button.setObjectName(name)
        entry = self._context.actions.qaction(action)
        button.setToolTip(entry.toolTip())
        button.setAccessibleName(entry.text())
        button.setEnabled(entry.isEnabled())
        button.clicked.connect(lambda: self._context.actions.trigger(action))
        entry.changed.connect(lambda: button.setEnabled(entry.isEnabled()))
        return button

    def _add_actions(self) -> None:
        help_stop = "Stops the run; its best answer so far is kept"
        for action in (
            Action(
                "solve.run", "Solve", self.solve, "Solve", "F5", "play", self._solvable, help="Solves the problem"
            ),
            Action("solve.stop", "Stop", self.stop, "Solve", "Shift+F5", "stop", self._busy, help=help_stop),
            Action("solve.stop_all", "Stop all runs", self.stop_all, "Solve", enabled=self._busy),
            Action("solve.choose", "Choose the solver\u2026", self.open_chooser, "Solve", "Ctrl+F5", group="how"),
            Action("solve.options", "Options of the solver", self.toggle_options, "Solve", group="how"),
        ):
            self._context.actions.add(action)

    def _solvable(self) -> bool:
        formulation = self._context.session.problem.formulation
        return bool(formulation.text.strip()) or formulation.content is not None

    def _busy(self) -> bool:
        return any(job.waiting or job.running for job in self._book.jobs.values())

    # Listening -------------------------------------------------------------------------------------------------

    def _take(self, event: object) -> None:
        if isinstance(event, events.ProblemChanged):
            if event.fields & {"choice", "formulation"}:
                self._show_choice()
        elif isinstance(event, events.ProjectOpened | events.Checked | events.PluginsChanged):
            self._show_choice()

    def _show_choice(self) -> None:
        """Shows the problem's choice: the solver with its reason, the limits, the options."""
        session = self._context.session
        choice = session.problem.choice
        part = next((p for p in session.plugins.solvers() if p.name == choice.solver), None)
        title = None if part is None else str(part.part.title)
        text, why, able = solver_words(choice.solver, session.choices(), title)
        shown = text if len(text) <= _BUTTON_CHARS else text[: _BUTTON_CHARS - 1] + "\u2026"
        self._solver.setText(f" {shown}   \u25be")
        self._solver.setToolTip(why or text)
        icon = self._context.theme.icon("solve") if able else self._context.theme.icon("warning", "warn")
        self._solver.setIcon(icon)
        self.limits.show_limits(choice.limits)
        self.options.show_solver(part.part if part is not None else None, choice.options)

    def _show_state(self) -> None:
        job = self._book.latest
        self.figures.show_job(job)
        jobs = list(self._book.jobs.values())
        self._queue.setText(waiting_words(jobs))
        running = job is not None and job.running
        self._bar.setVisible(running)
        self._icon.show_outcome(job.outcome if job is not None else None)
        if job is None:
            self._name.setText("No run yet")
        else:
            self._name.setText(state_words(job))
            self._name.setToolTip(job.doing)
            self._bar.setRange(0, 0 if job.fraction is None else 1000)
            if job.fraction is not None:
                self._bar.setValue(int(job.fraction * 1000))
        if running != self._clock.isActive():
            self._clock.start() if running else self._clock.stop()
        for action in ("solve.run", "solve.stop", "solve.stop_all"):
            entry = self._context.actions.action(action)
            self._context.actions.qaction(action).setEnabled(entry.enabled())

    # Editing ---------------------------------------------------------------------------------------------------

    def _choose(self, name: str) -> None:
        choice = self._context.session.problem.choice
        if name != choice.solver:
            self._apply("Choose the solver", replace(choice, solver=name, options={}))

    def _edit_limits(self, limits: Limits) -> None:
        choice = self._context.session.problem.choice
        self._apply("Change the limits", replace(choice, limits=limits), merge="limits")

    def _edit_options(self, name: str, value: object) -> None:
        choice = self._context.session.problem.choice
        options = {**choice.options, name: value}
        self._apply("Change the solver's options", replace(choice, options=options), merge=f"option {name}")

    def _apply(self, title: str, choice: Choice, merge: str = "") -> None:
        self._context.session.apply(SetFields(title, {"choice": choice}), self, merge=merge)


def solver_words(name: str, choices: tuple[SolverChoice, ...], title: str | None) -> tuple[str, str, bool]:
    """Returns what the solver button says, its tool tip, and whether the solver can take the model.

    ``title`` is None when there is no such solver: its plugin was removed or switched off.
    """
    if name == AUTO:
        best = next((choice for choice in choices if choice.able), None)
        if best is not None:
            reason = best.reason.removeprefix(f"{best.title}: ")
            return f"Auto: {best.title}" + (f" \u2013 {reason}" if reason else ""), best.reason, True
        if choices:
            return "Auto: no solver can take this model", "Open the list to see why not.", False
        return "Auto", "Picks the best solver as soon as the model is complete.", True
    if title is None:
        why = "Its plugin was removed or switched off. Choose another solver, or Auto."
        return f"{name}: not installed", why, False
    found = next((choice for choice in choices if choice.name == name), None)
    if found is None or found.able:
        return title, found.reason if found is not None else "", True
    return f"{title}: cannot take this model", f"Because {found.because}.", False


def state_words(job: JobState) -> str:
    """Says in a few words how a job stands."""
    if job.running:
        return "Stopping \u2026" if job.stopping else job.doing or f"{job.solver} is solving"
    if job.waiting:
        return f"{job.name} waits"
    return f"{job.name} \u00b7 {job.outcome.word}"
