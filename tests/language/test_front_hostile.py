"""Hostile texts cost a finding, never a traceback, a hang or the memory of the machine."""

from __future__ import annotations

import pytest

from solvitur.language.checking import check
from solvitur.language.expressions import MAX_TERMS
from solvitur.language.lexing import STATEMENT_START
from solvitur.language.names import completions
from solvitur.language.parsing import MAX_ENTRY, MAX_FINDINGS, MAX_STATEMENT, MAX_TEXT, parse
from solvitur.language.printing import to_text

DEEP = 30_000
_NESTED = {
    "round brackets": "minimize z: " + "(" * DEEP,
    "calls": "minimize z: " + "abs(" * DEEP + "x" + ")" * DEEP,
    "indices": "minimize z: " + "x[" * DEEP + "1" + "]" * DEEP,
    "minus": "minimize z: " + "-" * DEEP + "x",
    "not": "minimize z: " + "not " * DEEP + "x",
    "powers": "minimize z: " + "2 ** " * DEEP + "x",
    "choices": "minimize z: " + "1 if a else " * DEEP + "x",
    "products": "minimize z: " + "x * " * DEEP + "x",
    "sums": "minimize z: " + "x + " * DEEP + "x",
    "differences": "minimize z: " + "x - " * 200 + "x",
    "ranges": "set T = " + "1.." * DEEP + "2",
    "more indices": "minimize z: x" + "[1]" * DEEP,
    "braces in data": "data\n a = " + "{" * DEEP,
    "dicts in data": "data\n a = " + "{a: " * DEEP,
    "lists in data": "data\n a = " + "[" * DEEP + "]" * DEEP,
}


@pytest.mark.parametrize("text", _NESTED.values(), ids=_NESTED.keys())
def test_deep_nesting_is_one_finding(text: str) -> None:
    """Nesting without end is refused in a sentence, before any recursion gets deep."""
    parsed = parse(text)
    assert len(parsed.findings) == 1
    assert parsed.model.elements == ()


@pytest.mark.parametrize(
    "number, expected",
    [("1e400", "larger"), ("9" * 500, "too many digits"), ("1_000_", "not a number"), ("1e99999999999", "larger")],
)
@pytest.mark.parametrize("frame", ["minimize z: {} * x", "data\n  a = {}", "param n >= {}"])
def test_numbers_beyond_floating_point_are_refused(number: str, expected: str, frame: str) -> None:
    """Numbers that no computer handles are named with their place."""
    (finding,) = parse(frame.format(number)).findings
    assert expected in finding.text
    assert finding.place.column > 1


def test_huge_powers_are_read_but_never_computed() -> None:
    """9 ** 9 ** 9 ** 9 stays an expression."""
    parsed = parse("param n = 9 ** 9 ** 9 ** 9")
    assert parsed.findings == ()
    assert to_text(parsed.model) == "param n = 9 ** 9 ** 9 ** 9\n"


def test_a_long_sum_is_read_and_stays_shallow() -> None:
    """A sum of as many terms as are allowed is read, printed and checked without deep recursion."""
    text = "var x\nminimize z: " + " + ".join(f"{n} * x - x" for n in range(1, MAX_TERMS // 2)) + "\n"
    parsed = parse(text)
    assert parsed.findings == ()
    assert to_text(parsed.model) == text
    assert check(parsed.model, text).degree == {"z": 1}


def test_a_line_longer_than_allowed_is_refused_by_its_number_and_the_rest_is_read() -> None:
    """The statement after a monstrous line is still there."""
    text = "set A\nset B = " + "b, " * (MAX_STATEMENT // 3) + "c\nset C\n"
    parsed = parse(text, "big.slv")
    assert [element.name for element in parsed.model.elements] == ["A", "C"]
    (finding,) = parsed.findings
    assert (finding.place.file, finding.place.line) == ("big.slv", 2)
    assert "1 million characters" in finding.text


def test_an_entry_longer_than_allowed_is_sent_to_a_file() -> None:
    """Bulk data in the data section is refused with what to do instead."""
    text = "data\n  a = " + "1" * (MAX_ENTRY + 10) + "\n  b = 2\n"
    parsed = parse(text)
    assert [entry.name for entry in parsed.model.data] == ["b"]
    assert "from" in parsed.findings[0].text and parsed.findings[0].place.line == 2


def test_data_longer_than_a_statement_is_fine() -> None:
    """An entry may be longer than a statement of the model."""
    numbers = ", ".join("1" for _ in range(MAX_STATEMENT // 3 + 100))
    parsed = parse(f"data\n  a = [{numbers}]\n")
    assert parsed.findings == ()


def test_a_text_of_200_million_characters_is_refused_at_once() -> None:
    """A model of absurd size is not even looked at."""
    text = "a" * (MAX_TEXT * 12)
    assert "16 million" in parse(text).findings[0].text
    assert completions(text, len(text)) == []


def test_reading_stops_when_nothing_makes_sense() -> None:
    """A file that is no model ends after some findings, the last of which says so."""
    parsed = parse("Lorem ipsum, dolor.\n" * 100_000)
    assert len(parsed.findings) == MAX_FINDINGS + 1
    assert "Is this a model?" in parsed.findings[-1].text


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\ud800", "\u200b", "￾"])
def test_characters_from_elsewhere_are_named(character: str) -> None:
    """A control character in the model is told by its number, wherever it stands."""
    for text in (f"set {character}A", f"{character}", f"minimize z: x {character} y", f"data\n  a = {character}"):
        (finding,) = parse(text).findings
        assert f"U+{ord(character):04X}" in finding.text


@pytest.mark.parametrize("character", ["\x00", "\x07", "\ud800"])
def test_labels_hold_no_control_characters(character: str) -> None:
    """A control character inside quotes is refused too: file names and labels never carry it on."""
    for text in (f'set A = {{"a{character}"}}', f'data\n  a from "a{character}.csv"', f'set A "a{character}"'):
        (finding,) = parse(text).findings
        assert f"U+{ord(character):04X}" in finding.text


def test_nothing_in_a_model_is_ever_called() -> None:
    """Python that is no model is refused by name: no attributes, no calls of unknown functions, no lambdas."""
    for expression in ("__import__('os').system('x')", "x.__class__", "(lambda: 1)()", "[i for i in S]", "f'{x}'"):
        parsed = parse(f"minimize z: {expression}")
        assert parsed.model.elements == () and len(parsed.findings) == 1


def test_many_lines_of_blanks_and_comments_are_read_quickly() -> None:
    """A statement after a million blank lines is found, with its comments."""
    parsed = parse("\n" * 1_000_000 + "# here\nset A\n")
    assert parsed.model.elements[0].comment.endswith("# here\n")


def test_the_pattern_of_statements_does_not_backtrack() -> None:
    """Long runs of blanks and hashes do not make the line pattern slow."""
    assert STATEMENT_START.match("data" + " " * 100_000 + "x") is None
    assert parse(("data" + " " * 1000 + "x\n") * 100).findings


@pytest.mark.parametrize(
    "text",
    [
        "set N within N * N\nset M = N * N * M\n",
        "".join(f"set A{k} within A{k - 1} * A{k - 1}\n" for k in range(3000)),
        "".join(f"set A{k} within A{k + 1}\n" for k in range(3000)),
        "".join(f"let p{k} = p{k + 1} + p{k + 2}\n" for k in range(3000)),
    ],
    ids=["through itself", "doubling", "chain", "parameters"],
)
def test_long_chains_of_definitions_are_checked_without_deep_recursion(text: str) -> None:
    """Sets that grow without end or refer far ahead cost neither time nor the stack."""
    checked = check(parse(text).model, text)
    assert checked.symbols
    longer = text + "set S\nparam x["
    assert "S" in [completion.word for completion in completions(longer, len(longer))]
