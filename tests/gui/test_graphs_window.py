"""Solution graphs in the real window: from Look back, from a picture's tools and menu, and from a plan's run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QTextBrowser, QToolButton
from pytestqt.qtbot import QtBot
from test_lookback_window import MODEL

from solvitur.engine import events
from solvitur.engine.workflow.events import WorkflowDone
from solvitur.engine.workflow.patterns import patterns
from solvitur.gui.graphs.window import GraphWindow
from solvitur.gui.lookback.place import LookBackPlace
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.problem.document import Formulation, Problem


def open_windows(window: MainWindow) -> list[GraphWindow]:
    return [found for found in window.findChildren(GraphWindow) if found.isVisible()]


@pytest.fixture
def place(window: MainWindow, qtbot: QtBot) -> LookBackPlace:
    """Look back at a solved transport problem."""
    window.resize(1280, 800)
    window.context.session.new(Problem("transport", formulation=Formulation("algebraic", MODEL)), discard=True)
    window.stage.build("solve")
    window.docks.fill("solver")
    found = window.stage.turn_to("lookback")
    assert isinstance(found, LookBackPlace)
    window.context.session.solve()
    qtbot.waitUntil(lambda: found.pages.opened is not None and bool(found.pages.opened.pictures), timeout=30_000)
    qtbot.waitUntil(lambda: found.pages.gallery.view is not None, timeout=15_000)
    return found


def test_look_back_opens_the_answer_as_a_graph(window: MainWindow, place: LookBackPlace, qtbot: QtBot) -> None:
    """The action opens one window; asked again it comes to the front; the selection is shared."""
    assert window.context.actions.trigger("results.graph")
    qtbot.waitUntil(lambda: len(open_windows(window)) == 1)
    graph = open_windows(window)[0].graph
    qtbot.waitUntil(lambda: not graph.work.active)
    assert set(graph.network.names) >= {"Seattle", "Chicago"}
    element = graph.network.link_elements[0]
    window.context.selection.select(element)
    assert graph.canvas.marks.links == {0}
    assert window.context.actions.trigger("results.graph")
    qtbot.wait(50)
    assert len(open_windows(window)) == 1
    assert open_windows(window)[0].windowTitle().endswith("graph")
    open_windows(window)[0].close()
    qtbot.waitUntil(lambda: not open_windows(window))


def test_f1_explains_solution_graphs(window: MainWindow, place: LookBackPlace, qtbot: QtBot) -> None:
    window.context.actions.trigger("results.graph")
    qtbot.waitUntil(lambda: len(open_windows(window)) == 1)
    graph = open_windows(window)[0]
    qtbot.waitUntil(graph.isActiveWindow)
    qtbot.keyClick(graph.graph.canvas, Qt.Key.Key_F1)
    qtbot.waitUntil(
        lambda: any("Solution graphs" in found.toPlainText() for found in window.findChildren(QTextBrowser))
    )


def test_a_closed_graph_leaves_nothing_behind(window: MainWindow, place: LookBackPlace, qtbot: QtBot) -> None:
    """Its widgets are gone, and neither the theme nor the selection looks for them any more."""
    window.context.actions.trigger("results.graph")
    qtbot.waitUntil(lambda: len(open_windows(window)) == 1)
    open_windows(window)[0].close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.findChildren(GraphWindow)
    window.context.theme.set_mode("dark")
    window.context.selection.select("ship[Seattle, Chicago]")
    window.context.theme.set_mode("light")


def test_a_picture_opens_as_a_graph_by_its_tool_and_its_menu(
    window: MainWindow, place: LookBackPlace, qtbot: QtBot
) -> None:
    """Only pictures that are graphs have the tool."""
    gallery = place.pages.gallery
    assert gallery.view is not None
    tool = gallery.view.findChild(QToolButton, "pictureGraph")
    assert tool is not None
    words = [gallery.list.item(row).text().partition("\n")[0] for row in range(gallery.list.count())]
    gallery.list.setCurrentRow(words.index("Flows"))
    qtbot.waitUntil(tool.isVisible)
    qtbot.mouseClick(tool, Qt.MouseButton.LeftButton)
    assert len(open_windows(window)) == 1
    open_windows(window)[0].close()
    qtbot.waitUntil(lambda: not open_windows(window))
    at = QPoint(200, 200)
    QApplication.sendEvent(
        gallery.view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, gallery.view.mapToGlobal(at))
    )
    menu = gallery.view.findChild(QMenu, "pictureMenu")
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Open as graph").trigger()
    menu.close()
    assert len(open_windows(window)) == 1
    if "Table" in words:
        gallery.list.setCurrentRow(words.index("Table"))
        qtbot.waitUntil(lambda: not tool.isVisible())


def test_a_split_that_ran_opens_as_a_tree(window: MainWindow, qtbot: QtBot) -> None:
    """The steps of a recursive decomposition hang below the step that unfolded into them."""
    place = window.stage.turn_to("plan")
    assert isinstance(place, PlanPlace)
    pattern = next(each for each in patterns() if each.name == "recursive_decomposition")
    place.begin_from_pattern(pattern)
    assert not window.context.actions.trigger("plan.run_graph")
    seen: list[object] = []
    place.running.ended.connect(seen.append)
    assert window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: bool(seen), timeout=60_000)
    assert isinstance(seen[0], WorkflowDone)
    assert window.context.actions.trigger("plan.run_graph")
    graph = open_windows(window)[0].graph
    qtbot.waitUntil(lambda: not graph.work.active)
    assert len(graph.network) > len(place.workflow.steps)
    assert any("done" in note for note in graph.network.notes)
    assert graph.tools.layouts.currentData() == "layers"


def test_results_can_be_opened_while_runs_change(window: MainWindow, place: LookBackPlace, qtbot: QtBot) -> None:
    """A graph that is open stays when another run arrives."""
    window.context.actions.trigger("results.graph")
    qtbot.waitUntil(lambda: len(open_windows(window)) == 1)
    done: list[object] = []
    window.context.bridge.happened.connect(lambda e: done.append(e) if isinstance(e, events.Done) else None)
    window.context.session.solve()
    qtbot.waitUntil(lambda: bool(done), timeout=30_000)
    assert len(open_windows(window)) == 1
    assert len(open_windows(window)[0].graph.network) > 0
