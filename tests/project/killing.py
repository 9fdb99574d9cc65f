"""Kills the script of kill_script.py at a random moment and checks that nothing but the act in flight is missing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import project_worlds

from solvitur.engine.folders import Folders
from solvitur.engine.project.files import read_project
from solvitur.engine.session import Session
from solvitur.problem.records import fingerprint

SCRIPT = Path(__file__).with_name("kill_script.py")


@dataclass
class Told:
    """What the killed script had noted."""

    before: str = ""
    """The state after the last act that had ended."""
    coming: str = ""
    """The state that the edit in flight leads to, empty when none was in flight."""
    saved: str = ""
    saving: str = ""
    runs: set[int] = field(default_factory=set)
    acts: int = 0

    @classmethod
    def read(cls, diary: Path) -> Told:
        """Reads a diary; its last line may be cut off."""
        told = cls()
        for line in diary.read_text().split("\n")[:-1]:
            word, *rest = line.split()
            if word == "edit":
                told.coming = rest[0]
            elif word == "edited":
                told.before, told.coming, told.acts = rest[0], "", told.acts + 1
            elif word == "save":
                told.saving = rest[0]
            elif word == "saved":
                told.saved, told.saving = rest[0], ""
            elif word == "run":
                told.runs.add(int(rest[0]))
        return told


@dataclass
class Outcome:
    """What was found after one kill."""

    acts: int
    runs: int
    in_flight: str
    """``edit``, ``save`` or nothing."""
    in_flight_kept: bool = False
    recovered: bool = False


def kill_once(folder: Path, seed: int, longest_s: float, solver: str = "adder") -> Outcome:
    """Runs the script, kills it after a random time, and checks the file and the working copy.

    Raises
    ------
    AssertionError
        If anything but the act in flight is missing.
    """
    path, diary = folder / "project.solvitur", folder / "diary"
    environment = {**os.environ}
    for name in ("CONFIG", "DATA", "STATE"):
        environment[f"SOLVITUR_{name}_DIR"] = str(folder / name.lower())
    command = [sys.executable, str(SCRIPT), str(path), str(diary), str(seed), solver]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not diary.exists() or b"ready" not in diary.read_bytes():
            assert process.poll() is None, "the script ended by itself"
            assert time.monotonic() < deadline, "the script did not begin"
            time.sleep(0.005)
        time.sleep(random.Random(seed).random() * longest_s)
        assert process.poll() is None, "the script ended by itself"
    finally:
        process.kill()
        process.wait()
    return _check(path, Told.read(diary), Folders.of_user(environment))


def _check(path: Path, told: Told, folders: Folders) -> Outcome:
    on_disk = fingerprint(read_project(path))
    assert on_disk in {told.saved, told.saving}, "the saved file is neither the old nor the new one"
    flight = "edit" if told.coming else "save" if told.saving else ""
    outcome = Outcome(told.acts, len(told.runs), flight)
    session = Session(project_worlds.plugins(), folders)
    try:
        found = session.recoverable()
        session.open(path)
        assert fingerprint(session.problem) == on_disk
        if not found:  # the redo in flight may have led back to what was saved
            assert told.before == on_disk or told.coming == on_disk, "unsaved edits were not offered"
        for recovery in found:
            assert recovery.path == path
            session.recover(recovery)
            outcome.recovered = True
        now = fingerprint(session.problem)
        if now != told.before:
            outcome.in_flight_kept = True
            assert told.coming, "an edit is missing"
            assert told.coming == now, "something else than the edit in flight was stored"
        rows = {row.number for row in session.runs.list()}
        assert told.runs <= rows, "a run is missing"
        for number in rows:
            session.runs.load(number)
            session.runs.problem_of(number)
        steps = 0
        while session.undo():
            steps += 1
        for _ in range(steps):
            session.redo()
        assert fingerprint(session.problem) == now, "the undo steps do not lead back"
        session.save(overwrite=True)
        assert fingerprint(read_project(path)) == fingerprint(session.problem)
    finally:
        session.close(discard=True)
    return outcome
