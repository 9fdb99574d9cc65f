"""Settings of a workflow run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """How a run goes."""

    threads: int = 16
    limits: Mapping[str, int] = field(
        default_factory=lambda: {"worker": os.cpu_count() or 1, "network": 8, "person": 64}
    )
    """How many steps of each resource may run at once; ``threads`` is the limit of the light ones."""
    seed: int = 0
    approved: frozenset[str] = frozenset()
    """The steps that may do what cannot be taken back, or run the user's own code."""
    trusting: bool = False
    """Whether steps that unfold while the run goes on are approved too, whatever they are."""
    attended: bool = False
    """Whether a person is there to answer questions; else steps do what they are told to do without one."""
    number: int = 1
