"""Runs and sweeps from the first click to the start: the dry run, what needs a yes, and then the work."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from solvitur.engine.workflow.sweep import SweepPlan
from solvitur.gui.numbers import counted
from solvitur.gui.plan.asking import Asking
from solvitur.gui.plan.board import Board
from solvitur.gui.plan.running import Running
from solvitur.gui.plan.sweep.sweeping import Sweeping
from solvitur.problem.errors import SolviturError
from solvitur.problem.findings import Severity
from solvitur.workflow.checking import DryRun


class Conduct(QObject):
    """Starts what the buttons ask for; ``started`` comes once a run goes on."""

    started = Signal()

    def __init__(
        self, board: Board, running: Running, sweeping: Sweeping, asking: Asking, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board, self._running, self._sweeping, self._asking = board, running, sweeping, asking

    def run(self, *, targets: frozenset[str] | None = None, from_step: str = "") -> None:
        """Checks the workflow, asks for what needs a yes, and runs it."""
        self._running.follow()
        workflow = self._board.workflow
        checked = self._checked()
        if checked is None:
            return
        needed = workflow.ancestors(targets) | targets if targets is not None else None
        waiting = [n for n in self._running.unapproved(workflow, checked) if needed is None or n in needed]
        if waiting:

            def approve() -> None:
                self._running.approve(workflow, waiting)
                self.run(targets=targets, from_step=from_step)

            self._asking.ask_approval(waiting, approve)
            return
        self._asking.forget()
        self._board.unfolding.forget()
        try:
            self._running.start(workflow, targets=targets, from_step=from_step)
        except SolviturError as error:
            self._asking.tell(str(error))
            return
        self.started.emit()

    def run_to_here(self) -> None:
        """Runs the picked steps and what they need."""
        self.run(targets=self._picked())

    def run_from_here(self) -> None:
        """Runs the picked step and all that depends on it again."""
        picked = self._picked()
        if picked:
            self.run(from_step=min(picked))

    def offer_resume(self) -> None:
        """Offers to go on with a run that an earlier window did not end: what was done is not done again."""
        cut = self._running.cut_short()
        ids = {step.id for step in self._board.workflow.steps}
        if cut is None or not ids or self._running.active:
            return
        targets = None if cut.all_steps else frozenset(cut.targets) & ids

        def resume() -> None:
            self._asking.forget()
            self._running.drop_cut_short()
            self.run(targets=targets)

        self._asking.offer_resume(cut.done, cut.steps, resume, self._running.drop_cut_short)

    def check(self) -> None:
        """Tells what a dry run finds."""
        checked = self._checked()
        if checked is not None:
            unsafe = ", ".join(f"'{name}'" for name in checked.approvals)
            words = f"Ready to run: {counted(len(checked.order), 'step')}."
            self._asking.tell_good(words + (f" To approve before they run: {unsafe}." if unsafe else ""))

    def run_sweep(self, plan: SweepPlan) -> None:
        """Runs the combinations of a sweep, once what needs a yes has it."""
        workflow = self._board.workflow
        checked = self._checked()
        if checked is None:
            return
        judged = {name.partition(".")[0] for name in (plan.quality, plan.cost) if "." in name}
        needed = judged | workflow.ancestors(judged)
        waiting = [name for name in self._running.unapproved(workflow, checked) if name in needed]

        def start() -> None:
            self._running.approve(workflow, waiting)
            self._asking.forget()
            try:
                self._sweeping.start(workflow, plan)
            except SolviturError as error:
                self._asking.tell(str(error))

        if waiting:
            self._asking.ask_approval(waiting, start)
        else:
            start()

    def _checked(self) -> DryRun | None:
        """Checks the workflow; None when it cannot run, which is told then."""
        checked = self._running.check(self._board.workflow)
        errors = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
        if errors:
            self._asking.tell_errors(errors)
            return None
        return checked

    def _picked(self) -> frozenset[str]:
        ids = {step.id for step in self._board.workflow.steps}
        return frozenset(self._board.view.picked & ids)
