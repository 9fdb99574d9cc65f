"""Models are read in several threads at once: the editor's, the checker's, the inspector's."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator

import pytest

from solvitur.language.parsing import parse

_MODEL = "\n".join(f"subject to c{k}: sum(x{k}[j] for j in I if j != i) + 2 * x{k}[i] <= {k}" for k in range(40))


@pytest.fixture
def restless() -> Iterator[None]:
    """Lets threads take turns in the middle of everything: the collector runs often, and runs Python."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()

    def work(_phase: str, _info: dict[str, int]) -> None:
        sum(range(50))

    sys.setswitchinterval(1e-5)
    gc.set_threshold(50, 2, 2)
    gc.callbacks.append(work)
    yield
    gc.callbacks.remove(work)
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("restless")
def test_threads_that_read_at_the_same_time_do_not_disturb_each_other() -> None:
    failures: list[BaseException] = []
    counts: list[int] = []

    def read() -> None:
        try:
            counts.extend(len(parse(_MODEL).model.constraints) for _ in range(6))
        except SystemError as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert set(counts) == {40}
