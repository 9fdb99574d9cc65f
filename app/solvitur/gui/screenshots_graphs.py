"""Pictures of solution graphs: routes, communities and a pattern, what a run unfolded into, and a very large one."""

from __future__ import annotations

import numpy as np

from solvitur.engine.workflow.patterns import patterns
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.sources import network_of
from solvitur.gui.graphs.view import SolutionGraph
from solvitur.gui.graphs.window import GraphWindow, open_graph
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.gui.screenshots_plan import Taker
from solvitur.problem.pictures import Routes

_UNFOLDING = "recursive_decomposition"
_SIZE = (1280, 800)
_LORRIES, _STOPS = 6, 14
_CIRCLES, _CIRCLE = 9, 16
_LARGE = 100_000
_LONG_S = 240.0


class GraphPictures:
    """Takes the pictures beside one main window."""

    def __init__(self, window: MainWindow, taker: Taker) -> None:
        self._window, self._taker = window, taker

    def all(self) -> None:
        """Takes all of them."""
        self._shoot("graph-routes", self._open(network_of(rounds())))
        self._shoot("graph-pattern", self._search(self._open(circles())))
        tree = self._unfolded()
        if tree is not None:
            self._shoot("graph-split", tree)
        self._shoot("graph-large", self._open(scattered(_LARGE)))

    def _open(self, network: Network | None) -> GraphWindow:
        assert network is not None
        context = self._window.context
        window = open_graph(network, context.theme, context.selection, self._window)
        window.resize(*_SIZE)
        self._rest(window.graph)
        window.graph.canvas.fit()
        return window

    def _search(self, window: GraphWindow) -> GraphWindow:
        """Finds communities, and triangles within one of them."""
        graph = window.graph
        graph.communities.search()
        self._rest(graph)
        graph.tabs.setCurrentWidget(graph.pattern)
        sketch = graph.pattern.sketch
        for _ in range(3):
            sketch.add_node(linked_from=sketch.current)
            sketch.describe(colour=2)
        sketch.link(0, 2)
        graph.pattern.search()
        self._rest(graph)
        return window

    def _unfolded(self) -> GraphWindow | None:
        """Runs a recursive decomposition and opens what it unfolded into."""
        self._window.context.session.new(discard=True)
        place = self._window.stage.turn_to("plan")
        pattern = next((each for each in patterns() if each.name == _UNFOLDING), None)
        if not isinstance(place, PlanPlace) or pattern is None:
            return None
        place.begin_from_pattern(pattern)
        ended: list[object] = []
        place.running.ended.connect(ended.append)
        self._window.context.actions.trigger("plan.run")
        self._taker.wait(lambda: bool(ended), _LONG_S)
        if not self._window.context.actions.trigger("plan.run_graph"):
            return None
        window = next(found for found in self._window.findChildren(GraphWindow) if found.isVisible())
        window.resize(*_SIZE)
        self._rest(window.graph)
        window.graph.canvas.fit()
        return window

    def _shoot(self, name: str, window: GraphWindow) -> None:
        self._taker.wait(lambda: False, 0.6)
        self._taker.shoot(name, window)
        window.close()

    def _rest(self, graph: SolutionGraph) -> None:
        works = (graph.work, graph.communities.work, graph.pattern.work)
        self._taker.wait(lambda: not any(work.active for work in works), _LONG_S)
        self._taker.wait(lambda: False, 0.4)


def rounds(seed: int = 4) -> Routes:
    """Makes rounds of lorries, each through the stops of its part of the map, to the nearest stop next."""
    dice = np.random.default_rng(seed)
    places = np.vstack(([[50.0, 50.0]], dice.random((_LORRIES * _STOPS, 2)) * 100))
    turned = np.argsort(np.arctan2(*(places[1:] - places[0]).T)) + 1
    routes = []
    for part in np.split(turned, _LORRIES):
        path, left = [0], set(part.tolist())
        while left:
            here = places[path[-1]]
            path.append(min(left, key=lambda stop, here=here: float(((places[stop] - here) ** 2).sum())))  # type: ignore[misc]
            left.discard(path[-1])
        routes.append(np.array([*path, 0]))
    return Routes(
        "Rounds of six lorries",
        positions=places,
        labels=("Depot", *(f"Customer {stop}" for stop in range(1, len(places)))),
        routes=tuple(routes),
        names=tuple(f"lorry {lorry + 1}" for lorry in range(_LORRIES)),
        depots=(0,),
    )


def circles(seed: int = 2) -> Network:
    """Makes people in circles of friends, most of whose messages stay within a circle."""
    dice = np.random.default_rng(seed)
    count = _CIRCLES * _CIRCLE
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < 3 * count:
        one = int(dice.integers(count))
        base = one // _CIRCLE * _CIRCLE
        other = int(base + dice.integers(_CIRCLE)) if dice.random() < 0.93 else int(dice.integers(count))
        if one != other:
            pairs.add((one, other))
    ends = np.array(sorted(pairs))
    names = tuple(f"member {at + 1}" for at in range(count))
    return Network(
        "Messages", names, ends[:, 0], ends[:, 1], dice.integers(1, 20, len(ends)).astype(float), "message"
    )


def scattered(count: int, seed: int = 1) -> Network:
    """Makes places joined with others nearby: a spanning tree that grows at random, and cross-roads."""
    dice = np.random.default_rng(seed)
    at = np.arange(1, count)
    parent = np.maximum(at - 1 - (dice.random(count - 1) ** 3 * np.minimum(at, 2_000)).astype(np.int64), 0)
    crossing = dice.integers(0, count - 1, count // 2)
    source = np.concatenate((parent, crossing))
    target = np.concatenate((at, np.minimum(crossing + dice.integers(1, 60, len(crossing)), count - 1)))
    kept = source != target
    regions = tuple(f"region {number + 1}" for number in range(8))
    return Network(
        "A network of 100 000 places",
        tuple(f"place {number}" for number in range(count)),
        source[kept],
        target[kept],
        dice.random(int(kept.sum())) * 100,
        "t",
        group_names=regions,
        group=np.minimum(np.arange(count) * 8 // count, 7),
    )
