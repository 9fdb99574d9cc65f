"""Runs the heavy steps of workflows on a Dask cluster given by its address."""

from __future__ import annotations

from solvitur.api import hook
from solvitur_cluster.dask_executor import DaskExecutor


@hook
def executors() -> list[DaskExecutor]:
    """Lists the executors."""
    return [DaskExecutor()]
