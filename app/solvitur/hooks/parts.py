"""Parts: what plugins offer, checked against the structure each hook asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solvitur.hooks.contracts import (
    ChatModel,
    Decomposer,
    Example,
    Explainer,
    Exporter,
    Formaliser,
    Importer,
    Kind,
    Solver,
    StepType,
    Visualiser,
)
from solvitur.hooks.executors import Executor
from solvitur.problem.features import Feature

STRUCTURES: dict[str, type] = {
    "solvers": Solver,
    "formalisers": Formaliser,
    "chat_models": ChatModel,
    "visualisers": Visualiser,
    "kinds": Kind,
    "importers": Importer,
    "exporters": Exporter,
    "steps": StepType,
    "decomposers": Decomposer,
    "executors": Executor,
    "explainers": Explainer,
    "examples": Example,
}
"""The structure that the parts of each hook must have."""


@dataclass(frozen=True)
class Part:
    """One thing a plugin offers, and the name of the plugin that offers it."""

    plugin: str
    part: Any

    @property
    def name(self) -> str:
        """The part's own name."""
        return str(self.part.name)


def fault_of(hook: str, part: Any) -> str:
    """Tells in words why a part cannot be used for a hook; empty when it can.

    Reading a stranger's attributes may raise anything: callers guard this call.
    """
    structure = STRUCTURES[hook]
    if isinstance(part, type):
        return f"'{part.__name__}' is a class; give an instance of it, '{part.__name__}()'"
    name = getattr(part, "name", None)
    if not isinstance(name, str) or not name:
        return f"a {type(part).__name__} has no 'name'"
    missing = [member for member in _members(structure) if not hasattr(part, member)]
    if missing:
        return f"'{name}' lacks " + ", ".join(f"'{member}'" for member in missing)
    not_callable = [m for m in _methods(structure) if not callable(getattr(part, m))]
    if not_callable:
        return f"'{name}': " + ", ".join(f"'{member}'" for member in not_callable) + " is not a method"
    if hook == "solvers":
        strange = [f for f in part.handles if not isinstance(f, Feature)]
        if strange:
            return f"'{name}' handles {strange[0]!r}, which is no feature"
    if hook in ("importers", "exporters") and isinstance(part.suffixes, str):
        return f"'{name}': 'suffixes' is a text; give a tuple such as ('.mps',)"
    return ""


def _members(structure: type) -> list[str]:
    names: dict[str, None] = {}
    for base in reversed(structure.__mro__):
        if base.__module__ in ("builtins", "typing") or base.__name__ in ("Record", "Protocol", "Generic"):
            continue
        names.update(dict.fromkeys(vars(base).get("__annotations__", {})))
        names.update((name, None) for name, value in vars(base).items() if callable(value))
    return [name for name in names if not name.startswith("_") and name != "tag"]


def _methods(structure: type) -> list[str]:
    return [name for name in _members(structure) if callable(getattr(structure, name, None))]
