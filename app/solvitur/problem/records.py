"""Records: frozen values that travel between processes, into files and into content hashes.

A record packs into JSON plus raw array buffers, never into code, so what a stranger's worker or file
sends back can be read without running anything.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, ClassVar, get_type_hints

import numpy as np

_ARRAY, _RECORD, _TUPLE, _MAP, _FLOAT, _TEXTS = "$array", "$record", "$tuple", "$map", "$float", "$texts"

_MANY_TEXTS = 1000
"""Sequences of more texts than this are kept in buffers: as JSON they would hold up every other thread."""
_TEXTS_AT_ONCE = 50_000


class RecordUnknown(ValueError):
    """A packed value names a record type that nobody here has declared."""


class Record:
    """Base of frozen dataclasses that pack; ``tag`` is their stable name in files."""

    tag: ClassVar[str] = ""

    def __init_subclass__(cls, tag: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.tag = tag or f"{cls.__module__}.{cls.__qualname__}"

    @classmethod
    def restore(cls, body: dict[str, Any]) -> Record:
        """Builds the record from its unpacked fields: enums are revived, unknown fields of newer versions dropped."""
        known = _revived(cls)  # type: ignore[arg-type]  # types can be hashed
        values = {name: value for name, value in body.items() if name in known}
        for name, kind in known.items():
            if kind is not None and name in values:
                values[name] = kind(values[name])
        return cls(**values)


@cache
def _revived(cls: type[Record]) -> dict[str, type[Enum] | None]:
    """Returns the fields of a record type, each with the enum that its value is revived as; None for others.

    Kept per type: reading the hints anew for each of thousands of records would take longer than all the rest.
    """
    hints = get_type_hints(cls)
    found: dict[str, type[Enum] | None] = {}
    for f in fields(cls):  # type: ignore[arg-type]
        if f.init:
            hint = hints.get(f.name)
            found[f.name] = hint if isinstance(hint, type) and issubclass(hint, Enum) else None
    return found


class UnknownRecord(Record, tag="unknown"):
    """Stands for a record whose type is not declared here; it packs into exactly what it was unpacked from."""

    def __init__(self, name: str, body: Mapping[str, Any]) -> None:
        self.name = name
        """The tag of the type that is absent."""
        self.body = dict(body)


def _record_types() -> dict[str, type[Record]]:
    found: dict[str, type[Record]] = {}
    waiting = list(Record.__subclasses__())
    while waiting:
        cls = waiting.pop()
        found[cls.tag] = cls
        waiting.extend(cls.__subclasses__())
    return found


def pack(value: Any) -> tuple[Any, list[np.ndarray]]:
    """Packs a value into a JSON-ready tree and the list of numeric arrays it refers to.

    Raises
    ------
    TypeError
        If a value is neither a JSON scalar, sequence, string-keyed mapping, enum, array nor record.
    """
    arrays: list[np.ndarray] = []
    return _pack(value, arrays), arrays


def _pack(value: Any, arrays: list[np.ndarray]) -> Any:
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return number if math.isfinite(number) else {_FLOAT: repr(number)}
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            cells = value.ravel().tolist()
            if _are_many_texts(cells):
                return {_TEXTS: _pack_texts(cells, arrays), "shape": list(value.shape)}
            return {
                _ARRAY: [_pack(item, arrays) for item in cells],
                "shape": list(value.shape),
            }
        arrays.append(np.ascontiguousarray(value))
        return {_ARRAY: len(arrays) - 1, "dtype": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, UnknownRecord):
        return {_RECORD: value.name, **{key: _pack(item, arrays) for key, item in value.body.items()}}
    if isinstance(value, Record):
        body = {f.name: _pack(getattr(value, f.name), arrays) for f in fields(value)}  # type: ignore[arg-type]
        return {_RECORD: value.tag, **body}
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: _pack(item, arrays) for key, item in value.items()}
        return {_MAP: [[_pack(key, arrays), _pack(item, arrays)] for key, item in value.items()]}
    if isinstance(value, tuple):
        if _are_many_texts(value):
            return {_TEXTS: _pack_texts(value, arrays)}
        return {_TUPLE: [_pack(item, arrays) for item in value]}
    if isinstance(value, Sequence | frozenset | set):
        items = sorted(value) if isinstance(value, frozenset | set) else value
        return [_pack(item, arrays) for item in items]
    raise TypeError(f"a {type(value).__name__} cannot be packed")


def _are_many_texts(items: Sequence[Any]) -> bool:
    if len(items) <= _MANY_TEXTS:
        return False
    parts = (items[at : at + _TEXTS_AT_ONCE] for at in range(0, len(items), _TEXTS_AT_ONCE))
    return all({*map(type, part)} == {str} and "\0" not in "".join(part) for part in parts)


def _pack_texts(items: Sequence[str], arrays: list[np.ndarray]) -> list[int]:
    """Adds one buffer of zero-separated UTF-8 per many texts; returns the buffers' numbers."""
    numbers = []
    for at in range(0, len(items), _TEXTS_AT_ONCE):
        joined = "\0".join(items[at : at + _TEXTS_AT_ONCE]).encode("utf-8", "surrogatepass")
        numbers.append(len(arrays))
        arrays.append(np.frombuffer(joined, np.uint8))
    return numbers


def _unpack_texts(tree: Mapping[str, Any], arrays: Sequence[np.ndarray]) -> Any:
    items: list[str] = []
    for number in tree[_TEXTS]:
        items += arrays[number].tobytes().decode("utf-8", "surrogatepass").split("\0")
    if "shape" not in tree:
        return tuple(items)
    values = np.empty(len(items), dtype=object)
    values[:] = items
    return values.reshape(tree["shape"])


def unpack(tree: Any, arrays: Sequence[np.ndarray], *, keep_unknown: bool = False) -> Any:
    """Restores what `pack` packed.

    With ``keep_unknown``, records that cannot be restored here become an `UnknownRecord`, which packs back unchanged.

    Raises
    ------
    RecordUnknown
        If the tree names a record type that is not declared in this process, and unknown ones are not kept.
    """
    return _unpack(tree, arrays, _record_types(), keep_unknown)


def _unpack(tree: Any, arrays: Sequence[np.ndarray], types: Mapping[str, type[Record]], keep: bool) -> Any:
    if isinstance(tree, list):
        return [_unpack(item, arrays, types, keep) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if _ARRAY in tree:
        content = tree[_ARRAY]
        if isinstance(content, int):
            return arrays[content].reshape(tree["shape"])
        items = np.empty(len(content), dtype=object)
        items[:] = [_unpack(item, arrays, types, keep) for item in content]
        return items.reshape(tree["shape"])
    if _TEXTS in tree:
        return _unpack_texts(tree, arrays)
    if _FLOAT in tree:
        return float(tree[_FLOAT])
    if _TUPLE in tree:
        return tuple(_unpack(item, arrays, types, keep) for item in tree[_TUPLE])
    if _MAP in tree:
        return {_unpack(key, arrays, types, keep): _unpack(item, arrays, types, keep) for key, item in tree[_MAP]}
    if _RECORD in tree:
        body = {key: _unpack(item, arrays, types, keep) for key, item in tree.items() if key != _RECORD}
        return _restore(tree[_RECORD], body, types, keep)
    return {key: _unpack(item, arrays, types, keep) for key, item in tree.items()}


def _restore(name: str, body: dict[str, Any], types: Mapping[str, type[Record]], keep: bool) -> Record:
    cls = types.get(name)
    if cls is None:
        if keep:
            return UnknownRecord(name, body)
        raise RecordUnknown(f"'{name}' is not known here; the plugin that made it may be absent")
    try:
        return cls.restore(body)
    except Exception:  # a plugin's record may refuse what another version of it packed
        if keep:
            return UnknownRecord(name, body)
        raise


def to_bytes(value: Any) -> bytes:
    """Packs a value into one self-contained byte string."""
    tree, arrays = pack(value)
    head = json.dumps({"tree": tree, "arrays": [[a.dtype.str, a.nbytes] for a in arrays]}).encode()
    return b"".join([len(head).to_bytes(8, "little"), head, *(a.tobytes() for a in arrays)])


def from_bytes(data: bytes | bytearray | memoryview, *, keep_unknown: bool = False) -> Any:
    """Restores what `to_bytes` wrote (see `unpack`); the arrays are copies and may be written to."""
    view = memoryview(data)
    size = int.from_bytes(view[:8], "little")
    head = json.loads(bytes(view[8 : 8 + size]))
    arrays, at = [], 8 + size
    for dtype, nbytes in head["arrays"]:
        arrays.append(np.frombuffer(view[at : at + nbytes], dtype=np.dtype(dtype)).copy())
        at += nbytes
    return unpack(head["tree"], arrays, keep_unknown=keep_unknown)


def fingerprint(value: Any) -> str:
    """Returns the SHA-256 of a value's content: equal content, equal fingerprint, in every process."""
    tree, arrays = pack(value)
    digest = hashlib.sha256(json.dumps(tree, sort_keys=True, separators=(",", ":")).encode())
    for array in arrays:
        digest.update(array.tobytes())
    return digest.hexdigest()
