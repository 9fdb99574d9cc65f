"""The line at the bottom: wishes become changes, what-ifs are runs of their own, questions are answered."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from understand_world import TRANSPORT, World

from solvitur.engine.events import Done
from solvitur.engine.talking.handing_over import messages_for
from solvitur.engine.wording.naming import Sentence
from solvitur.gui.lookback.place import LookBackPlace
from solvitur.gui.talking.bar import TalkBar
from solvitur.gui.wording.polishing import polish
from solvitur.gui.wording.sentences import SentenceView
from solvitur.problem.errors import SolviturError


@pytest.fixture
def bar(world: World) -> Iterator[TalkBar]:
    """The line below a small model."""
    world.open(TRANSPORT)
    yield world.place.talk


def says(bar: TalkBar, world: World, wish: str) -> str:
    """Types a wish, waits until all is done, and returns what is replied."""
    bar.line.setFocus()
    QTest.keyClicks(bar.line, wish)
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    world.bot.waitUntil(
        lambda: bar.desk.turn is not None and bar.desk.turn.wish == wish and not bar.desk.turn.busy, timeout=20_000
    )
    return bar.card.text


def solve(world: World) -> None:
    """Solves and waits."""
    ended: list[object] = []
    happened = world.window.context.bridge.happened
    happened.connect(lambda event: ended.append(event) if isinstance(event, Done) else None)
    world.session.solve()
    world.bot.waitUntil(lambda: bool(ended), timeout=20_000)


def test_a_wish_is_shown_as_a_change_and_accepted_as_one_step(bar: TalkBar, world: World) -> None:
    said = says(bar, world, "do not ship from Gary to Chicago")
    assert "ship[Gary, Chicago]" in said
    assert world.text == TRANSPORT
    bar.card.panel.accept_button.click()
    assert 'subject to forbid_ship: ship["Gary", "Chicago"] == 0' in world.text
    assert world.session.undo_title == "Add 'forbid_ship'"
    world.session.undo()
    assert world.text == TRANSPORT
    assert "Accepted" in bar.card.text


def test_a_what_if_is_a_run_of_its_own_compared_with_the_last_one(bar: TalkBar, world: World) -> None:
    solve(world)
    said = says(bar, world, "what if demand in Chicago rises 10 %")
    assert "1\u2009373.5 instead of 1\u2009322.5" in said
    assert world.text == TRANSPORT
    rows = world.session.runs.list()
    assert [row.number for row in rows] == [2, 1]
    assert rows[0].title == "What if: what if demand in Chicago rises 10 %"
    bar.card.compare_button.click()
    place = world.window.findChild(LookBackPlace, "lookBackPlace")
    assert place is not None
    world.bot.waitUntil(place.comparison.isVisible, timeout=10_000)


def test_a_question_is_answered_by_a_forced_solve_which_comes_first_if_need_be(bar: TalkBar, world: World) -> None:
    said = says(bar, world, "why is nothing shipped from Gary to Chicago")
    world.bot.waitUntil(lambda: "because" in bar.card.text, timeout=20_000)
    said = bar.card.text
    assert "'ship[Gary, Chicago]' is 0" in said
    assert "instead of" in said
    assert len(world.session.runs.list()) == 2


def test_what_is_not_read_is_said_with_examples_to_click(bar: TalkBar, world: World) -> None:
    assert "cannot read" in says(bar, world, "sing a song")
    example = bar.card.findChild(QPushButton, "example-0")
    assert example is not None
    example.click()
    assert bar.line.text() == example.text()
    QTest.keyClick(bar.line, Qt.Key.Key_Escape)
    assert not bar.card.isVisible()
    QTest.keyClick(bar.line, Qt.Key.Key_Up)
    assert bar.line.text() == "sing a song"


def test_words_that_play_no_part_are_told(bar: TalkBar, world: World) -> None:
    says(bar, world, "forbid ship from Gary to Chicago on rainy nights")
    assert bar.desk.turn is not None
    assert bar.desk.turn.unused == ("rainy", "nights")


def test_a_change_that_no_longer_fits_is_not_forced_in(bar: TalkBar, world: World) -> None:
    says(bar, world, "at most 100 from Gary to Chicago")
    world.open("set A\n")
    assert bar.desk.turn is None
    assert says(bar, world, "at most 100 from Gary") != ""


def test_the_model_is_read_in_words_and_the_selection_goes_both_ways(world: World) -> None:
    world.open(TRANSPORT)
    world.place.show_view("reading")
    view = world.place.in_words.page.view
    assert isinstance(view, SentenceView)
    world.bot.waitUntil(lambda: "Ship at least 325 t" in view.toPlainText(), timeout=10_000)
    world.window.context.selection.select("supply")
    assert [mark.cursor.selectedText()[:9] for mark in view.extraSelections()] == ["Supply is"]
    sentence = next(n for n, s in enumerate(view.sentences) if s.element == "meet_demand[NYC]")
    view.anchorClicked.emit(f"#{sentence}")
    assert world.window.context.selection.current.element == "meet_demand[NYC]"
    assert "- Make freight as small as possible" in world.place.in_words.page.text()


def test_an_answer_is_read_in_words(world: World) -> None:
    world.open(TRANSPORT)
    solve(world)
    place = world.window.stage.turn_to("lookback")
    assert isinstance(place, LookBackPlace)
    words = place.pages.words
    world.bot.waitUntil(lambda: "Ship" in words.view.toPlainText(), timeout=10_000)
    assert any(s.text == "Ship 325 t from Seattle to NYC." or "NYC" in s.text for s in words.sentences)


class Chatty:
    """Stands for the language models of a session."""

    on = "chatty"

    def __init__(self, text: str) -> None:
        self.text = text
        self.sent: list[object] = []

    def ask(self, messages: object, **_options: object) -> Chatty:
        """Replies what it was told to."""
        self.sent.append(messages)
        if not self.text:
            raise SolviturError("the server is gone")
        return self

    def close(self) -> None:
        """Has nothing to end."""


def test_a_language_model_takes_what_cannot_be_read_and_only_proposes(
    bar: TalkBar, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    halved = TRANSPORT.replace("Gary: 600", "Gary: 300")
    chatty = Chatty(json.dumps({"understood": True, "said": "Halves the supply.", "model": halved}))
    monkeypatch.setattr(world.session, "chats", chatty)
    assert says(bar, world, "Gary had a fire, take it easy") == "Halves the supply."
    assert world.text == TRANSPORT
    assert bar.desk.turn is not None
    assert bar.desk.turn.by == "chatty"
    bar.card.panel.accept_button.click()
    assert "Gary: 300" in world.text
    chatty.text = ""
    assert "the server is gone" in says(bar, world, "sing a song")
    chatty.text = "no JSON"
    assert "not of the form" in says(bar, world, "sing two songs")
    assert "NYC" not in str(messages_for(world.session.problem, "x")[0])


def test_polished_numbers_that_nobody_gave_are_flagged() -> None:
    sentences = (Sentence("Ship 325 t to NYC.", "ship", "What is done"),)
    made = polish(Chatty("What is done\nSend 325 t to NYC, and 40 more for luck."), sentences)  # type: ignore[arg-type]
    assert [each.section for each in made.sentences] == ["What is done"]
    flagged = [made.sentences[0].text[a:b] for a, b in made.flagged[0]]
    assert flagged == ["40"]
