"""Wishes that could be read, about the very model at hand."""

from __future__ import annotations

from solvitur.engine.talking.lexicon import Lexicon
from solvitur.engine.talking.places import is_binary
from solvitur.language.elements import Number


def examples(lexicon: Lexicon) -> tuple[str, ...]:
    """Returns wishes that could be read, about this very model."""
    model, found = lexicon.model, []
    param = next((e for e in model.params if e.value is None or isinstance(e.value, Number)), None)
    if param is not None:
        label = _some_label(lexicon, param.name)
        found.append(f"what if {param.name}{f' for {label}' if label else ''} rises 10 %")
    binary = next((e for e in model.variables if is_binary(lexicon, e.name)), None)
    if binary is not None and _some_label(lexicon, binary.name):
        found.append(f"why is {binary.name} {_some_label(lexicon, binary.name)} not chosen")
    amount = next((e for e in model.variables if not is_binary(lexicon, e.name)), None)
    if amount is not None:
        label = _some_label(lexicon, amount.name)
        found.append(f"at most 3 {amount.name}{f' for {label}' if label else ''}")
    if model.constraints:
        found.append(f"remove constraint {model.constraints[0].name}")
    return tuple(found)


def _some_label(lexicon: Lexicon, name: str) -> str:
    element = lexicon.model.element(name)
    sets = lexicon.sets_of(element) if element is not None else []
    labels = sorted(map(str, lexicon.labels_at(element, 0))) if sets and element is not None else []
    return labels[0] if labels else ""
