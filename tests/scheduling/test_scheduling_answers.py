"""Schedules: every variant equals brute force for every solver that takes it, and spoilt schedules are rejected."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shops import VARIANTS, Shop, tiny

from solvitur.engine.reporting import ReportingJob
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.features import why_not
from solvitur.problem.result import Limits, Result, Status
from solvitur_scheduling.constraint_part import ConstraintScheduler
from solvitur_scheduling.constraint_part import Options as ConstraintOptions
from solvitur_scheduling.dispatching import best_of_rules
from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.kind import SchedulingKind
from solvitur_scheduling.objectives import objective_of
from solvitur_scheduling.tabu_part import JobShopSearch
from solvitur_scheduling.tabu_part import Options as SearchOptions

KIND = SchedulingKind()


def _job(seconds: float = 20.0) -> ReportingJob:
    return ReportingJob(Limits(time_limit_s=seconds), lambda _message: None, lambda _text: None)


def _bound(shop: Shop) -> SchedulingInstance:
    return KIND.bind(shop.problem())


@pytest.mark.parametrize("variant", VARIANTS)
def test_cp_sat_finds_the_optimum_of_every_variant(variant: str) -> None:
    for number in range(3):
        shop = tiny(variant, number)
        wanted = shop.best()
        instance = _bound(shop)
        result = ConstraintScheduler().solve(instance, ConstraintOptions(), _job())
        if wanted is None:
            assert result.status is Status.INFEASIBLE, f"{variant} {number}"
            continue
        assert result.status is Status.OPTIMAL, f"{variant} {number}: {result.reason}"
        assert result.objective == pytest.approx(wanted), f"{variant} {number}"
        assert KIND.verify(shop.problem(), instance, result).passed, f"{variant} {number}"


@pytest.mark.parametrize("number", range(4))
def test_the_job_shop_search_finds_the_optimum_of_small_shops(number: int) -> None:
    shop = tiny("job", number)
    instance = _bound(shop)
    assert not why_not(instance.features, JobShopSearch.handles)
    result = JobShopSearch().solve(instance, SearchOptions(), _job(30.0))
    assert result.objective == pytest.approx(shop.best())
    assert KIND.verify(shop.problem(), instance, result).passed


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if variant not in ("job", "flow")])
def test_the_job_shop_search_does_not_offer_itself_for_other_schedules(variant: str) -> None:
    shop = tiny(variant, 0)
    instance = _bound(shop)
    plain = variant in ("tardiness", "lateness")
    assert instance.is_job_shop is False or plain is False
    assert why_not(instance.features, JobShopSearch.handles) != ""


@pytest.mark.parametrize("variant", VARIANTS)
def test_schedules_built_by_rules_keep_every_rule(variant: str) -> None:
    for number in range(10):
        shop = tiny(variant, number)
        instance = _bound(shop)
        schedule = best_of_rules(instance, stop=lambda: False)
        if schedule is None:
            assert variant in ("blocking", "no-wait", "flow", "deadlines", "cost", "stock")
            continue
        result = Result(Status.FEASIBLE, schedule, objective_of(instance, schedule))
        found = KIND.verify(shop.problem(), instance, result)
        assert found.passed, f"{variant} {number}: {[str(f) for f in found.findings]}"


def _ten_by_five() -> Shop:
    chance = random.Random(7)
    shop = tiny("job", 0)
    shop.jobs = []
    for _ in range(10):
        machines = list(range(5))
        chance.shuffle(machines)
        shop.jobs.append([[replace(tiny("job", m).jobs[0][0][0], machine=f"M{m}")] for m in machines])
    return shop


@pytest.mark.parametrize("spoil", ["swapped", "early", "overlapping", "nowhere", "claimed", "short", "no number"])
def test_spoilt_schedules_are_rejected(spoil: str) -> None:
    shop = _ten_by_five()
    instance = _bound(shop)
    schedule = best_of_rules(instance, stop=lambda: False)
    assert schedule is not None
    value = objective_of(instance, schedule)
    assert KIND.verify(shop.problem(), instance, Result(Status.FEASIBLE, schedule, value)).passed
    for seed in range(40):
        chance = random.Random(seed)
        start, mode, claimed = schedule.start.copy(), schedule.mode.copy(), value
        if spoil == "swapped":
            one = chance.choice(instance.operations_of[chance.randrange(10)][:-1])
            start[one], start[one + 1] = start[one + 1], start[one]
        elif spoil == "early":
            start[chance.randrange(instance.size)] = -1.0
        elif spoil == "overlapping":
            one, other = chance.sample([p for p in range(instance.size) if instance.need[p, 1] == 0], 2)
            start[one] = start[other]
        elif spoil == "nowhere":
            mode[chance.randrange(instance.size)] = instance.size + 3
        elif spoil == "claimed":
            claimed -= 1
        elif spoil == "short":
            start = start[:-1]
        else:
            start[chance.randrange(instance.size)] = np.nan
        found = KIND.verify(shop.problem(), instance, Result(Status.FEASIBLE, Schedule(start, mode), claimed))
        assert not found.passed, f"{spoil} {seed}"
        assert found.findings
        assert all(str(finding) for finding in found.findings)


def test_a_crew_too_small_and_a_machine_that_is_closed_are_named() -> None:
    shop = tiny("crew", 1)
    instance = _bound(shop)
    together = Schedule(np.zeros(instance.size), np.arange(instance.size, dtype=np.int64))
    words = [str(f) for f in KIND.verify(shop.problem(), instance, Result(Status.FEASIBLE, together, 0.0)).findings]
    assert any("'crew' has" in word for word in words)


def test_values_name_operations_jobs_times_and_machines(tmp_path: Path) -> None:
    shop = tiny("job", 2)
    instance = _bound(shop)
    schedule = best_of_rules(instance, stop=lambda: False)
    assert schedule is not None
    values = KIND.values(instance, schedule)
    assert values["end"] == objective_of(instance, schedule)
    assert {row["operation"] for row in values["operations"]} == set(instance.names)
    assert all(row["on"] and row["end"] > row["start"] for row in values["operations"])


def test_a_problem_that_already_is_an_instance_is_taken_as_it_is() -> None:
    instance = _bound(tiny("crew", 3))
    part = Problem("part", formulation=Formulation("scheduling", content=instance))
    assert KIND.bind(part) is instance
    assert not KIND.check(part)
