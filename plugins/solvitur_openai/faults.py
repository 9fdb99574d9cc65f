"""Faults of servers, each as one sentence that says what to do; keys are taken out of what servers say."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from solvitur.api import SolviturError

_SAID = 200


@dataclass(frozen=True)
class Server:
    """Whom a sentence speaks of."""

    title: str
    address: str
    model: str
    hint: str = ""
    key: str = ""


class Fault(SolviturError):
    """A request that failed. ``again``: worth another try; ``unfit``: the server cannot take it as it was."""

    def __init__(self, text: str, *, again: bool = False, unfit: bool = False, wait_s: float | None = None) -> None:
        super().__init__(text)
        self.again = again
        self.unfit = unfit
        self.wait_s = wait_s


def of_status(server: Server, status: int, headers: Any, body: str) -> Fault:
    """Tells what a status means."""
    said = said_by(body, server.key)
    told = f": {said}" if said else ""
    who = f"{server.title} at {server.address}"
    if status == 401:
        return Fault(f"{who} does not accept the key{told}; give it a valid one in the settings")
    if status == 402:
        return Fault(f"{who} wants to be paid first{told}")
    if status == 403:
        return Fault(f"{who} does not allow this{told}; check what the key may do")
    if status == 404:
        named = f" or does not know the model '{server.model}'" if server.model else ""
        return Fault(f"{who} is not there{named}{told}; check the address (it often ends in /v1) and the model")
    if status == 413:
        return Fault(f"the request is too long for {who}{told}; shorten the statement")
    if status == 429:
        wait_s = seconds_of(headers.get("retry-after-ms"), 0.001) or seconds_of(headers.get("retry-after"))
        spent = "quota" in said.lower() or "billing" in said.lower()
        text = f"{who} is asked too often or its quota is used up{told}"
        return Fault(text + ("" if spent else "; try again later"), again=not spent, wait_s=wait_s)
    if 300 <= status < 400:
        return Fault(f"{who} sends the request elsewhere, which is not followed; write the final address instead")
    if status in (400, 415, 422):
        return Fault(f"{who} cannot take the request{told}", unfit=True)
    if status in (408, 409, 425) or status >= 500:
        wait_s = seconds_of(headers.get("retry-after"))
        return Fault(f"{who} failed (status {status}){told}", again=True, unfit=status in (500, 501), wait_s=wait_s)
    return Fault(f"{who} answered with status {status}{told}")


def of_connection(server: Server, error: Exception) -> Fault:
    """Tells why no answer came over the network."""
    import httpx2  # noqa: PLC0415 - as in `clients`
    import openai  # noqa: PLC0415

    cause = error.__cause__ if isinstance(error, openai.APIConnectionError) and error.__cause__ else error
    who = f"{server.title} at {server.address}"
    if isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return Fault(f"{who} cannot be reached: no connection in time", again=True)
    if isinstance(cause, httpx2.TimeoutException) or isinstance(error, openai.APITimeoutError):
        return Fault(f"{who} stayed silent for too long; try again, or allow it more patience", again=True)
    if isinstance(cause, httpx2.ConnectError | httpx2.UnsupportedProtocol):
        hint = f"; {server.hint}" if server.hint else "; check the address and the network"
        return Fault(f"{who} cannot be reached ({_plain(str(cause), server.key)}){hint}")
    if isinstance(cause, httpx2.DecodingError):
        return Fault(f"{who} sent something that cannot be decoded", again=True)
    return Fault(f"{who} closed the connection half way", again=True)


def too_long(server: Server, most_mb: float) -> Fault:
    """Tells that a reply was cut off."""
    return Fault(f"{server.title} at {server.address} sent more than {most_mb:g} MB, so it was cut off and not used")


def no_reply(server: Server, body: str) -> Fault:
    """Tells that an answer is none of a language model."""
    who = f"{server.title} at {server.address}"
    start = body.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<head", "<body", "<?xml")):
        return Fault(
            f"{who} answered with a web page, not as a language model; check the address, it often ends in /v1"
        )
    if not start:
        return Fault(f"{who} sent an empty reply", again=True)
    begins = _plain(body.lstrip()[:60], server.key)
    return Fault(f"{who} sent a reply that cannot be read; it begins {begins!r}", again=True)


def said_by(body: str, key: str) -> str:
    """Takes what a server says of an error out of its answer, in one line and without the key."""
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        tree = body if not body.lstrip().startswith("<") else ""
    for name in ("error", "message", "detail"):
        if isinstance(tree, dict) and name in tree:
            tree = tree[name]
    if isinstance(tree, dict | list):
        tree = json.dumps(tree)
    return _plain(str(tree or ""), key)


def seconds_of(text: str | None, scale: float = 1.0) -> float | None:
    """Reads a Retry-After: seconds, or a date."""
    if not text:
        return None
    try:
        return max(0.0, float(text) * scale)
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(text)
        return max(0.0, when.timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def _plain(text: str, key: str) -> str:
    flat = " ".join(text.split())
    if key:
        flat = flat.replace(key, "***")
    flat = re.sub(r"\b(sk|pk|key|Bearer)[-_ ][\w\-*.]{8,}", "***", flat)
    return flat[:_SAID] + ("..." if len(flat) > _SAID else "")
