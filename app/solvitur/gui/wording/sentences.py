"""Sentences under headings; each one leads to the element it speaks of, and shows when that is selected."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from solvitur.engine.wording.naming import Sentence
from solvitur.gui.selection import Selected, Selection
from solvitur.gui.theme import Theme

_MOST = 3000
"""More sentences than this nobody reads; it is said that they are left out."""


class SentenceView(QTextBrowser):
    """Text that can be copied; the selection goes both ways."""

    def __init__(self, theme: Theme, selection: Selection, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("bare", "true")
        self.setAccessibleName("In words")
        self.setOpenLinks(False)
        self._theme, self._selection = theme, selection
        self.sentences: tuple[Sentence, ...] = ()
        self._flagged: dict[int, tuple[tuple[int, int], ...]] = {}
        self.anchorClicked.connect(self._clicked)
        selection.changed.connect(self._selected)
        theme.changed.connect(self._write)

    def show_sentences(
        self, sentences: Sequence[Sentence], flagged: dict[int, tuple[tuple[int, int], ...]] | None = None
    ) -> None:
        """Shows sentences; ``flagged`` are spans of those (by number) whose figures nobody vouches for."""
        if tuple(sentences) == self.sentences and (flagged or {}) == self._flagged:
            return
        self.sentences, self._flagged = tuple(sentences), flagged or {}
        at = self.verticalScrollBar().value()
        self._write()
        self.verticalScrollBar().setValue(at)

    def _write(self) -> None:
        tokens = self._theme.tokens
        gap = tokens.gap
        parts, section = [f'<div style="color:{tokens.text}">'], None
        for number, sentence in enumerate(self.sentences[:_MOST]):
            if sentence.section != section:
                section = sentence.section
                parts.append(
                    f'<p style="margin:{2 * gap}px 0 {gap}px 0; font-weight:600; color:{tokens.text_soft}">'
                    f"{escape(section)}</p>"
                )
            parts.append(self._paragraph(number, sentence))
        if len(self.sentences) > _MOST:
            parts.append(f"<p>and {len(self.sentences) - _MOST} more sentences</p>")
        self.document().setDocumentMargin(2 * gap)
        self.setHtml("".join([*parts, "</div>"]))
        self._mark(self._selection.current.element)

    def _paragraph(self, number: int, sentence: Sentence) -> str:
        tokens, text = self._theme.tokens, sentence.text
        inner = text.startswith("\u2022")
        said = self._with_flags(number, text)
        if sentence.element:
            look = f"color:{tokens.text_soft if inner else tokens.text}; text-decoration:none"
            said = f'<a href="#{number}" style="{look}">{said}</a>'
        left = 2 * tokens.gap if inner else 0
        return f'<p style="margin:0 0 {tokens.gap // 2}px {left}px; line-height:130%">{said}</p>'

    def _with_flags(self, number: int, text: str) -> str:
        made, at = "", 0
        for start, end in self._flagged.get(number, ()):
            look = f"color:{self._theme.tokens.bad}; font-weight:600"
            made += f'{escape(text[at:start])}<span style="{look}">\u26a0 {escape(text[start:end])}</span>'
            at = end
        return made + escape(text[at:])

    def _clicked(self, url: QUrl) -> None:
        number = int(url.fragment() or -1)
        if 0 <= number < len(self.sentences):
            self._selection.select(self.sentences[number].element, self)
            self._mark(self.sentences[number].element)

    def _selected(self, selected: Selected) -> None:
        self._mark(selected.element, follow=selected.source is not self)

    def _mark(self, element: str, *, follow: bool = False) -> None:
        """Lights the sentences about an element up."""
        marks = []
        if element:
            name = element.partition("[")[0]
            exact = [n for n, s in enumerate(self.sentences) if s.element == element]
            wanted = set(exact or [n for n, s in enumerate(self.sentences) if s.element.partition("[")[0] == name])
            block = self.document().begin()
            while block.isValid():
                iterator = block.begin()
                href = "" if iterator.atEnd() else iterator.fragment().charFormat().anchorHref()
                if href and int(href[1:]) in wanted:
                    mark = QTextEdit.ExtraSelection()
                    cursor = QTextCursor(block)
                    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                    mark.cursor = cursor
                    mark.format.setBackground(QColor(self._theme.tokens.accent_soft))
                    marks.append(mark)
                block = block.next()
        self.setExtraSelections(marks)
        if follow and marks:
            shown = self.cursorRect(marks[0].cursor)
            if shown.top() < 0 or shown.bottom() > self.viewport().height():
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + shown.top() - shown.height() * 3)
