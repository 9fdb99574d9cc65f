"""The desk where drafts arrive: it asks for them, compares them with the model, and accepts what is ticked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from solvitur.engine.draft_events import DraftPiece, DraftReady, DraftStage, DraftStarted
from solvitur.engine.drafting import STOPPED
from solvitur.engine.events import ProblemChanged, ProjectOpened
from solvitur.engine.formalising import Formalised
from solvitur.engine.proposing.proposals import Proposal, accept, propose
from solvitur.gui.context import Context
from solvitur.gui.understand.background import Background
from solvitur.problem.document import Problem
from solvitur.problem.drafts import Draft, Origins, Question, unanswered
from solvitur.problem.edits import SetFields
from solvitur.problem.findings import Severity

_ACCEPT = "Accept the draft"


@dataclass(frozen=True, eq=False)
class Pending:
    """A draft that waits to be accepted: what it is, the words it was made of, and its changes once compared."""

    number: int
    statement: str
    formalised: Formalised
    proposal: Proposal | None = None

    @property
    def draft(self) -> Draft:
        """The draft itself."""
        return self.formalised.draft


class DraftDesk(QObject):
    """One draft at a time, made in the background."""

    began = Signal(str)
    """The backend's title."""
    staged = Signal(object)
    """A `DraftStage` of the draft being made."""
    streamed = Signal(str)
    """A piece of a language model's reply."""
    changed = Signal()
    """A draft came, was accepted or left, or the questions changed."""

    def __init__(self, context: Context, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._session = context.session
        self._background = background
        self._asked = ""
        self.making = 0
        """The number of the draft being made; 0 when none is."""
        self.pending: Pending | None = None
        self.comparing = False
        """Whether a new draft is being compared with the model, and the one shown is out of date."""
        self.trouble = ""
        """Why the last draft came to nothing; empty when it did not."""
        context.bridge.happened.connect(self._happened)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is open now: of the draft that waits, else of the one that was accepted."""
        origins = self._session.problem.origins
        if self.pending is not None:
            return unanswered(self.pending.draft, origins.answers)
        return origins.open_questions

    @property
    def source(self) -> tuple[Draft | None, str]:
        """The draft that links words and model, and the words that it was made of."""
        if self.pending is not None and self.pending.draft.model:
            return self.pending.draft, self.pending.statement
        origins = self._session.problem.origins
        return origins.draft, origins.statement

    def draft(self, backend: str = "") -> None:
        """Reads the words in the background; a draft being made is given up."""
        problem = self._session.problem
        self.trouble = ""
        self._asked = problem.statement
        self.making = self._session.drafts.start(
            problem.statement, backend=backend, answers=dict(problem.origins.answers)
        )
        self.began.emit(backend)
        self.changed.emit()

    def stop(self) -> None:
        """Gives up the draft being made."""
        if self.making:
            self._session.drafts.stop(self.making)

    def answer(self, name: str, text: str) -> None:
        """Keeps the answer to a question with the project, and reads the words again with it."""
        origins = self._session.problem.origins
        backend = self.pending.draft.backend if self.pending is not None else ""
        answered = replace(origins, answers={**origins.answers, name: text})
        self._session.apply(SetFields("Answer a question", {"origins": answered}), source=self)
        self.changed.emit()
        self.draft(backend if backend and not self.questions else "")

    def accept(self, keys: frozenset[str]) -> None:
        """Makes the ticked changes true, as one undo step."""
        pending = self.pending
        if pending is None or pending.proposal is None:
            return
        problem, proposal = self._session.problem, pending.proposal
        if proposal.origins is not None:  # answers may have come since the draft was compared
            proposal = replace(proposal, origins=replace(proposal.origins, answers=dict(problem.origins.answers)))
        edit = accept(problem, proposal, keys)
        self.pending = None
        if edit is not None:
            self._session.apply(edit, source=self)
        self.changed.emit()

    def leave(self) -> None:
        """Drops the draft that waits."""
        self._background.forget("compare")
        self.comparing = False
        self.pending = None
        self.trouble = ""
        self.changed.emit()

    # following

    def _happened(self, event: object) -> None:
        if isinstance(event, ProjectOpened):
            self.stop()
            self.making, self.pending, self.trouble, self.comparing = 0, None, "", False
            self._background.forget("compare")
            self.changed.emit()
        elif isinstance(event, DraftStarted) and event.draft == self.making:
            self.began.emit(event.backend)
        elif isinstance(event, DraftStage) and event.draft == self.making:
            self.staged.emit(event)
        elif isinstance(event, DraftPiece) and event.draft == self.making:
            self.streamed.emit(event.text)
        elif isinstance(event, DraftReady) and event.draft == self.making:
            self.making = 0
            self._take(event)
            self.changed.emit()
        elif isinstance(event, ProblemChanged) and event.fields & {"formulation", "tables", "origins"}:
            if self.pending is not None and event.fields & {"formulation", "tables"}:
                self._compare(self.pending)
            if event.source is not self:
                self.changed.emit()

    def _take(self, event: DraftReady) -> None:
        made = event.formalised
        if made is None:
            self.trouble = "" if event.error == STOPPED else event.error
            return
        self.trouble = _trouble(made)
        self._compare(Pending(event.draft, self._asked, made))

    def _compare(self, pending: Pending) -> None:
        """Compares the draft with the model as it is; until that is done nothing new is shown."""
        self.comparing = True
        problem = self._session.problem
        self._background.ask(
            "compare", lambda: _proposal(problem, pending), lambda proposal: self._show(pending, proposal)
        )

    def _show(self, pending: Pending, proposal: Proposal | None) -> None:
        self.comparing = False
        self.pending = replace(pending, proposal=proposal)
        if proposal is not None and not proposal.items:
            self._agree(proposal)
        self.changed.emit()

    def _agree(self, proposal: Proposal) -> None:
        """Takes over evidence and questions of a draft that says just what the model says already."""
        self.pending = None
        if proposal.origins is not None:
            self._session.apply(SetFields(_ACCEPT, {"origins": proposal.origins}), source=self)


def _proposal(problem: Problem, pending: Pending) -> Proposal | None:
    draft = pending.draft
    if not draft.model.strip():
        return None
    before = problem.origins.draft
    owned = {evidence.element.partition("[")[0] for evidence in before.evidence} if before is not None else set()
    kept = replace(draft, tables=())
    return propose(
        _ACCEPT,
        problem,
        draft.model,
        tables=draft.tables,
        origins=Origins(kept, pending.statement, dict(problem.origins.answers)),
        owned=owned,
        kind=draft.kind,
    )


def _trouble(made: Formalised) -> str:
    """Says what stands against the draft: errors first, then what was said about an empty one."""
    errors = [finding.text for finding in made.findings if finding.severity is Severity.ERROR]
    if errors:
        return errors[0]
    if not made.draft.model.strip():
        said = [finding.text for finding in made.findings]
        return said[0] if said else "These words became no model. Say what is to be decided, wanted and limited."
    return ""
