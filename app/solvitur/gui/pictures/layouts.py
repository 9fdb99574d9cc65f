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
    if graph.layered:
        return layers(graph)
    if len(graph.nodes) <= _FORCES_UP_TO:
        return forces(graph)
    return rings(graph)


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
    for sweep in range(_SWEEPS):
        pulls = np.bincount(graph.source, weights=order[graph.target], minlength=count)
        pulls += np.bincount(graph.target, weights=order[graph.source], minlength=count)
        wanted = np.where(degree > 0, pulls / np.maximum(degree, 1), order)
        turn = range(len(names)) if sweep % 2 == 0 else range(len(names) - 1, -1, -1)
        for group in turn:
            members = np.flatnonzero(column == group)
            ranked = members[np.argsort(wanted[members], kind="stable")]
            order[ranked] = _spread(np.arange(len(ranked)))
    return np.column_stack((column.astype(np.float64), -order))


def _spread(ranks: np.ndarray) -> np.ndarray:
    """Spreads ranks evenly over 0..1, in the middle of equal shares."""
    spread: np.ndarray = (ranks + 0.5) / max(len(ranks), 1)
    return spread


def forces(graph: Graph) -> np.ndarray:
    """Places a small graph by springs."""
    import networkx  # noqa: PLC0415 - takes half a second and only graphs without places need it

    drawn = networkx.Graph()
    drawn.add_nodes_from(range(len(graph.nodes)))
    drawn.add_edges_from(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    spacing = 2.0 / np.sqrt(len(graph.nodes))
    placed = networkx.spring_layout(drawn, k=spacing, iterations=120, seed=1, method="force")
    return np.array([placed[node] for node in range(len(graph.nodes))])


def rings(graph: Graph) -> np.ndarray:
    """Places a large graph on rings around its busiest nodes, component by component, in linear time."""
    count = len(graph.nodes)
    starts, neighbours = _adjacency(graph)
    degree = np.diff(starts)
    depth = np.full(count, -1)
    component = np.zeros(count, dtype=np.int64)
    rank: list[int] = []
    number = 0
    for root in np.argsort(-degree, kind="stable").tolist():
        if depth[root] >= 0:
            continue
        depth[root], component[root] = 0, number
        front = [root]
        while front:
            rank.extend(front)
            following = []
            for node in front:
                for other in neighbours[starts[node] : starts[node + 1]].tolist():
                    if depth[other] < 0:
                        depth[other], component[other] = depth[node] + 1, number
                        following.append(other)
            front = following
        number += 1
    return _on_rings(np.array(rank), depth, component, number)


def _on_rings(rank: np.ndarray, depth: np.ndarray, component: np.ndarray, number: int) -> np.ndarray:
    order = rank[np.lexsort((depth[rank], component[rank]))]
    ring = component[order] * (int(depth.max()) + 2) + depth[order]
    _, first, sizes = np.unique(ring, return_index=True, return_counts=True)
    within = np.arange(len(order)) - np.repeat(first, sizes)
    angle = 2 * np.pi * within / np.repeat(sizes, sizes)
    room = np.sqrt(np.bincount(component, minlength=number))
    side = int(np.ceil(np.sqrt(number)))
    cell = 2.4 * float(room.max())
    middle = np.column_stack((np.arange(number) % side, np.arange(number) // side)) * cell
    deepest = np.zeros(number)
    np.maximum.at(deepest, component, depth)
    radius = room[component[order]] * depth[order] / np.maximum(deepest[component[order]], 1)
    placed = np.zeros((len(order), 2))
    placed[order] = middle[component[order]] + np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))
    return placed


def _adjacency(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """Returns the neighbours of every node in compressed form, links read both ways."""
    ends = np.concatenate((graph.source, graph.target))
    others = np.concatenate((graph.target, graph.source))
    order = np.argsort(ends, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=len(graph.nodes)))))
    return starts, others[order]
