"""The running program's ear: takes over what a second start was started for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ocr_desktop.gui.handover import (
    LENGTH_BYTES,
    LONGEST_REPLY,
    LONGEST_REQUEST,
    PATIENCE_S,
    CaptureRequest,
    Request,
    UnusableMessageError,
    framed,
    is_own_socket,
    message_in,
    request_of,
    socket_path,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

MOST_PEERS = 8
SPEAKS_WITHIN_MS = 5000

logger = logging.getLogger(__name__)


class HandoverServer(QObject):
    """Listens for second starts.

    Args:
        settings_folder: A second start is one with the same settings, on the same display.
        takes: Whether a request is one for this program, such as it is now.
        open_files: Called with an `OpenRequest`.
        capture: Called with the values of a `CaptureRequest`; gives those of the answer. Cancelled where whoever asked
            went away.
    """

    def __init__(
        self,
        settings_folder: Path,
        *,
        takes: Callable[[Request], bool],
        open_files: Callable[[Any], None],
        capture: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.takes = takes
        self.open_files = open_files
        self.capture = capture
        self._path = socket_path(settings_folder)
        self._peers: set[_Peer] = set()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take_connections)

    def listen(self) -> bool:
        """Begin; False where another program listens already, or none can."""
        path = self._path
        if is_own_socket(path):
            if _answers(path):
                return False
            # Left behind by a program that was killed.
            with contextlib.suppress(OSError):
                path.unlink()
        if os.path.lexists(path):
            # Somebody else's: it stays, and so does a second start.
            return False
        if not self._server.listen(os.fspath(path)):
            logger.info("second starts are not heard: %s", self._server.errorString())
            return False
        return True

    def close(self) -> None:
        """Hear no more, and let go of whoever is waiting."""
        self._server.close()
        for peer in tuple(self._peers):
            peer.drop()

    def forget(self, peer: _Peer) -> None:
        self._peers.discard(peer)

    def _take_connections(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            if len(self._peers) >= MOST_PEERS:
                connection.abort()
                connection.deleteLater()
            else:
                self._peers.add(_Peer(self, connection))


class _Peer(QObject):
    """One second start, from its request to the answer."""

    def __init__(self, server: HandoverServer, connection: QLocalSocket) -> None:
        super().__init__(server)
        self._server = server
        self._connection = connection
        self._received = bytearray()
        self._has_asked = False
        self._work: asyncio.Task[None] | None = None
        connection.setParent(self)
        connection.setReadBufferSize(LONGEST_REQUEST + LENGTH_BYTES)
        connection.readyRead.connect(self._read)
        connection.disconnected.connect(self._end)
        self._impatience = QTimer(self)
        self._impatience.setSingleShot(True)
        self._impatience.timeout.connect(self.drop)
        self._impatience.start(SPEAKS_WITHIN_MS)
        self._read()

    def drop(self) -> None:
        """End the connection, whatever it is about."""
        self._connection.abort()
        self._end()

    def _read(self) -> None:
        content = self._connection.readAll().data()
        if self._has_asked:
            return
        self._received += content
        try:
            values = message_in(self._received, LONGEST_REQUEST)
            request = None if values is None else request_of(values)
        except UnusableMessageError as error:
            logger.info("a request was refused: %s", error)
            self._refuse()
            return
        if request is None:
            return
        self._has_asked = True
        self._received.clear()
        self._impatience.stop()
        if not self._server.takes(request):
            self._refuse()
        elif isinstance(request, CaptureRequest):
            self._send({"taken": True})
            self._work = asyncio.ensure_future(self._capture(request.values))
        else:
            self._send({"taken": True})
            self._connection.disconnectFromServer()
            self._server.open_files(request)

    async def _capture(self, values: dict[str, Any]) -> None:
        try:
            answer = await self._server.capture(values)
        except UnusableMessageError as error:
            logger.info("a capture was refused: %s", error)
            answer = {}
        except Exception:
            logger.exception("a capture failed")
            answer = {}
        finally:
            self._work = None
        content = framed(answer)
        if len(content) - LENGTH_BYTES <= LONGEST_REPLY:
            self._connection.write(content)
        self._connection.disconnectFromServer()

    def _refuse(self) -> None:
        self._has_asked = True
        self._send({"taken": False})
        self._connection.disconnectFromServer()

    def _send(self, values: dict[str, Any]) -> None:
        self._connection.write(framed(values))
        self._connection.flush()

    def _end(self) -> None:
        self._impatience.stop()
        if self._work is not None:
            self._work.cancel()
        self._server.forget(self)
        self.deleteLater()


def _answers(path: Path) -> bool:
    """Whether somebody listens there; one whose queue is full does too."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE_S)
        try:
            connection.connect(os.fspath(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True
        return True
