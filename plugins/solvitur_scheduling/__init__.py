"""Scheduling problems: the kind, its files, pictures, and solvers."""

from __future__ import annotations

from solvitur.api import Importer, Kind, Solver, Visualiser, hook
from solvitur_scheduling.constraint_part import ConstraintScheduler
from solvitur_scheduling.kind import SchedulingKind
from solvitur_scheduling.pictures import CriticalPath, JobChart, MachineChart, ResourceProfile
from solvitur_scheduling.project_files import PattersonFile, PsplibFile
from solvitur_scheduling.shop_files import ShopFile
from solvitur_scheduling.tabu_part import JobShopSearch


@hook
def kinds() -> list[Kind]:
    """Offers the kind of scheduling problems."""
    return [SchedulingKind()]


@hook
def importers() -> list[Importer]:
    """Offers the readers of scheduling files."""
    return [ShopFile(), PattersonFile(), PsplibFile()]


@hook
def visualisers() -> list[Visualiser]:
    """Offers the pictures of schedules."""
    return [MachineChart(), JobChart(), CriticalPath(), ResourceProfile()]


@hook
def solvers() -> list[Solver]:
    """Offers the solvers of scheduling problems."""
    return [JobShopSearch(), ConstraintScheduler()]
