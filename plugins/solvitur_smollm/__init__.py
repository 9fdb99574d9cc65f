"""A small language model on this machine, with no network; needs the extra ``local-llm``."""

from __future__ import annotations

from typing import Any

from solvitur.api import hook
from solvitur_smollm.model import SmolLM


@hook
def chat_models() -> list[Any]:
    """Lists the backend."""
    return [SmolLM()]
