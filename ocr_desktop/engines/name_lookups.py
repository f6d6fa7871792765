"""Event loops that ask for a host's addresses where nobody has to wait for the answer.

A question to a name server cannot be taken back, and asyncio asks it in a thread that is waited for when a program
ends: a network that does not answer would keep a program alive that was told to stop. Here a lookup has a thread of its
own that ends with the program. It stands in the loop, because that is where every connection asks, also one to a proxy.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    SystemEventLoop = asyncio.SelectorEventLoop
elif sys.platform == "win32":
    SystemEventLoop = asyncio.ProactorEventLoop
else:
    SystemEventLoop = asyncio.SelectorEventLoop


class LooksUpAside(asyncio.AbstractEventLoop):
    """To stand before the loop of which it is a part."""

    async def getaddrinfo(
        self, host: bytes | str | None, port: bytes | str | int | None, **options: int
    ) -> list[tuple[Any, ...]]:
        """As `socket.getaddrinfo`; whoever cancels this is free at once."""
        answer: concurrent.futures.Future[list[tuple[Any, ...]]] = concurrent.futures.Future()
        # It cannot be cancelled once it runs, so that the thread may set it whatever became of who asked.
        answer.set_running_or_notify_cancel()

        def look_up() -> None:
            try:
                answer.set_result(socket.getaddrinfo(host, port, **options))
            except Exception as error:
                answer.set_exception(error)

        threading.Thread(target=look_up, name="name lookup", daemon=True).start()
        return await asyncio.wrap_future(answer, loop=self)


class EventLoop(LooksUpAside, SystemEventLoop):
    """The system's usual loop, for a program without a window."""
