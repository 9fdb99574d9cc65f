"""The executor for a Dask cluster: what crosses the network are bytes of records, and names of functions."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from solvitur.api import Crew, InputError, SolverFailed

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT_S = 10.0
_POLL_S = 0.1
_ATTEMPTS = 5
"""So often a task is sent that gets lost with the worker that held its data."""
_LARGE_BYTES = 1_000_000
"""Tasks above this are sent to a worker once, instead of through the scheduler."""


class DaskExecutor:
    """Connects to a Dask cluster; its workers need Solvitur installed, in the same version."""

    name, title = "dask", "Dask cluster"

    def available(self) -> str:
        """Tells why it cannot be used here."""
        return "" if find_spec("distributed") else "the package 'distributed' is absent; install 'solvitur[cluster]'"

    def open(self, address: str, entry: str) -> Crew:
        """Connects to the scheduler.

        Raises
        ------
        InputError
            If none answers there, or no worker has joined it.
        """
        from distributed import Client  # noqa: PLC0415 - takes half a second, and is there with an extra only

        if not address.rpartition(":")[2].isdigit():
            said = f"'{address}' is no address of a Dask scheduler" if address else "a Dask cluster needs an address"
            raise InputError.at(f"{said}, expected one such as tcp://10.0.0.5:8786", element=address)
        try:
            client = Client(address, timeout=_CONNECT_S, set_as_default=False, name="solvitur")
        except (OSError, ValueError, TypeError) as error:
            raise InputError.at(f"no Dask scheduler answers at '{address}': {error}", element=address) from None
        crew = DaskCrew(client, entry)
        if not client.nthreads():
            crew.close()
            raise InputError.at(f"the Dask scheduler at '{address}' has no workers yet", element=address)
        return crew


class DaskCrew:
    """The workers of one cluster."""

    def __init__(self, client: Client, entry: str) -> None:
        self._client = client
        self._entry = entry
        self._topic = f"solvitur-{uuid.uuid4().hex}"
        self._hearers: dict[str, Callable[[bytes], None]] = {}
        client.subscribe_topic(self._topic, self._heard)

    @property
    def slots(self) -> int:
        """The threads of all workers."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def run(self, task: bytes, hear: Callable[[bytes], None], cancelled: Callable[[], bool]) -> bytes:
        """Runs a task on a worker; Dask gives it to another one when that one dies.

        Raises
        ------
        SolverFailed
            If it could not be done.
        """
        from distributed import KilledWorker  # noqa: PLC0415 - see above
        from distributed.client import FutureCancelledError  # noqa: PLC0415

        for _ in range(_ATTEMPTS):
            key = f"solvitur-step-{uuid.uuid4().hex}"
            self._hearers[key] = hear
            future = self._submitted(task, key)
            try:
                if not _waited(future, cancelled):
                    return b""
                made: bytes = future.result(timeout=_CONNECT_S)
                return made
            except FutureCancelledError:  # the worker that held the task's data is lost, or the scheduler was
                continue
            except KilledWorker:
                raise SolverFailed("every worker of the cluster that tried it was lost") from None
            except Exception as error:
                raise SolverFailed(f"a worker of the cluster could not run it: {error}") from error
            finally:
                future.release()
                del self._hearers[key]
        raise SolverFailed("it was lost again and again with the workers of the cluster that held its data")

    def close(self) -> None:
        """Leaves the cluster."""
        self._client.close()

    def _submitted(self, task: bytes, key: str) -> Future:
        from solvitur_cluster.far import begin  # noqa: PLC0415 - imports the extra

        sent: Any = task
        try:
            if len(task) > _LARGE_BYTES:
                sent = self._client.scatter(task, hash=False)
            return self._client.submit(begin, self._entry, sent, self._topic, key=key, pure=False)
        except (OSError, RuntimeError, ValueError) as error:
            raise SolverFailed(f"the cluster cannot be reached any more: {error}") from None

    def _heard(self, event: tuple[float, Any]) -> None:
        message = event[1]
        hearer = self._hearers.get(message.get("key", "")) if isinstance(message, dict) else None
        if hearer is not None:
            hearer(message["said"])


def _waited(future: Future, cancelled: Callable[[], bool]) -> bool:
    """Waits for a future; takes it back and tells False when it is not wanted any more."""
    ended = threading.Event()
    future.add_done_callback(lambda _: ended.set())
    while not ended.wait(_POLL_S):
        if cancelled():
            future.cancel()
            return False
    return True
