"""The welcome page: three ways to start, the examples with their pictures, and the recent files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from solvitur.engine import events
from solvitur.gui.cards import Card, CardGrid, ExampleCard, RowCard, StartCard, read_cover
from solvitur.gui.context import Context
from solvitur.gui.documents import Documents
from solvitur.gui.preferences import Preferences
from solvitur.gui.tasks import Tasks
from solvitur.hooks.contracts import Example

_WIDTH, _RECENT_WIDTH = 1120, 248
_STARTS = (
    (
        "words",
        "words",
        "Start from words",
        "Describe the decision as you would to a colleague.",
    ),
    ("model", "model", "Start from a model", "Write sets, data, variables, an objective and constraints."),
    ("file", "file", "Start from a file", "Open a project, .slv, .lp, .mps, or a table in .csv or .xlsx."),
)


class Welcome(QScrollArea):
    """What the window shows before a problem is open."""

    def __init__(self, context: Context, preferences: Preferences, documents: Documents, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = "Welcome"
        self.setObjectName("welcome")
        self.setAccessibleName("Welcome")
        self.setProperty("helpPage", "welcome")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._context, self._preferences, self._documents = context, preferences, documents
        self._pictures: list[tuple[ExampleCard, Path]] = []
        self._tasks = Tasks(self)
        gap = context.theme.tokens.gap
        page = QWidget(self)
        page.setProperty("page", "true")
        across = QHBoxLayout(page)
        across.setContentsMargins(4 * gap, 4 * gap, 4 * gap, 4 * gap)
        middle = QWidget(page)
        middle.setMaximumWidth(_WIDTH)
        across.addWidget(middle, 1)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_heading("What do you want to decide?", "title", middle))
        column.addSpacing(gap // 2)
        column.addLayout(self._invitation(middle))
        column.addSpacing(3 * gap)
        column.addWidget(self._starts(middle))
        column.addSpacing(4 * gap)
        below = QHBoxLayout()
        below.setSpacing(4 * gap)
        below.addLayout(self._example_column(middle), 1)
        below.addWidget(self._recent_column(middle), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(below)
        column.addStretch(1)
        self.setWidget(page)
        self._show_recent()
        self._show_examples()
        preferences.changed.connect(lambda _settings: self._show_recent())
        context.bridge.happened.connect(self._take)
        context.theme.changed.connect(self._show_covers)

    def _invitation(self, parent: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(_heading("State it, solve it, and see whether to trust the answer.", "soft", parent))
        row.addStretch(1)
        return row

    def _starts(self, parent: QWidget) -> CardGrid:
        grid = CardGrid(self._context.theme, 240, parent, most_columns=3)
        grid.setObjectName("welcome.starts")
        calls = {
            "words": lambda: self._documents.new("words"),
            "model": lambda: self._documents.new("model"),
            "file": self._documents.open_dialog,
        }
        cards: list[Card] = []
        for name, icon, title, text in _STARTS:
            card = StartCard(self._context.theme, f"welcome.{name}", icon, title, text, grid)
            card.clicked.connect(partial(_call, calls[name]))
            cards.append(card)
        grid.show_cards(cards)
        self.setFocusProxy(cards[0])
        return grid

    def _example_column(self, parent: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self._context.theme.tokens.gap + 4)
        column.addWidget(_heading("Examples", "heading", parent))
        self.examples = CardGrid(self._context.theme, 248, parent)
        self.no_examples = _heading(
            "No examples are installed. They come with the plugin 'examples': enable it in Plugins.", "soft", parent
        )
        self.no_examples.setWordWrap(True)
        column.addWidget(self.examples)
        column.addWidget(self.no_examples)
        column.addStretch(1)
        return column

    def _recent_column(self, parent: QWidget) -> QWidget:
        holder = QWidget(parent)
        holder.setFixedWidth(_RECENT_WIDTH)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._context.theme.tokens.gap + 4)
        indent = self._context.theme.tokens.gap
        heading = _heading("Recent", "heading", holder)
        heading.setIndent(indent)
        column.addWidget(heading)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addLayout(self._recent)
        tour = QPushButton("Take the two-minute tour", holder)
        tour.setObjectName("welcome.tour")
        tour.setAccessibleName("Take the two-minute tour")
        tour.setProperty("kind", "link")
        tour.clicked.connect(lambda: self._context.actions.trigger("help.tour"))
        row = QHBoxLayout()
        row.setContentsMargins(indent // 2, 0, 0, 0)
        row.addWidget(tour, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(row)
        return holder

    def _show_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.deleteLater()
        paths = [Path(name) for name in self._preferences.value.recent_files]
        for path in paths:
            self._recent.addWidget(self._recent_row(path))
        if not paths:
            empty = _heading("Files you open or save are listed here.", "soft", self)
            empty.setWordWrap(True)
            empty.setIndent(self._context.theme.tokens.gap)
            self._recent.addWidget(empty)

    def _recent_row(self, path: Path) -> RowCard:
        row = RowCard(self._context.theme, "recentFile", path.name, str(path.parent), self)
        row.setAccessibleName(f"Open {path.name}")
        row.setToolTip(str(path))
        row.clicked.connect(partial(_call, partial(self._documents.open_path, path)))
        return row

    def _show_examples(self) -> None:
        examples: list[Example] = [part.part for part in self._context.session.plugins.examples()]
        cards: list[Card] = []
        self._pictures = []
        for example in examples:
            about = ", ".join(example.tags[:3])
            card = ExampleCard(
                self._context.theme, f"example.{example.name}", example.title, about, example.story, self.examples
            )
            card.clicked.connect(partial(_call, partial(self._documents.open_example, example)))
            cards.append(card)
            self._pictures.append((card, Path(example.folder) / "picture.png"))
        self.examples.show_cards(cards)
        self.examples.setVisible(bool(cards))
        self.no_examples.setVisible(not cards and bool(self._context.session.plugins.entries))
        self._show_covers()

    def _show_covers(self) -> None:
        theme = self._context.theme
        ground = theme.color("surface") if theme.tokens.dark else None
        for card, path in self._pictures:
            self._tasks.run(
                f"Reading '{path.name}'",
                partial(read_cover, path, ground),
                partial(self._show_cover, card),
                lambda _error: None,
            )

    def _show_cover(self, card: ExampleCard, picture: QImage) -> None:
        """Shows a picture that was read, unless its card went when the examples were listed anew."""
        if any(card is shown for shown, _ in self._pictures):
            card.picture.show_picture(picture)

    def closing(self) -> None:
        """Ends the background thread; the window calls it when it closes."""
        self._tasks.close()

    @property
    def complete(self) -> bool:
        """Whether every picture is shown."""
        return self._tasks.idle

    def _take(self, event: object) -> None:
        if isinstance(event, events.PluginsChanged):
            self._show_examples()


def _call(call: Callable[[], object], _checked: bool = False) -> None:
    call()


def _heading(text: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", role)
    return label
