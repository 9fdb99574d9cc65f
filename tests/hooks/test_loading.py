"""Plugins load one by one: a broken one is listed with its cause, and costs the others nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from overlays import write_plugin
from solvitur.hooks.loading import Plugins
from solvitur.hooks.markers import CrashMarkers
from solvitur.hooks.parts import STRUCTURES
from solvitur.hooks.specs import HOOKS
from solvitur.problem.errors import InputError

GOOD = "@hook\ndef solvers():\n    return [solver('{0}', lambda instance, options, job: None)]\n"


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty overlay folder; what loading adds to the path is taken away after the test."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path / "overlay"


def state_of(overlay: Path, source: str) -> tuple[str, str]:
    """Loads a plugin of this source beside a good one; returns its state and cause."""
    write_plugin(overlay, "bad", source)
    write_plugin(overlay, "good", GOOD.format("good-solver"))
    plugins = Plugins.load(overlay=overlay)
    assert plugins.solver("good-solver").title == "Good-Solver"
    entry = plugins.entry("bad")
    assert entry is not None
    assert entry.distribution == "strange-bad"
    assert not entry.ours
    return entry.state, entry.cause


def test_every_hook_has_a_structure() -> None:
    """No hook is left without a check of what its parts look like."""
    assert set(STRUCTURES) == set(HOOKS)


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("raise ValueError('wrong key')", "wrong key (module_bad"),
        ("sys.exit(4)", "it tried to end the whole program (exit code 4)"),
        ("raise BaseException", "it stopped with 'BaseException'"),
        ("import no_such_library", "No module named 'no_such_library'"),
        ("def broken(:", "line "),
        ("", "it implements none of our hooks"),
        ("@hook\ndef solver(): return []", "'solver' is not a hook; did you mean 'solvers'?"),
        ("@hook\ndef solvers(plugins): return []", "plugins"),
        ("@hook\ndef solvers(): return None", "solvers: it returned no list"),
        ("@hook\ndef solvers(): return 'highs'", "solvers: it returned no list"),
        ("@hook\ndef solvers(): sys.exit()", "solvers: it tried to end the whole program"),
        ("@hook\ndef solvers(): return [object()]", "a object has no 'name'"),
        ("class S: name = 's'\n@hook\ndef solvers(): return [S]", "'S' is a class; give an instance of it, 'S()'"),
        (
            "class S: name = 's'\n@hook\ndef solvers(): return [S()]",
            "'s' lacks 'title', 'options', 'handles', 'solve'",
        ),
        ("@hook\ndef solvers(): return [solver('s', None, solve=3)]", "'s': 'solve' is not a method"),
        (
            "@hook\ndef solvers(): return [solver('s', None, solve=print, handles={'LP'})]",
            "'LP', which is no feature",
        ),
        (
            "class S:\n  @property\n  def name(self): return 1 / 0\n@hook\ndef solvers(): return [S()]",
            "division by zero",
        ),
        ("@hook\ndef examples(): return [solver('s', print)]", "'s' lacks 'story'"),
    ],
)
def test_a_broken_plugin_is_listed_with_its_cause(overlay: Path, source: str, cause: str) -> None:
    """Whatever is wrong with a plugin is said in its entry, and the good plugin beside it works."""
    state, said = state_of(overlay, source)
    assert state == "failed"
    assert cause in said


def test_one_failing_hook_does_not_silence_the_others(overlay: Path) -> None:
    """A plugin whose importers fail still gives its solver; the failure is said."""
    write_plugin(overlay, "half", GOOD.format("half") + "@hook\ndef importers(): raise RuntimeError('no disk')\n")
    plugins = Plugins.load(overlay=overlay)
    entry = plugins.entry("half")
    assert entry is not None
    assert (entry.state, entry.provides) == ("loaded", {"solvers": ("half",)})
    assert "importers: no disk" in entry.cause
    assert plugins.solver("half") is not None


def test_the_later_of_two_parts_of_one_name_is_refused(overlay: Path) -> None:
    """Nobody can put another solver in the place of one that is there, of ours least of all."""
    write_plugin(overlay, "a_first", GOOD.format("twin"))
    write_plugin(overlay, "b_second", GOOD.format("twin") + "@hook\ndef explainers(): return []\n")
    write_plugin(overlay, "thief", GOOD.format("highs"))
    plugins = Plugins.load(overlay=overlay)
    second, thief = plugins.entry("b_second"), plugins.entry("thief")
    assert second is not None
    assert second.cause == "solvers: 'twin' is already offered by plugin 'a_first'"
    assert thief is not None
    assert "'highs' is already offered by plugin 'highs'" in thief.cause
    assert plugins.find("solvers", "highs").plugin == "highs"


def test_a_switched_off_plugin_is_not_even_imported(overlay: Path, tmp_path: Path) -> None:
    """Disabled plugins, and with --safe all plugins of others, are listed but never run."""
    trace = tmp_path / "trace"
    write_plugin(overlay, "nosy", f"open({str(trace)!r}, 'w').close()\n" + GOOD.format("nosy"))
    for plugins in (Plugins.load(overlay=overlay, disabled={"nosy"}), Plugins.load(overlay=overlay, safe=True)):
        entry = plugins.entry("nosy")
        assert entry is not None
        assert entry.state == "disabled"
        assert entry.cause
    assert not trace.exists()
    assert Plugins.load(safe=True).kinds()


def test_a_broken_distribution_is_passed_over(overlay: Path) -> None:
    """Remains of a half removed distribution do not stop the others."""
    write_plugin(overlay, "good", GOOD.format("good"))
    (overlay / "remains-1.0.dist-info").mkdir()
    (overlay / "noise-1.0.dist-info").mkdir()
    (overlay / "noise-1.0.dist-info" / "entry_points.txt").write_bytes(b"[solvitur\nx = \xff")
    assert Plugins.load(overlay=overlay).solver("good") is not None


def test_only_loads_nothing_else_and_says_what_is_absent(overlay: Path) -> None:
    """A worker loads one plugin; one that is not installed is absent."""
    write_plugin(overlay, "good", GOOD.format("good"))
    plugins = Plugins.load(overlay=overlay, only=("good", "gone"))
    assert [(entry.name, entry.state) for entry in plugins.entries] == [("good", "loaded"), ("gone", "absent")]


def test_a_name_that_is_not_there_offers_the_nearest(overlay: Path) -> None:
    """A mistyped solver is answered with the one that was meant."""
    write_plugin(overlay, "good", GOOD.format("greedy"))
    with pytest.raises(InputError, match="there is no solver 'gredy'; did you mean 'greedy'"):
        Plugins.load(overlay=overlay).solver("gredy")


def load_in_process(overlay: Path, notes: Path) -> subprocess.CompletedProcess[str]:
    """Loads the overlay in a program of its own, as a start of Solvitur does."""
    script = (
        "from pathlib import Path\nfrom solvitur.hooks.loading import Plugins\n"
        "from solvitur.hooks.markers import CrashMarkers\n"
        f"p = Plugins.load(overlay=Path({str(overlay)!r}), markers=CrashMarkers(Path({str(notes)!r})))\n"
        "print(p.entry('deadly').state, p.entry('deadly').cause)\n"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)


def test_a_plugin_that_kills_the_start_is_left_out_of_the_next(overlay: Path, tmp_path: Path) -> None:
    """A crash while loading is found by the next start, which goes on without the plugin until it is forgiven."""
    notes = tmp_path / "notes"
    write_plugin(overlay, "deadly", "os._exit(9)")
    assert load_in_process(overlay, notes).returncode == 9
    for _ in range(2):
        second = load_in_process(overlay, notes)
        assert second.returncode == 0
        assert second.stdout.startswith("failed an earlier start died while loading it")
    CrashMarkers(notes).forgive("deadly")
    assert load_in_process(overlay, notes).returncode == 9


def test_two_starts_at_once_do_not_take_each_other_for_crashed(tmp_path: Path) -> None:
    """The marker of a start that is still loading is left alone, and gone when it has loaded."""
    mine = CrashMarkers(tmp_path)
    with mine.loading("slow/plugin"):
        assert mine.crashed() == frozenset()
        found: list[frozenset[str]] = []
        thread = threading.Thread(target=lambda: found.append(CrashMarkers(tmp_path).crashed()))
        thread.start()
        thread.join()
        assert found == [frozenset()]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """Without a place for notes plugins load all the same."""
    (tmp_path / "file").write_text("")
    with CrashMarkers(tmp_path / "file" / "notes").loading("any"):
        pass
    assert CrashMarkers(tmp_path / "file" / "notes").crashed() == frozenset()
