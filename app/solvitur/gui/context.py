"""The context: what every place and dock of the window is given."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur.engine.session import Session
from solvitur.gui.actions import ActionTable
from solvitur.gui.bridge import Bridge
from solvitur.gui.preferences import Preferences
from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme


@dataclass(frozen=True)
class Context:
    """The session and the window's shared services; passed down, never global."""

    session: Session
    bridge: Bridge
    theme: Theme
    actions: ActionTable
    selection: Selection
    preferences: Preferences | None = None
    """The user's settings and remembered layouts; None where nothing is remembered."""
