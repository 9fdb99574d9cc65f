"""How nodes get their colours: by group, by community, by value, or all the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solvitur.gui.graphs.communities import Communities
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.scenery import Colours
from solvitur.gui.numbers import show
from solvitur.gui.tokens import Tokens

MODES = {"group": "Colour by group", "community": "Colour by community", "value": "Colour by value", "": "One colour"}
"""The ways to colour, with their titles."""


@dataclass(frozen=True, eq=False)
class Coloured:
    """Colours with the name of each code."""

    colours: Colours
    names: tuple[str, ...]


def modes(network: Network, found: Communities | None) -> tuple[str, ...]:
    """Lists the ways to colour that a network has now."""
    able = {
        "group": len(network.group_names) > 0,
        "community": found is not None,
        "value": _varies(network),
        "": True,
    }
    return tuple(mode for mode in MODES if able[mode])


def coloured(network: Network, mode: str, found: Communities | None, tokens: Tokens) -> Coloured:
    """Colours the nodes of a network; links of routes keep the colour of their route."""
    if mode == "group" and network.group_names:
        palette = _cycled(tokens, len(network.group_names))
        codes = np.where(network.group >= 0, network.group, len(palette))
        return Coloured(Colours(codes, (*palette, tokens.text_disabled), network.link_group), network.group_names)
    if mode == "community" and found is not None:
        return Coloured(Colours(found.codes, _cycled(tokens, len(found.names))), found.names)
    if mode == "value" and _varies(network):
        return _by_value(network, tokens)
    return Coloured(Colours(np.zeros(len(network), np.int64), (tokens.categories[0],)), ("all",))


def _cycled(tokens: Tokens, count: int) -> tuple[str, ...]:
    categories = tokens.categories
    return tuple(categories[at % len(categories)] for at in range(count))


def _varies(network: Network) -> bool:
    values = network.node_values
    return len(values) > 0 and float(np.nanmax(values)) > float(np.nanmin(values))


def _by_value(network: Network, tokens: Tokens) -> Coloured:
    """Shares values out over the continuous colours, equally many nodes to each as far as values differ."""
    values = np.nan_to_num(network.node_values)
    ramp = tokens.continuous
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, len(ramp) + 1)))
    codes = np.clip(np.searchsorted(cuts, values, side="right") - 1, 0, max(len(cuts) - 2, 0))
    count = max(len(cuts) - 1, 1)
    picks = [ramp[round(at * (len(ramp) - 1) / max(count - 1, 1))] for at in range(count)]
    names = tuple(f"{network.node_word} {show(a)} to {show(b)}" for a, b in pairwise(cuts.tolist()))
    return Coloured(Colours(codes.astype(np.int64), tuple(picks)), names or ("all",))


def centres(
    places: np.ndarray, codes: np.ndarray, names: tuple[str, ...], most: int
) -> tuple[tuple[str, float, float], ...]:
    """Returns the names of the first codes with the middle of their nodes, to be written there."""
    found = []
    for code, name in enumerate(names[:most]):
        members = places[codes == code]
        if len(members) > 1:
            x, y = np.median(members, axis=0)
            found.append((name, float(x), float(y)))
    return tuple(found)
