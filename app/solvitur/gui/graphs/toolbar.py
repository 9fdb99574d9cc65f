"""The row above a solution graph: layout, colours, search, fit, export."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from solvitur.gui.graphs.colouring import MODES
from solvitur.gui.graphs.export import SUFFIXES
from solvitur.gui.graphs.layouts import LAYOUTS
from solvitur.gui.theme import Theme

_SEARCH_WIDTH = 200


class GraphTools(QWidget):
    """Says what is wanted as signals."""

    arranged = Signal(str)
    coloured = Signal(str)
    searched = Signal(str)
    stepped = Signal(int)
    fitted = Signal()
    exported = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("graphTools")
        self._theme = theme
        self._icons: dict[QToolButton, str] = {}
        gap = theme.tokens.gap
        row = QHBoxLayout(self)
        row.setContentsMargins(gap, gap // 2, gap, gap // 2)
        row.setSpacing(gap // 2)
        self.layouts = self._choice("graphLayout", "Layout", "Where the nodes go")
        self.layouts.currentIndexChanged.connect(lambda _at: self.arranged.emit(str(self.layouts.currentData())))
        self.modes = self._choice("graphColours", "Colours", "What colours the nodes")
        self.modes.currentIndexChanged.connect(lambda _at: self.coloured.emit(self.mode))
        again = self._button("repeat", "arrangeAgain", "Arrange again")
        again.clicked.connect(lambda: self.arranged.emit(str(self.layouts.currentData())))
        fit = self._button("fit", "graphFit", "Show the whole graph (F)")
        fit.clicked.connect(self.fitted)
        for widget in (self.layouts, again, self.modes, fit):
            row.addWidget(widget)
        row.addWidget(self._make_export())
        row.addStretch(1)
        self._words = QLabel(self)
        self._words.setObjectName("graphFound")
        self._words.setProperty("role", "small-soft")
        row.addWidget(self._words)
        self.field = QLineEdit(self)
        self.field.setObjectName("graphSearch")
        self.field.setAccessibleName("Search this graph")
        self.field.setPlaceholderText("Search nodes")
        self.field.setToolTip("Lights the nodes whose name or group has the words; Enter goes to the next (/)")
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(_SEARCH_WIDTH)
        self.field.textChanged.connect(self.searched)
        self.field.returnPressed.connect(lambda: self.stepped.emit(1))
        row.addWidget(self.field)
        for name, icon, by in (("previousFound", "chevron-up", -1), ("nextFound", "chevron-down", 1)):
            arrow = self._button(icon, name, "Previous (Shift+N)" if by < 0 else "Next (N)")
            arrow.clicked.connect(lambda _on=False, by=by: self.stepped.emit(by))
            row.addWidget(arrow)
        theme.changed.connect(self._paint)
        self._paint()

    def show_layouts(self, names: tuple[str, ...]) -> None:
        """Offers layouts, the first one being used."""
        blocker = QSignalBlocker(self.layouts)
        self.layouts.clear()
        for name in (each for each in LAYOUTS if each in names):
            self.layouts.addItem(LAYOUTS[name], name)
        self.layouts.setCurrentIndex(self.layouts.findData(names[0]))
        blocker.unblock()

    def show_modes(self, names: tuple[str, ...], wanted: str) -> None:
        """Offers ways to colour; ``wanted`` is used if it is among them."""
        blocker = QSignalBlocker(self.modes)
        self.modes.clear()
        for name in names:
            self.modes.addItem(MODES[name], name)
        self.modes.setCurrentIndex(names.index(wanted) if wanted in names else names.index(""))
        blocker.unblock()

    @property
    def mode(self) -> str:
        """How nodes are coloured now."""
        return str(self.modes.currentData() or "")

    def tell(self, words: str) -> None:
        """Says a few words beside the search field."""
        self._words.setText(words)

    def _paint(self) -> None:
        for button, icon in self._icons.items():
            button.setIcon(self._theme.icon(icon))

    def _make_export(self) -> QToolButton:
        export = self._button("export", "graphExport", "Export as PNG, SVG, CSV or GraphML")
        menu = QMenu(export)
        for suffix, title in SUFFIXES.items():
            menu.addAction(f"{title}…").triggered.connect(lambda _on=False, s=suffix: self.exported.emit(s))
        export.setMenu(menu)
        export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return export

    def _choice(self, name: str, title: str, help_text: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(title)
        box.setToolTip(help_text)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def _button(self, icon: str, name: str, help_text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(help_text.partition(" (")[0])
        button.setToolTip(help_text)
        button.setAutoRaise(True)
        self._icons[button] = icon
        return button
