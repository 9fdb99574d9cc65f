"""Splitting of instances and reuniting of answers through the decomposers of plugins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.errors import InputError, PluginError, SolviturError

AUTO = "auto"
_USUAL = 0.5
"""How well a decomposer suits that does not say."""
_Made = TypeVar("_Made")


def decomposers_for(plugins: Plugins, instance: Any) -> tuple[Part, ...]:
    """Lists the decomposers that can split an instance, the most suitable first."""
    ranked = [(_suits(part, instance), part) for part in plugins.decomposers()]
    return tuple(part for suits, part in sorted(ranked, key=lambda each: -each[0]) if suits > 0)


def split(plugins: Plugins, instance: Any, by: str = AUTO) -> tuple[str, tuple[Any, ...], Any]:
    """Splits an instance; returns the decomposer's name, the parts, and what `reunite` needs.

    Raises
    ------
    InputError
        If there is no such decomposer, or none that can split this instance.
    PluginError
        If the plugin failed.
    """
    if by in ("", AUTO):
        able = decomposers_for(plugins, instance)
        if not able:
            kind = getattr(instance, "kind", type(instance).__name__)
            raise InputError.at(f"nothing here can split an instance of kind '{kind}'")
        part = able[0]
    else:
        part = plugins.find("decomposers", by)
    parts, inverse = _asked(part, lambda: part.part.split(instance))
    if not parts:
        raise PluginError(f"plugin '{part.plugin}' made no parts")
    return part.name, tuple(parts), inverse


def reunite(plugins: Plugins, by: str, inverse: Any, answers: Sequence[Any]) -> Any:
    """Puts answers of parts together; see `split` for the errors."""
    part = plugins.find("decomposers", by)
    return _asked(part, lambda: part.part.reunite(inverse, answers))


def refine(
    plugins: Plugins, by: str, instance: Any, inverse: Any, answers: Sequence[Any]
) -> tuple[tuple[Any, ...], Any]:
    """Returns the next parts and what `reunite` needs for them; see `split` for the errors."""
    part = plugins.find("decomposers", by)
    own = getattr(part.part, "refine", None)
    if own is None:
        raise InputError.at(f"'{by}' always makes the same cuts", element=by)
    parts, inverse = _asked(part, lambda: own(instance, inverse, answers))
    return tuple(parts), inverse


def _suits(part: Part, instance: Any) -> float:
    own = getattr(part.part, "suits", None)
    return _USUAL if own is None else float(_asked(part, lambda: own(instance)))


def _asked(part: Part, call: Callable[[], _Made]) -> _Made:
    try:
        return call()
    except SolviturError:
        raise
    except Exception as error:
        raise PluginError(f"plugin '{part.plugin}' failed: {sentence_of(error)}") from error
