"""The figures that are promised, on the files of questions, where these are at hand."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest

from solvitur_words.part import Words
from solvitur_words.reading import sentences_of
from solvitur_words.tokens import Numerals, normalised, tokens_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "nl"
TARGETS = {"nl4opt_test": 0.70, "mamo_easy": 0.60, "optibench": 0.30}
PRECISION, SECONDS = 0.90, 0.3

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DATA.is_dir(), reason="the files of questions are not here")]


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.timeout(600)
def test_the_promised_share_is_answered_rightly_and_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accuracy, precision and time per statement on the rows with undisputed answers."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks" / "words"))
    sys.modules.pop("measuring", None)
    from measuring import measure, rows_of  # noqa: PLC0415 - a benchmark, importable only now

    measured = measure(rows_of(DATA / f"{name}.jsonl"))
    assert measured.right / measured.rows >= TARGETS[name]
    assert measured.right / measured.alone >= PRECISION
    assert measured.median <= SECONDS


def test_flawed_questions_are_never_answered_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions that lack or contradict something are asked about."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks" / "words"))
    from measuring import rows_of  # noqa: PLC0415 - a benchmark, importable only now

    rows = rows_of(DATA / "flawed_removed.jsonl")
    assert rows
    assert [row.id for row in rows if Words().draft(row.question, (), {}).complete] == []


def test_solvable_questions_with_a_coefficient_or_the_goal_removed_are_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sixty statements that are answered alone, each with one number of a thing removed: none is answered alone."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks" / "words"))
    from measuring import rows_of  # noqa: PLC0415 - a benchmark, importable only now

    rng, cut = random.Random(2026), []
    for row in (row for name in TARGETS for row in rows_of(DATA / f"{name}.jsonl")):
        if Words().draft(row.question, (), {}).complete and (without := _with_a_gap(row.question, rng)):
            cut.append((row.id, without))
    rng.shuffle(cut)
    assert len(cut) >= 60
    assert [name for name, statement in cut[:60] if Words().draft(statement, (), {}).complete] == []


def _with_a_gap(statement: str, rng: random.Random) -> str:
    """Removes a number that tells what one thing takes or gives: one behind a verb such as requires or costs."""
    text = normalised(statement)
    places = []
    for sentence in sentences_of(text):
        for token in Numerals(tokens_of(text, sentence.start, sentence.end)).read():
            lead = text[max(sentence.start, token.start - 12) : token.start].rstrip(" $")
            if (
                token.kind == "num"
                and not token.text.isalpha()
                and re.search(r"\b(requires?|contains?|costs?|takes?|produces?|is)$", lead)
            ):
                places.append(token)
    if not places:
        return ""
    gone = rng.choice(places)
    return statement[: gone.start] + statement[gone.end :]
