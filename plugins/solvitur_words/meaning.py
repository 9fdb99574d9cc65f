"""What sentences were found to say: numbers told of entities, relations, shares, limits and the objective."""

from __future__ import annotations

from dataclasses import dataclass, field

from solvitur_words.tokens import Token


@dataclass(frozen=True)
class Described:
    """A number with the words around it: stems after it, stems before it, its unit and what it is told per."""

    token: Token
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    unit: str = ""
    role: str = ""
    """For money and its like: ``cost``, ``profit``, ``price`` or nothing."""
    per: str = ""
    labels: tuple[str, ...] = ()
    """The words after it as they were said, for names."""

    @property
    def value(self) -> float:
        """The number's value."""
        return self.token.value

    @property
    def is_money(self) -> bool:
        """Whether the number is told in a currency."""
        return self.token.sort == "money"


@dataclass(frozen=True)
class Fact:
    """A number told of one entity."""

    entity: str
    number: Described
    place: int = 0
    """The sentence it stands in."""
    series: int = -1
    """Facts of one enumeration share this number: they belong to one row."""


@dataclass(frozen=True)
class Relation:
    """A linear relation between entities: the sum of ``terms`` is ``way`` the ``constant``."""

    terms: dict[str, float]
    way: str
    constant: float
    strict: bool
    start: int
    end: int
    numbers: tuple[int, ...] = ()
    """Where the numbers it used begin in the statement."""
    unit: str = ""
    """The unit its constant is told in, ``money`` for a currency."""
    doubtful: bool = False
    """Whether its words may mean something else."""


@dataclass(frozen=True)
class Share:
    """A part of a whole: ``entities`` together are ``way`` the ``portion`` of the total of all, or of a row."""

    entities: tuple[str, ...]
    way: str
    portion: float
    words: tuple[str, ...]
    start: int
    end: int
    number: int = 0


@dataclass(frozen=True)
class Limit:
    """A bound on something that rows of numbers measure."""

    way: str
    number: Described
    strict: bool
    each: bool
    start: int
    end: int
    total: bool = False
    sure: bool = True
    """Whether a comparing phrase says so; else words such as "available" or "needs" do."""
    agent_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aim:
    """The objective: its sense, the stems of what is to be made large or small, and entities named in it."""

    sense: str
    words: tuple[str, ...]
    entities: tuple[str, ...]
    start: int
    end: int
    over: tuple[str, ...] = ()
    """The words of what it is divided by, for a ratio."""
    labels: tuple[str, ...] = ()
    """Its words as they were said, for names."""


@dataclass
class Reading:
    """All that was found in a statement; ``used`` are the places of the numbers accounted for."""

    facts: list[Fact] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    open_phrases: list[tuple[int, int]] = field(default_factory=list)
    """Comparing phrases that nothing could be made of."""
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Places where a number seems to be missing."""
    ratio: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    """What a ratio is defined as: words of what is divided, and of what it is divided by."""
    bases: set[str] = field(default_factory=set)
    """Units that things are told per, such as the acre of "per acre"."""
