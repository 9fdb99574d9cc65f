"""How the state of a plugin is shown: icon, colour and words."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur.hooks.loading import DISABLED, FAILED, LOADED, PluginEntry


@dataclass(frozen=True)
class StateLook:
    """Icon, token of its colour, and words."""

    icon: str
    token: str
    words: str


def look_of(entry: PluginEntry) -> StateLook:
    """Returns how a plugin's state is shown."""
    if entry.state == LOADED:
        return (
            StateLook("warning", "warn", "In use, but not all of it")
            if entry.cause
            else StateLook("good", "good", "In use")
        )
    if entry.state == DISABLED:
        return StateLook("skip", "text_soft", "Switched off")
    return StateLook("error", "bad", "Failed" if entry.state == FAILED else "Not installed")


def origin_of(entry: PluginEntry) -> str:
    """Says whose a plugin is, with its version."""
    whose = "ships with Solvitur" if entry.ours else entry.distribution
    return f"{whose} {entry.version}".strip()


HOOK_WORDS = {
    "solvers": "Solvers",
    "formalisers": "From words to a model",
    "chat_models": "Language models",
    "visualisers": "Pictures",
    "kinds": "Kinds of formulation",
    "importers": "Reads",
    "exporters": "Writes",
    "steps": "Workflow steps",
    "decomposers": "Decompositions",
    "explainers": "Explanations",
    "examples": "Examples",
}
