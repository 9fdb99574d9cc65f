"""Words of the field: verbs, function words, units and the lemmas of all their forms."""

from __future__ import annotations

from functools import cache


def list_of(words: str) -> list[str]:
    """Splits words at white space."""
    return words.split()


VERBS = frozenset(
    list_of(
        """
        accept accommodate achieve acquire add adhere affect aim allocate allow apply arrange ask
        assemble assign assume attach attend attract entertain attain net avoid bake be become begin
        believe block blend bring build burn buy calculate can cap capture carry catch charge choose
        clean climb combine come compare comply comprise conduct connect consider consist construct
        consume contain contribute convert cook cost cover craft create cultivate cut cycle deal decide
        decrease define deliver demand depend design desire determine develop devote dig distribute
        divide do donate draw drink drive earn eat emit employ enable enhance ensure equal establish
        estimate exceed expand expect experiment explore expose extend extract facilitate fall feed fill
        find fit fix fly fold follow formulate fry fulfil fulfill function generate get give go grow
        guarantee handle harvest have heat help hire hold implement import impose improve include
        incorporate increase incur indicate influence inspect install integrate introduce invest involve
        keep knit know lack launch lead lease leave lend let lie lift limit liquidate live load locate
        lose lower maintain make manage manufacture market maximise maximize mean measure meet melt mill
        mine minimise minimize mix mow need obtain occupy offer open operate optimise optimize order
        outsource own pack package paint pass pay perform permit place plan plant play please polish
        possess prefer prepare prescribe present preserve press prevent print prioritise prioritize
        process procure produce promise promote propose protect provide pull purchase push put raise
        range reach realise realize receive recommend reduce refer refine reflect rent repair replace
        represent require reserve restrict result retain return reveal ride roast run satisfy save saw
        say schedule seat seek select sell send serve set sew ship show solve sort specialise specialize
        spend spray sprout stamp start state stay stick stock store stretch strive study subtract
        suggest supply support surpass survive take teach tell test think throw tie transfer transform
        transport travel treat try use utilise utilize visit wait walk want wash watch water weigh wish
        work worry would write yield stipulate specify dedicate satisfy constrain associate accrue
        dictate mandate undertake bound must should shall may might will could
        """
    )
)
"""Verbs by their base form."""

_IRREGULAR = {
    "am": "be", "is": "be", "are": "be", "was": "be", "were": "be", "been": "be", "being": "be", "'s": "be",
    "has": "have", "had": "have", "having": "have", "does": "do", "did": "do", "done": "do", "made": "make",
    "took": "take", "taken": "take", "gave": "give", "given": "give", "got": "get", "gotten": "get", "grew": "grow",
    "grown": "grow", "sold": "sell", "bought": "buy", "built": "build", "brought": "bring", "held": "hold",
    "kept": "keep", "knew": "know", "known": "know", "left": "leave", "lost": "lose", "meant": "mean", "met": "meet",
    "paid": "pay", "sent": "send", "spent": "spend", "ran": "run", "found": "find", "felt": "feel",
    "chosen": "choose",
    "chose": "choose", "ate": "eat", "eaten": "eat", "drank": "drink", "drove": "drive", "driven": "drive",
    "flew": "fly", "flown": "fly", "went": "go", "gone": "go", "said": "say", "seen": "see", "taught": "teach",
    "told": "tell", "thought": "think", "written": "write", "sewn": "sew", "dug": "dig", "fed": "feed",
    "can't": "can", "cannot": "can", "people": "person", "children": "child", "men": "man", "women": "woman",
    "feet": "foot", "mice": "mouse", "geese": "goose", "teeth": "tooth", "loaves": "loaf", "shelves": "shelf",
    "knives": "knife", "halves": "half", "leaves": "leaf", "wives": "wife", "lives": "life", "scarves": "scarf",
    "calves": "calf", "oxen": "ox", "buses": "bus", "gases": "gas", "lenses": "lens", "busses": "bus",
    "tomatoes": "tomato", "potatoes": "potato", "mangoes": "mango", "cookies": "cookie", "pies": "pie",
    "movies": "movie", "ties": "tie", "brownies": "brownie", "smoothies": "smoothie", "calories": "calorie",
    "bookcases": "bookcase", "axes": "axe", "series": "series", "species": "species", "less": "less", "as": "as",
    "its": "its", "this": "this", "thus": "thus", "plus": "plus", "minus": "minus", "gas": "gas", "bus": "bus",
    "always": "always", "perhaps": "perhaps", "glasses": "glass", "classes": "class", "dishes": "dish",
    "us": "us", "lbs": "lb", "ads": "ad", "ozs": "oz", "serving": "serving", "servings": "serving",
    "building": "building", "buildings": "building", "clothing": "clothing", "saving": "saving",
    "savings": "saving", "yes": "yes", "hers": "hers", "his": "his", "ours": "ours", "sales": "sale",
    "pies.": "pie",
    "stylus": "stylus", "virus": "virus", "bonus": "bonus", "canvas": "canvas", "lens": "lens", "news": "news",
    "hypothesis": "hypothesis", "analysis": "analysis", "campus": "campus", "focus": "focus", "status": "status",
    "tutus": "tutu", "menus": "menu", "minibuses": "minibus", "boxes": "box", "taxes": "tax",
}  # fmt: skip


def _forms(verb: str) -> list[str]:
    if verb in ("be", "can", "must", "should", "shall", "may", "might", "will", "would", "could"):
        return [verb]
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    forms = [verb, third, verb + "ed", verb + "ing"]
    if verb[-1] in "bdgmnprtl" and verb[-2] in "aeiou":
        forms += [verb + verb[-1] + "ing", verb + verb[-1] + "ed"]
    return forms


_BASE = {form: verb for verb in sorted(VERBS) for form in _forms(verb)} | _IRREGULAR


@cache
def lemma_of(word: str) -> str:
    """Returns the base form of a word: verbs of the lexicon by their forms, other words without their plural."""
    low = word.lower().replace("’", "'")
    low = low[:-2] if low.endswith("'s") and len(low) > 2 else low.rstrip("'")
    if low in _BASE:
        return _BASE[low]
    if len(low) > 3 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 4 and low.endswith(("ches", "shes", "sses", "xes", "zes")):
        return low[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    return low


@cache
def stem_of(lemma: str) -> str:
    """Returns a stem that a verb and the nouns made from it share: ``wash`` of ``washing`` and ``washed``."""
    word = lemma
    for ending in ("ership", "ization", "isation", "ation", "ition", "ment", "ing", "ion", "ed", "er", "or"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


MODALS = frozenset(list_of("can must should shall may might will would could"))
DETERMINERS = frozenset(
    list_of("a an the each every one this that these those any all both some no its their his her our")
)
PREPOSITIONS = frozenset(
    list_of(
        """
        of in on at by for to from with without into onto over under between among across through during
        per within about against toward towards via than as
        """
    )
)
CONJUNCTIONS = frozenset(list_of("and or but while whereas if because since although though so nor yet"))
PRONOUNS = frozenset(
    list_of(
        "he she it they we i you who which what whom whose him them us me there here how much many himself itself"
    )
)
ADVERBS = frozenset(
    list_of(
        """
        not also only just more most less least very too either neither both however moreover
        furthermore additionally finally typically currently daily weekly monthly yearly respectively
        together combined otherwise instead slightly respectively now then thus therefore hence still
        even at-most again ever never once due such same other another approximately about exactly
        roughly respectively exact available additional extra
        """
    )
)
FUNCTION_WORDS = DETERMINERS | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | ADVERBS

MONEY_WORDS = frozenset(list_of("dollar euro pound cent usd eur gbp buck cedi rupee yuan rmb peso yen franc"))
COST_WORDS = frozenset(list_of("cost expense spend pay budget expenditure price wage salary rent fee spending bill"))
PROFIT_WORDS = frozenset(
    list_of("profit earn earning revenue return income gain sell selling sale tip commission benefit yield")
)
TIME_UNITS = {
    "second": 1 / 60,
    "minute": 1.0,
    "hour": 60.0,
    "day": 1440.0,
    "week": 10080.0,
    "month": 43200.0,
    "year": 525600.0,
}
"""Units of time, in minutes."""
UNITS = {
    **{name: ("time", size) for name, size in TIME_UNITS.items()},
    **{name: ("weight", size) for name, size in {
        "mg": 1e-6, "milligram": 1e-6, "g": 1e-3, "gram": 1e-3, "kg": 1.0, "kilogram": 1.0, "kilo": 1.0,
        "ton": 1000.0, "tonne": 1000.0}.items()},
    **{name: ("imperial weight", size) for name, size in {"lb": 16.0, "pound": 16.0, "oz": 1.0,
        "ounce": 1.0}.items()},
    **{name: ("volume", size) for name, size in {
        "ml": 1e-3, "milliliter": 1e-3, "millilitre": 1e-3, "l": 1.0, "liter": 1.0, "litre": 1.0}.items()},
    **{name: ("length", size) for name, size in {
        "mm": 1e-3, "cm": 1e-2, "centimeter": 1e-2, "m": 1.0, "meter": 1.0, "metre": 1.0, "km": 1e3,
        "kilometer": 1e3}.items()},
    **dict.fromkeys(("acre", "hectare", "sqft", "sqm"), ("area", 1.0)),
    **dict.fromkeys(("kwh", "calorie", "joule", "watt", "kw", "mwh"), ("energy", 1.0)),
}  # fmt: skip
"""Unit of measurement -> what it measures, and its size in the first of its kind."""
CONTAINERS = frozenset(
    list_of(
        """
        unit piece box bottle bag pack package packet can cup slice bar set batch jar tray carton pair
        item dozen sq square cubic bin pot roll sheet serving portion dose tablet pill gallon barrel
        crate ft foot inch quantity amount number total worth
        """
    )
)
"""Words that count or hold what is measured and say little about it."""

NEVER = frozenset(
    list_of(
        """number total profit cost revenue constraint objective requirement condition amount minimum maximum problem
        limitation time company budget question answer integer price demand order way goal resource sum combination
        availability consideration dollar nature reason unit customer lp half
        part example case allocation investment bound value difference minimization maximization"""
    )
)
"""Nouns that are never what is decided about."""
KINDS = frozenset(list_of("type kind sort brand variety size option category form method way combo choice"))
"""Nouns that stand for one of several, as in "two types of cake"."""
