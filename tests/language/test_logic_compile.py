"""What logic and functions of variables are written as: no more columns than needed, in the user's own names."""

from __future__ import annotations

import time

import numpy as np
import pytest
from back_tables import compiled, refused
from logic_solving import read, solved

from solvitur.hooks.loading import Plugins
from solvitur.language.forms_json import from_json, to_json
from solvitur.language.formulas import to_latex
from solvitur.language.parsing import parse
from solvitur.language.printing import to_text
from solvitur.problem.features import Feature
from solvitur.problem.instance import MatrixInstance

HEAD = """
set S = 1..3
var x in 0..10
var y in -4..10
var n integer in 0..6
var b binary
var c binary
var v[S] in 0..5
var w[S] integer in 1..9
"""


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins.load(only=("highs", "ortools"))


def extra(instance: MatrixInstance) -> tuple[int, int]:
    """Returns how many auxiliary columns there are, and how many of them are whole."""
    columns = [
        k for block in instance.variables if block.auxiliary for k in range(block.start, block.start + block.count)
    ]
    return len(columns), int((instance.integrality[columns] != 0).sum())


@pytest.mark.parametrize(
    ("text", "columns", "whole", "conditional"),
    [
        ("minimize z: abs(x - 3)", 1, 0, 0),
        ("minimize z: max(x, y, 2)", 1, 0, 0),
        ("maximize z: min(v[i] for i in S)", 1, 0, 0),
        ("minimize z: sum(abs(v[i] - x) for i in S)", 3, 0, 0),
        ("minimize z: piecewise(x, (0, 0), (2, 1), (5, 9))", 1, 0, 0),
        ("maximize z: piecewise(x, (0, 0), (2, 8), (5, 9))", 1, 0, 0),
        ("maximize z: 0 - abs(x - 3)", 1, 0, 0),
        ("maximize z: abs(x - 3)", 2, 1, 2),
        ("minimize z: piecewise(x, (0, 0), (5, 3))", 0, 0, 0),
        ("minimize z: abs(x + 1)", 0, 0, 0),
        ("minimize z: count(b for i in S)", 0, 0, 0),
        ("minimize z: count(x >= 2 for i in S)", 3, 3, 3),
        ("subject to r: b or c or not b", 0, 0, 0),
        ("subject to r: implies(b, x >= 3)", 0, 0, 1),
        ("subject to r: implies(x > 0, b == 1)", 0, 0, 1),
        ("subject to r: implies(b, c)", 0, 0, 0),
        ("subject to r: iff(b, c)", 0, 0, 0),
        ("subject to r: iff(b, n <= 2)", 0, 0, 2),
        ("subject to r: implies(b and c, x >= 3)", 1, 1, 1),
        ("subject to r: implies(b, x >= 3 and y <= 2)", 0, 0, 2),
        ("subject to r: x >= 4 or y <= 1", 1, 1, 2),
        ("subject to r: n != 3", 1, 1, 2),
        ("subject to r: not (x >= 4)", 0, 0, 0),
        ("subject to r: count(v[i] >= 2 for i in S) <= 2", 3, 3, 3),
        ("subject to r: x >= 3 or 1 <= 2", 0, 0, 0),
        ("subject to r: all_different(w)", 0, 0, 0),
        ("subject to r: all_different(w[i] + i for i in S)", 3, 3, 0),
        ("subject to r[i in S]: implies(i > 1, v[i] >= v[i - 1])", 0, 0, 0),
        ("subject to r: abs(x - y) <= 3", 1, 0, 0),
        ("subject to r: x / (n + 1) <= 2", 0, 0, 0),
        ("subject to r: 3 <= (x + 9) / (y - 20)", 0, 0, 0),
        ("maximize z: x / (n + 1)", 0, 0, 0),
    ],
)
def test_no_more_is_added_than_is_needed(text: str, columns: int, whole: int, conditional: int) -> None:
    """Convex functions on their good side need no binary column, and binaries no column at all."""
    instance = compiled(HEAD + text)
    rows = 0 if instance.conditional is None else len(instance.conditional.row)
    assert (*extra(instance), rows) == (columns, whole, conditional)
    assert [block.name for block in instance.own_variables] == ["x", "y", "n", "b", "c", "v", "w"]


def test_features_say_what_is_needed() -> None:
    """Conditions, groups that differ and ratios are features that a solver handles or not."""
    assert Feature.LOGIC in compiled(HEAD + "subject to r: implies(b, x >= 3)").features
    assert Feature.ALL_DIFFERENT in compiled(HEAD + "subject to r: all_different(w)").features
    assert Feature.RATIO in compiled(HEAD + "minimize z: x / (n + 1)").features
    assert Feature.LOGIC not in compiled(HEAD + "subject to r: implies(b, c)").features


@pytest.mark.parametrize(
    ("text", "optimum"),
    [
        ("maximize z: abs(x - 3) + abs(y)", 17),
        ("minimize z: max(x, 4) - min(y, 3)", 1),
        ("maximize z: piecewise(x, (0, 0), (2, 1), (5, 9)) - x", 12.3333333333),
        ("minimize z: piecewise(y, (0, 0), (2, 4))", -8),
        ("minimize z: piecewise(y, (0, 5), (2, 1), (4, 7))", 1),
        ("maximize z: n ** 3 - 30 * n", 36),
        ("minimize z: exp(n) - 20 * n", -39.9144630768),
        ("maximize z: 5 * n - 2 ** n", 7),
        ("maximize z: (n % 4) * 10 + n // 4", 30),
        ("maximize z: b * x + b * c * n - 3 * b", 13),
        ("maximize z: (x + 2) / (n + 1) - 0 * b", 12),
        ("minimize z: (x - 20) / (n + 1)", -20),
        ("maximize z: 100 * (n == 4) + x * (n >= 5)", 100),
        ("maximize z: count(v[i] >= 2 for i in S) * 2 - sum(v[i] for i in S) * 0.5", 3),
        ("maximize z: log(n + 1) - 0.4 * n", 0.2986122887),
    ],
)
def test_functions_have_their_true_optimum(plugins: Plugins, text: str, optimum: float) -> None:
    """Maxima, pieces, powers, remainders, products and ratios, on the side where they are hard too."""
    answer = solved(plugins, "highs", read(HEAD + text))
    assert answer.verification is not None and answer.verification.passed
    assert answer.objective == pytest.approx(optimum, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "optimum"),
    [
        ("maximize z: x ** 0.5 + 2 * sqrt(x)", 3 * 10**0.5),
        ("minimize z: (x - 1) ** 3", -1),
        ("minimize z: x + 4 / (x + 1)", 3),
        ("maximize z: b * x * (10 - x)", 25),
    ],
)
def test_scip_takes_what_is_nonlinear(plugins: Plugins, text: str, optimum: float) -> None:
    """Roots, powers and quotients of continuous variables become quadratic rows."""
    answer = solved(plugins, "scip", read(HEAD + text))
    assert answer.verification is not None and answer.verification.passed
    assert answer.objective == pytest.approx(optimum, rel=1e-5)


def test_cp_sat_multiplies_whole_variables(plugins: Plugins) -> None:
    """Products of whole variables, in the objective and in constraints, go to CP-SAT as they are."""
    text = "var p integer in 2..60\nvar q integer in 2..60\nminimize z: (p - q) ** 2\nsubject to r: p * q == 899"
    answer = solved(plugins, "cp-sat", read(text))
    assert sorted([answer.values["p"][()], answer.values["q"][()]]) == [29, 31]
    assert answer.objective == 4


def test_a_soft_claim_may_be_given_up_at_its_price(plugins: Plugins) -> None:
    """It costs once, not per unit, and the check agrees with the objective."""
    text = HEAD + "maximize z: x\nsubject to r: implies(x >= 5, b) soft(2)\nsubject to never: not b"
    answer = solved(plugins, "highs", read(text))
    assert answer.objective == 8
    assert answer.verification is not None and answer.verification.passed
    assert "'r' does not hold." in [finding.text for finding in answer.verification.findings]


def test_strict_comparisons_are_exact_for_whole_numbers_and_apart_by_a_little_for_others(plugins: Plugins) -> None:
    """n > 2 is n >= 3; 0.5 n > 1 is too; x > 2 is x >= 2.0002."""
    assert solved(plugins, "highs", read(HEAD + "minimize z: n\nsubject to r: not (n <= 2)")).objective == 3
    assert solved(plugins, "highs", read(HEAD + "minimize z: n\nsubject to r: not (0.5 * n <= 1)")).objective == 3
    answer = solved(plugins, "highs", read(HEAD + "minimize z: x\nsubject to r: not (x <= 2)"))
    assert answer.objective == pytest.approx(2.0002)


def test_errors_name_the_place() -> None:
    """What has no exact form is refused with its line, and what to do instead."""
    (finding,) = refused(HEAD + "minimize z: x\nsubject to r[i in S]:\n  exp(v[i]) <= 3")
    assert (finding.element, finding.place.line) == ("r", 12)
    assert "piecewise(x, (b0, v0), (b1, v1), ...)" in finding.text
    (finding,) = refused(HEAD + "minimize z: x / y")
    assert "may be zero" in finding.text and finding.place.line == 10


ALL = """set S = 1..3
param k = 2
var x[S] >= 0 <= 9 integer
var b[S] binary
minimize z: piecewise(x[1], (0, 0), (k, 5 * k), (9, -1.5)) + abs(x[1] - x[2]) + max(x[i] for i in S)
subject to c1: implies(x[1] >= 1 and not b[1], b[2] or iff(b[1], b[3]))
subject to c2: count(x[i] > k for i in S if i != 2) <= min(x[1], 3)
subject to c3: all_different(x) and any(b[i] for i in S)
subject to c4: all_different(x[i] + i for i in S)
subject to c5[i in S]: x[i] != k or x[i] // 2 == 1 soft(3)
"""


def test_logic_round_trips() -> None:
    """Text, elements and JSON carry logic there and back, and it has a formula."""
    model = parse(ALL).model
    assert to_text(model) == ALL
    assert from_json(to_json(model)).elements == model.elements
    assert all(to_latex(element) for element in model.elements)
    assert to_text(parse(to_text(parse(ALL).model)).model) == ALL


def test_ten_thousand_claims_compile_in_seconds() -> None:
    """Logic over whole index sets is written array by array: compiling takes far less than a second per 10,000."""
    text = """
    set I = 1..100
    var x[I, I] in 0..9
    var y[I, I] binary
    subject to charge[i in I, j in I]: implies(x[i, j] > 0, y[i, j] == 1)
    subject to either[i in I, j in I]: x[i, j] >= 4 or x[i, j] <= 2 or y[j, i]
    subject to most[i in I]: count(x[i, j] >= 5 for j in I) <= 10
    """
    started = time.monotonic()
    instance = compiled(text)
    assert time.monotonic() - started < 20  # 0.1 s on a quiet machine
    assert instance.rows == 10_000 + 30_000 + 10_100
    assert np.isfinite(instance.matrix.value).all()
