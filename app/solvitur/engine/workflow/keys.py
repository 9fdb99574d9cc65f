"""Keys of results: equal step type, version, options, files and inputs give the same key in every process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.types import KnownType
from solvitur.problem.errors import SolviturError
from solvitur.problem.records import fingerprint
from solvitur.workflow.checking import options_of
from solvitur.workflow.model import Step, Workflow

_SORTED = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
Inputs = Iterable[tuple[str, Iterable[str]]]
"""Input ports with the digests that flow into them, in order."""


def base_of(step: Step, known: KnownType, folder: Path, seed: int) -> str:
    """Returns the part of a step's key that does not depend on its inputs."""
    text = f"{known.plugin}\0{known.version}\0{step.type}\0{seed}"
    if step.options:
        text += "\0" + _said(step.options)
    reads = getattr(known.shape, "reads", None)
    if reads is not None:
        for name in reads(options_of(step, known.shape)):
            text += f"\0{name}\0{_content(folder / name)}"
    return text


def _said(options: Mapping[str, Any]) -> str:
    """Returns a text that is equal for equal options alone."""
    for value in options.values():
        kind = type(value)
        if not (kind is str or kind is int or kind is bool or value is None or (kind is float and value == value)):
            return fingerprint(options)
    return _SORTED(options)


def key_of(base: str, inputs: Inputs) -> str:
    """Returns a step's key."""
    parts = [base]
    for name, digests in inputs:
        parts.append(name)
        parts.extend(digests)
    return hashlib.sha256("\1".join(parts).encode()).hexdigest()


def seed_of(key: str) -> int:
    """Returns the seed of a step: its own, and the same in every run."""
    return int(key[:7], 16)


def fresh_keys(
    workflow: Workflow, types: Mapping[str, KnownType], store: Store, folder: Path, seed: int = 0
) -> dict[str, str]:
    """Returns the keys of all steps whose results are in the store and still hold; all others are stale."""
    digests: dict[tuple[str, str], str] = {}
    keys: dict[str, str] = {}
    into: dict[str, dict[str, list[tuple[str, str]]]] = {step.id: {} for step in workflow.steps}
    for link in workflow.links:
        into[link.target].setdefault(link.input, []).append((link.source, link.output))
    steps = {step.id: step for step in workflow.steps}
    for step_id in workflow.order():
        known = types.get(steps[step_id].type)
        inputs = into[step_id]
        if known is None or any(source not in digests for listed in inputs.values() for source in listed):
            continue
        try:
            base = base_of(steps[step_id], known, folder, seed)
        except SolviturError:
            continue
        key = key_of(base, ((name, [digests[each] for each in inputs[name]]) for name in sorted(inputs)))
        kept = store.find(key)
        if kept is not None:
            keys[step_id] = key
            digests.update({(step_id, port): value.digest for port, value in kept.items()})
    return keys


def _content(path: Path) -> Any:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # the step itself says so, in its own words
        return "none"
