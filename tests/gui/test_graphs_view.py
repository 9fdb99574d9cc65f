"""The solution-graph view by mouse and keyboard: looking around, picking, filtering, finding, exporting."""

from __future__ import annotations

import csv
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import networkx
import numpy as np
import picture_samples as samples
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from solvitur.gui.graphs.network import Network, coded
from solvitur.gui.graphs.sources import network_of
from solvitur.gui.graphs.view import SolutionGraph
from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme
from solvitur.problem.errors import InputError

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def view(theme: Theme, selection: Selection, qtbot: QtBot) -> Iterator[SolutionGraph]:
    """A view of the flows from three plants to five markets."""
    made = SolutionGraph(theme, selection)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    show(made, network_of(samples.flows()), qtbot)
    yield made
    made.close_work()


def show(view: SolutionGraph, network: Network | None, qtbot: QtBot) -> None:
    """Shows a graph and waits until it is laid out."""
    assert network is not None
    view.show_network(network)
    rest(view, qtbot)


def rest(view: SolutionGraph, qtbot: QtBot) -> None:
    """Waits until nothing is worked out and nothing glides."""
    qtbot.waitUntil(lambda: not any(part.work.active for part in (view, view.communities, view.pattern)))
    qtbot.wait(260)


def node_of(view: SolutionGraph, name: str) -> int:
    return view.network.names.index(name)


def pixel_of(view: SolutionGraph, node: int) -> QPoint:
    return view.canvas.mapFromScene(QPointF(*view.canvas.scenery.places[node]))


def middle_of(view: SolutionGraph, link: int) -> QPoint:
    places = view.canvas.scenery.places
    middle = (places[view.network.source[link]] * 0.6) + places[view.network.target[link]] * 0.4
    return view.canvas.mapFromScene(QPointF(*middle))


def click(view: SolutionGraph, at: QPoint, qtbot: QtBot, modifier: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mouseClick(view.canvas.viewport(), LEFT, modifier, at)


def drag(view: SolutionGraph, start: QPoint, end: QPoint, qtbot: QtBot, modifier: Qt.KeyboardModifier = NONE) -> None:
    port = view.canvas.viewport()
    qtbot.mousePress(port, LEFT, modifier, start)
    qtbot.mouseMove(port, (start + end) / 2)
    qtbot.mouseMove(port, end)
    qtbot.mouseRelease(port, LEFT, modifier, end)


def details(view: SolutionGraph) -> str:
    return view._details.text()


def status(view: SolutionGraph) -> str:
    return view._status.text()


def random_graph(count: int, links: int, seed: int = 1) -> Network:
    dice = np.random.default_rng(seed)
    names, group = coded([f"region {n % 4}" for n in range(count)])
    source = dice.integers(0, count, links)
    target = (source + dice.integers(1, 9, links)) % count
    return Network(
        "random", tuple(f"n{n}" for n in range(count)), source, target, dice.random(links), "t", True, names, group
    )


def test_a_click_on_a_link_selects_its_element(view: SolutionGraph, selection: Selection, qtbot: QtBot) -> None:
    """The rest of the window hears which one, and the panel tells its exact value."""
    link = view.network.links_of_element["ship[Gary, Boston]"]
    click(view, middle_of(view, link), qtbot)
    assert view.canvas.marks.links == {link}
    assert selection.current.element == "ship[Gary, Boston]"
    assert "Gary → Boston" in details(view) and "= 210 case" in details(view)


def test_what_is_selected_elsewhere_is_picked_here(view: SolutionGraph, selection: Selection) -> None:
    selection.select("ship[Seattle, Chicago]")
    assert view.canvas.marks.links == {view.network.links_of_element["ship[Seattle, Chicago]"]}


def test_clicks_pick_nodes_and_shift_adds_or_takes_away(view: SolutionGraph, qtbot: QtBot) -> None:
    a, b = node_of(view, "Seattle"), node_of(view, "Chicago")
    click(view, pixel_of(view, a), qtbot)
    assert view.canvas.marks.nodes == {a} and details(view).startswith("Seattle\nPlants")
    click(view, pixel_of(view, b), qtbot, SHIFT)
    assert view.canvas.marks.nodes == {a, b} and details(view) == "2 nodes picked"
    click(view, pixel_of(view, a), qtbot, SHIFT)
    assert view.canvas.marks.nodes == {b}
    click(view, QPoint(6, 6), qtbot)
    assert not view.canvas.marks.nodes


def test_a_drag_pans_and_a_drag_with_shift_picks_a_box(view: SolutionGraph, qtbot: QtBot) -> None:
    before = view.canvas.seen().center()
    drag(view, QPoint(300, 20), QPoint(360, 60), qtbot)
    moved = view.canvas.seen().center() - before
    assert (round(moved.x() * view.canvas.zoom), round(moved.y() * view.canvas.zoom)) == (-60, -40)
    plants = [pixel_of(view, node_of(view, name)) for name in samples.PLANTS]
    corner = QPoint(min(p.x() for p in plants) - 30, min(p.y() for p in plants) - 30)
    other = QPoint(max(p.x() for p in plants) + 30, max(p.y() for p in plants) + 30)
    drag(view, corner, other, qtbot, SHIFT)
    assert {view.network.names[node] for node in view.canvas.marks.nodes} == set(samples.PLANTS)


def test_keys_walk_zoom_fit_and_let_go(view: SolutionGraph, qtbot: QtBot) -> None:
    canvas = view.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    first = canvas.marks.current
    assert first >= 0
    canvas.pick(frozenset({node_of(view, "Seattle")}), current=node_of(view, "Seattle"))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert view.network.names[canvas.marks.current] in samples.MARKETS
    qtbot.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    assert len(canvas.marks.nodes) == 2
    zoom = canvas.zoom
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.zoom > zoom
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    qtbot.keyClick(canvas, Qt.Key.Key_Z)
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.seen().contains(canvas.extent)
    qtbot.keyClick(canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(canvas.marks.nodes) == 8
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.marks.nodes


def test_the_wheel_zooms_around_the_mouse(view: SolutionGraph, qtbot: QtBot) -> None:
    at = QPoint(200, 150)
    before, zoom = view.canvas.mapToScene(at), view.canvas.zoom
    view.canvas.zoom_by(1.5, at)
    after = view.canvas.mapToScene(at)
    assert view.canvas.zoom == pytest.approx(1.5 * zoom)
    assert (after - before).manhattanLength() * view.canvas.zoom < 4


def test_tool_tips_tell_names_and_exact_values(view: SolutionGraph, qtbot: QtBot) -> None:
    """Of a node and of a link; of nothing, nothing."""
    port = view.canvas.viewport()
    at = pixel_of(view, node_of(view, "Gary"))
    QApplication.sendEvent(port, QHelpEvent(QEvent.Type.ToolTip, at, port.mapToGlobal(at)))
    qtbot.waitUntil(QToolTip.isVisible)
    assert QToolTip.text() == "Gary\nPlants\n0 links in, 2 links out"
    link = view.network.links_of_element["ship[San Diego, Dallas]"]
    assert view.canvas.tip_at(middle_of(view, link)).endswith("ship[San Diego, Dallas] = 120 case")
    assert view.canvas.tip_at(QPoint(4, 4)) == ""


def test_the_mini_map_goes_where_it_is_clicked(view: SolutionGraph, qtbot: QtBot) -> None:
    view.canvas.zoom_by(3)
    before = view.canvas.seen().center()
    qtbot.mouseClick(view.map, LEFT, NONE, QPoint(14, 14))
    assert view.map.isVisible()
    assert view.canvas.seen().center().x() < before.x()


def test_a_layout_is_chosen_from_the_list_and_glides_there(view: SolutionGraph, qtbot: QtBot) -> None:
    """Nodes pass through places between, and are where they belong within 150 ms."""
    before = view.canvas.scenery.places.copy()
    box = view.tools.layouts
    box.setCurrentIndex(box.findData("circle"))
    qtbot.waitUntil(lambda: not view.work.active)
    rest(view, qtbot)
    places = view.canvas.scenery.places
    radius = np.hypot(*places.T)
    assert np.ptp(radius) < 1e-6 and not np.allclose(places, before)
    assert view._theme.tokens.motion_ms <= 150


def test_filters_hide_what_does_not_pass_and_show_all_brings_it_back(view: SolutionGraph, qtbot: QtBot) -> None:
    """Typing, sliders by keyboard, check boxes; the line below says how much is left."""
    panel, shown = view.filter, lambda: view.canvas.scenery.shown
    qtbot.keyClicks(panel.text, "plants")
    qtbot.waitUntil(lambda: int(shown().nodes.sum()) == 3)
    qtbot.waitUntil(lambda: "3 of 8 nodes and 0 of 7 links pass" in status(view))
    qtbot.mouseClick(panel.all, LEFT)
    assert shown().is_all
    panel.links.low.setFocus()
    qtbot.keyClick(panel.links.low, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: int(shown().links.sum()) == 1)
    assert view.network.weight[shown().links].tolist() == [300.0]
    assert "from 300 to 300 case" in panel.links.words.text()
    qtbot.keyClick(panel.isolated, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: int(shown().nodes.sum()) == 2)
    qtbot.mouseClick(panel.all, LEFT)
    panel.nodes.low.setFocus()
    qtbot.keyClick(panel.nodes.low, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: [view.network.names[n] for n in np.flatnonzero(shown().nodes)] == ["San Diego"])
    qtbot.mouseClick(panel.all, LEFT)
    panel.groups.setCurrentRow(0)
    qtbot.keyClick(panel.groups, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: int(shown().nodes.sum()) == 5)


def test_a_double_click_shows_what_is_near_and_hops_widen_it(view: SolutionGraph, qtbot: QtBot) -> None:
    at = pixel_of(view, node_of(view, "Boston"))
    qtbot.mouseDClick(view.canvas.viewport(), LEFT, NONE, at)
    shown = lambda: {view.network.names[n] for n in np.flatnonzero(view.canvas.scenery.shown.nodes)}  # noqa: E731
    qtbot.waitUntil(lambda: shown() == {"Boston", "Gary"})
    qtbot.keyClick(view.filter.hops, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: shown() == {"Boston", "Gary", "Dallas"})
    qtbot.keyClick(view.filter.near, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(shown()) == 8)


def test_when_nothing_passes_one_click_shows_everything(view: SolutionGraph, qtbot: QtBot) -> None:
    button = view.findChild(QPushButton, "nothingPasses")
    assert button is not None
    qtbot.keyClicks(view.filter.text, "nowhere")
    qtbot.waitUntil(button.isVisible)
    view.grab()
    qtbot.mouseClick(button, LEFT)
    assert view.canvas.scenery.shown.is_all and not button.isVisible()


def test_the_search_lights_and_steps_through_what_it_finds(view: SolutionGraph, qtbot: QtBot) -> None:
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Slash)
    qtbot.keyClicks(view.tools.field, "o")
    names = [view.network.names[n] for n in view.canvas.marks.found]
    assert names == [n for n in view.network.names if "o" in n.casefold()]
    seen = []
    for _ in range(len(names) + 1):
        qtbot.keyClick(view.tools.field, Qt.Key.Key_Return)
        seen.append(view.network.names[view.canvas.marks.current])
    assert seen == [*names, names[0]]
    previous = view.findChild(QToolButton, "previousFound")
    assert previous is not None
    qtbot.mouseClick(previous, LEFT)
    assert view.network.names[view.canvas.marks.current] == names[-1]


def test_communities_are_found_coloured_and_told_by_word(view: SolutionGraph, qtbot: QtBot) -> None:
    """A click on the button; the list picks the nodes of one, and letters stand on the canvas."""
    pairs = [(6 * k + a, 6 * k + b) for k in range(3) for a in range(6) for b in range(a)] + [(0, 6), (6, 12)]
    ends = np.array(pairs)
    network = Network("cliques", tuple(f"n{n}" for n in range(18)), ends[:, 0], ends[:, 1], np.ones(len(ends)))
    show(view, network, qtbot)
    view.tabs.setCurrentWidget(view.communities)
    qtbot.mouseClick(view.communities.button, LEFT)
    qtbot.waitUntil(lambda: view.communities.result is not None)
    assert view.tools.mode == "community"
    assert view.communities.list.count() == 3
    assert [words for words, _x, _y in view.canvas.painter.regions] == ["A", "B", "C"]
    codes = view.canvas.painter.colours.nodes
    assert len(set(codes.tolist())) == 3 and len(codes) == 18
    item = view.communities.list.item(1)
    at = view.communities.list.visualItemRect(item).center()
    qtbot.mouseClick(view.communities.list.viewport(), LEFT, NONE, at)
    assert view.canvas.marks.nodes == set(np.flatnonzero(codes == 1).tolist())


def test_a_pattern_is_drawn_by_mouse_and_its_places_are_walked(view: SolutionGraph, qtbot: QtBot) -> None:
    """Double clicks for nodes, drags for links, a colour and a text; then Search, and N for the next place."""
    show(view, network_of(samples.flows()), qtbot)
    view.tabs.setCurrentWidget(view.pattern)
    sketch = view.pattern.sketch
    spots = [QPoint(60, 60), QPoint(200, 40), QPoint(200, 130)]
    for spot in spots:
        qtbot.mouseDClick(sketch, LEFT, NONE, spot)
    for end in spots[1:]:
        qtbot.mousePress(sketch, LEFT, NONE, spots[0])
        qtbot.mouseMove(sketch, end)
        qtbot.mouseRelease(sketch, LEFT, NONE, end)
    assert sketch.pattern.links == ((0, 1), (0, 2))
    qtbot.mouseClick(view.pattern.button, LEFT)
    qtbot.waitUntil(lambda: view.pattern.matches is not None)
    out = {name: int((samples.SHIP[row] > 0).sum()) for row, name in enumerate(samples.PLANTS)}
    expected = sum(count * (count - 1) // 2 for count in out.values())
    assert view.pattern.list.count() == expected
    assert len(view.canvas.marks.found) == 3 and len(view.canvas.marks.found_links) == 2
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_N)
    assert view.pattern.list.currentRow() == 1
    qtbot.keyClick(view.canvas, Qt.Key.Key_N, SHIFT)
    qtbot.keyClick(view.canvas, Qt.Key.Key_N, SHIFT)
    assert view.pattern.list.currentRow() == expected - 1
    qtbot.mouseClick(sketch, LEFT, NONE, spots[1])
    qtbot.keyClicks(view.pattern.text, "boston")
    assert view.pattern.matches is None and not len(view.canvas.marks.found)
    view.pattern.search()
    qtbot.waitUntil(lambda: view.pattern.matches is not None)
    assert view.pattern.list.count() == out["Gary"] - 1


def test_a_pattern_is_drawn_by_keyboard_alone(view: SolutionGraph, qtbot: QtBot) -> None:
    """N adds nodes, L, arrows and Enter link them, Delete removes."""
    view.tabs.setCurrentWidget(view.pattern)
    sketch = view.pattern.sketch
    sketch.setFocus()
    for _ in range(3):
        qtbot.keyClick(sketch, Qt.Key.Key_N)
    assert sketch.pattern.links == ((0, 1), (1, 2))
    qtbot.keyClick(sketch, Qt.Key.Key_L)
    qtbot.keyClick(sketch, Qt.Key.Key_Right)
    qtbot.keyClick(sketch, Qt.Key.Key_Return)
    assert sketch.pattern.links == ((0, 1), (1, 2), (2, 0))
    qtbot.keyClick(sketch, Qt.Key.Key_Left)
    qtbot.keyClick(sketch, Qt.Key.Key_Delete)
    assert len(sketch.pattern.nodes) == 2
    view.pattern.grab()


def test_the_picked_nodes_become_the_pattern(view: SolutionGraph, qtbot: QtBot) -> None:
    view.tabs.setCurrentWidget(view.pattern)
    view.canvas.pick(frozenset({node_of(view, "Gary"), node_of(view, "Boston"), node_of(view, "Dallas")}))
    qtbot.mouseClick(view.pattern.from_picked, LEFT)
    assert len(view.pattern.sketch.pattern.nodes) == 3 and len(view.pattern.sketch.pattern.links) == 2
    view.pattern.search()
    qtbot.waitUntil(lambda: view.pattern.matches is not None)
    assert any(set(m.nodes) == set(view.canvas.marks.nodes) for m in view.pattern.matches.found)  # type: ignore[union-attr]


def test_a_long_pattern_search_can_be_stopped(view: SolutionGraph, qtbot: QtBot) -> None:
    """A pattern that fits nowhere in a dense graph; Stop gives it up at once."""
    dice = np.random.default_rng(1)
    pairs = np.array(list(itertools.combinations(range(120), 2)))
    pairs = pairs[dice.random(len(pairs)) < 0.5]
    left = pairs[(pairs[:, 0] + pairs[:, 1]) % 2 == 1]
    network = Network(
        "dense", tuple(map(str, range(120))), left[:, 0], left[:, 1], np.ones(len(left)), directed=False
    )
    show(view, network, qtbot)
    view.tabs.setCurrentWidget(view.pattern)
    for _ in range(7):
        view.pattern.sketch.add_node(linked_from=view.pattern.sketch.current)
    view.pattern.sketch.link(6, 0)  # an odd ring in a graph that has none
    qtbot.mouseClick(view.pattern.button, LEFT)
    assert view.pattern.work.active and view.pattern.button.text() == "Stop"
    qtbot.wait(150)
    qtbot.mouseClick(view.pattern.button, LEFT)
    assert not view.pattern.work.active and view.pattern.words.text() == "Stopped."


def test_exports_parse_and_hold_what_is_shown(view: SolutionGraph, qtbot: QtBot, tmp_path: Path) -> None:
    """CSV and GraphML hold the links that pass the filter; pictures are as large as the canvas; names are checked."""
    view.filter.links.low.setValue(2)
    qtbot.waitUntil(lambda: not view.canvas.scenery.shown.is_all)
    kept = int(view.canvas.scenery.shown.links.sum())
    for suffix in (".png", ".svg", ".csv", ".graphml"):
        view.export(tmp_path / f"graph{suffix}")
    rows = list(csv.reader((tmp_path / "graph.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["from", "to", "value (case)", "element"]
    links = [row for row in rows[1:] if row[1]]
    assert len(links) == kept and all(row[3] == f"ship[{row[0]}, {row[1]}]" for row in links)
    read = networkx.read_graphml(tmp_path / "graph.graphml")
    assert read.number_of_edges() == kept and read.number_of_nodes() == 8
    assert {facts["label"] for _, facts in read.nodes(data=True)} == set(view.network.names)
    image = QImage(str(tmp_path / "graph.png"))
    assert image.width() == 2 * view.canvas.viewport().width()
    texts = {element.text for element in ET.parse(tmp_path / "graph.svg").iter() if element.tag.endswith("text")}
    assert "Seattle" in texts
    with pytest.raises(InputError, match="graphml"):
        view.export(tmp_path / "graph.pdf")
    with pytest.raises(InputError, match="cannot be written"):
        view.export(tmp_path / "nowhere" / "graph.csv")


def test_a_graph_without_nodes_says_so(view: SolutionGraph, qtbot: QtBot) -> None:
    show(view, Network("nothing"), qtbot)
    assert not view.canvas.isVisible()
    view.grab()
    assert status(view) == "0 nodes, 0 links"


def test_a_large_graph_is_drawn_as_points_and_bundles(view: SolutionGraph, qtbot: QtBot) -> None:
    """From afar links are bundled and the line below says so; near, nodes and links are drawn one by one."""
    network = random_graph(30_000, 45_000)
    dice = np.random.default_rng(3)
    places = dice.random((30_000, 2)) * 8_000
    view.canvas.show_network(network, places)
    view._network = network
    view.canvas.fit()
    view.canvas.grab()
    qtbot.waitUntil(lambda: view.canvas.painter.bundles is not None)
    view.canvas.grab()
    assert view.canvas.told.bundled and view.canvas.told.nodes == 30_000
    qtbot.waitUntil(lambda: "bundles, zoom to see each" in status(view))
    for zoom in (0.3, 0.8, 2.0):
        view.canvas.set_view(zoom, QPointF(4_000, 4_000))
        image = view.canvas.grab().toImage()
        assert len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 2
    assert not view.canvas.told.bundled and 0 < view.canvas.told.nodes < 1_000
    qtbot.waitUntil(lambda: "in view" in status(view))


def test_the_layout_of_a_large_graph_can_be_stopped(view: SolutionGraph, qtbot: QtBot) -> None:
    """It is worked out beside the window; Stop keeps what there is and the canvas goes on."""
    view.show_network(random_graph(12_000, 18_000))
    stop = view.findChild(QPushButton, "stopArranging")
    assert stop is not None and view.work.active and stop.isVisible()
    assert status(view).startswith("Arranging 12\u2009000 nodes")
    qtbot.mouseClick(stop, LEFT)
    assert not view.work.active and not stop.isVisible()
    qtbot.waitUntil(lambda: status(view).startswith("12\u2009000 nodes, 18\u2009000 links"))
    view.grab()


def test_the_menu_offers_what_fits(view: SolutionGraph, qtbot: QtBot) -> None:
    """A right click picks the node under it; the menu shows only what is near."""
    qtbot.mouseClick(
        view.canvas.viewport(), Qt.MouseButton.RightButton, NONE, pixel_of(view, node_of(view, "Boston"))
    )
    menu = next(each for each in view.children() if each.objectName() == "graphMenu")
    texts = {action.text(): action for action in menu.actions() if action.text()}
    assert {"Show only what is near", "Zoom to picked", "Show everything"} <= set(texts)
    texts["Show only what is near"].trigger()
    qtbot.waitUntil(lambda: int(view.canvas.scenery.shown.nodes.sum()) == 2)
    menu.close()


@pytest.mark.parametrize("mode", ["group", "value", ""])
def test_colours_are_chosen_from_the_list(view: SolutionGraph, qtbot: QtBot, mode: str) -> None:
    view.tools.modes.setCurrentIndex(view.tools.modes.findData(mode))
    colours = view.canvas.painter.colours
    assert len(colours.nodes) == 8 and colours.nodes.max() < len(colours.palette)
    assert len(set(colours.nodes.tolist())) == {"group": 2, "value": 2, "": 1}[mode] or mode == "value"
    view.grab()


def test_the_theme_can_change_while_a_graph_is_shown(view: SolutionGraph, theme: Theme) -> None:
    light = view.grab().toImage().pixel(5, 300)
    theme.set_mode("dark")
    assert view.grab().toImage().pixel(5, 300) != light
    theme.set_mode("light")
