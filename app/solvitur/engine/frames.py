"""Frames: packed values over a pipe, arrays written and read in place instead of being copied together."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np

from solvitur.problem.records import pack, unpack

_LONGEST_HEAD = 1 << 31
"""More than this is no frame of ours but noise on the channel."""


class FrameBroken(ValueError):
    """What came over the pipe is no frame."""


def write_frame(stream: io.RawIOBase, value: Any) -> None:
    """Writes one value: 8 bytes of length, the JSON head, then the raw arrays.

    Raises
    ------
    TypeError
        If the value holds something that does not pack; nothing is written then.
    OSError
        If the reader is gone.
    """
    tree, arrays = pack(value)
    first: dict[int, int] = {}  # an array that occurs twice, as a problem's and its instance's do, is written once
    places = [first.setdefault(id(array), at) for at, array in enumerate(arrays)]
    told = [[array.dtype.str, array.nbytes, place] for array, place in zip(arrays, places, strict=True)]
    head = json.dumps({"tree": tree, "arrays": told}).encode()
    _write(stream, len(head).to_bytes(8, "little") + head)
    for at, array in enumerate(arrays):
        if array.nbytes and places[at] == at:
            _write(stream, array.reshape(-1).view(np.uint8).data)


def read_frame(stream: io.RawIOBase) -> Any:
    """Reads one value; None at the end of the stream.

    Raises
    ------
    FrameBroken
        If the bytes are no frame, or end in the middle of one.
    """
    size_bytes = bytearray(8)
    if not _fill(stream, memoryview(size_bytes), may_end=True):
        return None
    size = int.from_bytes(size_bytes, "little")
    if size > _LONGEST_HEAD:
        raise FrameBroken("the head is too long to be one")
    head_bytes = bytearray(size)
    _fill(stream, memoryview(head_bytes))
    try:
        head = json.loads(head_bytes)
        arrays: list[np.ndarray] = []
        for at, (dtype, nbytes, place) in enumerate(head["arrays"]):
            if place != at:
                arrays.append(arrays[place])
                continue
            raw = np.empty(nbytes, np.uint8)
            if nbytes:
                _fill(stream, raw.data)
            arrays.append(raw.view(np.dtype(dtype)))
        return unpack(head["tree"], arrays)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise FrameBroken(str(error)) from error


def _write(stream: io.RawIOBase, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) or 0 :]


def _fill(stream: io.RawIOBase, target: memoryview, *, may_end: bool = False) -> bool:
    at = 0
    while at < len(target):
        got = stream.readinto(target[at:])
        if not got:
            if may_end and at == 0:
                return False
            raise FrameBroken("it ends too early")
        at += got
    return True
