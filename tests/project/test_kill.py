"""Killed at any moment, a project opens, and at most the edit in flight is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from killing import kill_once


@pytest.mark.parametrize("seed", range(12))
def test_a_kill_loses_at_most_the_edit_in_flight(tmp_path: Path, seed: int) -> None:
    outcome = kill_once(tmp_path, seed, longest_s=0.5)
    assert outcome.acts > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_two_hundred_kills_lose_at_most_the_edit_in_flight(tmp_path: Path, seed: int) -> None:
    kill_once(tmp_path, seed, longest_s=2.0)
