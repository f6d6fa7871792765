"""Whether there is a display to open a window on: `python -m ocr_desktop.gui.display` exits with 0 where there is."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

X_SOCKETS = Path("/tmp/.X11-unix")
X_PORT = 6000
PATIENCE_S = 2


def can_open_window() -> bool:
    """See whether a window system answers; on Windows and macOS there always is one."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return _wayland_answers() or _x_answers(os.environ.get("DISPLAY", ""))


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(name) and _answers(socket.AF_UNIX, str(Path(folder) / name))


def _x_answers(display: str) -> bool:
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdecimal():
        return False
    if host in ("", "unix"):
        path = str(X_SOCKETS / f"X{number}")
        return _answers(socket.AF_UNIX, path) or _answers(socket.AF_UNIX, f"\0{path}")
    return _answers(socket.AF_INET, (host, X_PORT + int(number)))


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE_S)
        try:
            connection.connect(address)
        except OSError:
            return False
        return True


if __name__ == "__main__":
    sys.exit(0 if can_open_window() else 1)
