"""Parts of speech, guessed: which words name things, which are verbs, and the noun phrases they make."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur_words.lexicon import (
    ADVERBS,
    CONJUNCTIONS,
    DETERMINERS,
    MODALS,
    PREPOSITIONS,
    PRONOUNS,
    VERBS,
    list_of,
)
from solvitur_words.tokens import Token

OPERATORS = frozenset(
    ["plus", "minus", "sum", "difference", "having", "including", "considering", "given", "along", "e.g"]
)
"""Words that join quantities, or open a clause of their own."""
CLOSED = DETERMINERS | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | ADVERBS | MODALS
NOUN, VERB, MODAL, NUMBER, OTHER = "noun", "verb", "modal", "number", "other"
_NOMINAL_AFTER = frozenset(
    [
        "of",
        "per",
        "for",
        "in",
        "on",
        "by",
        "with",
        "from",
        "each",
        "every",
        "a",
        "an",
        "the",
        "one",
        "this",
        "that",
        "its",
        "their",
        "his",
        "her",
        "our",
        "both",
    ]
)
_VERB_AFTER = (PRONOUNS - {"many", "much", "her"}) | frozenset(["to", "not", "can", "also", "only"])
_OFTEN_NOUN = frozenset(
    list_of(
        """
        cost profit return plant ship trip unit set process market mix work demand plan limit supply
        need water wash cut drink feed cook fish seat place order pack package stock store support waste
        charge tip cycle display bar bill increase decrease value price rent blend fry burn cover craft
        design function experiment test run ride sale stamp state spray study start stay press present
        pass paint load lead lease handle harvest range reach result share switch time travel treat
        visit walk watch mine mill melt fit fall fly help hire heat hold change control budget benefit
        balance box can show stick tie bake build clean project transport purchase schedule display
        transfer mean offer measure model team act aim influence repair import guarantee impact issue
        target
        """
    )
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens ``start`` up to ``end`` (exclusive) of its sentence, and the lemmas of its words."""

    start: int
    end: int
    words: tuple[str, ...]


def tags_of(tokens: list[Token]) -> list[str]:
    """Guesses the part of speech of every token of a sentence."""
    tags: list[str] = []
    for at, token in enumerate(tokens):
        tags.append(_tag(tokens, tags, at, token))
    return tags


def _tag(tokens: list[Token], tags: list[str], at: int, token: Token) -> str:
    if token.kind == "num":
        return NUMBER
    if token.kind == "sign":
        return OTHER
    if is_symbol(tokens, at):
        return NOUN
    if token.lemma in MODALS:
        return MODAL
    if token.lemma == "be":
        return VERB
    if token.low in DETERMINERS or token.low in PREPOSITIONS or token.low in CONJUNCTIONS:
        return OTHER
    if token.low in PRONOUNS or token.low in ADVERBS or token.low in OPERATORS:
        return OTHER
    if token.low.endswith("ly") and token.lemma not in VERBS and token.low not in _NOUNS_IN_LY:
        return OTHER
    if token.low == "using":
        return VERB
    if token.lemma not in VERBS:
        ahead = tokens[at + 1] if at + 1 < len(tokens) else None
        if _is_first_verb(tokens, tags, at):
            return VERB
        closes = ahead is None or ahead.kind != "word" or ahead.low in CLOSED or ahead.lemma == "be"
        return (
            VERB if len(token.low) > 4 and token.low.endswith("ed") and tags and tags[-1] == NOUN and closes else NOUN
        )
    return _noun_or_verb(tokens, tags, at, token)


_NOUNS_IN_LY = frozenset(list_of("assembly family jelly lily belly butterfly monopoly ally"))
_FIRM_VERBS = frozenset(
    list_of("have do require contain produce provide generate consume take earn give make carry include incur bring")
)
"""Verbs whose form with an s is never a noun."""


def _is_first_verb(tokens: list[Token], tags: list[str], at: int) -> bool:
    """Tells whether an unknown word is the verb of "A mill grinds oats and barley", which has no other."""
    word, before = tokens[at], tokens[at - 1] if at else None
    ahead = tokens[at + 1] if at + 1 < len(tokens) else None
    if before is None or ahead is None or not 1 <= at <= 5 or VERB in tags or MODAL in tags:
        return False
    if not word.low.endswith("s") or word.low == word.lemma or before.low != before.lemma or tags[-1] != NOUN:
        return False
    if ahead.kind != "word" or ahead.low in CLOSED - DETERMINERS or tokens[0].low not in ("a", "an", "the"):
        return False
    return not any(
        token.lemma == "be" or token.lemma in MODALS or (token.lemma in VERBS and token.lemma not in _OFTEN_NOUN)
        for token in tokens[at + 1 :]
    )


def _noun_or_verb(tokens: list[Token], tags: list[str], at: int, token: Token) -> str:
    if token.lemma in _FIRM_VERBS and token.low in (token.lemma + "s", "has", "does", "had"):
        return VERB
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    gerund = token.low.endswith("ing")
    if before is None and after is not None and (after.sort == "name" or is_symbol(tokens, at + 1)):
        return NOUN
    if before is None:
        return NOUN if gerund or (after is not None and after.lemma in ("be", "can")) else VERB
    tag = tags[-1]
    if tag == MODAL or before.low in _VERB_AFTER:
        return VERB if not gerund or before.low in PRONOUNS else NOUN
    if before.low in ("that", "those") and token.low.endswith("ed"):
        return VERB
    if before.low in _NOMINAL_AFTER or tag == NUMBER:
        return NOUN
    if before.lemma == "be":
        return VERB
    follows = after.kind == "num" or after.low in DETERMINERS if after is not None else False
    if (
        tag == NOUN
        and after is not None
        and after.low == "to"
        and token.lemma in ("need", "aim", "plan", "want", "work")
    ):
        return VERB
    if tag == NOUN:
        if follows or (
            after is not None and after.low in ("at", "up", "him", "her", "them", "$", "no", "either", "only")
        ):
            return VERB
        if gerund or (token.lemma in _OFTEN_NOUN and not token.low.endswith("ed")):
            return NOUN
        return VERB
    if tag == VERB:
        return NOUN
    if before.low in ("many", "much", "more", "fewer"):
        return NOUN
    if follows and not gerund:
        return VERB
    return NOUN if gerund or token.lemma in _OFTEN_NOUN or token.low.endswith("s") else VERB


def is_symbol(tokens: list[Token], at: int) -> bool:
    """Tells whether a word is a name such as X, x1 or the A of "feed A"."""
    text = tokens[at].text.replace("’", "'").removesuffix("'s")
    if tokens[at].kind != "word":
        return False
    if len(text) in (2, 3, 4) and text[0].isalpha() and text[1:].isdigit():
        return True
    if len(text) != 1:
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if text in "xyzwuv" or text in "XYZW":
        return True
    if text in "aI" or (text == "i"):
        return False
    if text != "A":
        return text.isupper()
    if before is None or before.low in (".", "?"):
        return False
    return (
        after is None
        or after.kind != "word"
        or after.low in CONJUNCTIONS
        or after.lemma in VERBS
        or (after.low in PREPOSITIONS or after.low in ("each", "per"))
    )


def phrases_of(tokens: list[Token], tags: list[str]) -> list[Phrase]:
    """Finds the noun phrases of a sentence, without their determiners."""
    found: list[Phrase] = []
    at = 0
    while at < len(tokens):
        if tags[at] != NOUN:
            at += 1
            continue
        end = at + 1
        while end < len(tokens) and (tags[end] == NOUN or _joins(tokens, tags, end)):
            end += 1
        found.append(Phrase(at, end, tuple(token.lemma for token in tokens[at:end] if token.kind == "word")))
        at = end
    return found


def _joins(tokens: list[Token], tags: list[str], at: int) -> bool:
    """Tells whether a hyphen or a number belongs to the phrase around it, as in "machine 1"."""
    if tokens[at].low == "-" and at + 1 < len(tokens):
        return tags[at + 1] == NOUN
    return False
