"""A window of its own for a solution graph, beside the main one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.view import SolutionGraph
from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme

_WIDTH, _HEIGHT = 1180, 760


class GraphWindow(QDialog):
    """Shows one graph; it follows the selection of the main window and offers its own."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("graphWindow")
        self.setAccessibleName("Solution graph")
        self.setProperty("helpPage", "graphs")
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_WIDTH, _HEIGHT)
        self.graph = SolutionGraph(theme, selection, self)
        self._told = QLabel(self)
        self._told.setProperty("role", "bad")
        self._told.setMargin(theme.tokens.gap)
        self._told.setWordWrap(True)
        self._told.hide()
        self.graph.failed.connect(self._tell)
        help_page = parent.window().findChild(QAction, "help.page")
        if isinstance(help_page, QAction):
            self.addAction(help_page)  # F1 explains here as it does in the main window
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._told)
        rows.addWidget(self.graph, 1)

    def show_network(self, network: Network) -> None:
        """Shows a graph and brings the window to the front."""
        self.setWindowTitle(f"{network.title} — graph")
        self._told.hide()
        self.graph.show_network(network)
        self.show()
        self.raise_()
        self.activateWindow()
        self.graph.canvas.setFocus()

    def reject(self) -> None:
        """Gives up what is being worked out and closes; Escape on the canvas only lets go of what is picked."""
        self.graph.close_work()
        super().reject()

    def _tell(self, error: Exception) -> None:
        self._told.setText(str(error))
        self._told.show()


def open_graph(network: Network, theme: Theme, selection: Selection, beside: QWidget) -> GraphWindow:
    """Opens a graph in a window of its own beside another one; a graph that is open already comes to the front."""
    owner = beside.window()
    parent = owner.parentWidget() if isinstance(owner, GraphWindow) else owner
    parent = owner if parent is None else parent
    for window in parent.findChildren(GraphWindow):
        if window.graph.network.title == network.title and window.isVisible():
            window.show_network(network)
            return window
    window = GraphWindow(theme, selection, parent)
    window.show_network(network)
    return window
