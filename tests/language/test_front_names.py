"""Names: completion, definition, occurrences and rename, also in text that cannot be read as a whole."""

from __future__ import annotations

import pytest
from front_models import EVERYTHING, TRANSPORT

from solvitur.language.checking import check
from solvitur.language.elements import Span
from solvitur.language.names import completions, definition, occurrences, occurrences_at, rename
from solvitur.language.parsing import parse
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Severity


def words(marked: str) -> list[str]:
    """Returns the completions at the bar in a text."""
    offset = marked.index("|")
    return [completion.word for completion in completions(marked.replace("|", "", 1), offset)]


def texts(text: str, spans: tuple[Span, ...]) -> list[str]:
    """Returns what stands at spans."""
    return [text[span.start : span.end] for span in spans]


def renamed(text: str, old: str, new: str, at: int | None = None) -> str:
    """Returns the text after a rename."""
    for span, word in reversed(rename(text, old, new, at=at)):
        text = text[: span.start] + word + text[span.end :]
    return text


DECLARED = 'set A\nset B within A\nparam cost[A] unit "EUR"\nvar x[a in A]\nvar y\n'


@pytest.mark.parametrize(
    "marked, first, absent",
    [
        ("|", ["set", "param", "let", "var"], []),
        ("set A\npa|", ["set", "param"], ["A"]),
        ("# only a comment |", [], ["set"]),
        ("set A  # about |", [], ["within"]),
        ('set A "some |', [], ["within"]),
        ("set |", [], ["set", "A"]),
        ("set A\nset B |", ["within"], ["A"]),
        ("set A\nset B within |", ["A"], ["set"]),
        (DECLARED + "param d[|", ["A", "B"], ["y", "sum"]),
        (DECLARED + "param d[a |", ["in", "if"], ["A"]),
        (DECLARED + "param d[a in |", ["A", "B"], ["x"]),
        (DECLARED + "param d[a in A if |", ["a"], ["x"]),
        (DECLARED + "param d >= |", ["cost"], ["x", "y"]),
        (DECLARED + "param d >= 0 |", ["integer", "binary", "default"], ["x"]),
        (DECLARED + "var w |", ["integer", "binary", "semicontinuous"], ["default"]),
        (DECLARED + "minimize z: |", ["cost", "x", "y"], ["set"]),
        (DECLARED + "minimize z: sum(|", ["cost", "x"], ["set"]),
        (DECLARED + "minimize z: sum(cost[|] for k in A)", ["k", "A"], ["x"]),
        (DECLARED + "minimize z: sum(cost[k] * x[k] |", ["for", "in"], ["cost"]),
        (DECLARED + "minimize z: sum(cost[k] for |", ["a"], ["cost"]),
        (DECLARED + "minimize z: sum(cost[k] for k in |", ["A", "B"], ["x"]),
        (DECLARED + "minimize z: 3 +\n  |", ["cost", "x"], ["set"]),
        (DECLARED + "subject |", ["to"], ["x"]),
        (DECLARED + "subject to c[p in A]: x[p] |", ["if", "else", "and", "or", "soft", "unit"], ["x"]),
        (DECLARED + "subject to c[p in A]: |", ["p", "cost", "x"], []),
        (DECLARED + "data\n  |", ["A", "B", "cost"], ["x"]),
        (DECLARED + "data\n  A = 1, 2\n  |", ["B", "cost", "A"], ["x"]),
        (DECLARED + "data\n  cost |", ["from"], ["A"]),
        (DECLARED + "data\n  cost = {a: 1}\nset |", [], ["A"]),
        (DECLARED + "param bad >= >=\nsubject to c: x[1] <= |", ["cost"], ["set"]),
    ],
)
def test_completions_fit_the_place(marked: str, first: list[str], absent: list[str]) -> None:
    """What can stand at the cursor comes first, and nothing that cannot."""
    offered = words(marked)
    assert offered[: len(first)] == first if first else offered == []
    assert not set(absent) & set(offered)


def test_completions_tell_role_and_shape() -> None:
    """A parameter shows its indices and unit."""
    text = DECLARED + "minimize z: "
    found = {completion.word: completion for completion in completions(text, len(text))}
    assert (found["cost"].role, found["cost"].detail) == ("param", "[A] EUR")
    assert (found["x"].role, found["x"].detail) == ("var", "[a in A]")
    assert found["sum"].role == "function"


def test_completions_answer_everywhere() -> None:
    """Every offset of a model has an answer, and no word twice."""
    for offset in range(0, len(EVERYTHING) + 1, 3):
        offered = [completion.word for completion in completions(EVERYTHING, offset)]
        assert len(offered) == len(set(offered))


def test_definition_leads_to_the_declaration() -> None:
    """From a use to the element, from the data section too."""
    for place in ("cost[p, m] *", "cost   from".replace("   ", " ")):
        found = definition(TRANSPORT, TRANSPORT.index(place) + 2)
        assert found is not None
        assert TRANSPORT[found.start - 6 : found.end] == "param cost"


def test_definition_of_an_index_is_where_it_is_bound() -> None:
    """The innermost binder counts."""
    text = "minimize z: sum(x[i] for i in A) + sum(y[i] for i in B if i > 1)"
    first = definition(text, text.index("x[i]") + 2)
    second = definition(text, text.index("i > 1"))
    assert first == Span(text.index("i in A"), text.index("i in A") + 1)
    assert second == Span(text.index("i in B"), text.index("i in B") + 1)


def test_definition_of_nothing_is_nothing() -> None:
    """Blanks, numbers and unknown names have no definition."""
    for offset in (0, 3, 10**9):
        assert definition("# a\nminimize z: 3 * foo", offset) is None
    assert definition("minimize z: foo", 13) is None


def test_occurrences_leave_out_hidden_names_labels_and_comments() -> None:
    """An index that hides the name, a label of the same letters, comments and texts do not count."""
    text = 'set A  # A\nparam p[A]\nlet q = sum(A for A in p) + len(A) "A"\ndata\n  A = A, b\n'
    found = occurrences(text, "A")
    assert [span.start for span in found] == [4, 19, text.index("len(A)") + 4, text.index("  A = A") + 2]


def test_occurrences_count_statements_that_cannot_be_read() -> None:
    """A name in a broken statement is renamed with the rest."""
    text = "set A\nparam p[A] >= >= 1\nvar x[a in A]\n"
    assert len(occurrences(text, "A")) == 3
    assert renamed(text, "A", "Cities") == text.replace("A", "Cities")


def test_occurrences_at_keep_to_the_binder() -> None:
    """Two indices of one name in two sums are two things."""
    text = "minimize z: sum(x[i] for i in A) + sum(y[i] for (i, j) in B if i > j)"
    assert len(occurrences(text, "i")) == 5
    assert len(occurrences_at(text, text.index("x[i]") + 2)) == 2
    assert texts(text, occurrences_at(text, text.index("i > j"))) == ["i", "i", "i"]
    assert occurrences_at(text, 9) == (Span(9, 10),)
    assert occurrences_at(text, 8) == ()


@pytest.mark.parametrize("name", ["Plants", "cost", "ship", "freight", "meet_demand", "p"])
def test_a_rename_changes_every_use_and_nothing_else(name: str) -> None:
    """The renamed model is the same model under another name."""
    text = renamed(TRANSPORT, name, "Other_1")
    assert occurrences(text, name) == ()
    assert len(occurrences(text, "Other_1")) == len(occurrences(TRANSPORT, name))
    assert renamed(text, "Other_1", name) == TRANSPORT
    errors = [f for f in check(parse(text).model, text).findings if f.severity is Severity.ERROR]
    assert errors == []


def test_an_index_is_renamed_within_its_binder_only() -> None:
    """With an offset, only the index that stands there changes."""
    text = "minimize z: sum(x[i] for i in A) + sum(y[i] for i in B)"
    assert (
        renamed(text, "i", "k", at=text.index("y[i]") + 2)
        == "minimize z: sum(x[i] for i in A) + sum(y[k] for k in B)"
    )


@pytest.mark.parametrize(
    "new, sentence",
    [
        ("ship", "is the name of another element already"),
        ("p", "is the name of an index already"),
        ("sum", "is a word of the language"),
        ("2x", "is no name"),
        ("a b", "is no name"),
        ("", "is no name"),
    ],
)
def test_a_rename_that_clashes_is_refused(new: str, sentence: str) -> None:
    """The sentence says why."""
    with pytest.raises(InputError, match=sentence):
        rename(TRANSPORT, "cost", new)


def test_a_rename_of_nothing_is_refused() -> None:
    """There must be such a name."""
    with pytest.raises(InputError, match="There is no 'foo'"):
        rename(TRANSPORT, "foo", "bar")
