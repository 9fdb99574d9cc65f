"""The store on disk: found again by file, kept within its limit, the least recently used first, and safe to share."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_steps import World, chain, every_output, world
from hypothesis import given, settings
from hypothesis import strategies as st

from solvitur.engine.folders import Folders
from solvitur.engine.workflow.journals import open_store
from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.store_trimming import newest_within

KB = 1000


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[World]:
    """Fresh step types."""
    with world(tmp_path / "w") as made:
        yield made


def size_of(folder: Path) -> int:
    """What a store takes on disk, without its locks."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def key_of(number: int) -> str:
    """A key like those of steps."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def text_of(number: int) -> str:
    """A value of about 50 kB, another one for each number."""
    return f"{number:05}" * 10_000


def filled(folder: Path, numbers: range, limit: int = 0) -> Store:
    """A store with a large value per number, kept in that order."""
    store = Store(folder, limit_bytes=limit)
    for number in numbers:
        store.keep(key_of(number), {"out": text_of(number)}, step=f"s{number}", seconds=1.0)
    return store


def found(store: Store, numbers: range) -> list[int]:
    """The numbers whose results are there and can be loaded."""
    there = []
    for number in numbers:
        kept = store.find(key_of(number))
        if kept is not None:
            assert kept["out"].load() == text_of(number)
            there.append(number)
    return there


def test_what_was_used_least_recently_goes_first(tmp_path: Path) -> None:
    """Above the limit the oldest go, files and lines; what was found again lately stays, also after a restart."""
    store = filled(tmp_path, range(10), limit=10_000 * KB)
    store.close()
    store = Store(tmp_path, limit_bytes=10_000 * KB)
    assert found(store, range(0, 3)) == [0, 1, 2]
    store.close()
    small = Store(tmp_path, limit_bytes=300 * KB)
    assert size_of(tmp_path) <= 300 * KB
    assert small.trim() == 0
    assert set(found(small, range(10))) == {0, 1, 2, 9}
    small.close()
    again = Store(tmp_path)
    assert set(found(again, range(10))) == {0, 1, 2, 9}
    again.close()


def test_trimming_after_a_run_goes_on_writing_to_the_new_journal(tmp_path: Path) -> None:
    """What is kept after a trimming is there at the next start."""
    store = filled(tmp_path, range(10), limit=300 * KB)
    assert store.trim() == 6 and size_of(tmp_path) <= 300 * KB
    store.keep(key_of(77), {"out": text_of(77)}, step="s", seconds=0.5)
    store.close()
    again = Store(tmp_path)
    assert found(again, range(100)) == [6, 7, 8, 9, 77]
    assert again.took("s") == 0.5 and again.took("s9") == 1.0 and again.took("none") is None
    again.close()


def test_no_limit_trims_nothing(tmp_path: Path) -> None:
    """Without a limit everything stays."""
    store = filled(tmp_path, range(4))
    assert store.trim() == 0 and found(store, range(4)) == [0, 1, 2, 3]
    store.close()


_HOLDS = """
import sys
from pathlib import Path
from solvitur.engine.workflow.store import Store
store = Store(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
"""


def test_nothing_is_trimmed_while_another_process_uses_the_store(tmp_path: Path) -> None:
    """As long as another process lives that has it open, all stays; when it is killed, its claim goes with it."""
    filled(tmp_path, range(10)).close()
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"open\n"
        store = Store(tmp_path, limit_bytes=100 * KB)
        assert found(store, range(10)) == list(range(10))
        holder.kill()
        holder.communicate()
        assert store.trim() > 0 and size_of(tmp_path) <= 100 * KB
        store.close()
    finally:
        holder.kill()
        holder.communicate()
    assert not list((tmp_path / "users").iterdir())


def test_a_trimmed_workflow_runs_again_and_gives_the_same(fakes: World, tmp_path: Path) -> None:
    """What was dropped is done again, with the same bits."""
    flow = chain("big", "length", plus=3)
    store = Store(tmp_path / "store", limit_bytes=20 * KB)
    whole = every_output(fakes.done(flow, store))
    assert store.trim() >= 1
    store.close()
    again = Store(tmp_path / "store", limit_bytes=20 * KB)
    assert every_output(fakes.done(flow, again)) == whole
    again.close()


def test_the_store_of_a_file_is_found_again_and_one_of_a_working_copy_too(fakes: World, tmp_path: Path) -> None:
    """The same file has the same results next time, another one has none of them."""
    folders = Folders(tmp_path / "c", tmp_path / "d", tmp_path / "s")
    for path, name in ((tmp_path / "a.solvitur", ""), (None, "copy-1")):
        store = open_store(folders, path, name=name)
        fakes.done(chain("add", "add"), store)
        store.close()
        assert len(fakes.calls()) == 2
        again = open_store(folders, path, name=name)
        fakes.done(chain("add", "add"), again)
        again.close()
        assert fakes.calls() == []
    other = open_store(folders, tmp_path / "b.solvitur")
    fakes.done(chain("add", "add"), other)
    assert len(fakes.calls()) == 2
    other.close()


def test_a_state_folder_that_cannot_be_written_costs_only_the_keeping(fakes: World, tmp_path: Path) -> None:
    """The run goes on with results in memory."""
    (tmp_path / "s").write_text("a file in the way", "utf-8")
    store = open_store(Folders(tmp_path / "c", tmp_path / "d", tmp_path / "s"), tmp_path / "a.solvitur")
    assert store.folder is None
    assert set(fakes.done(chain("add", "add"), store).states().values()) == {"done"}


@given(
    st.lists(st.tuples(st.integers(1, 50), st.lists(st.tuples(st.integers(0, 5)), max_size=3)), max_size=12),
    st.integers(0, 400),
)
@settings(max_examples=200, deadline=None)
def test_what_stays_fits_and_is_the_newest(entries: list[tuple[int, list[tuple[int]]]], limit: int) -> None:
    """Of those that could fit alone a head of the list by use is kept, within the limit; one more would not fit."""
    keys = [str(at) for at in range(len(entries))]
    lines = {key: size for key, (size, _) in zip(keys, entries, strict=True)}
    files = {k: {f"f{n}": 10 * (n + 1) for (n,) in held} for k, (_, held) in zip(keys, entries, strict=True)}

    def total(some: list[str]) -> int:
        shared = {digest: size for key in some for digest, size in files[key].items()}
        return sum(lines[key] for key in some) + sum(shared.values())

    kept = newest_within(keys, lines, files, limit)
    fitting = [key for key in keys if total([key]) <= limit]
    head = fitting[: len(kept)]
    assert kept == set(head) and total(head) <= limit
    assert len(head) == len(fitting) or total(fitting[: len(head) + 1]) > limit


def test_numbers_of_numpy_are_kept_as_the_numbers_they_come_back_as(tmp_path: Path) -> None:
    """What a step made is the same value, with the same digest, in the run that made it and in a resumed one."""
    store = Store(tmp_path)
    made = store.keep("k", {"a": np.float64(0.1), "b": np.int32(7), "c": np.bool_(True)})
    plain = store.keep("p", {"a": 0.1, "b": 7, "c": True})
    assert {port: value.digest for port, value in made.items()} == {p: v.digest for p, v in plain.items()}
    store.close()
    again = Store(tmp_path).find("k")
    assert again is not None
    for port, value in made.items():
        assert type(again[port].load()) is type(value.load()) and again[port].digest == value.digest


def test_a_journal_with_strange_lines_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """Lines that are no notes cost only themselves."""
    filled(tmp_path, range(2)).close()
    with (tmp_path / "journal.jsonl").open("ab") as stream:
        for line in ([], [1], "x", {"a": 1}, ["used", ["zz"]], ["used", 7], ["k", "s", "x", {"o": [1]}], None):
            stream.write(json.dumps(line).encode() + b"\n")
        stream.write(b"\xff\xfe no text\n")
    store = Store(tmp_path, limit_bytes=80 * KB)
    assert found(store, range(2)) == [1]
    store.close()


def test_times_of_earlier_runs_are_told(fakes: World, tmp_path: Path) -> None:
    """The next run knows how long steps took, even when their options are others now."""
    store = Store(tmp_path / "t")
    flow = chain("slow", "slow", plus=30)
    fakes.done(flow, store)
    store.close()
    again = Store(tmp_path / "t")
    took = again.took("s0")
    assert took is not None and took >= 0.03
    edited = flow.with_step(replace(flow.steps[0], options={"plus": 1}))
    fakes.done(edited, again)
    later = again.took("s0")
    assert later is not None and later < took
    again.close()


def test_a_line_that_a_full_disk_cut_off_costs_only_itself(
    fakes: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step fails in words; when there is room again, what comes later is kept whole."""
    store = Store(tmp_path / "full")
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:9]))
    run = fakes.done(chain("add"), store)
    assert "No space left" in run.fault("s0")
    monkeypatch.setattr(os, "write", write)
    fakes.done(chain("add", plus=4), store)
    store.close()
    fakes.calls()
    again = Store(tmp_path / "full")
    fakes.done(chain("add", plus=4), again)
    assert fakes.calls() == []
    again.close()


def test_what_ends_after_the_store_was_closed_harms_nobody(fakes: World, tmp_path: Path) -> None:
    """A late step writes nowhere: the number of the closed file may be that of another one by then."""
    store = Store(tmp_path / "late")
    run = fakes.run(chain("slow", plus=150), store)
    run.start()
    time.sleep(0.03)
    store.close()
    with (tmp_path / "other.txt").open("w+b") as stream:
        assert run.wait(10) and run.outputs("s0") == {"out": 150}
        stream.seek(0)
        assert stream.read() == b""
