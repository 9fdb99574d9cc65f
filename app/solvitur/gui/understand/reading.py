"""The model as last read: parsed and checked in the background whenever its text rests for a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from solvitur.engine.events import Checked, ProblemChanged, ProjectOpened
from solvitur.gui.context import Context
from solvitur.gui.understand.background import Background
from solvitur.language.checking import Symbol, check
from solvitur.language.elements import Element, Model
from solvitur.language.parsing import parse
from solvitur.problem.findings import Finding

_REST_MS = 120


@dataclass(frozen=True, eq=False)
class Reading:
    """A text, the model read from it, what each name is, and what was found wrong.

    ``roles`` tell of each name what it is: set, param, var, objective, constraint or index.
    """

    text: str = ""
    model: Model = Model()
    findings: tuple[Finding, ...] = ()
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def element(self, name: str) -> Element | None:
        """Returns the element of that name, or None."""
        return self.model.element(name)


def read(text: str, file: str = "") -> Reading:
    """Parses and checks a text; never raises."""
    parsed = parse(text, file)
    checked = check(parsed.model, text, file)
    roles = {name: str(symbol.role) for name, symbol in checked.symbols.items()}
    return Reading(text, parsed.model, (*parsed.findings, *checked.findings), checked.symbols, roles)


class Reader(QObject):
    """Reads the session's model text in the background; ``changed`` carries the new `Reading`."""

    changed = Signal(object)
    checked = Signal(object)
    """The session's own check ended: an `events.Checked`."""

    def __init__(self, context: Context, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = context.session
        self._background = background
        self.current = Reading()
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self.read_now)
        context.bridge.happened.connect(self._happened)

    def read_now(self) -> None:
        """Asks for the text as it is now, if it changed since the last reading."""
        self._timer.stop()
        formulation = self._session.problem.formulation
        if formulation.kind != "algebraic" or formulation.text == self.current.text:
            return
        text, file = formulation.text, formulation.source
        self._background.ask("read", lambda: read(text, file), self._take)

    def _take(self, reading: Reading) -> None:
        self.current = reading
        self.changed.emit(reading)
        if reading.text != self._session.problem.formulation.text:
            self._timer.start()

    def _happened(self, event: object) -> None:
        if isinstance(event, ProjectOpened):
            self.read_now()
        elif isinstance(event, ProblemChanged) and "formulation" in event.fields:
            self._timer.start()
        elif isinstance(event, Checked):
            self.checked.emit(event)
