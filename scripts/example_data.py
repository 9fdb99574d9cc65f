"""Writes the data tables of the bundled examples that are too large to type; seeded, so that they can be remade.

    python scripts/example_data.py

Names and magnitudes are made to be believable; none of the tables is taken from anywhere.
"""

from __future__ import annotations

import csv
import itertools
import math
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "resources" / "solvitur_resources" / "examples"

CITIES = {  # name: longitude, latitude, thousand inhabitants (rounded)
    "Hamburg": (9.99, 53.55, 1850),
    "Bremen": (8.81, 53.08, 570),
    "Hannover": (9.73, 52.37, 540),
    "Berlin": (13.40, 52.52, 3680),
    "Leipzig": (12.37, 51.34, 600),
    "Dresden": (13.74, 51.05, 560),
    "Dortmund": (7.47, 51.51, 590),
    "Essen": (7.01, 51.46, 580),
    "Cologne": (6.96, 50.94, 1080),
    "Frankfurt": (8.68, 50.11, 760),
    "Nuremberg": (11.08, 49.45, 520),
    "Stuttgart": (9.18, 48.78, 630),
    "Munich": (11.58, 48.14, 1490),
    "Mannheim": (8.47, 49.49, 310),
    "Kassel": (9.48, 51.31, 200),
    "Erfurt": (11.03, 50.98, 215),
    "Rostock": (12.10, 54.09, 210),
    "Freiburg": (7.85, 48.00, 235),
    "Regensburg": (12.10, 49.02, 155),
    "Magdeburg": (11.63, 52.13, 240),
}


def write(example: str, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes one CSV table of an example."""
    folder = EXAMPLES / example
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def kilometres(a: str, b: str) -> float:
    """Returns the great-circle distance between two cities, times 1.25 for roads."""
    (lon1, lat1, _), (lon2, lat2, _) = CITIES[a], CITIES[b]
    p1, p2 = math.radians(lat1), math.radians(lat2)
    h = math.sin((p2 - p1) / 2) ** 2
    h += math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 1.25 * 2 * 6371 * math.asin(math.sqrt(h))


def transport() -> None:
    """Five breweries, twenty cities."""
    plants = {"Bremen": 520, "Leipzig": 700, "Dortmund": 640, "Munich": 580, "Kassel": 460}
    demand = {city: round(people * 0.15 / 5) * 5 + 10 for city, (_, _, people) in CITIES.items()}
    write("transport", "plants", ["Plants", "supply"], plants.items())
    write("transport", "markets", ["Markets", "demand"], demand.items())
    rows = [(p, m, round(4 + 0.055 * kilometres(p, m), 2)) for p in plants for m in CITIES]
    write("transport", "cost", ["Plants", "Markets", "cost"], rows)
    places = [(city, lon, lat) for city, (lon, lat, _) in CITIES.items()]
    write("transport", "places", ["Places", "longitude", "latitude"], places)


def facility_location() -> None:
    """Where to open warehouses among fifteen cities for forty shops."""
    draw = random.Random(41)
    sites = list(CITIES)[:15]
    shops = [f"Shop {k:02d}" for k in range(1, 41)]
    weights = [CITIES[city][2] for city in CITIES]
    at = {}
    for shop in shops:
        near = draw.choices(list(CITIES), weights)[0]
        at[shop] = (CITIES[near][0] + draw.uniform(-0.8, 0.8), CITIES[near][1] + draw.uniform(-0.5, 0.5))
    rent = {s: round(3200 + CITIES[s][2] * 1.2 + draw.uniform(-400, 400), -1) for s in sites}
    room = {s: draw.choice([260, 320, 380, 450]) for s in sites}
    need = {shop: draw.randint(12, 48) for shop in shops}
    write("facility_location", "sites", ["Sites", "rent", "room"], [(s, int(rent[s]), room[s]) for s in sites])
    write("facility_location", "shops", ["Shops", "need"], need.items())
    rows = []
    for site, shop in itertools.product(sites, shops):
        (x1, y1, _), (x2, y2) = CITIES[site], at[shop]
        km = 1.25 * math.hypot((x1 - x2) * 69, (y1 - y2) * 111)
        rows.append((site, shop, round(0.09 * km + 0.6, 2)))
    write("facility_location", "delivery", ["Sites", "Shops", "delivery"], rows)
    places = [(s, CITIES[s][0], CITIES[s][1]) for s in sites]
    places += [(shop, round(x, 3), round(y, 3)) for shop, (x, y) in at.items()]
    write("facility_location", "places", ["Places", "longitude", "latitude"], places)


def knapsack() -> None:
    """Fifty projects for one budget."""
    draw = random.Random(7)
    kinds = ["Bridge", "School roof", "Cycle path", "Playground", "Library", "Street lights", "Pool", "Tram stop"]
    places = ["North", "South", "East", "West", "Harbour", "Old town", "Hill", "Meadow"]
    names = draw.sample([f"{kind} {place}" for kind in kinds for place in places], 50)
    rows = []
    for name in names:
        cost = draw.randint(40, 900)
        rows.append((name, cost, round(cost * draw.uniform(0.6, 1.6)) + draw.randint(5, 60)))
    write("knapsack", "projects", ["Projects", "cost", "benefit"], rows)


def assignment() -> None:
    """Twenty nurses and twenty home visits: travel minutes."""
    draw = random.Random(11)
    first = ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gia", "Hugo", "Ines", "Jon"]
    first += ["Kim", "Leo", "Mia", "Noa", "Ole", "Pia", "Ron", "Sue", "Tom", "Uma"]
    homes = [f"Visit {k:02d}" for k in range(1, 21)]
    spot = {name: (draw.uniform(0, 24), draw.uniform(0, 16)) for name in [*first, *homes]}
    rows = []
    for nurse, home in itertools.product(first, homes):
        km = math.dist(spot[nurse], spot[home])
        rows.append((nurse, home, round(4 + 2.1 * km + draw.uniform(0, 5))))
    write("assignment", "minutes", ["Nurses", "Visits", "minutes"], rows)


def shift_staffing() -> None:
    """Calls per hour of a week in a support centre, as staff needed."""
    draw = random.Random(5)
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    busy = {"Mon": 1.25, "Tue": 1.1, "Wed": 1.0, "Thu": 1.0, "Fri": 1.15, "Sat": 0.6, "Sun": 0.45}
    rows = []
    for day, hour in itertools.product(days, range(24)):
        level = 2 + 14 * math.exp(-(((hour - 10.5) / 3.2) ** 2)) + 9 * math.exp(-(((hour - 16) / 2.8) ** 2))
        rows.append((day, hour, max(2, round(busy[day] * level + draw.uniform(-1, 1)))))
    write("shift_staffing", "needed", ["Days", "Hours", "needed"], rows)


def lot_sizing() -> None:
    """Six products over twelve months."""
    draw = random.Random(23)
    products = {"Amber": 260, "Pale": 340, "Stout": 180, "Wheat": 290, "Cider": 150, "Lemonade": 210}
    facts, rows = [], []
    for k, (name, level) in enumerate(products.items()):
        facts.append((name, 240 + 40 * k, round(0.35 + 0.08 * k, 2), 1 + k % 3, 18 + 4 * (k % 4)))
        for month in range(1, 13):
            season = 1 + 0.35 * math.sin((month - 3 + k) * math.pi / 6)
            rows.append((name, month, max(20, round(level * season * draw.uniform(0.75, 1.25) / 10) * 10)))
    write("lot_sizing", "products", ["Products", "setup_cost", "holding", "minutes", "setup_minutes"], facts)
    write("lot_sizing", "demand", ["Products", "Months", "demand"], rows)


def portfolio() -> None:
    """Twenty assets driven by four factors; covariance in percent squared per year."""
    draw = random.Random(3)
    names = ["Airline", "Bank", "Brewery", "Cement", "Chips", "Drugs", "Energy", "Foods", "Gold", "Hotels"]
    names += ["Insurance", "Media", "Metals", "Motors", "Oil", "Paper", "Rail", "Retail", "Software", "Telecom"]
    loads = {n: [draw.uniform(6, 16), *(draw.gauss(0, 6) for _ in range(3))] for n in names}
    noise = {n: draw.uniform(5, 14) for n in names}
    facts = []
    for name in names:
        facts.append((name, round(1.5 + 0.42 * loads[name][0] + draw.uniform(-0.8, 1.2), 2)))
    write("portfolio", "assets", ["Assets", "gain"], facts)
    rows = []
    for a, b in itertools.product(names, names):
        value = sum(x * y for x, y in zip(loads[a], loads[b], strict=True)) + (noise[a] ** 2 if a == b else 0)
        rows.append((a, b, round(value, 3)))
    write("portfolio", "covariance", ["a", "b", "covariance"], rows)


def network_design() -> None:
    """Which fibre links to lay among twelve cities, and how the traffic runs."""
    names = list(CITIES)[:10]
    draw = random.Random(17)
    pairs = set()
    for a in names:
        for b in sorted((c for c in names if c != a), key=lambda c, a=a: kilometres(a, c))[:4]:
            pairs.add(tuple(sorted((a, b), key=names.index)))
    rows = []
    for a, b in sorted(pairs, key=lambda p: (names.index(p[0]), names.index(p[1]))):
        km = round(kilometres(a, b))
        rows += [(a, b, 60 + 2 * km, km), (b, a, 60 + 2 * km, km)]
    write("network_design", "links", ["From", "To", "build", "length"], rows)
    orders = []
    for k in range(1, 9):
        start, goal = draw.sample(names, 2)
        traffic = draw.randint(10, 35)
        orders += [(f"Order {k}", start, traffic), (f"Order {k}", goal, -traffic)]
    write("network_design", "orders", ["Orders", "Cities", "net"], orders)
    places = [(name, *CITIES[name][:2]) for name in names]
    write("network_design", "places", ["Cities", "longitude", "latitude"], places)


def expert_placement() -> None:
    """Sixteen experts of a mixture model, four devices, and how often two experts serve the same token."""
    draw = random.Random(29)
    experts = [f"E{k:02d}" for k in range(1, 17)]
    topics = {e: draw.randrange(5) for e in experts}
    write("expert_placement", "experts", ["Experts", "load"], [(e, draw.randint(20, 90)) for e in experts])
    rows = []
    for a, b in itertools.combinations(experts, 2):
        if topics[a] == topics[b]:
            rows.append((a, b, draw.randint(25, 80)))
        elif draw.random() < 0.12:
            rows.append((a, b, draw.randint(2, 12)))
    write("expert_placement", "pairs", ["First", "Second", "traffic"], rows)


def cutting_stock() -> None:
    """All maximal ways to cut a 560 cm roll; widths and orders are those of Wikipedia's "Cutting stock problem"."""
    widths = {138: 22, 152: 25, 156: 12, 171: 14, 182: 18, 188: 18, 193: 20}
    widths |= {200: 10, 205: 12, 210: 14, 214: 16, 215: 18, 220: 20}
    roll = 560
    write("cutting_stock", "widths", ["Widths", "ordered"], widths.items())
    rows, number = [], 0
    sizes = sorted(widths, reverse=True)
    for counts in itertools.product(*(range(roll // w + 1) for w in sizes)):
        used = sum(c * w for c, w in zip(counts, sizes, strict=True))
        if roll - min(sizes) < used <= roll:
            number += 1
            rows += [(f"P{number:03d}", w, c) for w, c in zip(sizes, counts, strict=True) if c]
    write("cutting_stock", "cuts", ["Patterns", "Widths", "cuts"], rows)


def sudoku() -> None:
    """A puzzle with exactly one answer: cells are emptied while the answer stays the only one."""
    draw = random.Random(2026)

    def answers(cells: list[int], most: int) -> int:
        best, options = None, list(range(10))
        for at in (k for k in range(81) if not cells[k]):
            r, c = divmod(at, 9)
            seen = {cells[9 * r + k] for k in range(9)} | {cells[9 * k + c] for k in range(9)}
            seen |= {cells[9 * (r // 3 * 3 + k // 3) + c // 3 * 3 + k % 3] for k in range(9)}
            free = [d for d in range(1, 10) if d not in seen]
            if len(free) < len(options):
                best, options = at, free
        if best is None:
            return 1
        found = 0
        for digit in options:
            cells[best] = digit
            found += answers(cells, most - found)
            cells[best] = 0
            if found >= most:
                break
        return found

    digits = draw.sample(range(1, 10), 9)
    lines = [3 * band + k for band in draw.sample(range(3), 3) for k in draw.sample(range(3), 3)]
    columns = [3 * band + k for band in draw.sample(range(3), 3) for k in draw.sample(range(3), 3)]
    cells = [digits[(3 * (r % 3) + r // 3 + c) % 9] for r in lines for c in columns]
    for at in draw.sample(range(81), 81):
        kept, cells[at] = cells[at], 0
        if answers(cells[:], 2) > 1:
            cells[at] = kept
    rows = [(k // 9 + 1, k % 9 + 1, digit) for k, digit in enumerate(cells) if digit]
    write("sudoku", "given", ["r", "c", "given"], rows)


def main() -> None:
    """Writes every table."""
    for make in (
        transport,
        facility_location,
        knapsack,
        assignment,
        shift_staffing,
        lot_sizing,
        portfolio,
        network_design,
        expert_placement,
        cutting_stock,
        sudoku,
    ):
        make()


if __name__ == "__main__":
    main()
