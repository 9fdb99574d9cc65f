"""Where the nodes of a network go: in layers, by forces, on a circle, or at the coordinates of the data."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from solvitur.gui.graph.layered import layered, parts
from solvitur.gui.graphs.apart import FROM_NODES, apart
from solvitur.gui.graphs.forces import SPACING, Told, spread
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.work import Course

LAYOUTS = {
    "forces": "Forces",
    "layers": "Layers",
    "circle": "Circle",
    "coordinates": "Coordinates",
}
"""The layouts by name, with their titles."""
_FEW_NODES = 400
_LARGE_PARTS = 200
_TINY = 3
_WIDEST_CIRCLE = 40_000.0
_WIDEST_LABEL, _LABEL_HEIGHT, _LETTER = 170.0, 18.0, 7.0


def offered(network: Network) -> tuple[str, ...]:
    """Lists the layouts that a network has, the one that suits it first."""
    names = [name for name in LAYOUTS if name != "coordinates" or network.positions is not None]
    best = "coordinates" if network.positions is not None and not network.layered else "forces"
    if network.layered and len(network) <= _FEW_NODES:
        best = "layers"
    return (best, *(name for name in names if name != best))


def arranged(network: Network, layout: str, told: Told) -> np.ndarray:
    """Returns the places of all nodes, shape (n, 2), y downwards; the same network always gets the same ones.

    ``told`` is called with the share that is done and the places so far; what it raises ends the work.
    """
    count = len(network)
    if not count:
        return np.zeros((0, 2))
    if layout == "coordinates" and network.positions is not None:
        return _at_coordinates(network.positions)
    if layout == "circle":
        return _on_circle(network)
    if layout == "layers":
        return _in_layers(network)
    return _by_forces(network, told)


def arranged_apart(network: Network, layout: str, course: Course) -> np.ndarray:
    """Returns what `arranged` does; large graphs are laid out in another process.

    Raises
    ------
    GivenUpError
        If it was given up.
    """
    if len(network) < FROM_NODES:
        return arranged(network, layout, course.tell)
    flags = {"layout": list(LAYOUTS).index(layout), "count": len(network)}
    flags |= {"directed": network.directed, "layered": network.layered}
    given = {"source": network.source, "target": network.target, "group": network.group}
    if network.positions is not None:
        given["positions"] = network.positions
    return apart("layout", {**given, **{name: np.array(value) for name, value in flags.items()}}, course)["places"]


def placed(given: Mapping[str, np.ndarray], course: Course) -> dict[str, np.ndarray]:
    """Does the work of `arranged_apart` on arrays alone; returns the ``places``."""
    count = int(given["count"])
    network = Network(
        "",
        ("",) * count,
        given["source"],
        given["target"],
        np.ones(len(given["source"])),
        directed=bool(given["directed"]),
        group=given["group"],
        positions=given.get("positions"),
        layered=bool(given["layered"]),
    )
    return {"places": arranged(network, list(LAYOUTS)[int(given["layout"])], course.tell)}


def _at_coordinates(positions: np.ndarray) -> np.ndarray:
    """Scales coordinates so that nodes are as far apart as elsewhere; nodes without any go to the middle."""
    places = np.asarray(positions, np.float64) * np.array([1.0, -1.0])
    known = np.isfinite(places).all(axis=1)
    if not known.any():
        return np.zeros(places.shape)
    low, high = places[known].min(axis=0), places[known].max(axis=0)
    middle = (low + high) / 2
    places = np.where(known[:, None], places - middle, 0.0)
    size = float((high - low).max())
    scaled: np.ndarray = places * (SPACING * (np.sqrt(len(places)) * 2 + 4) / size) if size > 0 else places
    return scaled


def _on_circle(network: Network) -> np.ndarray:
    """Puts nodes on one circle, what is linked side by side as far as that goes, group by group."""
    count = len(network)
    order = _walk(network)
    if len(network.group):
        order = order[np.argsort(network.group[order], kind="stable")]
    radius = min(max(count * SPACING * 0.4 / (2 * np.pi), SPACING * 2), _WIDEST_CIRCLE)
    angle = np.empty(count)
    angle[order] = 2 * np.pi * np.arange(count) / count - np.pi / 2
    return np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))


def _walk(network: Network) -> np.ndarray:
    """Returns the nodes in the order of a walk in depth along links, beginning where there are the fewest."""
    starts, others, _ = network.neighbours
    flat, first = others.tolist(), starts.tolist()
    seen = bytearray(len(network))
    order: list[int] = []
    for root in np.argsort(network.degree, kind="stable").tolist():
        stack = [root]
        while stack:
            node = stack.pop()
            if not seen[node]:
                seen[node] = 1
                order.append(node)
                stack.extend(flat[first[node] : first[node + 1]])
    return np.array(order, dtype=np.int64)


def _in_layers(network: Network) -> np.ndarray:
    """Flows from left to right; names have room beside their nodes as long as there are not too many."""
    count = len(network)
    named = count <= _FEW_NODES
    longest = max(map(len, network.names), default=0) * _LETTER + _LABEL_HEIGHT
    width = min(longest, _WIDEST_LABEL) if named else _LABEL_HEIGHT
    source, target = network.source, network.target
    if not network.directed:
        source, target = _outwards(network)
    found = layered(
        np.tile((width, _LABEL_HEIGHT), (count, 1)), source, target, gap_x=60.0, gap_y=22.0 if named else 8.0
    )
    centers = found.centers
    if named:
        centers = centers - np.array([width / 2 - 10, 0.0])
    middle: np.ndarray = centers - (centers.min(axis=0) + centers.max(axis=0)) / 2
    return middle


def _outwards(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Turns links away from the busiest node of each part."""
    starts, others, _ = network.neighbours
    depth = np.full(len(network), -1, dtype=np.int64)
    flat, first = others.tolist(), starts.tolist()
    for root in np.argsort(-network.degree, kind="stable").tolist():
        if depth[root] >= 0:
            continue
        depth[root] = 0
        front = [root]
        while front:
            following = []
            for node in front:
                for other in flat[first[node] : first[node + 1]]:
                    if depth[other] < 0:
                        depth[other] = depth[node] + 1
                        following.append(other)
            front = following
    forward = depth[network.source] <= depth[network.target]
    source, target = np.where(forward, (network.source, network.target), (network.target, network.source))
    return source, target


def _by_forces(network: Network, told: Told) -> np.ndarray:
    """Spreads each connected part by itself and packs the parts side by side, the largest first."""
    count = len(network)
    number = parts(count, network.source, network.target)
    sizes = np.bincount(number)
    inner = _within(number, sizes)
    places = np.zeros((count, 2))
    radius = SPACING * 0.5 * np.sqrt(sizes)
    angle = 2 * np.pi * inner / sizes[number]
    ring = np.where(sizes > 1, radius, 0.0)[number]
    places[:, 0], places[:, 1] = ring * np.cos(angle), ring * np.sin(angle)
    large = [part for part in np.argsort(-sizes, kind="stable").tolist()[:_LARGE_PARTS] if sizes[part] > _TINY]
    done = 0.0
    for part in large:
        members = np.flatnonzero(number == part)
        inside = number[network.source] == part
        whole = len(members) == count

        def share(fraction: float, so_far: np.ndarray, at: float = done, only: bool = whole) -> None:
            told(at + fraction * len(so_far) / count, so_far if only else np.zeros((0, 2)))

        places[members] = spread(len(members), inner[network.source[inside]], inner[network.target[inside]], share)
        done += len(members) / count
    return _packed(places, number, sizes)


def _within(number: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Returns the position of every node within its part."""
    order = np.argsort(number, kind="stable")
    inner = np.empty(len(number), dtype=np.int64)
    inner[order] = np.arange(len(number)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return inner


def _packed(places: np.ndarray, number: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Sets the parts side by side on shelves."""
    low = np.full((len(sizes), 2), np.inf)
    high = np.full((len(sizes), 2), -np.inf)
    np.minimum.at(low, number, places)
    np.maximum.at(high, number, places)
    room = high - low + SPACING
    width = max(float(np.sqrt((room[:, 0] * room[:, 1]).sum())) * 1.2, float(room[:, 0].max()))
    corner = np.zeros((len(sizes), 2))
    x = y = shelf = 0.0
    for part in np.lexsort((-room[:, 0], -room[:, 1])).tolist():
        if x + room[part, 0] > width and x > 0:
            x, y, shelf = 0.0, y + shelf, 0.0
        corner[part] = (x, y)
        x, shelf = x + float(room[part, 0]), max(shelf, float(room[part, 1]))
    packed = places - low[number] + corner[number]
    middle: np.ndarray = packed - (packed.min(axis=0) + packed.max(axis=0)) / 2
    return middle
