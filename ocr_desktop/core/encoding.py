"""The file that is sent of a picture: small enough for who gets it, its words as legible as before, nothing else in it.

JPEG or PNG, whichever is smaller: what the embedded engine reads of a page is the same from a PNG and from a JPEG of
`FULL_QUALITY` without subsampling (`tests/core/test_encoding.py`). A file holds the pixels alone: no name, no place, no
date, no profile.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from PIL import Image, ImageChops

from ocr_desktop.core.geometry import Size

FULL_QUALITY = 90
LOWER_QUALITIES = (85, 80)
"""Tried in turn where a file is too large; below, small letters suffer more than from fewer pixels."""
SMALLEST_SIDE = 64
"""A longer side is not made shorter than this, in pixels, however few bytes are allowed."""
SAFETY = 0.96
"""Bytes shrink a little less than pixels do: so much more is taken off the sides, to need fewer attempts."""
LEAST_SHRINKING, MOST_SHRINKING = 0.9, 0.4
"""Of the sides, from one attempt to the next."""
SAMPLES = 8
SAMPLED_PART = 1 / 12
SURELY_LARGER = 1.2
"""The whole is not tried without loss where the sample says that it would be so many times as large."""
LOSSLESS = ("image/png", "image/webp")
LOSSY = ("image/jpeg", "image/webp")
"""The better one first: WebP halves the resolution of colour."""


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """A picture's file, and its size in pixels."""

    media_type: str
    data: bytes
    size: Size


def encoded(
    picture: Image.Image, media_types: tuple[str, ...], *, longest_side: int, most_bytes: int | None = None
) -> EncodedFile:
    """The smallest legible file of one of these media types, with no side above `longest_side` pixels.

    Where it has more than `most_bytes`, first quality is given up, in two steps, then pixels; what at `SMALLEST_SIDE`
    has more still is returned as it is.

    Args:
        picture: RGB.
        media_types: What may be made; WebP only where it alone can be with, or without, loss.
        longest_side: Never enlarges.
        most_bytes: Of the file; None: any number.

    Raises:
        ValueError: None of the media types can be written.
    """
    lossless = next((kind for kind in LOSSLESS if kind in media_types), None)
    lossy = next((kind for kind in LOSSY if kind in media_types), None)
    if lossless is None and lossy is None:
        raise ValueError(f"no known media type among {media_types}")
    small = _without_needless_colour(reduced(picture, longest_side))
    best = _smallest(small, lossless, lossy, FULL_QUALITY)
    if most_bytes is None:
        return best
    for quality in LOWER_QUALITIES if lossy else ():
        if len(best.data) > most_bytes:
            best = min(best, _lossy(small, lossy or "", quality), key=lambda file: len(file.data))
    while len(best.data) > most_bytes and max(best.size.width, best.size.height) > SMALLEST_SIDE:
        longest = max(best.size.width, best.size.height)
        wanted = SAFETY * math.sqrt(most_bytes / len(best.data))
        shorter = int(longest * min(max(wanted, MOST_SHRINKING), LEAST_SHRINKING))
        best = _smallest(reduced(small, max(shorter, SMALLEST_SIDE)), lossless, lossy, LOWER_QUALITIES[-1])
    return best


def reduced(picture: Image.Image, longest_side: int) -> Image.Image:
    """The picture with neither side above `longest_side` pixels, its proportions kept; never enlarged."""
    scale = longest_side / max(picture.size)
    if scale >= 1:
        return picture
    width, height = (max(round(side * scale), 1) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _without_needless_colour(picture: Image.Image) -> Image.Image:
    """One band instead of three where all are the same."""
    red, green, blue = picture.split()
    is_grey = all(ImageChops.difference(red, band).getbbox() is None for band in (green, blue))
    return red if is_grey else picture


def _smallest(picture: Image.Image, lossless: str | None, lossy: str | None, quality: int) -> EncodedFile:
    """The smaller one of the file with loss and the one without."""
    if lossy is None:
        return _lossless(picture, lossless or "")
    small = _lossy(picture, lossy, quality)
    if lossless is None or not _may_be_smaller(picture, lossless, len(small.data)):
        return small
    exact = _lossless(picture, lossless)
    return exact if len(exact.data) <= len(small.data) else small


def _may_be_smaller(picture: Image.Image, media_type: str, most_bytes: int) -> bool:
    """Whether a file without loss is worth trying, judged by strips from all over the picture.

    Of a photograph it takes half a second, and is four times as large.
    """
    rows = math.ceil(picture.height * SAMPLED_PART / SAMPLES)
    strips = Image.new(picture.mode, (picture.width, SAMPLES * rows))
    for index in range(SAMPLES):
        top = (2 * index + 1) * (picture.height - rows) // (2 * SAMPLES)
        strips.paste(picture.crop((0, top, picture.width, top + rows)), (0, index * rows))
    of_all = len(_lossless(strips, media_type).data) * picture.height / strips.height
    return of_all <= most_bytes * SURELY_LARGER


def _lossless(picture: Image.Image, media_type: str) -> EncodedFile:
    if media_type == "image/png":
        return _file_of(picture, media_type)
    return _file_of(picture, media_type, lossless=True, quality=0, method=0)


def _lossy(picture: Image.Image, media_type: str, quality: int) -> EncodedFile:
    if media_type == "image/jpeg":
        # Colour is not subsampled: coloured text would smear. `optimize` would save some 6 %, but fails on noise.
        return _file_of(picture, media_type, quality=quality, subsampling=0)
    return _file_of(picture, media_type, quality=quality, method=2)


def _file_of(picture: Image.Image, media_type: str, **options: int | bool) -> EncodedFile:
    target = io.BytesIO()
    picture.save(target, media_type.removeprefix("image/").upper(), **options)
    return EncodedFile(media_type, target.getvalue(), Size(*picture.size))
