"""Pictures of the words: a draft beside its statement, a what-if, and a model in plain sentences."""

from __future__ import annotations

from solvitur.engine.events import Done
from solvitur.gui.main_window import MainWindow
from solvitur.gui.screenshots_plan import Taker
from solvitur.gui.understand.place import UnderstandPlace
from solvitur.problem.document import Problem

STATEMENT = """\
A furniture workshop makes chairs and tables. Each chair brings a profit of $45 and each table brings $80.

A chair needs 5 hours of labor and 20 board feet of wood, a table needs 10 hours of labor and 15 board feet of \
wood. There are 450 hours of labor and 1200 board feet of wood available.

At least 10 chairs must be made, because the school has ordered them. The founder still sands every seat himself.

How many chairs and tables should be made to maximize profit? The paint shop can take 1952 of something.
"""
_LONG_S, _REST_S = 20.0, 0.5


class WordsPictures:
    """Takes the pictures of the statement view."""

    def __init__(self, window: MainWindow, taker: Taker) -> None:
        self._window, self._taker = window, taker
        self._session = window.context.session

    def all(self) -> None:
        """Drafts, accepts, solves, and asks a what-if."""
        self._session.new(Problem("Workshop", STATEMENT), discard=True)
        place = self._window.stage.turn_to("understand")
        if not isinstance(place, UnderstandPlace):
            return
        place.show_view("words")
        desk = place.words.desk
        self._taker.wait(place.words.draft_button.isEnabled, _LONG_S)
        place.words.draft()
        self._taker.wait(lambda: desk.pending is not None and desk.pending.proposal is not None, _LONG_S)
        self._taker.wait(lambda: bool(place.words.linked.links), _LONG_S)
        place.words.became.proposal.list.setFocus()
        self._shoot("words")
        place.words.became.proposal.accept()
        self._taker.wait(lambda: self._session.instance() is not None, _LONG_S)
        self._solve()
        self._taker.wait(lambda: bool(place.words.linked.links), _LONG_S)
        place.talk.say("what if at most 40 chairs")
        self._taker.wait(lambda: place.talk.desk.turn is not None and bool(place.talk.desk.turn.compared), _LONG_S)
        self._shoot("talking")
        place.talk.desk.leave()
        place.show_view("reading")
        self._taker.wait(lambda: bool(place.in_words.page.sentences), _LONG_S)
        self._shoot("in-words")
        place.show_view("model")

    def _shoot(self, name: str) -> None:
        self._taker.wait(lambda: False, _REST_S)
        self._taker.shoot(name, self._window)

    def _solve(self) -> None:
        ended: list[object] = []
        happened = self._window.context.bridge.happened

        def hear(event: object) -> None:
            if isinstance(event, Done):
                ended.append(event)

        happened.connect(hear)
        self._session.solve()
        self._taker.wait(lambda: bool(ended), _LONG_S)
        happened.disconnect(hear)
