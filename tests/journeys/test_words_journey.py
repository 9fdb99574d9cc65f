"""From words to a checked answer, a what-if and a comparison: without a key, and with a model on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from streaming_model import STATEMENT, StreamingModel

from solvitur.gui.lookback.place import LookBackPlace
from solvitur.gui.understand.place import UnderstandPlace
from solvitur.gui.understand.statement.desk import DraftDesk
from solvitur.problem.result import Status

BAKERY = """\
A bakery makes bread and cake. Each bread takes 2 kg of flour and each cake takes 1 kg of flour.
100 kg of flour are available. A bread earns 3 dollars. Maximize the profit.
"""


def words_place(person: Person) -> UnderstandPlace:
    """Goes from the welcome page to the words."""
    person.clicks("welcome.words")
    place = person.window.stage.turn_to("understand")
    assert isinstance(place, UnderstandPlace)
    person.until(place.words.isVisible, "the words are in view")
    return place


def says(person: Person, place: UnderstandPlace, wish: str) -> str:
    """Types a wish into the line, and waits for the reply."""
    line = person.find(QLineEdit, "talk-line")
    line.setFocus()
    QTest.keyClicks(line, wish)
    QTest.keyClick(line, Qt.Key.Key_Return)
    person.until(
        lambda: (
            place.talk.desk.turn is not None and place.talk.desk.turn.wish == wish and not place.talk.desk.turn.busy
        ),
        f"'{wish}' is answered",
        60,
    )
    return person.find(QLabel, "talk-said").text()


def answer_one(person: Person, desk: DraftDesk) -> None:
    """Answers the most decisive question: a number where one can be typed, else the first choice."""
    name, pending = desk.questions[0].name, desk.pending
    field = person.window.findChild(QLineEdit, f"answer-{name}")
    if field is not None:
        QTest.keyClicks(field, "4")
        QTest.keyClick(field, Qt.Key.Key_Return)
    else:
        person.clicks(f"answer-{name}-0")
    person.until(lambda: name in person.session.problem.origins.answers, "the answer is kept")
    person.until(lambda: not desk.making and not desk.comparing and desk.pending is not pending, "it is read again")


def accept_and_solve(person: Person, place: UnderstandPlace) -> None:
    """Accepts the draft and solves what it made."""
    place.words.became.proposal.list.setFocus()
    person.clicks("draft-accept")
    person.until(lambda: person.session.problem.formulation.text != "", "the model is there")
    person.until(lambda: bool(person.session.checked and person.session.checked.sizes), "the model is bound")
    run = person.solves()
    assert (run.status, run.verified) == (Status.OPTIMAL, True)


def try_accept_and_compare(person: Person, place: UnderstandPlace, wish: str) -> None:
    """Asks a what-if, accepts the edit, solves again, and puts the runs side by side."""
    said = says(person, place, wish)
    assert "bjective would" in said
    person.until(lambda: len(person.session.runs.list()) == 2, "the what-if is a run of its own")
    before = person.session.problem.formulation.text
    person.clicks("talk-change-accept")
    assert person.session.problem.formulation.text != before
    person.until(lambda: "Accepted" in person.find(QLabel, "talk-said").text(), "it is said")
    assert person.solves().verified
    person.clicks("talk-compare")
    lookback = person.find(LookBackPlace, "lookBackPlace")
    person.until(lookback.comparison.isVisible, "the runs stand side by side")


def test_words_become_a_model_without_a_key(person: Person) -> None:
    """Paste a statement, answer one question, accept the draft, solve, ask a what-if, accept the edit, compare."""
    place = words_place(person)
    person.writes("words-text", BAKERY)
    person.does("words.draft")
    desk = place.words.desk
    person.until(lambda: desk.pending is not None and desk.pending.proposal is not None, "the draft is there")
    assert desk.questions, "what a cake earns is not said"
    answered = 0
    while desk.questions and answered < 6:
        answer_one(person, desk)
        answered += 1
    assert desk.questions == ()
    assert len(person.session.problem.origins.answers) == answered
    accept_and_solve(person, place)
    assert not person.find(QPushButton, "statusUnderspecified").isVisible()
    try_accept_and_compare(person, place, "what if at least 40 bread")


@pytest.fixture
def streaming(monkeypatch: pytest.MonkeyPatch) -> Iterator[StreamingModel]:
    """A language model on loopback, and no keys of anybody's."""
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        monkeypatch.delenv(name)
    made = StreamingModel()
    yield made
    made.close()


def test_words_become_a_model_with_a_language_model_that_streams(person: Person, streaming: StreamingModel) -> None:
    """The same with a model on a server: its draft is checked, accepted and solved, and it reads a wish, too."""
    options = {"openai": {"address": streaming.address, "model": "scripted", "tries": 1}}
    settings = replace(person.window.preferences.value, chat_backend="openai", chat_options=options)
    person.session.use_settings(settings)
    place = words_place(person)
    person.writes("words-text", STATEMENT)
    stages: list[str] = []
    pieces: list[str] = []
    place.words.desk.streamed.connect(pieces.append)
    place.words.desk.staged.connect(lambda event: stages.append(event.stage))
    person.does("words.draft-model")
    desk = place.words.desk
    person.until(lambda: desk.pending is not None and desk.pending.proposal is not None, "the draft is there", 60)
    assert "propose_1" in stages
    assert len(pieces) > 20, "the replies are seen as they come"
    assert streaming.streamed >= 3
    assert desk.pending is not None
    assert desk.pending.draft.backend == "openai"
    accept_and_solve(person, place)
    said = says(person, place, "the school cancelled part of its order")
    assert said == "One desk less is ordered."
    person.clicks("talk-try")
    person.until(lambda: "bjective would" in person.find(QLabel, "talk-said").text(), "it was tried", 60)
    person.clicks("talk-change-accept")
    assert "ordered = 13" in person.session.problem.formulation.text
    person.clicks("talk-compare")
    lookback = person.find(LookBackPlace, "lookBackPlace")
    person.until(lookback.comparison.isVisible, "the runs stand side by side")
