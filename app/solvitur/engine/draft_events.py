"""What the reading of a statement tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class DraftStarted:
    """A statement is being read; ``backend`` as asked for, empty for whoever suits."""

    draft: int
    backend: str
    statement: str


@dataclass(frozen=True)
class DraftStage:
    """A stage of a draft moved on; ``state`` is running, done, failed or skipped, ``text`` what it found."""

    draft: int
    stage: str
    state: str
    text: str
    seconds: float


@dataclass(frozen=True)
class DraftPiece:
    """A language model's reply goes on."""

    draft: int
    stage: str
    text: str


@dataclass(frozen=True, eq=False)
class DraftReady:
    """A statement was read: ``formalised`` is a `Formalised`; or it could not be: then ``error`` is a sentence."""

    draft: int
    formalised: Any
    error: str = ""


DraftEvent = DraftStarted | DraftStage | DraftPiece | DraftReady
