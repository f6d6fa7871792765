"""Takes a chat completion from the wire part by part, streamed or whole, and tells how it ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.events import Finished
from ocr_desktop.engines.answers import AnswerReader, ComplaintError
from ocr_desktop.engines.bounds import Body
from ocr_desktop.engines.failures import EndpointFailures


class StreamedAnswer:
    """One answer while it comes; what stands in it that is no answer is raised as a `RequestFailedError`."""

    def __init__(self, failures: EndpointFailures) -> None:
        self._failures = failures
        self._reader = AnswerReader()

    @property
    def finish_reason(self) -> str | None:
        """The server's own word for how the answer ended; None until it says so."""
        return self._reader.finish_reason

    def take(self, part: object) -> str:
        """The text that a part adds, perhaps none."""
        try:
            return self._reader.take(part)
        except ComplaintError as complaint:
            body = complaint.body
        failure = self._failures.complained(body)
        if failure is not None:
            raise failure
        return ""

    def rest(self) -> str:
        """What was held back because its other half never came."""
        return self._reader.rest()

    def ending(self, body: Body) -> Finished:
        """How the answer ended, after its last part."""
        ending = self._reader.ending()
        if ending is not None:
            return ending
        if self._reader.finish_reason is not None:
            raise self._failures.broken_off(self._reader.finish_reason)
        if body.is_stream:
            raise self._failures.failed(ErrorCode.CONNECTION_LOST)
        raise self._failures.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)


@asynccontextmanager
async def ended(stream: Any) -> AsyncGenerator[None, None]:
    """Close the connection on the way out, and let the client's own generators come to their end.

    The client leaves them half way, to a finalizer that the window's event loop does not have: they would complain when
    they are collected. On a closed connection the next step ends them all.
    """
    try:
        yield
    finally:
        await stream.close()
        with suppress(Exception):
            async for _ in stream:
                await asyncio.sleep(0)


async def parts_of(stream: Any, body: Body) -> AsyncGenerator[object, None]:
    """The parts of a completion; one where the server gave it whole though a stream was asked for."""
    async for part in stream:
        yield part
    if body.json is not None:
        yield json.loads(body.json)
