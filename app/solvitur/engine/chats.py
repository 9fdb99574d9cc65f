"""Language models: the one place where they are asked, so that consent, budget, costs and records hold for all."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from solvitur.engine.settings import Settings
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.errors import InputError, PluginError, SolviturError
from solvitur.problem.options import read_options
from solvitur.problem.usage import Usage, tokens_in

Messages = Sequence[Mapping[str, str]]


class Cancelled(SolviturError):
    """The user stopped a request to a language model."""


class BudgetSpent(SolviturError):
    """A request would cost more than the user allowed."""


@dataclass(frozen=True)
class Said:
    """A whole reply, and what it cost."""

    text: str
    usage: Usage = Usage()


@dataclass(frozen=True)
class Allowed:
    """What the user allows: the backend that is turned on (or none), options by backend, budgets (0: no limit)."""

    on: str = ""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tokens: int = 0
    money: float = 0.0
    record: Path | None = None
    """Where questions and replies are written down, as lines of JSON that the backend `recorded` replays."""

    @classmethod
    def of(cls, settings: Settings) -> Allowed:
        """Returns what the settings allow."""
        return cls(
            settings.chat_backend,
            settings.chat_options,
            settings.chat_tokens_budget,
            settings.chat_money_budget,
        )


class Chats:
    """Asks the language model that the user turned on, within the budget; methods may be called from any thread."""

    def __init__(self, plugins: Plugins, allowed: Allowed | None = None) -> None:
        self._plugins = plugins
        self._allowed = allowed or Allowed()
        self._lock = threading.Lock()
        self._spent: dict[str, Usage] = {}
        self._flying: list[_Gauge] = []

    @property
    def on(self) -> str:
        """The backend that is turned on; empty when there is none, and nothing is ever sent then."""
        return self._allowed.on

    @property
    def allowed(self) -> Allowed:
        """What the user allows."""
        return self._allowed

    @property
    def spent(self) -> Usage:
        """What all calls cost so far."""
        with self._lock:
            return sum(self._spent.values(), Usage())

    def spent_by_purpose(self) -> dict[str, Usage]:
        """Returns what the calls cost so far, by what they were for."""
        with self._lock:
            return dict(self._spent)

    def reset_spent(self) -> None:
        """Begins to count anew."""
        with self._lock:
            self._spent.clear()

    def use(self, plugins: Plugins | None = None, allowed: Allowed | None = None) -> None:
        """Takes newly loaded plugins, or what the user allows now."""
        with self._lock:
            self._plugins = plugins or self._plugins
            self._allowed = allowed or self._allowed

    def models(self) -> tuple[Part, ...]:
        """Returns the backends there are."""
        return self._plugins.chat_models()

    def budget_left(self) -> str:
        """Says what is left of the budget; empty when there is none."""
        spent, allowed = self.spent, self._allowed
        told = []
        if allowed.tokens:
            told.append(f"{max(0, allowed.tokens - spent.tokens)} of {allowed.tokens} tokens")
        if allowed.money:
            told.append(f"{max(0.0, allowed.money - spent.money):.4g} of {allowed.money:g} money")
        return " and ".join(told)

    def options(self, name: str) -> Any:
        """Returns a backend's options as the settings say.

        Raises
        ------
        InputError
            If there is no such backend, or an option is wrong.
        """
        part = self._plugins.find("chat_models", name)
        return read_options(part.part.options, self._allowed.options.get(name, {}))

    def unable(self, name: str = "") -> str:
        """Says why a backend (the one that is on, if none is named) cannot be asked; empty when it can."""
        on = self._allowed.on
        if not on:
            return "no language model is turned on; choose one in the settings under 'Language models'"
        if name and name != on:
            return f"the language model '{name}' is not turned on; '{on}' is"
        try:
            available = getattr(self._plugins.find("chat_models", on).part, "available", None)
            return str(available()) if callable(available) else ""
        except InputError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a plugin is called
            return f"the language model '{on}' failed: {sentence_of(error)}"

    def ask(
        self,
        messages: Messages,
        *,
        schema: Mapping[str, Any] | None = None,
        backend: str = "",
        purpose: str = "",
        cancel: threading.Event | None = None,
        hear: Callable[[str], None] | None = None,
    ) -> Said:
        """Asks and waits for the whole reply; with a ``schema`` its text is JSON.

        Parameters
        ----------
        backend : its name; the one that is turned on if empty.
        purpose : what it is for, for the account of costs.
        cancel : set from another thread, it ends the request.
        hear : is told each piece of the reply as it comes.

        Raises
        ------
        Cancelled
            If it was stopped.
        SolviturError
            With a sentence for the user: nothing is turned on, the budget is spent, or the backend gave no reply.
        """
        if why := self.unable(backend):
            raise SolviturError(why)
        if cancel is not None and cancel.is_set():
            raise Cancelled("stopped")
        with self._lock:
            allowed, plugins = self._allowed, self._plugins
        part = plugins.find("chat_models", allowed.on)
        options = read_options(part.part.options, allowed.options.get(allowed.on, {}))
        prompt = sum(tokens_in(message["content"]) for message in messages)
        began = time.monotonic()
        with self._within_budget(allowed, prompt, options) as gauge:
            usage = Usage(1, prompt)
            try:
                text, told = _whole_reply(part, messages, options, schema, cancel, hear, gauge)
                usage = told or Usage(1, prompt, gauge.reply_tokens, gauge.money)
            finally:
                usage = Usage(1, usage.prompt_tokens, usage.reply_tokens, usage.money, time.monotonic() - began)
                self._count(purpose, usage)
        if schema is not None:
            _check_json(part, text)
        if allowed.record is not None:
            self._write_down(allowed.record, messages, schema, text)
        return Said(text, usage)

    def preview(self, messages: Messages, *, schema: Mapping[str, Any] | None = None, backend: str = "") -> str:
        """Returns exactly what a request would send, as text to be read; keys are left out. Sends nothing.

        Raises
        ------
        InputError
            If there is no such backend, or its options are wrong.
        """
        part = self._plugins.find("chat_models", backend or self._allowed.on)
        show = getattr(part.part, "preview", None)
        if callable(show):
            try:
                shown = show(messages, self.options(part.name), schema)
            except SolviturError:
                raise
            except Exception as error:
                raise PluginError(f"plugin '{part.plugin}' failed: {sentence_of(error)}") from error
        else:
            shown = {"messages": [dict(message) for message in messages], "schema": schema}
        return json.dumps(shown, indent=2, ensure_ascii=False)

    def available_models(self, name: str, options: Any = None) -> tuple[str, ...]:
        """Asks a backend's server which models it has; the user's wish to see the list is the consent for this.

        Raises
        ------
        SolviturError
            If they cannot be had.
        """
        return tuple(str(model) for model in self._call(name, "models", options) or ())

    def key_state(self, name: str, options: Any = None) -> str:
        """Says where a backend's key is; empty when there is none."""
        return str(self._call(name, "key_state", options) or "")

    def keep_key(self, name: str, key: str, options: Any = None, *, for_good: bool = True) -> str:
        """Keeps a key in the system's key ring, or for this session only, and says where it is now."""
        return str(self._call(name, "keep_key", options, key, for_good) or "")

    def forget_key(self, name: str, options: Any = None) -> str:
        """Forgets a key, and says what was done."""
        return str(self._call(name, "forget_key", options) or "")

    def close(self) -> None:
        """Lets backends close the connections that they keep open."""
        for part in self._plugins.chat_models():
            _close(part.part)

    def _call(self, name: str, member: str, options: Any, *more: Any) -> Any:
        part = self._plugins.find("chat_models", name)
        method = getattr(part.part, member, None)
        if not callable(method):
            return None
        try:
            return method(self.options(name) if options is None else options, *more)
        except SolviturError:
            raise
        except Exception as error:
            raise PluginError(f"plugin '{part.plugin}' failed: {sentence_of(error)}") from error

    @contextlib.contextmanager
    def _within_budget(self, allowed: Allowed, prompt: int, options: Any) -> Iterator[_Gauge]:
        """Lets one call run while the budget lasts; calls side by side share what is left."""
        gauge = _Gauge(prompt, _price(options, "price_in"), _price(options, "price_out"))
        gauge.check = lambda then: self._check_budget(allowed, then)
        with self._lock:
            self._flying.append(gauge)
        try:
            gauge.check("this request would go beyond it, so it was not sent")
            yield gauge
        finally:
            with self._lock:
                self._flying.remove(gauge)

    def _check_budget(self, allowed: Allowed, then: str) -> None:
        if not (allowed.tokens or allowed.money):
            return
        with self._lock:
            spent = sum(self._spent.values(), Usage())
            tokens = spent.tokens + sum(gauge.prompt + gauge.reply_tokens for gauge in self._flying)
            money = spent.money + sum(gauge.money for gauge in self._flying)
        for what, used, limit in (("token", tokens, allowed.tokens), ("money", money, allowed.money)):
            if limit and used > limit:
                raise BudgetSpent(f"the {what} budget for language models is spent: {then}; raise it in the settings")

    def _count(self, purpose: str, usage: Usage) -> None:
        with self._lock:
            self._spent[purpose] = self._spent.get(purpose, Usage()) + usage

    def _write_down(self, path: Path, messages: Messages, schema: Mapping[str, Any] | None, text: str) -> None:
        line = {"messages": [dict(message) for message in messages], "schema": schema, "reply": text}
        try:
            with self._lock, path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise SolviturError(f"the reply could not be recorded in '{path}': {error.strerror}") from None


class _Gauge:
    """Counts what one call costs while its reply comes."""

    def __init__(self, prompt: int, price_in: float, price_out: float) -> None:
        self.prompt = prompt
        self.reply_bytes = 0
        self.check: Callable[[str], None] = lambda then: None
        self._price_in = price_in / 1e6
        self._price_out = price_out / 1e6

    @property
    def reply_tokens(self) -> int:
        """Tokens that came so far, estimated."""
        return (self.reply_bytes + 3) // 4

    @property
    def money(self) -> float:
        """What it cost so far, as far as prices are known."""
        return self.prompt * self._price_in + self.reply_tokens * self._price_out


def _price(options: Any, name: str) -> float:
    found = getattr(options, name, 0.0)
    return float(found) if isinstance(found, int | float) else 0.0


def _whole_reply(
    part: Part,
    messages: Messages,
    options: Any,
    schema: Mapping[str, Any] | None,
    cancel: threading.Event | None,
    hear: Callable[[str], None] | None,
    gauge: _Gauge,
) -> tuple[str, Usage | None]:
    """Takes a reply in; one that breaks off half way is asked for once more."""
    try:
        return _collect(part, messages, options, schema, cancel, hear, gauge)
    except SolviturError as error:
        if not getattr(error, "again", False):
            raise
    return _collect(part, messages, options, schema, cancel, hear, gauge)


def _collect(
    part: Part,
    messages: Messages,
    options: Any,
    schema: Mapping[str, Any] | None,
    cancel: threading.Event | None,
    hear: Callable[[str], None] | None,
    gauge: _Gauge,
) -> tuple[str, Usage | None]:
    """Takes a reply in piece by piece."""
    pieces: list[str] = []
    reply: Any = None
    try:
        reply = iter(part.part.reply(messages, options, schema))
        while True:
            try:
                piece = next(reply)
            except StopIteration as end:
                return "".join(pieces), end.value if isinstance(end.value, Usage) else None
            if cancel is not None and cancel.is_set():
                raise Cancelled("stopped")
            if piece:
                pieces.append(piece)
                gauge.reply_bytes += len(piece.encode("utf-8", "replace"))
                gauge.check("the reply was cut off")
                if hear is not None:
                    hear(piece)
    except SolviturError:
        raise
    except Exception as error:
        raise PluginError(f"the language model '{part.name}' failed: {sentence_of(error)}") from error
    finally:
        _close(reply)


def _close(thing: Any) -> None:
    """Closes a reply or a backend that can be closed; what a plugin then does wrong is of no consequence."""
    close = getattr(thing, "close", None)
    if callable(close):
        with contextlib.suppress(Exception):
            close()


def _check_json(part: Part, text: str) -> None:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise SolviturError(
            f"the language model '{part.name}' was asked for JSON and answered with something else, which begins "
            f"{text[:60]!r}; try again, or another model"
        ) from None
