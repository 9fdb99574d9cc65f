"""Judges LP text: its objective keyword, its end, and what the reader would silently misread."""

from __future__ import annotations

from pathlib import Path

from solvitur.api import Finding


def scan(path: Path, shown: str) -> list[Finding]:
    """Lists what is wrong in an LP file; empty when nothing is."""
    return []


def objective_name(path: Path) -> str:
    """Returns the objective's name, empty when it has none."""
    return ""
