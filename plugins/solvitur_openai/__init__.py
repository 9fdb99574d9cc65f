"""Language models behind OpenAI's protocol: OpenAI itself, Ollama, LM Studio, llama.cpp, vLLM, and any other."""

from __future__ import annotations

from typing import Any

from solvitur.api import hook
from solvitur_openai.clients import Clients
from solvitur_openai.crew import Crew
from solvitur_openai.keys import Keys
from solvitur_openai.options import PRESETS
from solvitur_openai.part import OpenAIServer


@hook
def chat_models() -> list[Any]:
    """Lists a backend for each kind of server."""
    keys, clients, crew = Keys(), Clients(), Crew()
    return [OpenAIServer(preset, keys, clients, crew) for preset in PRESETS]
