"""The bundled examples: each a folder with a model, its data, its story and its known optimum."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from solvitur.api import Example, hook


@hook
def examples() -> list[Example]:
    """Lists the examples in the order in which they are best met."""
    root = Path(str(files("solvitur_resources"))) / "examples"
    return [read_example(root / name) for name in (root / "order.txt").read_text("utf-8").split()]


def read_example(folder: Path) -> Example:
    """Reads one example from its folder."""
    facts = tomllib.loads((folder / "example.toml").read_text("utf-8"))
    return Example(
        name=folder.name,
        title=facts["title"],
        story=facts["story"].strip(),
        folder=str(folder),
        model=facts["model"],
        optimum=facts["optimum"],
        tags=tuple(facts["tags"]),
    )
