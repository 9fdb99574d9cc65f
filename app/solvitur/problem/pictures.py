"""Pictures: what a visualiser makes, as data. Drawn alike by the window, the headless exporter and reports."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvitur.problem.records import Record


@dataclass(frozen=True, eq=False)
class Picture(Record, tag="picture"):
    """What all pictures share. ``elements`` names, mark by mark, the model element a mark shows (may be empty)."""

    title: str
    caption: str = ""


@dataclass(frozen=True, eq=False)
class Bars(Picture, tag="picture-bars"):
    """Bars by label; several series are stacked or side by side. ``values`` has shape (series, labels)."""

    labels: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    series: tuple[str, ...] = ()
    unit: str = ""
    stacked: bool = False
    axis: str = ""
    elements: tuple[str, ...] = ()
    limits: np.ndarray | None = None
    """An optional target or capacity per label, drawn as a tick across the bar."""


@dataclass(frozen=True, eq=False)
class Heatmap(Picture, tag="picture-heatmap"):
    """A matrix of values, shape (rows, columns), NaN for none. ``discrete`` writes the values into the cells."""

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    unit: str = ""
    row_axis: str = ""
    column_axis: str = ""
    element: str = ""
    """Name of the variable; a cell is ``element[row, column]``."""
    discrete: bool = False
    value_names: tuple[str, ...] = ()
    """With names, a value v stands for ``value_names[int(v)]`` and the cell is ``element[row, column, name]``."""


@dataclass(frozen=True, eq=False)
class Graph(Picture, tag="picture-graph"):
    """Nodes and weighted links (indices into nodes). ``positions`` (n, 2) when the data has coordinates."""

    nodes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    source: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    target: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    weight: np.ndarray = field(default_factory=lambda: np.zeros(0))
    unit: str = ""
    positions: np.ndarray | None = None
    directed: bool = True
    elements: tuple[str, ...] = ()
    """By link."""
    layered: bool = False
    """Lay the groups out in columns from left to right, as for flows and assignments."""


@dataclass(frozen=True, eq=False)
class Scatter(Picture, tag="picture-scatter"):
    """Points in the plane, shapes (n,), with optional sizes and groups."""

    x: np.ndarray = field(default_factory=lambda: np.zeros(0))
    y: np.ndarray = field(default_factory=lambda: np.zeros(0))
    labels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    size: np.ndarray | None = None
    x_axis: str = ""
    y_axis: str = ""
    elements: tuple[str, ...] = ()
    links: np.ndarray | None = None
    """Optional (m, 2) pairs of point indices joined by lines."""


@dataclass(frozen=True, eq=False)
class Lines(Picture, tag="picture-lines"):
    """Named series over a common kind of x; ``steps`` draws them as stairs."""

    series: tuple[str, ...] = ()
    x: tuple[np.ndarray, ...] = ()
    y: tuple[np.ndarray, ...] = ()
    x_axis: str = ""
    y_axis: str = ""
    steps: bool = False
    x_labels: tuple[str, ...] = ()
    elements: tuple[tuple[str, ...], ...] = ()
    """By series, then by point."""


@dataclass(frozen=True, eq=False)
class Gantt(Picture, tag="picture-gantt"):
    """Bars in time: ``lane`` indexes ``lanes``; shapes (n,)."""

    lanes: tuple[str, ...] = ()
    lane: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    start: np.ndarray = field(default_factory=lambda: np.zeros(0))
    end: np.ndarray = field(default_factory=lambda: np.zeros(0))
    labels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    unit: str = ""
    elements: tuple[str, ...] = ()
    axis: str = ""
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    """Optional extents within a lane (such as addresses); without them a bar fills its lane."""


@dataclass(frozen=True, eq=False)
class Routes(Picture, tag="picture-routes"):
    """Routes over stops at (n, 2) positions; each route lists stop indices in order."""

    positions: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    labels: tuple[str, ...] = ()
    routes: tuple[np.ndarray, ...] = ()
    names: tuple[str, ...] = ()
    depots: tuple[int, ...] = ()
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class TablePicture(Picture, tag="picture-table"):
    """A table shown as it is."""

    header: tuple[str, ...] = ()
    columns: tuple[np.ndarray, ...] = ()
    units: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
