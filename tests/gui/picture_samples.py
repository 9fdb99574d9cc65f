"""One picture of every kind, with numbers that tests can foretell."""

from __future__ import annotations

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

PLANTS = ("Seattle", "San Diego", "Gary")
MARKETS = ("New York", "Chicago", "Topeka", "Boston", "Dallas")
SHIP = np.array([[50.0, 300, 0, 0, 0], [275, 0, 275, 0, 120], [0, 0, 0, 210, 80]])


def bars() -> Bars:
    """Made of three plants, with their capacities."""
    return Bars(
        "Cases made per plant",
        "The tick marks the limit.",
        labels=PLANTS,
        values=np.array([[350.0, 670.0, 290.0]]),
        series=("made",),
        unit="case",
        axis="Plants",
        elements=tuple(f"made[{p}]" for p in PLANTS),
        limits=np.array([350.0, 700.0, 400.0]),
    )


def stacked_bars() -> Bars:
    """Two series, one on the other."""
    return Bars(
        "Hours per day",
        labels=("Mon", "Tue", "Wed", "Thu", "Fri"),
        values=np.array([[8.0, 6, 7, 8, 5], [2, 3, 0, 1, 4]]),
        series=("regular", "overtime"),
        unit="h",
        stacked=True,
        axis="Days",
    )


def side_by_side_bars() -> Bars:
    """Two series side by side, one value negative."""
    return Bars(
        "Change of stock",
        labels=("Oil", "Flour", "Sugar"),
        values=np.array([[12.0, -6, 7], [4, 3, -2]]),
        series=("plan A", "plan B"),
        unit="t",
        elements=("a[Oil]", "a[Flour]", "a[Sugar]", "b[Oil]", "b[Flour]", "b[Sugar]"),
    )


def heatmap() -> Heatmap:
    """Cases from plants to markets."""
    return Heatmap(
        "Cases shipped",
        rows=PLANTS,
        columns=MARKETS,
        values=SHIP,
        unit="case",
        row_axis="Plants",
        column_axis="Markets",
        element="ship",
    )


def diverging_heatmap() -> Heatmap:
    """Values on both sides of zero."""
    values = np.sin(np.arange(240.0) / 7).reshape(12, 20) * np.linspace(2, 9, 20)
    rows, columns = tuple(f"r{n}" for n in range(12)), tuple(f"c{n}" for n in range(20))
    return Heatmap("Covariance", rows=rows, columns=columns, values=values)


def puzzle() -> Heatmap:
    """A solved sudoku."""
    cells = np.array([[(3 * (r % 3) + r // 3 + c) % 9 for c in range(9)] for r in range(9)], dtype=float)
    names = tuple(str(n) for n in range(1, 10))
    return Heatmap(
        "Sudoku",
        rows=names,
        columns=names,
        values=cells,
        element="x",
        discrete=True,
        value_names=names,
        row_axis="Rows",
        column_axis="Columns",
    )


def flows() -> Graph:
    """Cases from plants to markets, as ribbons."""
    source, target = np.nonzero(SHIP)
    return Graph(
        "Cases shipped",
        nodes=(*PLANTS, *MARKETS),
        groups=("Plants",) * 3 + ("Markets",) * 5,
        source=source,
        target=target + 3,
        weight=SHIP[source, target],
        unit="case",
        elements=tuple(f"ship[{PLANTS[s]}, {MARKETS[t]}]" for s, t in zip(source, target, strict=True)),
        layered=True,
    )


def network(count: int = 24, links: int = 40) -> Graph:
    """A graph without places."""
    numbers = np.random.default_rng(3)
    source, target = numbers.integers(0, count, links), numbers.integers(0, count, links)
    return Graph(
        "Links built",
        nodes=tuple(f"n{n}" for n in range(count)),
        groups=("",) * count,
        source=source,
        target=target,
        weight=numbers.integers(1, 9, links).astype(float),
        elements=tuple(f"flow[n{s}, n{t}]" for s, t in zip(source, target, strict=True)),
        unit="t",
    )


def scatter() -> Scatter:
    """Places with sizes and links."""
    numbers = np.random.default_rng(5)
    places = numbers.random((18, 2)) * 100
    labels = tuple(f"Town {n}" for n in range(18))
    links = np.array([[n, n % 3] for n in range(3, 18)])
    return Scatter(
        "Depots and shops",
        x=places[:, 0],
        y=places[:, 1],
        labels=labels,
        groups=("depot",) * 3 + ("shop",) * 15,
        size=np.concatenate(([90.0, 60, 70], numbers.random(15) * 20)),
        x_axis="x",
        y_axis="y",
        elements=tuple(f"open[{label}]" for label in labels),
        links=links,
    )


def lines() -> Lines:
    """Stock and production over twelve months."""
    months = np.arange(1.0, 13)
    stock = np.array([20.0, 35, 40, 38, 30, 10, 0, 0, 5, 15, 22, 18])
    made = np.array([60.0, 80, 70, 66, 60, 60, 70, 80, 90, 85, 72, 60])
    return Lines(
        "Stock and production",
        series=("stock", "made"),
        x=(months, months),
        y=(stock, made),
        x_axis="Months",
        y_axis="t",
        elements=tuple(tuple(f"{name}[{int(m)}]" for m in months) for name in ("stock", "made")),
    )


def stairs() -> Lines:
    """Whole numbers of people over hours."""
    hours = np.arange(8.0, 20)
    people = np.array([2.0, 3, 3, 5, 6, 6, 4, 4, 5, 6, 3, 2])
    return Lines("On duty", series=("people",), x=(hours,), y=(people,), x_axis="Hours", y_axis="people", steps=True)


def gantt() -> Gantt:
    """Three jobs on three machines."""
    start = np.array([0.0, 3, 5, 0, 2, 3, 2, 3, 7])
    length = np.array([3.0, 2, 2, 2, 1, 4, 1, 2, 3])
    lane = np.array([0, 1, 2, 1, 0, 0, 2, 2, 1])
    jobs = tuple(f"job {1 + n // 3}" for n in range(9))
    return Gantt(
        "Timetable",
        lanes=("Lathe", "Mill", "Drill"),
        lane=lane,
        start=start,
        end=start + length,
        labels=jobs,
        groups=jobs,
        axis="time",
        elements=tuple(f"start[{n}]" for n in range(9)),
        unit="h",
    )


def address_map() -> Gantt:
    """Six tensors in a scratchpad."""
    low = np.array([0.0, 64, 0, 96, 128, 0])
    size = np.array([64.0, 32, 96, 32, 64, 128])
    return Gantt(
        "Address map",
        "Highest use 192 KiB.",
        lanes=("address",),
        lane=np.zeros(6, dtype=np.int64),
        start=np.array([0.0, 0, 3, 2, 4, 7]),
        end=np.array([3.0, 3, 6, 7, 7, 9]),
        labels=("conv1", "bias", "act1", "conv2", "act2", "out"),
        groups=("",) * 6,
        unit="KiB",
        axis="step",
        low=low,
        high=low + size,
        elements=tuple(f"address[{n}]" for n in ("conv1", "bias", "act1", "conv2", "act2", "out")),
    )


def routes() -> Routes:
    """Two routes from one depot."""
    places = np.array([[50.0, 50], [20, 80], [10, 60], [30, 40], [70, 80], [90, 60], [80, 30]])
    return Routes(
        "Routes",
        positions=places,
        labels=("Depot", "A", "B", "C", "D", "E", "F"),
        routes=(np.array([0, 1, 2, 3, 0]), np.array([0, 4, 5, 6, 0])),
        names=("vehicle 1", "vehicle 2"),
        depots=(0,),
        elements=("", *(f"visit[{c}]" for c in "ABCDEF")),
    )


def table() -> TablePicture:
    """Two columns."""
    return TablePicture(
        "Values",
        "3 of 3 values are not zero.",
        header=("Plants", "made"),
        columns=(np.array(PLANTS, dtype=object), np.array([350.0, 670.5, 290.0])),
        units=("", "case"),
        elements=tuple(f"made[{p}]" for p in PLANTS),
    )


def all_kinds() -> dict[str, Picture]:
    """Every kind of picture by name."""
    return {
        "bars": bars(),
        "stacked": stacked_bars(),
        "side-by-side": side_by_side_bars(),
        "heatmap": heatmap(),
        "diverging": diverging_heatmap(),
        "puzzle": puzzle(),
        "flows": flows(),
        "network": network(),
        "scatter": scatter(),
        "lines": lines(),
        "stairs": stairs(),
        "gantt": gantt(),
        "addresses": address_map(),
        "routes": routes(),
        "table": table(),
    }
