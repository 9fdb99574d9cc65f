"""Parsing: every construct of the language, and the sentence for every mistake, with its place and its fix."""

from __future__ import annotations

import pytest
from front_models import EVERYTHING, TRANSPORT

from solvitur.language.elements import (
    Aggregate,
    Binary,
    Binder,
    Compare,
    Comprehension,
    ConstraintElement,
    Domain,
    Element,
    LabelTuple,
    Listing,
    Logic,
    Model,
    Number,
    ObjectiveElement,
    ParamElement,
    Range,
    Ref,
    SetElement,
    Span,
    Text,
    VarElement,
)
from solvitur.language.parsing import parse
from solvitur.language.printing import to_text
from solvitur.problem.findings import Finding


def read(text: str) -> Model:
    """Parses a text that must have no findings."""
    parsed = parse(text)
    assert parsed.findings == ()
    return parsed.model


def one(text: str) -> Element:
    """Parses a text of one element."""
    (element,) = read(text).elements
    return element


def fault(text: str) -> Finding:
    """Parses a text with one mistake."""
    (finding,) = parse(text, "m.slv").findings
    assert finding.place.file == "m.slv"
    return finding


def pointed_at(text: str, finding: Finding) -> str:
    """Returns the characters that a finding points at."""
    place = finding.place
    lines = text.split("\n")
    if place.line != place.end_line:
        return lines[place.line - 1][place.column - 1 :]
    return lines[place.line - 1][place.column - 1 : place.end_column - 1]


# Elements ----------------------------------------------------------------------------------------------------


def test_the_transport_model_has_all_its_parts() -> None:
    """The model of the design is read with its units, descriptions, indices and data."""
    model = read(TRANSPORT)
    assert [element.name for element in model.elements] == [
        "Plants", "Markets", "supply", "demand", "cost", "ship", "freight", "within_supply", "meet_demand",
    ]  # fmt: skip
    cost, ship = model.element("cost"), model.element("ship")
    assert isinstance(cost, ParamElement) and (cost.unit, cost.description) == ("$/case", "freight")
    assert isinstance(ship, VarElement) and [binder.names for binder in ship.binders] == [("p",), ("m",)]
    assert [entry.file for entry in model.data] == ["", "", "freight.csv"]
    assert model.data[0].literal == ["Seattle", "San Diego"]


@pytest.mark.parametrize(
    "written, value",
    [
        ("a, b, c", Listing(("a", "b", "c"))),
        ('{a, "San Diego", 3, -2.5}', Listing(("a", "San Diego", 3, -2.5))),
        ('"San Diego"', Listing(("San Diego",))),
        ("{}", Listing(())),
        ("(a, b), (b, c)", Listing((("a", "b"), ("b", "c")))),
        ("{(a, 1), (b, 2)}", Listing((("a", 1), ("b", 2)))),
        ("1..12", Range(Number(1), Number(12))),
        ("1..n - 1", Range(Number(1), Binary("-", Ref("n"), Number(1)))),
        ("Others", Ref("Others")),
        ("A * B", Binary("*", Ref("A"), Ref("B"))),
        ("A - {a}", Binary("-", Ref("A"), Listing(("a",)))),
        (
            "{(i, j) for i in A for j in B if i != j}",
            Comprehension(
                (Ref("i"), Ref("j")),
                (Binder(("i",), Ref("A")), Binder(("j",), Ref("B"))),
                Compare((Ref("i"), Ref("j")), ("!=",)),
            ),
        ),
    ],
)
def test_sets_may_be_written_in_many_ways(written: str, value: object) -> None:
    """Listings with and without braces, ranges, products, differences and comprehensions."""
    element = one(f"set X = {written}")
    assert isinstance(element, SetElement) and element.value == value


def test_a_set_within_another_with_value_and_description() -> None:
    """All parts of a set together."""
    element = one('set Arcs within Nodes * Nodes = {(a, b)} "roads"')
    assert element == SetElement("Arcs", Binary("*", Ref("Nodes"), Ref("Nodes")), Listing((("a", "b"),)), "roads")


def test_parameters_take_bounds_domains_defaults_and_values() -> None:
    """Every modifier of a parameter, strict bounds included."""
    element = one('param a[P, q in Q] > 0 <= 2 * n integer default 1 unit "kg" "mass"')
    assert element == ParamElement(
        "a",
        (Binder((), Ref("P")), Binder(("q",), Ref("Q"))),
        lower=Number(0),
        upper=Binary("*", Number(2), Ref("n")),
        domain=Domain.INTEGER,
        default=Number(1),
        unit="kg",
        description="mass",
        lower_strict=True,
    )


def test_let_declares_a_computed_parameter() -> None:
    """``let`` and ``param ... =`` both give a value."""
    let, param = read("let r[p in P] = a[p] / 2\nparam s = 3").params
    assert (let.keyword, let.value) == ("let", Binary("/", Ref("a", (Ref("p"),)), Number(2)))
    assert (param.keyword, param.value) == ("param", Number(3))


def test_later_indices_may_depend_on_earlier_ones_and_on_a_condition() -> None:
    """Triangular index sets."""
    element = one("var x[i in 1..n, j in i + 1..n if i != 3] binary")
    assert isinstance(element, VarElement)
    assert element.binders[1].over == Range(Binary("+", Ref("i"), Number(1)), Ref("n"))
    assert element.condition == Compare((Ref("i"), Number(3)), ("!=",))


@pytest.mark.parametrize(
    "written, lower, upper, domain",
    [
        ("", None, None, Domain.CONTINUOUS),
        ("free", None, None, Domain.CONTINUOUS),
        ("in 0..10 integer", Number(0), Number(10), Domain.INTEGER),
        (">= -5 <= inf", Number(-5), Number(float("inf")), Domain.CONTINUOUS),
        ("<= cap[i] if i > 2 else 3", None, None, None),
        ("semicontinuous >= 2", Number(2), None, Domain.SEMI_CONTINUOUS),
    ],
)
def test_variables_take_bounds_and_domains(written: str, lower: object, upper: object, domain: Domain | None) -> None:
    """Bounds may come in any order; a choice as a bound needs brackets."""
    parsed = parse(f"var x {written}")
    if domain is None:
        assert len(parsed.findings) == 1
        return
    element = parsed.model.elements[0]
    assert isinstance(element, VarElement)
    assert (element.lower, element.upper, element.domain) == (lower, upper, domain)


def test_objectives_with_and_without_names_in_both_spellings() -> None:
    """The name of an objective is optional; British spelling is fine."""
    first, second = read('minimise a: x unit "EUR" "costs"\nmaximize y + 1').objectives
    assert (first.name, first.sense, first.unit, first.description) == ("a", "min", "EUR", "costs")
    assert (second.name, second.sense, second.name_span) == ("objective", "max", Span(33, 33))


@pytest.mark.parametrize("keyword", ["subject to", "subject  to", "s.t.", "constraint"])
def test_constraints_begin_in_three_ways(keyword: str) -> None:
    """``subject to``, ``s.t.`` and ``constraint`` mean the same, and print as the first."""
    element = one(f'{keyword} c[i in S if i > 1]: 1 <= x[i] <= 2 soft(3 * w) "so"')
    assert isinstance(element, ConstraintElement)
    assert isinstance(element.body, Compare) and element.body.ops == ("<=", "<=")
    assert element.soft == Binary("*", Number(3), Ref("w"))
    assert to_text(parse(f"{keyword} c: x <= 1").model) == "subject to c: x <= 1\n"


def test_constraints_without_names_are_numbered_around_those_that_have_one() -> None:
    """c1, c2 ... skip the names that are taken."""
    model = read("subject to x <= 1\nsubject to c2: x <= 2\nsubject to: x <= 3\nvar c4\ns.t. x <= 5")
    assert [element.name for element in model.constraints] == ["c1", "c2", "c3", "c5"]


# Statements and expressions ----------------------------------------------------------------------------------


def test_statements_go_on_in_open_brackets_deeper_lines_and_after_operators() -> None:
    """The three ways of continuing a statement."""
    model = read("minimize z: sum(\nx[i]\nfor i in S)\n\nsubject to a:\n   x <=\n1\n   + 2\nset T = a,\nb\nvar y\n")
    assert [element.name for element in model.elements] == ["z", "a", "T", "y"]


def test_an_unfinished_statement_does_not_swallow_the_next() -> None:
    """A bracket left open is told once; the statements after it are read."""
    parsed = parse("param a[i in S >= 0\nvar x\nminimize z: sum(x\n\nsubject to c: x <= 1\n")
    assert [element.name for element in parsed.model.elements] == ["x", "c"]
    assert [finding.place.line for finding in parsed.findings] == [1, 3]
    assert all("is not closed" in finding.text for finding in parsed.findings)


def test_an_unfinished_entry_does_not_swallow_the_next() -> None:
    """The same in the data section."""
    parsed = parse("data\n  a = {b: 1,\n  c = 2\n  d = [1\nset A\n")
    assert [entry.name for entry in parsed.model.data] == ["c"]
    assert [element.name for element in parsed.model.elements] == ["A"]


def test_python_words_that_are_not_ours_may_be_names() -> None:
    """lambda, class and None are names like any other."""
    model = read("param lambda\nvar class[None in S]\nminimize z: lambda * class[1] + is")
    assert model.objectives[0].body == Binary("+", Binary("*", Ref("lambda"), Ref("class", (Number(1),))), Ref("is"))


def test_names_of_any_script_have_exact_spans() -> None:
    """Letters beyond ASCII do not shift what a finding points at."""
    text = "minimize z: größe * 日本 + x"
    body = read(text).objectives[0].body
    assert isinstance(body, Binary) and isinstance(body.right, Ref)
    assert text[body.right.span.start : body.right.span.end] == "x"
    assert text[body.left.span.start : body.left.span.end] == "größe * 日本"


def test_every_span_is_the_text_of_its_node() -> None:
    """Spans of names, numbers, texts, calls and sums are exact."""
    text = 'minimize z: abs(x[1, "a b"]) ** 2 - sum(y[j] for (i, j) in Arcs if i in {a}) / 1e3'
    body = read(text).objectives[0].body
    assert isinstance(body, Binary) and isinstance(body.right, Binary)
    quotient = body.right
    assert isinstance(quotient.left, Aggregate)
    spans = [body.left, quotient, quotient.left, quotient.left.binders[0], quotient.right]
    assert [text[e.span.start : e.span.end] for e in spans] == [
        'abs(x[1, "a b"]) ** 2',
        "sum(y[j] for (i, j) in Arcs if i in {a}) / 1e3",
        "sum(y[j] for (i, j) in Arcs if i in {a})",
        "(i, j) in Arcs",
        "1e3",
    ]


def test_ranges_bind_as_between_sums_and_comparisons() -> None:
    """``i + 1..n - 1`` runs from i + 1 to n - 1; ``1..5`` is no decimal number."""
    (element,) = read("set T = {t for t in i + 1..n - 1 if t not in 1..5}").sets
    assert isinstance(element.value, Comprehension)
    assert element.value.binders[0].over == Range(Binary("+", Ref("i"), Number(1)), Binary("-", Ref("n"), Number(1)))
    assert element.value.condition == Compare((Ref("t"), Range(Number(1), Number(5))), ("not in",))


def test_several_conditions_and_loops_join() -> None:
    """``for ... if a for ... if b`` is one aggregate with both conditions."""
    (objective,) = read("minimize z: sum(x for i in A if a for j in B[i] if b)".replace("[i]", "")).objectives
    assert isinstance(objective.body, Aggregate)
    assert objective.body.condition == Logic("and", (Ref("a"), Ref("b")))
    assert [binder.names for binder in objective.body.binders] == [("i",), ("j",)]


def test_tuples_are_looked_up_in_sets() -> None:
    """``(i, j) in Arcs`` as a condition."""
    (objective,) = read("minimize z: 1 if (i, j) in Arcs else 2").objectives
    condition = getattr(objective.body, "condition", None)
    assert condition == Compare((LabelTuple((Ref("i"), Ref("j"))), Ref("Arcs")), ("in",))


def test_a_quoted_text_is_a_label_after_an_operator_and_a_description_after_a_value() -> None:
    """What a quoted text means depends on where it stands."""
    (constraint,) = read('subject to c: x != "a" "why"').constraints
    assert constraint.description == "why"
    assert constraint.body == Compare((Ref("x"), Text("a")), ("!=",))


# Data --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written, literal",
    [
        ("5", 5),
        ("-2.5e-3", -0.0025),
        ("inf", float("inf")),
        ("-inf", float("-inf")),
        ("Seattle", "Seattle"),
        ('"San Diego"', "San Diego"),
        ('a, "b c", 3', ["a", "b c", 3]),
        ("[1, 2, 3]", [1, 2, 3]),
        ("[[1, 2], [3, 4],]", [[1, 2], [3, 4]]),
        ("{a, b}", ["a", "b"]),
        ("(a, b), (b, c)", [("a", "b"), ("b", "c")]),
        ("{a: 1, b: {c: 2}}", {"a": 1, "b": {"c": 2}}),
        ("{(a, b): 3, 4: 5}", {("a", "b"): 3, 4: 5}),
        ("{}", {}),
        ("1..12", Range(Number(1), Number(12))),
        ('"C:\\data\\new"', "C:\\data\\new"),
        ('"say \\"hi\\""', 'say "hi"'),
        ("lambda, None", ["lambda", "None"]),
    ],
)
def test_data_is_numbers_labels_lists_and_dicts(written: str, literal: object) -> None:
    """Every form of a literal."""
    (entry,) = read(f"data\n  a = {written}\n").data
    assert entry.literal == literal


def test_statements_may_follow_the_data_section() -> None:
    """A keyword ends the data section; another one may follow."""
    model = read("data\n  a = 1\nset A\ndata\n  b = 2\n")
    assert [entry.name for entry in model.data] == ["a", "b"]
    assert model.sets[0].name == "A"


# Mistakes ----------------------------------------------------------------------------------------------------

MISTAKES = [
    ("sett X", "Did you mean 'set'?", "sett", "set"),
    ("variable x", "Did you mean 'var'?", "variable", "var"),
    ("Set X", "Did you mean 'set'?", "Set", "set"),
    ("x = 3", "below a line 'data'", "x", ""),
    ("subject c: x <= 1", "'to' is expected", "subject", "subject to"),
    ("set", "The name of a set is expected", "set", ""),
    ("set 3", "not '3'", "3", ""),
    ("set sum", "is a word of the language", "sum", "sum_"),
    ("set X[A]", "A set takes no indices", "X[A]", ""),
    ("set X = {a, b-1}", 'put quotes round it: "b-1"', "b-1", '"b-1"'),
    ("set X = {1..5}", "A range needs no braces", "1..5", ""),
    ("set X = 1..3 * 1..4", "put brackets round each", "1..3 * 1..4", ""),
    ("set X = San Diego", "Put quotes round labels of several words", "San Diego", '"San Diego"'),
    ("set X = a, San Diego", "Put quotes round labels", "San Diego", '"San Diego"'),
    ("param x[", "This '[' is not closed", "[", ""),
    ("param x[]", "A set, or 'index in set', is expected", "[", ""),
    ("param x[i in]", "An expression is expected after 'in'", "in", ""),
    ("param x[(i, 3) in A]", "An index name", "3", ""),
    ("param x >=", "An expression is expected after '>='", ">=", ""),
    ("param x >= 0 >= 1", "'>=' is given twice", ">=", ""),
    ("param x semicontinuous", "Only variables", "semicontinuous", ""),
    ("param x integer binary", "It is 'integer' already", "binary", ""),
    ("param x defualt 3", "Did you mean 'default'?", "defualt", "default"),
    ("param x unit kg", "The unit in quotes", "kg", ""),
    ("let x", "'= expression' is expected", "x", ""),
    ("var x < 3", "bound is written '<='", "<", "<="),
    ("var x = 3", "fix it with a constraint", "=", ""),
    ("var x in S", "A range is expected after 'in'", "S", ""),
    ("var x in 0..1 >= 0", "'>=' is given twice", ">=", ""),
    ("var x => 3", "Write '>=' instead of '=>'", "=>", ">="),
    ("minimize z[i in S]: x", "An objective takes no indices", "z", ""),
    ("minimize z:", "An expression is expected in the objective", ":", ""),
    ("minimize z: 3x", "write 3*x", "3x", "3*x"),
    ("minimize z: x y", "An operator or a comma is missing before 'y'", "y", ""),
    ("minimize z: x +", "A value is missing after '+'", "+", ""),
    ("minimize z: * x", "A value is missing before '*'", "*", ""),
    ("minimize z: x * / y", "A value is missing between '*' and '/'", "* /", ""),
    ("minimize z: (x", "This '(' is not closed", "(", ""),
    ("minimize z: x)", "closes nothing", ")", ""),
    ("minimize z: (x]", "')' is expected here", "]", ")"),
    ("minimize z: x ^ 2", "Write '**' instead of '^'", "^", "**"),
    ("minimize z: 2 · x", "Write '*' instead of '·'", "·", "*"),
    ("minimize z: sum(x)", "'sum' needs a 'for'", "sum(x)", ""),
    ("minimize z: summ(x for i in S)", "Did you mean 'sum'?", "summ", "sum"),
    ("minimize z: cost(p, m)", "write cost[p, m]", "cost(p, m)", "cost[p, m]"),
    ("minimize z: x[i][j]", "write x[i, j]", "x[i][j]", ""),
    ("minimize z: abs(x, y)", "'abs' takes one argument", "abs(x, y)", ""),
    ("minimize z: abs(x for i in S)", "'abs' takes no 'for'", "abs(x for i in S)", ""),
    ("minimize z: max(x)", "takes two arguments or more, or a 'for'", "max(x)", ""),
    ("minimize z: x for i in S", "'for' belongs inside a function", "for", ""),
    ("minimize z: sum", "is a word of the language and no name; as a function", "sum", ""),
    ("minimize z: x[1:2]", "A ':' does not belong here", ":", ""),
    ("minimize z: 1if x else 2", "A space is missing", "1if", "1 if"),
    ('minimize z: "abc', "This quoted text is not closed", '"abc', ""),
    ("minimize z: “a”", "straight quotes", "“", '"'),
    ("minimize z: [x]", "a set is written {a, b}", "[x]", ""),
    ("minimize z: (x, y)", "only makes sense before 'in'", "(x, y)", ""),
    ("minimize z: {a: 1}[b]", "A ':' does not belong here", ":", ""),
    ("subject to a: x = 2", "Write '==' instead of '='", "=", "=="),
    ("subject to x ≤ 2", "Write '<=' instead of '≤'", "≤", "<="),
    ("subject to a && b", "Write 'and' instead of '&&'", "&&", "and"),
    ("subject to a b: x <= 1", "A name and its indices stand before the ':'", "b", ""),
    ("subject to a: x <= 1 soft 3", "'(' is expected after 'soft'", "3", ""),
    ("subject to a: x <= 1 integer", "An operator or a comma is missing", "integer", ""),
    ("data x = 3", "'data' stands alone on its line", "data", ""),
    ("data\na 3", "'=' or 'from' is expected after 'a'", "3", ""),
    ("data\na: 3", "Write '=' between", ":", "="),
    ("data\na =", "The data of 'a' is missing", "=", ""),
    ("data\na from b.csv", "The file in quotes", "from", ""),
    ('data\na from ""', "The file's name is empty", '""', ""),
    ("data\na = {b: 1, c}", "':' and a value are expected after the label 'c'", "c", ""),
    ("data\na = {b: 1, b: 2}", "The label 'b' is given twice", "b", ""),
    ("data\na = {b 1}", 'Put quotes round labels of several words: "b 1"', "b 1", '"b 1"'),
    ("data\na = 1 2", "a comma may be missing", "2", ""),
    ("data\na = [1, 2", "This '[' is not closed", "[", ""),
    ("data\na = 2nd", "Put quotes round the label '2nd'", "2nd", '"2nd"'),
    ("data\na = (1, [2])", "the labels of one tuple", "(1, [2])", ""),
    ("data\na = {[1]: 2}", "A label, or a tuple of labels", "[1]", ""),
    ("data\na = [1..3]", "A range stands alone", "1..3", ""),
    ("data\na = 1 + 2", "a comma may be missing", "+", ""),
]


@pytest.mark.parametrize("text, sentence, place, fix", MISTAKES, ids=[m[0].replace("\n", " ") for m in MISTAKES])
def test_a_mistake_is_told_with_its_place_and_its_fix(text: str, sentence: str, place: str, fix: str) -> None:
    """The finding says what is wrong, points at it, and offers the replacement where there is one."""
    finding = fault(text)
    assert sentence in finding.text
    if place:
        assert pointed_at(text, finding) == place
    assert finding.fix == fix


def test_a_fix_mends_the_text() -> None:
    """Replacing the place by the fix makes the statement readable."""
    for text, _, place, fix in MISTAKES:
        if fix and place not in ("subject", "summ", "]"):
            start = text.index(place, text.index("\n") if "\n" in text else 0)
            mended = text[:start] + fix + text[start + len(place) :]
            assert not any(f.fix == fix for f in parse(mended).findings), mended


def test_a_finding_names_the_element_it_is_about() -> None:
    """The name is known even when the statement cannot be read."""
    assert fault("var ship[ >= 0").element == "ship"
    assert fault("subject to cap[i in S]: x = 2").element == "cap"


def test_a_mistake_costs_only_its_own_statement() -> None:
    """All other elements and entries are read."""
    lines = EVERYTHING.split("\n")
    lines[6] = "param n >= >= 1"
    lines[26] = "  n = {"
    parsed = parse("\n".join(lines))
    assert len(parsed.findings) == 2
    assert len(parsed.model.elements) == len(parse(EVERYTHING).model.elements) - 1
    assert len(parsed.model.data) == len(parse(EVERYTHING).model.data) - 1


@pytest.mark.parametrize("kind", [SetElement, ParamElement, VarElement, ObjectiveElement, ConstraintElement])
def test_name_spans_point_at_names(kind: type) -> None:
    """Every element's name stands at its name span."""
    for element in read(EVERYTHING).elements:
        if isinstance(element, kind):
            assert EVERYTHING[element.name_span.start : element.name_span.end] == element.name
