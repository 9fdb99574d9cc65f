"""Why an entry of an answer has its value: the model is solved again with another one, and the two are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from solvitur.engine.proposing.splicing import Splices
from solvitur.engine.talking.lexicon import Lexicon
from solvitur.engine.talking.places import Spot, is_binary, reference
from solvitur.engine.wording.naming import NumberWriter, is_verb, plain_number, sentence, spoken, with_unit
from solvitur.language.elements import Compare, ConstraintElement, Number
from solvitur.problem.document import Problem
from solvitur.problem.result import Status
from solvitur.problem.runs import Run

_ZERO = 1e-7
_SAME = 1e-6
_IRREGULAR = {
    "begin": "begun",
    "build": "built",
    "buy": "bought",
    "choose": "chosen",
    "cut": "cut",
    "dig": "dug",
    "drive": "driven",
    "fly": "flown",
    "grow": "grown",
    "hold": "held",
    "keep": "kept",
    "lend": "lent",
    "make": "made",
    "pay": "paid",
    "run": "run",
    "sell": "sold",
    "send": "sent",
    "spend": "spent",
    "take": "taken",
}
_DOUBLING = frozenset({"ship", "plan", "cut", "run", "stop", "begin", "dig"})


@dataclass(frozen=True, eq=False)
class Forced:
    """A problem with one entry forced to another value than the last answer gave it."""

    spot: Spot
    problem: Problem
    value: float
    """What the last answer has."""
    wanted: float
    binary: bool
    unit: str = ""

    @property
    def title(self) -> str:
        """The title of its run."""
        sign = "=" if self.binary or self.wanted == 0 else "\u2265"
        return f"with {self.spot.element} {sign} {plain_number(self.wanted)}"


def force(
    problem: Problem, lexicon: Lexicon, spot: Spot, values: Mapping[str, Any], wanted: float | None
) -> Forced | None:
    """Forces an entry away from its value in an answer (``values`` nested by index); None when it is not in there."""
    value = value_at(values, spot)
    if value is None:
        return None
    binary = is_binary(lexicon, spot.name)
    if wanted is None or abs(wanted - value) < _ZERO:
        wanted = (1.0 - round(value)) if binary else 0.0 if abs(value) > _ZERO else 1.0
    sense = "==" if binary or wanted == 0 else ">="
    name = _free(lexicon, "forced")
    amount = Number(int(wanted) if wanted == int(wanted) else wanted)
    constraint = ConstraintElement(name, Compare((reference(lexicon, spot), amount), (sense,)))
    splices = Splices(problem.formulation.text, lexicon.model)
    splices.put(constraint, lexicon.model.elements[-1].name if lexicon.model.elements else "")
    forced = replace(problem, formulation=replace(problem.formulation, text=splices.text()))
    unit = getattr(lexicon.model.element(spot.name), "unit", "")
    return Forced(spot, forced, value, wanted, binary, unit)


def value_at(values: Mapping[str, Any], spot: Spot) -> float | None:
    """Returns the value of an entry in values nested by index; None when it is not there."""
    found: Any = values.get(spot.name)
    for label in spot.places:
        if not isinstance(found, Mapping):
            return None
        found = found.get(label, found.get(str(label)))
    return float(found) if isinstance(found, int | float) else None


def why_sentence(forced: Forced, before: Run, after: Run, *, number: NumberWriter = plain_number) -> str:
    """Says why an entry has its value, from the run that gave it and the one with the other value."""
    now, instead = _is_now(forced, number), _instead(forced, number)
    if after.status is Status.INFEASIBLE:
        return sentence(f"{now} because it cannot be otherwise: {instead}, no answer meets all the constraints")
    if after.objective is None or before.objective is None:
        return sentence(f"{now}; {instead}, no answer was found in time, so nothing can be said of why")
    worse = after.objective - before.objective if before.sense == "min" else before.objective - after.objective
    both = f"{number(after.objective)} instead of {number(before.objective)}"
    scale = max(1.0, abs(before.objective))
    if abs(worse) <= _SAME * scale:
        return sentence(f"{now}, but {instead}, the objective stays at {number(before.objective)}: both are as good")
    if worse < 0:
        return sentence(f"{now}, yet {instead}, the objective would be better: {both}; the answer was not the best")
    verb = "cost" if before.sense == "min" else "lose"
    more = " more" if before.sense == "min" else ""
    proven = "" if after.status is Status.OPTIMAL else ", as far as was found in time"
    return sentence(f"{now} because {_doing(forced, number)} would {verb} {number(worse)}{more}: {both}{proven}")


def _is_now(forced: Forced, number: NumberWriter) -> str:
    place = ", ".join(map(str, forced.spot.places))
    verb = spoken(forced.spot.name)
    if forced.binary and is_verb(forced.spot.name) and place and " " not in verb:
        if verb == "open":
            return f"'{place}' is {'open' if forced.value > 0.5 else 'closed'}"
        return f"'{place}' is {'' if forced.value > 0.5 else 'not '}{participle(verb)}"
    return f"'{forced.spot.element}' is {with_unit(forced.value, forced.unit, number)}"


def _doing(forced: Forced, number: NumberWriter) -> str:
    verb = spoken(forced.spot.name)
    if forced.binary and is_verb(forced.spot.name) and " " not in verb:
        doing = "closing" if verb == "open" and forced.wanted < 0.5 else gerund(verb)
        return f"{'' if forced.wanted > 0.5 or verb == 'open' else 'not '}{doing} it"
    if forced.wanted == 0:
        return "doing without it"
    return f"even {with_unit(forced.wanted, forced.unit, number)} of it"


def _instead(forced: Forced, number: NumberWriter) -> str:
    sign = "" if forced.binary or forced.wanted == 0 else "at least "
    return f"with '{forced.spot.element}' at {sign}{with_unit(forced.wanted, forced.unit, number)}"


def participle(verb: str) -> str:
    """Returns ``opened`` for ``open``."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeiou" else _doubled(verb) + "ed"


def gerund(verb: str) -> str:
    """Returns ``opening`` for ``open``."""
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else _doubled(verb)) + "ing"


def _doubled(verb: str) -> str:
    return verb + verb[-1] if verb in _DOUBLING else verb


def _free(lexicon: Lexicon, wanted: str) -> str:
    taken = {element.name for element in lexicon.model.elements}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
