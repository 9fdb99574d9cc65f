"""Checking: what does not fit together is told before any data is known; what fits is left alone."""

from __future__ import annotations

import pytest
from front_models import EVERYTHING, TRANSPORT

from solvitur.language.checking import (
    CONSTANT,
    LINEAR,
    LOGICAL,
    MAX_FINDINGS,
    NONLINEAR,
    QUADRATIC,
    Checked,
    check,
)
from solvitur.language.parsing import parse
from solvitur.problem.findings import Finding, Severity

BASE = """set A
set B
set Arcs within A * A
param c[A, B]
param d[Arcs]
param n
var x[a in A, b in B]
var y
var z[A]
"""


def checked(text: str) -> Checked:
    """Checks a text that can be read."""
    parsed = parse(text)
    assert parsed.findings == ()
    return check(parsed.model, text, "m.slv")


def found(line: str) -> list[Finding]:
    """Returns the findings in one line that is put below the declarations of `BASE`."""
    text = BASE + line + "\n"
    number = text.count("\n")
    return [f for f in checked(text).findings if f.place.line == number and "used nowhere" not in f.text]


def pointed_at(text: str, finding: Finding) -> str:
    """Returns the characters of one line that a finding points at."""
    return text.split("\n")[finding.place.line - 1][finding.place.column - 1 : finding.place.end_column - 1]


@pytest.mark.parametrize("text", [TRANSPORT, EVERYTHING.replace("  grid = [[1, 2], [3, 4]]\n  T = 1..12\n", "")])
def test_a_good_model_has_no_errors_and_no_warnings(text: str) -> None:
    """Nothing is said about what is right, except that data of a computed set is superfluous."""
    worst = [f for f in checked(text).findings if f.severity is not Severity.INFO]
    assert [f.text for f in worst if "is computed in line" not in f.text and "used nowhere" not in f.text] == []


GOOD = [
    "minimize o: sum(c[a, b] * x[a, b] for a in A for b in B)",
    "minimize o: sum(d[i, j] for (i, j) in Arcs) + sum(d[k] for k in Arcs) * y",
    "minimize o: sum(x[a, b] for (a, b) in A * B)",
    "subject to r[a in A, b in B if c[a, b] > 0 and a != 1]: x[a, b] <= c[a, b]",
    'subject to r: x["Seattle", 3] + x[1, 2] <= len(A) + n',
    "subject to r[(i, j) in Arcs if (j, i) in Arcs]: z[i] >= z[j]",
    "subject to r[i in 1..n, j in i + 1..n]: z[i] <= z[j]",
    "subject to r: all_different(z[a] for a in A)",
    "subject to r: all_different(z)",
    "set T = {a for a in A if a not in {Chicago}}",
    "let l[a in A] = sum(c[a, b] for b in B) if a in A else 0",
    "minimize o: (y if n > 3 else 2 * y)",
    "subject to r: (n == 3) * y <= 1",
]


@pytest.mark.parametrize("line", GOOD)
def test_what_is_right_is_left_alone(line: str) -> None:
    """No finding for any of these."""
    assert [f.text for f in found(line) if f.severity is not Severity.INFO] == []


ERRORS = [
    ("minimize o: yy", "There is no 'yy'. Did you mean 'y'?", "yy", "y"),
    ("minimize o: y + foo", "There is no 'foo': declare it", "foo", ""),
    ("minimize o: sum(x[i, b] for b in B)", "There is no 'i'", "i", ""),
    ("minimize o: x[a, 1]", "The index 'a' is not bound here; elsewhere it is, by 'a in A'", "a", ""),
    ("minimize o: x[1]", "x[A, B] takes 2 indices, but one is given.", "x[1]", ""),
    ("minimize o: sum(x for a in A)", "x[A, B] takes 2 indices, but none is given.", "x", ""),
    ("minimize o: y[1]", "'y' takes no indices, but one is given.", "y[1]", ""),
    ("minimize o: sum(d[k, k] for k in Arcs)", "d[A, A] takes 2 indices, but 4 are given.", "d[k, k]", ""),
    ("minimize o: sum(a[1] for a in A)", "'a' is an index and takes no indices itself", "a[1]", ""),
    ("minimize o: A[1]", "'A' is a set and takes no indices", "A[1]", ""),
    ("minimize o: A + y", "A is a set; its size is len(A)", "A", ""),
    ('minimize o: y + "b"', '"b" is a label', '"b"', ""),
    ("minimize o: sum(y for a in n)", "Did you mean 1..n?", "n", "1..n"),
    ("minimize o: sum(y for a in y)", "A set is wanted here, but y is a variable", "y", ""),
    ("minimize o: sum(y for (a, b, e) in Arcs)", "have 2 labels, but (a, b, e) are 3", "(a, b, e) in Arcs", ""),
    ("minimize o: sum(y for a in A if 1 in A * A)", "have 2 labels, but 1 has 1", "1", ""),
    ("minimize o: sum(y for a in A if A in A)", "A label or an index is wanted before 'in'", "A", ""),
    ("minimize o: sum(y for a in A - Arcs)", "These sets differ in shape", "A - Arcs", ""),
    ("minimize o: sum(y for a in A for b in A - {a})", "'a' is an index here", "{a}", ""),
    ("minimize o: sum(y for a in {(1, 2), 3})", "different numbers of labels", "{(1, 2), 3}", ""),
    ("minimize o: sum(y for a in A if y > 1)", "may depend on data only, but 'y' is a variable", "y", ""),
    ("minimize o: sum(n for a in 1..y)", "A range may depend on data only", "y", ""),
    ("minimize o: n if y > 1 else 2", "The condition of a choice may depend on data only", "y", ""),
    ("minimize o: z[y]", "A variable cannot be an index of 'z'", "y", ""),
    ("minimize o: z[A]", "An index is wanted here, but A is a set", "A", ""),
    ("param p >= y", "The lower bound may depend on data only", "y", ""),
    ("let p = 2 * y", "A parameter may depend on data only", "y", ""),
    ("var w <= y", "The upper bound of a variable may depend on data only", "y", ""),
    ("var w >= 3 <= 2", "The bounds of 'w' exclude every value", "2", ""),
    ("set S = {a for a in A if y > 1}", "may depend on data only", "y", ""),
    ("set S within A = Arcs", "have 2 labels each, those of the set after 'within' 1", "Arcs", ""),
    ("subject to r: y < 3", "use '<=' instead of '<'", "<", "<="),
    ("subject to r: 1 < y <= 3", "use '<=' instead of '<'", "<", "<="),
    ("subject to r: y + 3", "compares nothing", "y + 3", ""),
    ("subject to r: y <= 3 soft(y)", "A penalty may depend on data only", "y", ""),
    ("subject to r: A <= y", "A number is wanted here, but A is a set", "A", ""),
    ("subject to c: y <= 1", "The name 'c' is taken by the parameter in line 4", "c", ""),
    ("minimize o: r\nsubject to r: y <= o", "'o' is an objective and has no value", "o", ""),
    ("let p = p + 1", "'p' is defined through itself", "p", ""),
    ("data\nAA = 1", "Did you mean 'A'?", "AA", "A"),
    ("data\nqqqq = 1", "Declare it with set or param", "qqqq", ""),
    ("data\ny = 1", "'y' is a variable and takes no data", "y", ""),
    ("data\nn = 1\nn = 2", "The data of 'n' is given twice", "n", ""),
]


@pytest.mark.parametrize("line, sentence, place, fix", ERRORS, ids=[e[0].replace("\n", " ") for e in ERRORS])
def test_an_error_is_told_with_its_place_and_its_fix(line: str, sentence: str, place: str, fix: str) -> None:
    """The finding says what does not fit, points at it and offers the replacement where there is one."""
    errors = [f for f in found(line) if f.severity is Severity.ERROR]
    assert [f.text for f in errors if sentence in f.text], [f.text for f in errors]
    finding = next(f for f in errors if sentence in f.text)
    assert pointed_at(BASE + line, finding) == place
    assert finding.fix == fix
    assert finding.place.file == "m.slv"


WARNINGS = [
    ("subject to r: n <= 3", "has no variable"),
    ("minimize o: n", "has no variable"),
    ("minimize o: sum(sum(y for a in A) for a in A)", "hides an outer index"),
    ("minimize o: sum(y for n in A)", "hides the parameter 'n'"),
    ("minimize o: sum(c[b, a] * y for a in A for b in B)", "The index b runs over 'B', but index 1 of 'c' is in 'A'"),
    ("subject to r: 1 <= y >= 0", "opposite directions"),
]


@pytest.mark.parametrize("line, sentence", WARNINGS)
def test_a_doubt_is_a_warning(line: str, sentence: str) -> None:
    """What is legal but hardly meant is a warning."""
    warnings = [f for f in found(line) if f.severity is Severity.WARNING]
    assert [f for f in warnings if sentence in f.text], [f.text for f in found(line)]


DEGREES = [
    ("n ** 3 + len(A)", CONSTANT),
    ("n * y - y / 2 + sum(z[a] for a in A)", LINEAR),
    ("exp(n) * y + abs(n)", LINEAR),
    ("y * y + z[1]", QUADRATIC),
    ("(y - 1) ** 2", QUADRATIC),
    ("sum(z[a] * z[e] for a in A for e in A)", QUADRATIC),
    ("y ** 1", LINEAR),
    ("y ** 0", CONSTANT),
    ("y ** 3", NONLINEAR),
    ("y ** n", NONLINEAR),
    ("2 ** y", NONLINEAR),
    ("y * y * y", NONLINEAR),
    ("1 / y", NONLINEAR),
    ("y // 2", NONLINEAR),
    ("exp(y)", NONLINEAR),
    ("abs(y)", LOGICAL),
    ("max(y, 1)", LOGICAL),
    ("max(z[a] for a in A)", LOGICAL),
    ("piecewise(y, (0, 0), (n, 3))", LOGICAL),
    ("piecewise(n, (0, 0), (n, 3)) * y", LINEAR),
    ("prod(z[a] for a in A)", NONLINEAR),
    ("count(z[a] >= 1 for a in A)", LOGICAL),
    ("3 * (y >= 1)", LOGICAL),
]


@pytest.mark.parametrize("expression, degree", DEGREES)
def test_the_degree_tells_how_variables_are_used(expression: str, degree: int) -> None:
    """Constant, linear, quadratic, nonlinear or logical."""
    assert checked(f"{BASE}minimize o: {expression}\n").degree["o"] == degree


@pytest.mark.parametrize(
    "relation, degree",
    [
        ("y <= 3", LINEAR),
        ("y * y <= 3", QUADRATIC),
        ("y != 3", LOGICAL),
        ("implies(y >= 1, z[1] <= 2)", LOGICAL),
        ("not y >= 1", LOGICAL),
        ("y >= 1 or z[1] >= 1", LOGICAL),
        ("all_different(z[a] for a in A)", LOGICAL),
        ("all(z[a] >= 1 for a in A)", LOGICAL),
    ],
)
def test_logic_in_constraints_is_no_error(relation: str, degree: int) -> None:
    """The checker lets logic pass; whether a solver can do it is said elsewhere."""
    result = checked(f"{BASE}subject to r: {relation}\n")
    assert result.degree["r"] == degree
    assert not [f for f in result.findings if f.severity is Severity.ERROR]


def test_what_makes_a_model_nonlinear_is_told() -> None:
    """The part that is neither linear nor quadratic is named and pointed at."""
    (finding,) = [f for f in found("minimize o: y + 2 * y ** 3") if f.severity is Severity.INFO]
    assert finding.text == "'o' is neither linear nor quadratic because of y ** 3."
    assert pointed_at(BASE + "minimize o: y + 2 * y ** 3", finding) == "y ** 3"


def test_a_cycle_is_told_with_its_path() -> None:
    """Parameters and sets that are defined through each other are named in order."""
    texts = [f.text for f in checked("let a = b + 1\nlet b = len(S)\nset S = 1..a\n").findings]
    assert any("'a' -> 'b' -> 'S' -> 'a'" in text for text in texts)


def test_a_statement_that_cannot_be_read_causes_no_further_errors() -> None:
    """Names declared or used in it count as known and used."""
    text = "set A\nparam a >= >= 1\nvar x\nminimize o: a * x\nsubject to c[i in A]: x = 3 +\n"
    parsed = parse(text)
    assert len(parsed.findings) == 2
    assert check(parsed.model, text).findings == ()


def test_unused_names_are_told() -> None:
    """A set, parameter or variable that nothing refers to."""
    texts = [f.text for f in checked("set A\nvar x\nvar y\nminimize o: x\n").findings]
    assert texts == ["The set 'A' is used nowhere.", "The variable 'y' is used nowhere."]


def test_a_model_without_an_objective_is_told_about() -> None:
    """It is no error: any answer will do."""
    (finding,) = checked("var x\nsubject to c: x <= 1\n").findings
    assert finding.severity is Severity.INFO and "no objective" in finding.text
    assert checked("").findings == ()


def test_symbols_tell_role_and_arity() -> None:
    """Everything an outline or a highlighter wants to know about names."""
    symbols = checked(
        BASE + "minimize o: sum(d[i, j] for (i, j) in Arcs) * y\nsubject to r[a in A]: z[a] <= 1\n"
    ).symbols
    roles = {name: (symbol.role, symbol.arity) for name, symbol in symbols.items()}
    assert roles["Arcs"] == ("set", 2)
    assert roles["d"] == ("param", 2)
    assert roles["x"] == ("var", 2)
    assert roles["o"] == ("objective", 0)
    assert roles["r"] == ("constraint", 1)
    assert roles["a"] == ("index", 1)
    assert symbols["c"].factors == ("A", "B")
    assert symbols["c"].title == "the parameter 'c'"


def test_the_shape_of_a_set_comes_from_its_data_or_its_use() -> None:
    """Without ``within``, tuples in the data or ``(i, j) in S`` tell how many labels a member has."""
    by_data = checked("set S\nparam p[S]\nlet q = sum(p[i, j] for (i, j) in S)\ndata\n  S = (a, b), (b, c)\n")
    by_use = checked("set S\nparam p[S]\nlet q = sum(p[i, j] for (i, j) in S)\n")
    for result in (by_data, by_use):
        assert result.symbols["S"].arity == 2
        assert [f.text for f in result.findings if f.severity is Severity.ERROR] == []


def test_findings_are_not_without_end() -> None:
    """A model with very many mistakes is told about the first ones."""
    findings = checked("".join(f"let a{k} = b{k}b\n" for k in range(MAX_FINDINGS * 2))).findings
    assert len(findings) == MAX_FINDINGS + 1
    assert "more findings" in findings[-1].text
