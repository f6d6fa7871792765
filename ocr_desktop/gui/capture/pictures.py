"""Pictures of screens as Qt holds them: decoded within bounds, compared cheaply, cut into screens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODeviceBase
from PySide6.QtGui import QImage, QImageReader

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.files import display_name
from ocr_desktop.core.geometry import Size
from ocr_desktop.worker.pixels import CHANNELS

if TYPE_CHECKING:
    from ocr_desktop.core.files import FilePath

FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"webp", b"bmp"})
"""What a desktop writes a picture of the screen as, and no format that can draw or include something."""
MOST_MEGAPIXELS = 67
"""Two screens of 7680 × 4320; Qt itself decodes no more than 256 MB, which is as much."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture as the bytes of a file that is decoded in no time, a PPM; `sha256` is theirs, in hexadecimal."""

    size: Size
    data: bytes
    sha256: str

    @property
    def rows(self) -> memoryview:
        """RGB, 3 bytes a pixel, without padding."""
        return memoryview(self.data)[len(self.data) - self.size.width * self.size.height * CHANNELS :]


def file_of(picture: QImage) -> PictureFile:
    """An RGB888 picture as a file; for a thread beside the window's."""
    width, height, stride = picture.width(), picture.height(), picture.bytesPerLine()
    pixels = picture.constBits()
    length = width * CHANNELS
    rows = (pixels[start : start + length] for start in range(0, stride * height, stride))
    data = b"".join((b"P6\n%d %d\n255\n" % (width, height), *rows))
    return PictureFile(Size(width, height), data, hashlib.sha256(data).hexdigest())


def decoded_picture(content: bytes, path: FilePath) -> QImage:
    """The picture in a file's content, 32 bits a pixel without transparency and without a device pixel ratio.

    Raises:
        InputError: NOT_A_PICTURE, PICTURE_DAMAGED, PICTURE_TOO_LARGE (before anything is decoded) or CAPTURE_BLANK for
            one without pixels; `name` is the file's name.
    """
    name = display_name(path)
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODeviceBase.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    if not reader.canRead() or reader.format().data() not in FORMATS:
        raise InputError(ErrorCode.NOT_A_PICTURE, name=name)
    size = reader.size()
    if size.width() * size.height() > MOST_MEGAPIXELS * 10**6:
        raise InputError(
            ErrorCode.PICTURE_TOO_LARGE,
            name=name,
            width=size.width(),
            height=size.height(),
            limit_megapixels=MOST_MEGAPIXELS,
        )
    if size.isValid() and size.isEmpty():
        raise InputError(ErrorCode.CAPTURE_BLANK)
    image = reader.read()
    if image.isNull():
        raise InputError(ErrorCode.PICTURE_DAMAGED, name=name)
    return plain(image)


def plain(image: QImage) -> QImage:
    """The same pixels as 32-bit ones without transparency and without a device pixel ratio; mostly not a copy."""
    if image.format() is not QImage.Format.Format_RGB32:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1)
    return image


def is_blank(image: QImage) -> bool:
    """Whether a picture in 32-bit pixels has none, or all of them alike.

    Every pixel counts, because a single line of text on an even ground is something to read; the first row that
    differs ends the search, and 3840 × 2160 even pixels take some 3 ms.
    """
    if image.isNull():
        return True
    pixels = image.constBits()
    length = image.bytesPerLine()
    row = bytes(pixels[:length])
    if row != row[:4] * (length // 4):
        return False
    # As bytes: two stretches of a memoryview are compared item by item, which takes 15 times as long.
    return all(bytes(pixels[start : start + length]) == row for start in range(length, length * image.height(), length))
