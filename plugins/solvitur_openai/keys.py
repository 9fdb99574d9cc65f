"""Keys: from this session, the system's key ring or the environment; never from or into a file."""

from __future__ import annotations

import os
import re
import threading
from typing import Any
from urllib.parse import urlsplit

from solvitur.api import InputError

SERVICE = "solvitur"
OPENAI_HOST = "api.openai.com"
_VARIABLE = re.compile(r"[A-Za-z_]\w*(KEY|TOKEN)\Z", re.IGNORECASE)
_NOT_STORES = ("fail", "null", "chainer")


class Keys:
    """The keys by address. A key goes to the host it was given for and to no other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: dict[str, str] = {}
        self._ring: dict[str, str] = {}
        """What the key ring holds, by host, once it was asked: asking takes a while."""

    def find(self, address: str, variable: str = "") -> tuple[str, str]:
        """Returns the key for an address, and in words where it is; both empty when there is none."""
        host = host_of(address)
        with self._lock:
            if host in self._session:
                return self._session[host], "for this session only"
        named = environment_variable(address, variable)
        if named and os.environ.get(named):
            return os.environ[named].strip(), f"in the environment variable {named}"
        with self._lock:
            kept = self._ring.get(host)
        if kept is None:
            kept = _from_ring(host)
            with self._lock:
                self._ring[host] = kept
        return (kept, "in the system key ring") if kept else ("", "")

    def keep(self, address: str, key: str, *, for_good: bool) -> str:
        """Keeps a key and says where it is now.

        Raises
        ------
        InputError
            If the text can be no key.
        """
        key = key.strip()
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise InputError.at("this is no key: it has spaces or characters that keys do not have", element="key")
        host = host_of(address)
        if for_good:
            why = _into_ring(host, key)
            if not why:
                with self._lock:
                    self._session.pop(host, None)
                    self._ring[host] = key
                return f"the key for {host} is in the system key ring"
        else:
            why = ""
        with self._lock:
            self._session[host] = key
        return f"the key for {host} is kept for this session only" + (f": {why}" if why else "")

    def forget(self, address: str) -> str:
        """Forgets the key for an address, in the session and in the key ring."""
        host = host_of(address)
        with self._lock:
            known = self._session.pop(host, None) is not None
            self._ring.pop(host, None)
        known = _out_of_ring(host) or known
        return f"the key for {host} is forgotten" if known else f"there was no key for {host}"


def host_of(address: str) -> str:
    """Returns host and port of an address."""
    return urlsplit(address).netloc.rsplit("@", 1)[-1].lower()


def environment_variable(address: str, variable: str) -> str:
    """Names the variable that may hold the key for an address: OpenAI's own is for its own hosts only.

    Raises
    ------
    InputError
        If the user's variable is not called like one that holds a key: only those are kept from worker processes.
    """
    if variable:
        if not _VARIABLE.match(variable):
            text = f"'{variable}' must end in KEY or TOKEN, so that it is kept from the plugins of others"
            raise InputError.at(text, element="key_variable")
        return variable
    own = {OPENAI_HOST, host_of(os.environ.get("OPENAI_BASE_URL", ""))} - {""}
    return "OPENAI_API_KEY" if host_of(address) in own else ""


def _ring() -> Any:
    """Returns the system's own key ring, or None; stores that write plain files are passed over."""
    try:
        import keyring.backend  # noqa: PLC0415 - it looks for the desktop's services, which takes a while

        found = [
            ring
            for ring in keyring.backend.get_all_keyring()
            if type(ring).__module__.startswith("keyring.backends.")
            and type(ring).__module__.rsplit(".", 1)[-1] not in _NOT_STORES
            and ring.priority >= 1
        ]
    except Exception:  # noqa: BLE001 - drivers of desktops raise anything where there is no desktop
        return None
    return max(found, key=lambda ring: ring.priority, default=None)


def _from_ring(host: str) -> str:
    try:
        ring = _ring()
        return (ring.get_password(SERVICE, host) or "") if ring is not None else ""
    except Exception:  # noqa: BLE001 - a locked or broken key ring is as good as none
        return ""


def _into_ring(host: str, key: str) -> str:
    """Keeps a key; returns why it could not be kept, without it."""
    try:
        ring = _ring()
        if ring is None:
            return "this system has no key ring"
        ring.set_password(SERVICE, host, key)
    except Exception as error:  # noqa: BLE001 - drivers of desktops raise anything
        return f"the system's key ring refused it ({type(error).__name__})"
    return ""


def _out_of_ring(host: str) -> bool:
    try:
        ring = _ring()
        if ring is None or not ring.get_password(SERVICE, host):
            return False
        ring.delete_password(SERVICE, host)
    except Exception:  # noqa: BLE001 - drivers of desktops raise anything
        return False
    return True
