"""Statements about making, mixing, sending and choosing, with their right models."""

# ruff: noqa: E501 - statements are long lines

from __future__ import annotations

import random

from scripted_shapes import Tree, listed, numbers, tree, var


def workshop(random: random.Random) -> tuple[str, Tree]:
    """Makes furniture of limited hours."""
    items = random.sample(["chairs", "tables", "shelves", "benches", "desks"], 3)
    profit = numbers(random, items, 21, 95)
    work = {each: numbers(random, ["sawing", "painting"], 3, 9) for each in items}
    room = numbers(random, ["sawing", "painting"], 150, 320, 7)
    least = random.randint(3, 6)
    parts = [
        f"each of the {i} earns {profit[i]} and takes {work[i]['sawing']} hours of sawing and "
        f"{work[i]['painting']} hours of painting"
        for i in items
    ]
    text = (
        f"A workshop makes {listed(items)}: {'; '.join(parts)}. There are {room['sawing']} hours of sawing and "
        f"{room['painting']} hours of painting. At least {least + 10} {items[0]} are ordered. How many of each should "
        "be made to earn the most?"
    )
    model = tree(
        {"Items": items, "Work": ["sawing", "painting"]},
        {
            "profit": ("Items", profit),
            "hours": ("Items, Work", work),
            "room": ("Work", room),
            "ordered": ("", least + 10),
        },
        [var("make", "i in Items", "integer")],
        ("maximize", "sum(profit[i] * make[i] for i in Items)"),
        [
            ("capacity", "w in Work", "sum(hours[i, w] * make[i] for i in Items) <= room[w]"),
            ("orders", "", f'make["{items[0]}"] >= ordered'),
        ],
    )
    return text, model


def feed(random: random.Random) -> tuple[str, Tree]:
    """Mixes feed."""
    parts = random.sample(["maize", "soya", "barley", "oats", "bran"], 3)
    price = numbers(random, parts, 23, 79)
    protein = numbers(random, parts, 83, 390, 3)
    fibre = numbers(random, parts, 13, 81)
    needed = round(sum(protein.values()) / 3 * 0.9)
    most = round(max(fibre.values()) * 0.9 + 1)
    share = random.choice([35, 45, 55])
    told = [
        f"{p} costs {price[p]} a kilogram and holds {protein[p]} g of protein and {fibre[p]} g of fibre"
        for p in parts
    ]
    text = (
        f"Feed is mixed from {listed(parts)}: {'; '.join(told)}. A kilogram of the mix must hold at least {needed} g of "
        f"protein and at most {most} g of fibre, and at most {share} % of it may be {parts[0]}. What is the cheapest mix?"
    )
    model = tree(
        {"Parts": parts},
        {
            "price": ("Parts", price),
            "protein": ("Parts", protein),
            "fibre": ("Parts", fibre),
            "needed": ("", needed),
            "most": ("", most),
            "share": ("", share / 100),
        },
        [var("use", "p in Parts")],
        ("minimize", "sum(price[p] * use[p] for p in Parts)"),
        [
            ("whole", "", "sum(use[p] for p in Parts) == 1"),
            ("enough_protein", "", "sum(protein[p] * use[p] for p in Parts) >= needed"),
            ("little_fibre", "", "sum(fibre[p] * use[p] for p in Parts) <= most"),
            ("limited_share", "", f'use["{parts[0]}"] <= share'),
        ],
    )
    return text, model


def freight(random: random.Random) -> tuple[str, Tree]:
    """Sends coal."""
    mines, towns = ["Northpit", "Southpit"], ["Ashby", "Corby", "Derby"]
    wanted = numbers(random, towns, 31, 77)
    total = sum(wanted.values())
    stock = {"Northpit": total // 2 + random.randint(5, 19), "Southpit": total // 2 + random.randint(20, 39)}
    cost = {m: numbers(random, towns, 3, 19) for m in mines}
    sent = "; ".join(f"from {m} to {listed([f'{t} {cost[m][t]}' for t in towns])}" for m in mines)
    text = (
        f"Coal is in stock at {listed([f'{m} ({stock[m]} t)' for m in mines])}. Wanted are "
        f"{listed([f'{wanted[t]} t in {t}' for t in towns])}. Sending a tonne costs: {sent}. Which plan serves all "
        "towns at the least cost?"
    )
    model = tree(
        {"Mines": mines, "Towns": towns},
        {"stock": ("Mines", stock), "wanted": ("Towns", wanted), "cost": ("Mines, Towns", cost)},
        [var("send", "m in Mines, t in Towns")],
        ("minimize", "sum(cost[m, t] * send[m, t] for m in Mines for t in Towns)"),
        [
            ("within_stock", "m in Mines", "sum(send[m, t] for t in Towns) <= stock[m]"),
            ("served", "t in Towns", "sum(send[m, t] for m in Mines) >= wanted[t]"),
        ],
    )
    return text, model


def projects(random: random.Random) -> tuple[str, Tree]:
    """Chooses projects with conditions."""
    names = ["pool", "park", "library", "market", "bridge"]
    worth, cost = numbers(random, names, 21, 83), numbers(random, names, 13, 49)
    budget = round(sum(cost.values()) * 0.55)
    told = listed([f"the {n} (worth {worth[n]}, cost {cost[n]})" for n in names])
    text = (
        f"A town chooses among {told}. It may spend {budget}. The park is built only if the pool is built, and the "
        "market and the bridge cannot both be built. Which projects are worth the most?"
    )
    model = tree(
        {"Projects": names},
        {"worth": ("Projects", worth), "cost": ("Projects", cost), "budget": ("", budget)},
        [var("build", "p in Projects", "binary")],
        ("maximize", "sum(worth[p] * build[p] for p in Projects)"),
        [
            ("money", "", "sum(cost[p] * build[p] for p in Projects) <= budget"),
            ("park_needs_pool", "", 'build["park"] <= build["pool"]'),
            ("not_both", "", 'build["market"] + build["bridge"] <= 1'),
        ],
    )
    return text, model


def brewery(random: random.Random) -> tuple[str, Tree]:
    """Brews over three months with stock."""
    wanted = [random.randint(21, 49) for _ in range(3)]
    most, price = max(wanted) + 2, [random.randint(41, 59), random.randint(41, 79), random.randint(41, 99)]
    keeping, first = random.randint(3, 8), random.randint(5, 11)
    text = (
        f"A brewery must deliver {listed([str(w) for w in wanted])} barrels in the next three months, in this order. "
        f"Brewing a barrel costs {listed([str(p) for p in price])} in these months, and at most {most} can be brewed in "
        f"a month. Keeping a barrel for a month costs {keeping}; {first} barrels are in stock now. What plan is cheapest?"
    )
    months = {str(at + 1): value for at, value in enumerate(wanted)}
    prices = {str(at + 1): value for at, value in enumerate(price)}
    model = tree(
        {"Months": ["1", "2", "3"]},
        {
            "wanted": ("Months", months),
            "price": ("Months", prices),
            "most": ("", most),
            "keeping": ("", keeping),
            "begun": ("", first),
        },
        [var("brew", "t in Months"), var("stock", "t in Months")],
        ("minimize", "sum(price[t] * brew[t] for t in Months) + sum(keeping * stock[t] for t in Months)"),
        [
            ("first", "", "begun + brew[1] == wanted[1] + stock[1]"),
            ("balance", "t in Months if t > 1", "stock[t - 1] + brew[t] == wanted[t] + stock[t]"),
            ("limit", "t in Months", "brew[t] <= most"),
        ],
    )
    return text, model


def drivers(random: random.Random) -> tuple[str, Tree]:
    """Assigns drivers to routes."""
    people, routes = ["Ann", "Bob", "Cem", "Dia"], ["north", "east", "south", "west"]
    hours = {p: numbers(random, routes, 13, 47) for p in people}
    told = "; ".join(f"{p} needs {listed([str(hours[p][r]) for r in routes])} minutes" for p in people)
    text = (
        f"Four drivers take the routes {listed(routes)}, one each. For these routes, in this order, {told}. Who takes "
        "which so that the minutes in all are fewest?"
    )
    model = tree(
        {"People": people, "Routes": routes},
        {"time": ("People, Routes", hours)},
        [var("takes", "p in People, r in Routes", "binary")],
        ("minimize", "sum(time[p, r] * takes[p, r] for p in People for r in Routes)"),
        [
            ("one_route", "p in People", "sum(takes[p, r] for r in Routes) == 1"),
            ("one_driver", "r in Routes", "sum(takes[p, r] for p in People) == 1"),
        ],
    )
    return text, model


def depots(random: random.Random) -> tuple[str, Tree]:
    """Rents depots and serves shops."""
    sites, shops = ["Alpha", "Beta", "Gamma"], ["inn", "bar", "cafe"]
    rent, room = numbers(random, sites, 130, 290, 7), numbers(random, sites, 61, 97)
    wanted = numbers(random, shops, 13, 29)
    cost = {s: numbers(random, shops, 3, 11) for s in sites}
    told = "; ".join(
        f"{s} rents for {rent[s]}, holds {room[s]} crates and sends a crate to {listed([f'the {c} for {cost[s][c]}' for c in shops])}"
        for s in sites
    )
    text = (
        f"A wholesaler may rent any of three depots: {told}. {listed([f'the {c} wants {wanted[c]} crates' for c in shops])}. "
        "A depot sends only if it is rented. What is the cheapest way to serve all?"
    )
    model = tree(
        {"Sites": sites, "Shops": shops},
        {
            "rent": ("Sites", rent),
            "room": ("Sites", room),
            "wanted": ("Shops", wanted),
            "cost": ("Sites, Shops", cost),
        },
        [var("open", "s in Sites", "binary"), var("send", "s in Sites, c in Shops")],
        (
            "minimize",
            "sum(rent[s] * open[s] for s in Sites) + sum(cost[s, c] * send[s, c] for s in Sites for c in Shops)",
        ),
        [
            ("served", "c in Shops", "sum(send[s, c] for s in Sites) >= wanted[c]"),
            ("rented", "s in Sites", "sum(send[s, c] for c in Shops) <= room[s] * open[s]"),
        ],
    )
    return text, model


def nurses(random: random.Random) -> tuple[str, Tree]:
    """Staffs shifts."""
    shifts = ["early", "late", "night"]
    needed, wage = numbers(random, shifts, 6, 17), numbers(random, shifts, 110, 190, 3)
    most = needed["late"] + needed["night"] + random.randint(2, 5)
    more = random.randint(3, 5)
    text = (
        f"A ward needs at least {listed([f'{needed[s]} nurses in the {s} shift' for s in shifts])}. A nurse costs "
        f"{listed([f'{wage[s]} in the {s} shift' for s in shifts])}. In the early shift there must be at least {more} more "
        f"nurses than at night, and late and night together at most {most}. How many nurses cost the least?"
    )
    model = tree(
        {"Shifts": shifts},
        {"needed": ("Shifts", needed), "wage": ("Shifts", wage), "most": ("", most), "more": ("", more)},
        [var("nurses", "s in Shifts", "integer")],
        ("minimize", "sum(wage[s] * nurses[s] for s in Shifts)"),
        [
            ("enough", "s in Shifts", "nurses[s] >= needed[s]"),
            ("more_early", "", 'nurses["early"] >= nurses["night"] + more'),
            ("together", "", 'nurses["late"] + nurses["night"] <= most'),
        ],
    )
    return text, model
