"""Work off the window's thread: the latest question is answered; long models cost no search for garbage."""

from __future__ import annotations

import gc
import threading

from pytestqt.qtbot import QtBot

from solvitur.gui.garbage import Garbage
from solvitur.gui.understand.background import Background


def test_only_the_latest_question_of_a_key_is_answered_on_the_windows_thread(qtbot: QtBot) -> None:
    background = Background(threading.Lock())
    held, answers, threads = threading.Event(), list[int](), list[int]()

    def answer(value: int) -> None:
        answers.append(value)
        threads.append(threading.get_ident())

    background.ask("other", held.wait, lambda _done: None)
    for number in range(5):
        background.ask("key", lambda number=number: number, answer)
    held.set()
    qtbot.waitUntil(lambda: bool(answers))
    qtbot.wait(10)
    assert answers == [4]
    assert threads == [threading.get_ident()]
    background.close()


def test_a_forgotten_question_and_one_asked_after_closing_are_not_answered(qtbot: QtBot) -> None:
    background = Background(threading.Lock())
    answers: list[int] = []
    background.ask("key", lambda: 1, answers.append)
    background.forget("key")
    background.ask("other", lambda: 2, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    background.close()
    background.ask("key", lambda: 3, answers.append)
    qtbot.wait(10)
    assert answers == [2]


def test_the_objects_of_a_long_model_are_set_aside_instead_of_searched() -> None:
    garbage = Garbage()
    try:
        gc.collect()
        before = gc.get_freeze_count()
        model = [[] for _ in range(100_000)]
        garbage.look()
        assert gc.get_freeze_count() >= before + len(model)
        assert gc.get_count()[0] < 1000
    finally:
        garbage.close()
    assert gc.get_freeze_count() == 0
