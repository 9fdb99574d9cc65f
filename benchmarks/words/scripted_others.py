"""Statements about investing, machines, covering, loading and growing, with their right models."""

# ruff: noqa: E501 - statements are long lines

from __future__ import annotations

import random

from scripted_shapes import Tree, listed, numbers, tree, var


def savings(random: random.Random) -> tuple[str, Tree]:
    """Invests with shares of the whole."""
    funds = ["bonds", "shares", "land"]
    gain = numbers(random, funds, 3, 11)
    money, least, share = random.randint(43, 97) * 1000, random.randint(5, 9) * 1000, random.choice([30, 40])
    text = (
        f"An heir invests {money} in bonds, shares and land, which yield "
        f"{listed([f'{gain[f]} %' for f in funds])} a year. At least {least} must go into land, at most {share} % of the "
        "money into shares, and the bonds must hold at least as much as the land. What yields the most?"
    )
    model = tree(
        {"Funds": funds},
        {
            "gain": ("Funds", {f: gain[f] / 100 for f in funds}),
            "money": ("", money),
            "least": ("", least),
            "share": ("", share / 100),
        },
        [var("put", "f in Funds")],
        ("maximize", "sum(gain[f] * put[f] for f in Funds)"),
        [
            ("all_money", "", "sum(put[f] for f in Funds) <= money"),
            ("some_land", "", 'put["land"] >= least'),
            ("few_shares", "", 'put["shares"] <= share * money'),
            ("bonds_first", "", 'put["bonds"] >= put["land"]'),
        ],
    )
    return text, model


def machines(random: random.Random) -> tuple[str, Tree]:
    """Shares jobs between two machines."""
    jobs = ["cut", "weld", "grind", "paint", "pack"]
    time = numbers(random, jobs, 13, 61)
    text = (
        f"Five jobs take {listed([f'{time[j]} minutes ({j})' for j in jobs])}. Each is done on one of two equal machines, "
        "one job after the other. How early can all be done?"
    )
    model = tree(
        {"Jobs": jobs, "Machines": ["first", "second"]},
        {"time": ("Jobs", time)},
        [var("on", "j in Jobs, m in Machines", "binary"), var("done")],
        ("minimize", "done"),
        [
            ("once", "j in Jobs", "sum(on[j, m] for m in Machines) == 1"),
            ("last", "m in Machines", "sum(time[j] * on[j, m] for j in Jobs) <= done"),
        ],
    )
    return text, model


def masts(random: random.Random) -> tuple[str, Tree]:
    """Covers places."""
    sites = ["hill", "tower", "mill", "church", "barn"]
    towns = ["Ayr", "Bix", "Cam", "Dow"]
    cost = numbers(random, sites, 31, 79)
    reach = {t: sorted(random.sample(sites, 3)) for t in towns}
    covers = {s: {t: int(s in reach[t]) for t in towns} for s in sites}
    told = "; ".join(f"{t} is reached from {listed(reach[t])}" for t in towns)
    text = (
        f"Masts may stand on {listed([f'{s} (cost {cost[s]})' for s in sites])}. {told}. Each place must be reached by at "
        "least one mast. Which masts are cheapest?"
    )
    model = tree(
        {"Sites": sites, "Towns": towns},
        {"cost": ("Sites", cost), "covers": ("Sites, Towns", covers)},
        [var("build", "s in Sites", "binary")],
        ("minimize", "sum(cost[s] * build[s] for s in Sites)"),
        [("covered", "t in Towns", "sum(covers[s, t] * build[s] for s in Sites) >= 1")],
    )
    return text, model


def bakery(random: random.Random) -> tuple[str, Tree]:
    """Bakes with a ratio."""
    goods = ["bread", "cake", "rolls"]
    price, flour, oven = (
        numbers(random, goods, 21, 67),
        numbers(random, goods, 3, 9),
        numbers(random, goods, 11, 29),
    )
    sacks, minutes, ratio = random.randint(210, 390), random.randint(610, 990), random.choice([2, 3])
    told = "; ".join(
        f"a tray of {g} sells for {price[g]}, needs {flour[g]} kg of flour and {oven[g]} minutes of oven"
        for g in goods
    )
    text = (
        f"A bakery sells trays: {told}. There are {sacks} kg of flour and {minutes} minutes of oven. It must bake at least "
        f"{ratio} times as many trays of bread as of cake. How many trays of each bring in the most?"
    )
    model = tree(
        {"Goods": goods},
        {
            "price": ("Goods", price),
            "flour": ("Goods", flour),
            "oven": ("Goods", oven),
            "sacks": ("", sacks),
            "minutes": ("", minutes),
            "ratio": ("", ratio),
        },
        [var("trays", "g in Goods", "integer")],
        ("maximize", "sum(price[g] * trays[g] for g in Goods)"),
        [
            ("flour_limit", "", "sum(flour[g] * trays[g] for g in Goods) <= sacks"),
            ("oven_limit", "", "sum(oven[g] * trays[g] for g in Goods) <= minutes"),
            ("more_bread", "", 'trays["bread"] >= ratio * trays["cake"]'),
        ],
    )
    return text, model


def ships(random: random.Random) -> tuple[str, Tree]:
    """Loads a boat."""
    crates = ["tools", "cloth", "wine", "spice"]
    worth, weight, space = (
        numbers(random, crates, 31, 97),
        numbers(random, crates, 7, 23),
        numbers(random, crates, 3, 13),
    )
    load, hold, most = random.randint(230, 340), random.randint(110, 190), random.randint(6, 9)
    told = "; ".join(f"{c}: worth {worth[c]}, {weight[c]} kg, {space[c]} litres" for c in crates)
    text = (
        f"A boat takes whole crates. Of a crate of each: {told}. It bears {load} kg and holds {hold} litres, and at most "
        f"{most} crates of any one kind are there. Which load is worth the most?"
    )
    model = tree(
        {"Crates": crates},
        {
            "worth": ("Crates", worth),
            "weight": ("Crates", weight),
            "space": ("Crates", space),
            "load": ("", load),
            "hold": ("", hold),
            "most": ("", most),
        },
        [var("take", "c in Crates", "integer", upper="most")],
        ("maximize", "sum(worth[c] * take[c] for c in Crates)"),
        [
            ("bears", "", "sum(weight[c] * take[c] for c in Crates) <= load"),
            ("holds", "", "sum(space[c] * take[c] for c in Crates) <= hold"),
        ],
    )
    return text, model


def adverts(random: random.Random) -> tuple[str, Tree]:
    """Places adverts."""
    media = ["radio", "print", "web"]
    price, seen = numbers(random, media, 210, 690, 7), numbers(random, media, 3100, 9700, 13)
    budget, least, most = random.randint(61, 93) * 100, random.randint(3, 5), random.randint(11, 15)
    told = "; ".join(f"one in {m} costs {price[m]} and is seen by {seen[m]} people" for m in media)
    text = (
        f"A shop places adverts: {told}. It may spend {budget}. At least {least} must be in print, and radio and web together "
        f"may be at most {most}. How many of each are seen by the most people?"
    )
    model = tree(
        {"Media": media},
        {
            "price": ("Media", price),
            "seen": ("Media", seen),
            "budget": ("", budget),
            "least": ("", least),
            "most": ("", most),
        },
        [var("place", "m in Media", "integer")],
        ("maximize", "sum(seen[m] * place[m] for m in Media)"),
        [
            ("money", "", "sum(price[m] * place[m] for m in Media) <= budget"),
            ("some_print", "", 'place["print"] >= least'),
            ("few_others", "", 'place["radio"] + place["web"] <= most'),
        ],
    )
    return text, model


def power(random: random.Random) -> tuple[str, Tree]:
    """Starts plants with fixed costs."""
    plants = ["gas", "coal", "wind"]
    price, most = numbers(random, plants, 23, 91), numbers(random, plants, 130, 290, 7)
    start = numbers(random, plants, 1100, 2900, 17)
    needed = round(sum(most.values()) * 0.55)
    told = "; ".join(
        f"{p} costs {start[p]} to start, then {price[p]} a megawatt, and gives at most {most[p]}" for p in plants
    )
    text = (
        f"A grid needs {needed} megawatts. {told}. A plant gives nothing unless it is started. What is the cheapest way to "
        "meet the need?"
    )
    model = tree(
        {"Plants": plants},
        {"start": ("Plants", start), "price": ("Plants", price), "most": ("Plants", most), "needed": ("", needed)},
        [var("on", "p in Plants", "binary"), var("give", "p in Plants")],
        ("minimize", "sum(start[p] * on[p] for p in Plants) + sum(price[p] * give[p] for p in Plants)"),
        [
            ("met", "", "sum(give[p] for p in Plants) >= needed"),
            ("started", "p in Plants", "give[p] <= most[p] * on[p]"),
        ],
    )
    return text, model


def farm(random: random.Random) -> tuple[str, Tree]:
    """Plants crops."""
    crops = ["wheat", "beets", "hops"]
    gain, water = numbers(random, crops, 210, 690, 7), numbers(random, crops, 13, 43)
    land, tanks, least = random.randint(110, 190), random.randint(2300, 3900), random.randint(21, 33)
    told = "; ".join(f"a hectare of {c} earns {gain[c]} and takes {water[c]} loads of water" for c in crops)
    text = (
        f"A farm has {land} hectares and {tanks} loads of water: {told}. At least {least} hectares must be wheat, and no more "
        "than a quarter of all planted land may be hops. What should be planted?"
    )
    model = tree(
        {"Crops": crops},
        {
            "gain": ("Crops", gain),
            "water": ("Crops", water),
            "land": ("", land),
            "tanks": ("", tanks),
            "least": ("", least),
            "quarter": ("", 0.25),
        },
        [var("plant", "c in Crops")],
        ("maximize", "sum(gain[c] * plant[c] for c in Crops)"),
        [
            ("land_limit", "", "sum(plant[c] for c in Crops) <= land"),
            ("water_limit", "", "sum(water[c] * plant[c] for c in Crops) <= tanks"),
            ("some_wheat", "", 'plant["wheat"] >= least'),
            ("few_hops", "", 'plant["hops"] <= quarter * sum(plant[c] for c in Crops)'),
        ],
    )
    return text, model
