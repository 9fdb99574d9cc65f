"""Sentences as Markdown, for files and reports."""

from __future__ import annotations

from collections.abc import Iterable

from solvitur.engine.wording.naming import Sentence


def markdown(sentences: Iterable[Sentence]) -> str:
    """Writes sentences under their headings."""
    lines: list[str] = []
    section = None
    for sentence in sentences:
        if sentence.section != section:
            section = sentence.section
            lines += ["", f"## {section}", ""] if lines else [f"## {section}", ""]
        text = sentence.text
        lines.append(f"  - {text.removeprefix(chr(0x2022)).strip()}" if text.startswith("\u2022") else f"- {text}")
    return "\n".join(lines) + ("\n" if lines else "")
