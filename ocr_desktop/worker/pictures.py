"""The role that decodes and encodes pictures, inside its process."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from PIL import Image

from ocr_desktop.core import encoding, files, images
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size
from ocr_desktop.worker import folders, messages
from ocr_desktop.worker.memory_limits import limit_memory
from ocr_desktop.worker.messages import PictureSource
from ocr_desktop.worker.opened_files import LastFile
from ocr_desktop.worker.pixels import CHANNELS, Level, levels_of, write_rows
from ocr_desktop.worker.process import IsStopped
from ocr_desktop.worker.shown import shown_picture

ROWS_AT_ONCE_BYTES = 16 << 20


class PicturesWorker:
    """Answers what is asked of picture files and of pictures in the store; keeps the last file open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._files = LastFile()
        self._most_pixels = 0
        self._allow(images.MOST_PIXELS)

    def answer(self, request: messages.Request, is_stopped: IsStopped) -> Iterator[messages.Finding]:
        match request:
            case messages.Encode():
                yield self._encoded(request)
            case messages.ListFiles(number, path, with_subfolders):
                for batch in folders.batches_of(path, is_stopped, with_subfolders=with_subfolders):
                    yield messages.Listed(number, batch)
            case messages.FindTextLines(number, source):
                with _named(source):
                    text = self._files.open(source).pages.text_lines(source.page)
                for line in text.lines:
                    yield messages.Line(number, line.text, line.quad, line.score)
                if text.is_cut:
                    yield messages.TextCut(number)
            case messages.Survey() | messages.Probe() | messages.Decode() | messages.MakeThumbnail():
                with _named(request.source):
                    yield self._found(request, is_stopped)
            case _:
                raise TypeError(request)

    def _found(
        self,
        request: messages.Survey | messages.Probe | messages.Decode | messages.MakeThumbnail,
        is_stopped: IsStopped,
    ) -> messages.Finding:
        self._allow(request.most_pixels)
        pages = self._files.open(request.source).pages
        match request:
            case messages.Survey(number, _, most_pixels):
                return messages.Surveyed(number, *pages.facts(most_pixels))
            case messages.Probe(number, source, most_pixels):
                return messages.Probed(number, *pages.stored_size(source.page, most_pixels))
            case messages.MakeThumbnail(number, source, longest_side, most_pixels):
                small = pages.thumbnail(source.page, longest_side, most_pixels)
                return messages.ThumbnailMade(number, Size(*small.size), small.tobytes())
            case messages.Decode():
                return self._decoded(request, is_stopped)

    def _allow(self, most_pixels: int) -> None:
        """Take as much memory as the largest picture needs that is taken."""
        if most_pixels != self._most_pixels:
            self._most_pixels = most_pixels
            limit_memory(most_pixels)

    def _decoded(self, request: messages.Decode, is_stopped: IsStopped) -> messages.Decoded:
        file = self._files.open(request.source)
        reserved = request.pixels.size
        if file.pages.stored_size(request.source.page, request.most_pixels)[0] != reserved:
            raise InputError(ErrorCode.PICTURE_CHANGED)
        try:
            page = file.pages.decoded(request.source.page, request.most_pixels)
            size = Size(*page.picture.size)
            if size not in (reserved, reserved.turned(1)):
                raise InputError(ErrorCode.PICTURE_CHANGED)
            self._store(page.picture, levels_of(size, request.pixels.offset), is_stopped)
        except MemoryError as error:
            raise images.too_large(reserved, request.most_pixels) from error
        return messages.Decoded(
            request.number, size, file.sha256, page.format, page.warnings, page.points_per_pixel, page.has_text
        )

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
        picture = shown_picture(self._descriptor, request.pixels, request.view)
        file = encoding.encoded(
            picture, request.media_types, longest_side=request.longest_side, most_bytes=request.most_bytes
        )
        if len(file.data) > messages.LONGEST_REPLY - messages.ROOM_FOR_WORDS:
            raise images.too_large(file.size, self._most_pixels)
        return messages.Encoded(request.number, file.media_type, file.data, file.size)


@contextlib.contextmanager
def _named(source: PictureSource) -> Iterator[None]:
    """Every error about a picture's file carries its `name`; the empty one for a picture from the clipboard."""
    try:
        yield
    except InputError as error:
        name = "" if source.path is None else files.display_name(os.fsdecode(source.path))
        raise InputError(error.code, **{"name": name, **error.fields}) from error
