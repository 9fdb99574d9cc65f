"""Edits, saves and solves at random until it is killed, and notes each act before and after it (see killing.py).

Run as ``python kill_script.py PROJECT DIARY SEED SOLVER``: ``adder`` solves in a thread, any other in a process.
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import project_worlds

from solvitur.engine.events import Done, Event
from solvitur.engine.folders import Folders
from solvitur.engine.session import Session
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.edits import (
    Cells,
    Edit,
    InsertRows,
    RemoveRows,
    ReplaceText,
    SetCells,
    SetFields,
    SetTable,
    set_choice,
)
from solvitur.problem.instance import INTEGER, Block, MatrixInstance, SparseRows
from solvitur.problem.records import fingerprint
from solvitur.problem.result import Limits
from solvitur.problem.tables import Column, Table

LARGE = 20_000


def knapsack(items: int = 30) -> MatrixInstance:
    """Builds a knapsack that HiGHS solves at once."""
    number = np.arange(items)
    every = np.full(items, 1.0)
    row = SparseRows(1, items, np.array([0, items]), number.astype(np.int32), 3.0 + number % 7)
    return MatrixInstance(
        sense="max",
        offset=0.0,
        cost=2.0 + number % 5,
        matrix=row,
        row_lower=np.array([-np.inf]),
        row_upper=np.array([50.0]),
        column_lower=every * 0,
        column_upper=every,
        integrality=np.full(items, INTEGER, dtype=np.uint8),
        variables=(Block("take", 0, items, (tuple(map(str, number)),), ("Items",)),),
        constraints=(Block("room", 0, 1),),
    )


class Diary:
    """Notes that a kill cannot take back: each is handed to the system at once."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, *words: object) -> None:
        """Adds a line."""
        os.write(self._handle, (" ".join(map(str, words)) + "\n").encode())

    def hear(self, event: Event) -> None:
        """Notes the runs whose end was told."""
        if isinstance(event, Done):
            self.note("run", event.run.number, event.run.status.value)


class Script:
    """Acts at random on a session."""

    def __init__(self, session: Session, diary: Diary, seed: int) -> None:
        self.session = session
        self.diary = diary
        self.random = random.Random(seed)

    def act(self) -> None:
        """Does one thing."""
        chance = self.random.random()
        if chance < 0.08:
            self.diary.note("save", fingerprint(self.session.problem))
            self.session.save()
            self.diary.note("saved", fingerprint(self.session.problem))
        elif chance < 0.12 and len(self.session.jobs.active) < 2:
            self.session.solve()
        elif chance < 0.22:
            self.step_back()
        else:
            edit = self.edit()
            self.diary.note("edit", fingerprint(edit.apply(self.session.problem)[0]))
            self.session.apply(edit)
            self.diary.note("edited", fingerprint(self.session.problem))

    def step_back(self) -> None:
        """Undoes and redoes, each as an act of its own."""
        for move in (self.session.undo, self.session.redo):
            history = self.session._project.history
            at = history.cursor - history.first - (move == self.session.undo)
            if 0 <= at < len(history._steps):
                step = history._steps[at]
                coming = step.inverse if move == self.session.undo else step.forward
                self.diary.note("edit", fingerprint(coming.apply(self.session.problem)[0]))
                move()
                self.diary.note("edited", fingerprint(self.session.problem))

    def edit(self) -> Edit:
        """Makes an edit that fits."""
        problem, pick = self.session.problem, self.random
        text = problem.statement
        table = problem.table("data")
        kind = pick.choice(["type"] * 8 + ["erase", "choose", "import", "large", "cells", "rows", "fewer rows"])
        if kind == "erase" and text:
            start = pick.randrange(len(text))
            return ReplaceText("Delete", start, text[start : start + 5], "", "statement")
        if kind == "choose":
            return set_choice("Choose", replace(problem.choice, limits=Limits(seed=pick.randrange(100))))
        if kind == "large":
            columns = (
                Column("n", np.arange(LARGE) * pick.random()),
                Column("s", np.array(["ab"] * LARGE, dtype=object)),
            )
            return SetTable("Import", "large", Table("large", columns))
        if kind == "import" or table is None:
            rows = [[pick.random(), pick.choice("abc")] for _ in range(20)]
            return SetTable("Import", "data", Table.from_rows("data", ["x", "y"], rows))
        if kind == "cells" and table.row_count:
            return SetCells("Edit", "data", (Cells(0, np.array([pick.randrange(table.row_count)]), np.array([1.5])),))
        if kind == "rows":
            return InsertRows(
                "Insert", "data", np.array([table.row_count]), (np.zeros(1), np.array(["z"], dtype=object))
            )
        if kind == "fewer rows" and table.row_count:
            return RemoveRows("Delete", "data", np.array([pick.randrange(table.row_count)]))
        if kind == "layout":
            return SetFields("Move", {"layout": {"x": pick.random()}})
        at = len(text) if pick.random() < 0.8 else pick.randrange(len(text) + 1)
        return ReplaceText("Type", at, "", pick.choice("abcdefgh \n"), "statement")


def main() -> None:
    """Acts until killed."""
    path, diary = Path(sys.argv[1]), Diary(Path(sys.argv[2]))
    if sys.argv[4] == "adder":
        session = Session(project_worlds.plugins(), Folders.of_user())
        session.new(project_worlds.sum_problem())
    else:
        session = Session(Plugins.load(), Folders.of_user())
        choice = Choice(sys.argv[4], limits=Limits(10.0))
        session.new(Problem("Knapsack", formulation=Formulation("matrix", "", knapsack()), choice=choice))
    session.events.subscribe(diary.hear)
    session.save(path)
    diary.note("saved", fingerprint(session.problem))
    diary.note("edited", fingerprint(session.problem))
    script = Script(session, diary, int(sys.argv[3]))
    session.jobs.wait(session.solve())  # the first worker process takes its time
    diary.note("ready")
    while True:
        script.act()


if __name__ == "__main__":
    main()
