"""Random models with logic: solvers, compiler and verification against trying every answer in plain Python."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logic_models import LogicModel, random_logic_model, random_real_model
from logic_solving import read, solved

from solvitur.engine.choosing import choices
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.hooks.loading import Plugins

WHOLE = ("highs", "cp-sat")
_AT_ONCE = 25


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins.load(only=("highs", "ortools"))


def _judged(plugins: Plugins, model: LogicModel, solvers: tuple[str, ...]) -> int:
    """Compares every solver that takes a model with the best of all assignments; returns how many took it."""
    found = read(model.text)
    best = model.optimum()
    took = 0
    for name in solvers:
        try:
            answer = solved(plugins, name, found)
        except CannotReduce:
            continue
        took += 1
        where = f"{name}\n{model.text}"
        if best is None and not model.real:
            assert answer.status == "infeasible", where
        elif answer.objective is not None:
            assert answer.verification is not None and answer.verification.passed, where
            gain = (answer.objective - best if model.sense == "min" else best - answer.objective) if best else 0.0
            assert gain <= 1e-6 if model.real else answer.objective == pytest.approx(best, abs=1e-6), where
        else:
            assert best is None, where
    return took


@pytest.mark.parametrize("batch", range(32))
def test_every_solver_finds_the_best_of_all_answers(plugins: Plugins, batch: int) -> None:
    """800 models of whole variables: the optimum, or that there is none, is that of trying everything."""
    took = 0
    for seed in range(batch * _AT_ONCE, (batch + 1) * _AT_ONCE):
        took += _judged(plugins, random_logic_model(Random(seed)), WHOLE)
    assert took > _AT_ONCE  # most models are taken by both


@pytest.mark.parametrize("batch", range(4))
def test_scip_finds_the_best_of_all_answers(plugins: Plugins, batch: int) -> None:
    """100 models solved with conditions as SCIP knows them, not as rows."""
    for seed in range(9000 + batch * _AT_ONCE, 9000 + (batch + 1) * _AT_ONCE):
        _judged(plugins, random_logic_model(Random(seed)), ("scip",))


@pytest.mark.parametrize("batch", range(6))
def test_continuous_models_are_at_least_as_good_as_any_answer_tried(plugins: Plugins, batch: int) -> None:
    """150 models with continuous variables: no assignment in steps of a half beats the answer."""
    for seed in range(batch * _AT_ONCE, (batch + 1) * _AT_ONCE):
        _judged(plugins, random_real_model(Random(seed)), ("highs",))


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(200))
def test_many_more_models(plugins: Plugins, batch: int) -> None:
    """5,000 more models, by three solvers."""
    for seed in range(20_000 + batch * _AT_ONCE, 20_000 + (batch + 1) * _AT_ONCE):
        _judged(plugins, random_logic_model(Random(seed)), (*WHOLE, "scip"))


def _verified(model: LogicModel) -> None:
    found = read(model.text)
    holds, value = model.judge()
    for number, point in enumerate(model.points()):
        if number % 5 == 0:
            checked = found.verified(point)
            assert checked.passed == holds(point), f"{point}\n{model.text}"
            assert checked.objective == pytest.approx(value(point), abs=1e-9), f"{point}\n{model.text}"


@pytest.mark.parametrize("seed", range(60))
def test_verification_says_what_python_says(seed: int) -> None:
    """Whether constraints hold and what the objective is, at answers good and bad."""
    _verified(random_logic_model(Random(seed + 500)))
    _verified(random_real_model(Random(seed + 500)))


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_verification_says_what_python_says_of_any_model(random: Random) -> None:
    """The same for models that hypothesis makes up, and shrinks."""
    _verified(random_logic_model(random))


@pytest.mark.parametrize("seed", range(60))
def test_models_without_bounds_are_taken_or_refused_in_words(plugins: Plugins, seed: int) -> None:
    """Without bounds, every solver takes a model or says which variable needs one; none of them stumbles."""
    random = Random(seed)
    model = random_real_model(random) if seed % 2 else random_logic_model(random)
    text = re.sub(r" in -?\d+\.\.-?\d+", lambda found: random.choice((found[0], " >= 0", " <= 9", "")), model.text)
    for choice in choices(plugins, read(text).instance):
        assert choice.able or choice.because.startswith("it "), choice.because
        assert ".py" not in choice.because
