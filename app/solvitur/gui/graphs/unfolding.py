"""The graph of a workflow run: its steps, and below each step what it unfolded into, such as the parts of a split."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from solvitur.engine.workflow.events import StepState
from solvitur.gui.graphs.network import Network, coded
from solvitur.gui.numbers import duration
from solvitur.workflow.model import Workflow


def network_of_run(
    ran: Workflow, unfolded: Mapping[str, Workflow], states: Mapping[str, StepState], title: str = ""
) -> Network:
    """Builds the graph of a run.

    Parameters
    ----------
    ran
        The workflow that ran.
    unfolded, states
        By path (ids joined by ``/``): the workflow that ran in place of a step, and what each step came to.
    """
    paths: list[str] = []
    types: list[str] = []
    names: list[str] = []
    pairs: list[tuple[str, str]] = []
    waiting: list[tuple[str, Workflow]] = [("", ran)]
    while waiting:
        above, workflow = waiting.pop(0)
        fed = {link.target for link in workflow.links}
        for step in workflow.steps:
            path = f"{above}/{step.id}" if above else step.id
            paths.append(path)
            types.append(step.type.replace("_", " "))
            names.append(step.title or step.id)
            if above and step.id not in fed:
                pairs.append((above, path))
            if path in unfolded:
                waiting.append((path, unfolded[path]))
        root = f"{above}/" if above else ""
        pairs += [(f"{root}{link.source}", f"{root}{link.target}") for link in workflow.links]
    place = {path: at for at, path in enumerate(paths)}
    kept = dict.fromkeys((place[a], place[b]) for a, b in pairs if a in place and b in place)
    ends = np.array(list(kept), dtype=np.int64).reshape(-1, 2)
    groups, codes = coded(types)
    seconds = np.array([states[path].seconds if path in states else 0.0 for path in paths])
    return Network(
        title or f"{ran.title or 'Workflow'}: the run and what it unfolded into",
        tuple(names),
        ends[:, 0],
        ends[:, 1],
        np.ones(len(ends)),
        "",
        True,
        groups,
        codes,
        values=seconds if seconds.any() else None,
        value_word="seconds",
        layered=True,
        notes=tuple(_note(path, states.get(path)) for path in paths),
    )


def _note(path: str, state: StepState | None) -> str:
    if state is None:
        return path
    took = f", {duration(state.seconds)}" if state.seconds else ""
    said = f": {state.text}" if state.text else ""
    return f"{path}\n{state.state.value}{took}{said}"
