"""Solution graphs without a window: what becomes a graph, filters, patterns, communities, layouts, bundles."""

from __future__ import annotations

import itertools
import threading
import time

import numpy as np
import picture_samples as samples
import pytest

from solvitur.engine.workflow.events import State, StepState
from solvitur.gui.graph.layering import layers_of, with_dummies
from solvitur.gui.graph.ordering import crossings, order_layers
from solvitur.gui.graphs import communities as communities_room
from solvitur.gui.graphs import layouts as layouts_room
from solvitur.gui.graphs import matches as matches_room
from solvitur.gui.graphs.bundles import bundled, level_for
from solvitur.gui.graphs.communities import communities, letters
from solvitur.gui.graphs.filters import Filter, everything, filtered, neighbourhood
from solvitur.gui.graphs.layouts import arranged, arranged_apart, offered
from solvitur.gui.graphs.matches import Pattern, PatternNode, find
from solvitur.gui.graphs.network import Network, coded
from solvitur.gui.graphs.scenery import Scenery
from solvitur.gui.graphs.sources import is_graph, network_of
from solvitur.gui.graphs.tips import link_tip, node_tip
from solvitur.gui.graphs.unfolding import network_of_run
from solvitur.gui.graphs.work import Course, GivenUpError
from solvitur.problem.pictures import Graph, Picture
from solvitur.workflow.model import Link, Step, Workflow


def quiet() -> Course:
    """A course that nobody follows."""
    return Course(lambda _share, _so_far: None)


def random_network(seed: int, count: int = 9, links: int = 16, *, directed: bool = True) -> Network:
    """A small random graph without loops or double links, its nodes in three groups."""
    dice = np.random.default_rng(seed)
    pairs = list(itertools.permutations(range(count), 2) if directed else itertools.combinations(range(count), 2))
    chosen = np.array(pairs)[dice.choice(len(pairs), links, replace=False)]
    names, group = coded([f"g{n % 3}" for n in range(count)])
    return Network(
        "random",
        tuple(f"n{n}" for n in range(count)),
        chosen[:, 0],
        chosen[:, 1],
        dice.integers(1, 9, links).astype(float),
        "t",
        directed,
        names,
        group,
        link_elements=tuple(f"x[n{a}, n{b}]" for a, b in chosen.tolist()),
    )


def by_brute_force(network: Network, pattern: Pattern) -> set[tuple[frozenset[int], frozenset[tuple[int, int]]]]:
    """Tries every choice of nodes for the nodes of a pattern."""
    links = set(zip(network.source.tolist(), network.target.tolist(), strict=True))
    if not network.directed:
        links |= {(b, a) for a, b in links}
    found = set()
    for nodes in itertools.permutations(range(len(network)), len(pattern.nodes)):
        fits = all(
            node.text in network.names[at] + "\n" + network.group_word(at)
            and node.colour in (-1, int(network.group[at]))
            for node, at in zip(pattern.nodes, nodes, strict=True)
        )
        used = [(nodes[a], nodes[b]) for a, b in pattern.links]
        if fits and all(pair in links for pair in used):
            plain = used if network.directed else [(min(p), max(p)) for p in used]
            found.add((frozenset(nodes), frozenset(plain)))
    return found


TRIANGLE = Pattern((PatternNode(),) * 3, ((0, 1), (1, 2), (0, 2)))
PATTERNS = {
    "one": Pattern((PatternNode("n1"),)),
    "link": Pattern((PatternNode(), PatternNode()), ((0, 1),)),
    "triangle": TRIANGLE,
    "fan": Pattern((PatternNode(),) * 3, ((0, 1), (0, 2))),
    "coloured path": Pattern((PatternNode(colour=0), PatternNode(), PatternNode("g1")), ((0, 1), (1, 2))),
    "square": Pattern((PatternNode(),) * 4, ((0, 1), (1, 2), (2, 3), (3, 0))),
}


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("name", list(PATTERNS))
def test_pattern_search_finds_what_trying_everything_finds(name: str, directed: bool) -> None:
    """On random graphs: the same places, each once."""
    for seed in range(8):
        network = random_network(seed, directed=directed)
        found = find(network, PATTERNS[name], network.group, quiet())
        ends = list(zip(network.source.tolist(), network.target.tolist(), strict=True))
        if not directed:
            ends = [(min(pair), max(pair)) for pair in ends]
        told = [(frozenset(m.nodes), frozenset(ends[link] for link in m.links)) for m in found.found]
        assert found.complete
        assert len(told) == len(set(told))
        assert set(told) == by_brute_force(network, PATTERNS[name])


def test_pattern_search_stops_at_its_limit_and_when_given_up() -> None:
    """The limit is said; a search that is not wanted ends at once."""
    network = random_network(1, 30, 200)
    found = find(network, PATTERNS["fan"], network.group, quiet(), limit=7)
    assert (len(found.found), found.complete) == (7, False)
    course = quiet()
    course.give_up()
    with pytest.raises(GivenUpError):
        find(network, PATTERNS["fan"], network.group, course)


def test_a_pattern_in_parts_is_refused_in_words() -> None:
    assert "Link all nodes" in Pattern((PatternNode(), PatternNode())).why_not
    assert "Draw a pattern" in Pattern().why_not
    assert TRIANGLE.why_not == ""


def test_communities_cover_every_node_once_and_find_planted_ones() -> None:
    """Four cliques in a ring are four communities; a node without links is one of its own."""
    pairs = [(8 * k + a, 8 * k + b) for k in range(4) for a in range(8) for b in range(a)]
    pairs += [(8 * k, (8 * k + 8) % 32) for k in range(4)]
    ends = np.array(pairs)
    names = tuple(f"n{n}" for n in range(33))
    network = Network("cliques", names, ends[:, 0], ends[:, 1], np.ones(len(ends)), directed=False)
    found = communities(network, quiet())
    assert len(found.codes) == 33
    assert found.sizes.tolist() == [8, 8, 8, 8, 1]
    assert found.sizes.sum() == 33
    assert all(len(set(found.codes[8 * k : 8 * k + 8].tolist())) == 1 for k in range(4))
    assert found.inside == pytest.approx(112 / 116)
    assert found.names[0].startswith("A: n")
    assert [letters(n) for n in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_filters_leave_what_they_say() -> None:
    """Text, values of nodes and links, groups, isolated nodes, and what is near."""
    network = random_network(3, 12, 14)
    text = filtered(network, Filter(text="G1"))
    assert text.nodes.tolist() == [n % 3 == 1 for n in range(12)]
    assert all(text.nodes[network.source[text.links]]) and all(text.nodes[network.target[text.links]])
    heavy = filtered(network, Filter(link_range=(5.0, np.inf)))
    assert heavy.links.tolist() == (network.weight >= 5).tolist() and heavy.nodes.all()
    lone = filtered(network, Filter(link_range=(5.0, np.inf), hide_isolated=True))
    touched = set(network.source[heavy.links].tolist()) | set(network.target[heavy.links].tolist())
    assert set(np.flatnonzero(lone.nodes).tolist()) == touched
    busy = filtered(network, Filter(node_range=(3.0, np.inf)))
    assert busy.nodes.tolist() == (network.degree >= 3).tolist()
    hidden = filtered(network, Filter(hidden_groups=frozenset({0, 2})))
    assert hidden.nodes.tolist() == [n % 3 == 1 for n in range(12)]
    assert filtered(network, Filter()).is_all


def test_the_neighbourhood_is_what_so_many_links_reach() -> None:
    """Along a path of ten, two hops from the middle reach two to each side."""
    at = np.arange(9)
    network = Network("path", tuple(map(str, range(10))), at, at + 1, np.ones(9))
    near = neighbourhood(network, frozenset({5}), 2, everything(network).links)
    assert np.flatnonzero(near).tolist() == [3, 4, 5, 6, 7]
    shown = filtered(network, Filter(around=frozenset({5}), hops=0))
    assert np.flatnonzero(shown.nodes).tolist() == [5] and not shown.links.any()


@pytest.mark.parametrize("name", ["flows", "network", "scatter", "routes", "heatmap", "gantt"])
def test_pictures_with_links_become_graphs(name: str) -> None:
    """Every link has ends that exist, and every element is the picture's own."""
    picture = samples.all_kinds()[name]
    network = network_of(picture)
    assert network is not None and is_graph(picture)
    assert len(network) > 0 and len(network.source) == len(network.target) == len(network.weight) > 0
    assert max(network.source.max(), network.target.max()) < len(network)
    assert len(network.link_elements) in (0, len(network.source))
    assert len(network.node_elements) in (0, len(network))
    assert all(layout in ("forces", "layers", "circle", "coordinates") for layout in offered(network))
    for node in range(len(network)):
        assert node_tip(network, node).startswith(network.names[node])


def test_a_map_of_cells_is_an_assignment() -> None:
    """Rows are linked with the columns in which they have a value, and a link is named by its cell."""
    network = network_of(samples.heatmap())
    assert network is not None
    assert network.names == (*samples.PLANTS, *samples.MARKETS)
    assert "ship[Seattle, New York]" in network.links_of_element
    link = network.links_of_element["ship[Seattle, Chicago]"]
    assert link_tip(network, link) == "Seattle → Chicago\nship[Seattle, Chicago] = 300 case"


def test_routes_are_chains_from_stop_to_stop() -> None:
    """A link for each leg, coloured by its route; the depot is a group of its own."""
    network = network_of(samples.routes())
    assert network is not None
    legs = list(zip(network.source.tolist(), network.target.tolist(), network.link_group.tolist(), strict=True))
    assert legs == [(0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 0, 0), (0, 4, 1), (4, 5, 1), (5, 6, 1), (6, 0, 1)]
    assert network.group_word(0) == "depot"
    assert network.nodes_of_element["visit[B]"] == 2


@pytest.mark.parametrize("name", ["bars", "lines", "table", "puzzle", "addresses"])
def test_other_pictures_are_no_graphs(name: str) -> None:
    picture = samples.all_kinds()[name]
    assert not is_graph(picture)
    assert network_of(picture) is None
    assert not is_graph(Picture("plain")) and not is_graph(Graph("empty"))


@pytest.mark.parametrize("layout", ["forces", "layers", "circle", "coordinates"])
def test_layouts_place_every_node_apart_and_always_the_same(layout: str) -> None:
    """Connected, in parts, and with single nodes; nothing lies on anything else."""
    network = network_of(samples.scatter() if layout == "coordinates" else samples.network(60, 45))
    assert network is not None
    places = arranged(network, layout, lambda _share, _places: None)
    assert places.shape == (len(network), 2) and np.isfinite(places).all()
    assert (places == arranged(network, layout, lambda _share, _places: None)).all()
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + 1e9 * np.eye(len(places))
    assert apart.min() > 1.0


def test_forces_put_linked_nodes_nearer_than_others() -> None:
    """On a grid, a link is a tenth as long as the usual distance between two nodes, by exact push and by mesh."""
    for side in (15, 40):
        number = np.arange(side * side).reshape(side, side)
        source = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
        target = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
        network = Network("grid", tuple(map(str, range(side * side))), source, target, np.ones(len(source)))
        places = arranged(network, "forces", lambda _share, _places: None)
        links = np.hypot(*(places[source] - places[target]).T)
        dice = np.random.default_rng(1)
        pairs = dice.integers(0, side * side, (2, 4000))
        usual = np.hypot(*(places[pairs[0]] - places[pairs[1]]).T)
        assert links.mean() < usual.mean() / (side / 2.5)


def test_work_in_another_process_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layouts, communities and matches, with everything that counts as large from the first node on."""
    network = random_network(5, 40, 60)
    layouts = {name: arranged(network, name, lambda _share, _places: None) for name in ("forces", "circle")}
    grouped = communities(network, quiet())
    matched = find(network, TRIANGLE, network.group, quiet())
    for room in (communities_room, layouts_room, matches_room):
        monkeypatch.setattr(room, "FROM_NODES", 0)
    for name, places in layouts.items():
        assert (arranged_apart(network, name, quiet()) == places).all()
    assert (communities(network, quiet()).codes == grouped.codes).all()
    assert find(network, TRIANGLE, network.group, quiet()) == matched


def test_work_in_another_process_ends_when_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts_room, "FROM_NODES", 0)
    course = quiet()
    ending = threading.Timer(0.2, course.give_up)
    ending.start()
    begun = time.monotonic()
    with pytest.raises(GivenUpError):
        arranged_apart(random_network(5, 700, 60_000), "forces", course)
    ending.join()
    assert time.monotonic() - begun < 10.0


def test_bundles_stand_for_every_link_once() -> None:
    """What is drawn as lines and what stays within squares add up, at every zoom."""
    network = random_network(7, 60, 400)
    scenery = Scenery(network, arranged(network, "forces", lambda _share, _places: None))
    for zoom in (1.0, 0.2, 0.02):
        found = bundled(scenery, level_for(zoom))
        assert int(found.counts.sum()) + found.within == 400
        assert (np.diff(found.counts) <= 0).all()


def test_picking_by_grid_finds_what_looking_at_all_nodes_finds() -> None:
    network = random_network(9, 50, 90)
    scenery = Scenery(network, arranged(network, "forces", lambda _share, _places: None))
    dice = np.random.default_rng(2)
    low, high = scenery.places.min(axis=0) - 50, scenery.places.max(axis=0) + 50
    for x, y in (low + dice.random((200, 2)) * (high - low)).tolist():
        for reach in (3.0, 40.0, 400.0):
            away = np.hypot(*(scenery.places - (x, y)).T) - scenery.radii
            best = int(away.argmin()) if away.min() <= reach else -1
            assert scenery.node_at(x, y, reach) == best
        box = (x - 80, y - 60, x + 70, y + 90)
        inside = (scenery.places >= box[:2]).all(axis=1) & (scenery.places <= box[2:]).all(axis=1)
        assert sorted(scenery.nodes_in(*box).tolist()) == np.flatnonzero(inside).tolist()


def test_few_links_cross_in_layers() -> None:
    """On the thousand-node test, far fewer than half of what one sweep leaves; and the same again next time."""
    dice = np.random.default_rng(1)
    tails = np.array([max(0, at - 1 - int(dice.integers(min(at, 30)))) for at in range(1, 300)])
    extra = dice.integers(31, 300, 120)
    source = np.concatenate((tails, extra - 1 - dice.integers(0, 30, 120)))
    target = np.concatenate((np.arange(1, 300), extra))
    graph = with_dummies(layers_of(300, source, target), source, target)
    rank = np.zeros(len(graph.layer), dtype=np.int64)
    swept = order_layers(graph, seconds=0.0)
    for nodes in swept:
        rank[nodes] = np.arange(len(nodes))
    before = crossings(graph, rank)
    for nodes in order_layers(graph):
        rank[nodes] = np.arange(len(nodes))
    assert crossings(graph, rank) < 0.85 * before


def test_a_run_is_a_graph_of_steps_and_what_they_unfolded_into() -> None:
    """A split's parts hang below it, with their own links, states and times."""
    ran = Workflow("Split", (Step("load", "load_file"), Step("split", "split")), (Link("load", "o", "split", "i"),))
    parts = Workflow(
        "parts",
        (Step("a", "solve"), Step("b", "solve"), Step("m", "merge")),
        (Link("a", "o", "m", "i"), Link("b", "o", "m", "i")),
    )
    inner = Workflow("inner", (Step("left", "solve"), Step("right", "solve")))
    states = {"split/a": StepState(1, "split/a", State.DONE, seconds=2.5)}
    network = network_of_run(ran, {"split": parts, "split/a": inner}, states)
    assert network.names == ("load", "split", "a", "b", "m", "left", "right")
    named = {(network.names[a], network.names[b]) for a, b in zip(network.source, network.target, strict=True)}
    assert named == {
        ("load", "split"),
        ("split", "a"),
        ("split", "b"),
        ("a", "m"),
        ("b", "m"),
        ("a", "left"),
        ("a", "right"),
    }
    assert network.group_word(2) == "solve"
    assert "done" in network.notes[2] and "split/a" in network.notes[2]
    assert network.node_values[2] == 2.5
