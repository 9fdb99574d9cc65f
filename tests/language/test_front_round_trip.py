"""Text -> elements -> text is the identity, and no text whatever makes the language front raise."""

from __future__ import annotations

import re

import pytest
from front_models import EVERYTHING, TRANSPORT, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvitur.language.checking import check
from solvitur.language.elements import Model
from solvitur.language.forms_json import from_json, to_json
from solvitur.language.formulas import to_latex
from solvitur.language.names import completions, definition, occurrences
from solvitur.language.parsing import parse
from solvitur.language.printing import to_text

_PIECES = [
    *re.findall(r"\w+|[^\w\s]|\n|[ ]+", EVERYTHING),
    *(
        "..",
        "\x00",
        "\t",
        "\r\n",
        '"',
        "'",
        "#",
        "(",
        "[",
        "{",
        "≤",
        "lambda",
        "1e400",
        "9**9**9",
        "\ud800",
        "\u2028",
    ),
]
_pieces = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=60).map(" ".join)
_lenient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@pytest.mark.parametrize("text", [TRANSPORT, EVERYTHING], ids=["transport", "everything"])
def test_canonical_text_comes_back_unchanged(text: str) -> None:
    """A model written in canonical form is printed letter by letter as it was."""
    parsed = parse(text)
    assert parsed.findings == ()
    assert _no_data_remark(to_text(parsed.model)) == _no_data_remark(text)


def _no_data_remark(text: str) -> str:
    """Leaves out the comment on the ``data`` line, which goes above it."""
    return text.replace("data  # inline\n", "data\n").replace("# inline\n", "")


@given(models)
@_lenient
def test_every_model_is_printed_and_read_back_equal(model: Model) -> None:
    """Printing and parsing any elements gives equal elements, comments included."""
    text = to_text(model)
    parsed = parse(text)
    assert parsed.findings == ()
    assert parsed.model.elements == model.elements
    assert parsed.model.data == model.data
    assert parsed.model.trailing == model.trailing
    assert to_text(parsed.model) == text


@given(models)
@_lenient
def test_every_model_goes_through_json_unchanged(model: Model) -> None:
    """JSON and back gives equal elements and data."""
    assert from_json(to_json(model)) == parse(to_text(model)).model


@given(_pieces)
@settings(_lenient, max_examples=300)
def test_garbage_never_raises_and_what_is_read_of_it_round_trips(text: str) -> None:
    """Whatever is read of any text prints to a text that is read without findings and equal."""
    _survives(text)


@given(st.data())
@settings(_lenient, max_examples=200)
def test_typing_in_a_model_never_raises(data: st.DataObject) -> None:
    """Deleting and inserting anywhere in a good model gives findings at worst."""
    text = EVERYTHING
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        inserted = data.draw(st.sampled_from(_PIECES) | st.text(max_size=4))
        text = text[:start] + inserted + text[end:]
    _survives(text)
    offset = data.draw(st.integers(0, len(text)))
    completions(text, offset)
    definition(text, offset)
    occurrences(text, "x")


def _survives(text: str) -> None:
    parsed = parse(text, "some.slv")
    printed = to_text(parsed.model)
    again = parse(printed)
    assert again.findings == ()
    assert again.model == parsed.model
    assert to_text(again.model) == printed
    checked = check(parsed.model, text)
    for element in parsed.model.elements:
        assert to_latex(element)
        assert text[element.span.start : element.span.end].strip()
    lines = text.split("\n")
    for finding in (*parsed.findings, *checked.findings):
        place = finding.place
        assert finding.text.endswith((".", "?"))
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert (place.line, place.column) <= (place.end_line, place.end_column)


@given(st.lists(st.integers(0, TRANSPORT.count("\n") - 1), unique=True, max_size=6))
@_lenient
def test_comments_survive_wherever_they_stand(where: list[int]) -> None:
    """A comment at the end of any line is still there after a round trip."""
    lines = TRANSPORT.split("\n")
    for number, line in enumerate(where):
        lines[line] += f"  # note {number}."
    text = to_text(parse("\n".join(lines)).model)
    assert all(f"# note {number}." in text for number in range(len(where)))


def test_comments_inside_a_statement_go_above_it() -> None:
    """Comments on inner lines of a statement stay, as whole lines before it."""
    text = "minimize z: x  # first\n  + y  # second\n  - 3  # last\n"
    assert to_text(parse(text).model) == "# first\n# second\nminimize z: x + y - 3  # last\n"


def test_comments_of_a_bad_statement_go_to_the_next_one() -> None:
    """Comments above a statement that cannot be read are not lost with it."""
    assert parse("# keep\nset 3\nset A\n").model.elements[0].comment == "# keep\n"
