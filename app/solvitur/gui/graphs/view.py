"""The solution-graph view: canvas, tools above, panels beside, and a line that says what is seen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.blank import Blank
from solvitur.gui.graph.minimap import MiniMap
from solvitur.gui.graphs.canvas import NetCanvas
from solvitur.gui.graphs.colouring import centres, coloured, modes
from solvitur.gui.graphs.communities import Communities
from solvitur.gui.graphs.community_panel import CommunityPanel
from solvitur.gui.graphs.export import SUFFIXES, export_graph
from solvitur.gui.graphs.filter_panel import FilterPanel
from solvitur.gui.graphs.filters import Filter, filtered, matching
from solvitur.gui.graphs.layouts import arranged, arranged_apart, offered
from solvitur.gui.graphs.matches import Match
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.painting import Told
from solvitur.gui.graphs.pattern_panel import PatternPanel
from solvitur.gui.graphs.tips import link_tip, node_tip
from solvitur.gui.graphs.toolbar import GraphTools
from solvitur.gui.graphs.words import seen_words
from solvitur.gui.graphs.work import Work
from solvitur.gui.numbers import counted, show
from solvitur.gui.selection import Selected, Selection
from solvitur.gui.theme import Theme
from solvitur.problem.errors import InputError

_PANEL_WIDTH = 300
_AT_ONCE = 60
_REGIONS = 24


class SolutionGraph(QWidget):
    """Shows one graph at a time; nothing in it changes the answer."""

    failed = Signal(object)
    """The error of an export that could not be written."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("graphView")
        self.setAccessibleName("Solution graph")
        self.setProperty("helpPage", "graphs")
        self._theme, self._selection = theme, selection
        self._network = Network("")
        self._communities: Communities | None = None
        self._found = np.zeros(0, np.int64)
        self.work = Work(self)
        self.canvas = NetCanvas(theme, self)
        self.map = MiniMap(theme, self.canvas)
        self.tools = GraphTools(theme, self)
        self.filter = FilterPanel(theme, self)
        self.communities = CommunityPanel(theme, self)
        self.pattern = PatternPanel(theme, self)
        self._lay_out()
        self._connect()
        self._told = Told()

    def show_network(self, network: Network) -> None:
        """Shows a graph; its layout is worked out in the background."""
        self._network, self._communities = network, None
        self._found = np.zeros(0, np.int64)
        self._pages.setCurrentIndex(1 if len(network) else 0)
        self.canvas.setAccessibleName(f"Graph: {network.title}")
        layouts = offered(network)
        self.tools.show_layouts(layouts)
        self.tools.show_modes(modes(network, None), "group")
        self.canvas.show_network(network, np.zeros((len(network), 2)))
        self.communities.use(network)
        self.pattern.use(network)
        self.filter.use(network, self._theme.tokens.categories)
        self._colour()
        self._arrange(layouts[0])
        self._picked()
        self._follow(self._selection.current)

    @property
    def network(self) -> Network:
        """The graph on show."""
        return self._network

    def export(self, path: Path | str) -> None:
        """Writes what is shown (.png, .svg, .csv, .graphml).

        Raises
        ------
        InputError
            If the ending is none of these, or the file cannot be written.
        """
        mode = self.tools.mode
        made = coloured(self._network, mode, self._communities, self._theme.tokens)
        export_graph(self.canvas, path, self._theme.color("window"), made.colours.nodes, made.names)

    def close_work(self) -> None:
        """Gives up all that is being worked out."""
        for part in (self, self.canvas, self.communities, self.pattern):
            part.work.give_up()

    # layout

    def _arrange(self, layout: str) -> None:
        network = self._network
        self.work.give_up()
        if len(network) <= _AT_ONCE or layout == "coordinates":
            self._take_places(arranged(network, layout, lambda _share, _places: None))
            return
        self._status.setText(f"Arranging {counted(len(network), 'node')} …")
        self._bar.setValue(0)
        self._bar.show()
        self._stop.show()

        self.work.begin(lambda course: arranged_apart(network, layout, course), self._take_places)

    def _take_progress(self, share: float, places: np.ndarray | None) -> None:
        self._bar.setValue(round(100 * share))
        if places is not None and len(places) == len(self._network) > 0:
            self.canvas.show_between(places)

    def _take_places(self, places: np.ndarray) -> None:
        self._rest()
        self.canvas.move_to(places)
        self._show_regions()
        self._say(self.canvas.told)

    def _stop_arranging(self) -> None:
        self.work.give_up()
        self._rest()
        self.canvas.fit()

    def _rest(self) -> None:
        self._bar.hide()
        self._stop.hide()
        self._say(self._told)

    # colours

    def _colour(self) -> None:
        made = coloured(self._network, self.tools.mode, self._communities, self._theme.tokens)
        self.canvas.show_colours(made.colours)
        self.pattern.use_colours(made.colours, made.names)
        self._show_regions()

    def _show_regions(self) -> None:
        """Writes the names of communities where they are, so that colour alone need not tell them apart."""
        found = self._communities
        if self.tools.mode == "community" and found is not None:
            words = tuple(name.partition(":")[0] for name in found.names)
            self.canvas.show_regions(centres(self.canvas.scenery.places, found.codes, words, _REGIONS))
        else:
            self.canvas.show_regions(())

    def _take_communities(self, found: Communities) -> None:
        self._communities = found
        self.tools.show_modes(modes(self._network, found), "community")
        self._colour()

    def _pick_community(self, number: int) -> None:
        if self._communities is not None:
            self._pick_and_fit(np.flatnonzero(self._communities.codes == number))

    # filtering and finding

    def _filter(self, chosen: Filter) -> None:
        shown = filtered(self._network, chosen)
        self.canvas.show_shown(shown)
        self._nothing.setVisible(not shown.nodes.any() and len(self._network) > 0)
        self._put_nothing()
        self._say(self.canvas.told)

    def _search(self, words: str) -> None:
        found = matching(self._network, words) if words.strip() else np.zeros(len(self._network), bool)
        self._found = np.flatnonzero(found & self.canvas.scenery.shown.nodes)
        self.canvas.light(self._found)
        self.tools.tell(f"{show(len(self._found))} found" if words.strip() else "")

    def _step(self, by: int) -> None:
        """Goes to the next thing found by the search, or the next match of the pattern."""
        if not len(self._found):
            self.pattern.step(by)
            return
        at = np.searchsorted(self._found, self.canvas.marks.current, "right" if by > 0 else "left")
        node = int(self._found[(int(at) + (0 if by > 0 else -1)) % len(self._found)])
        self.canvas.pick(frozenset({node}), current=node)
        self.canvas.show_node(node)

    def _command(self, word: str) -> None:
        if word == "search":
            self.tools.field.setFocus()
            self.tools.field.selectAll()
        else:
            self._step(1 if word == "next" else -1)

    def _show_match(self, match: Match | None) -> None:
        if match is None:
            self.canvas.light(np.zeros(0, np.int64))
            return
        self.canvas.light(np.array(match.nodes, np.int64), match.links, self.pattern.all_nodes)
        self.canvas.fit_loosely(frozenset(match.nodes))

    def _pick_and_fit(self, nodes: np.ndarray) -> None:
        chosen = frozenset(nodes.tolist())
        self.canvas.pick(chosen)
        self.canvas.fit(chosen)

    # selection

    def _picked(self) -> None:
        marks, network = self.canvas.marks, self._network
        self.filter.show_picked(marks.nodes)
        self.pattern.show_picked(marks.nodes)
        self._say_picked()
        element = ""
        if len(marks.links) == 1 and network.link_elements:
            element = network.link_elements[min(marks.links)]
        elif len(marks.nodes) == 1 and network.node_elements:
            element = network.node_elements[min(marks.nodes)]
        if element:
            self._selection.select(element, self)

    def _follow(self, selected: Selected) -> None:
        if selected.source is self or not selected.element:
            return
        link = self._network.links_of_element.get(selected.element)
        node = self._network.nodes_of_element.get(selected.element)
        if link is not None:
            self.canvas.pick(frozenset(), frozenset({link}))
        elif node is not None:
            self.canvas.pick(frozenset({node}), current=node)

    def _say_picked(self) -> None:
        marks = self.canvas.marks
        if len(marks.nodes) == 1:
            words = node_tip(self._network, min(marks.nodes))
        elif len(marks.links) == 1:
            words = link_tip(self._network, min(marks.links))
        elif marks.nodes:
            words = f"{counted(len(marks.nodes), 'node')} picked"
        else:
            words = "Click a node or a link to see its values here."
        self._details.setText(words)

    # words

    def _say(self, told: Told) -> None:
        self._told = told
        if not self.work.active:
            self._status.setText(seen_words(self._network, self.canvas.scenery.shown, told))

    # parts

    def _lay_out(self) -> None:
        theme, gap = self._theme, self._theme.tokens.gap
        self._details = QLabel(self)
        self._details.setObjectName("graphDetails")
        self._details.setAccessibleName("What is picked")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details.setTextFormat(Qt.TextFormat.PlainText)
        self._details.setWordWrap(True)
        self._details.setMargin(gap)
        self._details.setMinimumHeight(5 * theme.tokens.target_px)
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("graphTabs")
        self.tabs.setDocumentMode(True)
        for title, panel in (("Filter", self.filter), ("Communities", self.communities), ("Pattern", self.pattern)):
            self.tabs.addTab(panel, title)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        column.addWidget(self._details)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.setChildrenCollapsible(False)
        across.addWidget(self.canvas)
        across.addWidget(side)
        width = round(_PANEL_WIDTH * theme.zoom)
        side.setMinimumWidth(width)
        across.setStretchFactor(0, 1)
        across.setSizes([3 * width, width])
        empty = Blank(theme, "graph", "This graph has no nodes", "Nothing in this answer is linked with anything.")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(across)
        self._nothing = QPushButton("Nothing passes the filter. Show everything", self.canvas)
        self._nothing.setObjectName("nothingPasses")
        self._nothing.clicked.connect(self.filter.clear)
        self._nothing.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.tools)
        rows.addWidget(self._pages, 1)
        rows.addLayout(self._make_status())

    def _make_status(self) -> QHBoxLayout:
        gap = self._theme.tokens.gap
        row = QHBoxLayout()
        row.setContentsMargins(gap, gap // 2, gap, gap // 2)
        self._status = QLabel(self)
        self._status.setObjectName("graphStatus")
        self._status.setProperty("role", "small-soft")
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName("Progress of the layout")
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(_PANEL_WIDTH // 2)
        self._stop = QPushButton("Stop", self)
        self._stop.setObjectName("stopArranging")
        self._stop.clicked.connect(self._stop_arranging)
        self._bar.hide()
        self._stop.hide()
        row.addWidget(self._status, 1)
        row.addWidget(self._bar)
        row.addWidget(self._stop)
        return row

    def _connect(self) -> None:
        self.work.progress.connect(self._take_progress)
        self.canvas.picked_changed.connect(self._picked)
        self.canvas.activated.connect(lambda node: self.filter.show_near(frozenset({node})))
        self.canvas.commanded.connect(self._command)
        self.canvas.settled.connect(self._say)
        self.canvas.menu_asked.connect(self._show_menu)
        self.canvas.view_changed.connect(self._put_nothing)
        self.filter.changed.connect(self._filter)
        self.communities.found.connect(self._take_communities)
        self.communities.chosen.connect(self._pick_community)
        self.pattern.shown.connect(self._show_match)
        self.tools.arranged.connect(self._arrange)
        self.tools.coloured.connect(lambda _mode: self._colour())
        self.tools.searched.connect(self._search)
        self.tools.stepped.connect(self._step)
        self.tools.fitted.connect(self.canvas.fit)
        self.tools.exported.connect(self._ask_file)
        self._selection.changed.connect(self._follow)
        self._theme.changed.connect(self._colour)

    def _show_menu(self, pixel: QPoint) -> None:
        """Shows what can be done with what is picked."""
        nodes = self.canvas.marks.nodes
        menu = QMenu(self)
        menu.setObjectName("graphMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        near = menu.addAction("Show only what is near", lambda: self.filter.show_near(nodes))
        zoom = menu.addAction("Zoom to picked", lambda: self.canvas.fit(nodes))
        pattern = menu.addAction("Search for this pattern", self._search_picked)
        pattern.setEnabled(self.pattern.from_picked.isEnabled())
        for action in (near, zoom):
            action.setEnabled(bool(nodes))
        menu.addSeparator()
        menu.addAction("Show everything", self.filter.clear)
        for suffix, title in SUFFIXES.items():
            menu.addAction(f"Export: {title}…", partial(self._ask_file, suffix))
        menu.popup(pixel)

    def _search_picked(self) -> None:
        self.tabs.setCurrentWidget(self.pattern)
        self.pattern.take_picked()
        self.pattern.search()

    def _ask_file(self, suffix: str) -> None:
        stem = "".join(c if c.isalnum() else "-" for c in self._network.title).strip("-").lower()[:60] or "graph"
        filters = [f"{title} (*{ending})" for ending, title in SUFFIXES.items()]
        start = next(each for each in filters if suffix in each)
        path, _ = QFileDialog.getSaveFileName(self, "Export the graph", f"{stem}{suffix}", ";;".join(filters), start)
        if not path:
            return
        try:
            self.export(path if Path(path).suffix else path + suffix)
        except InputError as error:
            self.failed.emit(error)

    def _put_nothing(self) -> None:
        self._nothing.adjustSize()
        room = self.canvas.viewport().rect()
        self._nothing.move(room.center() - self._nothing.rect().center())
