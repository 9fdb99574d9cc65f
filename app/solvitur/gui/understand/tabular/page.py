"""The page of a problem that is written down as tables and rules: routes, schedules, and what plugins add."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine.events import Checked
from solvitur.engine.solving import bind
from solvitur.gui.context import Context
from solvitur.gui.numbers import show
from solvitur.gui.pictures.view import PictureView
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.text_sync import TextSync
from solvitur.problem.errors import SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.pictures import Picture

_TABLES_SHARE, _RULES_SHARE, _SIDE_SHARE = 70, 30, 50
_MOST_FINDINGS = 200
_ICONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


class TabularPage(QWidget):
    """Shows tables and rules to be edited; beside them a picture, facts, and what is wrong."""

    def __init__(self, context: Context, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabular-page")
        self.setAccessibleName("Tables and rules of the problem")
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._background = background
        self.facts: dict[str, str] = {}
        """What is told, by name."""
        self.rules = QPlainTextEdit(self)
        self.sync = TextSync(self.rules, context.session, "model", "Edit rules")
        self.findings = QListWidget(self)
        self.picture = PictureView(context.theme, context.selection, self)
        self._tables: QWidget | None = None
        self._build()
        context.bridge.happened.connect(self._happened)

    def take_tables(self, tables: QWidget) -> None:
        """Takes the pane of tables in; there is one for all kinds of problem."""
        self._tables = tables
        self._left.insertWidget(0, tables)
        tables.show()
        self._left.setSizes([_TABLES_SHARE, _RULES_SHARE])

    @property
    def has_tables(self) -> bool:
        """Whether the pane of tables is here."""
        return self._tables is not None

    def give_tables(self) -> None:
        """Lets the pane of tables go."""
        if self._tables is not None:
            self._tables.setParent(None)
            self._tables = None

    def refresh(self) -> None:
        """Follows the problem: its name and kind, its rules, and in the background its facts and picture."""
        problem, plugins = self._context.session.problem, self._context.session.plugins
        self.sync.pull()
        self._title.setText(problem.name)
        try:
            kind: Any = plugins.kind(problem.formulation.kind)
        except SolviturError as error:
            self._subtitle.setText(str(error))
            self._show(({}, ()))
            return
        self._subtitle.setText("  ·  ".join(part for part in (kind.title, problem.formulation.source) if part))
        inspect = getattr(kind, "inspect", None)

        def look() -> tuple[dict[str, Any], tuple[Picture, ...]]:
            if inspect is None:
                return {}, ()
            try:
                found: tuple[dict[str, Any], tuple[Picture, ...]] = inspect(bind(plugins, problem))
            except Exception:  # noqa: BLE001 - a plugin is called; what is wrong is among the findings
                return {}, ()
            return found

        self._background.ask("look", look, self._show)

    def _happened(self, event: object) -> None:
        if isinstance(event, Checked) and self.has_tables:
            self._show_findings(event.findings)

    def _show(self, found: tuple[dict[str, Any], tuple[Picture, ...]]) -> None:
        facts, pictures = found
        while self._form.rowCount():
            self._form.removeRow(0)
        self.facts = {}
        for name, value in facts.items():
            text = show(value) if isinstance(value, int | float) else str(value)
            self.facts[name] = text
            shown = QLabel(text, self)
            shown.setFont(self._context.theme.font("table"))
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = QLabel(name.capitalize(), self)
            label.setProperty("role", "soft")
            self._form.addRow(label, shown)
        if pictures:
            self.picture.show_picture(pictures[0])
        self.picture.setVisible(bool(pictures))

    def _show_findings(self, findings: tuple[Finding, ...]) -> None:
        self.findings.clear()
        for finding in findings[:_MOST_FINDINGS]:
            item = QListWidgetItem(self._context.theme.icon(_ICONS[finding.severity]), str(finding))
            item.setToolTip(str(finding))
            item.setData(Qt.ItemDataRole.UserRole, finding.element)
            self.findings.addItem(item)
        if len(findings) > _MOST_FINDINGS:
            self.findings.addItem(f"and {len(findings) - _MOST_FINDINGS} more")
        self.findings.setVisible(bool(findings))

    # building

    def _build(self) -> None:
        tokens = self._context.theme.tokens
        self._title, self._subtitle = QLabel(self), QLabel(self)
        self._title.setProperty("role", "heading")
        self._subtitle.setProperty("role", "small-soft")
        self._subtitle.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._left = QSplitter(Qt.Orientation.Vertical, self)
        self._left.setObjectName("tabular-left")
        self._left.setChildrenCollapsible(False)
        self._left.addWidget(self._rules_page())
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("tabular-splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._left)
        splitter.addWidget(self._side())
        splitter.setSizes([100 - _SIDE_SHARE, _SIDE_SHARE])
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        head = QVBoxLayout()
        head.setContentsMargins(2 * tokens.gap, 2 * tokens.gap, 2 * tokens.gap, tokens.gap)
        head.setSpacing(tokens.gap_small)
        head.addWidget(self._title)
        head.addWidget(self._subtitle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(splitter, 1)

    def _rules_page(self) -> QWidget:
        tokens = self._context.theme.tokens
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * tokens.gap, tokens.gap, tokens.gap, tokens.gap)
        column.setSpacing(tokens.gap_small)
        title = QLabel("Rules", page)
        title.setProperty("role", "strong")
        self.rules.setObjectName("rules")
        self.rules.setAccessibleName("Rules of the problem, one a line as name: value")
        self.rules.setPlaceholderText("name: value, one rule a line")
        self.rules.setFont(self._context.theme.font("code"))
        self.rules.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        title.setBuddy(self.rules)
        column.addWidget(title)
        column.addWidget(self.rules, 1)
        self.setFocusProxy(self.rules)
        return page

    def _side(self) -> QWidget:
        tokens = self._context.theme.tokens
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(tokens.gap, 0, tokens.gap, tokens.gap)
        column.setSpacing(tokens.gap)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(2 * tokens.gap)
        self._form.setVerticalSpacing(tokens.gap_small)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.findings.setObjectName("tabular-findings")
        self.findings.setAccessibleName("What is wrong or to be known")
        self.findings.setFrameShape(QFrame.Shape.NoFrame)
        self.findings.setWordWrap(True)
        self.findings.setMaximumHeight(16 * tokens.gap)
        self.findings.itemActivated.connect(
            lambda item: self._context.selection.select(item.data(Qt.ItemDataRole.UserRole) or "", self)
        )
        self.findings.hide()
        column.addWidget(self.picture, 1)
        column.addLayout(self._form)
        column.addWidget(self.findings)
        return page
