"""The inspection page: what a model that came as rows and columns looks like."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.context import Context
from solvitur.gui.numbers import counted, percent, show
from solvitur.gui.pictures.view import PictureView
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.inspection_lists import CONSTRAINTS, VARIABLES, ElementList, find_names
from solvitur.problem.errors import SolviturError
from solvitur.problem.instance import MatrixInstance
from solvitur.problem.pictures import Picture

_REST_MS = 200
_SIZES = ("variables", "constraints", "nonzeros", "density", "sense")
_FACTS_SHARE, _PICTURE_SHARE = 55, 45
_LEAST_PICTURE = 40
"""In units of the grid."""
_NAME_WIDTH, _NUMBER_WIDTH = 22, 10
_RANGES = ("matrix", "cost", "bounds", "right-hand sides")


class InspectionPage(QWidget):
    """Shows sizes, counts, coefficient ranges, the structure, and searchable lists of variables and constraints."""

    def __init__(self, context: Context, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspection-page")
        self.setAccessibleName("Inspection of the matrix")
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._background = background
        self._content: object = None
        self.lists: dict[str, ElementList] = {}
        self.facts: dict[str, str] = {}
        """What is told, by name."""
        self._build()

    def refresh(self) -> None:
        """Looks at the problem's matrix, in the background, if it is another one than before."""
        problem, plugins = self._context.session.problem, self._context.session.plugins
        content = problem.formulation.content
        if content is self._content:
            return
        self._content = content
        self._title.setText(problem.name)
        self._subtitle.setText(problem.formulation.source)
        if not isinstance(content, MatrixInstance):
            return

        def look() -> tuple[dict[str, Any], tuple[Picture, ...]]:
            try:
                inspect = getattr(plugins.kind("matrix"), "inspect", None)
            except SolviturError:
                inspect = None
            found: tuple[dict[str, Any], tuple[Picture, ...]] = inspect(content) if inspect is not None else ({}, ())
            return found

        self._background.ask("inspect", look, self._show)
        for each in self.lists.values():
            each.show_instance(content)
        self._tell_counts()

    def _show(self, found: tuple[dict[str, Any], tuple[Picture, ...]]) -> None:
        facts, pictures = found
        self._fill(facts)
        if pictures:
            self._picture.show_picture(pictures[0])
        self._picture.setVisible(bool(pictures))

    def _fill(self, facts: dict[str, Any]) -> None:
        for form in (self._sizes, self._counts, self._ranges):
            while form.rowCount():
                form.removeRow(0)
        self.facts = {}
        ranged = {f"{end} {name}" for name in _RANGES for end in ("smallest", "largest")}
        for name in _SIZES:
            if name in facts:
                self._row(self._sizes, name, facts[name])
        for name, value in facts.items():
            if name not in _SIZES and name not in ranged and value:
                self._row(self._counts, name, value)
        for name in _RANGES:
            low, high = facts.get(f"smallest {name}"), facts.get(f"largest {name}")
            if low is not None and high is not None:
                self._row(self._ranges, name, f"{show(low)} to {show(high)}")

    def _row(self, form: QFormLayout, name: str, value: object) -> None:
        text = percent(float(value)) if name == "density" and isinstance(value, float) else _text(value)
        self.facts[name] = text
        shown = QLabel(text, self)
        shown.setFont(self._context.theme.font("table"))
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label = QLabel(name.capitalize(), self)
        label.setProperty("role", "soft")
        form.addRow(label, shown)

    # building

    def _build(self) -> None:
        tokens = self._context.theme.tokens
        self._title, self._subtitle = QLabel(self), QLabel(self)
        self._title.setProperty("role", "heading")
        self._subtitle.setProperty("role", "small-soft")
        facts = QHBoxLayout()
        facts.setSpacing(5 * tokens.gap)
        self._sizes, self._counts, self._ranges = (self._form(title, facts) for title in ("Size", "Counts", "Ranges"))
        facts.addStretch(1)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(3 * tokens.gap, 2 * tokens.gap, 2 * tokens.gap, tokens.gap)
        column.setSpacing(tokens.gap)
        for widget in (self._title, self._subtitle):
            column.addWidget(widget)
        column.addLayout(facts)
        column.addWidget(self._list_tabs(), 1)
        self._picture = PictureView(self._context.theme, self._context.selection, self)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("inspection-splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._picture)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([_FACTS_SHARE, _PICTURE_SHARE])
        self._picture.setMinimumWidth(_LEAST_PICTURE * tokens.gap)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)

    def _form(self, title: str, row: QHBoxLayout) -> QFormLayout:
        column = QVBoxLayout()
        column.setSpacing(self._context.theme.tokens.gap)
        head = QLabel(title, self)
        head.setProperty("role", "strong")
        form = QFormLayout()
        form.setHorizontalSpacing(2 * self._context.theme.tokens.gap)
        form.setVerticalSpacing(self._context.theme.tokens.gap_small)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column.addWidget(head)
        column.addLayout(form)
        column.addStretch(1)
        row.addLayout(column)
        return form

    def _list_tabs(self) -> QTabWidget:
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("inspection-tabs")
        self._tabs.setAccessibleName("Variables and constraints")
        self._tabs.setDocumentMode(True)
        for name, heads in (("variables", VARIABLES), ("constraints", CONSTRAINTS)):
            self.lists[name] = ElementList(heads, self)
            self._tabs.addTab(self._list_page(name), name.capitalize())
        return self._tabs

    def _list_page(self, name: str) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        tokens = self._context.theme.tokens
        column.setContentsMargins(0, tokens.gap, 0, 0)
        field = QLineEdit(page)
        field.setObjectName(f"inspection-find-{name}")
        field.setAccessibleName(f"Find {name}")
        field.setPlaceholderText(f"Find {name} by name")
        field.setClearButtonEnabled(True)
        rest = QTimer(field, singleShot=True, interval=_REST_MS)
        field.textChanged.connect(rest.start)
        rest.timeout.connect(lambda: self.search(name, field.text().strip()))
        view = QTableView(page)
        view.setObjectName(f"inspection-{name}")
        view.setAccessibleName(name.capitalize())
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setProperty("bare", "true")
        view.setModel(self.lists[name])
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setFont(self._context.theme.font("table"))
        view.setShowGrid(False)
        rows = view.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(tokens.target_px)
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        view.horizontalHeader().setDefaultSectionSize(_NUMBER_WIDTH * tokens.gap)
        view.setColumnWidth(0, _NAME_WIDTH * tokens.gap)
        view.selectionModel().currentRowChanged.connect(lambda now, _before: self._select(name, now))
        if name == "variables":
            self.setFocusProxy(view)
        column.addWidget(field)
        column.addWidget(view, 1)
        return page

    def search(self, name: str, wanted: str) -> None:
        """Lists only the variables or constraints whose name holds a text; an empty one lists all."""
        instance = self._content
        if not isinstance(instance, MatrixInstance):
            return
        if not wanted:
            self._background.forget(f"find-{name}")
            self._picked(name, None)
            return
        of_variables = self.lists[name].of_variables
        self._background.ask(
            f"find-{name}",
            lambda: find_names(instance, wanted, of_variables=of_variables),
            lambda found: self._picked(name, found),
        )

    def _picked(self, name: str, found: np.ndarray | None) -> None:
        self.lists[name].pick(found)
        self._tell_counts()

    def _tell_counts(self) -> None:
        for at, (name, each) in enumerate(self.lists.items()):
            self._tabs.setTabText(at, counted(each.rowCount(), name.removesuffix("s")))

    def _select(self, name: str, index: QModelIndex) -> None:
        if index.isValid():
            self._context.selection.select(self.lists[name].element(index.row()), self)


def _text(value: object) -> str:
    return show(value) if isinstance(value, int | float) else str(value)
