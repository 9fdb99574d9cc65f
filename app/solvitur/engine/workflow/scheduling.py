"""Scheduling of a DAG on threads: whatever is ready starts at once, the longest way to the end first."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

LIGHT = "light"
"""The resource of steps that name none."""


class Node:
    """One task: how many others it waits for, who waits for it, and how urgent it is."""

    __slots__ = ("children", "priority", "resource", "spoilt", "tolerant", "waiting")

    def __init__(self, resource: str = LIGHT) -> None:
        self.resource = resource
        self.children: list[Node] = []
        self.waiting = 0
        self.priority = 0.0
        self.spoilt = False
        """Whether something it needs did not come about."""
        self.tolerant = False
        """Whether it is performed once all it waits for has ended, well or not."""

    def needs(self, other: Node) -> None:
        """Lets this node wait for another."""
        other.children.append(self)
        self.waiting += 1


def set_priorities(order: Sequence[Node], weights: Sequence[float]) -> None:
    """Sets every node's priority to the weight of the heaviest way from it to an end (the critical path).

    ``order`` lists each node before those that need it.
    """
    for node, weight in zip(reversed(order), reversed(weights), strict=True):
        longest = 0.0
        for child in node.children:
            if child.priority > longest:
                longest = child.priority
        node.priority = weight + longest


class Scheduler:
    """Runs nodes on threads of its own.

    ``perform(node)`` does the work and tells what became of it: True (done), False (failed: what depends on it is
    spoilt), or a list of new nodes that must end first, after which the node is performed again. ``spoil(node)`` is
    told of every node that will not be performed.
    """

    def __init__(
        self,
        perform: Callable[[Node], bool | list[Node]],
        spoil: Callable[[Node], None],
        *,
        threads: int = 16,
        limits: Mapping[str, int] | None = None,
    ) -> None:
        self._perform = perform
        self._spoil = spoil
        self._limits = {LIGHT: threads, **(limits or {})}
        self._most_threads = sum(self._limits.values())
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._ready: dict[str, list[tuple[float, int, Node]]] = {}
        self._busy: dict[str, int] = {}
        self._threads: list[threading.Thread] = []
        self._open = 0
        self._serial = 0
        self._idle = 0
        self._waking = False
        self._paused = False
        self._stopped = False
        self._ended = threading.Event()

    def start(self, nodes: Iterable[Node]) -> None:
        """Starts nodes, and all that wait for them."""
        with self._lock:
            self._admit(list(nodes))
            if self._open == 0:
                self._ended.set()
            else:
                self._wake()

    def pause(self) -> None:
        """Starts nothing more until `resume`; what runs goes on."""
        with self._lock:
            self._paused = True

    def resume(self) -> None:
        """Goes on."""
        with self._lock:
            self._paused = False
            self._wake()

    def stop(self) -> None:
        """Starts nothing more; what had not begun is spoilt."""
        with self._lock:
            self._stopped, self._paused = True, False
            for node in [node for heap in self._ready.values() for _, _, node in heap]:
                self._spoil_all(node)
            self._ready.clear()
            self._changed.notify_all()
            self._settle()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Waits until all has ended; tells whether it has."""
        if not self._ended.wait(timeout_s):
            return False
        for thread in tuple(self._threads):
            if thread is not threading.current_thread():
                thread.join()
        return True

    def _admit(self, nodes: list[Node]) -> None:
        self._open += len(nodes)
        for node in nodes:
            if node.waiting == 0:
                self._push(node)

    def _push(self, node: Node) -> None:
        self._serial += 1
        entry = (-node.priority, self._serial, node)
        heap = self._ready.get(node.resource)
        if heap is None:
            self._ready[node.resource] = [entry]
        else:
            heapq.heappush(heap, entry)

    def _take(self) -> Node | None:
        """Takes the most urgent ready node whose resource has room."""
        if self._paused:
            return None
        best: list[tuple[float, int, Node]] | None = None
        for resource, heap in self._ready.items():
            if not heap or self._busy.get(resource, 0) >= self._limits.get(resource, self._limits[LIGHT]):
                continue
            if best is None or heap[0] < best[0]:
                best = heap
        if best is None:
            return None
        node = heapq.heappop(best)[2]
        self._busy[node.resource] = self._busy.get(node.resource, 0) + 1
        return node

    def _wake(self) -> None:
        """Gets one more thread to look for work; each that finds some wakes the next, so the chain ends by itself."""
        if self._waking or self._paused or not any(self._ready.values()):
            return
        if self._idle:
            self._waking = True
            self._changed.notify()
        elif len(self._threads) < self._most_threads:
            self._waking = True
            name = f"workflow {len(self._threads) + 1}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        fresh = True
        lock, perform = self._lock, self._perform
        lock.acquire()
        try:
            while True:
                node = self._take()
                if fresh:
                    self._waking, fresh = False, False
                while node is None:
                    if self._open == 0:
                        return
                    self._idle += 1
                    self._changed.wait()
                    self._idle -= 1
                    self._waking = False
                    node = self._take()
                if self._ready:
                    self._wake()
                lock.release()
                try:
                    outcome = perform(node)
                finally:
                    lock.acquire()
                self._note(node, outcome)
        finally:
            lock.release()

    def _note(self, node: Node, outcome: bool | list[Node]) -> None:
        self._busy[node.resource] -= 1
        if outcome is True:
            self._open -= 1
            for child in node.children:
                child.waiting -= 1
                if child.waiting == 0:
                    self._push_or_spoil(child)
        elif outcome is False:
            node.spoilt = True
            self._close_spoilt(node)
        else:
            self._unfold(node, outcome)
        if self._open == 0:
            self._settle()

    def _unfold(self, node: Node, parts: list[Node]) -> None:
        """Lets a node wait for its parts; as it did not end, it stays open."""
        if self._stopped:
            for part in parts:
                self._spoil(part)
            self._spoil_all(node)
            return
        node.resource = LIGHT  # what remains is to take the outputs over
        node.tolerant = True  # a part may fail whose outcome is not asked for
        for part in parts:
            part.priority += node.priority
            node.needs(part)
        self._admit(parts)
        if not parts:
            self._push(node)

    def _push_or_spoil(self, node: Node) -> None:
        if node.spoilt or self._stopped:
            self._spoil_all(node)
        else:
            self._push(node)

    def _spoil_all(self, node: Node) -> None:
        node.spoilt = True
        self._spoil(node)
        self._close_spoilt(node)

    def _close_spoilt(self, node: Node) -> None:
        """Counts a node as ended and spoils, without recursion, what cannot do without it."""
        ended = [node]
        while ended:
            self._open -= 1
            for child in ended.pop().children:
                child.waiting -= 1
                child.spoilt = child.spoilt or not child.tolerant or self._stopped
                if child.waiting == 0:
                    if child.spoilt:
                        self._spoil(child)
                        ended.append(child)
                    else:
                        self._push(child)

    def _settle(self) -> None:
        if self._open == 0:
            self._ended.set()
            self._changed.notify_all()
