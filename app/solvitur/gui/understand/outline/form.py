"""The form of one element: its fields, judged while typing, applied as one undo step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.context import Context
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.diffs import single_change
from solvitur.gui.understand.outline.drafts import (
    FIELDS,
    Field,
    Judged,
    empty_values,
    has_findings,
    judge,
    title_of,
    values_of,
)
from solvitur.gui.understand.outline.fields import FieldGrid
from solvitur.gui.understand.outline.preview import FormulaLabel
from solvitur.gui.understand.outline.rows import GROUPS
from solvitur.gui.understand.reading import Reader, Reading
from solvitur.language.elements import Element
from solvitur.problem.edits import ReplaceText

_REST_MS = 150


class ElementForm(QWidget):
    """Shows and edits one element; the text stays the truth."""

    applied = Signal(str)
    """The name of the element that was changed or added."""

    def __init__(
        self,
        context: Context,
        reader: Reader,
        background: Background,
        preview: FormulaLabel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("element-form")
        self.setAccessibleName("Form of the selected element")
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._reader = reader
        self._background = background
        self._preview = preview
        self.kind = -1
        self.old_name = ""
        self._filled: dict[str, str] = {}
        self._judged: Judged | None = None
        self._apply_waits = False
        self._then: Callable[[], None] | None = None
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._judge)
        self._build_frame()
        reader.changed.connect(self._read_anew)
        context.theme.changed.connect(self._paint)
        self.clear()

    # what is shown

    @property
    def values(self) -> dict[str, str]:
        """The fields as they stand."""
        return self.fields.values

    @property
    def dirty(self) -> bool:
        """Whether a field differs from the text of the model."""
        return self.kind >= 0 and (not self.old_name or self.values != self._filled)

    @property
    def errors(self) -> dict[str, str]:
        """The sentences at the fields."""
        return self.fields.said

    def clear(self) -> None:
        """Shows what the form is for."""
        self._timer.stop()
        self._background.forget("judge")
        self.kind, self.old_name, self._judged = -1, "", None
        self._build_fields(())
        self._title.setText("Select an element to see its form, or add one above.")
        self._title.setProperty("role", "soft")
        self._title.style().polish(self._title)
        self._icon.hide()
        self._preview.show_latex("")
        self._show_buttons()

    def show_element(self, element: Element, kind: int) -> None:
        """Shows an element of the model."""
        self._begin(kind, element.name, values_of(element))

    def show_new(self, kind: int, name: str) -> None:
        """Shows the empty form of a new element."""
        self._begin(kind, "", empty_values(kind, name))
        first = self.fields.field("name")
        first.setFocus()
        if isinstance(first, QLineEdit):
            first.selectAll()

    def apply(self) -> None:
        """Writes the form into the text as one undo step, as soon as it is judged right."""
        if self.kind < 0 or not self.dirty:
            return
        if self._judged is None:
            self._apply_waits = True
            self._timer.stop()
            self._judge()
            return
        if self._judged.errors or not self._judged.text:
            self._then = None
            self._focus_first_error()
            return
        then, self._then = self._then, None
        self._write(self._judged)
        if then is not None:
            then()

    def leave(self, then: Callable[[], None]) -> None:
        """Calls ``then`` once nothing that was typed can get lost: it is applied, unless it has errors."""
        if not self.dirty or (not self.old_name and self.values == self._filled):
            then()
        else:
            self._then = then
            self.apply()

    def revert(self) -> None:
        """Takes the fields from the text again; the form of a new element goes away."""
        if self.old_name:
            self._begin(self.kind, self.old_name, self._filled)
        else:
            self.clear()

    # building

    def _build_frame(self) -> None:
        tokens = self._context.theme.tokens
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget(self._scroll)
        page.setProperty("page", "true")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(2 * tokens.gap, 0, 2 * tokens.gap, 2 * tokens.gap)
        self._column.setSpacing(tokens.gap)
        self.fields = FieldGrid((), self._context.theme, page)
        self._column.addWidget(self._preview)
        self._column.addWidget(self.fields)
        self._column.addStretch(1)
        self._scroll.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._head())
        whole.addWidget(self._scroll, 1)

    def _head(self) -> QHBoxLayout:
        tokens = self._context.theme.tokens
        self._icon, self._title = QLabel(self), QLabel(self)
        self._title.setObjectName("form-title")
        self._title.setWordWrap(True)
        self.revert_button = self._button("form-revert", "Revert", "flat")
        self.revert_button.clicked.connect(lambda: self.revert())  # noqa: PLW0108 - drops "checked"
        self.apply_button = self._button("form-apply", "Apply", "primary")
        self.apply_button.clicked.connect(lambda: self.apply())  # noqa: PLW0108 - drops "checked"
        row = QHBoxLayout()
        row.setContentsMargins(2 * tokens.gap, tokens.gap, 2 * tokens.gap, tokens.gap)
        row.setSpacing(tokens.gap)
        row.addWidget(self._icon)
        row.addWidget(self._title, 1)
        row.addWidget(self.revert_button)
        row.addWidget(self.apply_button)
        return row

    def _button(self, name: str, title: str, kind: str) -> QPushButton:
        made = QPushButton(title, self)
        made.setObjectName(name)
        made.setAccessibleName(title)
        made.setProperty("kind", kind)
        return made

    def _begin(self, kind: int, old_name: str, values: dict[str, str]) -> None:
        if kind != self.kind:
            self._build_fields(FIELDS[kind])
        self.kind, self.old_name, self._judged = kind, old_name, None
        self._filled = {field.key: values.get(field.key, "") for field in FIELDS[kind]}
        self.fields.fill(self._filled)
        self._tell_title()
        self._timer.stop()
        element = self._reader.current.element(old_name)
        if element is not None and not has_findings(self._reader.current, element):
            self._background.forget("judge")
            self._take(self._reader.current, Judged(self._reader.current.text, element=element, name=old_name))
        else:
            self._judge()

    def _build_fields(self, fields: tuple[Field, ...]) -> None:
        made = FieldGrid(fields, self._context.theme, self._scroll.widget())
        made.edited.connect(self._field_changed)
        made.accepted.connect(self.apply)
        self._column.replaceWidget(self.fields, made)
        self.fields.setParent(None)
        self.fields.deleteLater()
        self.fields = made

    # judging

    def _field_changed(self) -> None:
        self._judged, self._apply_waits, self._then = None, False, None
        self._show_buttons()
        self._timer.start()

    def _judge(self) -> None:
        if self.kind < 0:
            return
        reading, kind, old, values = self._reader.current, self.kind, self.old_name, self.values
        self._background.ask(
            "judge", lambda: judge(reading, kind, old, values), lambda found: self._take(reading, found)
        )

    def _take(self, reading: Reading, judged: Judged) -> None:
        if reading is not self._reader.current:
            self._judge()
            return
        self._judged = judged
        # Nobody can use a name that does not exist yet.
        unused = {} if self.old_name else {"name": ""}
        self.fields.say(judged.errors, {**judged.warnings, **unused})
        self._preview.show_element(judged.element)
        self._show_buttons()
        if self._apply_waits:
            self._apply_waits = False
            self.apply()

    def _write(self, judged: Judged) -> None:
        session = self._context.session
        before = self._reader.current.text
        change = single_change(before, judged.text)
        if session.problem.formulation.text != before or change is None:
            self._apply_waits = change is not None
            self._reader.read_now()
            return
        title = title_of(self.kind, judged.name, new=not self.old_name)
        self.old_name, self._filled = judged.name, self.values
        session.apply(ReplaceText(title, change.offset, change.removed, change.inserted), source=self)
        self._reader.read_now()
        self._tell_title()
        self._show_buttons()
        self.applied.emit(judged.name)

    def _read_anew(self, reading: Reading) -> None:
        """Follows the text, but never over what was typed into the form."""
        if self.kind < 0:
            return
        if self.dirty:
            self._judged = None
            self._timer.start()
            return
        element = reading.element(self.old_name)
        if element is None:
            self.clear()
        else:
            self.show_element(element, self.kind)

    def _focus_first_error(self) -> None:
        wrong = next(iter(self.errors), "")
        if wrong:
            self.fields.field(wrong).setFocus()
            self._scroll.ensureWidgetVisible(self.fields.field(wrong))

    # looks

    def _tell_title(self) -> None:
        group = GROUPS[self.kind]
        new = not self.old_name
        self._title.setText(f"New {group.word}" if new else f"{group.word.capitalize()} '{self.old_name}'")
        self._title.setProperty("role", "strong")
        self._title.style().polish(self._title)
        self._icon.show()
        self._show_buttons()
        self._paint()

    def _show_buttons(self) -> None:
        dirty = self.dirty
        right = self._judged is not None and not self._judged.errors
        self.apply_button.setText("Apply" if self.old_name else "Add")
        self.revert_button.setText("Revert" if self.old_name else "Cancel")
        self.apply_button.setEnabled(dirty and right)
        for button in (self.apply_button, self.revert_button):
            button.setVisible(dirty)

    def _paint(self) -> None:
        if self.kind >= 0:
            self._icon.setPixmap(self._context.theme.pixmap(GROUPS[self.kind].icon, "accent"))
