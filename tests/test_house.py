"""The house rules that no linter knows: sizes of files and functions, names, hooks that are documented and used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for room in ("app", "plugins", "resources") for path in (ROOT / room).rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES = 420, 62
BANNED_NAMES = {"utils", "util", "misc", "helpers", "helper", "common", "manager"}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yields every function of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_outgrows_one_idea() -> None:
    """Files stay within the agreed length; the test names the offenders."""
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


def test_no_function_outgrows_a_screen() -> None:
    """Functions stay within the agreed length; the test names the offenders."""
    long = []
    for path in SOURCES:
        for function in functions(ast.parse(path.read_text("utf-8"))):
            size = (function.end_lineno or 0) - function.lineno + 1
            if size > MOST_FUNCTION_LINES:
                long.append(f"{path.relative_to(ROOT)}:{function.name} {size}")
    assert long == []


def test_modules_and_classes_are_named_by_what_they_hold() -> None:
    """No module or class is a drawer for odds and ends."""
    bad = [str(path.relative_to(ROOT)) for path in SOURCES if path.stem in BANNED_NAMES]
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Helper|Utils?)$", node.name):
                bad.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert bad == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_names_are_documented(path: Path) -> None:
    """Every module, public class and public function says in a sentence what it is for."""
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    ]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_nothing_written_for_later_is_left_behind() -> None:
    """No TODO, no FIXME, and no path of somebody's machine is in the sources."""
    words = re.compile(r"\b(TODO|FIXME|XXX)\b|/home/|/root/")
    found = [str(path.relative_to(ROOT)) for path in SOURCES if words.search(path.read_text("utf-8"))]
    assert found == []
