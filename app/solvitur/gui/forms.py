"""Forms made from option specs: one row per option, checked while it is edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from solvitur.gui.theme import Theme, set_look
from solvitur.problem.errors import InputError
from solvitur.problem.options import OptionSpec, read_option

_INT_MOST = 2**31 - 1
_FIELD_WIDTH, _NARROW_WIDTH = 160, 132


class OptionsForm(QWidget):
    """The rows of some options; ``edited`` carries a name and its new, valid value."""

    edited = Signal(str, object)

    def __init__(
        self,
        theme: Theme,
        specs: Iterable[OptionSpec],
        values: Mapping[str, Any],
        parent: QWidget | None = None,
        label_width: int = 0,
        *,
        compact: bool = False,
        beside: Callable[[OptionSpec], QWidget | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._specs = {spec.name: spec for spec in specs}
        self._fields: dict[str, QWidget] = {}
        self._faults: dict[str, QLabel] = {}
        self._showing = False
        self._beside = beside
        """Makes what stands at the end of an option's line, such as a button."""
        self._width = _FIELD_WIDTH if beside is None else _NARROW_WIDTH
        self._compact = compact
        """Whether the help stands below each field, for narrow rooms."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * theme.tokens.gap)
        grid.setVerticalSpacing(theme.tokens.gap)
        grid.setColumnStretch(2, 1)
        grid.setColumnMinimumWidth(0, label_width)
        if not compact:
            grid.setColumnMinimumWidth(1, _FIELD_WIDTH + 4 * theme.tokens.gap)
        for row, spec in enumerate(self._specs.values()):
            self._add_row(grid, row, spec, label_width)
        self.show_values(values)

    def field(self, name: str) -> QWidget:
        """Returns the widget of an option."""
        return self._fields[name]

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Shows values without telling of them; names not given show their default."""
        self._showing = True
        for name, spec in self._specs.items():
            self._set(self._fields[name], values.get(name, spec.default))
            self._tell_fault(name, "")
        self._showing = False

    def _add_row(self, grid: QGridLayout, row: int, spec: OptionSpec, label_width: int) -> None:
        field = self._make_field(spec)
        field.setObjectName(f"option.{spec.name}")
        field.setAccessibleName(spec.title)
        field.setAccessibleDescription(spec.help)
        field.setToolTip(spec.help)
        named = spec.kind is bool and self._beside is None
        label = QLabel("" if named else spec.title, self)
        label.setBuddy(field)
        label.setToolTip(spec.help)
        if self._beside is not None and label_width:
            label.setFixedWidth(label_width)
            label.setWordWrap(True)
        cell = QHBoxLayout()
        cell.setSpacing(self._theme.tokens.gap)
        cell.addWidget(field)
        if spec.unit and not isinstance(field, QSpinBox):
            cell.addWidget(_soft(spec.unit, self))
        cell.addStretch(1)
        extra = self._beside(spec) if self._beside is not None else None
        if extra is not None:
            cell.addWidget(extra)
        told = QLabel(spec.help, self)
        told.setProperty("role", "small-soft")
        told.setWordWrap(True)
        align = Qt.AlignmentFlag.AlignVCenter
        if self._compact:
            grid.addWidget(label, 2 * row, 0, align)
            grid.addLayout(cell, 2 * row, 1)
            grid.addWidget(told, 2 * row + 1, 0, 1, 3)
            told.setVisible(bool(spec.help))
        else:
            grid.addWidget(label, row, 0, align)
            grid.addLayout(cell, row, 1)
            grid.addWidget(told, row, 2, align)
        self._fields[spec.name], self._faults[spec.name] = field, told

    def _make_field(self, spec: OptionSpec) -> QWidget:
        name = spec.name
        if spec.kind is bool:
            box = QCheckBox(spec.title if self._beside is None else "", self)
            box.toggled.connect(lambda value: self._take(name, value))
            return box
        if spec.choices:
            choice = QComboBox(self)
            for word in spec.choices:
                choice.addItem(word[:1].upper() + word[1:], word)
            choice.setFixedWidth(self._width)
            choice.currentIndexChanged.connect(lambda _at: self._take(name, choice.currentData()))
            return choice
        if spec.kind is int:
            spin = QSpinBox(self)
            spin.setRange(int(spec.minimum if spec.minimum is not None else -_INT_MOST), _most(spec))
            spin.setSuffix(f" {spec.unit}" if spec.unit else "")
            spin.setFixedWidth(self._width)
            spin.setAlignment(Qt.AlignmentFlag.AlignRight)
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(lambda value: self._take(name, value))
            return spin
        line = QLineEdit(self)
        line.setFixedWidth(self._width)
        if spec.kind is float:
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.textEdited.connect(lambda text: self._take(name, text))
        return line

    def _set(self, field: QWidget, value: Any) -> None:
        if isinstance(field, QCheckBox):
            field.setChecked(bool(value))
        elif isinstance(field, QComboBox):
            field.setCurrentIndex(max(field.findData(value), 0))
        elif isinstance(field, QSpinBox):
            field.setValue(int(value))
        elif isinstance(field, QLineEdit):
            field.setText(_written(value) if isinstance(value, float) else str(value))
            if not field.hasFocus():
                field.setCursorPosition(0)  # a long text is read from its beginning

    def _take(self, name: str, value: object) -> None:
        if self._showing:
            return
        try:
            read = read_option(self._specs[name], value)
        except InputError as error:
            self._tell_fault(name, str(error))
            return
        self._tell_fault(name, "")
        self.edited.emit(name, read)

    def _tell_fault(self, name: str, fault: str) -> None:
        told, field = self._faults[name], self._fields[name]
        told.setText(fault or self._specs[name].help)
        if self._compact:
            told.setVisible(bool(told.text()))
        set_look(told, "role", "bad" if fault else "small-soft")
        set_look(field, "state", "bad" if fault else "")


def _written(value: float) -> str:
    """Writes a number so that it can be typed back: 60, 0.05, 1e-6."""
    mantissa, e, exponent = f"{value:.12g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def _most(spec: OptionSpec) -> int:
    return int(min(spec.maximum, _INT_MOST)) if spec.maximum is not None else _INT_MOST


def _soft(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "soft")
    return label
