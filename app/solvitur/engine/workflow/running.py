"""A run of a workflow: every ready step at once, results kept, failures contained, stopped and resumed at will."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.events import (
    Expanded,
    ReviewWanted,
    State,
    StepLog,
    StepState,
    WorkflowDone,
    WorkflowEvent,
    counted,
)
from solvitur.engine.workflow.inputs import check_any, digests_into, stop_others, values_of, why_unmade
from solvitur.engine.workflow.keys import base_of, key_of, seed_of
from solvitur.engine.workflow.nodes import StepNode, build_nodes
from solvitur.engine.workflow.performing import Stopped, perform_step, wait_between
from solvitur.engine.workflow.questions import Questions
from solvitur.engine.workflow.scheduling import Node, Scheduler
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Kept, Store
from solvitur.engine.workflow.types import KnownType, known_types
from solvitur.hooks.faults import sentence_of
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.workflow.checking import DryRun, dry_run
from solvitur.workflow.collecting import without_collecting
from solvitur.workflow.model import Workflow


class WorkflowRun:
    """One run, on threads of its own; its events come from any of them.

    ``store`` keeps the results (None: they are kept in memory, without keys, for the fastest runs).
    """

    def __init__(
        self,
        workflow: Workflow,
        services: Services,
        *,
        store: Store | None = None,
        settings: Settings | None = None,
        emit: Callable[[WorkflowEvent], None] | None = None,
        types: Mapping[str, KnownType] | None = None,
    ) -> None:
        self.workflow = workflow
        self.settings = settings or Settings()
        self._services = services
        self._store = store
        self._emit = emit
        self._types = known_types(services.plugins) if types is None else types
        self._shapes = {name: known.shape for name, known in self._types.items()}
        self._nodes: dict[str, StepNode] = {}
        self._all: dict[str, StepNode] = {}
        self._stop = threading.Event()
        self._questions = Questions()
        self._lock = threading.Lock()
        self._began = 0.0
        self._closing: threading.Thread | None = None
        limits = dict(self.settings.limits)
        if services.crew is not None:
            limits["worker"] = services.crew.slots
        self._scheduler = Scheduler(self._perform, self._skip, threads=self.settings.threads, limits=limits)

    def check(self) -> DryRun:
        """Checks the workflow without running anything."""
        return dry_run(self.workflow, self._shapes)

    def check_start(self, targets: Collection[str] | None = None, from_step: str = "") -> DryRun:
        """Checks whether it can start; see `start`."""
        only = None if targets is None else {*targets, *self.workflow.ancestors(targets)}
        checked = self.check()
        errors = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
        for step_id in checked.approvals:
            if step_id not in self.settings.approved and (only is None or step_id in only):
                errors.append(self._not_approved(step_id))
        unknown = [name for name in (*(targets or ()), from_step) if name and self.workflow.step(name) is None]
        errors += [Finding(Severity.ERROR, f"there is no step '{name}'", name) for name in unknown]
        if errors:
            raise InputError(errors)
        return checked

    def start(self, targets: Collection[str] | None = None, from_step: str = "") -> None:
        """Starts the run.

        Parameters
        ----------
        targets : run only these steps and what they need.
        from_step : run this step and all that depends on it, even where the results are known.

        Raises
        ------
        InputError
            If the dry run finds errors, or a step needs an approval that is not there. Nothing has run then.
        """
        with without_collecting():
            checked = self.check_start(targets, from_step)
            only = None if targets is None else {*targets, *self.workflow.ancestors(targets)}
            again = {from_step, *self.workflow.descendants([from_step])} if from_step else ()
            took = self._store.took if self._store is not None else None
            self._nodes = build_nodes(self.workflow, self._types, only=only, again=again, took=took, checked=checked)
            self._prepare(self._nodes)
        self._began = time.monotonic()
        self._scheduler.start(list(self._nodes.values()))
        if self._emit is not None:
            self._closing = threading.Thread(target=self._tell_end, name="workflow end", daemon=True)
            self._closing.start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Waits for the end; tells whether it came."""
        ended = self._scheduler.wait(timeout_s)
        if ended and self._closing is not None and self._closing is not threading.current_thread():
            self._closing.join()
        return ended

    def pause(self) -> None:
        """Starts no more steps until `resume`."""
        self._scheduler.pause()

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._scheduler.resume()

    def cancel(self) -> None:
        """Stops: running steps are asked to, the others are skipped."""
        self._stop.set()
        self._questions.give_up()
        with self._lock:
            nodes = list(self._all.values())
        for node in nodes:
            if node.stop is not None:
                node.stop.set()
        self._scheduler.stop()

    def answer(self, path: str, text: str) -> None:
        """Gives a person's answer to a step that asked.

        Raises
        ------
        InputError
            If that step is not waiting for one.
        """
        self._questions.answer(path, text)

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def states(self) -> dict[str, State]:
        """Returns the state of every step, those that unfolded too, by path."""
        with self._lock:
            return {path: node.state for path, node in self._all.items()}

    def fault(self, path: str) -> str:
        """Returns why a step failed; empty when it did not."""
        node = self._node(path)
        return node.text if node.state is State.FAILED else ""

    def kept(self, path: str) -> dict[str, Kept]:
        """Returns what a step made, by port, not yet read into memory; empty before it is done."""
        return {name: value for name, value in self._node(path).made.items() if isinstance(value, Kept)}

    def outputs(self, path: str) -> dict[str, Any]:
        """Returns what a step made, by port; empty before it is done."""
        made = self._node(path).made
        return {name: value.load() if isinstance(value, Kept) else value for name, value in made.items()}

    def spent_s(self) -> float:
        """Returns the seconds that all steps took when they ran, be it in this run or, for what is kept, before."""
        return sum(map(self._spent_s, self._nodes.values()))

    def _spent_s(self, node: StepNode) -> float:
        return self._store.seconds(node.key) if node.from_cache and self._store is not None else node.seconds

    def _node(self, path: str) -> StepNode:
        found = self._all.get(path)
        if found is None:
            raise InputError.at(f"the run has no step '{path}'", element=path)
        return found

    def _not_approved(self, step_id: str) -> Finding:
        step = self.workflow.step(step_id)
        known = self._types[step.type] if step is not None else None
        does = "changes something outside that cannot be taken back" if known and known.irreversible else "runs code"
        return Finding(Severity.ERROR, f"step '{step_id}' {does}: it needs to be approved first", step_id)

    def _prepare(self, nodes: Mapping[str, StepNode]) -> None:
        if self._store is not None:
            plain: dict[tuple[str, str], str] = {}
            for node in nodes.values():
                bare = not node.step.options and not hasattr(node.known.shape, "reads")
                found = plain.get((node.known.plugin, node.step.type)) if bare else None
                if found is None:
                    found = base_of(node.step, node.known, self._services.folder, self.settings.seed)
                    if bare:
                        plain[node.known.plugin, node.step.type] = found
                node.base = found
        with self._lock:
            self._all.update((node.path, node) for node in nodes.values())

    def _perform(self, node: Node) -> bool | list[Node]:
        if not isinstance(node, StepNode):
            raise TypeError(node)
        try:
            if node.parts is not None:
                return self._fold(node)
            if node.tolerant:
                check_any(node)
            if self._store is None:
                made = self._run(node, values_of(node), "")
            else:
                made = self._run_kept(node, self._store)
            if isinstance(made, list):
                return made
            return self._done(node, made)
        except Stopped:
            return self._failed(node, State.SKIPPED, node.halted or "stopped")
        except SolviturError as error:
            return self._failed(node, State.FAILED, str(error))
        except Exception as error:  # noqa: BLE001 - a plugin's options and records, or a full disk; the run goes on
            return self._failed(node, State.FAILED, sentence_of(error))

    def _run_kept(self, node: StepNode, store: Store) -> dict[str, Any] | list[Node]:
        """Answers from the store, or runs and keeps; equal work that is under way already is waited for."""
        node.key = key = key_of(node.base, digests_into(node))
        if node.known.irreversible:
            made = self._run(node, values_of(node), key)
            return made if isinstance(made, list) else self._keep(node, store, made)
        while not self._stop.is_set():
            known = store.find(key)
            if known is not None and not node.again:
                node.from_cache = True
                return dict(known)
            other = store.begin(key)
            if other is None:
                break
            node.again = False  # the equal one runs again already
            other.wait()
        else:
            raise Stopped
        try:
            made = self._run(node, values_of(node), key)
            return made if isinstance(made, list) else self._keep(node, store, made)
        finally:
            store.end(key)

    def _keep(self, node: StepNode, store: Store, made: dict[str, Any]) -> dict[str, Any]:
        key = f"{node.key}:{time.time_ns()}" if node.known.irreversible else node.key
        kept = store.keep(key, made, step=node.path, seconds=node.seconds)
        node.heavy = any(value.path is not None for value in kept.values())
        return dict(kept)

    def _run(self, node: StepNode, inputs: dict[str, Any], key: str) -> dict[str, Any] | list[Node]:
        stop = node.stop or self._stop
        if self._stop.is_set() or stop.is_set():
            raise Stopped
        if self._emit is not None:
            self.tell(node, State.RUNNING)
        seed = seed_of(key) if key else self.settings.seed
        made = perform_step(node, inputs, seed, self._services, _NodeEars(self, node), stop)
        if isinstance(made, Workflow):
            return self._unfold(node, made)
        return made

    def _unfold(self, node: StepNode, workflow: Workflow) -> list[Node]:
        """Puts a sub-workflow in a step's place."""
        checked = dry_run(workflow, self._shapes)
        if not checked.can_run:
            raise InputError(checked.findings)
        for step_id in () if self.settings.trusting else checked.approvals:
            said = self.ask(node, f"May step '{step_id}', which unfolded from '{node.path}', run?", workflow)
            if said not in ("yes", "approve"):
                raise InputError([self._not_approved(step_id)])
        missing = [name for name in node.output_names if workflow.step(name) is None]
        if missing:
            raise InputError.at(f"its sub-workflow has no step '{missing[0]}' to make that output")
        took = self._store.took if self._store is not None else None
        node.parts = build_nodes(workflow, self._types, prefix=f"{node.path}/", took=took, checked=checked)
        node.limit_parts()
        for part in node.parts.values():
            part.stop = part.stop or node.stop
        self._prepare(node.parts)
        if self._emit is not None:
            self._emit(Expanded(self.settings.number, node.path, workflow))
        return list(node.parts.values())

    def _fold(self, node: StepNode) -> bool | list[Node]:
        """Takes the outputs of an unfolded step from its sub-workflow, which has ended."""
        node.end_limit()
        parts = node.parts or {}
        made: dict[str, Any] = {}
        for name in node.output_names:
            part = parts[name]
            if part.state is not State.DONE:
                return self._unmade(node, *why_unmade(node, part))
            made[name] = part.made[part.output_names[0]]
        node.seconds = sum(map(self._spent_s, parts.values()))
        if self._store is not None and not node.known.irreversible:
            made = dict(self._store.keep(node.key, made, step=node.path, seconds=node.seconds))
        return self._done(node, made)

    def _unmade(self, node: StepNode, state: State, text: str) -> bool | list[Node]:
        """Notes that an unfolded step failed, or unfolds it again as often as its ``retries`` say."""
        needless = node.halted and not node.late
        if state is not State.FAILED or needless or node.attempts >= node.step.retries or self._stop.is_set():
            return self._failed(node, state, text)
        node.unfold_again()
        self.tell_log(node, f"attempt {node.attempts} failed: {text}\n")
        wait_between(node.attempts, self._stop)
        made = self._run(node, values_of(node), node.key)
        if isinstance(made, list):
            return made
        return self._done(node, made if self._store is None else self._keep(node, self._store, made))

    def _done(self, node: StepNode, made: dict[str, Any]) -> bool:
        node.made = made
        node.state = State.DONE
        self._release_sources(node)
        stop_others(node, made)
        if self._emit is not None:
            size = sum(value.size for value in made.values() if isinstance(value, Kept))
            self.tell(node, State.DONE, memory_bytes=size)
        return True

    def _failed(self, node: StepNode, state: State, text: str) -> bool:
        node.state, node.text = state, text
        self._release_sources(node)
        self.tell(node, state, text=text)
        return False

    def _skip(self, node: Node) -> None:
        if isinstance(node, StepNode):
            self._release_sources(node)
            node.state = State.SKIPPED
            node.text = "stopped" if self._stop.is_set() else "something it needs is not there"
            self.tell(node, node.state, text=node.text)

    def _release_sources(self, node: StepNode) -> None:
        """Lets large values go from memory once the last step that needs them is done."""
        for source in [source.node for _, sources in node.inputs for source in sources if source.node.heavy]:
            with self._lock:
                source.users -= 1
                last = source.users == 0
            if last:
                for value in source.made.values():
                    if isinstance(value, Kept):
                        value.release()

    def ask(self, node: StepNode, question: str, shown: Any) -> str:
        """Asks a person; the step is paused until the answer is there."""
        if not self.settings.attended:
            return ""
        waiting = self._questions.open(node.path)
        self.tell(node, State.PAUSED, text=question)
        if self._emit is not None:
            self._emit(ReviewWanted(self.settings.number, node.path, question, shown))
        said = waiting(self._stop.is_set())
        if said is None:
            raise Stopped
        self.tell(node, State.RUNNING)
        return said

    def tell_log(self, node: StepNode, text: str) -> None:
        """Tells lines of a step's log."""
        if self._emit is not None:
            self._emit(StepLog(self.settings.number, node.path, text))

    def tell(self, node: StepNode, state: State, **more: Any) -> None:
        """Tells what a step is at."""
        if self._emit is not None:
            event = StepState(
                self.settings.number, node.path, state, seconds=node.seconds, from_cache=node.from_cache
            )
            self._emit(replace(event, **more) if more else event)

    def _tell_end(self) -> None:
        self._scheduler.wait()
        if self._emit is not None:
            seconds = time.monotonic() - self._began
            self._emit(WorkflowDone(self.settings.number, counted(self.states()), seconds, self._stop.is_set()))


class _NodeEars:
    """Passes on what one step reports."""

    __slots__ = ("_node", "_run")

    def __init__(self, run: WorkflowRun, node: StepNode) -> None:
        self._run = run
        self._node = node

    def progress(self, fraction: float | None, text: str) -> None:
        self._run.tell(self._node, State.RUNNING, fraction=fraction, text=text)

    def log(self, text: str) -> None:
        self._run.tell_log(self._node, text)

    def ask(self, question: str, shown: Any) -> str:
        return self._run.ask(self._node, question, shown)
