"""Work with language models: the pipeline from words to a model, a prompt step, and recorded replies."""

from __future__ import annotations

from typing import Any

from solvitur.api import hook
from solvitur_chat.beginning import Propose, Recall, Statement
from solvitur_chat.checks import CheckDraft, Critique, RepairDraft, SolveDraft
from solvitur_chat.choosing import Agree, RoundTrip
from solvitur_chat.prompt_step import AskModel
from solvitur_chat.recorded import Recorded


@hook
def steps() -> list[Any]:
    """Lists the step types."""
    return [
        AskModel(),
        Statement(),
        Recall(),
        Propose(),
        CheckDraft(),
        Critique(),
        SolveDraft(),
        RepairDraft(),
        Agree(),
        RoundTrip(),
    ]


@hook
def chat_models() -> list[Any]:
    """Lists the backends that need no network."""
    return [Recorded()]
