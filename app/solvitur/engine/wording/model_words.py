"""A model as plain sentences: what is decided, what is wanted, what every answer must obey, what is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvitur.engine.wording.expressions import Speaker
from solvitur.engine.wording.naming import (
    NumberWriter,
    Sentence,
    is_verb,
    is_word,
    listed,
    many_of,
    one_of,
    plain_number,
    plural,
    sentence,
    spoken,
)
from solvitur.engine.wording.rows import row_sentences
from solvitur.language.data import Bound
from solvitur.language.elements import (
    ConstraintElement,
    Domain,
    Element,
    Model,
    Number,
    ObjectiveElement,
    ParamElement,
    Ref,
    SetElement,
    VarElement,
)

WANTED, DECIDED, OBEYED, KNOWN = "What is wanted", "What is decided", "What every answer must obey", "What is known"
_MOST_MEMBERS = 8


def model_sentences(
    model: Model, bound: Bound | None = None, instance: Any = None, *, number: NumberWriter = plain_number
) -> tuple[Sentence, ...]:
    """Says a model; with its data, sets and numbers are named, and rules are also said for single places."""
    speaker = Speaker(model, number)
    said: list[Sentence] = []
    said += [Sentence(_objective(speaker, e), e.name, WANTED) for e in model.objectives]
    said += [Sentence(_variable(speaker, e), e.name, DECIDED) for e in model.variables]
    for constraint in model.constraints:
        said.append(Sentence(_constraint(speaker, constraint), constraint.name, OBEYED))
        said += row_sentences(speaker, instance, constraint.name, OBEYED)
    said += [Sentence(_set(speaker, e, bound), e.name, KNOWN) for e in model.sets]
    said += [Sentence(_parameter(speaker, e, bound), e.name, KNOWN) for e in model.params]
    return tuple(said)


def element_sentence(model: Model, name: str, *, number: NumberWriter = plain_number) -> str:
    """Says one element; empty when the model has none of that name."""
    element, speaker = model.element(name), Speaker(model, number)
    return "" if element is None else _said(speaker, element)


def _said(speaker: Speaker, element: Element) -> str:
    match element:
        case ObjectiveElement():
            return _objective(speaker, element)
        case VarElement():
            return _variable(speaker, element)
        case ConstraintElement():
            return _constraint(speaker, element)
        case SetElement():
            return _set(speaker, element, None)
        case ParamElement():
            return _parameter(speaker, element, None)


def _objective(speaker: Speaker, element: ObjectiveElement) -> str:
    extreme = "small" if element.sense == "min" else "large"
    unit = f", in {element.unit}" if element.unit else ""
    about = f" ({element.description})" if element.description else ""
    return sentence(f"make {spoken(element.name)}{about} as {extreme} as possible: {speaker.say(element.body)}{unit}")


def _variable(speaker: Speaker, element: VarElement) -> str:
    places = [name for binder in element.binders for name in binder.names]
    what = speaker.quantity(element.name, places)
    binary, described = element.domain is Domain.BINARY, element.description and element.description in what
    if what.startswith("what is "):
        asked, described = f"how much is {what.removeprefix('what is ')}", True
    elif is_verb(element.name):
        asked = f"{'whether' if binary else 'how much'} to {spoken(element.name)}"
    else:
        asked = f"whether {what}" if binary else what
    asked += f" ({element.description})" if element.description and not described else ""
    rest = [part for part in (_domain(element), _bounds(speaker, element), _unit(element.unit)) if part]
    each = f", for {speaker.each(element.binders, element.condition)}" if element.binders else ""
    return sentence(f"{asked}{each}{': ' if rest else ''}{', '.join(rest)}")


def _domain(element: VarElement) -> str:
    words = {
        Domain.INTEGER: "a whole number",
        Domain.BINARY: "yes or no",
        Domain.SEMI_CONTINUOUS: "nothing, or within its bounds",
    }
    return words.get(element.domain, "")


def _bounds(speaker: Speaker, element: VarElement) -> str:
    if element.domain is Domain.BINARY:
        return ""
    lower = "" if element.lower is None else speaker.say(element.lower)
    upper = "" if element.upper is None else speaker.say(element.upper)
    if lower and upper:
        return f"from {lower} to {upper}"
    if lower:
        return "not negative" if element.lower == Number(0) else f"at least {lower}"
    return f"at most {upper}" if upper else "of either sign"


def _unit(unit: str) -> str:
    return f"counted in {plural(unit) if is_word(unit) else unit}" if unit else ""


def _constraint(speaker: Speaker, element: ConstraintElement) -> str:
    each = f"for {speaker.each(element.binders, element.condition)}, " if element.binders else ""
    about = f" ({element.description})" if element.description else ""
    soft = ""
    if element.soft is not None:
        soft = f"; breaking this costs {speaker.say(element.soft)} for each unit"
    return sentence(f"{each}{speaker.say(element.body)}{about}{soft}")


def _set(speaker: Speaker, element: SetElement, bound: Bound | None) -> str:
    about = f" ({element.description})" if element.description else ""
    within = f", each one of {speaker.say(element.within)}" if element.within is not None else ""
    if bound is None or element.name not in bound.sets:
        value = f": {speaker.say(element.value)}" if element.value is not None else ""
        return sentence(f"there are {many_of(element.name)}{about}{within}{value}")
    members = bound.members(element.name)
    shown = [_label(member) for member in members[:_MOST_MEMBERS]]
    more = len(members) - len(shown)
    names = f"{', '.join(shown)} and {speaker.number(more)} more" if more > 0 else listed(shown)
    word = one_of(element.name) if len(members) == 1 else many_of(element.name)
    return sentence(
        f"there {'is' if len(members) == 1 else 'are'} {speaker.number(len(members))} {word}{about}: {names}"
    )


def _label(member: Any) -> str:
    return "-".join(map(str, member)) if isinstance(member, tuple) else str(member)


def _parameter(speaker: Speaker, element: ParamElement, bound: Bound | None) -> str:
    unit = f", in {element.unit}" if element.unit else ""
    about = f" ({element.description})" if element.description else ""
    sets = [binder.over.name for binder in element.binders if isinstance(binder.over, Ref)]
    each = f" for each {listed([one_of(name) for name in sets])}" if sets else ""
    if element.value is not None:
        return sentence(f"{spoken(element.name)}{about}{each} is {speaker.say(element.value)}{unit}")
    values = _values(speaker, element, bound)
    return sentence(f"{spoken(element.name)}{about} is known{each}{unit}{values}")


def _values(speaker: Speaker, element: ParamElement, bound: Bound | None) -> str:
    if bound is None or element.name not in bound.params:
        return ""
    quantity = bound.params[element.name]
    values = quantity.values.ravel()
    if not len(values):
        return ""
    if not element.binders:
        return f": {speaker.number(float(values[0]))}"
    if len(values) <= _MOST_MEMBERS and len(values) == quantity.space.count:
        places = [_label(label) for label in quantity.space.labels]
        pairs = [f"{place} {speaker.number(float(v))}" for place, v in zip(places, values, strict=True)]
        return f": {listed(pairs)}"
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    spread = f"all {speaker.number(low)}" if low == high else f"from {speaker.number(low)} to {speaker.number(high)}"
    return f": {speaker.number(len(values))} numbers, {spread}"
