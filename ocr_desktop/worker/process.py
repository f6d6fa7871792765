"""A worker process from the inside: it takes one request at a time and ends when its input does."""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import NoReturn, Protocol

from ocr_desktop.core.errors import ErrorCode, InputError, OcrDesktopError
from ocr_desktop.worker import messages
from ocr_desktop.worker.memory_limits import limit_memory
from ocr_desktop.worker.roles import Role

INPUT, OUTPUT, ERRORS = 0, 1, 2
PREFERRED_VICTIM = "500"
"""When the whole machine runs out of memory, the system ends this process before the window."""

IsStopped = Callable[[], bool]


class Worker(Protocol):
    """What a role does with its requests."""

    def answer(self, request: messages.Request, is_stopped: IsStopped) -> Iterator[messages.Finding]:
        """Yield findings; ask `is_stopped` between two steps, and return early where it says so."""
        ...


def serve(role: Role, pixels_descriptor: int) -> NoReturn:
    """Answer requests until the program closes the pipe or dies."""
    # Native code prints to descriptor 1; replies go where it does not know.
    replies = os.dup(OUTPUT)
    os.dup2(ERRORS, OUTPUT)
    _prefer_as_victim()
    _drop_core_files()
    worker = _worker_of(role, pixels_descriptor)
    inbox = Inbox()
    inbox.start()
    while True:
        request = inbox.next()
        for reply in _answers(worker, request, role, inbox):
            _write(replies, messages.frame_of(reply))


class Inbox(threading.Thread):
    """Reads requests while native code is at work, so that a stop and the end of the program are noticed at once."""

    def __init__(self) -> None:
        super().__init__(name="inbox", daemon=True)
        self._requests: queue.SimpleQueue[messages.Request] = queue.SimpleQueue()
        self._latest_stop = 0

    def next(self) -> messages.Request:
        return self._requests.get()

    def is_stopped(self, number: int) -> bool:
        # One request is under way at a time and numbers only grow.
        return self._latest_stop >= number

    def run(self) -> None:
        try:
            while (request := messages.read_request(INPUT)) is not None:
                if isinstance(request, messages.Stop):
                    self._latest_stop = request.number
                else:
                    self._requests.put(request)
        except (OSError, ValueError):
            traceback.print_exc()
        # The program is gone, or speaks another language; nothing here is worth keeping.
        os._exit(0)


def _answers(worker: Worker, request: messages.Request, role: Role, inbox: Inbox) -> Iterator[messages.Reply]:
    number = request.number

    def is_stopped() -> bool:
        return inbox.is_stopped(number)

    try:
        yield from worker.answer(request, is_stopped)
    except OcrDesktopError as error:
        yield messages.Failed(number, isinstance(error, InputError), error.code, error.fields)
    except MemoryError:
        yield messages.Failed(number, role is Role.PICTURES, ErrorCode.WORKER_CRASHED, {"reason": "memory"})
    except Exception:
        yield messages.Broken(number, traceback.format_exc())
    else:
        yield messages.Stopped(number) if is_stopped() else messages.Done(number)


def _worker_of(role: Role, pixels_descriptor: int) -> Worker:
    if role is Role.PICTURES:
        from ocr_desktop.worker.pictures import PicturesWorker

        return PicturesWorker(pixels_descriptor)
    if role is Role.FORMULAS:
        from ocr_desktop.worker.typesetting import TypesettingWorker

        limit_memory(0)
        return TypesettingWorker()
    from ocr_desktop.worker.reader import ReaderWorker

    return ReaderWorker(pixels_descriptor)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError:
        os._exit(0)


def _drop_core_files() -> None:
    """A crash must not write what is in memory, the user's picture, to disk."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _prefer_as_victim() -> None:
    if sys.platform != "linux":
        return
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123  (no path of anybody's)
            file.write(PREFERRED_VICTIM)
    except OSError:
        # Not allowed in some containers; it is a courtesy.
        return
