"""The role that decodes and encodes pictures, inside its process."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator

from PIL import Image

from ocr_desktop.core import encoding, files, images
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import PixelBox, Size, View, crop_of
from ocr_desktop.worker import messages
from ocr_desktop.worker.messages import PictureSource
from ocr_desktop.worker.pixels import CHANNELS, Level, Pixels, levels_of, read_rows, write_rows
from ocr_desktop.worker.process import IsStopped

ROWS_AT_ONCE_BYTES = 16 << 20


class PicturesWorker:
    """Answers `Probe`, `Decode` and `Encode`; keeps nothing from one request to the next."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def answer(self, request: messages.Request, is_stopped: IsStopped) -> Iterator[messages.Finding]:
        match request:
            case messages.Probe(number, source):
                with _named(source):
                    header = images.read_header(_content(source))
                yield messages.Probed(number, header.stored)
            case messages.Decode():
                with _named(request.source):
                    yield self._decoded(request, is_stopped)
            case messages.Encode():
                yield self._encoded(request)
            case _:
                raise TypeError(request)

    def _decoded(self, request: messages.Decode, is_stopped: IsStopped) -> messages.Decoded:
        content = _content(request.source)
        reserved = request.pixels.size
        if images.read_header(content).stored != reserved:
            raise InputError(ErrorCode.PICTURE_CHANGED)
        try:
            upright = images.decode(content)
            size = Size(*upright.picture.size)
            if size not in (reserved, reserved.turned(1)):
                raise InputError(ErrorCode.PICTURE_CHANGED)
            self._store(upright.picture, levels_of(size, request.pixels.offset), is_stopped)
        except MemoryError as error:
            raise images.too_large(reserved) from error
        sha256 = hashlib.sha256(content).hexdigest()
        return messages.Decoded(request.number, size, sha256, upright.format, upright.warnings)

    def _store(self, picture: Image.Image, levels: tuple[Level, ...], is_stopped: IsStopped) -> None:
        for level in levels:
            if is_stopped():
                return
            if picture.size != (level.size.width, level.size.height):
                picture = picture.reduce(2)
            rows = max(ROWS_AT_ONCE_BYTES // (level.size.width * CHANNELS), 1)
            for row in range(0, level.size.height, rows):
                band = picture.crop((0, row, level.size.width, min(row + rows, level.size.height)))
                write_rows(self._descriptor, level, row, band.tobytes())

    def _encoded(self, request: messages.Encode) -> messages.Encoded:
        picture = images.shown(*self._stored_part(request.pixels, request.view))
        file = encoding.encoded(
            picture, request.media_types, longest_side=request.longest_side, most_bytes=request.most_bytes
        )
        return messages.Encoded(request.number, file.media_type, file.data, file.size)

    def _stored_part(self, pixels: Pixels, view: View) -> tuple[Image.Image, View]:
        """The rows of the stored picture that a view needs, and the view of just these rows."""
        crop = crop_of(view, pixels.size)
        first, end = int(crop.y_min), int(crop.y_max)
        rows = read_rows(self._descriptor, pixels.levels[0], first, end)
        picture = Image.frombuffer("RGB", (pixels.size.width, end - first), rows, "raw", "RGB", 0, 1)
        return picture, View(view.turns, PixelBox(crop.x_min, 0, crop.x_max, end - first))


def _content(source: PictureSource) -> bytes:
    if source.path is not None:
        return files.read_file(source.path)
    if not source.content:
        raise InputError(ErrorCode.FILE_EMPTY)
    return source.content


@contextlib.contextmanager
def _named(source: PictureSource) -> Iterator[None]:
    """Every error about a picture's file carries its `name`; the empty one for a picture from the clipboard."""
    try:
        yield
    except InputError as error:
        name = "" if source.path is None else files.display_name(os.fsdecode(source.path))
        raise InputError(error.code, **{"name": name, **error.fields}) from error
