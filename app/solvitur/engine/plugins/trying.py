"""What a worker process does in the trial of a plugin: looks at every part and tries all but the solvers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from solvitur.engine.choosing import choices
from solvitur.engine.plugins.known_instances import known_instances, long_instances
from solvitur.hooks.contracts import Imported, Solved
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import LOADED, Plugins
from solvitur.hooks.parts import Part
from solvitur.hooks.specs import HOOKS
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.options import option_specs, read_options
from solvitur.problem.pictures import Picture
from solvitur.problem.result import Result, Status

_NOISE = bytes((7 * i * i + 13 * i) % 256 for i in range(4096))
_GARBAGE = (
    b"",
    _NOISE,
    b"\x00" * 512,
    b"a,b\n1,\xff\n\n,,,\n",
    b"{" * 3000,
    b"NAME x\nROWS\n N c\nCOLUMNS\n",
    b"9" * 5000,
)
_WITH_OPTIONS = ("solvers", "chat_models", "steps")

Doing = Callable[[str], None]


def try_parts(loaded: Plugins, name: str, doing: Doing) -> dict[str, Any]:
    """Tries the parts of one loaded plugin; ``doing`` is told before each, so that a hang has a name.

    Returns
    -------
    dict
        ``findings``; ``provides``, the names of its parts by hook; ``solvers``, for each the positions among the
        known and the long instances that it can take, and because of what it can take none.
    """
    entry = loaded.entry(name)
    if entry is None or entry.state != LOADED:
        cause = "it is not installed" if entry is None else entry.cause
        return {
            "findings": (Finding(Severity.ERROR, f"it cannot be loaded: {cause}"),),
            "provides": {},
            "solvers": (),
        }
    findings: list[Finding] = []
    if entry.cause:
        findings.append(Finding(Severity.ERROR, f"a part of it cannot be used: {entry.cause}"))
    parts = {hook: tuple(part for part in loaded.parts(hook) if part.plugin == name) for hook in HOOKS}
    plugins = Plugins(parts=parts)
    findings += _try_all(plugins, doing)
    return {
        "findings": tuple(findings),
        "provides": {hook: list(names) for hook, names in entry.provides.items()},
        "solvers": tuple(_suited(part.name, plugins, doing) for part in plugins.solvers()),
    }


def _suited(name: str, plugins: Plugins, doing: Doing) -> dict[str, Any]:
    doing(f"what solver '{name}' can take")
    verdicts = {
        group: [next(c for c in choices(plugins, each.instance) if c.name == name) for each in instances]
        for group, instances in (("known", known_instances()), ("long", long_instances()))
    }
    able = {group: [at for at, verdict in enumerate(found) if verdict.able] for group, found in verdicts.items()}
    return {"name": name, "because": verdicts["known"][0].because, **able}


def _try_all(plugins: Plugins, doing: Doing) -> list[Finding]:
    solved = _solved()
    findings: list[Finding] = []
    for hook in _WITH_OPTIONS:
        for part in plugins.parts(hook):
            findings += _guarded(f"the options of '{part.name}'", doing, part, _try_options)
    for part in plugins.importers():
        findings += _guarded(f"importer '{part.name}' with files of noise", doing, part, _try_importer)
    for part in plugins.visualisers():
        findings += _guarded(f"visualiser '{part.name}'", doing, part, lambda tried: _try_visualiser(tried, solved))
    for part in plugins.explainers():
        findings += _guarded(f"explainer '{part.name}'", doing, part, lambda tried: _try_explainer(tried, solved))
    for part in plugins.exporters():
        findings += _guarded(f"exporter '{part.name}'", doing, part, lambda tried: _try_exporter(tried, solved))
    for part in plugins.kinds():
        findings += _guarded(f"kind '{part.name}' with an empty problem", doing, part, _try_kind)
    for part in plugins.examples():
        findings += _guarded(f"example '{part.name}'", doing, part, _try_example)
    return findings


def _solved() -> Solved:
    """Returns a solved small instance, for the parts that look at answers."""
    instance = known_instances()[1].instance
    answer = np.array([5.0, 0.0, 15.0, 5.0, 25.0, 0.0])
    result = Result(Status.FEASIBLE, answer, instance.objective_at(answer))
    return Solved(Problem("trial", "", Formulation("matrix", "", instance)), instance, result)


def _guarded(what: str, doing: Doing, part: Part, attempt: Callable[[Any], Iterator[str]]) -> list[Finding]:
    doing(what)
    found: list[Finding] = []
    try:
        found += [Finding(Severity.ERROR, f"{what}: {text}", element=part.name) for text in attempt(part.part)]
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a plugin is called, and may try to end the program
        found.append(Finding(Severity.ERROR, f"{what}: it failed: {sentence_of(error)}", element=part.name))
    return found


def _try_options(part: Any) -> Iterator[str]:
    options = getattr(part, "options", None)
    if options is None:
        return
    if not hasattr(options, "__dataclass_fields__"):
        yield "'options' is no dataclass; give a frozen dataclass whose fields are made with 'option', or None"
        return
    specs = option_specs(options)
    without = sorted(set(options.__dataclass_fields__) - {spec.name for spec in specs})
    if without:
        yield f"'{without[0]}' has no default"
        return
    read_options(options, {})
    for spec in specs:
        read_options(options, {spec.name: spec.default})


def _try_importer(part: Any) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="solvitur-trial-") as folder:
        for number, garbage in enumerate(_GARBAGE, start=1):
            path = Path(folder) / f"noise-{number}{next(iter(part.suffixes), '')}"
            path.write_bytes(garbage)
            share = part.recognises(path, garbage[:4096])
            if not isinstance(share, int | float) or not 0 <= share <= 1:
                yield f"'recognises' gave {share!r} where a number from 0 to 1 is expected"
            try:
                read = part.read(path, {})
            except InputError as error:
                if "Traceback" in str(error):
                    yield "its refusal of a malformed file shows a traceback"
                continue
            except Exception as error:  # noqa: BLE001 - a plugin is called
                yield f"a malformed file makes it fail; expected an InputError: {sentence_of(error)}"
                return
            if not isinstance(read, Imported):
                yield f"'read' gave a {type(read).__name__} where an Imported is expected"
                return


def _try_visualiser(part: Any, solved: Any) -> Iterator[str]:
    suits = part.suits(solved)
    if not isinstance(suits, int | float) or not 0 <= suits <= 1:
        yield f"'suits' gave {suits!r} where a number from 0 to 1 is expected"
    elif suits > 0:
        strange = [each for each in part.draw(solved) if not isinstance(each, Picture)]
        if strange:
            yield f"'draw' gave a {type(strange[0]).__name__} where a Picture is expected"


def _try_explainer(part: Any, solved: Any) -> Iterator[str]:
    strange = [each for each in part.explain(solved) if not isinstance(each, Finding)]
    if strange:
        yield f"'explain' gave a {type(strange[0]).__name__} where a Finding is expected"


def _try_exporter(part: Any, solved: Any) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="solvitur-trial-") as folder:
        for thing in (solved.problem, solved.instance, solved):
            if not part.accepts(thing):
                continue
            path = Path(folder) / f"out{next(iter(part.suffixes), '')}"
            try:
                part.write(thing, path)
            except InputError:  # it may refuse this very thing in a sentence
                continue
            if not path.exists():
                yield f"it wrote no file for a {type(thing).__name__}"


def _try_kind(part: Any) -> Iterator[str]:
    found = part.check(Problem())
    strange = [each for each in found if not isinstance(each, Finding)]
    if strange:
        yield f"'check' gave a {type(strange[0]).__name__} where a Finding is expected"


def _try_example(part: Any) -> Iterator[str]:
    if not (Path(part.folder) / part.model).is_file():
        yield f"its model '{part.model}' is not in its folder"
