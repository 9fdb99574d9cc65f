"""What drafting with a language model would send first, found out without sending anything."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from solvitur.engine.chats import Cancelled, Chats, Messages, Said
from solvitur.engine.settings import Settings
from solvitur.engine.thinking import ModelFormaliser
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import SolviturError


class _Overheard(Chats):
    """Takes the first question down, and asks nobody."""

    first: tuple[Messages, Mapping[str, Any] | None] | None = None

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
        """Refuses every question.

        Raises
        ------
        Cancelled
            Always.
        """
        self.first = self.first or (messages, schema)
        raise Cancelled("nothing is sent while it is only looked at")


def draft_preview(plugins: Plugins, workers: Workers, chats: Chats, settings: Settings, problem: Problem) -> str:
    """Returns the first request of drafting a problem's statement, exactly as it would be sent; keys are left out.

    Raises
    ------
    SolviturError
        If there is nothing to send, or no such backend.
    """
    name = settings.chat_backend
    heard = _Overheard(plugins, replace(chats.allowed, on=name))
    model = ModelFormaliser(plugins, workers, heard, replace(settings, chat_candidates=1))
    with contextlib.suppress(SolviturError):  # nobody answers, so no draft comes of it
        model.draft(problem.statement, problem.tables, problem.origins.answers)
    if heard.first is None:
        raise SolviturError("drafting would send nothing with these words")
    messages, schema = heard.first
    return chats.preview(messages, schema=schema, backend=name)
