"""A decoded picture of any kind as upright RGB with square pixels: what everybody sees, sends and draws on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageCms

from ocr_desktop.core import colour_profiles
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size

EDGE = 2
"""How near to what is transparent the ink is whose brightness is measured, in pixels."""
MIDDLE_GREY = 128
BIT_DEPTHS = (8, 10, 12, 14, 16)
ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
WIDE_MODES = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N", "F"})
GREY_MODES = frozenset({"L", "LA", "La"})
ORIENTATION_TAG = 0x0112
TURN_BY_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = frozenset({5, 6, 7, 8})
LEAST_STRETCH, MOST_STRETCH = 1.1, 4.0
"""Of a pixel's sides: below it nobody sees it and stretching would only blur; above it the file is wrong."""
DENSITY_KEYS = ("dpi", "resolution", "aspect")
"""Where Pillow says how many pixels a picture has for each length, across and down, depending on the format."""
PHOTOMETRIC_TAG = 262
WHITE_IS_ZERO = 0


def turn_densities(picture: Image.Image, orientation: object) -> None:
    """Put right what Pillow says of a TIFF: it turns the picture by itself and leaves the densities as they were."""
    if orientation in LYING:
        turned = {key: tuple(reversed(picture.info[key])) for key in DENSITY_KEYS if key in picture.info}
        picture.info.update(turned)


@contextmanager
def kept_densities(picture: Image.Image) -> Iterator[None]:
    """Leave the densities as they are while a picture is loaded.

    A file that says them behind its pixels would change its size, which was promised already.
    """
    before = {key: picture.info[key] for key in DENSITY_KEYS if key in picture.info}
    try:
        yield
    finally:
        for key in DENSITY_KEYS:
            picture.info.pop(key, None)
        picture.info.update(before)


def square_size(picture: Image.Image, most_pixels: int) -> Size:
    """The size, before it is turned, at which a picture's pixels are as wide as high.

    The coarser side is stretched, so nothing is lost; a size above `most_pixels` is left as it is.
    """
    width, height = picture.size
    stretch = _stretch_of(picture)
    if stretch > 1:
        height = round(height * stretch)
    elif stretch < 1:
        width = round(width / stretch)
    return Size(width, height) if width * height <= most_pixels else Size(*picture.size)


def upright_rgb(picture: Image.Image, most_pixels: int) -> Image.Image:
    """The picture in mode RGB, colours as sRGB, pixels square, the right way up, and nothing but its pixels.

    What is transparent becomes a background on which the text can be read.

    Raises:
        InputError: PICTURE_DAMAGED, its brightness is not a number.
    """
    square = square_size(picture, most_pixels)
    turn = TURN_BY_ORIENTATION.get(_orientation_of(picture))
    solid = _solid(picture)
    if solid.size != (square.width, square.height):
        solid = solid.resize((square.width, square.height), Image.Resampling.BICUBIC)
    if turn is not None:
        solid = solid.transpose(turn)
    # Comments, places and dates stay behind: what encodes it later could put them into the file.
    solid.info = {}
    return solid


def _orientation_of(picture: Image.Image) -> int:
    try:
        orientation = picture.getexif().get(ORIENTATION_TAG, 1)
    except MemoryError:
        raise
    except Exception:  # EXIF is full of rubbish in the wild; without it the picture is still there
        return 1
    return orientation if isinstance(orientation, int) else 1


def _stretch_of(picture: Image.Image) -> float:
    """By how much the pixels are higher than wide; 1 where the file does not say it, or says what cannot be."""
    density = next((picture.info[key] for key in DENSITY_KEYS if key in picture.info), None)
    try:
        across, down = (float(value) for value in density or (1, 1))
        stretch = across / down
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 1.0
    if not (math.isfinite(stretch) and across > 0 and down > 0):
        return 1.0
    return stretch if LEAST_STRETCH <= max(stretch, 1 / stretch) <= MOST_STRETCH else 1.0


def _solid(picture: Image.Image) -> Image.Image:
    """The picture in RGB, on a background where it needs one."""
    profile = picture.info.get("icc_profile")
    if picture.mode in WIDE_MODES:
        # Pillow does this where there are 8 bits.
        is_negative = getattr(picture, "tag_v2", {}).get(PHOTOMETRIC_TAG) == WHITE_IS_ZERO
        picture = ImageChops.invert(_eight_bit(picture)) if is_negative else _eight_bit(picture)
    if picture.mode in ALPHA_MODES or "transparency" in picture.info:
        with_alpha = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        colours = with_alpha.getchannel(0) if picture.mode in GREY_MODES else with_alpha.convert("RGB")
        return _on_background(_rgb(colours, profile), with_alpha.getchannel("A"))
    return _rgb(picture, profile)


def _rgb(picture: Image.Image, profile: object) -> Image.Image:
    """A picture without transparency as sRGB."""
    if picture.mode == "LAB":
        return _rgb_of_lab(picture)
    if picture.mode not in colour_profiles.MODES.values():
        return _rgb(picture.convert("RGB"), None if picture.mode == "1" else profile)
    if isinstance(profile, bytes) and profile:
        picture = colour_profiles.in_srgb(picture, profile)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _rgb_of_lab(picture: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(lab, srgb, "LAB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
    return ImageCms.applyTransform(picture, transform) or picture.getchannel(0).convert("RGB")


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits or floats as 8 bits: scaled by the usual depth that holds its brightest, else stretched."""
    whole = picture if picture.mode in {"I", "F"} else picture.convert("I")
    low, high = (float(value) for value in whole.getextrema() if isinstance(value, int | float))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise InputError(ErrorCode.PICTURE_DAMAGED)
    if picture.mode == "F" or low < 0 or high >= 1 << BIT_DEPTHS[-1]:
        bottom, top = low, max(high, low + 1e-9)
    else:
        bottom, top = 0.0, float(next((1 << bits) - 1 for bits in BIT_DEPTHS if high < 1 << bits))
    scale = 255 / (top - bottom)
    return whole.convert("F").point(lambda value: value * scale + -bottom * scale).convert("L")


def _on_background(picture: Image.Image, alpha: Image.Image) -> Image.Image:
    """Alpha made solid: where dark ink meets what is transparent it becomes white, where light ink does, black."""
    if alpha.getextrema() == (255, 255):
        return picture
    counts = picture.convert("L").histogram(_ink_at_the_edge(alpha))
    is_light = sum(counts[MIDDLE_GREY:]) > sum(counts[:MIDDLE_GREY])
    ground = Image.new("RGB", picture.size, "black" if is_light else "white")
    ground.paste(picture, mask=alpha)
    return ground


def _ink_at_the_edge(alpha: Image.Image) -> Image.Image:
    """A mask of the pixels that are seen and have nothing beside them; of all that are seen where none has.

    What lies on ground of its own can be read on any other: the words in a white box say nothing of those outside.
    """
    highest = max(band for band in alpha.getextrema() if isinstance(band, int | float))
    # All ink may be half transparent.
    least = max(int(highest) // 2, 1)
    ink = alpha.point([0] * least + [255] * (256 - least))
    nothing = ImageChops.invert(ink)
    beside = Image.new("L", alpha.size)
    for x, y in ((EDGE, 0), (-EDGE, 0), (0, EDGE), (0, -EDGE)):
        beside = ImageChops.lighter(beside, ImageChops.offset(nothing, x, y))
    edge = ImageChops.darker(ink, beside)
    return edge if edge.getbbox() else ink
