"""Errors that a user can mend. Everything else is a defect and may show a traceback.

SolviturError
├── InputError          a file, model, table or option that cannot be read as given; carries findings
├── SolverFailed        a solver or plugin raised, hung, exited or was killed; carries the cause
└── PluginError         a plugin could not be loaded, installed or removed
"""

from __future__ import annotations

from collections.abc import Sequence

from solvitur.problem.findings import Finding, Place, Severity


class SolviturError(Exception):
    """A failure whose text is one sentence for the user."""


class InputError(SolviturError):
    """Input that cannot be read as given; ``findings`` name file, line, element and what was expected."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    @classmethod
    def at(cls, text: str, *, place: Place | None = None, element: str = "") -> InputError:
        """Builds an input error with a single finding."""
        return cls([Finding(Severity.ERROR, text, element, place or Place())])


class SolverFailed(SolviturError):
    """A solver raised, hung, exited or was killed; the text is the cause in plain words."""


class PluginError(SolviturError):
    """A plugin could not be loaded, installed, checked or removed."""
