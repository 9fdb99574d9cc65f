"""Choice of the solver: who can take an instance, why the others cannot, and whom Auto takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solvitur.engine.reductions.chain import Memory, Reduced, reduced_for
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.errors import InputError
from solvitur.problem.instance import MatrixInstance

AUTO = "auto"
_DEFAULT_SCORE = 0.3


@dataclass(frozen=True)
class SolverChoice:
    """One solver for one instance: whether it is able, and because of what it is not; ``score`` from 0 to 1."""

    name: str
    title: str
    plugin: str
    able: bool
    because: str
    score: float
    reason: str


def choices(plugins: Plugins, instance: Any) -> tuple[SolverChoice, ...]:
    """Returns every solver, best first, the able ones before the others."""
    memory = Memory()
    found = [_choice(part, instance, memory) for part in plugins.solvers()]
    return tuple(sorted(found, key=lambda choice: (not choice.able, -choice.score)))


def choose(plugins: Plugins, instance: Any, name: str) -> SolverChoice:
    """Returns the solver of that name, or for ``auto`` the best one.

    Raises
    ------
    InputError
        If there is no such solver, or it cannot take the instance, or none can; each with the reason.
    """
    if name != AUTO:
        choice = _choice(plugins.find("solvers", name), instance, Memory())
        if not choice.able:
            raise InputError.at(f"solver '{name}' cannot take this model: {choice.because}", element=name)
        return choice
    found = choices(plugins, instance)
    if not found:
        raise InputError.at("no solver is loaded; see 'solvitur plugins list'")
    if not found[0].able:
        causes = "; ".join(f"{choice.name}: {choice.because}" for choice in found)
        raise InputError.at(f"no solver here can take this model ({causes})")
    return found[0]


def as_taken(solver: Any, instance: Any, memory: Memory | None = None) -> Reduced:
    """Rewrites an instance as far as a solver needs it.

    Raises
    ------
    CannotReduce
        With the reason why the solver cannot take it, however it is written.
    """
    unable = getattr(solver, "unable", None)
    if unable is None:
        return reduced_for(instance, frozenset(solver.handles), memory=memory)
    return reduced_for(instance, frozenset(solver.handles), lambda rewritten: str(unable(rewritten) or ""), memory)


def _choice(part: Part, instance: Any, memory: Memory) -> SolverChoice:
    because, reduced = _because(part.part, instance, memory)
    score, reason = 0.0, ""
    if reduced is not None:
        score, reason = _rank(part.part, reduced.instance)
        reason += "".join(f"; {step}" for step in reduced.steps)
    return SolverChoice(part.name, str(part.part.title), part.plugin, not because, because, score, reason)


def _because(solver: Any, instance: Any, memory: Memory) -> tuple[str, Reduced | None]:
    """Tells why a solver cannot take an instance, or how the solver takes it."""
    try:
        if (available := getattr(solver, "available", None)) is not None and (because := str(available() or "")):
            return because, None
        return "", as_taken(solver, instance, memory)
    except CannotReduce as reason:
        return str(reason), None
    except Exception as error:  # noqa: BLE001 - a plugin is asked
        return sentence_of(error), None


def _rank(solver: Any, instance: Any) -> tuple[float, str]:
    rank = getattr(solver, "rank", None)
    if rank is None:
        score, reason = _DEFAULT_SCORE, "it handles this model"
    else:
        try:
            score, reason = rank(instance)
            score = min(1.0, max(0.0, float(score)))
        except Exception as error:  # noqa: BLE001 - a plugin is asked; it may still be able to solve
            return 0.0, f"{solver.title}: it failed to say how well it fits: {sentence_of(error)}"
    said = f"{solver.title}: {reason}"
    if isinstance(instance, MatrixInstance) and "variables" not in reason:
        said += f" ({_grouped(instance.columns)} variables)"
    return score, said


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
