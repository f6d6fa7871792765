"""What goes into the pipe comes out of it, and nothing else does."""

from __future__ import annotations

import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.geometry import PixelBox, Size, View
from ocr_desktop.worker import messages
from ocr_desktop.worker.pixels import CHANNELS, Pixels, levels_of
from tests.support.workers import MOST_PIXELS

PIXELS = Pixels(4096, 8192, levels_of(Size(2000, 30), 4096))
REPLIES: list[messages.Reply] = [
    messages.Line(7, "字 word", ((0.5, 1.0), (2.0, 1.0), (2.0, 3.0), (0.5, 3.0)), 0.75),
    messages.Failed(7, True, ErrorCode.FILE_EMPTY, {"name": "a", "megabytes": 3, "seconds": 0.5}),
    messages.Decoded(7, Size(3, 4), "ab", "PNG", ()),
    messages.Listed(7, (b"/a/\xff.png",)),
    messages.ThumbnailMade(7, Size(1, 1), b"abc"),
    messages.TypesetDone(7, b"<svg/>", 1.5, 0.5, -0.25),
    messages.Done(7),
]


def through_a_pipe(data: bytes) -> int:
    """The reading end of a pipe that holds these bytes and then ends."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return reading


@pytest.mark.parametrize(
    "request_",
    [
        messages.Decode(1, messages.PictureSource(b"/a/\xff", None, 7, "secret"), PIXELS, 200_000_000),
        messages.Survey(5, messages.PictureSource(None, b"\0"), 200_000_000),
        messages.MakeThumbnail(6, messages.PictureSource(None, b"\0"), 160, 200_000_000),
        messages.ListFiles(8, b"/a/\xff", True),
        messages.Read(2, PIXELS, View(3, PixelBox(0.5, 1, 2, 3), (PixelBox(0, 0, 4, 1.5),))),
        messages.Encode(3, PIXELS, View(), 2300, ("image/png",)),
        messages.Typeset(4, r"\frac{a}{b}", True),
        messages.Stop(2),
    ],
)
def test_a_request_comes_through(request_: messages.Request) -> None:
    reading = through_a_pipe(messages.frame_of(request_))
    assert messages.read_request(reading) == request_
    assert messages.read_request(reading) is None
    os.close(reading)


def test_the_largest_picture_can_be_answered_with_even_if_it_is_noise() -> None:
    assert messages.LONGEST_REPLY - messages.ROOM_FOR_WORDS > 1.01 * CHANNELS * MOST_PIXELS


def test_a_source_shows_neither_its_picture_nor_its_password() -> None:
    shown = repr(messages.Survey(1, messages.PictureSource(None, b"the picture", 1, "the password"), 1))
    assert "the picture" not in shown
    assert "the password" not in shown


def test_replies_come_through_in_order() -> None:
    reading = through_a_pipe(b"".join(map(messages.frame_of, REPLIES)))
    assert [messages.read_reply(reading) for _ in REPLIES] == REPLIES
    os.close(reading)


@given(st.integers(0, 60))
def test_a_pipe_that_ends_inside_a_frame_has_ended(length: int) -> None:
    frame = messages.frame_of(REPLIES[0])
    reading = through_a_pipe(frame[: min(length, len(frame) - 1)])
    assert messages.read_reply(reading) is None
    os.close(reading)


def test_a_frame_without_bound_is_refused() -> None:
    reading = through_a_pipe(b"\xff\xff\xff\xff" + b"x" * 100)
    with pytest.raises(ValueError, match="4294967295"):
        messages.read_reply(reading)
    os.close(reading)


def test_rubbish_is_no_message() -> None:
    reading = through_a_pipe(b"\0\0\0\3abc")
    with pytest.raises(msgspec.DecodeError):
        messages.read_reply(reading)
    os.close(reading)
