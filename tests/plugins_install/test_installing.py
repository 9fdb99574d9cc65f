"""Installing changes nothing until all is well, and then all at once; removing puts it back."""

from __future__ import annotations

import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from installing_home import Home

from solvitur.engine.plugins.installing import TrialFailed
from solvitur.engine.plugins.pip_runs import Stopped
from solvitur.problem.errors import InputError, PluginError
from wheel_writing import GOOD, write_wheel


def test_a_wheel_is_installed_upgraded_and_removed(home: Home, tmp_path: Path) -> None:
    """The plan tells what changes, new versions take the place of old ones, and nothing is left behind."""
    installer = home.installer
    plan = installer.plan_install(str(write_wheel(tmp_path, "one")))
    assert [(c.name, c.change, c.version, c.licence, c.plugins) for c in plan.changes] == [
        ("strange-one", "new", "1.0", "MIT", ("one",))
    ]
    assert home.versions() == {}
    installer.carry_out(plan)
    assert home.strangers()["one"].provides == {"solvers": ("one-solver",)}
    installer = home.installer
    plan = installer.plan_install(str(write_wheel(tmp_path, "one", version="2.0")))
    assert [(c.change, c.before, c.version) for c in plan.changes] == [("upgraded", "1.0", "2.0")]
    done = installer.carry_out(plan)
    assert done.restart == ("strange-one",)
    assert home.strangers()["one"].version == "2.0"
    home.remove("one")
    assert home.strangers() == {}
    assert home.versions() == {}
    assert not [name for name in home.leftovers() if name.startswith("staging")]
    assert list((home.installer.overlay.root / "wheels").iterdir()) == []


def test_what_a_plugin_needs_comes_and_goes_with_it(home: Home, tmp_path: Path) -> None:
    """A second package that only this plugin needs is shown in the plan, installed, and removed with it."""
    library = write_wheel(tmp_path / "lib", "library", "", plugin=None)
    home.install(write_wheel(tmp_path, "other"))
    wheel = write_wheel(tmp_path, "one", requires=["strange-library>=1", "numpy>=2"])
    overlay = home.installer.overlay
    overlay.wheels.mkdir(exist_ok=True)
    # Stands for the package index: a folder of wheels that pip is told of.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_FIND_LINKS", str(library.parent))
        installer = home.installer
        plan = installer.plan_install(str(wheel))
        assert [(c.name, c.change) for c in plan.changes] == [("strange-one", "new"), ("strange-library", "new")]
        installer.carry_out(plan)
    assert set(home.versions()) == {"strange-one", "strange-library", "strange-other"}
    with pytest.raises(InputError, match="is there because plugins need it"):
        home.installer.plan_remove("strange-library")
    home.remove("strange-one")
    assert set(home.versions()) == {"strange-other"}
    assert set(home.strangers()) == {"other"}


@pytest.mark.parametrize(
    ("wheel", "cause"),
    [
        ({"requires": ["numpy<1"]}, "needs numpy<1, but Solvitur runs with numpy " + np.__version__),
        ({"plugin": "highs"}, "plugin 'highs' of 'strange-one' is already brought by 'Solvitur'"),
        ({"files": {"numpy/__init__.py": ""}}, "brings a module 'numpy', which belongs to 'numpy'"),
        ({"plugin": None}, "is no plugin: it has no entry point of the group 'solvitur'"),
    ],
)
def test_what_would_touch_our_own_is_refused(
    home: Home, tmp_path: Path, wheel: dict[str, object], cause: str
) -> None:
    """Packages that change or hide what Solvitur runs with are refused with the reason."""
    with pytest.raises((PluginError, InputError), match=cause.replace(".", r"\.")):
        home.installer.plan_install(str(write_wheel(tmp_path, "one", **wheel)))  # type: ignore[arg-type]
    assert home.leftovers() == []


def test_broken_files_are_refused_in_a_sentence(home: Home, tmp_path: Path) -> None:
    """Whatever is given instead of a plugin, the file is named and what was expected."""
    cut = tmp_path / "cut-1.0-py3-none-any.whl"
    cut.write_bytes(write_wheel(tmp_path, "one").read_bytes()[:400])
    bare = tmp_path / "bare-1.0-py3-none-any.whl"
    with zipfile.ZipFile(bare, "w") as archive:
        archive.writestr("bare.py", "")
    named = tmp_path / "plugin.whl"
    named.write_bytes(b"")
    text = tmp_path / "plugin.txt"
    text.write_text("hello")
    for asked, cause in (
        (cut, "this is not a wheel, or it is damaged"),
        (bare, "it has no metadata"),
        (named, "this is not the name of a wheel"),
        (text, "neither a wheel"),
        (tmp_path / "gone.whl", "there is no such file"),
        (tmp_path, "has no pyproject.toml"),
        ("two words", "neither a file nor the name of a package"),
        ("numpy", "one of Solvitur's own packages"),
    ):
        with pytest.raises((InputError, PluginError), match=cause):
            home.installer.plan_install(str(asked))
    assert home.leftovers() == []


def test_a_plugin_that_fails_its_trial_leaves_everything_as_it_was(home: Home, tmp_path: Path) -> None:
    """The version that was there stays in use, and nothing is left lying about."""
    home.install(write_wheel(tmp_path, "one"))
    with pytest.raises(TrialFailed, match="did not pass its trial, so nothing was changed: it cannot be loaded"):
        home.install(write_wheel(tmp_path, "one", "import no_such_library", version="2.0"))
    assert home.versions() == {"strange-one": "1.0"}
    assert home.strangers()["one"].state == "loaded"
    assert home.leftovers() == []


def test_a_change_can_be_stopped_at_every_step(home: Home, tmp_path: Path) -> None:
    """Stop leaves everything as it was, whatever was being done."""
    wheel = write_wheel(tmp_path, "one")

    class StopAt(list[str]):
        def __init__(self, step: str) -> None:
            super().__init__()
            self.step = step

        def append(self, text: str) -> None:
            super().append(text)
            if text.startswith(self.step):
                home.cancel.set()

    for step in ("Reading", "Working out", "Unpacking", "Trying"):
        home.cancel.clear()
        home.told = StopAt(step)
        with pytest.raises(Stopped):
            home.install(wheel)
        assert home.versions() == {}
        assert home.leftovers() == []


def test_only_one_program_changes_plugins_at_a_time(home: Home, tmp_path: Path) -> None:
    """The second is told who is at it; a plan that has become stale is refused."""
    installer = home.installer
    plan = installer.plan_install(str(write_wheel(tmp_path, "one")))
    with (
        installer.overlay.changing(),
        pytest.raises(PluginError, match=r"another Solvitur .* try again when it is done"),
    ):
        home.installer.carry_out(plan)
    stale = home.installer.plan_install(str(write_wheel(tmp_path, "two")))
    home.install(write_wheel(tmp_path, "one"))
    with pytest.raises(PluginError, match="changed meanwhile"):
        home.installer.carry_out(stale)
    assert home.versions() == {"strange-one": "1.0"}


@pytest.mark.parametrize("step", ["Unpacking", "Trying", "Putting"])
def test_a_kill_at_any_step_leaves_a_whole_set(home: Home, tmp_path: Path, step: str) -> None:
    """After a kill the old version is in use (or, at the very last step, the new one), and the next install works."""
    home.install(write_wheel(tmp_path, "one"))
    newer = write_wheel(tmp_path, "one", GOOD, version="2.0")
    command = [sys.executable, "-m", "solvitur", "plugins", "install", str(newer)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        seen = next((line for line in process.stderr if line.startswith(step)), "")
        process.send_signal(signal.SIGKILL)
    assert seen
    assert home.versions()["strange-one"] in (("1.0", "2.0") if step == "Putting" else ("1.0",))
    assert home.strangers()["one"].state == "loaded"
    home.install(newer)
    assert home.strangers()["one"].version == "2.0"
    assert not [name for name in home.leftovers() if name.startswith("staging")]
