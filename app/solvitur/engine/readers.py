"""Who reads a statement: the offline formalisers, and the language model that is turned on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from solvitur.engine.chats import Chats
from solvitur.hooks.contracts import Formaliser
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.drafts import Draft, unanswered
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.tables import Table

MODEL = "model"
"""The name under which the language model that is turned on reads statements."""


@dataclass(frozen=True)
class Backend:
    """Something that can read statements: a formaliser, or (``remote``) a language model.

    ``on`` says that it may be used now; ``because`` says why it cannot be.
    """

    name: str
    title: str
    remote: bool
    able: bool
    because: str
    on: bool


def backends(plugins: Plugins, chats: Chats) -> tuple[Backend, ...]:
    """Lists who can read statements, the offline ones first."""
    found = []
    for part in plugins.formalisers():
        why = _unavailable(part)
        found.append(Backend(part.name, str(part.part.title), False, not why, why, True))
    for part in plugins.chat_models():
        on = part.name == chats.on
        why = chats.unable() if on else _unavailable(part)
        found.append(Backend(part.name, str(part.part.title), True, not why, why, on))
    return tuple(found)


def reader_named(plugins: Plugins, chats: Chats, model: Formaliser, name: str) -> Formaliser:
    """Returns who reads a statement.

    Parameters
    ----------
    model : reads with the language model that is turned on.
    name : a formaliser, a language model, or empty: the offline formaliser, which hands over to the language model
        that is turned on where it does not account for the whole statement.

    Raises
    ------
    InputError
        If there is none of that name, or it cannot read now; what can be done is told.
    """
    offline = {part.name: part for part in plugins.formalisers()}
    if not name:
        able = [part for part in offline.values() if not _unavailable(part)]
        if able and chats.on:
            return HandingOver(able[0].part, model)
        if able:
            first: Formaliser = able[0].part
            return first
        name = MODEL
    if name in offline:
        if why := _unavailable(offline[name]):
            raise InputError.at(f"'{name}' cannot read statements now: {why}", element=name)
        chosen: Formaliser = offline[name].part
        return chosen
    if name == MODEL or any(part.name == name for part in plugins.chat_models()):
        if why := chats.unable("" if name == MODEL else name):
            raise InputError.at(why, element=name)
        return model
    known = [*offline, *(part.name for part in plugins.chat_models()), MODEL]
    near = get_close_matches(name, known, 1)
    hint = f"did you mean '{near[0]}'?" if near else "there are: " + ", ".join(known)
    raise InputError.at(f"nothing called '{name}' reads statements; {hint}", element=name)


class HandingOver:
    """Lets one formaliser read, and another where the first does not account for the whole statement."""

    def __init__(self, first: Formaliser, second: Formaliser) -> None:
        self.name = first.name
        self.title = f"{first.title}, then {second.title}"
        self._first = first
        self._second = second

    def draft(self, statement: str, tables: Sequence[Table], answers: Mapping[str, str]) -> Draft:
        """Drafts with the first, or the second; if that fails, what the first made is kept and the cause told."""
        made = self._first.draft(statement, tables, answers)
        if made.complete and not unanswered(made, answers):
            return made
        try:
            other = self._second.draft(statement, tables, answers)
        except SolviturError as error:
            return replace(made, facts={**made.facts, self._second.title: f"gave no draft: {error}"})
        told = f"did not account for the whole statement, so {self._second.title} read it"
        return replace(other, facts={self._first.title: told, **other.facts})


def _unavailable(part: Part) -> str:
    available = getattr(part.part, "available", None)
    if not callable(available):
        return ""
    try:
        return str(available())
    except Exception as error:  # noqa: BLE001 - a plugin is called
        return f"it failed: {sentence_of(error)}"
