"""The data of a picture as rows, for CSV files and the clipboard; knows nothing of the window."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from solvitur.problem.pictures import (
    Bars,
    Gantt,
    Graph,
    Heatmap,
    Lines,
    Picture,
    Routes,
    Scatter,
    TablePicture,
)

Rows = tuple[list[str], Iterator[Sequence[Any]]]


def rows_of(picture: Picture) -> Rows:
    """Returns the header and the rows of a picture's data, numbers in full."""
    makers: dict[type, Any] = {
        Bars: _bars,
        Heatmap: _heatmap,
        Graph: _graph,
        Scatter: _scatter,
        Lines: _lines,
        Gantt: _gantt,
        Routes: _routes,
        TablePicture: _table,
    }
    for kind, maker in makers.items():
        if isinstance(picture, kind):
            made: Rows = maker(picture)
            return made
    return ["title", "caption"], iter([(picture.title, picture.caption)])


def csv_of(picture: Picture, delimiter: str = ",") -> str:
    """Writes a picture's data as CSV text."""
    header, rows = rows_of(picture)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return written.getvalue()


def _plain(cell: Any) -> Any:
    """Turns numpy scalars into Python's, whole floats into integers, missing into nothing."""
    value = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(value, float):
        if value != value:
            return ""
        if value.is_integer() and abs(value) < 2**53:
            return int(value)
    return value


def _with(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _bars(picture: Bars) -> Rows:
    series = picture.series or tuple(f"series {n + 1}" for n in range(len(picture.values)))
    header = [picture.axis or "label", *(_with(name, picture.unit) for name in series)]
    columns = [list(picture.labels), *picture.values]
    if picture.limits is not None:
        header.append("limit")
        columns.append(picture.limits)
    return header, zip(*columns, strict=True)


def _heatmap(picture: Heatmap) -> Rows:
    corner = picture.row_axis or "row"

    def cells(row: np.ndarray) -> list[Any]:
        if not picture.value_names:
            return list(row)
        return ["" if value != value else picture.value_names[int(value)] for value in row.tolist()]

    named = zip(picture.rows, picture.values, strict=True)
    return [corner, *picture.columns], ((name, *cells(row)) for name, row in named)


def _graph(picture: Graph) -> Rows:
    header = ["from", "to", _with("value", picture.unit)]
    links = zip(picture.source.tolist(), picture.target.tolist(), picture.weight.tolist(), strict=True)
    return header, ((picture.nodes[source], picture.nodes[target], weight) for source, target, weight in links)


def _scatter(picture: Scatter) -> Rows:
    header = ["label", picture.x_axis or "x", picture.y_axis or "y"]
    columns: list[Any] = [list(picture.labels) or [""] * len(picture.x), picture.x, picture.y]
    if picture.size is not None:
        header.append("size")
        columns.append(picture.size)
    if any(picture.groups):
        header.append("group")
        columns.append(list(picture.groups))
    return header, zip(*columns, strict=True)


def _lines(picture: Lines) -> Rows:
    header = ["series", picture.x_axis or "x", picture.y_axis or "y"]
    labels = picture.x_labels

    def place(x: float) -> Any:
        return labels[int(x)] if labels and 0 <= int(x) < len(labels) else x

    return header, (
        (name, place(x), y)
        for name, xs, ys in zip(picture.series, picture.x, picture.y, strict=True)
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True)
    )


def _gantt(picture: Gantt) -> Rows:
    header = ["lane", "label", "start", "end"]
    lanes = [picture.lanes[lane] for lane in picture.lane.tolist()]
    columns: list[Any] = [lanes, list(picture.labels) or [""] * len(lanes), picture.start, picture.end]
    if picture.low is not None and picture.high is not None:
        header += [_with("low", picture.unit), _with("high", picture.unit)]
        columns += [picture.low, picture.high]
    return header, zip(*columns, strict=True)


def _routes(picture: Routes) -> Rows:
    header = ["route", "turn", "stop", "x", "y"]

    def name(number: int) -> str:
        return picture.names[number] if number < len(picture.names) else str(number + 1)

    return header, (
        (name(number), turn, picture.labels[stop] if stop < len(picture.labels) else stop, *picture.positions[stop])
        for number, route in enumerate(picture.routes)
        for turn, stop in enumerate(route.tolist())
    )


def _table(picture: TablePicture) -> Rows:
    units = picture.units or ("",) * len(picture.header)
    header = [_with(name, unit) for name, unit in zip(picture.header, units, strict=True)]
    return header, zip(*(column.tolist() for column in picture.columns), strict=True)
