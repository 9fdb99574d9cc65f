"""The Understand place: words, model text, formulas and tables as tabs, with the outline beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from solvitur.engine.events import ProblemChanged, ProjectOpened
from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.talking.bar import TalkBar
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.editor.pane import EditorPane
from solvitur.gui.understand.formulas.pictures import FormulaPictures
from solvitur.gui.understand.formulas.view import FormulaView
from solvitur.gui.understand.in_words import InWordsPane
from solvitur.gui.understand.inspection import InspectionPage
from solvitur.gui.understand.outline.panel import OutlinePanel
from solvitur.gui.understand.reading import Reader
from solvitur.gui.understand.statement.pane import StatementPane
from solvitur.gui.understand.tables.pane import TablesPane
from solvitur.gui.understand.tabular.page import TabularPage

_LAYOUT = "understand"
_TABS_SHARE, _OUTLINE_SHARE = 64, 36


@dataclass(frozen=True)
class View:
    """One tab: its id, title, icon and shortcut."""

    id: str
    title: str
    icon: str
    shortcut: str


VIEWS = (
    View("words", "Words", "words", "Alt+1"),
    View("model", "Model", "model", "Alt+2"),
    View("formulas", "Formulas", "formula", "Alt+3"),
    View("tables", "Tables", "table", "Alt+4"),
    View("reading", "In words", "read-back", "Alt+5"),
)


class UnderstandPlace(QWidget):
    """Shows the problem as people need to see it to understand it; a matrix problem has its inspection page."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("understand")
        self.setAccessibleName("Understand")
        self._context = context
        self._background = Background(context.session.thinking, self)
        self._pictures = FormulaPictures(context.session.thinking, self)
        self.reader = Reader(context, self._background, self)
        self.words = StatementPane(context, self.reader, self._background, self)
        self.editor = EditorPane(context, self.reader, self._background, self)
        self.formulas = FormulaView(context, self.reader, self._background, self._pictures, self)
        self.tables = TablesPane(context, self.reader, self._background, self)
        self.outline = OutlinePanel(context, self.reader, self._background, self._pictures, self)
        self.in_words = InWordsPane(context, self.reader, self)
        self.talk = TalkBar(context, "talk", self)
        self._outline_wanted = True
        self.inspection = InspectionPage(context, self._background, self)
        self.tabular = TabularPage(context, self._background, self)
        self._lay_out()
        self._connect()
        self._add_actions()
        self._restore_layout()
        self._opened()

    # views

    @property
    def view(self) -> str:
        """The id of the tab in front."""
        return self._views[self.tabs.currentIndex()]

    def show_view(self, view: str) -> None:
        """Brings a tab to the front (``words``, ``model``, ``formulas``, ``tables``); others are ignored."""
        if view == "formulas" and self.formulas_beside:
            view = "model"
        if view not in self._views:
            return
        self.tabs.setCurrentIndex(self._views.index(view))
        target: dict[str, QWidget] = {"words": self.words.edit, "model": self.editor.editor}
        target |= {"formulas": self.formulas.list, "reading": self.in_words.page.view}
        (target.get(view) or self.tables.sheet.grid).setFocus()

    def import_file(self, path: Path) -> None:
        """Shows the import page for a data file."""
        self.show_view("tables")
        self.tables.import_file(path)

    @property
    def formulas_beside(self) -> bool:
        """Whether the formulas stand below the text rather than in a tab of their own."""
        return self.editor_splitter.count() > 1

    def set_formulas_beside(self, *, beside: bool) -> None:
        """Moves the formulas below the text, or back into their tab."""
        if beside == self.formulas_beside:
            return
        if beside:
            self._remove_tab("formulas")
            self.editor_splitter.addWidget(self.formulas)
            self.formulas.show()
        else:
            self._insert_tab("formulas", self.formulas)
        self._context.actions.refresh()

    def activated(self) -> None:
        """Reads the model now that the place is in front."""
        self.reader.read_now()

    def closing(self) -> None:
        """Remembers the layout and ends the background threads; the window calls it when it closes."""
        self._remember_layout()
        self.in_words.closing()
        self.talk.closing()
        self._background.close()
        self._pictures.background.close()

    # following the session

    def _happened(self, event: object) -> None:
        if isinstance(event, ProjectOpened):
            self._opened()
        elif isinstance(event, ProblemChanged):
            undone = event.title.startswith(("Undo ", "Redo "))
            if "formulation" in event.fields:
                self._show_kind()
                self.editor.sync.pull(follow=undone)
            if "statement" in event.fields:
                self.words.sync.pull(follow=undone)
            if "tables" in event.fields:
                self.tables.refresh()
                if self.tabular.has_tables:
                    self.tabular.refresh()

    def _opened(self) -> None:
        """Shows another project from its beginning."""
        self.editor.sync.reset()
        self.editor.show_findings(())
        self.words.sync.reset()
        self.outline.reset()
        self.tables.refresh()
        self._show_kind()
        self.reader.read_now()

    def _show_kind(self) -> None:
        kind = self._context.session.problem.formulation.kind
        page: dict[str, QWidget] = {"algebraic": self.splitter, "matrix": self.inspection}
        shown = page.get(kind, self.tabular)
        self._hand_tables(tabular=shown is self.tabular)
        before = self._kinds.currentWidget()
        self._kinds.setCurrentWidget(shown)
        self.talk.setVisible(shown is self.splitter)
        if shown is self.inspection:
            self.inspection.refresh()
        elif shown is self.tabular:
            self.tabular.refresh()
        if shown is not self.splitter and shown is not before:
            shown.setFocus()

    def _hand_tables(self, *, tabular: bool) -> None:
        """Puts the one pane of tables where the kind of problem has it."""
        if tabular and not self.tabular.has_tables:
            self._remove_tab("tables")
            self.tabular.take_tables(self.tables)
        elif not tabular and self.tabular.has_tables:
            self.tabular.give_tables()
            self._insert_tab("tables", self.tables)

    # building

    def _lay_out(self) -> None:
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("understand-tabs")
        self.tabs.setAccessibleName("Views of the problem")
        self.tabs.setDocumentMode(True)
        self.editor_splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.editor_splitter.setObjectName("editor-splitter")
        self.editor_splitter.setChildrenCollapsible(False)
        self.editor_splitter.addWidget(self.editor)
        self._views: list[str] = []
        pages = {
            "words": self.words,
            "model": self.editor_splitter,
            "formulas": self.formulas,
            "tables": self.tables,
            "reading": self.in_words,
        }
        for view in VIEWS:
            self._insert_tab(view.id, pages[view.id])
        self.tabs.setCurrentIndex(self._views.index("model"))
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("understand-splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.tabs)
        self.splitter.addWidget(self.outline)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([_TABS_SHARE, _OUTLINE_SHARE])
        self._kinds = QStackedWidget(self)
        self._kinds.addWidget(self.splitter)
        self._kinds.addWidget(self.inspection)
        self._kinds.addWidget(self.tabular)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._kinds, 1)
        column.addWidget(self.talk)

    def _insert_tab(self, view_id: str, page: QWidget) -> None:
        order = [view.id for view in VIEWS]
        view = VIEWS[order.index(view_id)]
        at = sum(order.index(other) < order.index(view_id) for other in self._views)
        self._views.insert(at, view_id)
        self.tabs.insertTab(at, page, self._context.theme.icon(view.icon), view.title)

    def _remove_tab(self, view_id: str) -> None:
        at = self._views.index(view_id)
        self._views.remove(view_id)
        self.tabs.removeTab(at)

    def _connect(self) -> None:
        self._context.bridge.happened.connect(self._happened)
        self._context.theme.changed.connect(self._paint)
        self.tabs.currentChanged.connect(lambda _at: self._turned())
        self.outline.rename_wanted.connect(self._rename)
        self.outline.table_wanted.connect(self._create_table)
        self.outline.import_wanted.connect(self._import)

    def _turned(self) -> None:
        """Hides the outline beside the words, which have the elements at their own side."""
        shown = self._outline_wanted and self.view != "words"
        if self.outline.isHidden() == shown:
            self.outline.setVisible(shown)
        self._context.actions.refresh()

    def _toggle_outline(self) -> None:
        self._outline_wanted = not self._outline_wanted
        self._turned()

    def _rename(self, name: str) -> None:
        self.show_view("model")
        self.editor.rename(name)

    def _create_table(self, name: str) -> None:
        self.show_view("tables")
        self.tables.create_for(name)

    def _import(self) -> None:
        self.show_view("tables")
        self.tables.files.choose_import()

    def _paint(self) -> None:
        for at, view_id in enumerate(self._views):
            icon = next(view.icon for view in VIEWS if view.id == view_id)
            self.tabs.setTabIcon(at, self._context.theme.icon(icon))

    def _add_actions(self) -> None:
        actions = self._context.actions
        for view in VIEWS:
            actions.add(
                Action(
                    f"understand.{view.id}",
                    f"Show {view.title.lower()}",
                    self._shower(view.id),
                    "View",
                    view.shortcut,
                    view.icon,
                    enabled=self._algebraic,
                    group="understand",
                )
            )
        actions.add(
            Action(
                "understand.formulas-beside",
                "Formulas below the text",
                lambda: self.set_formulas_beside(beside=not self.formulas_beside),
                "View",
                enabled=self._algebraic,
                checked=lambda: self.formulas_beside,
                group="understand",
            )
        )
        actions.add(
            Action(
                "understand.outline",
                "Outline",
                self._toggle_outline,
                "View",
                enabled=lambda: self._algebraic() and self.view != "words",
                checked=lambda: self._outline_wanted,
                group="understand",
            )
        )

    def _shower(self, view_id: str) -> Callable[[], None]:
        return lambda: self.show_view(view_id)

    def _algebraic(self) -> bool:
        return self.isVisible() and self._kinds.currentIndex() == 0

    # layout

    def _remember_layout(self) -> None:
        preferences = self._context.preferences
        if preferences is None:
            return
        parts = {
            "across": _packed(self.splitter),
            "outline": _packed(self.outline.splitter),
            "text": _packed(self.editor_splitter),
            "beside": self.formulas_beside,
            "outline-hidden": not self._outline_wanted,
            "words": _packed(self.words.splitter),
            "view": self.view,
            "text-px": self.editor.editor.font_px,
        }
        preferences.remember_layout({_LAYOUT: json.dumps(parts).encode()})

    def _restore_layout(self) -> None:
        preferences = self._context.preferences
        stored = preferences.layout(_LAYOUT) if preferences is not None else b""
        try:
            parts = json.loads(stored) if stored else {}
        except ValueError:
            return
        if not isinstance(parts, dict):
            return
        self.set_formulas_beside(beside=parts.get("beside") is True)
        self._outline_wanted = parts.get("outline-hidden") is not True
        self._turned()
        splitters = {"across": self.splitter, "outline": self.outline.splitter, "text": self.editor_splitter}
        splitters["words"] = self.words.splitter
        for name, splitter in splitters.items():
            if isinstance(parts.get(name), str):
                splitter.restoreState(QByteArray.fromBase64(parts[name].encode("ascii", "replace")))
        if parts.get("view") in self._views:
            self.tabs.setCurrentIndex(self._views.index(parts["view"]))
        if isinstance(parts.get("text-px"), int):
            self.editor.editor.set_font_px(parts["text-px"])


def _packed(splitter: QSplitter) -> str:
    return bytes(splitter.saveState().toBase64().data()).decode("ascii")
