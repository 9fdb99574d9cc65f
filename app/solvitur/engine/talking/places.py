"""Which entries of a variable or parameter a wish means, and how they are written in the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solvitur.engine.talking.lexicon import Lexicon, Mention
from solvitur.language.elements import (
    Aggregate,
    Binder,
    Compare,
    Domain,
    Expr,
    Logic,
    Number,
    ParamElement,
    Ref,
    Text,
    VarElement,
)
from solvitur.problem.instance import Label


@dataclass(frozen=True)
class Spot:
    """A variable or parameter with a label for each index; None where every label is meant."""

    name: str
    places: tuple[Label | None, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every index has its label, so that one entry is meant."""
        return None not in self.places

    @property
    def element(self) -> str:
        """The entry as the user writes it; the name alone when several are meant."""
        if not self.places or not self.whole:
            return self.name
        return f"{self.name}[{', '.join(map(str, self.places))}]"


def spot_of(lexicon: Lexicon, element: VarElement | ParamElement, mentions: Sequence[Mention]) -> Spot | None:
    """Puts the members that were named at the indices of an element; None when one of them has no place there."""
    labels = list(dict.fromkeys((m.start, m.label) for m in mentions if m.role == "member"))
    arity = len(lexicon.sets_of(element))
    known = [lexicon.labels_at(element, position) for position in range(arity)]
    places: list[Label | None] = [None] * arity
    placed = set()
    for start, label in labels:
        if start in placed:
            continue
        free = [at for at in range(arity) if places[at] is None and label in known[at]]
        if free:
            places[free[0]] = label
            placed.add(start)
    wanted = {start for start, _ in labels}
    return Spot(element.name, tuple(places)) if wanted == placed else None


def find_variable(
    lexicon: Lexicon, mentions: Sequence[Mention], *, binary: bool | None = None, alone: bool = False
) -> Spot | None:
    """Finds the variable that a wish means: one that is named, else the one whose indices have the members named.

    ``binary`` prefers variables that are yes or no (True) or amounts (False); ``alone`` wants one named, or a member.
    """
    named = [m.name for m in mentions if m.role == "var"]
    variables = [e for e in lexicon.model.variables if not named or e.name in named]
    members = any(m.role == "member" for m in mentions)
    if alone and not named and not members:
        return None
    ranked = []
    for order, element in enumerate(variables):
        spot = spot_of(lexicon, element, mentions)
        if spot is None or (not named and not members):
            continue
        fits = binary is None or (element.domain is Domain.BINARY) == binary
        ranked.append((not fits, spot.places.count(None), order, spot))
    ranked.sort(key=lambda each: each[:3])
    return ranked[0][3] if ranked else None


def is_binary(lexicon: Lexicon, name: str) -> bool:
    """Tells whether a variable is yes or no."""
    element = lexicon.model.element(name)
    return isinstance(element, VarElement) and element.domain is Domain.BINARY


def reference(lexicon: Lexicon, spot: Spot, free: Sequence[Binder] = ()) -> Expr:
    """Writes the entry, or the sum of all entries that are meant; ``free`` are indices bound outside already."""
    element = lexicon.model.element(spot.name)
    assert isinstance(element, VarElement | ParamElement), "a spot is found in the model"
    bound = {binder.over.name: binder for binder in free if isinstance(binder.over, Ref)}
    binders, args, conditions, at = [], [], [], 0
    for number, given in enumerate(element.binders):
        size = max(len(given.names), 1)
        names = given.names or (f"i{number + 1}",)
        labels = spot.places[at : at + size]
        at += size
        outer = bound.get(given.over.name) if isinstance(given.over, Ref) else None
        if size == 1 and labels[0] is not None:
            args.append(label_text(labels[0]))
            continue
        if size == 1 and outer is not None:
            args.append(Ref(outer.names[0]))
            continue
        binders.append(Binder(names, given.over))
        for name, label in zip(names, labels, strict=True):
            args.append(Ref(name))
            if label is not None:
                conditions.append(Compare((Ref(name), label_text(label)), ("==",)))
    entry = Ref(spot.name, tuple(args))
    if not binders:
        return entry
    condition = None if not conditions else conditions[0] if len(conditions) == 1 else Logic("and", tuple(conditions))
    return Aggregate("sum", entry, tuple(binders), condition)


def rows_of(lexicon: Lexicon, spot: Spot) -> tuple[tuple[Binder, ...], Expr | None, Expr]:
    """Writes all entries that are meant, one by one: binders, condition and entry of a constraint over them."""
    written = reference(lexicon, spot)
    if isinstance(written, Aggregate):
        return written.binders, written.condition, written.body
    return (), None, written


def label_text(label: Label) -> Expr:
    """Writes a label in an expression."""
    return Text(label) if isinstance(label, str) else Number(label)


def said(spot: Spot) -> str:
    """Says an entry in words for titles: ``open, plant 2``."""
    labels = ", ".join(str(label) for label in spot.places if label is not None)
    return f"{spot.name}[{labels}]" if labels else spot.name
