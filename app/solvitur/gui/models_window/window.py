"""Language models: choose one, say how it is reached, what it may cost, see what is sent, and turn it on."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine.overhearing import draft_preview
from solvitur.engine.settings import Settings
from solvitur.gui.context import Context
from solvitur.gui.forms import OptionsForm
from solvitur.gui.models_window.backend_page import BackendPage
from solvitur.gui.preferences import Preferences
from solvitur.gui.tasks import Tasks
from solvitur.hooks.parts import Part
from solvitur.problem.errors import SolviturError
from solvitur.problem.options import option_specs

_BUDGET = ("chat_tokens_budget", "chat_money_budget", "chat_candidates")
_LABEL_WIDTH = 168
_LIST_WIDTH = 216


class ModelsWindow(QDialog):
    """Every setting takes effect at once; nothing is on until the user turns it on."""

    def __init__(self, context: Context, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelsWindow")
        self.setAccessibleName("Language models")
        self.setWindowTitle("Language models")
        self.setProperty("helpPage", "language-models")
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.resize(880, 680)
        self._context, self._preferences = context, preferences
        self._tasks = Tasks(self)
        self._parts: tuple[Part, ...] = ()
        self.page: BackendPage | None = None
        self.list = QListWidget(self)
        self.list.setObjectName("modelsBackends")
        self.list.setAccessibleName("Language models")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setProperty("bare", "true")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self.list.currentRowChanged.connect(self._open)
        preferences.changed.connect(lambda _settings: self._refresh())
        self.show_backends()

    def closing(self) -> None:
        """Ends the background thread."""
        self._tasks.close()

    def show_backends(self) -> None:
        """Lists what is installed, and opens the one that is on."""
        self._parts = self._context.session.chats.models()
        self.list.clear()
        on = self._preferences.value.chat_backend
        for part in self._parts:
            item = QListWidgetItem(str(part.part.title).partition(" (")[0])
            item.setData(Qt.ItemDataRole.UserRole, part.name)
            self.list.addItem(item)
        self._mark()
        names = [part.name for part in self._parts]
        self.list.setCurrentRow(names.index(on) if on in names else names.index("openai") if "openai" in names else 0)

    # building

    def _lay_out(self) -> None:
        theme = self._context.theme
        gap = theme.tokens.gap
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.list)
        across.addWidget(self._scroll, 1)
        foot = QWidget(self)
        below = QVBoxLayout(foot)
        below.setContentsMargins(3 * gap, gap, 3 * gap, gap)
        below.setSpacing(gap)
        title = QLabel("Budget of a session", foot)
        title.setProperty("role", "strong")
        below.addWidget(title)
        specs = {spec.name: spec for spec in option_specs(Settings)}
        self.budget = OptionsForm(theme, [specs[name] for name in _BUDGET], self._limits(), foot, _LABEL_WIDTH)
        self.budget.edited.connect(self._limit)
        below.addWidget(self.budget)
        row = QHBoxLayout()
        self._spent = QLabel(foot)
        self._spent.setObjectName("modelsSpent")
        self._spent.setProperty("role", "soft")
        reset = QPushButton("Count anew", foot)
        reset.setObjectName("modelsReset")
        reset.setAccessibleName("Begin to count the costs anew")
        reset.clicked.connect(lambda: self._reset())  # noqa: PLW0108 - drops "checked"
        close = QPushButton("Close", foot)
        close.setObjectName("modelsClose")
        close.setAccessibleName("Close the language models")
        close.clicked.connect(self.close)
        row.addWidget(self._spent, 1)
        row.addWidget(reset)
        row.addWidget(close)
        below.addLayout(row)
        line = QFrame(self)
        line.setProperty("frame", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(across, 1)
        column.addWidget(line)
        column.addWidget(foot)

    def _open(self, row: int) -> None:
        if not 0 <= row < len(self._parts):
            return
        part = self._parts[row]
        page = BackendPage(self._context.theme, part, self._options(part.name), self)
        page.turn_wanted.connect(self._turn)
        page.edited.connect(self._edit)
        page.models_wanted.connect(self._list_models)
        page.preview_wanted.connect(self._preview)
        page.key.given.connect(self._keep_key)
        page.key.forget_wanted.connect(self._forget_key)
        old = self._scroll.takeWidget()
        if old is not None:
            old.deleteLater()
        self.page = page
        self._scroll.setWidget(page)
        self._refresh()
        self._show_key()

    # what people do

    def _turn(self, on: bool) -> None:
        if self.page is not None:
            name = self.page.part.name if on else ""
            self._preferences.change(lambda s: replace(s, chat_backend=name))

    def _edit(self, option: str, value: object) -> None:
        if self.page is None:
            return
        name = self.page.part.name
        options = {**self._preferences.value.chat_options.get(name, {}), option: value}
        self._preferences.change(lambda s: replace(s, chat_options={**s.chat_options, name: options}))
        if option == "model":
            self.page.show_values(self._options(name))
        self._show_key()

    def _limit(self, name: str, value: object) -> None:
        self._preferences.change(lambda s: replace(s, **{name: value}))  # type: ignore[arg-type]

    def _reset(self) -> None:
        self._context.session.chats.reset_spent()
        self._refresh()

    def _list_models(self) -> None:
        page, chats = self.page, self._context.session.chats
        if page is None:
            return
        name = page.part.name
        page.say("Asking the server \u2026")
        self._tasks.run(
            "Asking for models",
            lambda: chats.available_models(name),
            lambda found: self._on_page(page, lambda: page.show_models(found)),
            lambda error: self._on_page(page, lambda: page.say(str(error), bad=True)),
        )

    def _preview(self) -> None:
        page, session = self.page, self._context.session
        if page is None:
            return
        settings = replace(self._preferences.value, chat_backend=page.part.name)
        plugins, workers, problem = session.plugins, session.jobs.workers, session.problem
        if not problem.statement.strip():
            page.say("There are no words yet: write the statement in Understand first.")
            return
        page.say("Working out what would be sent \u2026")
        self._tasks.run(
            "Working out what would be sent",
            lambda: draft_preview(plugins, workers, session.chats, settings, problem),
            lambda text: self._on_page(page, lambda: page.show_preview(text)),
            lambda error: self._on_page(page, lambda: page.say(str(error), bad=True)),
        )

    def _keep_key(self, key: str, for_good: bool) -> None:
        page, chats = self.page, self._context.session.chats
        if page is None:
            return
        try:
            said = chats.keep_key(page.part.name, key, for_good=for_good)
            page.key.show_state(chats.key_state(page.part.name), said)
        except SolviturError as error:
            page.say(str(error), bad=True)

    def _forget_key(self) -> None:
        page, chats = self.page, self._context.session.chats
        if page is None:
            return
        try:
            said = chats.forget_key(page.part.name)
            page.key.show_state(chats.key_state(page.part.name), said)
        except SolviturError as error:
            page.say(str(error), bad=True)

    # showing

    def _on_page(self, page: BackendPage, show: Any) -> None:
        """Shows what came, unless another backend was opened meanwhile."""
        if page is self.page:
            show()

    def _show_key(self) -> None:
        page, chats = self.page, self._context.session.chats
        if page is not None and hasattr(page.part.part, "key_state"):
            try:
                page.key.show_state(chats.key_state(page.part.name))
            except SolviturError as error:
                page.key.show_state("", str(error))

    def _refresh(self) -> None:
        chats = self._context.session.chats
        self._mark()
        left = chats.budget_left()
        self._spent.setText(f"So far: {chats.spent}" + (f"; {left} left" if left else ""))
        if not self.budget.isAncestorOf(self.focusWidget() or self):
            self.budget.show_values(self._limits())
        if self.page is not None:
            on = self.page.part.name == self._preferences.value.chat_backend
            self.page.show_state(on=on, unable=chats.unable() if on and chats.on else "")

    def _mark(self) -> None:
        on, theme = self._preferences.value.chat_backend, self._context.theme
        for row, part in enumerate(self._parts):
            name, token = ("good", "good") if part.name == on else ("words", "text_soft")
            item = self.list.item(row)
            item.setIcon(theme.icon(name, token))
            item.setToolTip("on" if part.name == on else "off")

    def _options(self, name: str) -> dict[str, Any]:
        try:
            value = self._context.session.chats.options(name)
        except SolviturError:
            return dict(self._preferences.value.chat_options.get(name, {}))
        return {} if value is None else asdict(value)

    def _limits(self) -> dict[str, object]:
        return {name: getattr(self._preferences.value, name) for name in _BUDGET}
