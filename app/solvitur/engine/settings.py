"""Settings: what the user prefers, kept in one readable file."""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from solvitur.engine.events import Notice
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place
from solvitur.problem.options import option, option_specs, read_option
from solvitur.problem.result import Limits

RECENT_FILES = 12


@dataclass(frozen=True)
class Settings:
    """The user's preferences; fields made with `option` describe themselves for the settings form."""

    theme: str = option("system", "Colours", choices=("system", "light", "dark"), help="Follow the system, or stay.")
    zoom_percent: int = option(100, "Text and icon size", minimum=50, maximum=300, unit="%")
    reduce_motion: bool = option(False, "Reduce motion", help="Shows changes at once, without moving things.")
    time_limit_s: float = option(
        60.0, "Time limit", minimum=0.1, unit="s", help="A new project lets a solver run this long."
    )
    relative_gap: float = option(
        1e-6, "Relative gap", minimum=0.0, maximum=1.0, help="A new project stops when the bound is this near."
    )
    threads: int = option(1, "Threads", minimum=1, maximum=1024, help="Threads of a solver in a new project.")
    seed: int = option(0, "Seed", minimum=0, help="The same seed repeats the same run.")
    parallel_jobs: int = option(1, "Jobs at the same time", minimum=1, maximum=64)
    worker_memory_mb: int = option(
        0, "Memory limit of a solver", minimum=0, unit="MB", help="0 leaves it to Solvitur: most of this machine's."
    )
    workflow_executor: str = option(
        "local", "Heavy steps of workflows run", help="local: on this machine. Else the name of an executor: dask."
    )
    workflow_address: str = option("", "Address of the cluster", help="Such as tcp://10.0.0.5:8786; none for local.")
    workflow_results_mb: int = option(
        2000, "Kept results of a workflow", minimum=0, unit="MB", help="The oldest are dropped above it; 0: never."
    )
    recent_files: tuple[str, ...] = ()
    """Project and model files, newest first."""
    shortcuts: dict[str, str] = field(default_factory=dict)
    """Key sequences by action id, where they differ from ours; an empty one takes the shortcut away."""
    window_layout: dict[str, str] = field(default_factory=dict)
    """What the window stores of itself, by name, as text."""
    disabled_plugins: tuple[str, ...] = ()
    chat_backend: str = option(
        "", "Language model", help="The backend that is turned on; with none, nothing is ever sent."
    )
    chat_options: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Options of language models, by backend; keys are never among them."""
    chat_tokens_budget: int = option(
        0, "Token budget", minimum=0, help="Tokens that language models may use in a session; 0 sets no limit."
    )
    chat_money_budget: float = option(
        0.0, "Money budget", minimum=0.0, help="In the currency of the prices you give; 0 sets no limit."
    )
    chat_candidates: int = option(
        9, "Drafts to compare", minimum=1, maximum=50, help="A language model drafts at most so often per statement."
    )
    chat_stages_off: tuple[str, ...] = ()
    """Stages of drafting with a language model that are switched off."""
    dismissed: tuple[str, ...] = ()
    """Names of hints and tours that need not be shown again."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What the file holds that this version does not know; it is written back as it was."""

    @property
    def limits(self) -> Limits:
        """The limits that a new project begins with."""
        return Limits(self.time_limit_s, self.relative_gap, self.threads, self.seed)

    def with_recent(self, path: Path) -> Settings:
        """Returns the settings with a file at the head of the recent ones."""
        name = str(path)
        rest = [other for other in self.recent_files if other != name]
        return replace(self, recent_files=(name, *rest)[:RECENT_FILES])

    def without_recent(self, path: Path) -> Settings:
        """Returns the settings without a file among the recent ones."""
        return replace(self, recent_files=tuple(other for other in self.recent_files if other != str(path)))


class SettingsFile:
    """The file that keeps the settings; it is replaced whole, so that it is never half written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Settings, tuple[Notice, ...]]:
        """Reads the settings. A broken file is set aside, a broken value left out; each gives a notice."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Settings(), ()
        except (OSError, UnicodeDecodeError) as error:
            return Settings(), (self._set_aside(str(error)),)
        try:
            stored = json.loads(text)
            if not isinstance(stored, dict):
                raise ValueError("it is not an object")
        except (ValueError, RecursionError) as error:
            return Settings(), (self._set_aside(str(error)),)
        return _from_json(stored, self.path)

    def write(self, settings: Settings) -> None:
        """Writes the settings.

        Raises
        ------
        InputError
            If the file cannot be written; the old one is intact then.
        """
        stored = asdict(settings)
        stored.update({name: value for name, value in stored.pop("extra").items() if name not in stored})
        part = self.path.with_name(f".{self.path.name}.{uuid.uuid4().hex[:8]}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8") as file:
                json.dump(stored, file, indent=2, sort_keys=True)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            text = f"the settings could not be saved: {error.strerror}; they hold until you close Solvitur"
            raise InputError.at(text, place=Place(str(self.path))) from None
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def change(self, change: Callable[[Settings], Settings]) -> Settings:
        """Reads the settings anew, changes and writes them, so that another window's changes are kept.

        Raises
        ------
        InputError
            As `write`.
        """
        changed = change(self.read()[0])
        self.write(changed)
        return changed

    def _set_aside(self, cause: str) -> Notice:
        aside = self.path.with_name(f"{self.path.stem}.broken-{uuid.uuid4().hex[:8]}{self.path.suffix}")
        try:
            self.path.replace(aside)
        except OSError:
            return Notice(f"the settings in '{self.path}' cannot be read ({cause}); the usual ones hold", "warning")
        return Notice(
            f"the settings could not be read ({cause}); the usual ones hold now, the old file is '{aside}'", "warning"
        )


def _from_json(stored: Mapping[str, Any], path: Path) -> tuple[Settings, tuple[Notice, ...]]:
    specs = {spec.name: spec for spec in option_specs(Settings)}
    known = {f.name for f in fields(Settings)} - {"extra"}
    values: dict[str, Any] = {}
    notices = []
    for name in known & set(stored):
        try:
            values[name] = read_option(specs[name], stored[name]) if _described(name) else _plain(name, stored[name])
        except (InputError, OverflowError) as error:
            notices.append(Notice(f"{path.name}: {error}; the usual value holds", "warning"))
    extra = {name: value for name, value in stored.items() if name not in known}
    return Settings(**values, extra=extra), tuple(notices)


def _described(name: str) -> bool:
    return any(f.name == name and "solvitur" in f.metadata for f in fields(Settings))


def _plain(name: str, value: Any) -> tuple[str, ...] | dict[str, str] | dict[str, dict[str, Any]]:
    """Reads a list or an object of texts, or the options of backends."""
    if name == "chat_options":
        if isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()):
            return {backend: dict(options) for backend, options in value.items()}
        raise InputError.at(f"'{name}' is not of the kind expected", element=name)
    if name in ("shortcuts", "window_layout"):
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return dict(value)
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise InputError.at(f"'{name}' is not of the kind expected", element=name)
