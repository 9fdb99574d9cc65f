"""Cycles in what is defined through what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def find_cycle(uses: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Returns one cycle for every group of names that are defined through each other, without recursion.

    Parameters
    ----------
    uses
        For every name the names in its definition; names that are no keys are ignored.
    """
    done: set[str] = set()
    cycles: list[tuple[str, ...]] = []
    for root in uses:
        if root in done:
            continue
        path: list[str] = [root]
        on_path = {root}
        waiting = [iter(sorted(uses[root]))]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                name = path.pop()
                on_path.discard(name)
                done.add(name)
            elif following in on_path:
                cycles.append(tuple(path[path.index(following) :]))
            elif following in uses and following not in done:
                path.append(following)
                on_path.add(following)
                waiting.append(iter(sorted(uses[following])))
    return cycles
