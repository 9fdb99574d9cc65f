"""The ready workflows that come with Solvitur."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from solvitur.problem.errors import InputError
from solvitur.workflow.forms import from_text
from solvitur.workflow.model import Workflow


@dataclass(frozen=True)
class Pattern:
    """One ready workflow: its name, what it shows, and its text."""

    name: str
    workflow: Workflow
    text: str

    @property
    def story(self) -> str:
        """What it shows, in a sentence or two."""
        return next((note.text for note in self.workflow.notes), "")


def patterns() -> tuple[Pattern, ...]:
    """Reads the patterns, by name."""
    folder = Path(str(files("solvitur_resources"))) / "patterns"
    found = []
    for path in sorted(folder.glob("*.flow")):
        text = path.read_text("utf-8")
        found.append(Pattern(path.stem, from_text(text, str(path)), text))
    return tuple(found)


def pattern(name: str) -> Pattern:
    """Returns the pattern of that name.

    Raises
    ------
    InputError
        If there is none; the nearest name is offered.
    """
    found = {each.name: each for each in patterns()}
    if name not in found:
        near = get_close_matches(name, found, 1)
        hint = f"did you mean '{near[0]}'?" if near else "there are: " + ", ".join(found)
        raise InputError.at(f"there is no pattern '{name}'; {hint}", element=name)
    return found[name]
