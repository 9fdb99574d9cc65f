"""The formula view: the whole model as mathematics, drawn only where one looks."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QMenu,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.selection import Selected
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.empty import EmptyState
from solvitur.gui.understand.formulas.pictures import FormulaKey, FormulaPicture, FormulaPictures
from solvitur.gui.understand.outline.blocks import kind_of
from solvitur.gui.understand.outline.rows import GROUPS
from solvitur.gui.understand.reading import Reader, Reading
from solvitur.language.elements import Element
from solvitur.language.formulas import to_latex

_ENTRY = Qt.ItemDataRole.UserRole
_FIRST_TITLED = 3
"""From the objectives on, groups of elements whose formulas do not name them."""
_LETTER = 1.35
"""Size of a letter of a formula, in sizes of the text around it."""
_Index = QModelIndex | QPersistentModelIndex
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True)
class Entry:
    """A heading, or an element with its formula and what it means; ``latex`` of a heading is empty."""

    name: str
    latex: str = ""
    description: str = ""
    unit: str = ""
    titled: bool = False
    """Whether the formula does not hold the element's own name: objectives and constraints."""


def entries_of(reading: Reading) -> tuple[Entry, ...]:
    """Returns headings and elements, grouped as in the outline."""
    made: list[Entry] = []
    for number, group in enumerate(GROUPS):
        members = [e for e in reading.model.elements if kind_of(e) == number]
        if members:
            made.append(Entry(group.title))
            made.extend(_entry(e, titled=number >= _FIRST_TITLED) for e in members)
    return tuple(made)


@dataclass(frozen=True, eq=False)
class Entries:
    """Entries to show, and which rows differ from those shown before; None: elements came, went or moved."""

    entries: tuple[Entry, ...]
    changed: tuple[int, ...] | None


def compared(entries: tuple[Entry, ...], before: tuple[Entry, ...]) -> Entries:
    """Finds out what changed; done in the background, as a model may have thousands of formulas."""
    if [e.name for e in entries] != [e.name for e in before]:
        return Entries(entries, None)
    return Entries(entries, tuple(k for k, (old, new) in enumerate(zip(before, entries, strict=True)) if old != new))


def _entry(element: Element, *, titled: bool) -> Entry:
    return Entry(element.name, to_latex(element), element.description, getattr(element, "unit", ""), titled)


class _Entries(QAbstractListModel):
    """The entries as a Qt list."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def show(self, made: Entries) -> None:
        """Takes new entries; if only formulas changed the place in the list is kept."""
        if made.changed is None:
            self.beginResetModel()
            self.entries = made.entries
            self.endResetModel()
            return
        self.entries = made.entries
        for row in made.changed:
            self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Counts the entries."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Returns the entry, its name, or what a screen reader says."""
        entry = self.entries[index.row()]
        if role == _ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.name}: {entry.description} {entry.latex}" if entry.latex else entry.name
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        if index.isValid() and not self.entries[index.row()].latex:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)


class FormulaView(QWidget):
    """Lists the formulas; a click selects the element everywhere."""

    def __init__(
        self,
        context: Context,
        reader: Reader,
        background: Background,
        pictures: FormulaPictures,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("formula-view")
        self._context = context
        self._background = background
        self.entries = _Entries(self)
        self.list = QListView(self)
        self.list.setObjectName("formulas")
        self.list.setAccessibleName("Formulas of the model")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setProperty("bare", "true")
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setMouseTracking(True)
        self._look = FormulaLook(context, pictures, self.list)
        self.list.setItemDelegate(self._look)
        self.list.setModel(self.entries)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        empty = EmptyState(
            context.theme,
            "formula",
            "No formulas yet",
            "Write the model as text or with the forms of the outline; it appears here as mathematics.",
            parent=self,
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        # Many formulas arrive one by one; the list is laid out anew once for those of a moment.
        self._layout_timer = QTimer(self, singleShot=True, interval=30)
        self._layout_timer.timeout.connect(self.list.scheduleDelayedItemsLayout)
        pictures.ready.connect(lambda _key: self._layout_timer.start() if self.isVisible() else None)
        context.theme.changed.connect(self.list.scheduleDelayedItemsLayout)
        reader.changed.connect(self._model_read)
        context.selection.changed.connect(self._selected)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self._add_actions()
        if reader.current.text:
            self._model_read(reader.current)

    @property
    def current(self) -> Entry | None:
        """The entry at the cursor, if it is an element."""
        index = self.list.currentIndex()
        entry = index.data(_ENTRY) if index.isValid() else None
        return entry if isinstance(entry, Entry) and entry.latex else None

    def picture_of(self, entry: Entry) -> FormulaPicture | None:
        """Returns the picture of an entry if it is drawn; else has it drawn."""
        return self._look.picture(entry)

    def peek(self, entry: Entry) -> FormulaPicture | None:
        """Returns the picture of an entry if it is drawn."""
        return self._look.peek(entry)

    def copy_latex(self) -> None:
        """Puts the LaTeX of the current formula on the clipboard."""
        if self.current is not None:
            QGuiApplication.clipboard().setText(self.current.latex)

    def copy_svg(self) -> None:
        """Puts the picture of the current formula on the clipboard, as SVG."""
        picture = self.picture_of(self.current) if self.current is not None else None
        if picture is not None and picture.svg:
            content = QMimeData()
            content.setData("image/svg+xml", QByteArray(picture.svg.encode()))
            content.setText(picture.svg)
            QGuiApplication.clipboard().setMimeData(content)

    def _model_read(self, reading: Reading) -> None:
        before = self.entries.entries
        self._background.ask("formulas", lambda: compared(entries_of(reading), before), self._show)

    def _show(self, made: Entries) -> None:
        self.entries.show(made)
        self._stack.setCurrentIndex(1 if made.entries else 0)
        self._select(self._context.selection.current.name)

    def _selected(self, selected: Selected) -> None:
        if selected.source is not self:
            self._select(selected.name)

    def _select(self, name: str) -> None:
        row = next((k for k, e in enumerate(self.entries.entries) if e.name == name and e.latex), -1)
        if row >= 0 and row != self.list.currentIndex().row():
            model = self.list.selectionModel()
            model.setCurrentIndex(self.entries.index(row), model.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(self.entries.index(row))

    def _chosen(self, index: QModelIndex, _previous: QModelIndex) -> None:
        entry = index.data(_ENTRY) if index.isValid() else None
        if isinstance(entry, Entry) and entry.latex and entry.name != self._context.selection.current.name:
            self._context.selection.select(entry.name, self)
        self._context.actions.refresh()

    def _add_actions(self) -> None:
        for name, title, callback in (
            ("latex", "Copy formula as LaTeX", self.copy_latex),
            ("svg", "Copy formula as SVG", self.copy_svg),
        ):
            self._context.actions.add(
                Action(
                    f"formula.copy-{name}",
                    title,
                    callback,
                    "Edit",
                    icon="copy",
                    enabled=lambda: self.isVisible() and self.current is not None,
                    group="formula",
                )
            )

    def _menu(self, where: QPoint) -> None:
        if self.current is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("latex", "svg"):
            menu.addAction(self._context.actions.qaction(f"formula.copy-{name}"))
        menu.popup(self.list.viewport().mapToGlobal(where))


class FormulaLook(QStyledItemDelegate):
    """Draws a heading, or a formula with its meaning below."""

    def __init__(self, context: Context, pictures: FormulaPictures, view: QListView) -> None:
        super().__init__(view)
        self._theme = context.theme
        self._pictures = pictures
        self._view = view

    def picture(self, entry: Entry) -> FormulaPicture | None:
        """Returns the picture of an entry if it is drawn; else has it drawn."""
        return self._pictures.get(self._key(entry))

    def peek(self, entry: Entry) -> FormulaPicture | None:
        """Returns the picture of an entry if it is drawn."""
        return self._pictures.peek(self._key(entry))

    def _key(self, entry: Entry) -> FormulaKey:
        tokens = self._theme.tokens
        return FormulaKey(entry.latex, tokens.text, tokens.text_px * _LETTER)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Makes room for the formula once it is drawn; asks for it only when it is painted."""
        tokens, entry = self._theme.tokens, self._entry(index)
        if not entry.latex:
            return QSize(0, tokens.target_px + 2 * tokens.gap)
        picture = self.peek(entry)
        height = int(picture.size.height()) if picture and picture.renderer else 2 * tokens.target_px
        width = int(picture.size.width()) if picture else 0
        below = self._line(entry)
        return QSize(width + 6 * tokens.gap, height + 2 * tokens.gap + (tokens.target_px if below else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws one entry."""
        tokens, entry = self._theme.tokens, self._entry(index)
        area = QRect(option.rect)
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(tokens.accent_soft))
            painter.fillRect(area.left(), area.top(), tokens.gap_small // 2, area.height(), QColor(tokens.accent))
        elif state & QStyle.StateFlag.State_MouseOver and entry.latex:
            painter.fillRect(area, QColor(tokens.raised))
        inside = area.adjusted(3 * tokens.gap, tokens.gap, -tokens.gap, -tokens.gap)
        if entry.latex:
            self._paint_formula(painter, inside, entry)
        else:
            painter.setFont(self._theme.font("small"))
            painter.setPen(QColor(tokens.text_soft))
            painter.drawText(inside.adjusted(-tokens.gap, 0, 0, tokens.gap), _LEFT, entry.name)
        painter.restore()

    def _paint_formula(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        tokens, line = self._theme.tokens, self._line(entry)
        picture = self.picture(entry)
        top = QRectF(area)
        if line:
            top.setBottom(top.bottom() - tokens.target_px)
            painter.setFont(self._theme.font("small"))
            painter.setPen(QColor(tokens.text_soft))
            below = QRect(area.left(), int(top.bottom()), area.width(), tokens.target_px)
            metrics = QFontMetrics(self._theme.font("small"))
            painter.drawText(below, _LEFT, metrics.elidedText(line, Qt.TextElideMode.ElideRight, below.width()))
        if picture is not None and picture.renderer is not None:
            size = picture.size
            # The size hint still holds a guess while many pictures arrive; nothing may be drawn over its neighbours.
            shrunk = min(1.0, top.height() / size.height())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            picture.renderer.render(
                painter, QRectF(top.left(), top.top(), size.width() * shrunk, size.height() * shrunk)
            )
        elif picture is not None:
            painter.setFont(self._theme.font("code"))
            painter.setPen(QColor(tokens.text))
            painter.drawText(top, _LEFT, entry.latex)

    @staticmethod
    def _line(entry: Entry) -> str:
        named = f"{entry.name}: {entry.description}" if entry.titled and entry.description else entry.description
        said = named or (entry.name if entry.titled else "")
        return ", ".join(part for part in (said, f"in {entry.unit}" if entry.unit else "") if part)

    @staticmethod
    def _entry(index: _Index) -> Entry:
        entry = index.data(_ENTRY)
        assert isinstance(entry, Entry)
        return entry
