"""The file that was asked for last, kept open, so that paging through it neither reads nor hashes it again.

Used inside the pictures worker only. One file is kept: memory does not grow with what was paged through.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PIL import Image

from ocr_desktop.core import files, images
from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size
from ocr_desktop.core.pdf_lines import TextLines
from ocr_desktop.core.picture_files import PDF_FORMAT

if TYPE_CHECKING:
    from ocr_desktop.core.pdf import OpenPdf
    from ocr_desktop.worker.messages import PictureSource


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """A page as RGB; `points_per_pixel` and `has_text` are a PDF's."""

    picture: Image.Image
    format: str
    warnings: tuple[WarningCode, ...] = ()
    points_per_pixel: float | None = None
    has_text: bool = False


class Pages(Protocol):
    """What a file holds. Pages count from 1; every error is an `InputError` that says why."""

    def facts(self, most_pixels: int) -> tuple[str, int]:
        """Format and number of pages."""
        ...

    def stored_size(self, number: int, most_pixels: int) -> tuple[Size, int]:
        """A page's size before EXIF turned it, and how many pages there are."""
        ...

    def decoded(self, number: int, most_pixels: int) -> DecodedPage: ...

    def thumbnail(self, number: int, longest_side: int, most_pixels: int) -> Image.Image: ...

    def text_lines(self, number: int) -> TextLines: ...

    def close(self) -> None: ...


class PicturePages:
    """A picture's file."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def facts(self, most_pixels: int) -> tuple[str, int]:
        return images.survey(self._content, most_pixels=most_pixels)

    def stored_size(self, number: int, most_pixels: int) -> tuple[Size, int]:
        header = images.read_header(self._content, number, most_pixels=most_pixels)
        return header.stored, header.page_count

    def decoded(self, number: int, most_pixels: int) -> DecodedPage:
        upright = images.decode(self._content, number, most_pixels=most_pixels)
        return DecodedPage(upright.picture, upright.format, upright.warnings)

    def thumbnail(self, number: int, longest_side: int, most_pixels: int) -> Image.Image:
        return images.decode(self._content, number, most_pixels=most_pixels, longest_side=longest_side).picture

    def text_lines(self, number: int) -> TextLines:
        return TextLines()

    def close(self) -> None:
        pass


class PdfPages:
    """A PDF's file."""

    def __init__(self, pdf: OpenPdf) -> None:
        self._pdf = pdf

    def facts(self, most_pixels: int) -> tuple[str, int]:
        return PDF_FORMAT, self._pdf.page_count

    def stored_size(self, number: int, most_pixels: int) -> tuple[Size, int]:
        self._check(number)
        size = self._pdf.page_size(number)
        if size.width * size.height > most_pixels:
            raise images.too_large(size, most_pixels)
        return size, self._pdf.page_count

    def decoded(self, number: int, most_pixels: int) -> DecodedPage:
        self.stored_size(number, most_pixels)
        pdf = self._pdf
        return DecodedPage(pdf.render(number), PDF_FORMAT, (), pdf.points_per_pixel(number), pdf.has_text(number))

    def thumbnail(self, number: int, longest_side: int, most_pixels: int) -> Image.Image:
        self._check(number)
        return self._pdf.render_small(number, longest_side)

    def text_lines(self, number: int) -> TextLines:
        self._check(number)
        return self._pdf.text_lines(number)

    def close(self) -> None:
        self._pdf.close()

    def _check(self, number: int) -> None:
        if not 1 <= number <= self._pdf.page_count:
            raise InputError(ErrorCode.PAGES_MISSING, pages=str(number), page_count=self._pdf.page_count)


class OpenedFile:
    """A file's content and its pages; `sha256` is of the content, in hexadecimal."""

    def __init__(self, content: bytes, sha256: str, password: str | None) -> None:
        self.sha256 = sha256
        self.password = password
        self.pages: Pages = _pages_of(content, password)


class LastFile:
    """Opens files, and keeps the last one."""

    def __init__(self) -> None:
        self._identity: files.FileIdentity | str | None = None
        self._opened: OpenedFile | None = None

    def open(self, source: PictureSource) -> OpenedFile:
        """The file as it is now.

        Raises:
            InputError: It cannot be read; of a PDF as `core.pdf.OpenPdf`.
        """
        identity, content = _identified(source)
        opened = self._opened
        if opened and identity == self._identity and source.password == opened.password:
            return opened
        self.close()
        if content is None:
            assert source.path is not None
            identity, content = files.read_identified(source.path)
        sha256 = identity if isinstance(identity, str) else hashlib.sha256(content).hexdigest()
        self._opened = OpenedFile(content, sha256, source.password)
        self._identity = identity
        return self._opened

    def close(self) -> None:
        """Forget the last file, and give its memory back."""
        opened, self._opened, self._identity = self._opened, None, None
        if opened:
            opened.pages.close()


def _identified(source: PictureSource) -> tuple[files.FileIdentity | str, bytes | None]:
    """What the file is known by, and its content where that is there already."""
    if source.path is not None:
        return files.identity_of(source.path), None
    if not source.content:
        raise InputError(ErrorCode.FILE_EMPTY)
    return hashlib.sha256(source.content).hexdigest(), source.content


def _pages_of(content: bytes, password: str | None) -> Pages:
    # A picture's comment may well hold the words by which a PDF is known.
    if images.looks_like_picture(content):
        return PicturePages(content)
    from ocr_desktop.core import pdf

    if pdf.is_pdf(content):
        return PdfPages(pdf.OpenPdf(content, password))
    return PicturePages(content)
