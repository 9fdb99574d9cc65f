"""The status bar: in plain words, what is wrong in the model, what is running, whether the answer was checked."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from solvitur.engine import events
from solvitur.gui.context import Context
from solvitur.gui.numbers import clock, counted
from solvitur.problem.findings import Severity
from solvitur.problem.runs import Run

_NOTICE_MS = 8000
_WORDS = frozenset({"formulation", "tables", "statement", "choice"})


class StatusBar(QStatusBar):
    """Listens to the session; every sentence leads to the place it speaks of when clicked."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAccessibleName("Status")
        self.setSizeGripEnabled(False)
        self._context = context
        self._severity, self._run_state = "", ""
        self._seconds = 0
        self._findings = self._button("statusFindings", "Model check", "place.understand")
        self._open = self._button("statusUnderspecified", "Open questions", "understand.words")
        self._running = QLabel(self)
        self._running.setObjectName("statusJob")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("statusProgress")
        self._bar.setAccessibleName("Progress of the run")
        self._bar.setFixedWidth(96)
        self._bar.setTextVisible(False)
        self._verified = self._button("statusVerified", "Last run", "place.lookback")
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, context.theme.tokens.gap, 0)
        row.setSpacing(context.theme.tokens.gap)
        for widget in (self._running, self._bar, self._verified):
            row.addWidget(widget)
        self.addWidget(self._findings)
        self.addWidget(self._open)
        self.addWidget(QWidget(self), 1)
        self.addPermanentWidget(holder)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._title = ""
        for widget in (self._findings, self._open, self._running, self._bar, self._verified):
            widget.hide()
        context.bridge.happened.connect(self._take)
        context.theme.changed.connect(self._paint)

    def busy(self, text: str) -> None:
        """Shows what the window itself does in the background, such as reading a file."""
        if text:
            self.showMessage(f"{text} …")
        else:
            self.clearMessage()

    def _take(self, event: object) -> None:
        if isinstance(event, events.ProblemChanged | events.ProjectOpened):
            self._show_open_questions()
        match event:
            case events.Checked():
                self._show_checked(event)
            case events.JobStarted():
                self._start(event)
            case events.Progress(fraction=fraction):
                self._bar.setRange(0, 0 if fraction is None else 1000)
                if fraction is not None:
                    self._bar.setValue(int(fraction * 1000))
            case events.Done(run=run):
                self._stop()
                self._show_run(run)
            case events.Notice(text=text):
                self.showMessage(text, _NOTICE_MS)
            case events.ProblemChanged(fields=fields) if self._run_state and fields & _WORDS:
                self._show_verdict("info", "text_soft", "changed since the last run")
            case events.ProjectOpened():
                for widget in (self._findings, self._verified):
                    widget.hide()
                self._severity = self._run_state = ""

    def _show_checked(self, checked: events.Checked) -> None:
        severity, text = checked_words(checked)
        self._severity = severity
        self._findings.setText(text)
        self._findings.setToolTip("\n".join(str(finding) for finding in checked.findings[:12]))
        self._findings.setAccessibleName(f"Model check: {text}")
        if self.currentMessage():  # the bar shows it itself, once the message that stands in its place is gone
            self._findings.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
        else:
            self._findings.show()
        self._paint()

    def _show_open_questions(self) -> None:
        """Marks a model whose words leave questions open."""
        questions = self._context.session.problem.origins.open_questions
        said = f"Underspecified: {counted(len(questions), 'question')} open"
        self._open.setText(said)
        self._open.setAccessibleName(said)
        self._open.setToolTip("\n".join(question.text for question in questions[:12]))
        self._open.setVisible(bool(questions))

    def _start(self, started: events.JobStarted) -> None:
        self._title, self._seconds = started.solver, 0
        self._bar.setRange(0, 0)
        for widget in (self._running, self._bar):
            widget.show()
        self._tell()
        self._clock.start()

    def _tick(self) -> None:
        self._seconds += 1
        self._tell()

    def _tell(self) -> None:
        self._running.setText(f"{self._title} is solving  {clock(self._seconds)}")

    def _stop(self) -> None:
        self._clock.stop()
        for widget in (self._running, self._bar):
            widget.hide()

    def _show_run(self, run: Run) -> None:
        if run.verified:
            self._show_verdict("good", "good", f"run {run.number} verified")
        elif run.verification is not None:
            self._show_verdict("error", "bad", f"run {run.number} failed our check")
        else:
            self._show_verdict("warning", "warn", f"run {run.number}: {run.status.value}, no answer to check")

    def _show_verdict(self, icon: str, token: str, text: str) -> None:
        self._run_state = icon
        self._verified.setIcon(self._context.theme.icon(icon, token))
        self._verified.setText(text)
        self._verified.setAccessibleName(f"Last run: {text}")
        self._verified.setToolTip("Whether our own check of the last answer passed; opens Look back")
        self._verified.setProperty("token", token)
        self._verified.show()

    def _paint(self) -> None:
        icons = {"error": ("error", "bad"), "warning": ("warning", "warn"), "info": ("info", "text_soft")}
        name, token = icons.get(self._severity, ("good", "good"))
        self._findings.setIcon(self._context.theme.icon(name, token))
        self._open.setIcon(self._context.theme.icon("help", "warn"))
        if self._run_state:
            self._verified.setIcon(self._context.theme.icon(self._run_state, self._verified.property("token")))

    def _button(self, name: str, title: str, action: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setProperty("kind", "row")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._go(action))
        return button

    def _go(self, action: str) -> None:
        if action.startswith("understand."):
            self._context.actions.trigger("place.understand")
        if any(entry.id == action for entry in self._context.actions.all()):
            self._context.actions.trigger(action)


def checked_words(checked: events.Checked) -> tuple[str, str]:
    """Says in one line what a check found, with its severity (empty: nothing)."""
    errors = [f for f in checked.findings if f.severity is Severity.ERROR]
    warnings = [f for f in checked.findings if f.severity is Severity.WARNING]
    first = next(iter(errors or warnings), None)
    if first is not None:
        many, noun = (errors, "problem") if errors else (warnings, "warning")
        where = f" (line {first.place.line})" if first.place.line else ""
        return (
            "error" if errors else "warning"
        ), f"{counted(len(many), noun)} in the model: {first.text.rstrip('.')}{where}"
    if checked.missing:
        names = ", ".join(f"'{name}'" for name in checked.missing[:4])
        more = f" and {len(checked.missing) - 4} more" if len(checked.missing) > 4 else ""
        return "info", f"Data still missing: {names}{more}"
    if not checked.sizes:
        said = next((f.text for f in checked.findings if f.severity is Severity.INFO), "")
        return ("info", said) if said else ("", "No problems found")
    if "variables" not in checked.sizes:  # another kind tells its own sizes, in the plural
        told = (counted(count, name.removesuffix("s")) for name, count in checked.sizes.items())
        return "", "No problems found: " + ", ".join(told)
    variables = counted(checked.sizes["variables"], "variable")
    return "", f"No problems found: {variables}, {counted(checked.sizes.get('constraints', 0), 'constraint')}"
