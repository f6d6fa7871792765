"""What is sent is small, legible, within the limits of who gets it, and nothing but pixels."""

from __future__ import annotations

import io
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, PngImagePlugin

from ocr_desktop.core import images
from ocr_desktop.core.encoding import SMALLEST_SIDE, encoded, reduced
from ocr_desktop.core.geometry import Size
from tests.support import pictures
from tests.support.colour_profiles import rgb_profile
from tests.support.pictures import Words, draw_page
from tests.support.workers import lines_of, open_reader, stored

USUAL = ("image/png", "image/jpeg")
SIDE = 2300
SCREENSHOT = draw_page(Words("Small flat words", 10, 10), ground="#f0f0f8", ink="#203060")
SECRETS = (b"GPS", b"Somebody", b"51.5", b"2026:11:21", b"holiday.jpg", b"xmpmeta", b"A test", b"Exif", b"ICC_PROFILE")


def photograph(size: tuple[int, int] = (600, 600)) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise(size, 80) for _ in range(3)])


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_screenshot_is_sent_without_loss() -> None:
    sent = encoded(SCREENSHOT, USUAL, longest_side=SIDE)
    assert (sent.media_type, sent.size) == ("image/png", Size(900, 600))
    assert ImageChops.difference(opened(sent.data), SCREENSHOT).getbbox() is None


def test_flat_though_of_many_colours_is_still_sent_without_loss() -> None:
    """More colours than any count of them would take for a screenshot: two shades, and a few words."""
    picture = Image.merge(
        "RGB", (Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90), Image.new("L", (256, 256), 90))
    )
    picture = ImageChops.add(picture.resize((1024, 1024), Image.Resampling.NEAREST), Image.new("RGB", (1024, 1024)))
    assert picture.getcolors(1 << 14) is None
    assert encoded(picture, USUAL, longest_side=SIDE).media_type == "image/png"


def test_a_photograph_is_sent_small() -> None:
    sent = encoded(photograph(), USUAL, longest_side=SIDE)
    assert sent.media_type == "image/jpeg"
    assert len(sent.data) < len(encoded(photograph(), ("image/png",), longest_side=SIDE).data)


def test_a_screenshot_with_a_photograph_in_it_goes_by_the_size_of_the_whole() -> None:
    picture = SCREENSHOT.copy()
    picture.paste(photograph((500, 400)), (200, 100))
    assert encoded(picture, USUAL, longest_side=SIDE).media_type == "image/jpeg"


def test_coloured_words_keep_their_resolution() -> None:
    sent = encoded(
        draw_page(Words("Red on blue", 10, 10), ground="blue", ink="red"), ("image/jpeg",), longest_side=SIDE
    )
    assert opened(sent.data).layer[0][1:3] == opened(sent.data).layer[1][1:3]


def test_a_page_without_colours_is_sent_without_their_bytes() -> None:
    page = draw_page(Words("Black on white", 10, 10))
    for media_type in USUAL:
        sent = opened(encoded(page, (media_type,), longest_side=SIDE).data)
        assert sent.mode == "L"
        assert max(high for _, high in ImageChops.difference(sent.convert("RGB"), page).getextrema()) < 60


@pytest.mark.parametrize("picture", [SCREENSHOT, photograph()])
@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp"])
def test_only_what_the_endpoint_takes_is_made(picture: Image.Image, media_type: str) -> None:
    sent = encoded(picture, (media_type,), longest_side=SIDE)
    assert sent.media_type == media_type == Image.MIME[opened(sent.data).format or ""]


def test_webp_is_made_only_where_nothing_better_is_taken() -> None:
    every = ("image/webp", "image/png", "image/jpeg")
    assert {encoded(picture, every, longest_side=SIDE).media_type for picture in (SCREENSHOT, photograph())} == set(
        USUAL
    )


def test_no_known_media_type_is_an_error() -> None:
    with pytest.raises(ValueError, match="image/heic"):
        encoded(SCREENSHOT, ("image/heic",), longest_side=SIDE)


def test_a_picture_is_reduced_without_distortion_and_never_enlarged() -> None:
    for size, smaller in (((3000, 1500), (2300, 1150)), ((300, 150), (300, 150)), ((9000, 20), (2300, 5))):
        picture = Image.new("RGB", size, "white")
        assert reduced(picture, SIDE).size == smaller
        assert encoded(picture, USUAL, longest_side=SIDE).size == Size(*smaller)


@pytest.mark.parametrize("media_types", [USUAL, ("image/png",), ("image/jpeg",), ("image/webp",)])
@pytest.mark.parametrize("most_bytes", [300_000, 100_000, 15_000])
def test_the_most_bytes_are_kept_to(media_types: tuple[str, ...], most_bytes: int) -> None:
    sent = encoded(photograph(), media_types, longest_side=SIDE, most_bytes=most_bytes)
    assert len(sent.data) <= most_bytes
    assert opened(sent.data).size == (sent.size.width, sent.size.height)
    assert sent.size.width == sent.size.height >= SMALLEST_SIDE


def test_quality_is_given_up_before_pixels_and_no_more_than_needed() -> None:
    free = encoded(photograph(), ("image/jpeg",), longest_side=SIDE)
    a_little_less = encoded(photograph(), ("image/jpeg",), longest_side=SIDE, most_bytes=len(free.data) * 9 // 10)
    assert a_little_less.size == Size(600, 600)
    assert len(a_little_less.data) > len(free.data) * 6 // 10
    enough = encoded(SCREENSHOT, USUAL, longest_side=SIDE, most_bytes=1_000_000)
    assert enough == encoded(SCREENSHOT, USUAL, longest_side=SIDE)


@pytest.mark.parametrize("media_types", [USUAL, ("image/png",), ("image/webp",)])
def test_a_limit_that_nothing_fits_ends_with_the_smallest(media_types: tuple[str, ...]) -> None:
    sent = encoded(photograph((200, 1000)), media_types, longest_side=SIDE, most_bytes=1)
    assert max(sent.size.width, sent.size.height) == SMALLEST_SIDE


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 300), st.integers(1, 300), st.integers(64, 400), st.one_of(st.none(), st.integers(1, 20_000)),
    st.sets(st.sampled_from(["image/png", "image/jpeg", "image/webp"]), min_size=1),
)  # fmt: skip
def test_any_picture_within_any_limits(
    width: int, height: int, longest_side: int, most_bytes: int | None, media_types: set[str]
) -> None:
    picture = photograph((width, height))
    sent = encoded(picture, tuple(media_types), longest_side=longest_side, most_bytes=most_bytes)
    assert sent.media_type in media_types
    assert opened(sent.data).size == (sent.size.width, sent.size.height)
    assert max(sent.size.width, sent.size.height) <= min(longest_side, max(width, height))
    if most_bytes is not None and max(sent.size.width, sent.size.height) > SMALLEST_SIDE:
        assert len(sent.data) <= most_bytes


def with_everything_known(picture: Image.Image, format_name: str) -> bytes:
    """A file that says who made it, when and where, in every way its format has."""
    exif = Image.Exif()
    exif[0x013B], exif[0x0132], exif[0x010E] = "Somebody", "2026:11:21 10:00:00", "holiday.jpg"
    exif.get_ifd(0x8825)[2] = (51.5, 0.0, 0.0)
    exif.get_ifd(0x8825)[29] = "2026:11:21"
    options: dict[str, object] = {"exif": exif, "icc_profile": rgb_profile(), "xmp": b"<x:xmpmeta>Somebody</x:xmpmeta>"}
    if format_name == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", "Somebody")
        notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Somebody</x:xmpmeta>")
        notes.add_text("Comment", "holiday.jpg", zip=True)
        options |= {"pnginfo": notes, "dpi": (300, 300)}
        del options["xmp"]
    if format_name == "JPEG":
        options |= {"comment": b"Somebody", "dpi": (300, 300)}
    return pictures.encoded(picture, format_name, **options)


def parts_of(data: bytes, media_type: str) -> set[str]:
    """The kinds of chunks or segments in a file."""
    found, at = [], {"image/png": 8, "image/jpeg": 2, "image/webp": 12}[media_type]
    while at < len(data):
        if media_type == "image/jpeg":
            found.append(data[at + 1 : at + 2].hex())
            if found[-1] == "da":
                break
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        else:
            is_png = media_type == "image/png"
            found.append(data[at + 4 * is_png : at + 4 * is_png + 4].decode().strip())
            (length,) = struct.unpack_from(">I" if is_png else "<I", data, at + 4 * (not is_png))
            at += length + (12 if is_png else 8 + length % 2)
    return set(found)


PIXELS_ALONE = {
    "image/png": {"IHDR", "IDAT", "IEND"},
    # JFIF's head, quantisation, frame, Huffman tables, scan.
    "image/jpeg": {"e0", "db", "c0", "c4", "da"},
    "image/webp": {"VP8", "VP8L"},
}


@pytest.mark.parametrize("source_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp"])
@pytest.mark.parametrize("picture", [SCREENSHOT, photograph((200, 200))])
def test_nothing_of_what_the_file_knew_is_sent(picture: Image.Image, source_format: str, media_type: str) -> None:
    content = with_everything_known(picture, source_format)
    assert b"Somebody" in content
    sent = encoded(images.decode(content).picture, (media_type,), longest_side=SIDE)
    assert parts_of(sent.data, media_type) <= PIXELS_ALONE[media_type]
    assert [secret for secret in SECRETS if secret in sent.data] == []
    assert set(opened(sent.data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background"}


async def test_the_words_of_a_page_are_read_from_what_is_sent_as_from_the_page_itself() -> None:
    """A scan with small letters on speckled paper, and coloured letters: as legible as without loss."""
    lines = [
        Words(f"Invoice {random.Random(row).randint(10_000, 99_999)} paid in full", 40, 40 + 40 * row, 18)
        for row in range(8)
    ]
    scan = draw_page(*lines, size=(900, 420), ground="#f0ede4", ink="#333333")
    scan = ImageChops.add(scan, Image.merge("RGB", [Image.effect_noise(scan.size, 14) for _ in range(3)]), 1, -128)
    ImageDraw.Draw(scan).rectangle((450, 0, 900, 420), fill="#2030c0")
    scan.paste(draw_page(*lines, size=(450, 420), ground="#2030c0", ink="#e04040"), (450, 0))
    sent = encoded(scan, ("image/png", "image/jpeg"), longest_side=SIDE)
    assert sent.media_type == "image/jpeg"
    tight = encoded(scan, ("image/jpeg",), longest_side=SIDE, most_bytes=len(sent.data) * 7 // 10)
    assert tight.size == sent.size
    async with open_reader() as (store, reader):
        read = [
            sorted(line.text for line in await lines_of(reader, stored(store, picture)))
            for picture in (scan, opened(sent.data).convert("RGB"), opened(tight.data).convert("RGB"))
        ]
    assert len(read[0]) == 16
    assert read[1] == read[0]
    assert read[2] == read[0]
