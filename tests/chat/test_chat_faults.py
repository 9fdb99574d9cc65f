"""Faults of servers: each one a clear sentence, the right number of tries, and nothing lost."""

from __future__ import annotations

import threading
import time

import pytest
from chat_worlds import ASKED, KEY, SCHEMA, Answer, Exchange, Server, chats_with, endless, refuse, say, silent, stream

from solvitur.engine.chats import BudgetSpent, Cancelled
from solvitur.problem.errors import SolviturError


def html(exchange: Exchange) -> None:
    """Answers as a web server would."""
    exchange.send(200, "<!doctype html><html><body>Welcome</body></html>", "text/html")


def garbage(exchange: Exchange) -> None:
    """Answers with a stream of nonsense."""
    exchange.begin_stream()
    exchange.line("{this is no json")


def shapeless(exchange: Exchange) -> None:
    """Answers with JSON of another kind."""
    exchange.send(200, "[1, 2, 3]")


def huge(exchange: Exchange) -> None:
    """Answers with 50 MB."""
    exchange.send(200, b'{"choices": "' + b"x" * 50_000_000 + b'"}')


def huge_stream(exchange: Exchange) -> None:
    """Streams more than is taken."""
    exchange.begin_stream()
    for _ in range(1500):
        exchange.event("y" * 10_000)
        if exchange.gone.is_set():
            return


def huge_error(exchange: Exchange) -> None:
    """Fails with 50 MB."""
    exchange.send(500, b"z" * 50_000_000)


def elsewhere(exchange: Exchange) -> None:
    """Sends the request elsewhere."""
    exchange.send(302, "", headers={"Location": "http://127.0.0.1:9/stolen"})


FAULTS: list[tuple[Answer, str, int]] = [
    (refuse(401, "Incorrect API key provided"), "does not accept the key", 1),
    (refuse(403, "not allowed"), "does not allow this", 1),
    (refuse(404, "The model `loopback` does not exist"), "does not know the model 'loopback'", 1),
    (refuse(429, "slow down"), r"asked too often.*\(2 tries\)", 2),
    (refuse(429, "You exceeded your current quota"), "quota", 1),
    (refuse(429, "slow down", Retry_After="3600"), "3600 s of waiting, which is longer than allowed", 1),
    (refuse(500, "boom"), r"failed \(status 500\): boom", 2),
    (refuse(503), r"failed \(status 503\)", 2),
    (html, "answered with a web page", 1),
    (garbage, "cannot be read", 2),
    (shapeless, "cannot be read", 2),
    (huge, "sent more than 8 MB, so it was cut off", 1),
    (huge_stream, "sent more than 8 MB, so it was cut off", 1),
    (huge_error, "sent more than 8 MB, so it was cut off", 1),
    (silent(3), "stayed silent for too long", 2),
    (Exchange.hang_up, "closed the connection half way", 2),
    (elsewhere, "sends the request elsewhere, which is not followed", 1),
    (say(""), "empty reply", 2),
]


@pytest.mark.parametrize(
    ("answer", "sentence", "tries"), FAULTS, ids=[f"{at} {each[1]}" for at, each in enumerate(FAULTS)]
)
def test_a_fault_is_told_in_one_sentence(server: Server, answer: Answer, sentence: str, tries: int) -> None:
    server.answers = [answer]
    chats = chats_with(server, tries=2, silence_s=0.4 if "silent" in sentence else 20.0)
    with pytest.raises(SolviturError, match=sentence) as told:
        chats.ask(ASKED)
    assert len(server.seen) == tries
    assert "\n" not in str(told.value) and len(str(told.value)) < 500


def test_a_server_that_is_not_there_is_named_with_what_to_do(server: Server) -> None:
    server.close()
    with pytest.raises(SolviturError, match=r"cannot be reached.*check the address"):
        chats_with(server).ask(ASKED)


def test_a_busy_server_is_asked_again_when_it_says_so(server: Server) -> None:
    server.answers = [refuse(429, "busy", Retry_After="0.3"), refuse(503, "starting", Retry_After="0.2"), say("now")]
    began = time.monotonic()
    assert chats_with(server).ask(ASKED).text == "now"
    assert 0.5 <= time.monotonic() - began < 4


def test_a_stream_that_breaks_off_half_way_is_asked_for_again_and_not_doubled(server: Server) -> None:
    def slow_half(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.event("Ten ")
        time.sleep(0.2)  # long enough to be passed on
        exchange.event("ch")
        exchange.hang_up()

    server.answers = [slow_half, stream("Ten ", "chairs.")]
    assert chats_with(server).ask(ASKED).text == "Ten chairs."
    server.seen.clear()
    server.answers = [slow_half]
    with pytest.raises(SolviturError, match="half way"):
        chats_with(server).ask(ASKED)
    assert len(server.seen) == 2


def test_a_reply_that_is_not_the_json_asked_for_is_told(server: Server) -> None:
    server.answers = [say("I cannot do that.")]
    with pytest.raises(SolviturError, match="was asked for JSON and sent something else"):
        chats_with(server, tries=1).ask(ASKED, schema=SCHEMA)


def test_a_reply_cut_at_its_limit_of_tokens_is_told(server: Server) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.event('{"chairs": ')
        exchange.event("", "length")
        exchange.line("[DONE]")

    server.answers = [cut]
    with pytest.raises(SolviturError, match="limit of tokens"):
        chats_with(server).ask(ASKED, schema=SCHEMA)


@pytest.mark.parametrize(
    "answer", [silent(3), endless, refuse(503, "busy", Retry_After="4")], ids=["silent", "endless", "busy"]
)
def test_a_cancelled_request_is_back_at_once_whatever_the_server_does(server: Server, answer: Answer) -> None:
    server.answers = [answer]
    cancel, back = threading.Event(), []

    def ask() -> None:
        with pytest.raises(Cancelled):
            chats.ask(ASKED, cancel=cancel)
        back.append(time.monotonic())

    chats = chats_with(server)
    asking = threading.Thread(target=ask)
    asking.start()
    while not server.seen:
        time.sleep(0.01)
    time.sleep(0.3)
    told = time.monotonic()
    cancel.set()
    asking.join()
    assert back[0] - told < 1.0, "the benchmark measures it on a quiet machine: 0.3 s at most"
    if answer is endless:
        assert server.seen[0].gone.wait(3), "the connection is closed, so that the server stops too"


def test_a_budget_of_tokens_is_kept(server: Server) -> None:
    server.answers = [say("ten")]
    chats = chats_with(server, tokens=25)
    chats.ask(ASKED)
    chats.ask(ASKED)
    assert chats.budget_left() == "5 of 25 tokens"
    chats.ask(ASKED)
    with pytest.raises(BudgetSpent, match=r"token budget.*was not sent"):
        chats.ask(ASKED)
    assert len(server.seen) == 3


def test_a_reply_is_cut_off_where_the_money_ends(server: Server) -> None:
    server.answers = [endless]
    chats = chats_with(server, money=0.5, price_in=0.0, price_out=1e5)
    with pytest.raises(BudgetSpent, match=r"money budget.*was cut off"):
        chats.ask(ASKED)
    assert chats.spent.money <= 1.0
    assert server.seen[0].gone.wait(3)


def test_no_fault_tells_the_key(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_OWN_KEY", KEY)
    server.answers = [lambda exchange: refuse(401, f"bad key {exchange.headers['authorization']}")(exchange)]
    with pytest.raises(SolviturError) as told:
        chats_with(server, key_variable="MY_OWN_KEY").ask(ASKED)
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(told.value) and "***" in str(told.value)
