"""How a picture becomes a document: opened in the worker, known by its size before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Document, Page, Source, SourceKind
from ocr_desktop.core.files import display_name

if TYPE_CHECKING:
    from pathlib import Path

    from ocr_desktop.worker.client import PicturesClient
    from ocr_desktop.worker.pixels import Pixels


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A document and its page's pixels, which are the caller's to give back with `Intake.release`."""

    document: Document
    pixels: Pixels

    @property
    def page(self) -> Page:
        return self.document.pages[0]


class Intake:
    """Opens what people give: files, and picture data from a clipboard or a drop."""

    def __init__(self, pictures: PicturesClient) -> None:
        self._pictures = pictures

    async def open_file(self, path: Path) -> OpenedDocument:
        """Open a picture file.

        Raises:
            InputError: The file or the picture in it cannot be read; says why.
        """
        return await self._open(path, display_name(path))

    async def open_data(self, data: bytes, name: str) -> OpenedDocument:
        """Open picture data that has no file; `name` is for people.

        Raises:
            InputError: As `open_file`.
        """
        return await self._open(data, name)

    def release(self, opened: OpenedDocument) -> None:
        """Give the pixels back; nothing may show or read them any more."""
        self._pictures.release(opened.pixels)

    async def _open(self, source: Path | bytes, name: str) -> OpenedDocument:
        opened = await self._pictures.open(source)
        page = Page(number=1, size=opened.pixels.size, warnings=opened.warnings)
        document = Document(Source(name, SourceKind.IMAGE, opened.sha256), (page,))
        return OpenedDocument(document, opened.pixels)
