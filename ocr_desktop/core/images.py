"""Any picture, made upright RGB, and a part of it. Used inside the pictures worker only.

What is shown, what is sent and what boxes are drawn on are the same pixels, so the orientation in EXIF, the shape of
the pixels and the colour profile are baked in here, before all three. What a file is, its content says, never its name.
No size is trusted before it was compared with the most that is taken: that is known from the header.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

from PIL import Image, ImageFile, TiffImagePlugin, UnidentifiedImageError

from ocr_desktop.core import broken_webp, ignoring, tiff_pages
from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size, View, crop_of
from ocr_desktop.core.overlaid_file import OverlaidFile
from ocr_desktop.core.upright import ORIENTATION_TAG, kept_densities, square_size, turn_densities, upright_rgb

MOST_PIXELS = 200_000_000
FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""What is decoded; Pillow knows more, some of which start other programs or hold another picture inside."""
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
PICTURE_BRANDS = AVIF_BRANDS | HEIF_BRANDS | {b"mif1", b"msf1"}
"""Films have others."""
UNKNOWN_KINDS = frozenset({"unknown pixel mode", "unknown data organization"})
"""What Pillow says of TIFFs that may be whole, and that it cannot show."""
LONGEST_BRANDS = 256
"""Bytes of the list at the start of a HEIC or AVIF file that are looked at."""
QUARTER_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
"""Pillow turns counter-clockwise, a `View` clockwise."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a page says of itself before it is decoded; `stored` is its size before EXIF turned it."""

    stored: Size
    format: str
    page_count: int


@dataclass(frozen=True, slots=True)
class Upright:
    """A decoded picture: mode RGB, colours as sRGB, the right way up, and nothing but its pixels."""

    picture: Image.Image
    format: str
    warnings: tuple[WarningCode, ...]


def survey(content: bytes, *, most_pixels: int = MOST_PIXELS) -> tuple[str, int]:
    """The format, and how many pages there are; what is wrong with one page of several is told when it is opened.

    Raises:
        InputError: NOT_A_PICTURE, or as `read_header` where there is one page only.
    """
    pages = tiff_pages.page_offsets(content)
    if len(pages) > 1:
        return "TIFF", len(pages)
    return read_header(content, most_pixels=most_pixels).format, 1


def read_header(content: bytes, page: int = 1, *, most_pixels: int = MOST_PIXELS) -> Header:
    """Size and format of a page without decoding.

    Raises:
        InputError: NOT_A_PICTURE, PICTURE_UNSUPPORTED, PICTURE_DAMAGED, PICTURE_TOO_LARGE, or PAGES_MISSING.
    """
    with _quiet_pillow(), _opened(content, page, most_pixels) as picture:
        page_count = max(len(tiff_pages.page_offsets(content)), 1)
        return Header(square_size(picture, most_pixels), _format_of(picture), page_count)


def decode(
    content: bytes, page: int = 1, *, most_pixels: int = MOST_PIXELS, longest_side: int | None = None
) -> Upright:
    """A page, or the first frame of what moves, upright, on a background that keeps its text readable.

    Args:
        content: The file's bytes.
        page: From 1 on; above 1 for TIFF only.
        most_pixels: One with more is not decoded.
        longest_side: Made smaller until no side is longer.

    Raises:
        InputError: As `read_header`; PICTURE_DAMAGED also where nothing at all could be decoded.
    """
    found: list[WarningCode] = []
    with _quiet_pillow():
        picture, is_whole = _loaded(content, page, most_pixels, longest_side)
        format_name = _format_of(picture)
        if not is_whole:
            found.append(WarningCode.PICTURE_TRUNCATED)
        # A phone's JPEG carries a preview as its second picture; nobody misses that.
        if picture.format not in {"MPO", "TIFF"} and getattr(picture, "is_animated", False):
            found.append(WarningCode.FIRST_FRAME_ONLY)
        upright = upright_rgb(picture, most_pixels)
        if longest_side is not None:
            upright.thumbnail((longest_side, longest_side))
        return Upright(upright, format_name, tuple(found))


def looks_like_picture(content: bytes) -> bool:
    """Whether the first bytes are those of a format that we decode."""
    Image.init()
    prefix = content[:16].ljust(16, b"\0")
    known = (Image.OPEN[name][1] for name in FORMATS if name in Image.OPEN)
    return bool(_brands(content) & PICTURE_BRANDS) or any(
        accept is not None and accept(prefix) is True for accept in known
    )


def shown(picture: Image.Image, view: View) -> Image.Image:
    """What a view shows of a picture: what is ignored painted over, its crop, then turned clockwise."""
    if view.ignored:
        picture = ignoring.painted_over(picture, view.ignored)
    crop = crop_of(view, Size(*picture.size))
    box = (int(crop.x_min), int(crop.y_min), int(crop.x_max), int(crop.y_max))
    part = picture if box == (0, 0, *picture.size) else picture.crop(box)
    turns = view.turns % 4
    return part.transpose(QUARTER_TURNS[turns]) if turns else part


def too_large(size: Size, most_pixels: int = MOST_PIXELS) -> InputError:
    """The error for a picture that is more than this program, or this machine's memory, takes."""
    return InputError(
        ErrorCode.PICTURE_TOO_LARGE,
        width=size.width,
        height=size.height,
        megapixels=size.width * size.height // 1_000_000,
        limit_megapixels=most_pixels // 1_000_000,
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


@contextlib.contextmanager
def _lenient_pillow() -> Iterator[None]:
    """What can be decoded of a file that breaks off, or that carries a comment nobody could unpack, is."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _opened(content: bytes, page: int, most_pixels: int) -> ImageFile.ImageFile:
    formats = _formats_to_try(content)
    try:
        picture = _identified(broken_webp.completed(content), page, formats)
    except UnidentifiedImageError as error:
        raise InputError(_unidentified(content, page)) from error
    except (MemoryError, InputError):
        raise
    except Exception as error:  # whatever a decoder trips over in a header, the picture is at fault
        raise InputError(ErrorCode.PICTURE_DAMAGED) from error
    width, height = picture.size
    if width * height > most_pixels:
        raise too_large(Size(width, height), most_pixels)
    if min(width, height) < 1:
        raise InputError(ErrorCode.PICTURE_DAMAGED)
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        turn_densities(picture, picture.tag_v2.get(ORIENTATION_TAG))
    return picture


def _identified(content: bytes, page: int, formats: list[str]) -> ImageFile.ImageFile:
    try:
        return Image.open(_file_at(content, page), formats=formats)
    except (MemoryError, InputError, UnidentifiedImageError):
        raise
    except Exception:  # a comment that is a bomb, for one: the picture beside it may be whole
        with _lenient_pillow():
            return Image.open(_file_at(content, page), formats=formats)


def _unidentified(content: bytes, page: int) -> ErrorCode:
    """Why Pillow takes a file for no picture."""
    if not looks_like_picture(content):
        return ErrorCode.NOT_A_PICTURE
    pages = tiff_pages.page_offsets(content)
    if pages and tiff_pages.is_whole(content, pages[page - 1]):
        try:
            TiffImagePlugin.TiffImageFile(_file_at(content, page))
        except MemoryError:
            raise
        except Exception as error:  # see `_opened`
            return ErrorCode.PICTURE_UNSUPPORTED if str(error) in UNKNOWN_KINDS else ErrorCode.PICTURE_DAMAGED
    return ErrorCode.PICTURE_DAMAGED


def _file_at(content: bytes, page: int) -> IO[bytes]:
    """The file as if this page were its first one: a broken page before it does not matter, nor a thousand."""
    if page == 1 and not content.startswith((b"II", b"MM")):
        return io.BytesIO(content)
    pages = tiff_pages.page_offsets(content)
    if not 1 <= page <= max(len(pages), 1):
        raise InputError(ErrorCode.PAGES_MISSING, pages=str(page), page_count=max(len(pages), 1))
    beginning = tiff_pages.beginning_with(content, pages[page - 1]) if pages else b""
    if content.startswith(beginning):
        return io.BytesIO(content)
    return cast("IO[bytes]", OverlaidFile(content, beginning))


def _formats_to_try(content: bytes) -> list[str]:
    """What Pillow may try; HEIF is made known to it when such a file comes, because that costs an import."""
    Image.init()
    formats = list(FORMATS)
    if brands := _brands(content):
        if not brands & AVIF_BRANDS:
            import pi_heif

            pi_heif.register_heif_opener()
            return ["HEIF"]
        if not brands & HEIF_BRANDS:
            return ["AVIF"]
    return [name for name in formats if name in Image.OPEN]


def _brands(content: bytes) -> set[bytes]:
    """What a file of the kind of HEIC, AVIF and MP4 says it is; nothing of another."""
    if content[4:8] != b"ftyp":
        return set()
    return {content[at : at + 4] for at in range(8, min(int.from_bytes(content[:4], "big"), LONGEST_BRANDS), 4)}


def _loaded(content: bytes, page: int, most_pixels: int, longest_side: int | None) -> tuple[ImageFile.ImageFile, bool]:
    """The page decoded, and whether all of it was there."""
    picture = _opened(content, page, most_pixels)
    if longest_side is not None:
        # A JPEG can be decoded at half its size, a quarter, …, which takes a fraction of the time.
        picture.draft(None, (longest_side, longest_side))
    try:
        with kept_densities(picture):
            picture.load()
        return picture, len(broken_webp.completed(content)) == len(content)
    except MemoryError:
        raise
    except Exception:  # decoders raise OSError, SyntaxError, struct.error, zlib.error, …
        return _loaded_in_part(content, page, most_pixels), False


def _loaded_in_part(content: bytes, page: int, most_pixels: int) -> ImageFile.ImageFile:
    picture = _opened(content, page, most_pixels)
    with _lenient_pillow(), kept_densities(picture):
        try:
            with contextlib.suppress(OSError):
                picture.load()
            # The decoder of TIFFs leaves what it did before the error in the picture; loading again is then nothing.
            picture.tile = []
            extrema = picture.getextrema()
        except MemoryError:
            raise
        except Exception as error:
            raise InputError(ErrorCode.PICTURE_DAMAGED) from error
    # What was never decoded is filled evenly: an even picture is one of which nothing came.
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    if all(low == high for low, high in bands):
        raise InputError(ErrorCode.PICTURE_DAMAGED)
    return picture


def _format_of(picture: Image.Image) -> str:
    return "JPEG" if picture.format == "MPO" else picture.format or ""
