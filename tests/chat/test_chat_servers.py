"""Servers that speak OpenAI's protocol: replies, shapes, models, previews, and what is sent."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from chat_worlds import ASKED, SCHEMA, Exchange, Server, chats_with, refuse, say, stream

from solvitur.engine.chats import Allowed, Chats
from solvitur.hooks.loading import Plugins
from solvitur.problem.errors import SolviturError


def test_a_streamed_reply_is_heard_piece_by_piece_and_returned_whole(server: Server) -> None:
    server.answers = [stream("Ten ", "chairs ", "and five tables.")]
    heard: list[str] = []
    said = chats_with(server).ask(ASKED, hear=heard.append)
    assert said.text == "Ten chairs and five tables."
    assert "".join(heard) == said.text
    assert said.usage.calls == 1 and said.usage.reply_tokens > 0


def test_a_server_that_does_not_stream_is_understood_and_its_count_of_tokens_believed(server: Server) -> None:
    server.answers = [say("Ten.")]
    chats = chats_with(server, price_in=1e6, price_out=2e6)
    said = chats.ask(ASKED)
    assert said.text == "Ten."
    assert (said.usage.prompt_tokens, said.usage.reply_tokens, said.usage.money) == (7, 3, 13.0)
    assert chats.spent.tokens == 10


def test_a_shape_is_asked_for_strictly_first(server: Server) -> None:
    server.answers = [stream('{"chairs"', ": 10}")]
    said = chats_with(server).ask(ASKED, schema=SCHEMA)
    assert json.loads(said.text) == {"chairs": 10}
    shape = server.seen[0].body["response_format"]
    assert shape["type"] == "json_schema" and shape["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("status", [400, 422, 500])
def test_servers_without_schemas_are_asked_for_json_and_then_in_words_and_this_is_remembered(
    server: Server, status: int
) -> None:
    def weak(exchange: Exchange) -> None:
        if "response_format" in exchange.body:
            refuse(status, "response_format is not supported")(exchange)
        else:
            say('Here it is:\n```json\n{"chairs": 10}\n```\nAnything else?')(exchange)

    server.answers = [weak]
    chats = chats_with(server)
    assert json.loads(chats.ask(ASKED, schema=SCHEMA).text) == {"chairs": 10}
    kinds = [each.body.get("response_format", {}).get("type", "plain") for each in server.seen]
    assert kinds == ["json_schema", "json_object", "plain"]
    assert '"chairs"' in server.seen[-1].body["messages"][-1]["content"], "the shape is told in words"
    chats.ask(ASKED, schema=SCHEMA)
    assert len(server.seen) == 4, "the second question goes the way that worked"


def test_what_is_not_known_to_every_server_is_left_out_when_refused(server: Server) -> None:
    def old(exchange: Exchange) -> None:
        strange = {"stream_options", "temperature"} & set(exchange.body)
        (refuse(400, f"unknown: {sorted(strange)}") if strange else say("yes"))(exchange)

    server.answers = [old]
    assert chats_with(server).ask(ASKED).text == "yes"


def test_models_are_listed_and_the_first_is_taken_where_none_is_named(server: Server) -> None:
    def both(exchange: Exchange) -> None:
        if exchange.path.endswith("/models"):
            exchange.send(200, json.dumps({"object": "list", "data": [{"id": "tiny"}, {"id": "large"}]}))
        else:
            say(exchange.body["model"])(exchange)

    server.answers = [both]
    chats = chats_with(server, model="")
    assert chats.available_models("openai") == ("tiny", "large")
    assert chats.ask(ASKED).text == "tiny"


def test_the_preview_is_exactly_what_is_sent(server: Server) -> None:
    chats = chats_with(server)
    shown = json.loads(chats.preview(ASKED, schema=SCHEMA))
    assert server.seen == [], "a preview sends nothing"
    server.answers = [say('{"chairs": 1}')]
    chats.ask(ASKED, schema=SCHEMA)
    sent = server.seen[0]
    assert shown["body"] == sent.body
    assert shown["address"] == server.address + "/chat/completions" and sent.path == "/v1/chat/completions"
    of_the_line = {"host", "accept-encoding", "connection", "content-length"}
    assert {name.lower(): value for name, value in shown["headers"].items()} == {
        name: value for name, value in sent.headers.items() if name not in of_the_line
    }, "nothing about this machine or its user goes along"


def test_nothing_is_sent_before_a_backend_is_turned_on(server: Server) -> None:
    chats = Chats(Plugins.load(only=["openai"]), Allowed(options={"openai": {"address": server.address}}))
    with pytest.raises(SolviturError, match="no language model is turned on"):
        chats.ask(ASKED)
    chats.use(allowed=Allowed("ollama", {}))
    with pytest.raises(SolviturError, match="'openai' is not turned on"):
        chats.ask(ASKED, backend="openai")
    assert server.seen == []


def test_loading_the_plugin_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_all(*_args: object, **_more: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse_all)
    parts = Plugins.load(only=["openai", "chat"]).chat_models()
    assert [part.name for part in parts] == ["recorded", "openai", "ollama", "lm-studio", "llama-cpp", "vllm"]


def test_many_requests_run_side_by_side(server: Server) -> None:
    chats = chats_with(server)
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: chats.ask(ASKED).text, range(64)))
    assert replies == ["hello"] * 64
    assert chats.spent.calls == 64
