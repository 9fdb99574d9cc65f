"""What the view tells of a node or a link: its name in the model and its exact values. Knows no Qt."""

from __future__ import annotations

from solvitur.gui.graphs.network import Network
from solvitur.gui.numbers import counted, exact


def node_tip(network: Network, node: int) -> str:
    """Tells a node's name, group, value and links."""
    lines = [network.names[node]]
    if network.group_word(node):
        lines.append(network.group_word(node))
    if node < len(network.notes) and network.notes[node]:
        lines.append(network.notes[node])
    if network.values is not None:
        lines.append(f"{network.value_word} = {exact(float(network.values[node]))}")
    if node < len(network.node_elements) and network.node_elements[node]:
        lines.append(network.node_elements[node])
    starts = network.neighbours[0]
    links = network.neighbours[2][int(starts[node]) : int(starts[node + 1])]
    if network.directed:
        out = int((network.source[links] == node).sum())
        lines.append(f"{counted(len(links) - out, 'link')} in, {counted(out, 'link')} out")
    else:
        lines.append(counted(len(links), "link"))
    return "\n".join(lines)


def link_tip(network: Network, link: int) -> str:
    """Tells a link's ends and its exact value."""
    ends = (network.names[int(network.source[link])], network.names[int(network.target[link])])
    name = network.link_elements[link] if link < len(network.link_elements) else ""
    unit = f" {network.unit}" if network.unit else ""
    value = f"{name or 'value'} = {exact(float(network.weight[link]))}{unit}"
    kind = ""
    if link < len(network.link_group) and network.link_group[link] >= 0:
        kind = "\n" + network.group_names[int(network.link_group[link])]
    return f"{ends[0]} {'→' if network.directed else '—'} {ends[1]}\n{value}{kind}"
