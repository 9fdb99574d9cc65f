"""A page of sentences with its tools: copy, write to a file, and polish where a language model is turned on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from solvitur.engine.events import Notice
from solvitur.engine.wording.naming import Sentence
from solvitur.engine.wording.written import markdown
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.tasks import Tasks
from solvitur.gui.wording.polishing import Polished, polish
from solvitur.gui.wording.sentences import SentenceView
from solvitur.problem.errors import SolviturError


class SentencePage(QWidget):
    """Shows sentences; what a language model makes of them is shown beside its name and can be taken back."""

    failed = Signal(object)

    def __init__(
        self, context: Context, tasks: Tasks, name: str, blank: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context, self._tasks, self._name = context, tasks, name
        self._sentences: tuple[Sentence, ...] = ()
        self._polished: Polished | None = None
        self.view = SentenceView(context.theme, context.selection, f"{name}-sentences", self)
        self._count = QLabel(self)
        self._count.setObjectName(f"{name}-count")
        self._count.setProperty("role", "small-soft")
        self.polish_button = self._button("polish", "Polish", "Have the language model that is turned on rewrite it")
        copy = self._button("copy", "Copy", "Copy the sentences as text")
        export = self._button("export", "Export\u2026", "Write the sentences to a Markdown file")
        tokens = context.theme.tokens
        row = QHBoxLayout()
        row.setContentsMargins(2 * tokens.gap, tokens.gap_small, 2 * tokens.gap, tokens.gap_small)
        row.setSpacing(tokens.gap)
        row.addWidget(self._count, 1)
        for button in (self.polish_button, copy, export):
            row.addWidget(button)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(blank)
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        copy.clicked.connect(lambda: self.copy())  # noqa: PLW0108 - drops "checked"
        export.clicked.connect(lambda: self._ask_file())  # noqa: PLW0108 - drops "checked"
        self.polish_button.clicked.connect(lambda: self.polish())  # noqa: PLW0108 - drops "checked"
        self.show_sentences(())

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What is said, before any polishing."""
        return self._sentences

    def show_sentences(self, sentences: Sequence[Sentence]) -> None:
        """Shows sentences."""
        if tuple(sentences) != self._sentences:
            self._polished = None
        self._sentences = tuple(sentences)
        self._pages.setCurrentIndex(1 if sentences else 0)
        if self._polished is None:
            self.view.show_sentences(self._sentences)
        self._tell()

    def text(self) -> str:
        """Returns what is shown as Markdown."""
        return markdown(self._sentences if self._polished is None else self._polished.sentences)

    def copy(self) -> None:
        """Copies what is shown."""
        QGuiApplication.clipboard().setText(self.text())
        self._context.session.events.emit(Notice("The sentences were copied"))

    def export(self, path: Path) -> None:
        """Writes what is shown to a file."""
        try:
            path.write_text(self.text(), "utf-8")
        except OSError as error:
            self.failed.emit(SolviturError(f"{path.name} could not be written: {error.strerror or error}"))
            return
        self._context.session.events.emit(Notice(f"The sentences were written to {path.name}"))

    def polish(self) -> None:
        """Has the sentences rewritten, or shows the plain ones again."""
        if self._polished is not None:
            self._polished = None
            self.view.show_sentences(self._sentences)
            self._tell()
            return
        chats, sentences = self._context.session.chats, self._sentences
        self.polish_button.setEnabled(False)
        self._tasks.run("Polishing", lambda: polish(chats, sentences), self._show_polished, self._give_up)

    def _show_polished(self, polished: Polished) -> None:
        self._polished = polished
        self.view.show_sentences(polished.sentences, polished.flagged)
        self._tell()

    def _give_up(self, error: SolviturError) -> None:
        self._tell()
        self.failed.emit(error)

    def _tell(self) -> None:
        chats, polished = self._context.session.chats, self._polished
        self.polish_button.setVisible(bool(chats.on))
        self.polish_button.setEnabled(bool(self._sentences))
        self.polish_button.setText("Polish" if polished is None else "Plain")
        if polished is None:
            self._count.setText(counted(len(self._sentences), "sentence"))
            return
        strange = sum(len(spans) for spans in polished.flagged.values())
        flagged = (
            f": {counted(strange, 'number')} not in the original, marked" if strange else ", every number checked"
        )
        self._count.setText(f"rewritten by {chats.on}{flagged}")

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Export the sentences", f"{self._name}.md", "Markdown (*.md)")
        if path:
            self.export(Path(path) if Path(path).suffix else Path(f"{path}.md"))

    def _button(self, name: str, caption: str, title: str) -> QPushButton:
        made = QPushButton(caption, self)
        made.setObjectName(f"{self._name}-{name}")
        made.setAccessibleName(title)
        made.setToolTip(title)
        return made
