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
    CONFIRMED,
    FAILURE,
    LENGTH_BYTES,
    LONGEST_REPLY,
    LONGEST_REQUEST,
    PATIENCE_S,
    TAKEN,
    OpenRequest,
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
            went away; what it raises is told to them.
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

    def give_way(self) -> None:
        """Hear no more second starts, so that another program can; who was heard already gets an answer."""
        self._server.close()

    def close(self) -> None:
        """Hear no more, and let go of whoever is waiting, who then does it itself."""
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
        self._request: Request | None = None
        """What was asked for and taken; done as soon as it is confirmed."""
        self._is_heard = False
        self._work: asyncio.Task[None] | None = None
        connection.setParent(self)
        connection.setReadBufferSize(LONGEST_REQUEST + LENGTH_BYTES)
        connection.readyRead.connect(self._read)
        connection.disconnected.connect(self._hear_end)
        self._impatience = QTimer(self)
        self._impatience.setSingleShot(True)
        self._impatience.timeout.connect(self.drop)
        self._impatience.start(SPEAKS_WITHIN_MS)
        self._read()

    def drop(self) -> None:
        """End the connection, whatever it is about."""
        self._connection.disconnected.disconnect(self._hear_end)
        self._connection.abort()
        self._end()

    def _read(self) -> None:
        content = self._connection.readAll().data()
        if self._is_heard:
            return
        self._received += content
        try:
            if self._request is None:
                self._take_request()
            if self._request is not None:
                self._take_confirmation(self._request)
        except UnusableMessageError as error:
            logger.info("a request was refused: %s", error)
            self._refuse()

    def _take_request(self) -> None:
        values = self._next_message()
        if values is None:
            return
        request = request_of(values)
        if not self._server.takes(request):
            self._refuse()
            return
        self._request = request
        self._impatience.start(SPEAKS_WITHIN_MS)
        self._send({TAKEN: True})

    def _take_confirmation(self, request: Request) -> None:
        """Begin; who was not answered in time has gone without a confirmation, and does it itself."""
        values = self._next_message()
        if values is None:
            return
        if values.get(CONFIRMED) is not True:
            raise UnusableMessageError(CONFIRMED)
        self._is_heard = True
        self._impatience.stop()
        if isinstance(request, OpenRequest):
            self._connection.disconnectFromServer()
            self._server.open_files(request)
        else:
            self._work = asyncio.ensure_future(self._capture(request.values))

    def _next_message(self) -> dict[str, Any] | None:
        values = message_in(self._received, LONGEST_REQUEST)
        if values is not None:
            length = int.from_bytes(self._received[:LENGTH_BYTES], "big")
            del self._received[: LENGTH_BYTES + length]
        return values

    async def _capture(self, values: dict[str, Any]) -> None:
        try:
            answer = await self._server.capture(values)
        except Exception as error:
            logger.exception("a capture failed")
            answer = {FAILURE: repr(error)}
        finally:
            self._work = None
        content = framed(answer)
        if len(content) - LENGTH_BYTES > LONGEST_REPLY:
            content = framed({FAILURE: "the result is too long to be handed on"})
        self._connection.write(content)
        # This program may end at once: who asked would do it all again.
        self._connection.flush()
        self._connection.disconnectFromServer()

    def _refuse(self) -> None:
        self._is_heard = True
        self._send({TAKEN: False})
        self._connection.disconnectFromServer()

    def _send(self, values: dict[str, Any]) -> None:
        self._connection.write(framed(values))
        self._connection.flush()

    def _hear_end(self) -> None:
        if self._connection.bytesAvailable():
            # Who asks for files to be opened confirms it and goes.
            self._read()
        self._end()

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
