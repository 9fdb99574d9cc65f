"""Carries what HiGHS says while it runs to the job: answers, bounds, log lines; and Stop back to HiGHS."""

from __future__ import annotations

import math
import os
import time
from typing import Any

import numpy as np

from solvitur.api import Job, MatrixInstance, tidied

_EVERY_S = 0.05
"""Least time between two looks at the Stop button or two bounds; HiGHS calls back at every iteration."""


class Reports:
    """Subscribes a job to the callbacks of one HiGHS object."""

    def __init__(self, highs: Any, job: Job, instance: MatrixInstance) -> None:
        self._job = job
        self._instance = instance
        self._last_look = 0.0
        self._last_bound = math.nan
        self._mixed = False
        highs.setOptionValue("output_flag", True)
        # HiGHS only calls back with lines that it also writes somewhere.
        highs.setOptionValue("log_to_console", False)
        highs.setOptionValue("log_file", os.devnull)
        highs.cbLogging.subscribe(self._logged)
        highs.cbMipImprovingSolution.subscribe(self._improved)
        highs.cbMipInterrupt.subscribe(self._between_nodes)
        highs.cbSimplexInterrupt.subscribe(self._between_iterations)
        highs.cbIpmInterrupt.subscribe(self._between_iterations)

    def _logged(self, event: Any) -> None:
        # Its array interface cannot leave integrality out, so that complaint about linear models is noise.
        if "non-empty integrality" not in event.message:
            self._job.log(event.message.rstrip("\n"))

    def _improved(self, event: Any) -> None:
        values = np.array(event.data_out.mip_solution, dtype=np.float64)[: self._instance.columns]
        answer = tidied(self._instance, values)
        self._job.incumbent(answer, self._instance.objective_at(answer))

    def _between_nodes(self, event: Any) -> None:
        self._mixed = True
        if not self._look(event):
            return
        bound = float(event.data_out.mip_dual_bound)
        if math.isfinite(bound) and bound != self._last_bound:
            self._last_bound = bound
            self._job.bound(bound)
        self._job.progress(None, f"{event.data_out.mip_node_count} nodes")

    def _between_iterations(self, event: Any) -> None:
        if self._look(event) and not self._mixed:
            data = event.data_out
            done = max(data.simplex_iteration_count, data.ipm_iteration_count, data.pdlp_iteration_count)
            self._job.progress(None, f"{done} iterations" if done > 0 else "solving")

    def _look(self, event: Any) -> bool:
        now = time.monotonic()
        if now - self._last_look < _EVERY_S:
            return False
        self._last_look = now
        if self._job.cancelled:
            event.interrupt()
        return True
