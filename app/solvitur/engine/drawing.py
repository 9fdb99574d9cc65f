"""Drawing of answers, by every visualiser that suits them."""

from __future__ import annotations

from typing import Any

from solvitur.hooks.contracts import Solved
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.pictures import Picture

_MOST_PICTURES = 8


def draw(plugins: Plugins, solved: Solved) -> tuple[tuple[Picture, ...], tuple[Finding, ...]]:
    """Draws an answer with every visualiser that suits it, best first; one that fails is reported, not missed."""
    ranked: list[tuple[float, Any]] = []
    problems: list[Finding] = []
    for part in plugins.visualisers():
        try:
            suits = float(part.part.suits(solved))
            if suits > 0:
                ranked.append((suits, part))
        except Exception as error:  # noqa: BLE001 - a plugin is called
            problems.append(_no_picture(part.name, error))
    pictures: list[Picture] = []
    for _, part in sorted(ranked, key=lambda each: -each[0]):
        if len(pictures) >= _MOST_PICTURES:
            break
        try:
            pictures += [picture for picture in part.part.draw(solved) if isinstance(picture, Picture)]
        except Exception as error:  # noqa: BLE001 - a plugin is called
            problems.append(_no_picture(part.name, error))
    return tuple(pictures[:_MOST_PICTURES]), tuple(problems)


def _no_picture(name: str, error: Exception) -> Finding:
    return Finding(Severity.WARNING, f"visualiser '{name}' failed: {sentence_of(error)}", element=name)
