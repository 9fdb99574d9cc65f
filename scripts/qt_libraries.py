"""Prints the Debian packages of those system libraries that Qt needs and this machine lacks."""

import ctypes
import os

NEEDED = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
NEEDED_ON_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing() -> list[str]:
    """Lists the Debian packages to install; empty when Qt will start."""
    needed = NEEDED | (NEEDED_ON_X11 if os.environ.get("DISPLAY") else {})
    found = []
    for library, package in needed.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            found.append(package)
    return found


if __name__ == "__main__":
    print(" ".join(missing()))  # noqa: T201
