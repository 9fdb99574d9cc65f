"""The tabs of one run: pictures, values, checks, sensitivity, findings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from solvitur.gui.blank import Blank
from solvitur.gui.context import Context
from solvitur.gui.lookback.answer_view import AnswerView
from solvitur.gui.lookback.findings import FindingsView
from solvitur.gui.lookback.gallery import Gallery
from solvitur.gui.lookback.opened import Opened
from solvitur.gui.lookback.report import ReportView
from solvitur.gui.lookback.verdict import VerdictStrip
from solvitur.gui.outcomes import outcome
from solvitur.gui.tasks import Tasks
from solvitur.gui.wording.page import SentencePage
from solvitur.problem.findings import Severity


class AnswerPages(QWidget):
    """Shows everything about one run."""

    failed = Signal(object)

    def __init__(self, context: Context, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme, selection = context.theme, context.selection
        self.opened: Opened | None = None
        self.verdict = VerdictStrip(theme, self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("answerTabs")
        self.tabs.setDocumentMode(True)
        self.gallery = Gallery(theme, selection, self)
        self.values = AnswerView(theme, selection, tasks, self)
        self.report = ReportView(theme, selection, self)
        self.sensitivity = AnswerView(theme, selection, tasks, self)
        self.findings = FindingsView(theme, selection, self)
        for part in (self.gallery, self.values, self.sensitivity):
            part.failed.connect(self.failed)
        blank = Blank(theme, "words", "Nothing to say", "This run came to no result that could be put into words.")
        self.words = SentencePage(context, tasks, "answer-words", blank, self)
        self.words.failed.connect(self.failed)
        self._no_values = QLabel("This run has no values: it found no answer.", self)
        self.tabs.addTab(self.gallery, "Pictures")
        self.tabs.addTab(self.words, "In words")
        self.tabs.addTab(_with_words(self.values, self._no_values), "Values")
        self.tabs.addTab(self.report, "Checks")
        self._no_duals = QLabel(self)
        self.tabs.addTab(_with_words(self.sensitivity, self._no_duals), "Sensitivity")
        self.tabs.addTab(self.findings, "Findings")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.tokens.gap_small)
        rows.addWidget(self.verdict)
        rows.addWidget(self.tabs, 1)

    def show_run(self, opened: Opened) -> None:
        """Shows a run."""
        self.opened = opened
        run = opened.run
        self.verdict.show_run(run)
        told = outcome(run)
        without = "" if opened.values else f"{told.sentence} {told.advice}"
        self.gallery.show_pictures(opened.pictures, without)
        self.values.show_tables(opened.values)
        self.values.setVisible(bool(opened.values))
        self._no_values.setVisible(not opened.values)
        self.report.show_verification(run.verification)
        self._show_sensitivity(opened)
        self.findings.show_findings(opened.findings)
        grave = sum(each.severity is not Severity.INFO for each in opened.findings)
        self.words.show_sentences(opened.sentences)
        self.tabs.setTabText(self.tabs.indexOf(self.findings), f"Findings ({grave})" if grave else "Findings")
        if not opened.values and self.tabs.currentIndex() in (2, 3, 4):
            self.tabs.setCurrentIndex(0)

    def _show_sensitivity(self, opened: Opened) -> None:
        duals = bool(opened.variables) or any(t.columns[0].title == "dual value" for t in opened.constraints)
        tables = (*opened.constraints, *opened.variables)
        self.sensitivity.show_tables(tables)
        self.sensitivity.setVisible(bool(tables))
        said = "" if duals else "This solver gave no dual values: there are none for models with whole variables."
        if not tables:
            said = "There is nothing to tell without an answer."
        self._no_duals.setText(said)
        self._no_duals.setVisible(bool(said))


def _with_words(view: QWidget, words: QLabel) -> QWidget:
    """Puts a sentence above a view, for what cannot be shown there."""
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, 0, 0)
    words.setProperty("role", "soft")
    words.setMargin(16)
    words.setWordWrap(True)
    words.hide()
    rows.addWidget(words)
    rows.addWidget(view, 1)
    rows.addStretch(0)
    return page
