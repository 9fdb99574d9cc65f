"""The options of the chosen solver, as a form made from its options dataclass; advanced ones are folded away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.gui.forms import OptionsForm
from solvitur.gui.theme import Theme
from solvitur.problem.options import OptionSpec, option_specs


class SolverOptions(QWidget):
    """Shows one solver's options; ``edited`` carries a name and a valid value."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("solverOptions")
        self._theme = theme
        self._solver: object = None
        self.forms: list[OptionsForm] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        self._show_words("Auto uses every solver's usual options. Choose a solver to change its options.")

    def show_solver(self, solver: Any, values: Mapping[str, Any]) -> None:
        """Shows the options of a solver (None: Auto) with these values."""
        if solver is self._solver and self.forms:
            for form in self.forms:
                form.show_values(values)
            return
        if solver is self._solver:
            return
        self._solver = solver
        self.forms = []
        if solver is None:
            self._show_words("Auto uses every solver's usual options. Choose a solver to change its options.")
            return
        specs = option_specs(solver.options)
        if not specs:
            self._show_words(f"{solver.title} has no options.")
            return
        self._show_specs(specs, values)

    def _show_specs(self, specs: tuple[OptionSpec, ...], values: Mapping[str, Any]) -> None:
        body = QWidget(self)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        plain = [spec for spec in specs if not spec.advanced]
        advanced = [spec for spec in specs if spec.advanced]
        if plain:
            rows.addWidget(self._form(plain, values, body))
        if advanced:
            more = QPushButton("More options", body)
            more.setObjectName("moreOptions")
            more.setAccessibleName("Show the advanced options")
            more.setCheckable(True)
            more.setProperty("kind", "link")
            form = self._form(advanced, values, body)
            form.hide()
            more.toggled.connect(form.setVisible)
            more.toggled.connect(lambda on: more.setText("Fewer options" if on else "More options"))
            rows.addWidget(more)
            rows.addWidget(form)
        rows.addStretch(1)
        self._replace(body)

    def _form(self, specs: list[OptionSpec], values: Mapping[str, Any], parent: QWidget) -> OptionsForm:
        form = OptionsForm(self._theme, specs, values, parent)
        form.edited.connect(self.edited)
        self.forms.append(form)
        return form

    def _show_words(self, text: str) -> None:
        label = QLabel(text, self)
        label.setProperty("role", "soft")
        label.setWordWrap(True)
        self._replace(label)

    def _replace(self, body: QWidget) -> None:
        if self._body is not None:
            self._rows.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        self._rows.addWidget(body)
