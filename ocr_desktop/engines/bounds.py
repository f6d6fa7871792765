"""How much of an answer is read: no page without end, and no few bytes that unpack to many, may fill the memory."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

MEGABYTE = 1024 * 1024
MOST_BYTES = 64 * MEGABYTE
"""Of an answer in all, unpacked: some two hundred thousand tokens, each a line of the stream."""
MOST_BYTES_IN_A_LINE = 16 * MEGABYTE
MOST_BYTES_OF_A_REFUSAL = 256 * 1024
REFUSAL_S = 5.0
"""How long the words of a refusal are waited for once its status has come."""
FIRST_BYTES = 64
MARK = codecs.BOM_UTF8
STREAM_BEGINS = (b":", b"data:", b"event:", b"id:", b"retry:")


class WebPageError(ValueError):
    """A page for people came instead of an answer."""


class TooLongError(ValueError):
    """More came than is read."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit // MEGABYTE} MB")


class Body:
    """Looks at the bytes of an answer while somebody reads them from its response, without a byte order mark.

    Who reads gets a `TooLongError` where there are too many, a `WebPageError` where they are no answer at all.

    Args:
        response: The client's, not yet read.
        most_bytes: In all, unpacked; None: as many as an answer can have.
        most_bytes_in_a_line: Of them without a line break.
    """

    def __init__(
        self, response: Any, most_bytes: int | None = None, most_bytes_in_a_line: int = MOST_BYTES_IN_A_LINE
    ) -> None:
        self._read_on = response.aiter_bytes
        self._response = response
        self._most_bytes = most_bytes or MOST_BYTES
        self._most_bytes_in_a_line = most_bytes_in_a_line
        self._length = 0
        self._line_length = 0
        self._held: bytes | None = b""
        self._first = b""
        self._json = bytearray()
        response.aiter_bytes = self._looked_at

    @property
    def is_stream(self) -> bool:
        """Whether it looks like server-sent events; what is empty does."""
        return not self._first or self._first.startswith(STREAM_BEGINS)

    @property
    def json(self) -> bytes | None:
        """All that came, where it is no stream but JSON; None otherwise."""
        return bytes(self._json) or None

    async def _looked_at(self, chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._read_on(chunk_size)) as pieces:
            async for came in pieces:
                piece = self._without_mark(came)
                try:
                    self._measure(piece)
                    self._recognise(piece)
                except ValueError:
                    await run_out(pieces, self._response)
                    raise
                yield piece
        if self._held:
            # It was none: the answer ended in the middle of it.
            yield self._held

    def _without_mark(self, piece: bytes) -> bytes:
        """A piece without the mark of its encoding that some servers begin with; what may be one is held back."""
        if self._held is None:
            return piece
        begun = self._held + piece
        is_open = len(begun) < len(MARK) and MARK.startswith(begun)
        self._held = begun if is_open else None
        return b"" if is_open else begun.removeprefix(MARK)

    def _measure(self, piece: bytes) -> None:
        behind_line_end = len(piece) - 1 - piece.rfind(b"\n")
        self._length += len(piece)
        self._line_length = behind_line_end + (self._line_length if behind_line_end == len(piece) else 0)
        if self._length > self._most_bytes:
            raise TooLongError(self._most_bytes)
        if self._line_length > self._most_bytes_in_a_line:
            raise TooLongError(self._most_bytes_in_a_line)

    def _recognise(self, piece: bytes) -> None:
        if self._json:
            self._json += piece
        elif len(self._first) < FIRST_BYTES:
            self._first = (self._first + piece).lstrip()[:FIRST_BYTES]
            if self._first.startswith(b"<"):
                raise WebPageError
            if self._first.startswith((b"{", b"[")):
                self._json += piece.lstrip()


async def run_out(pieces: AsyncGenerator[bytes, None], response: Any) -> None:
    """Close an answer that is not read to its end, and let the client's own generators come to theirs.

    They would be left half way, to a finalizer that the window's event loop does not have.
    """
    await response.aclose()
    with suppress(Exception):
        async for _ in pieces:
            await asyncio.sleep(0)


def cut_short(response: Any) -> None:
    """Let the words of a refusal end where no more of them are needed, or no more come."""
    read_on = response.aiter_bytes

    async def first_of_it(chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        length = 0
        deadline = asyncio.get_running_loop().time() + REFUSAL_S
        async with aclosing(read_on(chunk_size)) as pieces:
            while length < MOST_BYTES_OF_A_REFUSAL:
                try:
                    async with asyncio.timeout_at(deadline):
                        piece = await anext(pieces, None)
                except TimeoutError:
                    break
                if piece is None:
                    return
                length += len(piece)
                yield piece
            await run_out(pieces, response)

    response.aiter_bytes = first_of_it
