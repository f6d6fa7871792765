"""What the program and a worker say to each other, and how it stands on a pipe.

A frame is four bytes of length, most significant first, and as many bytes of msgpack. Every request is answered by
any number of findings and then exactly one ending, all with the request's number.
"""

from __future__ import annotations

import os
from typing import TypeVar

import msgspec

from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.files import LARGEST_FILE_BYTES
from ocr_desktop.core.geometry import PixelBox, Quad, Size, View
from ocr_desktop.worker.pixels import Pixels

LENGTH_BYTES = 4
LONGEST_REQUEST = LARGEST_FILE_BYTES + (1 << 16)
"""Bytes: a request can hold a picture's file as it came from the clipboard."""
LONGEST_REPLY = 1 << 30
"""Bytes: noise of some hundred megapixels without loss."""
ROOM_FOR_WORDS = 1 << 10
"""Of a reply, beside its picture."""
READ_AT_ONCE = 1 << 20

Message = TypeVar("Message")


class Frame(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """`number` is the request's, counted up for each worker and never used again."""

    number: int


class PictureSource(msgspec.Struct, frozen=True, array_like=True):
    """One page of a file: where the file lies, from the root on, or its bytes; one of the two."""

    path: bytes | None
    content: bytes | None
    page: int = 1
    password: str | None = None

    def __repr__(self) -> str:
        """Without picture and password."""
        return f"PictureSource(path={self.path!r}, page={self.page})"


class Survey(Frame, frozen=True):
    """What kind of file is it, and how many pages does it have?"""

    source: PictureSource
    most_pixels: int


class Probe(Frame, frozen=True):
    """How large is the page? Asked first, so that the program can reserve the space."""

    source: PictureSource
    most_pixels: int


class Decode(Frame, frozen=True):
    """Write it upright into the store at `pixels`, in all levels; its stored size must be that of `pixels`."""

    source: PictureSource
    pixels: Pixels
    most_pixels: int


class MakeThumbnail(Frame, frozen=True):
    """A small picture of the page, upright, with no side above `longest_side`."""

    source: PictureSource
    longest_side: int
    most_pixels: int


class FindTextLines(Frame, frozen=True):
    """The lines of text that a PDF's page holds itself; none for a picture."""

    source: PictureSource


class ListFiles(Frame, frozen=True):
    """The path itself where it is no folder; of a folder the pictures and PDFs, in natural order."""

    path: bytes
    with_subfolders: bool


class Encode(Frame, frozen=True):
    """Make a file of what the view shows: no side above `longest_side`, one of the media types, at most so large."""

    pixels: Pixels
    view: View
    longest_side: int
    media_types: tuple[str, ...]
    most_bytes: int | None = None


class WarmUp(Frame, frozen=True):
    """Load the engine."""


class Read(Frame, frozen=True):
    """Find and read the lines of text in what the view shows."""

    pixels: Pixels
    view: View


class Typeset(Frame, frozen=True):
    """Draw a formula, as one of its own where `is_display`, else as one in a line; `latex` is `core.formulas`'."""

    latex: str
    is_display: bool


class Stop(Frame, frozen=True):
    """Nobody waits for the answer to that request any more. It is answered by that request's own ending."""


class Surveyed(Frame, frozen=True):
    format: str
    page_count: int


class Probed(Frame, frozen=True):
    """`stored` is the size before EXIF turned the picture."""

    stored: Size
    page_count: int


class Decoded(Frame, frozen=True):
    """`size` is the upright one: that of the request's `pixels`, or that turned by a quarter."""

    size: Size
    sha256: str
    format: str
    warnings: tuple[WarningCode, ...]
    points_per_pixel: float | None = None
    has_text: bool = False


class ThumbnailMade(Frame, frozen=True):
    """`rgb` are the rows, 3 bytes a pixel, without padding."""

    size: Size
    rgb: bytes


class Listed(Frame, frozen=True):
    """The next paths, from the root on; none: the search goes on."""

    paths: tuple[bytes, ...]


class TextCut(Frame, frozen=True):
    """The page holds more text than the lines that came."""


class Encoded(Frame, frozen=True):
    media_type: str
    data: bytes
    size: Size


class Line(Frame, frozen=True):
    """Corners in pixels of what the view shows; of a PDF's own text, in pixels of the page."""

    text: str
    quad: Quad
    score: float
    edges: tuple[float, ...] = ()
    stroke: float | None = None


class Shapes(Frame, frozen=True):
    """As `core.events.ShapesFound`."""

    rules: tuple[PixelBox, ...]
    pictures: tuple[PixelBox, ...]
    fills: tuple[PixelBox, ...]


class Code(Frame, frozen=True):
    """As `core.events.CodeFound`."""

    text: str
    quad: Quad
    symbology: str


class TypesetDone(Frame, frozen=True):
    """A formula's drawing in black; it does not come where there is none that is right.

    `width`, and what stands `above` and `below` the baseline, are in sizes of the font (em).
    """

    svg: bytes
    width: float
    above: float
    below: float


class Advanced(Frame, frozen=True):
    done: int
    total: int


class Done(Frame, frozen=True):
    pass


class Stopped(Frame, frozen=True):
    pass


class Failed(Frame, frozen=True):
    """Something outside the program is wrong; `is_input` tells an `InputError` from an `EngineError`."""

    is_input: bool
    code: ErrorCode
    fields: dict[str, str | int | float]


class Broken(Frame, frozen=True):
    """A bug in the worker."""

    traceback: str


PictureRequest = Survey | Probe | Decode | MakeThumbnail | FindTextLines | ListFiles | Encode
Request = PictureRequest | WarmUp | Read | Typeset | Stop
PictureFinding = Surveyed | Probed | Decoded | ThumbnailMade | Listed | TextCut | Encoded
Finding = PictureFinding | Line | Shapes | Code | TypesetDone | Advanced
Ending = Done | Stopped | Failed | Broken
Reply = Finding | Ending

_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


def frame_of(message: Frame) -> bytes:
    """The bytes of a message on the pipe."""
    content = _encoder.encode(message)
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def read_request(descriptor: int) -> Request | None:
    """The next request; None at the end of the pipe.

    Raises:
        ValueError: The bytes are no request.
    """
    return _read(descriptor, _requests, LONGEST_REQUEST)


def read_reply(descriptor: int) -> Reply | None:
    """The next reply; None at the end of the pipe, also in the middle of a frame.

    Raises:
        ValueError: The bytes are no reply.
    """
    return _read(descriptor, _replies, LONGEST_REPLY)


def _read(descriptor: int, decoder: msgspec.msgpack.Decoder[Message], longest: int) -> Message | None:
    length = int.from_bytes(_read_exactly(descriptor, LENGTH_BYTES), "big")
    if length > longest:
        raise ValueError(f"a frame of {length} bytes")
    content = _read_exactly(descriptor, length)
    return decoder.decode(content) if content else None


def _read_exactly(descriptor: int, length: int) -> bytes:
    """So many bytes, or none where the pipe ends before."""
    pieces: list[bytes] = []
    left = length
    while left:
        piece = os.read(descriptor, min(left, READ_AT_ONCE))
        if not piece:
            return b""
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
