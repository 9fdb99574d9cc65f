"""The main window: the rail, the stage, the docks, the menus and the status bar around one session."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from solvitur.engine import events
from solvitur.engine.session import Session
from solvitur.gui.actions import ActionTable, keys_of
from solvitur.gui.bridge import Bridge
from solvitur.gui.context import Context
from solvitur.gui.docks import Docks
from solvitur.gui.documents import Documents
from solvitur.gui.file_actions import add_edit_actions, add_file_actions, name_edits
from solvitur.gui.file_drops import FileDrops, local_files
from solvitur.gui.garbage import Garbage
from solvitur.gui.menus import Menus
from solvitur.gui.messages import Message, MessageBar
from solvitur.gui.palette import Palette
from solvitur.gui.places import DOCKS, PLACES
from solvitur.gui.preferences import Preferences
from solvitur.gui.preload import Preload
from solvitur.gui.rail import Rail
from solvitur.gui.search_box import SearchBox
from solvitur.gui.selection import Selection
from solvitur.gui.stage import WELCOME, Stage
from solvitur.gui.status import StatusBar
from solvitur.gui.tasks import Tasks
from solvitur.gui.theme import Theme
from solvitur.gui.view_actions import add_place_actions, add_view_actions
from solvitur.gui.welcome import Welcome
from solvitur.gui.windows import SideWindows

_WIDTH, _HEIGHT = 1280, 800
_IDLE_MS, _PAUSE_MS = 300, 50
_SWITCH_S = 0.00005
"""How soon a background thread lets the window's go on: Python's usual 0.005 s adds up to gaps that are felt."""
_HINT = "F1 explains what has the focus; Ctrl+K finds every action."
_QUIET = (events.Progress, events.Incumbent, events.Bound, events.Log)
"""Events that come often and change no action."""
_CHECKED_FIELDS = frozenset({"formulation", "tables", "choice"})
"""Fields of the problem that its check depends on."""


class MainWindow(QMainWindow):
    """One window around one session; `start` finishes what may wait until the window is painted."""

    def __init__(self, session: Session, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAccessibleName("Solvitur")
        self.setAcceptDrops(True)
        self.resize(_WIDTH, _HEIGHT)
        self.preferences = preferences
        self._shown_settings = preferences.value
        actions = ActionTable(theme.icon, self)
        self.context = Context(session, Bridge(session.events, self), theme, actions, Selection(self), preferences)
        self.messages = MessageBar(theme, self)
        self.tasks = Tasks(self)
        self.documents = Documents(self.context, preferences, self.messages, self.tasks, self)
        self.palette_box = Palette(actions, theme, self)
        self._leaving = self._closed = False
        self.garbage = Garbage(self)
        self._refresh = QTimer(self, singleShot=True)
        self._refresh.timeout.connect(self._refresh_actions)
        self._warming = QTimer(self, singleShot=True)
        self._warming.timeout.connect(self._warm)
        places = {part.id: part for part in PLACES if part.present}
        self.stage = Stage(self.context, places, self._make_welcome, self)
        add_file_actions(actions, self.documents, session, self.close)
        add_edit_actions(actions, session)
        add_place_actions(actions, tuple(places.values()), self.stage)
        self.rail = Rail(self.context, self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        for part in places.values():
            self.rail.add_place(part)
        self.rail.setVisible(bool(places))
        self.docks = Docks(self, self.context, tuple(part for part in DOCKS if part.present))
        add_view_actions(actions, preferences, self.docks, self.palette_box)
        self.windows = SideWindows(self, self.context, preferences, self.stage, self.docks)
        self.menus = Menus(self, actions)
        self.menus.add_submenu("File", "file.open", "Open recent", self.documents.fill_recent)
        actions.set_shortcuts(preferences.value.shortcuts)
        self._lay_out()
        self._connect()
        self.stage.turn_to(WELCOME)
        self._show_title()
        self._refresh_actions()

    def start(self, path: Path | None = None) -> None:
        """Opens the file asked for, offers what a crash left behind, and warms what will be needed next."""
        self.stage.turn_to(WELCOME).setFocus()
        for notice in self.preferences.notices:
            self.messages.show_message(Message(notice.text, notice.severity))
        self.documents.offer_recovery()
        if path is not None:
            self.documents.open_path(path)
        sys.setswitchinterval(_SWITCH_S)
        Preload("numpy.ma", self)  # numpy loads it at the first search for distinct values, which takes 0.1 s
        self._warming.start(_IDLE_MS)

    def show_problem(self, view: str = "") -> None:
        """Brings the open problem to the front, in the place that edits it, with the view asked for."""
        if "understand" not in self.stage.pages or (self.stage.current != WELCOME and not view):
            return
        place = self.stage.turn_to("understand")
        show_view = getattr(place, "show_view", None)
        if view and callable(show_view):
            show_view(view)

    def show_crash(self, report: str) -> None:
        """Tells of a defect and offers its report; the window goes on."""
        text = "Solvitur met a defect. Your work is kept; please save, and send the report to whoever maintains it."
        copy = ("Copy report", lambda: QGuiApplication.clipboard().setText(report))
        self.messages.show_message(Message(text, "error", (copy,), key="crash"))

    def restore_layout(self) -> None:
        """Puts the window and its docks where they were when it was last closed."""
        geometry = self.preferences.layout("geometry")
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        docks = self.preferences.layout("docks")
        if docks:
            self.docks.restore(docks)

    def leave_now(self) -> None:
        """Closes the window without asking; unsaved changes are dropped."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks for unsaved changes first; then remembers the layout and ends the session."""
        if not self._leaving and self.context.session.modified:
            event.ignore()
            self.documents.when_safe(self.leave_now)
            return
        self._leaving = True
        if not self._closed:
            self._closed = True
            self._close_down()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files."""
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens the dropped files."""
        for path in local_files(event.mimeData()):
            self.documents.open_path(path)
        event.acceptProposedAction()

    def _close_down(self) -> None:
        layout = {"geometry": bytes(self.saveGeometry().data()), "docks": self.docks.layout()}
        self.preferences.remember_layout(layout)
        self.hide()
        for part in (*self.stage.widgets, *self.docks.contents, self.windows):
            closing = getattr(part, "closing", None)
            if callable(closing):
                closing()
        self.context.bridge.close()
        self.tasks.close()
        self.garbage.close()
        self.context.session.close(discard=True)

    def _lay_out(self) -> None:
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.stage, 1)
        self.setCentralWidget(centre)
        self.status = StatusBar(self.context, self)
        self.setStatusBar(self.status)
        keys = keys_of(self.context.actions.shortcut("help.palette"))
        self.search_box = SearchBox(self.context.theme, keys, self.palette_box.open, self)
        self.menuBar().setCornerWidget(self.search_box, Qt.Corner.TopRightCorner)

    def _connect(self) -> None:
        self.context.bridge.happened.connect(self._take)
        self.context.actions.added.connect(lambda _id: self._refresh.start(0))
        self.context.theme.changed.connect(self.context.actions.refresh_icons)
        self.context.selection.changed.connect(lambda _selected: self._refresh.start(0))
        self.stage.turned.connect(self._turned)
        self.tasks.busy.connect(self.status.busy)
        drops = FileDrops(self.documents.open_path, self)
        self.stage.made.connect(drops.watch)
        self.documents.shown.connect(self.show_problem)
        self.documents.data_offered.connect(self._show_import)
        self.documents.closed.connect(lambda: self.stage.turn_to(WELCOME))
        self.preferences.changed.connect(self._take_preferences)

    def _make_welcome(self) -> QWidget:
        return Welcome(self.context, self.preferences, self.documents, self)

    def _turned(self, page: str) -> None:
        if page == WELCOME:
            self.docks.rest()
            self.status.showMessage(_HINT)
        else:
            self.docks.wake()
            self.status.clearMessage()
        self._refresh.start(0)

    def _show_import(self, path: Path) -> None:
        importer = getattr(self.stage.turn_to("understand"), "import_file", None)
        if callable(importer):
            importer(path)

    def _take(self, event: object) -> None:
        if isinstance(event, _QUIET):
            return
        if isinstance(event, events.Notice) and event.severity != "info":
            self.messages.show_message(Message(event.text, event.severity))
        if isinstance(event, events.RecoveryFound):
            self.documents.offer(event.recovery)
        if isinstance(event, events.ProjectOpened) or (
            isinstance(event, events.ProblemChanged) and event.fields & _CHECKED_FIELDS
        ):
            self.context.session.check_soon()
        if isinstance(event, events.ProblemChanged | events.ProjectOpened | events.ProjectSaved | events.RunsChanged):
            self._show_title()
            name_edits(self.context.actions, self.context.session)
        self._refresh.start(0)

    def _take_preferences(self) -> None:
        before, value = self._shown_settings, self.preferences.value
        self._shown_settings = value
        if value.theme != before.theme:
            self.context.theme.set_mode(value.theme)
        self.context.theme.set_zoom(value.zoom_percent / 100)
        self.context.actions.set_shortcuts(value.shortcuts)
        self._refresh.start(0)

    def _refresh_actions(self) -> None:
        self.context.actions.refresh()

    def _show_title(self) -> None:
        session = self.context.session
        self.setWindowTitle(f"{session.problem.name or 'Untitled'}[*] — Solvitur")
        self.setWindowFilePath("" if session.path is None else str(session.path))
        self.setWindowModified(session.modified)

    def _warm(self) -> None:
        """Builds the places and docks not visited yet, one at a time, so that their actions can be found."""
        waiting = self.stage.unbuilt
        if self._leaving:
            return
        if not (waiting or self.docks.empty):
            self.garbage.settle()
            return
        if waiting:
            self.stage.build(waiting[0])
        else:
            self.docks.fill(self.docks.empty[0])
        self._warming.start(_PAUSE_MS)
