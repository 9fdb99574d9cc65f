"""Formulas: every construct becomes LaTeX that ziamath draws."""

from __future__ import annotations

import warnings

import pytest
from front_models import EVERYTHING, TRANSPORT, elements
from hypothesis import HealthCheck, given, settings

from solvitur.language.elements import Element
from solvitur.language.formulas import model_to_latex, to_latex
from solvitur.language.parsing import parse

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # the library opens its fonts in a deprecated way
    import ziamath


def latex(statement: str) -> str:
    """Returns the formula of one statement."""
    parsed = parse(statement)
    assert parsed.findings == ()
    return to_latex(parsed.model.elements[0])


def draws(text: str) -> bool:
    """Tells whether ziamath makes a picture of LaTeX."""
    return str(ziamath.Latex(text).svg()).startswith("<svg")


@pytest.mark.parametrize(
    "statement, expected",
    [
        ("set Plants", r"\mathrm{Plants}"),
        ("set A within B * B", r"A \subseteq B \times B"),
        ("set T = 1..n", r"T = \left\{ 1, \dots, n \right\}"),
        ("set A = {}", r"A = \emptyset"),
        ("set A = B - C", r"A = B \,\setminus\, C"),
        ("param n", "n"),
        ("param lambda > 0", r"\lambda > 0"),
        ("param cap[Plants] >= 0", r"\mathrm{cap}_{p} \ge 0 \quad \forall\, p \in \mathrm{Plants}"),
        ("param d[A, A]", r"d_{a, b} \quad \forall\, a \in A,\; b \in A"),
        ("let r = a / b", r"r = \frac{a}{b}"),
        ("var x", r"x \in \mathbb{R}"),
        ("var x >= 0 <= 5 integer", r"0 \le x \le 5,\; x \in \mathbb{Z}"),
        ("var x[i in A] binary", r"x_{i} \in \left\{0, 1\right\} \quad \forall\, i \in A"),
        ("minimize o: x - (y - 3) * 2", r"\min \;\; x - \left(y - 3\right) \cdot 2"),
        ("maximize o: (a + b) ** 2", r"\max \;\; {\left(a + b\right)}^{2}"),
        ("minimize o: sum(c[i] * x[i] for i in S if i > 1)", r"\min \;\; \sum_{i \in S \,:\, i > 1} c_{i} \, x_{i}"),
        ("minimize o: 1e-7 * x", r"\min \;\; 10^{-7} \, x"),
        ("subject to c[i in I if i > 1]: x[i] <= 2", r"x_{i} \le 2 \quad \forall\, i \in I \,:\, i > 1"),
        ("subject to c: meet_it == inf", r"\mathrm{meet\_it} = \infty"),
    ],
)
def test_the_formula_reads_as_mathematics(statement: str, expected: str) -> None:
    """Sums with what they run over, quantifiers, fractions, sets and names."""
    assert latex(statement) == expected
    assert draws(latex(statement))


@pytest.mark.parametrize("text", [TRANSPORT, EVERYTHING], ids=["transport", "everything"])
def test_every_construct_is_drawn(text: str) -> None:
    """Each element of a model that uses everything, and the model as one display."""
    model = parse(text).model
    for element in model.elements:
        assert draws(to_latex(element)), to_latex(element)
    assert draws(model_to_latex(model))


@given(elements)
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_can_be_written_can_be_drawn(element: Element) -> None:
    """Any element, with any label and name, makes a picture."""
    assert draws(to_latex(element))


@pytest.mark.parametrize("label", ["a&b", "5 %", "a_b", "{x}", "<&>", "back\\slash", "~^$#", "", "San Diego", "日本"])
def test_labels_with_special_characters_are_drawn(label: str) -> None:
    """Signs that LaTeX takes for commands appear as signs."""
    quoted = label.replace("\\", "\\\\")
    assert draws(latex(f'minimize o: x["{quoted}"]'))


def test_long_sums_and_listings_are_shortened() -> None:
    """A formula of hundreds of terms shows the first ones and the last."""
    long = latex("minimize o: " + " + ".join(f"a{n}" for n in range(500)))
    assert r"\cdots" in long and r"\mathit{a499}" in long and len(long) < 600
    assert r"\dots" in latex("set A = " + ", ".join(f"a{n}" for n in range(500)))
