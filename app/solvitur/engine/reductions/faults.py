"""What a reduction says when it cannot rewrite an instance."""

from __future__ import annotations


class CannotReduce(Exception):
    """An instance has no form that a solver takes; the text says why, as it follows 'it cannot take this model:'."""
