"""A language model as a formaliser: the ready workflow ``words_to_model``, run on a statement."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from solvitur.engine.chats import Cancelled, Chats
from solvitur.engine.readers import MODEL
from solvitur.engine.settings import Settings
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.events import State, StepLog, StepState, WorkflowEvent
from solvitur.engine.workflow.patterns import pattern
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.settings import Settings as RunSettings
from solvitur.hooks.loading import Plugins
from solvitur.problem.drafts import Draft
from solvitur.problem.errors import PluginError, SolviturError
from solvitur.problem.tables import Table
from solvitur.workflow.model import Link, Step, Workflow

PATTERN = "words_to_model"
STAGES = ("recall", "critic", "repair", "round_trip", "consensus")
"""The stages that can be switched off."""
_STATEMENT, _RECALL, _END, _OUTPUT = "statement", "similar", "back", "draft"


class ModelFormaliser:
    """Drafts with the language model that is turned on; ``tell`` hears the stages, ``hear`` the pieces of replies."""

    name = MODEL

    def __init__(
        self,
        plugins: Plugins,
        workers: Workers,
        chats: Chats,
        settings: Settings,
        *,
        cancel: threading.Event | None = None,
        at_once: int = 8,
    ) -> None:
        self._plugins = plugins
        self._workers = workers
        self._chats = chats
        self._settings = settings
        self._cancel = cancel or threading.Event()
        self._at_once = at_once
        on = next((part for part in chats.models() if part.name == chats.on), None)
        self.title = str(on.part.title) if on is not None else "the language model"
        self.tell: Callable[[str, str, str, float], None] = lambda stage, state, text, seconds: None
        self.hear: Callable[[str, str], None] = lambda stage, piece: None

    def draft(self, statement: str, tables: Sequence[Table], answers: Mapping[str, str]) -> Draft:
        """Runs the pipeline.

        Raises
        ------
        Cancelled
            If it was stopped.
        SolviturError
            If no draft could be made; the text is the first cause.
        """
        flow = filled(pattern(PATTERN).workflow, statement, tables, answers, self._settings)
        services = Services(self._plugins, self._workers, chats=self._chats)
        limits = {"worker": max(2, self._at_once // 2), "network": self._at_once, "person": 1}
        run = WorkflowRun(flow, services, settings=RunSettings(limits=limits), emit=self._pass_on)
        run.start()
        try:
            while not run.wait(0.05):
                if self._cancel.is_set():
                    raise Cancelled("stopped")
        except BaseException:  # Ctrl+C too: nothing more may be asked
            run.cancel()
            run.wait(0.2)
            raise
        made = run.outputs(_END).get(_OUTPUT)
        if made is None:
            raise SolviturError(_cause(run))
        if not isinstance(made, Draft):
            raise PluginError(f"the workflow '{PATTERN}' made no draft")
        return replace(made, backend=self._chats.on)

    def _pass_on(self, event: WorkflowEvent) -> None:
        if isinstance(event, StepLog):
            self.hear(event.path, event.text)
        elif isinstance(event, StepState) and event.state is not State.WAITING:
            self.tell(event.path, event.state.value, event.text, event.seconds)


def filled(
    flow: Workflow, statement: str, tables: Sequence[Table], answers: Mapping[str, str], settings: Settings
) -> Workflow:
    """Puts a statement and the choice of stages into the pipeline's workflow."""
    off = set(settings.chat_stages_off)
    stages = {
        "text": statement,
        "critic": "critic" not in off,
        "repairs": 0 if "repair" in off else 2,
        "round_trip": "round_trip" not in off,
        "consensus": "consensus" not in off,
        "candidates": settings.chat_candidates,
    }
    steps = []
    for step in flow.steps:
        if step.id == _STATEMENT:
            step = replace(step, options={**step.options, **stages})
        elif step.id == _RECALL:
            step = replace(step, options={**step.options, "on": "recall" not in off})
        steps.append(step)
    links = list(flow.links)
    for name, value in (("tables", list(tables)), ("answers", dict(answers))):
        if value:
            steps.append(Step(flow.free_id(name), "value", {"value": value}))
            links.append(Link(flow.free_id(name), "value", _STATEMENT, name))
    made = replace(flow, steps=tuple(steps), links=tuple(links))
    return made if "consensus" not in off else _first_only(made)


def _first_only(flow: Workflow) -> Workflow:
    """Keeps the first chain of drafts: without consensus the others would cost and decide nothing."""
    ends = [link for link in flow.links if link.target == "consensus"]
    left = {end.source for end in ends[1:]}
    gone = {step.id for step in flow.steps if step.id in left or flow.descendants([step.id]) & left}
    gone -= {step.id for step in flow.steps if step.id in flow.ancestors([ends[0].source])}
    return replace(
        flow,
        steps=tuple(step for step in flow.steps if step.id not in gone),
        links=tuple(link for link in flow.links if link.source not in gone and link.target not in gone),
    )


def _cause(run: WorkflowRun) -> str:
    states = run.states()
    failed = [path for path, state in states.items() if state is State.FAILED]
    deepest = max(failed, key=lambda path: path.count("/"), default="")
    return run.fault(deepest) if deepest else "no draft was made"
