"""What the program asks of its workers: open and encode pictures, read lines of text, draw formulas."""

from __future__ import annotations

import logging
import os
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.files import LARGEST_FILE_BYTES, absolute, display_name
from ocr_desktop.core.pdf_lines import TextLines
from ocr_desktop.worker.dispatch import Dispatcher, Job, Timing
from ocr_desktop.worker.pixels import PixelStore, levels_of, write_rows
from ocr_desktop.worker.roles import Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from ocr_desktop.core.document import WarningCode
    from ocr_desktop.core.geometry import Size, View
    from ocr_desktop.core.page_places import PagePlace
    from ocr_desktop.worker.messages import Finding, Frame, PictureSource
    from ocr_desktop.worker.pixels import Pixels

PICTURES_TIMING = Timing(deadline=60.0)
TYPESETTER_TIMING = Timing(deadline=15.0)
"""The worker gives up a slow formula by itself; this is for one that does not even let it, and holds a slow start."""
WORKER_FAILURES = frozenset({ErrorCode.WORKER_SILENT, ErrorCode.WORKER_CRASHED})
log = logging.getLogger(__name__)
AnyFinding = TypeVar("AnyFinding", bound="Finding")


@dataclass(frozen=True, slots=True)
class OpenedPicture:
    """A decoded page: its pixels in the store until they are released, and what its file was.

    Attributes:
        sha256: Of the file's bytes that were decoded, in hexadecimal.
        format: Pillow's name, such as "PNG", or "PDF".
        page_count: Of the file.
        points_per_pixel: Of a PDF's page.
        has_text: The page holds text of its own (`PicturesClient.text_lines`).
    """

    pixels: Pixels
    sha256: str
    format: str
    warnings: tuple[WarningCode, ...]
    page_count: int = 1
    points_per_pixel: float | None = None
    has_text: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is: its format as in `OpenedPicture`, and how many pages it has."""

    format: str
    page_count: int


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small upright picture: rows of RGB, 3 bytes a pixel, without padding."""

    size: Size
    rgb: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture as it is sent; `size` is that of the file, in pixels."""

    media_type: str
    data: bytes = field(repr=False)
    size: Size


@dataclass(frozen=True, slots=True)
class Typeset:
    """A formula's drawing in black, as SVG.

    `width`, and what stands `above` and `below` the baseline, are in sizes of the font (em).
    """

    svg: bytes
    width: float
    above: float
    below: float


class PicturesClient:
    """Pictures are decoded and encoded in another process; this is the program's side of it."""

    def __init__(self, store: PixelStore, timing: Timing = PICTURES_TIMING) -> None:
        self._store = store
        self._dispatcher = Dispatcher(Role.PICTURES, store, timing)
        self._encodings: dict[Job, Pixels] = {}

    @property
    def process_id(self) -> int | None:
        """Of the running process; None where none runs."""
        return self._dispatcher.process_id

    async def open(self, place: PagePlace, *, most_pixels: int) -> OpenedPicture:
        """Decode a page: of a file, or of the bytes of one.

        Args:
            place: Which page of what.
            most_pixels: One with more is not decoded.

        Raises:
            InputError: Whatever is wrong with it; `name` is the file's, safe to print, or empty for bytes.
        """
        from ocr_desktop.worker import messages

        source = _source_of(place)
        probed = await self._one(self._ask(lambda number: messages.Probe(number, source, most_pixels)), messages.Probed)
        pixels = self._store.reserve(probed.stored)
        try:
            job = self._ask(lambda number: messages.Decode(number, source, pixels, most_pixels))
        except BaseException:
            self._store.release(pixels)
            raise
        try:
            decoded = await self._one(job, messages.Decoded)
        except BaseException:
            self._release_after(job, pixels)
            raise
        return OpenedPicture(
            replace(pixels, levels=levels_of(decoded.size, pixels.offset)),
            decoded.sha256,
            decoded.format,
            decoded.warnings,
            probed.page_count,
            decoded.points_per_pixel,
            decoded.has_text,
        )

    async def survey(self, place: PagePlace, *, most_pixels: int) -> FileFacts:
        """What a file is, without decoding any page of it; `place.number` does not matter.

        Raises:
            InputError: As `open`.
        """
        from ocr_desktop.worker import messages

        source = _source_of(place)
        job = self._ask(lambda number: messages.Survey(number, source, most_pixels))
        surveyed = await self._one(job, messages.Surveyed)
        return FileFacts(surveyed.format, surveyed.page_count)

    async def thumbnail(self, place: PagePlace, *, longest_side: int, most_pixels: int) -> Thumbnail:
        """A small picture of a page, with no side above `longest_side` pixels.

        Raises:
            InputError: As `open`.
        """
        from ocr_desktop.worker import messages

        source = _source_of(place)
        job = self._ask(lambda number: messages.MakeThumbnail(number, source, longest_side, most_pixels))
        made = await self._one(job, messages.ThumbnailMade)
        return Thumbnail(made.size, made.rgb)

    async def text_lines(self, place: PagePlace) -> TextLines:
        """The lines of text that a PDF's page holds itself, corners in page pixels; none of a picture.

        Raises:
            InputError: As `open`.
        """
        from ocr_desktop.worker import messages

        source = _source_of(place)
        job = self._ask(lambda number: messages.FindTextLines(number, source))
        lines, is_cut = [], False
        async with aclosing(self._dispatcher.findings(job)) as findings:
            async for finding in findings:
                match finding:
                    case messages.Line(_, text, quad, score):
                        lines.append(LineFound(text, quad, score))
                    case messages.TextCut():
                        is_cut = True
        return TextLines(tuple(lines), is_cut)

    async def files_in(self, path: Path, *, with_subfolders: bool) -> AsyncGenerator[tuple[Path, ...], None]:
        """Paths from the root on: the path itself where it is no folder; else the pictures and PDFs in the folder.

        They come in natural order, a folder's own before those of its sub-folders, in batches as they are found. After
        an error what came before holds still.

        Raises:
            InputError: FILE_MISSING, NO_PERMISSION, FOLDER_EMPTY, FILE_UNREADABLE; `name` is the last part of the path.
        """
        from ocr_desktop.worker import messages

        whole = os.fsencode(absolute(path))
        job = self._ask(lambda number: messages.ListFiles(number, whole, with_subfolders))
        try:
            async with aclosing(self._dispatcher.findings(job)) as findings:
                async for listed in findings:
                    if isinstance(listed, messages.Listed) and listed.paths:
                        yield tuple(Path(os.fsdecode(name)) for name in listed.paths)
        except InputError as error:
            if error.code not in WORKER_FAILURES:
                raise
            # It is the disk that hangs, or the network behind it.
            raise InputError(ErrorCode.FILE_UNREADABLE, name=display_name(path)) from error

    async def encode(
        self,
        pixels: Pixels,
        view: View,
        *,
        longest_side: int,
        formats: tuple[str, ...],
        most_bytes: int | None = None,
    ) -> EncodedPicture:
        """What a view shows, as a file of one of these media types, with no side above `longest_side` pixels.

        It is made smaller until it has no more than `most_bytes`, as far as anything is left of it.

        Raises:
            InputError: WORKER_CRASHED, WORKER_SILENT.
        """
        from ocr_desktop.worker import messages

        job = self._ask(lambda number: messages.Encode(number, pixels, view, longest_side, formats, most_bytes))
        if not job.is_over:
            self._encodings[job] = pixels
            job.on_over.append(partial(self._encodings.__delitem__, job))
        encoded = await self._one(job, messages.Encoded)
        return EncodedPicture(encoded.media_type, encoded.data, encoded.size)

    def reserve(self, size: Size) -> Pixels:
        """Space for a picture that comes decoded, in its full size alone.

        Raises:
            InputError: NO_SPACE.
        """
        pixels = self._store.reserve(size)
        return replace(pixels, levels=pixels.levels[:1])

    def write(self, pixels: Pixels, rows: bytes | memoryview) -> None:
        """Put all rows of a decoded picture into its space; may be called in any thread."""
        write_rows(self._store.descriptor, pixels.levels[0], 0, rows)

    def release(self, pixels: Pixels) -> None:
        """Give back a picture's space, after it was encoded where that goes on; nobody may have it mapped any more."""
        readers = [job for job, read in self._encodings.items() if read == pixels]
        if not readers:
            self._store.release(pixels)
            return
        unfinished = set(readers)

        def leave(job: Job) -> None:
            unfinished.discard(job)
            if not unfinished:
                self._store.release(pixels)

        for job in readers:
            job.on_over.append(partial(leave, job))

    async def close(self) -> None:
        """End the process. What still waits fails."""
        await self._dispatcher.close()

    def _ask(self, request_for: Callable[[int], Frame]) -> Job:
        return self._dispatcher.submit(request_for)

    async def _one(self, job: Job, kind: type[AnyFinding]) -> AnyFinding:
        """The one finding of a job, after its ending."""
        found: AnyFinding | None = None
        async with aclosing(self._dispatcher.findings(job)) as findings:
            async for finding in findings:
                if isinstance(finding, kind):
                    found = finding
        if found is None:
            raise RuntimeError(f"no {kind.__name__} came")
        return found

    def _release_after(self, job: Job, pixels: Pixels) -> None:
        """Release space that the worker may still write into."""
        if job.is_over:
            self._store.release(pixels)
        else:
            job.on_over.append(lambda: self._store.release(pixels))


class TypesetterClient:
    """Formulas are drawn in a process of their own, so that none holds up the pictures; this is the program's side."""

    def __init__(self, store: PixelStore, timing: Timing = TYPESETTER_TIMING) -> None:
        self._dispatcher = Dispatcher(Role.FORMULAS, store, timing)

    @property
    def process_id(self) -> int | None:
        """Of the running process; None where none runs."""
        return self._dispatcher.process_id

    async def typeset(self, latex: str, *, is_display: bool) -> Typeset | None:
        """Draw a formula that `core.formulas.prepared` gave; None where it cannot be drawn right, or not in time.

        None as well once this is closed.
        """
        from ocr_desktop.worker import messages

        if self._dispatcher.is_closed:
            return None
        job = self._dispatcher.submit(lambda number: messages.Typeset(number, latex, is_display))
        drawn: Typeset | None = None
        try:
            async with aclosing(self._dispatcher.findings(job)) as findings:
                async for finding in findings:
                    if isinstance(finding, messages.TypesetDone):
                        drawn = Typeset(finding.svg, finding.width, finding.above, finding.below)
        except EngineError as error:
            log.info("a formula was not drawn: %s", error.code)
        return drawn

    async def close(self) -> None:
        """End the process. What still waits is not drawn."""
        await self._dispatcher.close()


def _source_of(place: PagePlace) -> PictureSource:
    from ocr_desktop.worker import messages

    password = place.password.reveal() if place.password else None
    content = place.content
    if isinstance(content, Path):
        return messages.PictureSource(os.fsencode(absolute(content)), None, place.number, password)
    if len(content) > LARGEST_FILE_BYTES:
        limit = LARGEST_FILE_BYTES >> 20
        raise InputError(ErrorCode.FILE_TOO_LARGE, name="", megabytes=len(content) >> 20, limit_megabytes=limit)
    return messages.PictureSource(None, content, place.number, password)
