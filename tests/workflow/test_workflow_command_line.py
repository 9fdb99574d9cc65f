"""The verb 'workflow': lists, writes and runs, with the exit codes of every verb."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a folder."""
    command = [sys.executable, "-m", "solvitur", "workflow", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90, check=False)


def test_a_pattern_is_listed_written_and_run_and_known_the_second_time(tmp_path: Path) -> None:
    """Results go to standard output as one JSON value; the second run takes them from the first."""
    listed = json.loads(run(tmp_path, "patterns", "--json").stdout)
    assert len(listed) >= 10 and all(each["story"] for each in listed)
    for file in ("flow.json", "flow.txt"):
        assert run(tmp_path, "write", "human_approval", file).returncode == 0
    for options, said in (((), "approved"), (("--set", "decision.alone=refuse"), "refused")):
        ended = run(tmp_path, "run", "flow.txt", "--json", *options)
        assert ended.returncode == 0, ended.stderr
        told = json.loads(ended.stdout)
        assert set(told["states"].values()) == {"done"}
        assert said in told["outputs"]["way"]["out"]
    assert "plan (known already)" in ended.stderr
    assert json.loads(run(tmp_path, "run", "flow.json", "--json").stdout)["title"] == told["title"]


def test_faults_have_their_exit_codes(tmp_path: Path) -> None:
    """Bad input is 2 with file and line, a failed step is 5, and never a traceback."""
    (tmp_path / "bad.flow").write_text("a = value(\n", "utf-8")
    (tmp_path / "wrong.flow").write_text("a = vallue()\n", "utf-8")
    (tmp_path / "code.flow").write_text("v = value()\na = python(value=v.value)\n", "utf-8")
    (tmp_path / "fails.flow").write_text('a = load_table(file="not there.csv")\n', "utf-8")
    for words, code, said in (
        (("run", "nothing.flow"), 2, "no such file"),
        (("run", "bad.flow"), 2, "bad.flow, line 1"),
        (("run", "wrong.flow"), 2, "did you mean 'value'"),
        (("run", "code.flow"), 2, "approved"),
        (("run", "code.flow", "--set", "x.y=1"), 2, "step.option"),
        (("run", "fails.flow"), 5, "there is no such file"),
        (("write", "human_aproval", "x"), 2, "did you mean"),
        (("run", "code.flow", "--yes"), 0, ""),
    ):
        ended = run(tmp_path, *words)
        assert (ended.returncode, "Traceback" in ended.stderr) == (code, False), ended.stderr
        assert said in ended.stderr
