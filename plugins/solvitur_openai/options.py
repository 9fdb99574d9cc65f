"""Options and presets of servers that speak OpenAI's protocol."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from solvitur.api import InputError, option


@dataclass(frozen=True)
class ChatOptions:
    """How a server is reached and asked; the key is not among them."""

    address: str = option("", "Address", help="such as http://localhost:11434/v1; empty for the usual one")
    model: str = option("", "Model", help="its name on the server; empty takes the first that the server lists")
    temperature: float = option(0.7, "Temperature", minimum=0.0, maximum=2.0, help="0 answers alike each time")
    reply_tokens: int = option(0, "Reply limit", minimum=0, unit="tokens", help="0 leaves it to the server")
    structured: str = option(
        "auto",
        "Structured output",
        choices=("auto", "json_schema", "json_object", "plain"),
        help="auto finds out what the server can",
        advanced=True,
    )
    silence_s: float = option(
        120.0, "Patience", minimum=0.2, maximum=3600.0, unit="s", help="the server may be silent this long"
    )
    tries: int = option(4, "Tries", minimum=1, maximum=20, help="when a server is busy or fails")
    longest_wait_s: float = option(60.0, "Longest wait between tries", minimum=0.0, maximum=3600.0, unit="s")
    price_in: float = option(0.0, "Price of a million tokens read", minimum=0.0, help="0: not counted")
    price_out: float = option(0.0, "Price of a million tokens written", minimum=0.0, help="0: not counted")
    key_variable: str = option(
        "", "Variable with the key", help="an environment variable ending in KEY or TOKEN", advanced=True
    )
    most_reply_mb: float = option(8.0, "Longest reply", minimum=0.01, maximum=1000.0, unit="MB", advanced=True)


@dataclass(frozen=True)
class Preset:
    """A kind of server: where it usually is, whether it needs a key, and how it is started."""

    name: str
    title: str
    address: str
    needs_key: bool = False
    hint: str = ""


PRESETS = (
    Preset("openai", "OpenAI", "https://api.openai.com/v1", needs_key=True),
    Preset("ollama", "Ollama", "http://localhost:11434/v1", hint="start it with 'ollama serve'"),
    Preset("lm-studio", "LM Studio", "http://localhost:1234/v1", hint="start its server on the page 'Developer'"),
    Preset("llama-cpp", "llama.cpp", "http://localhost:8080/v1", hint="start it with 'llama-server -m MODEL'"),
    Preset("vllm", "vLLM", "http://localhost:8000/v1", hint="start it with 'vllm serve MODEL'"),
)


def checked_address(address: str) -> str:
    """Returns an address without a slash at its end.

    Raises
    ------
    InputError
        If it is no web address.
    """
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        text = f"'{address}' is no address of a server, expected one such as http://localhost:11434/v1"
        raise InputError.at(text, element="address")
    if parts.username or parts.password:
        raise InputError.at("leave names and keys out of the address; keep the key instead", element="address")
    return address.strip().rstrip("/")


def is_near(address: str) -> bool:
    """Tells whether an address is this machine, or the local network by its number or its bare name."""
    host = urlsplit(address).hostname or ""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal"))
    return number.is_private or number.is_loopback


def is_here(address: str) -> bool:
    """Tells whether an address is this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
