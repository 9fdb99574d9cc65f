"""What is done while the improver's code is being compiled: OR-Tools' routing library works on the tour."""

from __future__ import annotations

import subprocess
import time
from typing import Any

from solvitur.api import Job
from solvitur_routing.instance import RoutingAnswer, RoutingInstance

_MOST = 3_000


class _UntilCompiled:
    """The job as the stand-in sees it: cancelled as soon as the code is compiled."""

    def __init__(self, job: Job, compiling: subprocess.Popen[bytes]) -> None:
        self._job = job
        self._compiling = compiling

    @property
    def cancelled(self) -> bool:
        """Whether to stop."""
        return bool(self._job.cancelled or self._compiling.poll() is not None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._job, name)


def stand_in(instance: RoutingInstance, job: Job, compiling: subprocess.Popen[bytes]) -> RoutingAnswer | None:
    """Improves the tour by other means until the code is compiled or the time is up; None: there is no answer."""
    job.log("The compiled code of the tour improver is being prepared, once for this machine.\n")
    job.progress(None, "preparing compiled code, once for this machine")
    if instance.size <= _MOST:
        from solvitur_routing.ortools_part import Options, OrToolsRouting  # noqa: PLC0415  only while compiling

        watched: Any = _UntilCompiled(job, compiling)
        found = OrToolsRouting().solve(instance, Options(), watched).answer
        if isinstance(found, RoutingAnswer):
            return found
    while compiling.poll() is None and not job.cancelled and job.remaining_s > 0.3:
        time.sleep(0.05)
    return None
