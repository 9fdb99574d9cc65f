"""The kind of formulation written in Solvitur's own language: sets, parameters, variables, objective, constraints."""

from __future__ import annotations

from solvitur.api import Kind, hook
from solvitur_models.algebraic import AlgebraicKind


@hook
def kinds() -> list[Kind]:
    """Offers the kind of models in the five-element language."""
    return [AlgebraicKind()]
