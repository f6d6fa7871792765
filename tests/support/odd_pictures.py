"""Every format and every oddity that a picture's file can have, drawn with what it must look like.

As a program it opens each through the real worker and prints what came: `python -m tests.support.odd_pictures`.
"""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from ocr_desktop.core.geometry import View
from ocr_desktop.worker.client import PicturesClient
from ocr_desktop.worker.pixels import PixelStore
from tests.support import heic_files
from tests.support.colour_profiles import D50, WIDE_PRIMARIES, grey_profile, ink_profile, rgb_profile
from tests.support.pictures import encoded
from tests.support.workers import open_in, open_pictures, picture_in

SIDES = (64, 48)
ORIENTATION = 0x0112
Turn = Image.Transpose
STORED_AS = {
    1: None, 2: Turn.FLIP_LEFT_RIGHT, 3: Turn.ROTATE_180, 4: Turn.FLIP_TOP_BOTTOM, 5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90, 7: Turn.TRANSVERSE, 8: Turn.ROTATE_270,
}  # fmt: skip
"""How an upright picture is stored under each EXIF orientation."""
PLACES = {"mark": (6, 6), "red": (22, 16), "green": (48, 12), "blue": (16, 36), "yellow": (40, 30), "white": (58, 42)}
"""Where colours are compared, in pixels of `SIDES`: away from every edge."""
SRGB_PRIMARIES = np.array([[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]])
"""As X, Y, Z in the light of paper (D50)."""
UPPER = ("mark", "red", "green")
HALF_PATCH = 1


@dataclass(frozen=True, slots=True)
class OddPicture:
    """A file, and what its page must look like.

    Attributes:
        is_read_alike: OpenCV reads such a file and means the same by it.
        tolerance: The largest difference of any colour, of 255: of the format's own loss.
        places: Where it is compared.
    """

    name: str
    content: bytes
    truth: Image.Image
    tolerance: int = 2
    is_read_alike: bool = True
    page: int = 1
    places: tuple[str, ...] = tuple(PLACES)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one: sizes as opened and as sent, whether these are the same pixels, and who says it is right."""

    picture: OddPicture
    opened: tuple[int, int]
    sent: tuple[int, int]
    is_sent_as_shown: bool
    from_truth: int
    from_opencv: int | None
    warnings: tuple[str, ...]


def quadrants() -> Image.Image:
    """Red, green, blue and yellow, with a black corner at the top left and a white one at the bottom right."""
    picture = Image.new("RGB", SIDES)
    for colour, box in {
        (220, 40, 40): (0, 0, 32, 24), (40, 180, 60): (32, 0, 64, 24), (40, 60, 200): (0, 24, 32, 48),
        (230, 210, 60): (32, 24, 64, 48), (0, 0, 0): (0, 0, 12, 12), (255, 255, 255): (52, 36, 64, 48),
    }.items():  # fmt: skip
        picture.paste(colour, box)
    return picture


def greys() -> Image.Image:
    """The same places in grey."""
    picture = Image.new("L", SIDES)
    for grey, box in ((90, (0, 0, 32, 24)), (150, (32, 0, 64, 24)), (60, (0, 24, 32, 48)), (210, (32, 24, 64, 48)),
                      (0, (0, 0, 12, 12)), (255, (52, 36, 64, 48))):  # fmt: skip
        picture.paste(grey, box)
    return picture


def black_and_white() -> Image.Image:
    return greys().point(lambda value: 255 if value > 128 else 0).convert("1", dither=Image.Dither.NONE)


def on_ground(ink: str, ground: str) -> Image.Image:
    """What a mark on nothing must become."""
    picture = Image.new("RGB", SIDES, ground)
    picture.paste(ink, (0, 0, 12, 12))
    return picture


def on_nothing(ink: str, mode: str) -> Image.Image:
    """The mark alone; what is transparent has the same colour, so nothing but the alpha tells them apart."""
    picture = Image.new("RGB", SIDES, ink)
    alpha = Image.new("L", SIDES, 0)
    alpha.paste(255, (0, 0, 12, 12))
    picture.putalpha(alpha)
    return picture.convert(mode)


def odd_pictures() -> list[OddPicture]:
    """All of them."""
    return [
        *_plain(), *_orientations(), *_many_colours(), *_few_colours(), *_deep(), *_transparent(), *_profiles(),
        *_densities(), *_pages(), *_moving(), *_cut(),
    ]  # fmt: skip


def _plain() -> Iterator[OddPicture]:
    truth = quadrants()
    for kind, options, tolerance in (
        ("PNG", {}, 0), ("BMP", {}, 0), ("PPM", {}, 0), ("JPEG2000", {}, 0), ("AVIF", {"quality": 95}, 8),
        ("TIFF", {}, 0), ("TIFF with large offsets", {"big_tiff": True}, 0), ("WEBP", {"quality": 95}, 10),
        ("TIFF, LZW", {"compression": "tiff_lzw"}, 0), ("TIFF, JPEG inside", {"compression": "jpeg"}, 8),
        ("JPEG", {"quality": 95, "subsampling": 0}, 6), ("WEBP, lossless", {"lossless": True}, 0),
        ("JPEG, progressive", {"quality": 95, "progressive": True}, 10),
    ):  # fmt: skip
        content = encoded(truth, kind.partition(" ")[0].strip(","), **options)
        yield OddPicture(kind, content, truth, tolerance)
    yield OddPicture("HEIC", heic_files.PLAIN, truth, 8, is_read_alike=False)
    yield OddPicture("HEIC on its side", heic_files.TURNED, truth, 8, is_read_alike=False)
    yield OddPicture("HEIC with two pictures", heic_files.SEVERAL, truth, 8, is_read_alike=False)


def _orientations() -> Iterator[OddPicture]:
    truth = quadrants()
    for number, turn in STORED_AS.items():
        exif = Image.Exif()
        exif[ORIENTATION] = number
        stored = truth if turn is None else truth.transpose(turn)
        content = encoded(stored, "JPEG", quality=95, subsampling=0, exif=exif)
        yield OddPicture(f"JPEG, EXIF orientation {number}", content, truth, 6)
        if number == 6:
            for name in ("PNG", "TIFF", "WEBP"):
                content = encoded(stored, name, exif=exif, **({"lossless": True} if name == "WEBP" else {}))
                yield OddPicture(f"{name}, EXIF orientation 6", content, truth, 0, is_read_alike=name == "PNG")
            content = encoded(stored, "AVIF", quality=95, exif=exif)
            yield OddPicture("AVIF on its side", content, truth, 8, is_read_alike=False)


def _many_colours() -> Iterator[OddPicture]:
    truth = quadrants()
    inks = truth.convert("CMYK")
    jpeg = encoded(inks, "JPEG", quality=95, subsampling=0)
    yield OddPicture("JPEG, CMYK as Adobe writes it, inverted", jpeg, truth, 10)
    yield OddPicture("TIFF, CMYK", encoded(inks, "TIFF"), truth, 2)
    yield OddPicture("TIFF, YCbCr", encoded(truth.convert("YCbCr"), "TIFF"), truth, 3, is_read_alike=False)
    yield OddPicture("TIFF, LAB", encoded(_as_lab(truth), "TIFF"), truth, 10, is_read_alike=False)


def _few_colours() -> Iterator[OddPicture]:
    truth, grey, bits = quadrants(), greys().convert("RGB"), black_and_white()
    palette = truth.quantize(8, dither=Image.Dither.NONE)
    for name in ("PNG", "GIF", "BMP", "TIFF"):
        yield OddPicture(f"{name}, palette", encoded(palette, name), truth, 2)
    for name in ("PNG", "JPEG", "TIFF", "PPM", "BMP"):
        content = encoded(greys(), name, **({"quality": 95} if name == "JPEG" else {}))
        yield OddPicture(f"{name}, grey", content, grey, 3)
    for name, options in (("PNG", {}), ("BMP", {}), ("PPM", {}), ("TIFF", {"compression": "group4"})):
        yield OddPicture(
            f"{name}, 1 bit {''.join(options.values())}", encoded(bits, name, **options), bits.convert("RGB"), 0
        )
    white_is_zero = encoded(bits, "TIFF", tiffinfo={262: 0})
    yield OddPicture("TIFF, 1 bit, zero is white", white_is_zero, bits.convert("RGB"), 0)


def _deep() -> Iterator[OddPicture]:
    truth, grey = quadrants(), greys().convert("RGB")
    wide = np.asarray(truth, np.uint16)[:, :, ::-1] * 257
    wide_grey = np.asarray(greys(), np.uint16) * 257
    for ending in ("png", "tiff"):
        yield OddPicture(f"{ending.upper()}, 16 bits of each colour", _by_opencv(ending, wide), truth, 1)
        yield OddPicture(f"{ending.upper()}, 16 bits of grey", _by_opencv(ending, wide_grey), grey, 1)
    big_endian = encoded(Image.fromarray(wide_grey.astype(">u2")), "TIFF")
    yield OddPicture("TIFF, 16 bits of grey, most significant first", big_endian, grey, 1, is_read_alike=False)
    twelve = Image.fromarray(wide_grey >> 4)
    yield OddPicture("PNG, 12 bits of grey in 16", encoded(twelve), grey, 1, is_read_alike=False)
    floats = Image.fromarray(np.asarray(greys(), np.float32) / 255)
    yield OddPicture("TIFF, floats from 0 to 1", encoded(floats, "TIFF"), grey, 1, is_read_alike=False)
    negatives = {"16 bits of grey": 65535 - wide_grey, "floats": 1 - np.asarray(floats)}
    for kind, pixels in negatives.items():
        content = encoded(Image.fromarray(pixels), "TIFF", tiffinfo={262: 0})
        yield OddPicture(f"TIFF, {kind}, zero is white", content, grey, 1, is_read_alike=False)


def _transparent() -> Iterator[OddPicture]:
    for ink, ground in (("black", "white"), ("white", "black")):
        truth = on_ground(ink, ground)
        for mode in ("RGBA", "LA"):
            picture = on_nothing(ink, mode)
            yield OddPicture(f"PNG, {mode}, {ink} on nothing", encoded(picture), truth, 0, is_read_alike=False)
        content = encoded(on_nothing(ink, "RGBA"), "WEBP", lossless=True, exact=True)
        yield OddPicture(f"WEBP, RGBA, {ink} on nothing", content, truth, 0, is_read_alike=False)
        palette = Image.new("P", SIDES, 0)
        palette.putpalette([255, 0, 255, *({"black": (0, 0, 0), "white": (255, 255, 255)}[ink])])
        palette.paste(1, (0, 0, 12, 12))
        for name in ("PNG", "GIF"):
            content = encoded(palette, name, transparency=0)
            yield OddPicture(f"{name}, palette, {ink} on nothing", content, truth, 0, is_read_alike=False)


def _profiles() -> Iterator[OddPicture]:
    truth = quadrants()
    wide = (_linear(truth) @ SRGB_PRIMARIES @ np.linalg.inv(np.array(WIDE_PRIMARIES))).clip(0, 1) ** (1 / 2.2)
    stored = Image.fromarray((wide * 255).round().astype(np.uint8))
    profile = rgb_profile()
    yield OddPicture("PNG, Adobe RGB", encoded(stored, icc_profile=profile), truth, 4, is_read_alike=False)
    jpeg = encoded(stored, "JPEG", quality=97, subsampling=0, icc_profile=profile)
    yield OddPicture("JPEG, Adobe RGB", jpeg, truth, 8, is_read_alike=False)
    other = _linear(greys()) ** (1 / 1.8)
    content = encoded(Image.fromarray((other * 255).round().astype(np.uint8)), icc_profile=grey_profile(1.8))
    yield OddPicture("PNG, grey with a gamma of 1.8", content, greys().convert("RGB"), 3, is_read_alike=False)
    inks = Image.new("CMYK", SIDES, (0, 0, 0, 0))
    inks.paste((0, 0, 0, 255), (0, 0, 12, 12))
    content = encoded(inks, "JPEG", quality=97, icc_profile=ink_profile())
    yield OddPicture("JPEG, CMYK with a profile", content, on_ground("black", "white"), 6, is_read_alike=False)
    content = encoded(truth, icc_profile=b"no profile at all")
    yield OddPicture("PNG, a broken profile", content, truth, 0)


def _densities() -> Iterator[OddPicture]:
    truth = quadrants()
    low = truth.resize((64, 23), Image.Resampling.BOX)
    fax = black_and_white().convert("L").resize((64, 23), Image.Resampling.BOX).convert("1", dither=Image.Dither.NONE)
    white = black_and_white().convert("RGB")
    content = encoded(fax, "TIFF", compression="group4", dpi=(204, 98))
    yield OddPicture("TIFF, a coarse fax, 204 x 98 dpi", content, white, 4, is_read_alike=False)
    yield OddPicture("PNG, 204 x 98 dpi", encoded(low, dpi=(204, 98)), truth, 4, is_read_alike=False)
    narrow = truth.resize((32, 48), Image.Resampling.BOX)
    content = encoded(narrow, "JPEG", quality=95, subsampling=0, dpi=(150, 300))
    yield OddPicture("JPEG, 150 x 300 dpi", content, truth, 8, is_read_alike=False)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    content = encoded(
        truth.transpose(Turn.ROTATE_90).resize((48, 32), Image.Resampling.BOX), "TIFF", exif=exif, dpi=(200, 100)
    )
    yield OddPicture("TIFF on its side, 200 x 100 dpi", content, truth, 4, is_read_alike=False)
    content = encoded(truth, "JPEG", quality=95, subsampling=0, dpi=(300, 1))
    yield OddPicture("JPEG, a density that cannot be", content, truth, 6)


def _pages() -> Iterator[OddPicture]:
    content = three_pages()
    truths = (quadrants(), greys().convert("RGB").resize((128, 96), Image.Resampling.NEAREST), quadrants())
    for number, truth in enumerate(truths, 1):
        yield OddPicture(f"TIFF, page {number} of 3", content, truth, 1, is_read_alike=False, page=number)


def three_pages() -> bytes:
    """A TIFF: colour; grey, larger, LZW; colour on its side."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    second = greys().resize((128, 96), Image.Resampling.NEAREST)
    second.encoderinfo = {"compression": "tiff_lzw"}
    third = quadrants().transpose(Turn.ROTATE_90)
    third.encoderinfo = {"exif": exif}
    return encoded(quadrants(), "TIFF", save_all=True, append_images=[second, third])


def _moving() -> Iterator[OddPicture]:
    truth, next_frame = quadrants(), Image.new("RGB", SIDES, "white")
    for name, options in (("GIF", {}), ("PNG", {}), ("WEBP", {"lossless": True}), ("AVIF", {"quality": 95})):
        content = encoded(truth, name, save_all=True, append_images=[next_frame], duration=100, **options)
        tolerance = {"GIF": 6, "AVIF": 8}.get(name, 0)
        yield OddPicture(f"{name}, moving", content, truth, tolerance, is_read_alike=name == "GIF")


def _cut() -> Iterator[OddPicture]:
    # Enough of it that its first half is in the first half of the file.
    truth = quadrants().resize((640, 480), Image.Resampling.NEAREST)
    noisy = ImageChops.add(truth, Image.effect_noise(truth.size, 20).convert("RGB"), offset=-128)
    files = {
        "JPEG": encoded(noisy, "JPEG", quality=95),
        "PNG": encoded(noisy),
        "WEBP": encoded(noisy, "WEBP", quality=90),
        "GIF": encoded(noisy, "GIF", interlace=0),
        "TIFF": encoded(noisy, "TIFF"),
        "TIFF, deflate": tiff_in_strips(noisy),
    }
    for name, content in files.items():
        cut = content[: len(content) * 7 // 10]
        yield OddPicture(f"{name}, broken off", cut, truth, 24, is_read_alike=False, places=UPPER)


def tiff_in_strips(picture: Image.Image, rows: int = 16) -> bytes:
    """An RGB picture as a TIFF whose directory comes first, then the deflated strips, as scanners write them."""
    strips = [
        zlib.compress(picture.crop((0, top, picture.width, min(top + rows, picture.height))).tobytes())
        for top in range(0, picture.height, rows)
    ]
    count, tags = len(strips), 9
    depths = 8 + 2 + 12 * tags + 4
    offsets, lengths = depths + 6, depths + 6 + 4 * count
    entries = (
        (256, 4, 1, picture.width), (257, 4, 1, picture.height), (258, 3, 3, depths), (259, 3, 1, 8), (262, 3, 1, 2),
        (273, 4, count, offsets), (277, 3, 1, 3), (278, 4, 1, rows), (279, 4, count, lengths),
    )  # fmt: skip
    at, places = lengths + 4 * count, b""
    for strip in strips:
        places += struct.pack("<I", at)
        at += len(strip)
    directory = struct.pack("<H", tags) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    sizes = b"".join(struct.pack("<I", len(strip)) for strip in strips)
    return (
        b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<HHH", 8, 8, 8) + places + sizes + b"".join(strips)
    )


def _linear(picture: Image.Image) -> NDArray[np.float64]:
    """Light instead of sRGB's numbers, 0-1."""
    light = np.asarray(picture, np.float64) / 255
    return np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)


def _as_lab(picture: Image.Image) -> Image.Image:
    of_white = _linear(picture) @ SRGB_PRIMARIES / np.array(D50)
    x, y, z = np.moveaxis(np.where(of_white > 0.008856, np.cbrt(of_white), 7.787 * of_white + 16 / 116), 2, 0)
    bands = ((116 * y - 16) * 2.55, 500 * (x - y) + 128, 200 * (y - z) + 128)
    return Image.merge("LAB", [Image.fromarray(band.round().clip(0, 255).astype(np.uint8)) for band in bands])


def _by_opencv(ending: str, pixels: NDArray[np.uint16]) -> bytes:
    return bytes(cv2.imencode(f".{ending}", pixels)[1])


async def checked(store: PixelStore, pictures: PicturesClient, odd: OddPicture) -> Checked:
    """Open it and make the file that would be sent."""
    opened = await open_in(pictures, odd.content, odd.page)
    shown = picture_in(store, opened.pixels)
    sent = await pictures.encode(opened.pixels, View(), longest_side=2300, formats=("image/png",))
    pictures.release(opened.pixels)
    file = Image.open(io.BytesIO(sent.data)).convert("RGB")
    by_opencv = cv2.imdecode(np.frombuffer(odd.content, np.uint8), cv2.IMREAD_COLOR) if odd.is_read_alike else None
    other = None if by_opencv is None else Image.fromarray(np.ascontiguousarray(by_opencv[:, :, ::-1]))
    return Checked(
        odd,
        shown.size,
        file.size,
        file.tobytes() == shown.tobytes(),
        _difference(shown, odd.truth, odd.places),
        None if other is None else _difference(shown, other, odd.places),
        tuple(warning.value for warning in opened.warnings),
    )


def _difference(one: Image.Image, other: Image.Image, places: tuple[str, ...]) -> int:
    """The largest difference of any colour at these places; 255 where the sizes differ."""
    if one.size != other.size:
        return 255
    return max(
        abs(ours - theirs)
        for place in places
        for ours, theirs in zip(_colour(one, place), _colour(other, place), strict=True)
    )


def _colour(picture: Image.Image, place: str) -> tuple[int, ...]:
    x, y = (at * side // usual for at, side, usual in zip(PLACES[place], picture.size, SIDES, strict=True))
    half = max(HALF_PATCH * min(picture.size) // min(SIDES), 1)
    patch = picture.crop((x - half, y - half, x + half + 1, y + half + 1))
    return tuple(round(value) for value in np.asarray(patch).mean(axis=(0, 1)))


async def main() -> None:
    """Print the table."""
    print(f"{'file':46} {'opened':>9} = {'sent':9} same  drawn  OpenCV  said")
    async with open_pictures() as (store, pictures):
        for odd in odd_pictures():
            row = await checked(store, pictures, odd)
            sizes = [f"{width}x{height}" for width, height in (row.opened, row.sent)]
            same = "yes" if row.is_sent_as_shown else "NO"
            opencv = "-" if row.from_opencv is None else str(row.from_opencv)
            differences = f"{row.from_truth:6} {opencv:>7}"
            print(f"{odd.name:46} {sizes[0]:>9} = {sizes[1]:9} {same:4} {differences}  {', '.join(row.warnings)}")


if __name__ == "__main__":
    asyncio.run(main())
