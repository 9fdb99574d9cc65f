"""The desk behind the line: reads wishes in the background, tries changes out, and tells what came of it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from solvitur.engine.events import Done, ProjectOpened
from solvitur.engine.importing import with_wanted_files
from solvitur.engine.proposing.proposals import Proposal, accept
from solvitur.engine.session import Session
from solvitur.engine.solving import problem_hash
from solvitur.engine.talking.comparing import what_if_sentence
from solvitur.engine.talking.handing_over import ask_model
from solvitur.engine.talking.lexicon import Lexicon
from solvitur.engine.talking.why import Forced, force, why_sentence
from solvitur.engine.talking.wishes import Offer, Puzzled, Reply, WhyAsked, read_wish
from solvitur.gui.context import Context
from solvitur.gui.numbers import show
from solvitur.gui.tasks import Tasks
from solvitur.language.data import examine
from solvitur.language.parsing import parse
from solvitur.problem.document import Problem
from solvitur.problem.errors import SolviturError
from solvitur.problem.runs import Run


@dataclass(frozen=True, eq=False)
class Turn:
    """One wish and what came of it so far.

    ``busy`` says what is being done now; ``proposal`` is what may be accepted; ``compared`` are the numbers of two
    runs that can be put side by side.
    """

    wish: str
    said: str = ""
    busy: str = ""
    unused: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    proposal: Proposal | None = None
    compared: tuple[int, ...] = ()
    by: str = ""
    """Who read the wish, when it was a language model."""


class TalkDesk(QObject):
    """One wish at a time; a newer one takes the place of the one before."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._session: Session = context.session
        self.tasks = Tasks(self)
        self.turn: Turn | None = None
        self._asked: Problem | None = None
        self._base: Run | None = None
        self._forced: Forced | None = None
        self._jobs: dict[int, str] = {}
        self._wanted: WhyAsked | None = None
        context.bridge.happened.connect(self._happened)

    def close(self) -> None:
        """Ends the background thread; nothing is shown any more."""
        self.tasks.close()

    # what people do

    def say(self, wish: str) -> None:
        """Reads a wish; the reply comes with `changed`."""
        if not wish.strip():
            return
        self._stop_jobs()
        self._forced = self._wanted = None
        self._asked = problem = self._session.problem
        session = self._session
        self._show(Turn(wish, busy="Reading"))
        self.tasks.run(
            "Reading the wish",
            lambda: _read(session, problem, wish),
            lambda found: self._take(wish, *found),
            lambda error: self._show(Turn(wish, str(error))),
        )

    def try_out(self) -> None:
        """Solves the problem as it would be, as a run of its own, and compares it with the last one."""
        turn, problem = self.turn, self._session.problem
        if turn is None or turn.proposal is None:
            return
        edit = accept(problem, turn.proposal, turn.proposal.wanted)
        if edit is None:
            return
        try:
            changed, _ = edit.apply(problem)
        except ValueError:
            self._show(replace(turn, said="The model has changed meanwhile; say it again.", proposal=None))
            return
        job = self._session.solve(title=f"What if: {turn.wish}"[:120], problem=changed)
        self._jobs[job] = "what-if"
        self._show(replace(turn, busy="Solving with the change"))

    def accept(self, keys: frozenset[str]) -> None:
        """Makes the change true, as one undo step."""
        turn = self.turn
        if turn is None or turn.proposal is None:
            return
        try:
            edit = accept(self._session.problem, turn.proposal, keys)
            if edit is not None:
                self._session.apply(edit, source=self)
        except ValueError:
            self._show(replace(turn, said="The model has changed meanwhile; say it again.", proposal=None))
            return
        done = f"{turn.said} Accepted; undo takes it back.".strip()
        self._show(replace(turn, said=done, proposal=None))

    def leave(self) -> None:
        """Drops the turn, and what is being solved for it."""
        self._stop_jobs()
        self._show(None)

    # what follows

    def _take(self, wish: str, reply: Reply, base: Run | None, values: Mapping[str, Any], by: str) -> None:
        if self.turn is None or self.turn.wish != wish:
            return
        self._base = base
        match reply:
            case Offer():
                self._show(Turn(wish, reply.said, unused=reply.unused, proposal=reply.proposal, by=by))
                if reply.try_first:
                    self.try_out()
            case Puzzled():
                self._show(Turn(wish, reply.text, examples=reply.examples))
            case WhyAsked():
                self._why(wish, reply, values)

    def _why(self, wish: str, asked: WhyAsked, values: Mapping[str, Any]) -> None:
        problem = self._asked
        if problem is None:
            return
        if self._base is None:
            self._wanted = asked
            self._jobs[self._session.solve()] = "base"
            self._show(Turn(wish, busy="Solving first: there is no answer of this model yet"))
            return
        forced = force(problem, _lexicon(problem), asked.spot, values, asked.wanted)
        if forced is None:
            self._show(Turn(wish, f"'{asked.spot.element}' is not in the last answer."))
            return
        self._forced = forced
        self._jobs[self._session.solve(title=forced.title, problem=forced.problem)] = "why"
        self._show(Turn(wish, busy=f"Solving {forced.title}"))

    def _happened(self, event: object) -> None:
        if isinstance(event, ProjectOpened):
            self._jobs.clear()
            self._show(None)
        elif isinstance(event, Done) and event.job in self._jobs:
            self._ended(self._jobs.pop(event.job), event)

    def _ended(self, what: str, done: Done) -> None:
        turn, run = self.turn, done.run
        if turn is None:
            return
        if what == "base":
            self._base_ended(turn, run)
            return
        numbers = (self._base.number, run.number) if self._base is not None else (run.number,)
        if what == "why" and self._forced is not None and self._base is not None:
            said = why_sentence(self._forced, self._base, run, number=show)
        else:
            said = what_if_sentence(self._base, run, number=show)
            said = f"{turn.said} {said}"
        both = numbers if len(numbers) == 2 and run.objective is not None else ()
        self._show(replace(turn, said=said, busy="", compared=both))

    def _base_ended(self, turn: Turn, run: Run) -> None:
        asked, session = self._wanted, self._session
        if run.objective is None or asked is None:
            self._show(Turn(turn.wish, f"There is no answer to ask about: {run.reason or run.status.value}."))
            return
        self._base = run
        self.tasks.run(
            "Reading the answer",
            lambda: session.values_of(run),
            lambda values: self._why(turn.wish, asked, values),
            lambda error: self._show(Turn(turn.wish, str(error))),
        )

    def _stop_jobs(self) -> None:
        for job in self._jobs:
            self._session.stop(job)
        self._jobs.clear()

    def _show(self, turn: Turn | None) -> None:
        self.turn = turn
        self.changed.emit()


def _read(session: Session, problem: Problem, wish: str) -> tuple[Reply, Run | None, Mapping[str, Any], str]:
    """Reads a wish, with the last run of this very problem and its values; in the background."""
    if problem.formulation.kind != "algebraic" or not problem.formulation.text.strip():
        return Puzzled("There is no model to talk to yet: write one, or draft one from words."), None, {}, ""
    reply, by = read_wish(wish, problem, _lexicon(problem)), ""
    if isinstance(reply, Puzzled) and session.chats.on:
        alone = reply
        try:
            reply, by = ask_model(session.chats, problem, wish), session.chats.on
        except SolviturError as error:
            reply = Puzzled(f"{alone.text} The language model could not help: {error}", alone.examples)
    base = _last_run(session, problem)
    values = session.values_of(base) if base is not None and isinstance(reply, WhyAsked) else {}
    return reply, base, values, by


def _lexicon(problem: Problem) -> Lexicon:
    model = parse(problem.formulation.text).model
    bound = examine(model, problem).bound
    members = {} if bound is None else {name: space.members for name, space in bound.sets.items()}
    return Lexicon(model, members)


def _last_run(session: Session, problem: Problem) -> Run | None:
    """Returns the newest run with an answer of this very problem, or None."""
    hashes = {problem_hash(problem)}
    with contextlib.suppress(SolviturError):  # a data file may be gone; then only its own run is known
        hashes.add(problem_hash(with_wanted_files(session.plugins, problem)))
    rows = session.runs.list()
    found = next((row for row in rows if row.objective is not None and row.problem_hash in hashes), None)
    return None if found is None else session.runs.load(found.number)
