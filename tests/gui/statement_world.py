"""A formaliser that says what it is told to, for the tests of the statement view."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solvitur.engine.session import Session
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import STRUCTURES, Part
from solvitur.problem.drafts import Draft, Evidence, Question
from solvitur.problem.tables import Table

STATEMENT = """\
A workshop makes chairs and tables. A chair earns $45, a table $80.
There are 450 hours. The founder is called Anna.
"""
MODEL = """\
set Products = {chair, table}
param profit[Products] unit "$"
param hours = 450
param storage = 100
var make[p in Products] >= 0 unit "piece"
maximize gain: sum(profit[p] * make[p] for p in Products)
subject to time: sum(5 * make[p] for p in Products) <= hours
subject to room: sum(make[p] for p in Products) <= storage

data
  profit = {chair: 45, table: 80}
"""
WHOLE = MODEL.replace('>= 0 unit "piece"', '>= 0 integer unit "piece"')
QUESTIONS = (
    Question("storage", "How many can be stored?", (), "storage", weight=0.2),
    Question("half", "Can half a chair be made?", ("no", "yes"), "make", weight=0.9),
)


def evidence(element: str, phrase: str) -> Evidence:
    """Points at the first place of a phrase in the statement."""
    start = STATEMENT.index(phrase)
    return Evidence(element, start, start + len(phrase))


EVIDENCE = (
    evidence("Products", "chairs and tables"),
    evidence("profit[chair]", "$45"),
    evidence("profit[table]", "$80"),
    evidence("hours", "450 hours"),
    evidence("make", "makes"),
    evidence("gain", "earns"),
    evidence("time", "There are 450 hours"),
)
ANNA = (STATEMENT.index("The founder"), STATEMENT.index("Anna.") + 5)


@dataclass
class Scripted:
    """Drafts `MODEL`, or `WHOLE` once it is told that halves do not count; ``wait`` holds it until it is set."""

    name: str = "scripted"
    title: str = "Scripted"
    wait: threading.Event = field(default_factory=threading.Event)
    tables: tuple[Table, ...] = ()
    model: str = ""
    empty: bool = False

    def draft(self, statement: str, tables: Sequence[Table], answers: Mapping[str, str]) -> Draft:
        """Says what it was told to."""
        self.wait.wait(10)
        if self.empty:
            return Draft("", unread=((0, len(statement)),))
        model = self.model or (WHOLE if answers.get("half") == "no" else MODEL)
        return Draft(model, EVIDENCE, QUESTIONS, unread=(ANNA,), tables=self.tables, facts={"read": "7 phrases"})


def let_read(session: Session, formaliser: Scripted) -> None:
    """Makes a formaliser the only one of a session."""
    known = session.plugins
    parts = {hook: known.parts(hook) for hook in STRUCTURES}
    parts["formalisers"] = (Part("scripted", formaliser),)
    session.use_plugins(Plugins(known.entries, parts, known.overlay))
    formaliser.wait.set()
