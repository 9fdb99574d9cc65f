"""Questions of running steps to a person."""

from __future__ import annotations

import threading
from collections.abc import Callable

from solvitur.problem.errors import InputError


class Questions:
    """The questions that wait for an answer, by the path of the step that asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, tuple[threading.Event, list[str]]] = {}

    def open(self, path: str) -> Callable[[bool], str | None]:
        """Opens a question; what it returns waits for the answer (not if told so), and gives None without one."""
        asked = (threading.Event(), list[str]())
        with self._lock:
            self._open[path] = asked

        def wait(given_up: bool) -> str | None:
            if not given_up:
                asked[0].wait()
            with self._lock:
                del self._open[path]
            return asked[1][-1] if asked[1] else None

        return wait

    def answer(self, path: str, text: str) -> None:
        """Gives the answer.

        Raises
        ------
        InputError
            If that step is not waiting for one.
        """
        with self._lock:
            asked = self._open.get(path)
        if asked is None:
            raise InputError.at(f"step '{path}' is not waiting for an answer", element=path)
        asked[1].append(text)
        asked[0].set()

    def give_up(self) -> None:
        """Lets all that wait go on without an answer."""
        with self._lock:
            waiting = list(self._open.values())
        for answered, _ in waiting:
            answered.set()
