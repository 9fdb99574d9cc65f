"""What a place looks like where workflow steps may run instead of this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable


class Crew(Protocol):
    """Processes elsewhere that are ready to work, as an `Executor` opened them; its methods come from any thread."""

    @property
    def slots(self) -> int:
        """How many tasks it works on at once; at least 1."""
        ...

    def run(self, task: bytes, hear: Callable[[bytes], None], cancelled: Callable[[], bool]) -> bytes:
        """Runs a task elsewhere and waits: calls the crew's entry there with ``(task, tell, cancelled)``.

        What the entry tells is passed on to ``hear``, when and as far as that can be had. A task whose process is
        lost runs again in another one. Returns soon once ``cancelled()``, with whatever bytes.

        Raises
        ------
        SolviturError
            In a sentence, if no process could finish the task.
        """
        ...

    def close(self) -> None:
        """Leaves the processes to others."""
        ...


@runtime_checkable
class Executor(Protocol):
    """A place where workflow steps may run instead of this machine.

    Optional: ``available() -> str``, why it cannot be used here (empty: it can)."""

    name: str
    title: str

    def open(self, address: str, entry: str) -> Crew:
        """Connects to the processes at an address.

        ``entry`` names the function that each of them runs per task, as ``module:function``; it takes the task's
        bytes, a function to tell bytes to and one that says whether to stop, and returns bytes. It is imported where
        it runs: no code of ours travels.

        Raises
        ------
        InputError
            If nothing answers there, or the address is none.
        """
        ...
