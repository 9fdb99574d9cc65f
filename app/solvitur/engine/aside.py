"""What comes after solving, checking and drawing: here, or aside in a worker process when it is large."""

from __future__ import annotations

from typing import Any

from solvitur.engine.drawing import draw
from solvitur.engine.supervising import ask_worker
from solvitur.engine.workers import Workers
from solvitur.hooks.contracts import Solved
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import PluginError, SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.pictures import Picture
from solvitur.problem.result import Result
from solvitur.problem.verification import Verification


class Aside:
    """What comes after solving: in a worker process where that is asked for, else here."""

    def __init__(self, plugins: Plugins, workers: Workers | None) -> None:
        self._plugins = plugins
        self._workers = workers

    def verify(self, problem: Problem, instance: Any, result: Result) -> Verification:
        """Checks a result through the kind of its problem.

        Raises
        ------
        SolviturError
            If the kind's plugin failed.
        """
        part = self._plugins.find("kinds", problem.formulation.kind)
        if self._workers is not None:
            request = {"do": "verify", "kind": part.name, "problem": problem, "instance": instance, "result": result}
            found = ask_worker(self._workers, (part.plugin,), self._plugins.overlay, request)["found"]
        else:
            try:
                found = part.part.verify(problem, instance, result)
            except Exception as error:
                raise PluginError(f"plugin '{part.plugin}' failed: {sentence_of(error)}") from error
        if not isinstance(found, Verification):
            raise PluginError(f"kind '{part.name}' gave no verification")
        return found

    def draw(self, solved: Solved) -> tuple[tuple[Picture, ...], tuple[Finding, ...]]:
        """Draws an answer with every visualiser that suits it."""
        if self._workers is None:
            return draw(self._plugins, solved)
        kind = self._plugins.find("kinds", solved.problem.formulation.kind)
        names = tuple(dict.fromkeys([kind.plugin, *(part.plugin for part in self._plugins.visualisers())]))
        try:
            reply = ask_worker(self._workers, names, self._plugins.overlay, {"do": "draw", "solved": solved})
        except SolviturError as error:
            return (), (Finding(Severity.WARNING, f"the answer could not be drawn: {error}"),)
        return tuple(reply["pictures"]), tuple(reply["problems"])
