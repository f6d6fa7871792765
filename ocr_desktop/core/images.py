"""Any picture, made upright RGB, and a part of it. Used inside the pictures worker only.

What is shown, what is sent and what boxes are drawn on are the same pixels, so the orientation in EXIF and the colour
profile are baked in here, before all three. No size is trusted before it was compared with `MOST_PIXELS`: that is known
from the header.
"""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFile, ImageOps, UnidentifiedImageError

from ocr_desktop.core import colour_profiles
from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size, View, crop_of

MOST_PIXELS = 200_000_000
FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""What is decoded; Pillow knows more, some of which start other programs or hold another picture inside."""
EDGE = 2
"""How near to what is transparent the ink is whose brightness is measured, in pixels."""
MIDDLE_GREY = 128
BIT_DEPTHS = (8, 10, 12, 14, 16)
LIGHTNESS_ONLY = frozenset({"LAB"})
ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
WIDE_MODES = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N", "F"})
GREY_MODES = frozenset({"L", "LA", "La"})
QUARTER_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
"""Pillow turns counter-clockwise, a `View` clockwise."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself before it is decoded; `stored` is its size before EXIF turned it."""

    stored: Size
    format: str


@dataclass(frozen=True, slots=True)
class Upright:
    """A decoded picture: mode RGB, colours as sRGB, the right way up, and nothing but its pixels."""

    picture: Image.Image
    format: str
    warnings: tuple[WarningCode, ...]


def read_header(content: bytes) -> Header:
    """Size and format without decoding.

    Raises:
        InputError: NOT_A_PICTURE, PICTURE_DAMAGED, or PICTURE_TOO_LARGE.
    """
    with _quiet_pillow(), _opened(content) as picture:
        return Header(Size(*picture.size), _format_of(picture))


def decode(content: bytes) -> Upright:
    """The first frame or page, upright, on a background that keeps its text readable.

    Raises:
        InputError: NOT_A_PICTURE, PICTURE_TOO_LARGE, or PICTURE_DAMAGED where nothing at all could be decoded.
    """
    found: list[WarningCode] = []
    with _quiet_pillow():
        picture, is_whole = _loaded(content)
        format_name = _format_of(picture)
        if not is_whole:
            found.append(WarningCode.PICTURE_TRUNCATED)
        # A phone's JPEG carries a preview as its second picture; nobody misses that.
        if picture.format != "MPO" and getattr(picture, "is_animated", False):
            found.append(WarningCode.FIRST_PAGE_ONLY if format_name == "TIFF" else WarningCode.FIRST_FRAME_ONLY)
        return Upright(_upright_rgb(picture), format_name, tuple(found))


def shown(picture: Image.Image, view: View) -> Image.Image:
    """What a view shows of a picture: its crop, then turned clockwise."""
    crop = crop_of(view, Size(*picture.size))
    box = (int(crop.x_min), int(crop.y_min), int(crop.x_max), int(crop.y_max))
    part = picture if box == (0, 0, *picture.size) else picture.crop(box)
    turns = view.turns % 4
    return part.transpose(QUARTER_TURNS[turns]) if turns else part


def too_large(size: Size) -> InputError:
    """The error for a picture that is more than this program, or this machine's memory, takes."""
    return InputError(
        ErrorCode.PICTURE_TOO_LARGE,
        width=size.width,
        height=size.height,
        megapixels=size.width * size.height // 1_000_000,
        limit_megapixels=MOST_PIXELS // 1_000_000,
    )


@contextlib.contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Pillow's limit is off, ours is looked at instead, and its warnings about odd files are not for anybody."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _opened(content: bytes) -> Image.Image:
    Image.init()
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError as error:
        code = ErrorCode.PICTURE_DAMAGED if _looks_like_picture(content) else ErrorCode.NOT_A_PICTURE
        raise InputError(code) from error
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder trips over in a header, the picture is at fault
        raise InputError(ErrorCode.PICTURE_DAMAGED) from error
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise too_large(Size(width, height))
    if min(width, height) < 1:
        raise InputError(ErrorCode.PICTURE_DAMAGED)
    return picture


def _loaded(content: bytes) -> tuple[Image.Image, bool]:
    """The first frame decoded, and whether all of it was there."""
    picture = _opened(content)
    try:
        picture.load()
        return picture, True
    except MemoryError:
        raise
    except Exception:  # decoders raise OSError, SyntaxError, struct.error, zlib.error, …
        return _loaded_in_part(content), False


def _loaded_in_part(content: bytes) -> Image.Image:
    picture = _opened(content)
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        picture.load()
    except MemoryError:
        raise
    except Exception as error:
        raise InputError(ErrorCode.PICTURE_DAMAGED) from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    # What was never decoded is filled evenly: an even picture is one of which nothing came.
    extrema = picture.getextrema()
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    if all(low == high for low, high in bands):
        raise InputError(ErrorCode.PICTURE_DAMAGED)
    return picture


def _looks_like_picture(content: bytes) -> bool:
    """Whether the first bytes are those of a format that we decode."""
    prefix = content[:16].ljust(16, b"\0")
    return any((accept := Image.OPEN[name][1]) is not None and accept(prefix) is True for name in FORMATS)


def _format_of(picture: Image.Image) -> str:
    return "JPEG" if picture.format == "MPO" else picture.format or ""


def _upright_rgb(picture: Image.Image) -> Image.Image:
    turned = _turned_by_exif(picture)
    profile = picture.info.get("icc_profile")
    if turned.mode in WIDE_MODES:
        turned = _eight_bit(turned)
    if turned.mode in ALPHA_MODES or "transparency" in turned.info:
        with_alpha = turned.convert("RGBA")
        colours = with_alpha.getchannel(0) if turned.mode in GREY_MODES else with_alpha.convert("RGB")
        solid = _on_background(_rgb(colours, profile), with_alpha.getchannel("A"))
    else:
        solid = _rgb(turned, profile)
    # Comments, places and dates stay behind: what encodes it later could put them into the file.
    solid.info = {}
    return solid


def _rgb(picture: Image.Image, profile: object) -> Image.Image:
    """A picture without transparency as sRGB."""
    if picture.mode in LIGHTNESS_ONLY:
        picture = picture.getchannel(0)
    elif picture.mode not in colour_profiles.MODES.values():
        return _rgb(picture.convert("RGB"), None if picture.mode == "1" else profile)
    if isinstance(profile, bytes) and profile:
        picture = colour_profiles.in_srgb(picture, profile)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _turned_by_exif(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except MemoryError:
        raise
    except Exception:  # EXIF is full of rubbish in the wild; without it the picture is still there
        return picture


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
