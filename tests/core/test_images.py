"""Any picture comes out upright RGB with its text readable, or with one clear reason why not."""

from __future__ import annotations

import struct
import tracemalloc
import warnings
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageOps

from ocr_desktop.core import images
from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import PixelBox, Size, View, shown_size
from tests.support.pictures import Words, draw_page, encoded

ORIENTATION = 0x0112
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture is stored under each EXIF orientation."""


def marked(width: int = 60, height: int = 40) -> Image.Image:
    """White, with a black mark in the upper left corner and a grey one in the upper right."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((0, 0, 0), (0, 0, 16, 16))
    picture.paste((128, 128, 128), (width - 16, 0, width, 16))
    return picture


def code_of(content: bytes) -> ErrorCode:
    codes = []
    for read in (images.read_header, images.decode):
        try:
            read(content)
        except InputError as error:
            codes.append(error.code)
    assert codes, "it was decoded"
    return codes[-1]


def difference(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any pixel in any band."""
    return max(high for _, high in ImageChops.difference(one, other).getextrema())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_turns_the_picture_upright(orientation: int, format_name: str) -> None:
    turn = STORED_AS[orientation]
    stored = marked() if turn is None else marked().transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {"quality": 95} if format_name in {"JPEG", "WEBP"} else {}
    content = encoded(stored, format_name, exif=exif, **options)
    upright = images.decode(content)
    assert upright.picture.mode == "RGB"
    assert upright.picture.size == (60, 40)
    assert difference(upright.picture, marked()) < 40
    assert images.read_header(content).stored in (Size(60, 40), Size(40, 60))


@pytest.mark.parametrize(
    ("mode", "format_name"),
    [
        ("1", "PNG"), ("L", "PNG"), ("P", "PNG"), ("RGB", "PNG"), ("I;16", "PNG"), ("I;16", "TIFF"), ("I", "TIFF"),
        ("F", "TIFF"), ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("YCbCr", "TIFF"), ("LAB", "TIFF"), ("L", "PPM"),
        ("P", "GIF"), ("RGB", "BMP"), ("RGB", "WEBP"), ("RGB", "JPEG2000"), ("RGB", "AVIF"), ("1", "TIFF"),
    ],
)  # fmt: skip
def test_every_mode_becomes_rgb_with_black_black_and_white_white(mode: str, format_name: str) -> None:
    grey = ImageOps.grayscale(marked(64, 64))
    if mode in {"I;16", "I", "F"}:
        picture = grey.convert("I").point(lambda value: value * 257).convert(mode)
    elif mode == "LAB":
        neutral = Image.new("L", grey.size, 128)
        picture = Image.merge("LAB", (grey, neutral, neutral))
    else:
        picture = grey.convert("RGB").convert(mode)
    result = images.decode(encoded(picture, format_name)).picture
    assert result.mode == "RGB"
    assert max(result.getpixel((3, 3))) < 12
    assert min(result.getpixel((30, 50))) > 243


def test_sixteen_bits_keep_their_middle_grey() -> None:
    picture = Image.new("I;16", (4, 4), 65535)
    picture.putpixel((0, 0), 32768)
    assert abs(images.decode(encoded(picture)).picture.getpixel((0, 0))[0] - 128) <= 1


def test_twelve_bits_in_sixteen_are_not_black() -> None:
    picture = Image.new("I;16", (4, 4), 4000)
    assert images.decode(encoded(picture)).picture.getpixel((0, 0))[0] > 240


@pytest.mark.parametrize(("ink", "ground"), [((0, 0, 0), 255), ((255, 255, 255), 0), ((20, 60, 140), 255)])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_text_on_nothing_gets_a_ground_that_it_can_be_read_on(ink: tuple[int, ...], ground: int, mode: str) -> None:
    letters = ImageOps.invert(ImageOps.grayscale(draw_page(Words("Transparent", 10, 10, 40), size=(300, 70))))
    picture = Image.new("RGB", letters.size, ink)
    picture.putalpha(letters)
    result = images.decode(encoded(picture.convert(mode), "TIFF" if mode == "PA" else "PNG")).picture
    assert result.getpixel((0, 0)) == (ground,) * 3
    darkest, lightest = ImageOps.grayscale(result).getextrema()
    assert lightest - darkest > 120


def test_a_transparent_palette_colour_is_no_colour() -> None:
    picture = Image.new("P", (40, 40), 0)
    picture.putpalette([255, 0, 0, 0, 0, 0])
    picture.paste(1, (5, 5, 20, 20))
    for format_name in ("PNG", "GIF"):
        result = images.decode(encoded(picture, format_name, transparency=0)).picture
        assert result.getpixel((35, 35)) == (255, 255, 255)
        assert result.getpixel((10, 10)) == (0, 0, 0)


@pytest.mark.parametrize(("ink", "ground"), [((0, 0, 0), 255), ((255, 255, 255), 0)])
def test_ink_that_is_faint_all_over_gets_its_ground_too(ink: tuple[int, ...], ground: int) -> None:
    letters = ImageOps.invert(ImageOps.grayscale(draw_page(Words("Watermark", 10, 10, 40), size=(300, 70))))
    picture = Image.new("RGB", letters.size, ink)
    picture.putalpha(letters.point(lambda value: value * 90 // 255))
    result = images.decode(encoded(picture)).picture
    assert result.getpixel((0, 0)) == (ground,) * 3
    darkest, lightest = ImageOps.grayscale(result).getextrema()
    assert lightest - darkest > 60


@pytest.mark.parametrize(("ink", "ground"), [("black", 255), ("white", 0)])
def test_a_box_with_ground_of_its_own_does_not_hide_the_words_beside_it(ink: str, ground: int) -> None:
    """A drawing with large filled boxes and, between them, lines and letters on nothing."""
    fill = "white" if ink == "black" else "black"
    picture = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(picture)
    canvas.rectangle((20, 20, 380, 200), fill=fill, outline=ink, width=3)
    canvas.line((20, 250, 380, 250), fill=ink, width=4)
    assert images.decode(encoded(picture)).picture.getpixel((200, 280)) == (ground,) * 3


def test_sixteen_bits_of_colour_with_a_colour_that_is_none() -> None:
    picture = Image.new("I;16", (40, 40), 65535)
    picture.paste(0, (0, 0, 20, 40))
    result = images.decode(encoded(picture, transparency=65535)).picture
    assert result.getpixel((5, 5)) == (0, 0, 0)
    assert result.getpixel((35, 5)) == (255, 255, 255)


def test_what_is_invisible_does_not_choose_the_ground() -> None:
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), (40, 40, 60, 60))
    assert images.decode(encoded(picture)).picture.getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("format_name", "warnings"),
    [("TIFF", ()), ("GIF", (WarningCode.FIRST_FRAME_ONLY,)), ("WEBP", (WarningCode.FIRST_FRAME_ONLY,)),
     ("PNG", (WarningCode.FIRST_FRAME_ONLY,)), ("AVIF", (WarningCode.FIRST_FRAME_ONLY,))],
)  # fmt: skip
def test_of_several_frames_the_first_is_shown_and_said(format_name: str, warnings: tuple[WarningCode, ...]) -> None:
    frames = [marked(), Image.new("RGB", (60, 40), "black")]
    result = images.decode(encoded(frames[0], format_name, save_all=True, append_images=frames[1:]))
    assert result.warnings == warnings
    assert difference(result.picture, marked()) < 60


def test_a_phones_preview_picture_is_not_a_second_frame() -> None:
    content = encoded(marked(), "MPO", save_all=True, append_images=[marked(30, 20)])
    result = images.decode(content)
    assert (result.format, result.warnings) == ("JPEG", ())


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "BMP", "GIF"])
def test_of_a_truncated_picture_what_is_there_is_shown(format_name: str) -> None:
    page = draw_page(*(Words("Some words", 10, 30 * row, 24) for row in range(20)), size=(600, 600))
    content = encoded(page, format_name, **({"interlace": 0} if format_name == "GIF" else {}))
    result = images.decode(content[: len(content) * 2 // 3])
    assert result.warnings == (WarningCode.PICTURE_TRUNCATED,)
    assert result.picture.size == (600, 600)
    # A BMP begins with its last row.
    first = (0, 400, 600, 600) if format_name == "BMP" else (0, 0, 600, 200)
    assert difference(result.picture.crop(first), page.crop(first)) < 60


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_a_picture_of_which_only_the_header_is_there_is_damaged(format_name: str) -> None:
    content = encoded(draw_page(Words("Words", 10, 10)), format_name)
    cut = content.index(b"\xff\xda") + 12 if format_name == "JPEG" else 60
    assert code_of(content[:cut]) is ErrorCode.PICTURE_DAMAGED


@pytest.mark.parametrize(
    "content", [b"", b"words, no picture", b"\0\0\1\0an icon", b"%PDF-1.7\n", b"\0" * 1000, b"<svg/>", b"%!PS-Adobe"]
)
def test_what_is_no_picture(content: bytes) -> None:
    assert code_of(content) is ErrorCode.NOT_A_PICTURE


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(("kind", "head"), [(b"zTXt", b"Comment\0\0"), (b"iTXt", b"A\0\1\0\0\0"), (b"iCCP", b"A\0\0")])
def test_a_comment_that_is_a_bomb_does_not_hide_the_picture(kind: bytes, head: bytes) -> None:
    png = encoded(marked())
    unpacked = 200 << 20
    content = png[:33] + chunk(kind, head + zlib.compress(bytes(unpacked), 9)) + png[33:]
    tracemalloc.start()
    try:
        result = images.decode(content)
        assert tracemalloc.get_traced_memory()[1] < unpacked // 4
    finally:
        tracemalloc.stop()
    assert (difference(result.picture, marked()), result.warnings) == (0, ())


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"qt  ", b"M4A "])
def test_a_film_is_no_picture(brand: bytes) -> None:
    assert code_of(struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 0, brand) + bytes(100)) is ErrorCode.NOT_A_PICTURE


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_a_phones_picture_of_which_nothing_is_left_is_damaged(brand: bytes) -> None:
    assert code_of(struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 0, brand) + bytes(100)) is ErrorCode.PICTURE_DAMAGED


def test_a_way_of_writing_pictures_that_is_not_known_is_no_damage() -> None:
    floats = encoded(marked(), "TIFF", tiffinfo={339: (3, 3, 3)})
    assert code_of(floats) is ErrorCode.PICTURE_UNSUPPORTED
    assert code_of(floats[:-30]) is not ErrorCode.NOT_A_PICTURE


def test_a_density_behind_the_pixels_changes_no_size_that_was_promised() -> None:
    png = encoded(marked(60, 40))
    end = png.index(b"IEND") - 4
    content = png[:end] + chunk(b"pHYs", struct.pack(">IIB", 4000, 2000, 1)) + png[end:]
    assert images.decode(content).picture.size == (60, 40)
    assert images.read_header(content).stored == Size(60, 40)


def test_a_picture_that_only_says_it_is_enormous_takes_no_memory() -> None:
    lying = b"RIFF" + struct.pack("<I", 400 << 20) + b"WEBPVP8 " + bytes(500)
    tracemalloc.start()
    try:
        assert code_of(lying) is ErrorCode.PICTURE_DAMAGED
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with a few bytes of picture."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(65_536, 65_536), (20_000, 10_001), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for read in (images.read_header, images.decode):
            with pytest.raises(InputError) as caught:
                read(bomb(*size))
            assert caught.value.code is ErrorCode.PICTURE_TOO_LARGE
            assert (caught.value.fields["width"], caught.value.fields["height"]) == size


def test_a_large_picture_below_the_limit_is_no_bomb() -> None:
    assert images.read_header(bomb(14_000, 14_000)).stored == Size(14_000, 14_000)


@settings(max_examples=60)
@given(st.data())
def test_no_damage_is_a_bug(data: st.DataObject) -> None:
    format_name = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP", "AVIF", "PPM"]))
    content = bytearray(encoded(marked(), format_name))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    try:
        result = images.decode(bytes(content))
    except InputError:
        return
    assert result.picture.mode == "RGB"


@given(
    st.integers(1, 40), st.integers(1, 40), st.integers(-5, 5),
    st.tuples(*[st.floats(-10, 50)] * 4),
)  # fmt: skip
def test_what_is_shown_is_what_the_geometry_says(
    width: int, height: int, turns: int, crop: tuple[float, float, float, float]
) -> None:
    picture = Image.new("RGB", (width, height))
    view = View(turns, PixelBox(*crop))
    assert images.shown(picture, view).size == (
        shown_size(view, Size(width, height)).width,
        shown_size(view, Size(width, height)).height,
    )


def test_turns_are_clockwise() -> None:
    turned = images.shown(marked(), View(1, PixelBox(0, 0, 60, 40)))
    assert turned.size == (40, 60)
    assert turned.getpixel((35, 3)) == (0, 0, 0)
    assert turned.getpixel((35, 57)) == (128, 128, 128)
