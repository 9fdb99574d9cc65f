"""The plugins window: stays open beside the work; nothing in it is modal."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine import events
from solvitur.engine.installed import crash_markers
from solvitur.engine.plugins.installing import Done
from solvitur.engine.plugins.pip_runs import Stopped
from solvitur.engine.plugins.plans import Plan
from solvitur.engine.plugins.switching import switched
from solvitur.engine.plugins.trial import Trial
from solvitur.gui.context import Context
from solvitur.gui.plugins_window.change_page import ChangePage
from solvitur.gui.plugins_window.details import DetailsPage
from solvitur.gui.plugins_window.plugin_list import PluginList
from solvitur.gui.plugins_window.work import PluginWork
from solvitur.gui.preferences import Preferences
from solvitur.hooks.loading import Plugins
from solvitur.problem.errors import SolviturError

_WIDTH, _HEIGHT, _LIST_WIDTH = 920, 600, 300


class PluginsWindow(QDialog):
    """What is installed on the left; on the right the marked plugin, or the change under way; below, Install."""

    def __init__(self, context: Context, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pluginsWindow")
        self.setAccessibleName("Plugins")
        self.setWindowTitle("Plugins")
        self.setProperty("helpPage", "plugins")
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAcceptDrops(True)
        self.resize(_WIDTH, _HEIGHT)
        self._context, self._preferences = context, preferences
        self.plan: Plan | None = None
        self._refreshing = False
        self.work = PluginWork(context.session.folders, self)
        self.list = PluginList(context.theme, self)
        self.details = DetailsPage(context.theme, self)
        self.change = ChangePage(context.theme, self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.details)
        self.pages.addWidget(self.change)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.list)
        split.addWidget(self.pages)
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_WIDTH, _WIDTH - _LIST_WIDTH])
        split.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(split, 1)
        outer.addLayout(self._make_foot())
        self._connect()
        self.show_plugins()

    def install(self, asked: str) -> None:
        """Works out what installing a wheel, a folder or a named package changes, and shows it."""
        if not asked.strip() or self.work.at_work:
            return
        self._drop_plan()
        self._turn_to_change(f"Looking at {Path(asked).name or asked}", "Reading it; nothing is changed yet")
        self.work.plan_install(asked.strip())

    def show_plugins(self, mark: str = "") -> None:
        """Shows what is installed now; the page on the right stays."""
        self._refreshing = True
        self.list.show_entries(self._context.session.plugins.entries, mark)
        self._refreshing = False

    def closing(self) -> None:
        """Ends what is being done, before the program ends."""
        self._drop_plan()
        self.work.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes a wheel, an archive or a folder."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Looks at what was dropped as at what was typed."""
        event.acceptProposedAction()
        self.install(event.mimeData().urls()[0].toLocalFile())

    def _make_foot(self) -> QHBoxLayout:
        gap = self._context.theme.tokens.gap
        row = QHBoxLayout()
        row.setContentsMargins(gap, gap, gap, gap)
        row.setSpacing(gap)
        self.field = QLineEdit(self)
        self.field.setObjectName("installWhat")
        self.field.setAccessibleName("What to install: a package's name, a wheel or a folder")
        self.field.setPlaceholderText("Package name, or drop a wheel here")
        self.field.setClearButtonEnabled(True)
        self.field.returnPressed.connect(lambda: self.install(self.field.text()))
        row.addWidget(self.field, 1)
        self.buttons = []
        for name, title, call in (
            ("installFile", "Wheel file…", self._choose_file),
            ("installFolder", "Folder…", self._choose_folder),
            ("install", "Install…", lambda: self.install(self.field.text())),
        ):
            button = QPushButton(title, self)
            button.setObjectName(name)
            button.setAccessibleName(title.rstrip("…") + (" to install" if name != "install" else " what is named"))
            button.setAutoDefault(False)
            button.clicked.connect(call)
            self.buttons.append(button)
            row.addWidget(button)
        self.field.textChanged.connect(lambda _text: self._enable())
        return row

    def _connect(self) -> None:
        self.list.picked.connect(self._show_picked)
        self.details.switch.connect(self._switch)
        self.details.check.connect(self._check)
        self.details.remove.connect(self._plan_removal)
        self.change.agreed.connect(self._carry_out)
        self.change.dropped.connect(self._leave_change)
        self.change.closed.connect(self._leave_change)
        self.change.stopped.connect(self.work.stop)
        self.work.planned.connect(self._take_plan)
        self.work.changed.connect(self._take_done)
        self.work.tried.connect(self._take_trial)
        self.work.loaded.connect(self._take_plugins)
        self.work.failed.connect(self._take_failure)
        self.work.told.connect(self.change.show_step)
        self.work.busy.connect(lambda _busy: self._enable())
        self._context.bridge.happened.connect(self._hear)
        self._enable()

    def _enable(self) -> None:
        busy = self.work.at_work
        self.details.set_busy(busy)
        for button in self.buttons:
            wanting = button.objectName() == "install" and not self.field.text().strip()
            button.setEnabled(not busy and not wanting)

    def _choose_file(self) -> None:
        chooser = QFileDialog(self, "Install a plugin from a file", "", "Wheels and archives (*.whl *.tar.gz *.zip)")
        chooser.fileSelected.connect(self.install)
        chooser.open()

    def _choose_folder(self) -> None:
        chooser = QFileDialog(self, "Install a plugin from its folder")
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(self.install)
        chooser.open()

    def _turn_to_change(self, title: str, text: str) -> None:
        self.pages.setCurrentWidget(self.change)
        self.change.show_work(title, text)

    def _show_picked(self, name: str) -> None:
        self.details.show_entry(self._context.session.plugins.entry(name))
        if self.plan is None and not self.work.at_work and not self._refreshing:
            self.pages.setCurrentWidget(self.details)

    def _leave_change(self) -> None:
        self._drop_plan()
        self.pages.setCurrentWidget(self.details)

    def _drop_plan(self) -> None:
        if self.plan is not None:
            plan, self.plan = self.plan, None
            self.work.drop(plan)

    def _switch(self, name: str, on: bool) -> None:
        self._preferences.change(lambda settings: switched(settings, name, on=on))
        if on:
            crash_markers(self._context.session.folders).forgive(name)
        self.work.reload(self._context.session.plugins.safe)

    def _check(self, name: str) -> None:
        self._turn_to_change(f"Checking {name}", "It is tried in a process of its own")
        self.work.check(name)

    def _plan_removal(self, name: str) -> None:
        self._turn_to_change(f"Looking at {name}", "Working out what goes with it")
        self.work.plan_remove(name)

    def _take_plan(self, plan: Plan) -> None:
        self.plan = plan
        self.change.show_plan(plan)

    def _carry_out(self) -> None:
        if self.plan is None:
            return
        plan, self.plan = self.plan, None
        verb = "Installing" if plan.action == "install" else "Removing"
        self._turn_to_change(f"{verb} {', '.join(plan.plugins)}", "")
        self.work.carry_out(plan, self._context.session.plugins.safe)

    def _take_done(self, plan: Plan, done: Done) -> None:
        self.details.forget_trials()
        if plan.action == "install":
            self.field.clear()
        self.show_plugins(plan.plugins[0] if plan.plugins and plan.action == "install" else "")
        self.pages.setCurrentWidget(self.change)
        self.change.show_done(plan, done)

    def _take_trial(self, trial: Trial) -> None:
        self.pages.setCurrentWidget(self.details)
        self.show_plugins(trial.plugin)
        self.details.show_trial(trial)

    def _take_plugins(self, plugins: Plugins) -> None:
        self._context.session.use_plugins(plugins)

    def _take_failure(self, error: SolviturError) -> None:
        self.pages.setCurrentWidget(self.change)
        self.change.show_failure(str(error), isinstance(error, Stopped))

    def _hear(self, event: object) -> None:
        if isinstance(event, events.PluginsChanged):
            self.show_plugins()
