"""The forms of a workflow: JSON and readable text, the same thing twice, each without loss."""

from __future__ import annotations

from solvitur.workflow.collecting import without_collecting
from solvitur.workflow.forms_json import from_json, to_json
from solvitur.workflow.forms_reading import from_text
from solvitur.workflow.forms_text import to_text
from solvitur.workflow.model import Workflow

__all__ = ["from_json", "from_text", "read_any", "to_json", "to_text"]


def read_any(text: str, file: str = "") -> Workflow:
    """Reads a workflow in either form; JSON begins with a brace.

    Raises
    ------
    InputError
        If it can be read as neither, with the place.
    """
    with without_collecting():
        return from_json(text, file) if text.lstrip("﻿ \t\r\n").startswith("{") else from_text(text, file)
