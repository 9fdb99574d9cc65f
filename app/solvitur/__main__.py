"""Starts Solvitur: the window, or a verb of the command line."""

from __future__ import annotations

import sys
from pathlib import Path

from solvitur.cli.main import run
from solvitur.cli.running import Faces
from solvitur.problem.pictures import Picture


def main() -> int:
    """Runs what the command line says; returns the exit code."""
    return run(sys.argv[1:], Faces(open_window=_open_window, export_picture=_export_picture))


def _open_window(path: Path | None, safe: bool) -> int:
    from solvitur.gui.app import run_window  # noqa: PLC0415 - the command line must start without Qt

    return run_window([str(path)] if path is not None else [], safe=safe)


def _export_picture(picture: Picture, path: Path) -> None:
    from solvitur.gui.pictures.export import export_picture  # noqa: PLC0415 - Qt is loaded only to draw

    export_picture(picture, path)


if __name__ == "__main__":
    sys.exit(main())
