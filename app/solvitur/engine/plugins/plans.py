"""Plans: exactly what an install or a removal will change, as data, before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from solvitur.engine.plugins.overlay import Manifest, Staging

NEW, UPGRADED, DOWNGRADED, REINSTALLED, REMOVED, KEPT = (
    "new",
    "upgraded",
    "downgraded",
    "reinstalled",
    "removed",
    "kept",
)


@dataclass(frozen=True)
class PackageChange:
    """What happens to one package; ``before`` is the version that is there now, ``size_bytes`` that of its wheel."""

    name: str
    change: str
    version: str = ""
    before: str = ""
    size_bytes: int | None = None
    licence: str = ""
    summary: str = ""
    plugins: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """A change that was worked out and can be carried out or dropped.

    ``plugins`` are the names of those that come (or go); ``changes`` lists every package that does not stay as it is.
    """

    action: str
    asked: str
    plugins: tuple[str, ...]
    changes: tuple[PackageChange, ...]
    manifest: Manifest
    staging: Staging = field(repr=False)
    base: Path = field(repr=False)
    tried: tuple[str, ...] = ()
    """The plugins that must pass their trial before the change is made."""

    @property
    def size_bytes(self) -> int:
        """Bytes of all wheels that come."""
        return sum(change.size_bytes or 0 for change in self.changes if change.change != REMOVED)

    def lines(self) -> list[str]:
        """Tells the plan in plain lines."""
        head = {"install": "This will be installed", "remove": "This will be removed"}[self.action]
        if self.action == "install" and not self.changes:
            return ["Nothing changes: all of it is there already."]
        names = f" (plugin {', '.join(self.plugins)})" if self.plugins else ""
        return [f"{head}{names}:", *(f"  {change_text(change)}" for change in self.changes)]


def change_text(change: PackageChange) -> str:
    """Tells what happens to one package."""
    versions = change.version
    if change.change in (UPGRADED, DOWNGRADED):
        versions = f"{change.before} to {change.version}"
    elif change.change == REMOVED:
        versions = change.before
    facts = [change.change]
    if change.size_bytes is not None:
        facts.append(size_text(change.size_bytes))
    if change.change != REMOVED:
        facts.append(f"licence {change.licence}" if change.licence else "no licence stated")
    if change.plugins:
        facts.append("plugin " + ", ".join(change.plugins))
    return f"{change.name} {versions}   {', '.join(facts)}"


def size_text(size_bytes: int) -> str:
    """Writes a size as people read it."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
