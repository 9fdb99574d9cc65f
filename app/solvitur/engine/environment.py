"""The environment that worker processes are given: all but what opens accounts elsewhere."""

from __future__ import annotations

import os
import re

_SECRET = re.compile(r"(KEY|TOKEN|APIKEY)\Z", re.IGNORECASE)
"""Names that keys of language models and of other services have. Plugins of others run in workers."""


def environment_of_workers() -> dict[str, str]:
    """Returns this process's environment without keys and tokens."""
    return {name: value for name, value in os.environ.items() if not _SECRET.search(name)}
