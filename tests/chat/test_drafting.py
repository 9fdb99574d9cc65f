"""Drafting in the background of a session: stages are told, answers go on, Stop ends it at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from chat_worlds import Server, endless, say
from scripted_model import ScriptedModel
from scripted_statements import statements

from solvitur.engine.draft_events import DraftPiece, DraftReady, DraftStage, DraftStarted
from solvitur.engine.drafting import STOPPED
from solvitur.engine.folders import Folders
from solvitur.engine.session import Session
from solvitur.engine.settings import Settings
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.drafts import Draft, Question


class Asking:
    """Asks one question, slowly."""

    name = title = "asking"

    def draft(self, statement: str, tables: object, answers: dict[str, str]) -> Draft:
        """Makes a model once it knows the limit."""
        if "slow" in statement:
            time.sleep(1.0)
        if "limit" not in answers:
            return Draft("var x >= 0\nmaximize z: x", questions=(Question("limit", "How many at most?"),))
        return Draft(f"var x >= 0 <= {answers['limit']}\nmaximize z: x", complete=True)


@pytest.fixture
def session(server: Server) -> Iterator[Session]:
    """A session with the formaliser above and the backend `openai` turned on."""
    loaded = Plugins.load(safe=True)
    parts = {hook: loaded.parts(hook) for hook in ("kinds", "solvers", "chat_models", "steps", "visualisers")}
    made = Session(Plugins(loaded.entries, {**parts, "formalisers": (Part("tests", Asking()),)}), Folders.of_user())
    options = {"openai": {"address": server.address, "model": "any"}}
    made.use_settings(Settings(chat_backend="openai", chat_options=options))
    yield made
    made.close(discard=True)


def heard_by(session: Session) -> list[object]:
    """Listens to a session."""
    heard: list[object] = []
    session.events.subscribe(heard.append)
    return heard


def test_questions_are_asked_and_their_answers_lead_on(session: Session) -> None:
    heard = heard_by(session)
    first = session.drafts.start("make things", backend="asking")
    assert session.drafts.wait(first, 10)
    (ready,) = [event for event in heard if isinstance(event, DraftReady)]
    assert ready.formalised.draft.questions[0].name == "limit" and ready.formalised.finished is None
    second = session.drafts.answer(first, {"limit": "7"})
    assert session.drafts.wait(second, 30)
    last = [event for event in heard if isinstance(event, DraftReady)][-1]
    assert last.draft == second and last.formalised.finished.run.objective == 7
    assert [event.draft for event in heard if isinstance(event, DraftStarted)] == [first, second]


def test_stop_is_told_at_once_and_what_comes_later_is_not(session: Session) -> None:
    heard = heard_by(session)
    draft = session.drafts.start("slow things", backend="asking")
    began = time.monotonic()
    session.drafts.stop(draft)
    assert time.monotonic() - began < 0.5
    assert [(event.draft, event.error) for event in heard if isinstance(event, DraftReady)] == [(draft, STOPPED)]
    newer = session.drafts.start("slow things again", backend="asking")
    newest = session.drafts.start("other things", backend="asking")
    assert session.drafts.wait(newest, 10)
    time.sleep(1.2)
    ended = [event.draft for event in heard if isinstance(event, DraftReady)]
    assert ended == [draft, newer, newest], "each ends once, a newer one stops the one before"


def test_a_language_models_stages_and_pieces_are_heard(session: Session, server: Server) -> None:
    scripted, stated = ScriptedModel(1.0, 1, 1), statements(1)[3]
    server.answers = [lambda exchange: say(scripted.reply(exchange.body["messages"]))(exchange)]
    heard = heard_by(session)
    assert session.drafts.wait(session.drafts.start(stated.text, backend="openai"), 60)
    done = {event.stage for event in heard if isinstance(event, DraftStage) and event.state == "done"}
    assert {"similar", "propose_1", "critique_1", "solve_1", "consensus", "back", "read"} <= done
    assert any(isinstance(event, DraftPiece) and event.stage == "propose_1" for event in heard)
    ready = next(event for event in heard if isinstance(event, DraftReady))
    assert ready.error == "" and ready.formalised.finished.run.verified
    assert session.chats.spent.calls == 8


def test_stopping_a_language_model_is_quick_and_closes_its_connection(session: Session, server: Server) -> None:
    server.answers = [endless]
    heard = heard_by(session)
    draft = session.drafts.start("make things", backend="openai")
    while not server.seen:
        time.sleep(0.01)
    session.drafts.stop(draft)
    assert [event.error for event in heard if isinstance(event, DraftReady)] == [STOPPED]
    assert server.seen[0].gone.wait(3)
    until = time.monotonic() + 3
    while time.monotonic() < until and any(t.name == f"draft {draft}" for t in threading.enumerate()):
        time.sleep(0.02)
    assert not any(t.name == f"draft {draft}" for t in threading.enumerate())


def test_backends_say_what_they_are_and_why_they_cannot_read(session: Session) -> None:
    found = {backend.name: backend for backend in session.drafts.backends()}
    assert found["asking"].able and not found["asking"].remote
    assert found["openai"].on and found["openai"].able and not found["ollama"].on
    heard = heard_by(session)
    assert session.drafts.wait(session.drafts.start("things", backend="ollama"), 10)
    assert "'ollama' is not turned on" in next(event.error for event in heard if isinstance(event, DraftReady))
