"""Where nodes go when the data does not say: layers for flows, forces for small graphs, rings for large ones."""

from __future__ import annotations

import numpy as np

from solvitur.problem.pictures import Graph

_FORCES_UP_TO = 300
_SWEEPS = 6


def place(graph: Graph) -> np.ndarray:
    """Returns positions of the nodes, shape (n, 2); the same graph always gets the same places."""
    if graph.positions is not None and len(graph.positions) == len(graph.nodes):
        return np.asarray(graph.positions, dtype=np.float64)
    if not graph.nodes:
        return np.zeros((0, 2))
    return layers(graph) if graph.layered else scattered(graph)


def layers(graph: Graph) -> np.ndarray:
    """Places each group in a column, its nodes ordered by where their links come from (barycentres)."""
    names = list(dict.fromkeys(graph.groups)) or [""]
    column = np.array([names.index(group) for group in graph.groups] or [0] * len(graph.nodes))
    count = len(graph.nodes)
    order = np.zeros(count)
    for group in range(len(names)):
        members = np.flatnonzero(column == group)
        order[members] = _spread(np.arange(len(members)))
    degree = np.bincount(graph.source, minlength=count) + np.bincount(graph.target, minlength=count)
    last = len(names) - 1
    for sweep in range(_SWEEPS):
        # From left to right, then back: a column moves to where its neighbours stand now.
        for group in range(1, len(names)) if sweep % 2 == 0 else range(last - 1, -1, -1):
            pulls = np.bincount(graph.source, weights=order[graph.target], minlength=count)
            pulls += np.bincount(graph.target, weights=order[graph.source], minlength=count)
            members = np.flatnonzero((column == group) & (degree > 0))
            idle = np.flatnonzero((column == group) & (degree == 0))
            ranked = members[np.argsort(pulls[members] / degree[members], kind="stable")]
            ranked = np.concatenate((ranked, idle))
            order[ranked] = _spread(np.arange(len(ranked)))
    return np.column_stack((column.astype(np.float64), -order))


def _spread(ranks: np.ndarray) -> np.ndarray:
    """Spreads ranks evenly over 0..1, in the middle of equal shares."""
    spread: np.ndarray = (ranks + 0.5) / max(len(ranks), 1)
    return spread


def scattered(graph: Graph) -> np.ndarray:
    """Places each connected part by itself, small ones by springs and large ones on rings, and packs the parts."""
    starts, neighbours = _adjacency(graph)
    number, depth = _components(starts, neighbours)
    placed = np.zeros((len(graph.nodes), 2))
    sizes = np.bincount(number)
    inner = np.zeros(len(number), dtype=np.int64)
    for part in np.flatnonzero(sizes > 1).tolist():
        members = np.flatnonzero(number == part)
        inner[members] = np.arange(len(members))
        if len(members) <= _FORCES_UP_TO:
            inside = number[graph.source] == part
            shape = _forces(len(members), inner[graph.source[inside]], inner[graph.target[inside]])
        else:
            shape = _rings(depth[members])
        placed[members] = _unit(shape)
    return _packed(placed, number, sizes)


def _forces(count: int, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Places a small connected graph by springs."""
    import networkx  # noqa: PLC0415 - takes half a second and only graphs without places need it

    drawn = networkx.Graph()
    drawn.add_nodes_from(range(count))
    drawn.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    found = networkx.spring_layout(drawn, k=2.0 / np.sqrt(count), iterations=120, seed=1, method="force")
    return np.array([found[node] for node in range(count)])


def _rings(depth: np.ndarray) -> np.ndarray:
    """Places nodes on rings by their distance from the busiest node."""
    order = np.argsort(depth, kind="stable")
    _, first, sizes = np.unique(depth[order], return_index=True, return_counts=True)
    within = np.arange(len(order)) - np.repeat(first, sizes)
    angle = 2 * np.pi * within / np.repeat(sizes, sizes)
    # Rings as wide apart as they are full, so that the nodes spread evenly over the disc.
    radius = np.sqrt(np.repeat(np.cumsum(sizes) - sizes / 2, sizes))
    placed = np.zeros((len(order), 2))
    placed[order] = np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))
    return placed


def _unit(shape: np.ndarray) -> np.ndarray:
    """Scales places into the unit square around zero."""
    low, high = shape.min(axis=0), shape.max(axis=0)
    size = float((high - low).max()) or 1.0
    scaled: np.ndarray = (shape - (low + high) / 2) / size
    return scaled


def _packed(placed: np.ndarray, number: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Sets the parts side by side on shelves, the largest first, each as wide as the root of its size."""
    sides = np.sqrt(sizes) * 1.15
    width = max(float(np.sqrt((sides**2).sum())) * 1.3, float(sides.max()))
    corner = np.zeros((len(sizes), 2))
    x = y = shelf = 0.0
    for part in np.argsort(-sizes, kind="stable").tolist():
        if x + sides[part] > width and x > 0:
            x, y, shelf = 0.0, y - shelf, 0.0
        corner[part] = (x + sides[part] / 2, y - sides[part] / 2)
        x, shelf = x + sides[part], max(shelf, float(sides[part]))
    moved: np.ndarray = placed * np.sqrt(sizes)[number][:, None] + corner[number]
    return moved


def _components(starts: np.ndarray, neighbours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns each node's part, and its distance from the busiest node of its part, in linear time."""
    degree = np.diff(starts)
    depth, number = np.full(len(degree), -1), np.zeros(len(degree), dtype=np.int64)
    parts = 0
    for root in np.argsort(-degree, kind="stable").tolist():
        if depth[root] >= 0:
            continue
        depth[root], number[root] = 0, parts
        front = [root]
        while front:
            following = []
            for node in front:
                for other in neighbours[starts[node] : starts[node + 1]].tolist():
                    if depth[other] < 0:
                        depth[other], number[other] = depth[node] + 1, parts
                        following.append(other)
            front = following
        parts += 1
    return number, depth


def _adjacency(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """Returns the neighbours of every node in compressed form, links read both ways."""
    ends = np.concatenate((graph.source, graph.target))
    others = np.concatenate((graph.target, graph.source))
    order = np.argsort(ends, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=len(graph.nodes)))))
    return starts, others[order]
