"""The step types at hand, with the version of the plugin that each comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solvitur.hooks.loading import Plugins


@dataclass(frozen=True)
class KnownType:
    """A step type, and the plugin and version that its results depend on."""

    shape: Any
    plugin: str
    version: str

    @property
    def resource(self) -> str:
        """Whose limit its steps count against."""
        return str(getattr(self.shape, "resource", "light"))

    @property
    def irreversible(self) -> bool:
        """Whether its steps change something outside."""
        return bool(getattr(self.shape, "irreversible", False))

    @property
    def volatile(self) -> bool:
        """Whether its steps run each time."""
        return bool(getattr(self.shape, "volatile", False))

    @property
    def travels(self) -> bool:
        """Whether its steps may run elsewhere: heavy ones that neither read files nor change anything outside."""
        return (
            self.resource == "worker"
            and not self.irreversible
            and not self.volatile
            and getattr(self.shape, "reads", None) is None
        )

    @property
    def enough(self) -> Callable[[Any, Any], bool] | None:
        """Tells of a value that comes in, and the options, whether the others need not come; None: all have to."""
        return getattr(self.shape, "enough", None)

    @property
    def needs_approval(self) -> bool:
        """Whether its steps run only once a person has agreed."""
        return self.irreversible or bool(getattr(self.shape, "is_code", False))


def known_types(plugins: Plugins) -> dict[str, KnownType]:
    """Returns the step types of all plugins by name."""
    found: dict[str, KnownType] = {}
    for part in plugins.steps():
        entry = plugins.entry(part.plugin)
        found.setdefault(part.name, KnownType(part.part, part.plugin, entry.version if entry is not None else ""))
    return found
