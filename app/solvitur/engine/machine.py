"""Facts about this machine, kept with every run so that times can be compared."""

from __future__ import annotations

import os
import platform
from typing import Any

from solvitur import __version__
from solvitur.engine.workers import physical_memory


def machine_facts() -> dict[str, Any]:
    """Returns system, processor, core count, memory in GB, and the versions of Python and Solvitur."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(physical_memory() / 1e9, 1),
        "python": platform.python_version(),
        "solvitur": __version__,
    }
