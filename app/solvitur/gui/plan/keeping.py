"""Where the results of the window's own runs are kept, and the note of a run that was cut short."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from solvitur.engine.folders import Folders
from solvitur.engine.workflow.journals import open_store, store_folder
from solvitur.engine.workflow.store import Store

_NOTE = "window-run.json"


@dataclass(frozen=True)
class CutShort:
    """A run that did not end: how many of its steps were done, and what it was asked to run."""

    done: int
    steps: int
    targets: tuple[str, ...] = ()
    all_steps: bool = True


class Keeping:
    """The store of one project, opened in the background; the note beside it tells of a run that goes on."""

    def __init__(self, folders: Folders, path: Path | None, name: str, limit_mb: int) -> None:
        self._folder = store_folder(folders, path, name=name)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="workflow results")
        self._opening: Future[Store] = self._pool.submit(open_store, folders, path, name=name, limit_mb=limit_mb)
        self._noted: CutShort | None = None

    @property
    def store(self) -> Store:
        """The store, waited for if it is not open yet."""
        return self._opening.result()

    def cut_short(self) -> CutShort | None:
        """Returns the run that an earlier window did not end; None when all ended."""
        try:
            read = json.loads((self._folder / _NOTE).read_text("utf-8"))
            return CutShort(
                int(read["done"]), int(read["steps"]), tuple(map(str, read["targets"])), bool(read["all_steps"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, run: CutShort | None) -> None:
        """Notes how far the run is, or (None) that it ended; without a folder there is nothing to come back to."""
        if run == self._noted:
            return
        self._noted = run
        path = self._folder / _NOTE
        with suppress(OSError):
            if run is None:
                path.unlink(missing_ok=True)
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_suffix(".new")
            new.write_text(json.dumps(asdict(run)), "utf-8")
            new.replace(path)

    def trim(self) -> None:
        """Drops what was used least recently where there is too much, once a run ended."""
        self._pool.submit(self._trim)

    def _trim(self) -> None:
        self.store.trim()

    def close(self, carry_to: Path | None = None, folders: Folders | None = None) -> None:
        """Closes the store; its results go along to a file that the project was saved as for the first time."""
        target = store_folder(folders, carry_to) if carry_to is not None and folders is not None else None
        source = self._folder

        def end() -> None:
            self._opening.result().close()
            if target is not None and source.is_dir() and not target.exists():
                with suppress(OSError):
                    shutil.copytree(source, target, copy_function=_copied)

        self._pool.submit(end)
        self._pool.shutdown(wait=target is not None)


def _copied(source: str, target: str) -> None:
    """Links the files of values, which never change, and copies the others."""
    if Path(source).parent.parent.name == "values":
        with suppress(OSError):
            os.link(source, target)
            return
    shutil.copy2(source, target)
