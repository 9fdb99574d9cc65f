"""Which pictures are graphs, and how each becomes one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from solvitur.gui.graphs.network import Network, coded
from solvitur.problem.pictures import Gantt, Graph, Heatmap, Picture, Routes, Scatter


def is_graph(picture: Picture) -> bool:
    """Tells whether a picture can be opened as a graph."""
    if isinstance(picture, Graph):
        return bool(picture.nodes)
    if isinstance(picture, Routes):
        return len(picture.positions) > 0 and bool(picture.routes)
    if isinstance(picture, Scatter):
        return picture.links is not None and len(picture.links) > 0
    if isinstance(picture, Heatmap):
        named = bool(picture.rows and picture.columns) and not picture.value_names
        return named and bool((np.nan_to_num(picture.values) != 0).any())
    if isinstance(picture, Gantt):
        return len(picture.start) > 1 and picture.low is None
    return False


def network_of(picture: Picture) -> Network | None:
    """Makes the graph of a picture; None for one that is none."""
    if not is_graph(picture):
        return None
    if isinstance(picture, Graph):
        return _of_graph(picture)
    if isinstance(picture, Routes):
        return _of_routes(picture)
    if isinstance(picture, Scatter):
        return _of_scatter(picture)
    if isinstance(picture, Heatmap):
        return _of_cells(picture)
    return _of_timetable(picture) if isinstance(picture, Gantt) else None


def _of_graph(picture: Graph) -> Network:
    names, group = coded(picture.groups)
    return Network(
        picture.title,
        picture.nodes,
        np.asarray(picture.source, np.int64),
        np.asarray(picture.target, np.int64),
        np.asarray(picture.weight, np.float64),
        picture.unit,
        picture.directed,
        names,
        group if names and len(group) == len(picture.nodes) else np.zeros(0, np.int64),
        positions=picture.positions,
        layered=picture.layered,
        link_elements=picture.elements,
    )


def _of_routes(picture: Routes) -> Network:
    """Joins each stop with the next of its route; a link is as long as it is on the map."""
    count = len(picture.positions)
    legs = [
        (a, b, number) for number, route in enumerate(picture.routes) for a, b in pairwise(route.tolist()) if a != b
    ]
    ends = np.array(legs, dtype=np.int64).reshape(-1, 3)
    group = np.full(count, -1, dtype=np.int64)
    for number, route in enumerate(picture.routes):
        group[route] = number
    names = [
        picture.names[number] if number < len(picture.names) else f"route {number + 1}"
        for number in range(len(picture.routes))
    ]
    depots = list(picture.depots)
    if depots:
        group[depots] = len(names)
        names.append("depot")
    lengths = np.hypot(*(picture.positions[ends[:, 1]] - picture.positions[ends[:, 0]]).T)
    turn = np.zeros(count, dtype=np.int64)
    for route in picture.routes:
        turn[route] = np.arange(len(route))
    notes = tuple(
        "" if at in depots else "not visited" if group[at] < 0 else f"stop {turn[at]}" for at in range(count)
    )
    labels = tuple(picture.labels[at] if at < len(picture.labels) else f"stop {at}" for at in range(count))
    return Network(
        picture.title,
        labels,
        ends[:, 0],
        ends[:, 1],
        lengths,
        "",
        True,
        tuple(names),
        group,
        ends[:, 2],
        positions=np.asarray(picture.positions, np.float64),
        node_elements=picture.elements if len(picture.elements) == count else (),
        notes=notes,
    )


def _of_scatter(picture: Scatter) -> Network:
    links = np.asarray(picture.links, np.int64).reshape(-1, 2)
    names, group = coded(picture.groups)
    count = len(picture.x)
    labels = tuple(picture.labels[at] if at < len(picture.labels) else f"point {at + 1}" for at in range(count))
    positions = np.column_stack((picture.x, picture.y)).astype(np.float64)
    return Network(
        picture.title,
        labels,
        links[:, 0],
        links[:, 1],
        np.hypot(*(positions[links[:, 1]] - positions[links[:, 0]]).T),
        "",
        False,
        names,
        group if len(group) == count else np.zeros(0, np.int64),
        values=picture.size,
        positions=positions,
        node_elements=picture.elements if len(picture.elements) == count else (),
    )


def _of_cells(picture: Heatmap) -> Network:
    """Joins each row with the columns in which it has a value, as assignments do."""
    values = np.nan_to_num(np.asarray(picture.values, np.float64))
    rows, columns = np.nonzero(values)
    same = picture.rows == picture.columns
    nodes = picture.rows if same else (*picture.rows, *picture.columns)
    kinds = (picture.row_axis or "rows", picture.column_axis or "columns")
    names, group = coded(() if same else (kinds[0],) * len(picture.rows) + (kinds[1],) * len(picture.columns))
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    named = [f"{picture.element}[{picture.rows[r]}, {picture.columns[c]}]" for r, c in pairs]
    return Network(
        picture.title,
        nodes,
        rows.astype(np.int64),
        columns.astype(np.int64) + (0 if same else len(picture.rows)),
        values[rows, columns],
        picture.unit,
        True,
        names,
        group,
        layered=not same,
        link_elements=tuple(named) if picture.element else (),
    )


def _of_timetable(picture: Gantt) -> Network:
    """Joins each bar with the next of its lane and with the next of its own kind: what had to wait for what."""
    count = len(picture.start)
    order = np.lexsort((picture.start, picture.lane))
    links = {(int(a), int(b)) for a, b in pairwise(order.tolist()) if picture.lane[a] == picture.lane[b]}
    kinds = picture.groups if any(picture.groups) and len(set(picture.groups)) < count else ()
    last: dict[str, int] = {}
    for at in np.argsort(picture.start, kind="stable").tolist() if kinds else ():
        before = last.get(kinds[at])
        if kinds[at] and before is not None and picture.end[before] <= picture.start[at] + 1e-9:
            links.add((before, at))
        last[kinds[at]] = at
    ends = np.array(sorted(links), dtype=np.int64).reshape(-1, 2)
    lanes = [picture.lanes[lane] for lane in picture.lane.tolist()]
    names, group = coded(lanes)
    labels = [picture.labels[at] if at < len(picture.labels) else f"bar {at + 1}" for at in range(count)]
    spans = zip(picture.start.tolist(), picture.end.tolist(), strict=True)
    return Network(
        f"{picture.title}: what follows what",
        tuple(f"{label} on {lane}" for label, lane in zip(labels, lanes, strict=True)),
        ends[:, 0],
        ends[:, 1],
        picture.start[ends[:, 1]] - picture.end[ends[:, 0]],
        picture.unit,
        True,
        names,
        group,
        values=picture.end - picture.start,
        value_word="duration",
        positions=np.column_stack((picture.start, -picture.lane.astype(np.float64))),
        layered=True,
        node_elements=picture.elements if len(picture.elements) == count else (),
        notes=tuple(f"from {start:g} to {end:g}" for start, end in spans),
    )
