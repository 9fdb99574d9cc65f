"""The guide to plugins keeps up with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solvitur.hooks.specs import HOOKS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_section_that_names_the_members_of_its_parts(name: str) -> None:
    """A hook that is not documented does not ship."""
    section = re.search(rf"^### {name}\n(.+?)(?=^##)", GUIDE, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert "`name`" in section[1] or "Example(name" in section[1]


def test_the_plugin_in_the_guide_is_the_one_that_is_tested() -> None:
    """What the guide shows is the sample that other tests build, install and use."""
    assert (ROOT / "tests" / "sample_plugin" / "greedy_knapsack.py").read_text(encoding="utf-8") in GUIDE
