"""A second start asks the program that already runs to do what it was started for. No Qt here: it must be quick.

Who runs is found by a socket whose name says for whom: the user's settings on one display. Messages go in JSON, each
behind its length: the request; whether it is taken; that who asks still waits, for else it does it itself; the answer,
where there is one. What a peer sends is looked at before it is believed, on both sides.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ocr_desktop import __version__
from ocr_desktop.core.files import is_web_link, path_of_link

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE_S = 1.0
"""Who has not said by then that it takes the request is not asked any more."""
TAKEN = "taken"
CONFIRMED = "confirmed"
FAILURE = "failure"
LENGTH_BYTES = 4
LONGEST_REQUEST = 1 << 20
LONGEST_REPLY = 64 << 20
MOST_FILES = 10_000
LONGEST_TOKEN = 256
PIECE = 1 << 16
DISPLAY_VARIABLES = ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM")
ACTIVATION_TOKEN = "XDG_ACTIVATION_TOKEN"


class UnusableMessageError(Exception):
    """A peer sent something that is no message, or too long a one."""


class RunningProgramError(Exception):
    """The running program took a request, and says that it failed; that is a bug."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Open these files, ask about these web links, and show the window.

    Attributes:
        files: Their paths are absolute.
        activation: Lets the window come to the front.
    """

    files: tuple[Path, ...]
    links: tuple[str, ...] = ()
    is_offline: bool = False
    activation: str = ""


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """Capture a part of the screen, and give what came of it in a format.

    Attributes:
        values: JSON values by name; their meaning is `gui.capture.process`' matter.
    """

    values: dict[str, Any]


Request = OpenRequest | CaptureRequest


def socket_path(settings_folder: Path) -> Path:
    """Where the program listens that has these settings and this display; the user's own folder where there is one."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or _temporary_folder())
    owner = str(os.getuid()) if hasattr(os, "getuid") else ""
    facts = [owner, str(settings_folder.absolute()), *(os.environ.get(name, "") for name in DISPLAY_VARIABLES)]
    name = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return folder / f"ocr-desktop-{name}"


class Handover:
    """The connection to the program that runs, after it said that it takes the request."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def wait(self) -> dict[str, Any] | None:
        """Its answer, however long that takes; None where it went away without one.

        Raises:
            RunningProgramError: It failed.
        """
        try:
            answer = _receive(self._connection, LONGEST_REPLY, None)
        except (OSError, UnusableMessageError):
            return None
        if FAILURE in answer:
            raise RunningProgramError(str(answer[FAILURE]))
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()


def hand_over(request: Request, settings_folder: Path) -> Handover | None:
    """Ask the program that runs; None where none does, or it does not answer, or not take it."""
    path = socket_path(settings_folder)
    if not is_own_socket(path):
        return None
    deadline = time.monotonic() + PATIENCE_S
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(PATIENCE_S)
        connection.connect(os.fspath(path))
        _send(connection, _values_of(request), deadline)
        is_taken = _receive(connection, LONGEST_REQUEST, deadline).get(TAKEN) is True
        if is_taken:
            # From here on it is the other's matter.
            _send(connection, {CONFIRMED: True}, deadline)
    except (OSError, UnusableMessageError):
        is_taken = False
    if not is_taken:
        connection.close()
        return None
    return Handover(connection)


def opening_of(given: list[str], *, is_offline: bool) -> OpenRequest:
    """What opens all that was typed: files, folders, and links to them or to the web."""
    links = tuple(each for each in given if is_web_link(each))
    paths = (path_of_link(each) or Path(each) for each in given if each not in links)
    absolute = tuple(Path(os.path.abspath(path)) for path in paths)  # noqa: PTH100  (a link stays the link it is)
    return OpenRequest(absolute, links, is_offline, os.environ.get(ACTIVATION_TOKEN, ""))


def open_there(request: OpenRequest, settings_folder: Path) -> bool:
    """Let the program that runs open this and show its window; whether it does."""
    handover = hand_over(request, settings_folder)
    if handover is None:
        return False
    with handover:
        return True


def is_own_socket(path: Path) -> bool:
    """Whether a socket is there that nobody but this user can have put there; never on a system without them."""
    if not hasattr(socket, "AF_UNIX"):
        return False
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == os.getuid()


def _temporary_folder() -> str:
    import tempfile

    return tempfile.gettempdir()


# Messages


def framed(values: dict[str, Any]) -> bytes:
    """A message as it goes over the wire."""
    import json

    content = json.dumps(values).encode("ascii")
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def message_in(received: bytes | bytearray, longest: int) -> dict[str, Any] | None:
    """The first message of what came; None while it is not whole.

    Raises:
        UnusableMessageError: It will never be one.
    """
    if len(received) < LENGTH_BYTES:
        return None
    length = int.from_bytes(received[:LENGTH_BYTES], "big")
    if length > longest:
        raise UnusableMessageError(length)
    content = bytes(received[LENGTH_BYTES : LENGTH_BYTES + length])
    if len(content) < length:
        return None
    import json

    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnusableMessageError(str(error)) from error
    if not isinstance(values, dict):
        raise UnusableMessageError(type(values).__name__)
    return values


def request_of(values: dict[str, Any]) -> Request:
    """What a message asks for.

    Raises:
        UnusableMessageError: Nothing that can be done; also where another version of the program asks.
    """
    if values.get("version") != __version__:
        raise UnusableMessageError("version")
    captured, files = values.get("capture"), values.get("open")
    if isinstance(captured, dict):
        return CaptureRequest(captured)
    links = values.get("links")
    if not isinstance(files, list) or len(files) > MOST_FILES or not all(_is_absolute_path(file) for file in files):
        raise UnusableMessageError("files")
    if not isinstance(links, list) or len(links) > MOST_FILES or not all(_is_link(link) for link in links):
        raise UnusableMessageError("links")
    token = values.get("activation")
    is_token = isinstance(token, str) and len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable()
    return OpenRequest(
        tuple(Path(file) for file in files), tuple(links), values.get("offline") is True, str(token) if is_token else ""
    )


def _is_link(value: object) -> bool:
    return isinstance(value, str) and is_web_link(value)


def _is_absolute_path(value: object) -> bool:
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return Path(value).is_absolute()


def _values_of(request: Request) -> dict[str, Any]:
    match request:
        case OpenRequest(files, links, is_offline, activation):
            asked: dict[str, Any] = {"open": [str(file) for file in files], "links": links}
            asked |= {"offline": is_offline, "activation": activation}
        case CaptureRequest(values):
            asked = {"capture": values}
    return {"version": __version__, **asked}


def _send(connection: socket.socket, values: dict[str, Any], deadline: float) -> None:
    connection.settimeout(_left_until(deadline))
    connection.sendall(framed(values))


def _receive(connection: socket.socket, longest: int, deadline: float | None) -> dict[str, Any]:
    received = bytearray()
    while True:
        message = message_in(received, longest)
        if message is not None:
            return message
        connection.settimeout(None if deadline is None else _left_until(deadline))
        piece = connection.recv(_missing(received))
        if not piece:
            raise UnusableMessageError("it ended")
        received += piece


def _left_until(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _missing(received: bytearray) -> int:
    """How much may be read without taking a part of the next message."""
    if len(received) < LENGTH_BYTES:
        return LENGTH_BYTES - len(received)
    length = int.from_bytes(received[:LENGTH_BYTES], "big")
    return min(PIECE, LENGTH_BYTES + length - len(received))
