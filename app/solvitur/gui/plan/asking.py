"""What the bar above the canvas says and asks: findings, approvals, reviews, failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject

from solvitur.engine.workflow.events import ReviewWanted, State, WorkflowDone
from solvitur.gui.numbers import counted
from solvitur.gui.plan.editing import Editing
from solvitur.gui.plan.report import Choice, ReportBar
from solvitur.gui.plan.reviewing import ReviewForm
from solvitur.gui.plan.running import Running
from solvitur.gui.theme import Theme
from solvitur.problem.errors import SolviturError
from solvitur.problem.findings import Finding

Go = Callable[[str], None]
"""Brings a step into view."""


class Asking(QObject):
    """Fills the report bar."""

    def __init__(
        self, theme: Theme, report: ReportBar, editing: Editing, running: Running, go: Go, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme, self._report, self._editing, self._running, self._go = theme, report, editing, running, go
        self._waiting: list[ReviewWanted] = []

    def forget(self) -> None:
        """Takes everything away, for another project or another run."""
        self._waiting.clear()
        self._report.leave()

    def tell(self, words: str) -> None:
        """Says something."""
        self._report.tell("warning", "warn", words)

    def tell_good(self, words: str) -> None:
        """Says that all is well."""
        self._report.tell("good", "good", words)

    def tell_errors(self, errors: list[Finding]) -> None:
        """Lists what keeps the plan from running; a click goes to the step."""
        lines: list[Choice] = [(f"finding.{at}", f.text, self._going_to(f.element)) for at, f in enumerate(errors)]
        self._report.tell("error", "bad", f"This cannot run yet: {counted(len(errors), 'thing')} to mend.", lines)

    def ask_approval(self, names: Iterable[str], approved: Callable[[], object]) -> None:
        """Lists the steps that need a yes and asks for it."""
        workflow, catalogue = self._editing.workflow, self._editing.catalogue
        lines: list[Choice] = []
        for name in names:
            step = workflow.step(name)
            known = catalogue.types.get(step.type) if step is not None else None
            does = "changes something outside" if known is not None and known.irreversible else "runs your own code"
            lines.append((f"approve.{name}", f"'{name}' {does}; look at it", self._going_to(name)))
        words = f"{counted(len(lines), 'step')} cannot be taken back once run. Approve before anything runs?"
        self._report.tell("warning", "warn", words, lines, [("approveAndRun", "Approve and run", approved)])

    def ask_review(self, event: ReviewWanted) -> None:
        """Shows what a step asks; several that ask at once are answered one after the other."""
        self._waiting.append(event)
        if len(self._waiting) == 1:
            self._show_review()

    def _show_review(self) -> None:
        event = self._waiting[0]
        form = ReviewForm(self._theme, event.shown, edit=self._may_edit(event.path), parent=self._report)

        def answer(word: str) -> None:
            try:
                text = form.decided(word)
            except SolviturError as error:
                form.tell_fault(str(error))
                return
            self._waiting.pop(0)
            self._report.leave()
            try:
                self._running.answer(event.path, text)
            except SolviturError as error:
                self.tell(str(error))
            if self._waiting:
                self._show_review()

        more = f" ({len(self._waiting) - 1} more wait)" if len(self._waiting) > 1 else ""
        choices = [
            ("refuseReview", "Refuse", lambda: answer("refuse")),
            ("approveReview", "Approve", lambda: answer("approve")),
        ]
        self._report.tell(
            "info", "accent", f"'{event.path}' asks: {event.question}{more}", (), choices, body=form, closes=False
        )
        self._go(event.path)

    def _may_edit(self, path: str) -> bool:
        """Tells whether the step that asks lets the person change the value."""
        above, _, name = path.rpartition("/")
        inside = self._running.courses[above].unfolded if above in self._running.courses else None
        step = (inside or self._running.courses.ran).step(name)
        return bool(step is not None and step.options.get("edit", False))

    def tell_end(self, event: WorkflowDone) -> None:
        """Says which steps failed, if any did."""
        self._waiting.clear()
        failed = event.states.get("failed", 0)
        if failed:
            bad = [
                (name, course.state) for name, course in self._running.courses.top() if course.word is State.FAILED
            ]
            lines: list[Choice] = [
                (f"failed.{name}", f"'{name}': {state.text}", self._going_to(name)) for name, state in bad if state
            ]
            words = f"{counted(len(bad) or failed, 'step')} failed; only what needs it did not run."
            self._report.tell("error", "bad", words, lines)
        elif event.cancelled:
            self._report.leave()

    def offer_resume(self, done: int, total: int, resume: Callable[[], object], drop: Callable[[], object]) -> None:
        """Offers to go on with a run that an earlier window did not finish."""

        def leave() -> None:
            drop()
            self._report.leave()

        words = f"The last run of this plan was cut short. What was done is kept: {done} of {counted(total, 'step')}."
        self._report.tell(
            "info",
            "accent",
            words,
            (),
            [("dropRun", "Not now", leave), ("resumeRun", "Resume", resume)],
            closes=False,
        )

    def _going_to(self, element: str) -> Callable[[], None]:
        return lambda: self._go(element)
