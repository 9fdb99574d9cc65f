"""The line that says what of a graph is seen. Knows no Qt."""

from __future__ import annotations

from solvitur.gui.graphs.filters import Shown
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.painting import Told
from solvitur.gui.numbers import counted, show


def seen_words(network: Network, shown: Shown, told: Told) -> str:
    """Says how much there is, how much passes the filter, and what of it the canvas draws one by one."""
    nodes, links = len(network), len(network.source)
    parts = [f"{counted(nodes, 'node')}, {counted(links, 'link')}"]
    kept, kept_links = int(shown.nodes.sum()), int(shown.links.sum())
    if not shown.is_all:
        parts = [f"{show(kept)} of {counted(nodes, 'node')} and {show(kept_links)} of {counted(links, 'link')} pass"]
    if told.bundled:
        parts.append(f"showing {show(told.links)} links as {counted(told.lines, 'bundle')}, zoom to see each")
    elif told.lines < told.links:
        parts.append(f"showing the largest {show(told.lines)} of {show(told.links)} links, zoom to see more")
    if 0 < told.nodes < kept:
        parts.append(f"{counted(told.nodes, 'node')} in view")
    return "; ".join(parts)
