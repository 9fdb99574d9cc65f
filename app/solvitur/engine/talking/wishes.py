"""Wishes and questions in words: what is to change, or what is asked, over a model and its data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from solvitur.engine.proposing.proposals import Proposal, propose
from solvitur.engine.proposing.splicing import Splices
from solvitur.engine.talking.amounts import NUMBER, find_number, find_shift, number_of
from solvitur.engine.talking.data_changes import change_parameter
from solvitur.engine.talking.examples import examples
from solvitur.engine.talking.lexicon import Lexicon, Mention, stem, words_of
from solvitur.engine.talking.places import Spot, find_variable, is_binary, reference, rows_of, said, spot_of
from solvitur.engine.wording.naming import one_of
from solvitur.language.elements import (
    Aggregate,
    Binder,
    Compare,
    ConstraintElement,
    Expr,
    Number,
    ParamElement,
    Ref,
)
from solvitur.language.words import RESERVED
from solvitur.problem.document import Problem
from solvitur.problem.tables import Table

_ASKS = re.compile(r"^\s*(?:why|how come|what would it cost|what does it cost|what would happen)\b", re.IGNORECASE)
_WHAT_IF = re.compile(r"^\s*(?:what if|what about|suppose|assume|imagine|if)\b[,:]?\s*", re.IGNORECASE)
_FORBID = re.compile(
    r"^(?:please\s+)?(?:forbid|ban|prohibit|exclude|avoid|never|do not|don't|no more|stop|cannot|can't|no)\b",
    re.IGNORECASE,
)
_OFF = frozenset(
    stem(word) for word in ("close", "shut", "unused", "idle", "off", "unchosen", "unopened", "rejected")
)
_ON = frozenset(stem(word) for word in ("open", "use", "chosen", "choose", "select", "on", "build", "picked", "keep"))
_REMOVE = re.compile(
    r"^(?:please\s+)?(?:remove|drop|delete|ignore|lift|relax|without|forget|there (?:is|were|was) no|no)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    rf"\b(at least|at most|no more than|not more than|no fewer than|no less than|no greater than|more than|"
    rf"fewer than|less than|up to|exactly|only|a minimum of|a maximum of|minimum|maximum|max|min)\s+\$?({NUMBER})",
    re.IGNORECASE,
)
_SPOKEN_WORDS = """
a about add allow allowed always am amount an and any are as assume at avoid be becomes but by can cannot change
climb close closed could cut decrease delete did do does don't double down drop each equal even every exactly
except fall fewer fix for forbid force from get go grow halve has have hold how i if ignore imagine in increase
instead into is it keep least less let limit limited lower made make max maximum may maximally min minimum more
most must need never no none not of off on once only open or other our out over per percent cent please prohibit
put raise reduce remove require rise rule sees set should shut sink so some stop suppose than that the their
them there these they this to total triple twice under up use used was we were what when where which will with
without would value number constraint requirement times euro dollar serve go went fell rose grew
"""
_SPOKEN = frozenset(stem(word) for word in _SPOKEN_WORDS.split())
_SENSES = {
    "at least": ">=",
    "no fewer than": ">=",
    "no less than": ">=",
    "a minimum of": ">=",
    "minimum": ">=",
    "min": ">=",
    "more than": ">=",
    "exactly": "==",
    "only": "<=",
}


@dataclass(frozen=True, eq=False)
class Offer:
    """A change to be accepted; ``try_first`` when it was asked as a what-if."""

    proposal: Proposal
    said: str
    try_first: bool = False
    unused: tuple[str, ...] = ()
    """Words of the wish that played no part; the user should know."""


@dataclass(frozen=True)
class WhyAsked:
    """A question about one entry of a variable: why it has its value, or what another would cost.

    ``wanted`` is the value to try; None: the other one than it has.
    """

    spot: Spot
    wanted: float | None = None


@dataclass(frozen=True)
class Puzzled:
    """What could not be read, and what could."""

    text: str
    examples: tuple[str, ...] = ()


Reply = Offer | WhyAsked | Puzzled


@dataclass(frozen=True, eq=False)
class Talk:
    """What a wish is read against."""

    problem: Problem
    lexicon: Lexicon
    mentions: tuple[Mention, ...] = field(default=())

    def of(self, *roles: str) -> list[Mention]:
        """Returns the mentions of some roles, the surest first."""
        return sorted((m for m in self.mentions if m.role in roles), key=lambda m: -m.score)


def read_wish(text: str, problem: Problem, lexicon: Lexicon) -> Reply:
    """Reads a wish or a question; what cannot be read is said, with examples of what can."""
    wish = text.strip().rstrip(".?!").strip()
    if not wish:
        return Puzzled("Say what is to change, or ask why something came out so.", examples(lexicon))
    asked = bool(_ASKS.match(wish))
    try_first = bool(_WHAT_IF.match(wish)) and not asked
    body = _WHAT_IF.sub("", wish) if try_first else wish
    body = re.sub(r"^(?:we|i|you|they|it)\s+(?=\w)", "", body, flags=re.IGNORECASE)
    talk = Talk(problem, lexicon, lexicon.mentions(body))
    if asked:
        return _question(talk, body)
    forms: tuple[Callable[[Talk, str], Offer | Puzzled | None], ...] = (
        _removal,
        _limit,
        _parameter,
        _switch,
        _ban,
        _fix,
    )
    puzzled: Puzzled | None = None
    for form in forms:
        found = form(talk, body)
        if isinstance(found, Offer):
            return Offer(found.proposal, found.said, try_first, _unused(talk, body))
        puzzled = puzzled or found
    return puzzled or _unread(talk, wish)


# Forms -------------------------------------------------------------------------------------------------------


def _removal(talk: Talk, body: str) -> Offer | Puzzled | None:
    found = _REMOVE.match(body)
    named = talk.of("constraint")
    if found is None or not named:
        if found is not None and re.search(r"\b(?:constraint|rule|limit|requirement)s?\b", body, re.IGNORECASE):
            known = ", ".join(f"'{e.name}'" for e in talk.lexicon.model.constraints[:8])
            return Puzzled(f"Which constraint? The model has {known or 'none'}.", examples(talk.lexicon))
        return None
    if talk.of("member") and found[0].lower() in ("no", "without"):
        return None
    name = named[0].name
    splices = _splices(talk)
    splices.drop(name)
    return _offer(talk, f"Remove '{name}'", splices.text(), f"Removes the constraint '{name}'.")


def _limit(talk: Talk, body: str) -> Offer | Puzzled | None:
    found = _LIMIT.search(body)
    count = number_of(found[2]) if found else None
    if found is None or count is None:
        return None
    sense = _SENSES.get(found[1].lower(), "<=")
    if found[1].lower() in ("more than", "fewer than", "less than") and count == int(count):
        count += 1 if sense == ">=" else -1
    mentions = [m for m in talk.mentions if not (m.start < found.end() and found.start(2) < m.end)]
    each, rest = _each(talk, body, mentions)
    spot = _counted(talk, rest, each, found.end())
    if spot is None:
        return Puzzled(
            f"What is it that should be {found[0].lower()}? Name a variable or a member of a set.",
            examples(talk.lexicon),
        )
    left, about = _left_side(talk, spot, rest, each)
    if left is None:
        return Puzzled(f"'{spot.name}' has no such index.", examples(talk.lexicon))
    amount = Number(int(count) if count == int(count) else count)
    name = _free(talk, "limit_" + spot.name)
    element = ConstraintElement(name, Compare((left, amount), (sense,)), tuple(each), description=_described(body))
    return _added(talk, element, body, about)


def _parameter(talk: Talk, body: str) -> Offer | Puzzled | None:
    shift = find_shift(body)
    params = talk.of("param")
    if shift is None or not params:
        return None
    change, _spans = shift
    for mention in params:
        element = talk.lexicon.model.element(mention.name)
        assert isinstance(element, ParamElement), "a mention of a parameter names one"
        members = [m for m in talk.mentions if m.role == "member" and not _inside(m, mention)]
        spot = spot_of(talk.lexicon, element, members)
        if spot is None:
            named = ", ".join(f"'{m.label}'" for m in members)
            return Puzzled(f"'{element.name}' has no place for {named}.", examples(talk.lexicon))
        made = change_parameter(talk.problem, talk.lexicon, element, spot.places, change)
        if not made.count:
            return Puzzled(f"{made.because[:1].upper()}{made.because[1:]}.", examples(talk.lexicon))
        numbers = "one number" if made.count == 1 else f"{made.count} numbers"
        return _offer(
            talk, f"Change '{said(spot)}'", made.text, f"Changes {numbers} of '{said(spot)}'.", tables=made.tables
        )
    return None


def _switch(talk: Talk, body: str) -> Offer | Puzzled | None:
    """Reads ``close plant 2``, ``keep Berlin open``, ``do not use supplier A``."""
    state = _state(talk, body)
    if state is None:
        return None
    spot = find_variable(talk.lexicon, talk.mentions, binary=True, alone=True)
    if spot is None or not is_binary(talk.lexicon, spot.name):
        return None
    if spot.places and not any(place is not None for place in spot.places):
        return None
    return _fixed(talk, spot, float(state), body)


def _ban(talk: Talk, body: str) -> Offer | Puzzled | None:
    if _FORBID.match(body) is None:
        return None
    spot = find_variable(talk.lexicon, talk.mentions, alone=True)
    if spot is None:
        return Puzzled("What is to be forbidden? Name a variable, or members of its sets.", examples(talk.lexicon))
    return _fixed(talk, spot, 0.0, body)


def _fix(talk: Talk, body: str) -> Offer | Puzzled | None:
    """Reads ``make 20 chairs`` or ``ship[Seattle, Chicago] is 50``."""
    number = find_number(body)
    if number is None or not talk.mentions:
        return None
    value, start, end = number
    mentions = [m for m in talk.mentions if not (m.start < end and start < m.end)]
    spot = find_variable(talk.lexicon, mentions, binary=False, alone=True)
    return None if spot is None else _fixed(talk, spot, value, body)


def _question(talk: Talk, body: str) -> Reply:
    state = _state(talk, body)
    spot = find_variable(talk.lexicon, talk.mentions, binary=True if state is not None else None, alone=True)
    if spot is None:
        return Puzzled(
            "Ask about one entry of a variable, by its name or by the members it belongs to.", examples(talk.lexicon)
        )
    if not spot.whole:
        sets = talk.lexicon.sets_named(spot.name)
        lacking = [one_of(name) for name, place in zip(sets, spot.places, strict=True) if place is None]
        return Puzzled(f"Which {' and '.join(lacking)}? '{said(spot)}' has many.", examples(talk.lexicon))
    wanted = float(state) if state is not None and "cost" in body.lower() else None
    return WhyAsked(spot, wanted)


# Their parts -------------------------------------------------------------------------------------------------


def _state(talk: Talk, body: str) -> bool | None:
    """Reads on or off; a negation turns it round."""
    stems = {word.stem for word in words_of(body)}
    negated = bool(re.search(r"\b(?:not|don't|never|no longer|forbid|ban|avoid|without|stop)\b", body, re.IGNORECASE))
    if stems & _OFF:
        return negated
    binaries = {stem(e.name) for e in talk.lexicon.model.variables if is_binary(talk.lexicon, e.name)}
    if stems & (_ON | binaries):
        return not negated
    return None


def _fixed(talk: Talk, spot: Spot, value: float, body: str) -> Offer:
    binders, condition, entry = rows_of(talk.lexicon, spot)
    amount = Number(int(value) if value == int(value) else value)
    name = _free(talk, ("forbid_" if value == 0 else "fix_") + spot.name)
    element = ConstraintElement(
        name, Compare((entry, amount), ("==",)), binders, condition, description=_described(body)
    )
    what = f"Fixes '{said(spot)}' at {amount.value}."
    return _added(talk, element, body, what)


def _each(talk: Talk, body: str, mentions: Sequence[Mention]) -> tuple[list[Binder], list[Mention]]:
    """Reads ``per plant`` or ``for each market``: the binders of the constraint."""
    binders: list[Binder] = []
    rest: list[Mention] = []
    for mention in mentions:
        before = body[max(mention.start - 12, 0) : mention.start].lower()
        if mention.role == "set" and re.search(r"\b(?:per|each|every)\s+$", before):
            binders.append(Binder((_index(talk, mention.name, len(binders)),), Ref(mention.name)))
        else:
            rest.append(mention)
    return binders, rest


def _index(talk: Talk, set_name: str, at: int) -> str:
    """Returns the name that the model itself uses for an index over a set."""
    model = talk.lexicon.model
    known = [binder for element in model.variables for binder in element.binders]
    for binder in (*known, *(binder for element in model.constraints for binder in element.binders)):
        if isinstance(binder.over, Ref) and binder.over.name == set_name and len(binder.names) == 1:
            return binder.names[0]
    return f"k{at + 1}"


def _counted(talk: Talk, mentions: Sequence[Mention], each: Sequence[Binder], after: int) -> Spot | None:
    """Finds what is counted: a named variable, members, or the things of a set that a yes-or-no variable chooses."""
    spot = find_variable(talk.lexicon, mentions, alone=True)
    if spot is not None:
        return spot
    wanted = {binder.over.name for binder in each if isinstance(binder.over, Ref)}
    sets = sorted((m for m in mentions if m.role == "set"), key=lambda m: (m.start < after, m.start))
    for mention in sets:
        variables = sorted(
            (e for e in talk.lexicon.model.variables if wanted | {mention.name} <= set(talk.lexicon.sets_of(e))),
            key=lambda e: (not is_binary(talk.lexicon, e.name), len(talk.lexicon.sets_of(e))),
        )
        if variables:
            members = [m for m in mentions if m.role == "member"]
            return spot_of(talk.lexicon, variables[0], members)
    return None


def _left_side(
    talk: Talk, spot: Spot, mentions: Sequence[Mention], each: Sequence[Binder]
) -> tuple[Expr | None, str]:
    sets = talk.lexicon.sets_named(spot.name)
    if any(isinstance(b.over, Ref) and b.over.name not in sets for b in each):
        return None, ""
    counted = [m.name for m in mentions if m.role == "set" and m.name in sets]
    named = any(m.role in ("var", "member") for m in mentions)
    if not is_binary(talk.lexicon, spot.name) and counted and not named:
        return _how_many(
            talk, spot, counted[0], each
        ), f"Counts those of '{counted[0]}' with at least 1 in '{spot.name}'."
    what = "Limits" if spot.whole else "Limits the sum of"
    return reference(talk.lexicon, spot, each), f"{what} '{said(spot)}'."


def _how_many(talk: Talk, spot: Spot, set_name: str, each: Sequence[Binder]) -> Expr:
    """Counts the members of a set for which an amount is at least 1."""
    index = _index(talk, set_name, 9)
    binder = Binder((index,), Ref(set_name))
    inner = reference(talk.lexicon, spot, [*each, binder])
    return Aggregate("count", Compare((inner, Number(1)), (">=",)), (binder,))


def _added(talk: Talk, element: ConstraintElement, body: str, what: str) -> Offer:
    splices = _splices(talk)
    splices.put(element, talk.lexicon.model.elements[-1].name if talk.lexicon.model.elements else "")
    title = f"Add '{element.name}'"
    return _offer(talk, title, splices.text(), what)


def _offer(talk: Talk, title: str, text: str, what: str, *, tables: tuple[Table, ...] = ()) -> Offer:
    return Offer(propose(title, talk.problem, text, tables=tables), what)


def _splices(talk: Talk) -> Splices:
    return Splices(talk.problem.formulation.text, talk.lexicon.model)


def _free(talk: Talk, wanted: str) -> str:
    taken = {e.name for e in talk.lexicon.model.elements} | set(RESERVED)
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _described(body: str) -> str:
    return " ".join(body.replace('"', "'").split())[:80]


def _unused(talk: Talk, body: str) -> tuple[str, ...]:
    """Lists the words that name nothing of the model and say nothing that was read."""
    covered = [(mention.start, mention.end) for mention in talk.mentions]
    left = []
    for word in words_of(body):
        named = any(start <= word.start < end for start, end in covered)
        if not named and word.stem not in _SPOKEN and number_of(word.text) is None and word.text != "%":
            left.append(word.text)
    return tuple(left)


def _inside(one: Mention, other: Mention) -> bool:
    return one.start >= other.start and one.end <= other.end


def _unread(talk: Talk, wish: str) -> Puzzled:
    names = sorted({m.name if m.label is None else str(m.label) for m in talk.mentions})
    heard = f" It speaks of {', '.join(repr(name) for name in names)}, but not of what is to happen." if names else ""
    return Puzzled(f"I cannot read this yet.{heard}", examples(talk.lexicon))
