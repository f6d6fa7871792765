"""How a picture becomes a document: opened in a worker, known by its size before anything is read."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Document, Page, Source, SourceKind
from ocr_desktop.core.files import display_name
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.core.picture_files import PDF_FORMAT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ocr_desktop.core.geometry import Size
    from ocr_desktop.core.pdf_lines import TextLines
    from ocr_desktop.worker.client import FileFacts, PicturesClient, Thumbnail
    from ocr_desktop.worker.pixels import Pixels


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """One page of a document and its pixels, which are the caller's to give back with `Intake.release`.

    Attributes:
        page_count: How many pages the file has.
        has_text: The page holds text of its own (`Intake.text_lines`), as most PDFs do that were never paper.
    """

    document: Document
    pixels: Pixels
    page_count: int = 1
    has_text: bool = False

    @property
    def page(self) -> Page:
        return self.document.pages[0]


class Intake:
    """Opens what people give: files, folders, and picture data from a clipboard, a drop or the screen.

    Args:
        pictures: For what somebody waits for.
        background: For what nobody waits for, in a process of its own, so that no slow file holds up the page on show.
        most_pixels: A larger picture is not decoded.
    """

    def __init__(self, pictures: PicturesClient, background: PicturesClient, most_pixels: int) -> None:
        self._pictures = pictures
        self._background = background
        self.most_pixels = most_pixels

    async def open_page(self, place: PagePlace, name: str = "", *, in_background: bool = False) -> OpenedDocument:
        """Open one page; `name` is for people, and needed where there is no file.

        Raises:
            InputError: The file or the picture in it cannot be read; says why.
        """
        pictures = self._background if in_background else self._pictures
        opened = await pictures.open(place, most_pixels=self.most_pixels)
        page = Page(
            number=place.number,
            size=opened.pixels.size,
            points_per_pixel=opened.points_per_pixel,
            warnings=opened.warnings,
        )
        kind = SourceKind.PDF if opened.format == PDF_FORMAT else SourceKind.IMAGE
        shown = display_name(place.content) if isinstance(place.content, Path) else name
        document = Document(Source(shown, kind, opened.sha256), (page,))
        return OpenedDocument(document, opened.pixels, opened.page_count, opened.has_text)

    async def open_file(self, path: Path) -> OpenedDocument:
        """Open the first page of a file.

        Raises:
            InputError: As `open_page`.
        """
        return await self.open_page(PagePlace(path))

    async def open_data(self, data: bytes, name: str) -> OpenedDocument:
        """Open the first page of a picture's data that has no file.

        Raises:
            InputError: As `open_page`.
        """
        return await self.open_page(PagePlace(data), name)

    async def open_rows(self, size: Size, rows: bytes | memoryview, name: str, *, sha256: str) -> OpenedDocument:
        """Take a picture that is decoded already: rows of RGB, 3 bytes a pixel, without padding.

        It has its full size alone, for engines to read and not to be drawn. `sha256` is that of the file with these
        pixels, in hexadecimal, by which the picture is known where it is opened from there.

        Raises:
            InputError: NO_SPACE.
        """
        pixels = self._pictures.reserve(size)
        writing = asyncio.ensure_future(asyncio.to_thread(self._pictures.write, pixels, rows))
        try:
            await asyncio.shield(writing)
        except BaseException:
            # A thread that goes on must not write into another picture.
            writing.add_done_callback(lambda ended: self._forget_written(ended, pixels))
            raise
        page = Page(number=1, size=size)
        return OpenedDocument(Document(Source(name, SourceKind.IMAGE, sha256), (page,)), pixels)

    def _forget_written(self, writing: asyncio.Future[None], pixels: Pixels) -> None:
        if not writing.cancelled():
            # Whoever waited was told already.
            writing.exception()
        self._pictures.release(pixels)

    async def survey(self, place: PagePlace) -> FileFacts:
        """What kind of file it is and how many pages it has, without decoding any.

        Raises:
            InputError: As `open_page`; PASSWORD_NEEDED, PASSWORD_WRONG.
        """
        return await self._background.survey(place, most_pixels=self.most_pixels)

    async def thumbnail(self, place: PagePlace, longest_side: int) -> Thumbnail:
        """A small picture of a page.

        Raises:
            InputError: As `open_page`.
        """
        return await self._background.thumbnail(place, longest_side=longest_side, most_pixels=self.most_pixels)

    async def text_lines(self, place: PagePlace) -> TextLines:
        """The lines of text that a PDF's page holds itself, corners in page pixels; none where it holds none.

        Raises:
            InputError: As `open_page`.
        """
        return await self._pictures.text_lines(place)

    async def files_in(self, path: Path, *, with_subfolders: bool) -> AsyncGenerator[tuple[Path, ...], None]:
        """A file itself; of a folder, its pictures and PDFs in natural order, as they are found.

        After an error what came before holds still.

        Raises:
            InputError: FILE_MISSING, NO_PERMISSION, FOLDER_EMPTY, FILE_UNREADABLE.
        """
        async with aclosing(self._background.files_in(path, with_subfolders=with_subfolders)) as batches:
            async for batch in batches:
                yield batch

    def release(self, opened: OpenedDocument) -> None:
        """Give the pixels back; nothing may show or read them any more."""
        self._pictures.release(opened.pixels)
