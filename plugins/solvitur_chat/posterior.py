"""The posterior over groups of attempts that behave alike, from their sizes and from tests that may be wrong.

Each attempt is right with an unknown chance; those that are wrong seldom agree with each other, which is told as a
Chinese restaurant process. A test passes a right attempt with one unknown chance and a wrong one with another, so
a test that passes everything, or nothing, decides nothing. (After B4: optimal assessment of solutions by tests that
are themselves fallible.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

_RIGHT = (2.0, 2.0)
"""Beta prior of the chance that an attempt is right."""
_SPREAD = 10.0
"""How seldom wrong attempts agree: the concentration of the process that groups them."""
_PASS_RIGHT = (6.0, 1.5)
_PASS_WRONG = (1.5, 2.0)
"""Beta priors of the chance that a test passes a right, and a wrong, attempt."""


def posterior(groups: Sequence[Sequence[Mapping[str, bool]]]) -> tuple[float, ...]:
    """Returns the probability of each group to be the right one; what is missing to 1 is that none is.

    Parameters
    ----------
    groups : for each group, for each of its attempts, which tests it passed, by the test's name.
    """
    if not groups:
        return ()
    weights = [_weight(groups, at) for at in range(len(groups))]
    none = _weight(groups, -1)
    highest = max([*weights, none])
    shares = [math.exp(weight - highest) for weight in weights]
    total = sum(shares) + math.exp(none - highest)
    return tuple(share / total for share in shares)


def _weight(groups: Sequence[Sequence[Mapping[str, bool]]], right: int) -> float:
    """Returns the logarithm of the likelihood that group ``right`` is the right one (-1: that none is)."""
    attempts = sum(map(len, groups))
    agreeing = len(groups[right]) if right >= 0 else 0
    weight = _log_beta_ratio(agreeing, attempts - agreeing, _RIGHT)
    weight += _log_grouping([len(group) for at, group in enumerate(groups) if at != right])
    tests = sorted({name for group in groups for passed in group for name in passed})
    for test in tests:
        for prior, chosen in ((_PASS_RIGHT, True), (_PASS_WRONG, False)):
            seen = [
                passed[test]
                for at, group in enumerate(groups)
                for passed in group
                if test in passed and (at == right) is chosen
            ]
            weight += _log_beta_ratio(sum(seen), len(seen) - sum(seen), prior)
    return weight


def _log_beta_ratio(yes: int, no: int, prior: tuple[float, float]) -> float:
    return _log_beta(prior[0] + yes, prior[1] + no) - _log_beta(*prior)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _log_grouping(sizes: Sequence[int]) -> float:
    """Returns the logarithm of the chance that wrong attempts fall into groups of these sizes."""
    weight, seen = 0.0, 0
    for size in sizes:
        for at in range(size):
            weight += math.log((_SPREAD if at == 0 else at) / (_SPREAD + seen))
            seen += 1
    return weight
