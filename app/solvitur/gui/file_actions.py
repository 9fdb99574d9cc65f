"""The actions on files and on the history of edits."""

from __future__ import annotations

from collections.abc import Callable

from solvitur.engine.session import Session
from solvitur.gui.actions import Action, ActionTable
from solvitur.gui.documents import Documents


def add_file_actions(table: ActionTable, documents: Documents, session: Session, leave: Callable[[], object]) -> None:
    """Adds new, open, save, save as, export, close and quit."""
    for action in (*_opening(documents), *_saving(documents, session)):
        table.add(action)
    table.add(
        Action(
            "file.close",
            "Close problem",
            documents.close_project,
            menu="File",
            shortcut="Ctrl+W",
            group="close",
            help="Closes the problem and shows the welcome page",
        )
    )
    table.add(
        Action("file.quit", "Quit", leave, menu="File", shortcut="Ctrl+Q", group="end", help="Closes the window")
    )


def _opening(documents: Documents) -> tuple[Action, ...]:
    return (
        Action(
            "file.new",
            "New problem",
            documents.new,
            menu="File",
            shortcut="Ctrl+N",
            icon="new",
            group="open",
            help="Starts an empty problem",
        ),
        Action(
            "file.open",
            "Open…",
            documents.open_dialog,
            menu="File",
            shortcut="Ctrl+O",
            icon="open",
            group="open",
            help="Opens a project, a model, a standard file, or adds a table to this problem",
        ),
    )


def _saving(documents: Documents, session: Session) -> tuple[Action, ...]:
    return (
        Action(
            "file.save",
            "Save",
            documents.save,
            menu="File",
            shortcut="Ctrl+S",
            icon="save",
            group="save",
            enabled=lambda: session.modified or session.path is None,
            help="Saves the project; undo still works afterwards",
        ),
        Action(
            "file.save_as",
            "Save as…",
            documents.save_as,
            menu="File",
            shortcut="Ctrl+Shift+S",
            group="save",
            help="Saves the project under another name",
        ),
        Action(
            "file.export",
            "Export problem…",
            documents.export_dialog,
            menu="File",
            icon="export",
            group="save",
            help="Writes the problem in another format, such as .slv, .mps or .lp",
        ),
    )


def add_edit_actions(table: ActionTable, session: Session) -> None:
    """Adds undo and redo; `name_edits` keeps their titles up to date."""
    table.add(
        Action(
            "edit.undo",
            "Undo",
            session.undo,
            menu="Edit",
            shortcut="Ctrl+Z",
            icon="undo",
            group="history",
            enabled=lambda: session.undo_title is not None,
        )
    )
    table.add(
        Action(
            "edit.redo",
            "Redo",
            session.redo,
            menu="Edit",
            shortcut="Ctrl+Shift+Z",
            icon="redo",
            group="history",
            enabled=lambda: session.redo_title is not None,
        )
    )


def name_edits(table: ActionTable, session: Session) -> None:
    """Names the step that undo takes back and the one that redo does again."""
    table.retitle("edit.undo", _named("Undo", session.undo_title))
    table.retitle("edit.redo", _named("Redo", session.redo_title))


def _named(verb: str, title: str | None) -> str:
    return f"{verb} {title[:1].lower()}{title[1:]}" if title else verb
