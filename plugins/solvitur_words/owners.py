"""Whom numbers are told of: the entity before or behind them, lists in order, or the one who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from solvitur_words.comparing import GE, LE
from solvitur_words.counting import CLAUSE_WORDS, Sentence, clause_start, counting_in
from solvitur_words.entities import Entity, Group, Line, Mention
from solvitur_words.lexicon import COST_WORDS, PROFIT_WORDS, list_of
from solvitur_words.meaning import Described, Fact, Limit
from solvitur_words.parts import NOUN, NUMBER, VERB

_SERIES = count()
_STOCK = frozenset(
    list_of(
        """
        buy purchase afford obtain acquire access allocate have own available budget stock supply
        capacity total limit possess receive get hand accommodate
        """
    )
)
_NEEDS = frozenset(list_of("need require must demand want order contract"))
_CEILINGS = frozenset(list_of("maximum upper available limit capacity cap demand"))


def facts_of(
    line: Line,
    found: Sequence[Mention],
    group: Group,
    taken: set[int],
    asides: set[int],
    last: Sequence[Entity],
    place: int,
) -> tuple[list[Fact], list[Limit], set[int]]:
    """Tells, for the numbers that no comparison took, of which entity they are, or which stock they limit."""
    free = [k for k, tag in enumerate(line.tags) if tag == NUMBER and k not in taken and k not in asides]
    named = [mention for mention in found if mention.at not in asides]
    skip = {k for mention in found for k in range(mention.start, mention.end)}
    here = Sentence(line, named, group, free, skip, place, asides)
    used = counting_in(here)
    here.free = [k for k in free if k not in used]
    facts, zipped = _zipped(here)
    used |= zipped
    here.free = [k for k in here.free if k not in zipped]
    limits: list[Limit] = []
    everything = list(here.free)
    for k in everything:
        limit = _stock(here, k, everything)
        if limit is not None:
            limits.append(limit)
            used.add(k)
            here.free.remove(k)
    told = _told(here, last)
    facts += told
    starts = {fact.number.token.start for fact in told}
    used |= {k for k in here.free if line.tokens[k].start in starts}
    return facts, limits, used


def _zipped(here: Sentence) -> tuple[list[Fact], set[int]]:
    """Pairs a list of entities with a list of as many numbers."""
    facts: list[Fact] = []
    used: set[int] = set()
    line = here.line
    for run in _runs(here):
        names = _names_for(here, run)
        if names is None:
            continue
        series = next(_SERIES)
        firsts, lasts = here.describe(run[0]), here.describe(run[-1])
        for name, k in zip(names, run, strict=True):
            number = here.describe(k)
            after = number.after or lasts.after
            number = replace(number, after=after, before=firsts.before, unit=number.unit or lasts.unit,
                             role=firsts.role or lasts.role, per=lasts.per or firsts.per)  # fmt: skip
            facts.append(Fact(name, number, here.place, series))
            used.add(k)
    if facts and "respectively" not in [token.low for token in line.tokens] and len(here.group.entities) < 2:
        return [], set()
    return facts, used


def _runs(here: Sentence) -> list[list[int]]:
    """Finds rows of numbers with only commas, "and" and unit words between them."""
    runs: list[list[int]] = []
    for k in here.free:
        if runs and all(
            here.line.tokens[m].low in (",", "and", "$", "&") or (here.line.tags[m] == NOUN and m not in here.skip)
            for m in range(runs[-1][-1] + 1, k)
        ) and k - runs[-1][-1] <= 4:  # fmt: skip
            runs[-1].append(k)
        else:
            runs.append([k])
    return [run for run in runs if len(run) >= 2]


def _names_for(here: Sentence, run: list[int]) -> list[str] | None:
    """Finds the list of entities that a row of numbers goes with."""
    line = here.line
    lists: list[list[Mention]] = []
    for mention in here.found:
        if lists and not any(line.tags[m] == NUMBER for m in range(lists[-1][-1].end, mention.start)):
            between = [line.tokens[m].low for m in range(lists[-1][-1].end, mention.start)]
            words = [
                w
                for w in between
                if w
                not in (
                    ",",
                    "and",
                    "or",
                    "&",
                    "the",
                    "a",
                    "an",
                    "each",
                    "of",
                    "for",
                    "type",
                    "one",
                    "in",
                    "per",
                    "(",
                    ")",
                    "$",
                )
            ]
            if len(words) <= 1:
                lists[-1].append(mention)
                continue
        lists.append([mention])
    fitting = []
    for each in lists:
        names = list(dict.fromkeys(mention.entity.name for mention in each))
        if len(names) == len(run):
            fitting.append((abs(each[-1].end - run[0]), names))
    if fitting:
        return min(fitting)[1]
    everything = [entity.name for entity in here.group.entities]
    respectively = "respectively" in [token.low for token in line.tokens]
    if len(run) == len(everything) and (respectively or not here.found):
        words = [stem for k in run[:-1] for stem in here.describe(k).after]
        if respectively or not words:
            return everything
    return None


def _stock(here: Sentence, at: int, everything: Sequence[int]) -> Limit | None:
    """Reads "has available 400 units of milk" and "needs to send 500 boxes" as limits of the one who decides."""
    line = here.line
    start = clause_start(line, at)
    while start and line.tokens[start - 1].low == "," and any(
        k in everything for k in range(clause_start(line, start - 1), start)
    ):  # fmt: skip
        start = clause_start(line, start - 1)
    while start > 1 and line.tokens[start].low in ("which", "that", "who") and line.tokens[start - 1].low == ",":
        start = clause_start(line, start - 1)
    number = here.describe(at)
    plot = number.unit in ("acre", "hectare", "sqft") and not number.per
    if plot and at and line.tokens[at - 1].low in ("their", "a", "an", "his", "her", "its", "the"):
        return Limit(LE, number, False, False, line.tokens[at].start, line.tokens[at].end, sure=False)
    if any(start <= mention.at < at for mention in here.found):
        return None
    nearest = next((mention for mention in here.found if mention.at > at), None)
    reach = {line.tokens[k].low for k in range(at, nearest.start)} if nearest else set()
    if (
        nearest
        and nearest.start - at <= 5
        and {"for", "per", "each"} & reach
        and not {"with", "and", ",", "while"} & reach
    ):
        return None
    for k in range(at + 1, min(at + 7, len(line.tokens) - 1)):
        if line.tokens[k].low in ("and", ",", "but", "or"):
            break
        if line.tokens[k].low in ("each", "every", "per") and line.phrase_at(k + 1).words[-1:] and (
            line.phrase_at(k + 1).words[-1] in here.group.nouns
        ):  # fmt: skip
            return None
    return _stock_or_need(here, at, start, number)


def _stock_or_need(here: Sentence, at: int, start: int, number: Described) -> Limit | None:
    """Tells from the words around whether a number is at hand or needed, if either."""
    line = here.line
    before = line.lemmas[start:at]
    after: list[str] = []
    for k in range(at + 1, min(at + 24, len(line.tokens))):
        if (
            line.tokens[k].low in CLAUSE_WORDS
            or line.tokens[k].low == "."
            or (line.tags[k] == VERB and line.lemmas[k] != "be")
        ):
            after.append(line.lemmas[k])
            break
        after.append(line.lemmas[k])
    if any(word in ("each", "per", "every") for word in before[-3:]):
        return None
    if any(
        word in ("each", "every", "both") and set(before[k + 1 : k + 3]) & here.group.nouns
        for k, word in enumerate(before)
    ):
        return None
    way = ""
    nearest_word = next(
        (line.lemmas[k] for k in range(at - 1, start - 1, -1) if line.lemmas[k] in _STOCK | _NEEDS), ""
    )
    money = line.tokens[at].sort == "money" and "invest" in line.lemmas
    if set(before) & _STOCK or money or "open" in before or "available" in after or after[:2] == ["in", "stock"]:
        way = LE
    elif set(before) & _NEEDS or set(after) & {"need", "require", "must"}:
        way = GE
    having = max((k for k, word in enumerate(before) if word == "have"), default=-1)
    to_do = having >= 0 and before[having + 1 : having + 2] == ["to"]
    if way and (nearest_word in _NEEDS or to_do) and "available" not in before + after:
        way = GE
    if {"only", "enough", "budget"} & set(before):
        way = LE
    if way == GE and not set(before) & _NEEDS and not to_do and _is_of_leading_entity(here, at, start):
        return None
    if not way or line.tokens[at].sort in ("percent", "times"):
        return None
    tokens = line.tokens
    total = bool({"total", "altogether", "combined"} & {token.low for token in tokens[start : at + 6]})
    each = not total and ("each" in before or "every" in before)
    return Limit(way, number, False, each, tokens[at].start, tokens[at].end, total=total, sure=False)


def _is_of_leading_entity(here: Sentence, at: int, start: int) -> bool:
    """Tells whether the sentence opens with what its numbers are told of: "To make a ball, 20 minutes are needed"."""
    opening = here.line.tokens[0].low in ("to", "per", "for", "in", "at", "each", "making", "producing")
    return opening and any(mention.at < start for mention in here.found)


def _told(here: Sentence, last: Sequence[Entity]) -> list[Fact]:
    """Gives every number left to the entity before it, or behind it where sentences are built that way."""
    line = here.line
    free = [k for k in here.free if line.tokens[k].sort != "times"]
    if not free or not line.tokens:
        return []
    found = here.found
    if not found:
        return _told_of_all(here, free, last)
    names = {mention.entity.name for mention in found}
    first_number = free[0]
    forward = found[0].at > first_number
    facts = []
    series = next(_SERIES)
    before: tuple[int, str, int] | None = None
    for k in free:
        owner = _owner(here, k, forward) if len(names) > 1 else found[0]
        if owner is None:
            continue
        enumerated = forward and len(names) == len(free) and len(names) > 1
        run = series if enumerated else next(_SERIES)
        if before is not None and before[1] != owner.entity.name and _is_ellipsis(here, before[0], k):
            run = before[2]
        facts.append(Fact(owner.entity.name, here.describe(k), here.place, run))
        before = (k, owner.entity.name, run)
    return facts


def _is_ellipsis(here: Sentence, before: int, at: int) -> bool:
    """Tells whether a number repeats what the one before says, of another entity: "..., and a laptop, $100"."""
    line = here.line
    verbs = [
        k for k in range(before + 1, at) if line.tags[k] == VERB and line.lemmas[k] != "be" and k not in here.skip
    ]
    nouns = [k for k in range(before + 1, at) if line.lemmas[k] in COST_WORDS | PROFIT_WORDS]
    same = line.tokens[before].sort == line.tokens[at].sort
    return same and not verbs and not nouns and not here.describe(at).after


def _owner(here: Sentence, at: int, forward: bool) -> Mention | None:
    before = [mention for mention in here.found if mention.at < at]
    behind = [mention for mention in here.found if mention.at > at]
    if before and behind and not forward and _is_told_behind(here, at, before[-1], behind[0]):
        return behind[0]
    if forward:
        return behind[0] if behind else (before[-1] if before else None)
    return before[-1] if before else (behind[0] if behind else None)


def _is_told_behind(here: Sentence, at: int, before: Mention, behind: Mention) -> bool:
    """Tells whether a number is told of the next entity: "it is 150 for a commercial one"."""
    line = here.line
    lows = [line.tokens[k].low for k in range(at + 1, behind.start)]
    if len(lows) > 4 or not lows or not {"for", "per", "on", "to"} & set(lows):
        return False
    last = max((k for k in range(at) if line.tags[k] == NUMBER), default=-1)
    if len({mention.entity.name for mention in here.found if last < mention.at < at}) >= 2:
        return True
    return any(line.tags[k] == NUMBER for k in range(before.end, at))


def bounds_in_order(
    line: Line, found: Sequence[Mention], group: Group, asides: set[int], place: int
) -> list[tuple[str, int, str]]:
    """Reads "at least 10, 20 and 30 units of A, B and C respectively": entity, number token and way."""
    lows = [token.low for token in line.tokens]
    if "respectively" not in lows:
        return []
    skip = {k for mention in found for k in range(mention.start, mention.end)}
    free = [k for k, tag in enumerate(line.tags) if tag == NUMBER]
    here = Sentence(line, [m for m in found if m.at not in asides], group, free, skip, place, asides)
    result: list[tuple[str, int, str]] = []
    for run in _runs(here):
        names = _names_for(here, run)
        if names is None:
            continue
        start = clause_start(line, run[0])
        lead = set(line.lemmas[start : run[0]]) | set(line.lemmas[max(0, run[0] - 12) : run[0]])
        text = " ".join(line.lemmas[max(0, run[0] - 4) : run[0]])
        way = ""
        if "at least" in text or "minimum" in lead or ({"low", "lower"} & lead and "bound" in lead):
            way = GE
        elif "at most" in text or "up to" in text or "exceed" in text or lead & _CEILINGS:
            way = LE
        if way and not lead & (COST_WORDS | PROFIT_WORDS):
            result += [(name, k, way) for name, k in zip(names, run, strict=True)]
    return result


def _told_of_all(here: Sentence, free: Sequence[int], last: Sequence[Entity]) -> list[Fact]:
    """Gives numbers to all entities ("each trip takes 2 hours"), or to what a pronoun stands for."""
    line = here.line
    lows = [token.low for token in line.tokens]
    of_all = any(
        lows[k] in ("each", "every", "per", "both") and line.phrase_at(k + 1).words[-1:] and
        line.phrase_at(k + 1).words[-1] in here.group.nouns for k in range(len(lows) - 1)
    )  # fmt: skip
    if of_all:
        return [Fact(entity.name, here.describe(k), here.place, -1) for k in free for entity in here.group.entities]
    if lows[:2] in (["they", "both"], ["both", "of"]) or (lows[0] in ("both", "they") and "both" in lows):
        return [Fact(entity.name, here.describe(k), here.place, -1) for k in free for entity in here.group.entities]
    names = list(dict.fromkeys(entity.name for entity in last))
    if lows[0] in ("it", "this", "they", "these") and len(names) == 1:
        return [Fact(names[0], here.describe(k), here.place) for k in free]
    return []
