"""The actions of the Plan place, for menus, tool bar and the command palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from solvitur.gui.actions import Action, ActionTable
from solvitur.gui.plan.run_graph import open_run_graph

if TYPE_CHECKING:
    from solvitur.gui.plan.place import PlanPlace

_MENU = "Plan"
_KEYS = {"run": "Ctrl+F5", "text": "Ctrl+Shift+T"}


def add_actions(place: PlanPlace, actions: ActionTable) -> None:
    """Adds every action; keys of the canvas itself are named in the help of each."""
    for action in (*_running(place), *_showing(place), *_editing(place), *_arranging(place)):
        actions.add(action)


def _running(place: PlanPlace) -> tuple[Action, ...]:
    running = place.running

    def idle() -> bool:
        return bool(place.workflow.steps) and not running.active

    def picked() -> bool:
        return idle() and bool(place.board.view.picked)

    def active() -> bool:
        return running.active

    begin = place.begin_from_model
    listed: tuple[tuple[str, str, Callable[[], object], str, Callable[[], bool], str], ...] = (
        (
            "begin",
            "Start a plan from this model",
            begin,
            "plan",
            lambda: place.can_begin,
            "Load, bind, solve, verify, picture",
        ),
        ("run", "Run plan", place.conduct.run, "play", idle, "Runs what is not done yet"),
        (
            "run_to",
            "Run to here",
            place.conduct.run_to_here,
            "skip",
            picked,
            "Runs the picked steps and what they need",
        ),
        (
            "run_from",
            "Run from here again",
            place.conduct.run_from_here,
            "repeat",
            picked,
            "Runs the picked step and what follows",
        ),
        ("stop", "Stop the plan", running.cancel, "stop", active, "Results so far are kept"),
        ("check", "Check the plan", place.conduct.check, "check", idle, "A dry run: nothing is run"),
    )
    made = [
        Action(f"plan.{name}", title, act, _MENU, _KEYS.get(name, ""), icon, enabled, help=words, group="run")
        for name, title, act, icon, enabled, words in listed
    ]
    pause = Action(
        "plan.pause",
        "Pause the plan",
        running.pause,
        _MENU,
        icon="pause",
        enabled=active,
        checked=lambda: running.paused,
        help="Starts no more steps until it goes on",
        group="run",
    )
    return (*made, pause)


def _showing(place: PlanPlace) -> tuple[Action, ...]:
    return (
        Action(
            "plan.text",
            "Show the plan as text",
            place.show_text,
            _MENU,
            _KEYS["text"],
            "text",
            checked=lambda: place.side.at == 1,
            help="The same plan as readable text or JSON, beside the graph",
            group="show",
        ),
        Action(
            "plan.time_line",
            "Show the time line",
            lambda: place.turn_drawer(0),
            _MENU,
            icon="timeline",
            checked=lambda: place.is_shown(0),
            help="When each step began and ended, live",
            group="show",
        ),
        Action(
            "plan.run_graph",
            "Open the run as a graph",
            lambda: open_run_graph(place),
            _MENU,
            icon="graph",
            enabled=lambda: bool(place.running.courses.ran.steps),
            help="All steps of the last run, and below each what it unfolded into, such as the parts of a split",
            group="show",
        ),
        Action(
            "plan.sweep",
            "Show the sweep",
            lambda: place.turn_drawer(1),
            _MENU,
            icon="tune",
            checked=lambda: place.is_shown(1),
            help="Try several values of options, and see quality against cost",
            group="show",
        ),
    )


def _editing(place: PlanPlace) -> tuple[Action, ...]:
    board = place.board

    def picked() -> bool:
        return bool(board.view.picked or board.view.picked_wires)

    def add_step() -> None:
        place.pages.setCurrentIndex(1)
        board.ask_step()

    listed = (
        ("add", "Add step", add_step, "add", None, "Tab on the canvas"),
        ("note", "Add note", board.note, "words", None, "N on the canvas"),
        ("remove", "Remove from plan", board.remove, "delete", picked, "Delete on the canvas"),
        ("copy", "Copy steps", board.copy, "copy", picked, "Ctrl+C on the canvas; the clipboard holds readable text"),
        ("paste", "Paste steps", board.paste, "", None, "Ctrl+V on the canvas"),
        ("duplicate", "Duplicate steps", board.duplicate, "", picked, "Ctrl+D on the canvas"),
        ("group", "Group steps", board.group, "", picked, "Ctrl+G on the canvas"),
        ("collapse", "Collapse or open group", board.collapse, "", picked, "Enter opens a collapsed group"),
    )
    return tuple(
        Action(f"plan.{name}", title, act, _MENU, "", icon, enabled or (lambda: True), help=words, group="edit")
        for name, title, act, icon, enabled, words in listed
    )


def _arranging(place: PlanPlace) -> tuple[Action, ...]:
    board = place.board

    def several() -> bool:
        return len(board.view.picked) > 1

    made = [
        Action(
            "plan.tidy", "Tidy the layout", board.tidy, _MENU, icon="tidy", help="T on the canvas", group="arrange"
        ),
        Action(
            "plan.fit",
            "Show the whole plan",
            board.view.fit,
            _MENU,
            icon="fit",
            help="F on the canvas",
            group="arrange",
        ),
        Action(
            "plan.zoom_picked",
            "Zoom to the picked steps",
            lambda: board.view.fit(board.view.picked),
            _MENU,
            enabled=lambda: bool(board.view.picked),
            help="Z on the canvas",
            group="arrange",
        ),
    ]
    for edge, title in (
        ("left", "left edges"),
        ("right", "right edges"),
        ("center", "in a column"),
        ("top", "top edges"),
        ("bottom", "bottom edges"),
        ("middle", "in a row"),
    ):
        made.append(
            Action(
                f"plan.align_{edge}",
                f"Align {title}",
                lambda edge=edge: board.align(edge),  # type: ignore[misc]
                _MENU,
                enabled=several,
                group="align",
            )
        )
    for across, title in ((True, "Distribute across"), (False, "Distribute down")):
        made.append(
            Action(
                f"plan.distribute_{'across' if across else 'down'}",
                title,
                lambda across=across: board.distribute(across=across),  # type: ignore[misc]
                _MENU,
                enabled=lambda: len(board.view.picked) > 2,
                group="align",
            )
        )
    return tuple(made)
