"""Numbers, sentences, tables and things decided about are found where they stand."""

# ruff: noqa: E501 - statements are quoted whole

from __future__ import annotations

import pytest

from solvitur_words.entities import line_of, with_numbered_names
from solvitur_words.grouping import find_group
from solvitur_words.reading import is_english, sentences_of
from solvitur_words.tables import grids_of, without
from solvitur_words.tokens import Numerals, normalised, tokens_of

NUMBERS = {
    "12,500 kg": (12500.0, "plain"),
    "$3.75 each": (3.75, "money"),
    "thirty-five per cent of": (0.35, "percent"),
    "two thirds of": (2 / 3, "times"),
    "one-half of": (0.5, "times"),
    "thrice the": (3.0, "times"),
    "two and a half times the": (2.5, "times"),
    "three hundred and twenty boxes": (320.0, "plain"),
    "1.2 million litres": (1_200_000.0, "plain"),
    "fifteen point five times the": (15.5, "times"),
    "at most -40": (-40.0, "plain"),
    "seven euros": (7.0, "money"),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_read_with_their_sort(text: str) -> None:
    """Digits, words, fractions, percentages, money and multiples give value and sort."""
    found = [token for token in Numerals(tokens_of(normalised(text))).read() if token.kind == "num"]
    assert [(token.value, token.sort) for token in found] == [(pytest.approx(NUMBERS[text][0]), NUMBERS[text][1])]


@pytest.mark.parametrize("text", ["a third factory", "one of them", "no number"])
def test_words_that_are_no_numbers_stay_words(text: str) -> None:
    """Ordinals and the pronoun "one" are not numbers."""
    assert not [token for token in Numerals(tokens_of(text)).read() if token.kind == "num"]


def test_normalising_keeps_every_place() -> None:
    """Signs of LaTeX become plain ones without moving anything."""
    text = r"Allocate $x_1$ and $x_2$ with $x_1 \leq 40$ at \$5 each."
    assert len(normalised(text)) == len(text)
    assert "≤" in normalised(text) and "$ 5" in normalised(text)


def test_sentences_end_at_stops_and_not_at_decimals_or_units() -> None:
    """A decimal point and an abbreviation do not end a sentence; line ends and list marks do."""
    text = "It has 2.5 sq. ft of space. It is open\n- Rule one.\n- Rule two."
    assert [text[s.start : s.end] for s in sentences_of(text)] == [
        "It has 2.5 sq. ft of space.", "It is open", "Rule one.", "Rule two.",
    ]  # fmt: skip


def test_english_is_told_from_other_languages() -> None:
    """The words decide, not the letters."""
    assert is_english("The farm has forty cows and the barn can hold at most thirty of them.")
    assert not is_english("La granja tiene cuarenta vacas y el establo solamente puede alojar treinta vacas grandes.")


@pytest.mark.parametrize(
    "table",
    [
        "| Kind | Cost |\n|---|---|\n| Oak | $4 |\n| Pine | $2 |",
        "\\begin{tabular}{|c|c|}\\hline Kind & Cost \\\\ \\hline Oak & 4 \\\\ Pine & 2 \\\\ \\hline\\end{tabular}",
        "Kind,Cost\nOak,4\nPine,2",
    ],
)
def test_tables_are_found_and_taken_out(table: str) -> None:
    """Markdown, LaTeX and CSV become the same cells, and their text is no longer read as sentences."""
    text = f"Choose wood.\n{table}\nSpend little."
    grids = grids_of(text)
    assert [[cell.text.strip("$") for cell in row] for grid in grids for row in grid.rows] == [
        ["Oak", "4"],
        ["Pine", "2"],
    ]
    left = without(text, grids)
    assert len(left) == len(text) and "Oak" not in left and "Spend little." in left


THINGS = {
    "A mill grinds oats and barley. Each sack of oats takes 2 hours and each sack of barley takes 3 hours.": {
        "oat", "barley",
    },
    "At plant 1, 3 tons of ore are used. At plant 2, 5 tons of ore are used. Plant 1 makes 4 units while plant 2 makes "
    "6 units. How many days should each plant run?": {"plant 1", "plant 2"},
    "A ferry can carry 40 cars while a barge can carry 90 cars. How many ferries and barges are needed?": {
        "ferry", "barge",
    },
    "Budget goes to X1, X2 and X3. X1 costs $3, X2 costs $4 and X3 costs $6 per unit.": {"x1", "x2", "x3"},
    "It sells a small kit and a large kit. The small kit holds 4 pens and the large kit holds 9 pens.": {
        "small kit", "large kit",
    },
}  # fmt: skip


@pytest.mark.parametrize("text", THINGS)
def test_what_is_decided_about_is_found(text: str) -> None:
    """Lists, contrasts, numbered names and symbols are told from those who decide and what is measured."""
    plain = normalised(text)
    read = [Numerals(tokens_of(plain, each.start, each.end)).read() for each in sentences_of(plain)]
    group = find_group([line_of(tokens) for tokens in with_numbered_names(read)])
    assert group is not None
    assert {entity.name.removeprefix("sack ") for entity in group.entities} == THINGS[text]
