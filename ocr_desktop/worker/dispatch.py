"""The requests to one role: one at a time, in order, each with one ending whatever happens to the process."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError
from ocr_desktop.worker.child import Child
from ocr_desktop.worker.roles import Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from ocr_desktop.worker.messages import Finding, Frame, Reply
    from ocr_desktop.worker.pixels import PixelStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient a dispatcher is, in seconds.

    Attributes:
        stop: A request that nobody wants any more may take so long to give in; then its process is killed.
        idle: A process without requests is kept so long.
        deadline: For so long a request may bring nothing, from when the process gets it and again from each thing that
            it brings; None: for ever.
    """

    stop: float = 0.3
    idle: float = 120.0
    deadline: float | None = None


class WorkerBugError(RuntimeError):
    """A bug in the worker, with its own traceback as the text."""


class GaveWayError(RuntimeError):
    """A request of the background was stopped because something else was asked; it can be asked again at once."""


@dataclass(eq=False, slots=True)
class Job:
    """One request from asking to its ending.

    Attributes:
        findings: What came, in order; at the end None, or what went wrong.
        is_over: No process works for it any more, however it ended.
        on_over: Called when it is over.
        is_given_up: It was told to stop.
        may_finish: It is not stopped when nobody waits for it: its effect is wanted all the same.
        is_background: It waits behind all that is not, and gives way to it.
    """

    request: Frame
    may_finish: bool
    is_background: bool = False
    findings: asyncio.Queue[Finding | BaseException | None] = field(default_factory=asyncio.Queue)
    on_over: list[Callable[[], None]] = field(default_factory=list)
    has_ended: bool = False
    is_given_up: bool = False
    is_over: bool = False


class Dispatcher:
    """Starts the process of a role when there is something to do, gives it its requests, and ends it.

    Used in one event loop's thread. `wakes_with` makes the request that a fresh process gets after one was killed.
    """

    def __init__(
        self,
        role: Role,
        store: PixelStore,
        timing: Timing,
        *,
        wakes_with: Callable[[int], Frame] | None = None,
    ) -> None:
        self._role = role
        self._store = store
        self._timing = timing
        self._wakes_with = wakes_with
        self._number = 0
        self._waiting: deque[Job] = deque()
        self._current: Job | None = None
        self._child: Child | None = None
        self._leaving: dict[Child, Job | None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    @property
    def process_id(self) -> int | None:
        """Of the process that takes requests now; None where none runs."""
        return self._child.process_id if self._child else None

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def submit(
        self, request_for: Callable[[int], Frame], *, may_finish: bool = False, in_background: bool = False
    ) -> Job:
        """Put a request at the end of the queue; `request_for` makes it from its number.

        One of the background has its place behind all others, and is stopped as soon as one of those comes.
        """
        if self._is_closed:
            raise RuntimeError("closed")
        self._number += 1
        job = Job(request_for(self._number), may_finish, in_background)
        if in_background:
            self._waiting.append(job)
        else:
            first = (at for at, each in enumerate(self._waiting) if each.is_background)
            self._waiting.insert(next(first, len(self._waiting)), job)
            self._make_room()
        self._send_next()
        return job

    async def findings(self, job: Job) -> AsyncGenerator[Finding, None]:
        """What comes for a job, until its ending; closing this gives the job up.

        Raises:
            InputError, EngineError: As the worker found, or WORKER_CRASHED, WORKER_SILENT.
            WorkerBugError: The worker has one.
            GaveWayError: It was asked in the background.
        """
        try:
            while (item := await job.findings.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self.give_up(job)

    def give_up(self, job: Job) -> None:
        """Nobody waits for this job any more. One that has ended is left as it is."""
        if job.has_ended:
            return
        if job in self._waiting:
            self._waiting.remove(job)
            self._end(job, None)
            _over(job)
        elif job is self._current and not job.may_finish and self._child:
            self._stop(job, self._child)

    def _stop(self, job: Job, child: Child) -> None:
        from ocr_desktop.worker.messages import Stop

        job.is_given_up = True
        child.send(Stop(job.request.number))
        self._arm(self._timing.stop, self._replace_child)

    def _make_room(self) -> None:
        """Have the request under way give way, where it is of the background."""
        job = self._current
        if job and job.is_background and not job.has_ended and self._child:
            self._end(job, GaveWayError())
            if not job.is_given_up:
                self._stop(job, self._child)

    async def close(self) -> None:
        """End the process; whoever still waits gets WORKER_CRASHED."""
        self._is_closed = True
        self._disarm()
        if self._current:
            self._kill(self._failure(ErrorCode.WORKER_CRASHED, reason="closed"))
        while self._waiting:
            job = self._waiting.popleft()
            self._end(job, self._failure(ErrorCode.WORKER_CRASHED, reason="closed"))
            _over(job)
        self._retire()
        if self._leaving:
            await asyncio.wait([child.ended for child in self._leaving], timeout=self._timing.stop)
        for child in self._leaving:
            child.kill()
        if self._leaving:
            await asyncio.wait([child.ended for child in self._leaving], timeout=self._timing.stop)

    def _send_next(self) -> None:
        if self._current:
            return
        if not self._waiting:
            if self._child:
                self._arm(self._timing.idle, self._retire)
            return
        self._disarm()
        job = self._current = self._waiting.popleft()
        try:
            child = self._child = self._child or self._new_child()
        except OSError as error:
            self._current = None
            self._end(job, self._failure(ErrorCode.WORKER_CRASHED, reason=str(error)))
            _over(job)
            self._send_next()
            return
        child.send(job.request)
        self._await_finding()

    def _new_child(self) -> Child:
        return Child(self._role, self._store.descriptor, self._take_reply, self._take_end)

    def _take_reply(self, child: Child, reply: Reply) -> None:
        from ocr_desktop.worker.messages import Broken, Done, Failed, Stopped

        job = self._current
        if child is not self._child or job is None or reply.number != job.request.number:
            return
        match reply:
            case Done() | Stopped():
                outcome: BaseException | None = None
            case Failed(_, is_input, code, fields):
                outcome = (InputError if is_input else EngineError)(code, **fields)
            case Broken(_, traceback):
                outcome = WorkerBugError(traceback)
            case finding:
                job.findings.put_nowait(finding)
                if not job.is_given_up:
                    self._await_finding()
                return
        self._disarm()
        self._current = None
        self._end(job, outcome)
        _over(job)
        self._send_next()

    def _take_end(self, child: Child, reason: str) -> None:
        if child is self._child:
            log.info("the %s worker ended: %s", self._role.value, reason)
            job, self._child, self._current = self._current, None, None
            self._disarm()
            if job:
                self._end(job, self._failure(ErrorCode.WORKER_CRASHED, reason=reason.partition("\n")[0]))
        else:
            job = self._leaving.pop(child)
        if job:
            _over(job)
        if not self._is_closed:
            self._send_next()

    def _await_finding(self) -> None:
        if self._timing.deadline is not None:
            self._arm(self._timing.deadline, self._declare_silent)

    def _declare_silent(self) -> None:
        self._kill(self._failure(ErrorCode.WORKER_SILENT, seconds=self._timing.deadline or 0.0))
        self._send_next()

    def _replace_child(self) -> None:
        """Kill the process that does not stop; the fresh one makes itself ready before it is asked."""
        self._kill(None)
        if self._wakes_with and not self._waiting:
            self.submit(self._wakes_with, may_finish=True)
        self._send_next()

    def _kill(self, outcome: BaseException | None) -> None:
        self._disarm()
        job, child = self._current, self._child
        self._current = self._child = None
        if child:
            # Its job is over when it is really gone: until then it may write into the store.
            self._leaving[child] = job
            child.kill()
        if job:
            self._end(job, outcome)

    def _retire(self) -> None:
        child, self._child = self._child, None
        if child:
            self._leaving[child] = None
            child.dismiss()

    def _end(self, job: Job, outcome: BaseException | None) -> None:
        job.has_ended = True
        job.findings.put_nowait(outcome)

    def _failure(self, code: ErrorCode, **fields: str | int | float) -> OcrDesktopError:
        if self._role is Role.PICTURES:
            return InputError(code, **{"name": "", **fields})
        return EngineError(code, **fields)

    def _arm(self, seconds: float, action: Callable[[], None]) -> None:
        self._disarm()
        self._timer = asyncio.get_running_loop().call_later(seconds, action)

    def _disarm(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _over(job: Job) -> None:
    job.is_over = True
    for action in job.on_over:
        action()
    job.on_over.clear()
