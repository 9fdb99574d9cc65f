"""Python's own reading of texts, one thread at a time; nothing that is read is executed."""

from __future__ import annotations

import ast
from threading import RLock

_ONE_AT_A_TIME = RLock()
"""Python 3.11 counts the depth of the tree it builds for all threads together, and fails when two of them build."""


def module_tree(source: str) -> ast.Module:
    """Returns the syntax tree of statements; raises as `ast.parse` does."""
    with _ONE_AT_A_TIME:
        return ast.parse(source)


def expression_tree(source: str) -> ast.expr:
    """Returns the syntax tree of an expression; raises as `ast.parse` does."""
    with _ONE_AT_A_TIME:
        return ast.parse(source, mode="eval").body
