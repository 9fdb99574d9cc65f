"""Writes wheels by hand, quickly, for tests that need many."""

from __future__ import annotations

import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from overlays import HEAD

GOOD = """
def solve(instance, options, job):
    weight, answer = instance.matrix.value, np.zeros(instance.columns)
    for item in np.argsort(-instance.cost):
        if not job.cancelled and weight @ answer + weight[item] <= instance.row_upper[0]:
            answer[item] = 1
    return Result(Status.FEASIBLE, answer, instance.objective_at(answer))

FEW = frozenset({Feature.BINARY, Feature.LINEAR, Feature.ONE_ROW})

@hook
def solvers(): return [solver('NAME-solver', solve, handles=FEW)]
"""


def write_wheel(
    folder: Path,
    name: str,
    source: str = GOOD,
    *,
    version: str = "1.0",
    requires: Sequence[str] = (),
    plugin: str | None = "",
    files: Mapping[str, str] | None = None,
) -> Path:
    """Writes the wheel ``strange-NAME`` with one module; ``plugin`` is its entry point's name, None for no plugin."""
    folder.mkdir(parents=True, exist_ok=True)
    module, info = f"strange_{name}", f"strange_{name}-{version}.dist-info"
    needed = "".join(f"Requires-Dist: {each}\n" for each in requires)
    content = {
        f"{module}.py": textwrap.dedent(HEAD) + textwrap.dedent(source).replace("NAME", name),
        **(files or {}),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: strange-{name}\nVersion: {version}\nLicense: MIT\n"
        + needed,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if plugin is not None:
        content[f"{info}/entry_points.txt"] = f"[solvitur]\n{plugin or name} = {module}\n"
    record = "".join(f"{file},,\n" for file in (*content, f"{info}/RECORD"))
    path = folder / f"strange_{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**content, f"{info}/RECORD": record}.items():
            archive.writestr(file, text)
    return path
