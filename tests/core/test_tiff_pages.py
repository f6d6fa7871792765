"""The pages of a TIFF are found however its directories lie, and a broken one is broken alone."""

from __future__ import annotations

import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr_desktop.core import images, tiff_pages
from ocr_desktop.core.errors import ErrorCode, InputError
from tests.support.odd_pictures import three_pages
from tests.support.pictures import encoded


def pages_of(*colours: str, **options: object) -> bytes:
    first, *others = (Image.new("RGB", (30 + 10 * index, 20), colour) for index, colour in enumerate(colours))
    return encoded(first, "TIFF", save_all=True, append_images=others, **options)


def chain(offsets: list[int], length: int) -> bytes:
    """A file with an empty directory at each of these places, each leading to the next, the last to the first."""
    content = bytearray(length)
    content[:8] = b"II*\0" + struct.pack("<I", offsets[0])
    for here, there in zip(offsets, [*offsets[1:], offsets[0]], strict=True):
        content[here : here + 6] = struct.pack("<HI", 0, there)
    return bytes(content)


@pytest.mark.parametrize("options", [{}, {"big_tiff": True}, {"compression": "tiff_lzw"}])
def test_each_page_is_opened_by_its_number(options: dict[str, object]) -> None:
    content = pages_of("red", "lime", "blue", **options)
    assert images.survey(content) == ("TIFF", 3)
    for number, colour in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255)], 1):
        header = images.read_header(content, number)
        assert (header.stored.width, header.page_count) == (20 + 10 * number, 3)
        assert images.decode(content, number).picture.getpixel((9, 9)) == colour


@pytest.mark.parametrize("number", [0, 4, -1, 10**9])
def test_a_page_that_is_not_there(number: int) -> None:
    for read in (images.read_header, images.decode):
        with pytest.raises(InputError) as caught:
            read(pages_of("red", "lime", "blue"), number)
        assert (caught.value.code, caught.value.fields["page_count"]) == (ErrorCode.PAGES_MISSING, 3)


def test_other_pictures_have_one_page() -> None:
    content = encoded(Image.new("RGB", (20, 20), "red"))
    assert images.survey(content) == ("PNG", 1)
    with pytest.raises(InputError) as caught:
        images.decode(content, 2)
    assert caught.value.code is ErrorCode.PAGES_MISSING


def test_a_broken_page_leaves_the_others_alone() -> None:
    content = bytearray(three_pages())
    second = tiff_pages.page_offsets(bytes(content))[1]
    entries = int.from_bytes(content[second : second + 2], "little")
    content[second + 2 : second + 2 + 12 * entries] = b"\xff" * (12 * entries)
    assert images.survey(bytes(content)) == ("TIFF", 3)
    with pytest.raises(InputError) as caught:
        images.decode(bytes(content), 2)
    assert caught.value.code is ErrorCode.PICTURE_DAMAGED
    for number in (1, 3):
        assert images.decode(bytes(content), number).picture.size == (64, 48)


def test_a_page_that_is_too_large_leaves_the_others_alone() -> None:
    content = pages_of("red", "lime")
    assert images.decode(content, 1, most_pixels=700).picture.size == (30, 20)
    with pytest.raises(InputError) as caught:
        images.decode(content, 2, most_pixels=700)
    assert caught.value.code is ErrorCode.PICTURE_TOO_LARGE


def test_a_smaller_copy_of_a_page_is_no_page() -> None:
    first, small, second = Image.new("RGB", (64, 64)), Image.new("RGB", (32, 32)), Image.new("RGB", (50, 50))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    content = encoded(first, "TIFF", save_all=True, append_images=[small, second])
    assert images.survey(content) == ("TIFF", 2)
    assert images.decode(content, 2).picture.size == (50, 50)


def test_a_smaller_copy_is_known_also_where_its_mark_takes_two_bytes() -> None:
    """Most significant first, where such a number stands at the other end of its field."""
    entry = struct.pack(">HHIHH", tiff_pages.SUBFILE_TYPE_TAG, tiff_pages.SHORT, 1, 1, 0)
    directory = struct.pack(">H", 1) + entry
    first = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">HI", 0, 14)
    assert tiff_pages.page_offsets(first + directory + bytes(4)) == (8,)


def test_a_page_is_looked_at_without_a_copy_of_the_file() -> None:
    large = [Image.new("L", (4000, 3000)) for _ in range(3)]
    content = encoded(large[0], "TIFF", save_all=True, append_images=large[1:])
    images.read_header(content)
    tracemalloc.start()
    try:
        assert images.read_header(content, 3).page_count == 3
        assert tracemalloc.get_traced_memory()[1] < len(content) // 10
    finally:
        tracemalloc.stop()


def test_a_chain_that_bites_its_tail_ends() -> None:
    assert tiff_pages.page_offsets(chain([100, 60, 200], 300)) == (100, 60, 200)


def test_an_absurd_number_of_pages_ends() -> None:
    content = chain(list(range(8, 8 + 6 * 60_000, 6)), 400_000)
    offsets = tiff_pages.page_offsets(content)
    assert (len(offsets), offsets[-1]) == (tiff_pages.MOST_PAGES + 1, len(content)), "those behind are told as damaged"


def test_where_the_file_breaks_off_the_missing_page_is_told() -> None:
    content = pages_of("red", "lime", "blue")
    last = tiff_pages.page_offsets(content)[2]
    assert images.survey(content[:last]) == ("TIFF", 3)
    with pytest.raises(InputError) as caught:
        images.decode(content[:last], 3)
    assert caught.value.code is ErrorCode.PICTURE_DAMAGED


@given(st.binary(max_size=200), st.sampled_from([b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0", b""]))
def test_whatever_the_bytes_the_search_ends(content: bytes, magic: bytes) -> None:
    offsets = tiff_pages.page_offsets(magic + content)
    assert len(set(offsets)) == len(offsets)
