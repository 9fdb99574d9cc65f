"""Offline help: pages in Markdown, a search box, and F1 for the thing under the focus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.theme import Theme

FIRST_PAGE = "welcome"
ORDER = (
    "welcome",
    "understand",
    "words",
    "talking",
    "language",
    "data",
    "plan",
    "solver-panel",
    "solve",
    "look-back",
    "graphs",
    "glossary",
    "inspector",
    "files",
    "keyboard",
    "settings",
    "language-models",
    "plugins",
    "command-line",
)
"""The pages in the order they are listed; a page not named here comes after them."""
_NAME = int(Qt.ItemDataRole.UserRole)
_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page of the help: its name in links, its title and its Markdown text."""

    name: str
    title: str
    text: str


def pages() -> tuple[Page, ...]:
    """Reads all pages in their order."""
    found = []
    for entry in files("solvitur_resources").joinpath("help").iterdir():
        if entry.name.endswith(".md"):
            text = entry.read_text("utf-8")
            heading = _HEADING.search(text)
            found.append(Page(entry.name[:-3], heading[1] if heading else entry.name, text))
    return tuple(sorted(found, key=lambda page: (ORDER.index(page.name) if page.name in ORDER else 99, page.name)))


def page_for(widget: QWidget | None) -> str:
    """Returns the page of a widget: that of the nearest ancestor with a ``helpPage`` property."""
    while widget is not None:
        page = widget.property("helpPage")
        if page:
            return str(page)
        widget = widget.parentWidget()
    return FIRST_PAGE


class HelpWindow(QDialog):
    """The help beside the work: pages at the left, the page at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("helpWindow")
        self.setAccessibleName("Help")
        self.setWindowTitle("Help")
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.resize(984, 680)
        self._theme = theme
        self._pages = {page.name: page for page in pages()}
        self._name = ""
        gap = theme.tokens.gap
        self.search = QLineEdit(self)
        self.search.setObjectName("searchHelp")
        self.search.setAccessibleName("Search the help")
        self.search.setPlaceholderText("Search the help")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._next_hit)
        self.list = QListWidget(self)
        self.list.setObjectName("helpPages")
        self.list.setAccessibleName("Pages of the help")
        self.list.currentItemChanged.connect(self._choose)
        self.text = QTextBrowser(self)
        self.text.setObjectName("helpText")
        self.text.setAccessibleName("Help page")
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        self.text.document().setDocumentMargin(3 * gap)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        row = QHBoxLayout()
        row.setSpacing(gap // 2)
        row.addWidget(self.search, 1)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        split = QSplitter(self)
        split.addWidget(left)
        split.addWidget(self.text)
        split.setSizes([248, 672])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)
        self._fill("")
        theme.changed.connect(self._show)

    @property
    def page(self) -> str:
        """The name of the page on show."""
        return self._name

    def open_page(self, name: str) -> None:
        """Shows a page; an unknown name shows the first one."""
        self._name = name if name in self._pages else FIRST_PAGE
        for at in range(self.list.count()):
            item = self.list.item(at)
            if item.data(_NAME) == self._name and self.list.currentItem() is not item:
                self.list.setCurrentItem(item)
        self._show()

    def _show(self) -> None:
        page = self._pages.get(self._name)
        if page is None:
            return
        self.text.setMarkdown(page.text)
        dress(self.text.document(), self._theme)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self._mark()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_NAME) != self._name:
            self.open_page(str(item.data(_NAME)))

    def _search(self, text: str) -> None:
        self._fill(text)
        if self.list.count():
            self.open_page(str(self.list.item(0).data(_NAME)))

    def _fill(self, typed: str) -> None:
        words = typed.casefold().split()
        self.list.clear()
        hits = []
        for page in self._pages.values():
            title, text = page.title.casefold(), page.text.casefold()
            if all(word in text for word in words):
                hits.append((-sum(20 * title.count(w) + text.count(w) for w in words), page))
        for _, page in sorted(hits, key=lambda hit: hit[0]) if words else hits:
            item = QListWidgetItem(page.title)
            item.setData(_NAME, page.name)
            self.list.addItem(item)

    def _mark(self) -> None:
        typed = self.search.text().strip()
        if typed:
            self.text.find(typed)

    def _next_hit(self) -> None:
        typed = self.search.text().strip()
        if typed and not self.text.find(typed):
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(typed)

    def _follow(self, url: QUrl) -> None:
        self.search.clear()
        self.open_page(url.path().removesuffix(".md"))


def dress(document: QTextDocument, theme: Theme) -> None:
    """Gives a Markdown document the window's fonts, colours and spacing."""
    tokens = theme.tokens
    document.setDefaultFont(theme.font("text"))
    code = theme.font("code")
    code.setPixelSize(tokens.table_px)
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        level = block.blockFormat().headingLevel()
        fenced = _is_fenced(block)
        shape = QTextBlockFormat()
        last = fenced and not _is_fenced(block.next())
        shape.setTopMargin(0 if fenced else (2 * tokens.gap if level > 1 else tokens.gap_small))
        shape.setBottomMargin(2 * tokens.gap if last else 0 if fenced else tokens.gap)
        if not fenced:
            shape.setLineHeight(*_LINE_HEIGHT)
        if fenced:
            shape.setBackground(theme.color("raised"))
            shape.setLeftMargin(tokens.gap)
        cursor.mergeBlockFormat(shape)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        letters = QTextCharFormat()
        if level:
            font = theme.font("title" if level == 1 else "heading" if level == 2 else "text")
            letters.setFont(font)
            letters.setFontWeight(QFont.Weight.DemiBold)
        if fenced:
            letters.setFont(code)
        cursor.mergeCharFormat(letters)
        block = block.next()


def _is_fenced(block: QTextBlock) -> bool:
    shape = block.blockFormat()
    return shape.hasProperty(QTextFormat.Property.BlockCodeFence)


_LINE_HEIGHT = (130.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
