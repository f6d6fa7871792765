"""Pictures of the screen where only the desktop itself may take them: the portal `org.freedesktop.portal.Screenshot`.

The portal answers twice: at once with the request's object path, and later, after it may have asked the user, with a
signal of that object. The signal can come first; its path follows from the token, so it is listened for beforehand.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import stat
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusPendingCallWatcher

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.files import display_name, read_file
from ocr_desktop.gui.capture.pictures import decoded_picture

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

SERVICE = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal.Screenshot"
REQUEST_INTERFACE = "org.freedesktop.portal.Request"
PROPERTIES = "org.freedesktop.DBus.Properties"
RESPONSE_SLOT: Any = SLOT("take_response(uint,QVariantMap)")
"""PySide's own stubs take bytes for a slot's name; what `SLOT` gives is text."""
PATIENCE_S = 60.0
"""The desktop may ask whether the program is allowed to, and people read that first."""
REPORT_PATIENCE_S = 5.0
COARSE_CLOCK_S = 2.0
"""Some file systems count the seconds in twos."""

GRANTED, CANCELLED = 0, 1
DBUS_ERROR = "org.freedesktop.DBus.Error."
NOBODY_THERE = frozenset(
    DBUS_ERROR + name
    for name in (
        "ServiceUnknown", "NameHasNoOwner", "UnknownMethod", "UnknownInterface", "UnknownObject", "Disconnected",
        "NoServer",
    )
)  # fmt: skip
CANNOT_BE_STARTED = DBUS_ERROR + "Spawn."
NO_ANSWER = frozenset(DBUS_ERROR + name for name in ("NoReply", "Timeout", "TimedOut"))
CANCELLED_CALL = "org.freedesktop.portal.Error.Cancelled"


async def portal_picture(
    *, is_interactive: bool = False, timeout_s: float = PATIENCE_S, bus: QDBusConnection | None = None
) -> QImage:
    """Ask the desktop for one picture of all screens; the file it made for that is removed.

    A cancelled task, or one that waited too long, closes the request, so that no question of the desktop stays behind.

    Args:
        is_interactive: The desktop lets the user choose what the picture shows.
        timeout_s: How long the answer may take, questions to the user included.
        bus: Where the portal is looked for; else the bus of the session.

    Raises:
        InputError: CAPTURE_CANCELLED by the user; CAPTURE_DENIED by the desktop, or its answer names no local file;
            CAPTURE_SILENT: no answer in time; CAPTURE_UNAVAILABLE: no bus or no such portal; CAPTURE_BLANK: a picture
            without pixels; those of `read_file`, NOT_A_PICTURE, PICTURE_DAMAGED or PICTURE_TOO_LARGE where the file is
            none that can be taken.
    """
    bus = bus or QDBusConnection.sessionBus()
    if not bus.isConnected():
        raise InputError(ErrorCode.CAPTURE_UNAVAILABLE)
    asked_at = time.time()
    request = _Request(bus)
    try:
        async with asyncio.timeout(timeout_s):
            results = await request.results(is_interactive=is_interactive, timeout_s=timeout_s)
    except TimeoutError as error:
        raise InputError(ErrorCode.CAPTURE_SILENT) from error
    finally:
        request.close()
    path = local_path(results.get("uri"))
    # To its end in any case: the file is removed also when nobody waits for the picture any more.
    return await asyncio.to_thread(_take_picture, path, asked_at)


def portal_version(bus: QDBusConnection | None = None) -> int | None:
    """The version of the portal for pictures of the screen, None where there is none; this blocks for some seconds."""
    bus = bus or QDBusConnection.sessionBus()
    if not bus.isConnected():
        return None
    message = QDBusMessage.createMethodCall(SERVICE, PATH, PROPERTIES, "Get")
    message.setArguments([INTERFACE, "version"])
    reply = bus.call(message, timeout=round(REPORT_PATIENCE_S * 1000))
    values = [getattr(each, "variant", lambda: None)() for each in reply.arguments()]
    return values[0] if len(values) == 1 and isinstance(values[0], int) else None


def local_path(uri: object) -> bytes:
    """The path that a `file:` URI of this machine names; whatever is percent-encoded in it is decoded to bytes.

    Raises:
        InputError: CAPTURE_DENIED where it is none.
    """
    try:
        parts = urlsplit(uri) if isinstance(uri, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme != "file" or parts.netloc not in ("", "localhost") or parts.path[:1] != "/":
        raise InputError(ErrorCode.CAPTURE_DENIED)
    return unquote_to_bytes(parts.path)


class _Request(QObject):
    """One call of the portal, and its answer."""

    def __init__(self, bus: QDBusConnection) -> None:
        super().__init__()
        self._bus = bus
        self._token = f"ocr_desktop_{secrets.token_hex(8)}"
        sender = bus.baseService().removeprefix(":").replace(".", "_")
        self._paths = [f"{PATH}/request/{sender}/{self._token}"]
        self._call: QDBusPendingCallWatcher | None = None
        self._answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._is_answered = False

    async def results(self, *, is_interactive: bool, timeout_s: float) -> dict[str, Any]:
        """What the portal grants, by name, of whatever types it likes."""
        self._listen(self._paths[0])
        message = QDBusMessage.createMethodCall(SERVICE, PATH, INTERFACE, "Screenshot")
        message.setArguments(["", {"handle_token": self._token, "interactive": is_interactive}])
        self._call = QDBusPendingCallWatcher(self._bus.asyncCall(message, round(timeout_s * 1000)), self)
        self._call.finished.connect(self._take_reply)
        return await self._answer

    def close(self) -> None:
        """Stop listening; a request that was not answered is taken back."""
        for path in self._paths:
            self._bus.disconnect(SERVICE, path, REQUEST_INTERFACE, "Response", self, RESPONSE_SLOT)
        if not self._is_answered:
            self._bus.send(QDBusMessage.createMethodCall(SERVICE, self._paths[-1], REQUEST_INTERFACE, "Close"))
        self._answer.cancel()
        self.deleteLater()

    def _listen(self, path: str) -> None:
        self._bus.connect(SERVICE, path, REQUEST_INTERFACE, "Response", self, RESPONSE_SLOT)

    def _take_reply(self, call: QDBusPendingCallWatcher) -> None:
        if call.isError():
            self._is_answered = True
            self._fail(_code_of(call.error().name()))
            return
        arguments = call.reply().arguments()
        handle = arguments[0] if arguments else None
        if isinstance(handle, QDBusObjectPath) and handle.path() not in self._paths:
            # Portals before version 0.9 choose the path themselves.
            self._paths.append(handle.path())
            self._listen(handle.path())

    # By its types: QtDBus cannot read an answer that is taken as a whole message.
    @Slot("uint", "QVariantMap")
    def take_response(self, code: int, results: dict[str, Any]) -> None:
        self._is_answered = True
        if code == GRANTED:
            if not self._answer.done():
                self._answer.set_result(results)
        else:
            self._fail(ErrorCode.CAPTURE_CANCELLED if code == CANCELLED else ErrorCode.CAPTURE_DENIED)

    def _fail(self, code: ErrorCode) -> None:
        if not self._answer.done():
            self._answer.set_exception(InputError(code))


def _code_of(name: str) -> ErrorCode:
    """What an error of the call says, by its name on the bus."""
    if name in NOBODY_THERE or name.startswith(CANNOT_BE_STARTED):
        return ErrorCode.CAPTURE_UNAVAILABLE
    if name in NO_ANSWER:
        return ErrorCode.CAPTURE_SILENT
    return ErrorCode.CAPTURE_CANCELLED if name == CANCELLED_CALL else ErrorCode.CAPTURE_DENIED


def _take_picture(path: bytes, asked_at: float) -> QImage:
    """The picture in the portal's file, which is gone afterwards whatever it held."""
    if os.path.islink(path):  # noqa: PTH114  (the path is bytes)
        raise InputError(ErrorCode.NOT_A_FILE, name=display_name(path))
    try:
        content = read_file(path)
    finally:
        _remove_if_made_since(path, asked_at)
    return decoded_picture(content, path)


def _remove_if_made_since(path: bytes, moment: float) -> None:
    """Remove a file that was written since then; an older one was not made for this request, whatever the answer says.

    Nothing but a regular file is removed, and of a link neither it nor what it leads to.
    """
    with contextlib.suppress(OSError, ValueError):
        status = os.lstat(path)
        if stat.S_ISREG(status.st_mode) and status.st_mtime >= moment - COARSE_CLOCK_S:
            os.unlink(path)  # noqa: PTH108  (the path is bytes)
