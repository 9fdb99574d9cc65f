"""The sample plugin of the guide, built as a real wheel and really installed from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parents[1] / "sample_plugin"
KNAPSACK = """\
set Things
param worth[Things]
param weight[Things]
var take[t in Things] binary
maximize value: sum(worth[t] * take[t] for t in Things)
subject to room: sum(weight[t] * take[t] for t in Things) <= 5

data
  Things = lamp, tent, rope
  worth = {lamp: 4, tent: 9, rope: 5}
  weight = {lamp: 2, tent: 5, rope: 3}
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "solvitur", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False, stdin=subprocess.DEVNULL)


def asked(*words: str) -> Any:
    ended = run(*words, "--json")
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    return json.loads(ended.stdout)


def test_the_sample_has_fewer_than_thirty_lines() -> None:
    """A whole plugin stays short."""
    assert len((SAMPLE / "greedy_knapsack.py").read_text().splitlines()) < 30


def test_the_sample_is_installed_used_switched_and_removed(tmp_path: Path) -> None:
    """From a folder to a solver that solves, to none of it left; every step as a script would do it."""
    model = tmp_path / "trip.slv"
    model.write_text(KNAPSACK, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation", "-w",
         str(tmp_path), str(SAMPLE)],
        check=True, timeout=110,
    )  # fmt: skip
    wheel = next(tmp_path.glob("*.whl"))
    installed = asked("plugins", "install", str(wheel))
    assert installed["done"] is True
    assert [package["name"] for package in installed["packages"]] == ["greedy-knapsack"]
    assert installed["entries"][0]["provides"] == {"solvers": ["greedy-knapsack"]}
    assert "greedy" in [plugin["name"] for plugin in asked("plugins", "list")]
    answer = asked("solve", str(model), "--solver", "greedy-knapsack")
    assert (answer["status"], answer["objective"], answer["verified"]) == ("feasible", 9.0, True)
    assert asked("plugins", "disable", "greedy")["state"] == "disabled"
    without = run("solve", str(model), "--solver", "greedy-knapsack")
    assert without.returncode == 2
    assert "there is no solver 'greedy-knapsack'" in without.stderr
    assert asked("plugins", "enable", "greedy")["state"] == "loaded"
    checked = run("plugins", "check", "greedy")
    assert (checked.returncode, checked.stdout.splitlines()[0]) == (0, "greedy   passed")
    assert asked("plugins", "remove", "greedy")["done"] is True
    assert "greedy" not in [plugin["name"] for plugin in asked("plugins", "list")]
    gone = run("plugins", "remove", "greedy")
    assert (gone.returncode, gone.stderr) == (2, "error: no plugin 'greedy' was installed; there is none\n")


def test_wrong_names_and_failures_have_their_exit_codes(tmp_path: Path) -> None:
    """2 for what was mistyped, 5 for a plugin that fails; never a traceback."""
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "pyproject.toml").write_text(
        (SAMPLE / "pyproject.toml").read_text(encoding="utf-8").replace("1.0", "1.1"),
        encoding="utf-8",
    )
    (bad / "greedy_knapsack.py").write_text("raise RuntimeError('no licence')\n", encoding="utf-8")
    for words, code, said in (
        (("install", str(bad)), 5, "did not pass its trial, so nothing was changed: it cannot be loaded: no licence"),
        (("install", str(tmp_path)), 2, "has no pyproject.toml"),
        (("enable", "hihgs"), 2, "there is no plugin 'hihgs'; did you mean 'highs'?"),
        (("check", "hihgs"), 2, "there is no plugin 'hihgs'; did you mean 'highs'?"),
        (("remove", "highs"), 2, "ships with Solvitur and cannot be removed"),
        (("check", str(bad)), 5, ""),
    ):
        ended = run("plugins", *words)
        assert ended.returncode == code, ended.stderr
        assert said in ended.stderr
        assert "Traceback" not in ended.stderr
