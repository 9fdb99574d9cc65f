"""The hooks a plugin may implement; each returns a list of parts. Entry-point group: ``solvitur``."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from solvitur.hooks.contracts import (
    ChatModel,
    Decomposer,
    Example,
    Explainer,
    Exporter,
    Formaliser,
    Importer,
    Kind,
    Solver,
    StepType,
    Visualiser,
)
from solvitur.hooks.executors import Executor

GROUP = "solvitur"
hook = pluggy.HookimplMarker(GROUP)
_spec = pluggy.HookspecMarker(GROUP)


class Specs:
    """Every hook: a signature and one line."""

    @_spec
    def solvers(self) -> Sequence[Solver]:  # type: ignore[empty-body]
        """Solvers of instances."""

    @_spec
    def formalisers(self) -> Sequence[Formaliser]:  # type: ignore[empty-body]
        """Ways from words to a formulation draft."""

    @_spec
    def chat_models(self) -> Sequence[ChatModel]:  # type: ignore[empty-body]
        """Language-model backends."""

    @_spec
    def visualisers(self) -> Sequence[Visualiser]:  # type: ignore[empty-body]
        """Makers of pictures of answers."""

    @_spec
    def kinds(self) -> Sequence[Kind]:  # type: ignore[empty-body]
        """Kinds of formulation."""

    @_spec
    def importers(self) -> Sequence[Importer]:  # type: ignore[empty-body]
        """Readers of file formats."""

    @_spec
    def exporters(self) -> Sequence[Exporter]:  # type: ignore[empty-body]
        """Writers of file formats."""

    @_spec
    def steps(self) -> Sequence[StepType]:  # type: ignore[empty-body]
        """Types of workflow steps."""

    @_spec
    def decomposers(self) -> Sequence[Decomposer]:  # type: ignore[empty-body]
        """Ways to split instances and reunite answers."""

    @_spec
    def executors(self) -> Sequence[Executor]:  # type: ignore[empty-body]
        """Places where workflow steps may run instead of this machine."""

    @_spec
    def explainers(self) -> Sequence[Explainer]:  # type: ignore[empty-body]
        """Makers of explanations."""

    @_spec
    def examples(self) -> Sequence[Example]:  # type: ignore[empty-body]
        """Bundled problems to start from."""


HOOKS = tuple(name for name in vars(Specs) if not name.startswith("_"))
