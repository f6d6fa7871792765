"""PDFs: their pages as pictures, and the text that lies in them. Used inside the pictures worker only.

PDFium is called more directly than through its Python classes where these leave something undone: a document without
pages is closed, a page is drawn to exactly the pixels that were promised. Scripts in a document never run: the library
comes without an engine for them, and forms are left alone where it should have one.
"""

from __future__ import annotations

import bisect
import contextlib
import itertools
import math
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import PixelBox, Point, Size, turned_point
from ocr_desktop.core.page_scale import page_pixels, small_size
from ocr_desktop.core.pdf_lines import Glyph, TextLines, lines_of
from ocr_desktop.core.pdf_scans import MOSTLY_PICTURE, Box, PageText, is_stamped, share_covered

HEADER = b"%PDF-"
HEADER_WITHIN = 1024
"""Readers take a header so far into the file."""
PARSED_AT_ONCE = 10
"""So many pages later a document is opened again."""
MOST_TRIED = 5000
"""So many pages are tried one by one where the last one is not there."""
MOST_CHARACTERS = 100_000
"""Of one page; what comes behind them is left out, which is told."""
LEAST_CHARACTERS = 3
"""Fewer that can be read are a page number, or nothing."""
LOOKED_AT = 2000
"""Characters that are looked at to see whether a page has text."""
MOST_OBJECTS = 5000
"""Of a page that are looked at to see whether it is a scan; one of those has few."""
DEEPEST = 4
"""Pictures that lie in drawings within drawings are looked for so deep."""
HIDDEN_MODES = frozenset({pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP})
LINE_ENDS = frozenset(map(ord, "\r\n"))
UNKNOWN = frozenset({0, 0xFFFD})
PRIVATE_USE = range(0xE000, 0xF900)
RUNS_SCRIPTS = "V8" in pdfium.PDFIUM_INFO.flags
DRAWING = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER


def is_pdf(content: bytes) -> bool:
    """Whether it says that it is a PDF, as readers look for it: near the beginning, not only at it."""
    return HEADER in content[:HEADER_WITHIN]


class OpenPdf:
    """A PDF while it is open; pages are counted from 1.

    Args:
        content: The whole file.
        password: The user's or the owner's; None where nobody gave one, which opens those with an empty one too.

    Raises:
        InputError: PASSWORD_NEEDED, PASSWORD_WRONG, PDF_DAMAGED, NO_PAGES. A page that cannot be opened is
            PDF_DAMAGED with its number as the field `page`, from each method that asks for one.
    """

    def __init__(self, content: bytes, password: str | None = None) -> None:
        self._content = content
        self._password = password
        self._page: tuple[int, pdfium.PdfPage] | None = None
        self._parsed = 0
        self._document = self._opened()
        self.page_count = self._counted()
        if self.page_count < 1:
            self.close()
            raise InputError(ErrorCode.NO_PAGES)

    def page_size(self, number: int) -> Size:
        """In pixels; see `core.page_scale`."""
        return page_pixels(*self._points(number))

    def points_per_pixel(self, number: int) -> float:
        """How long one pixel of `page_size` is on paper."""
        width, height = self._points(number)
        size = page_pixels(width, height)
        return width / size.width if width >= height else height / size.height

    def has_text(self, number: int) -> bool:
        """Whether the text on the page can be read and is the page's own.

        Glyphs that stand for no characters are no text, and neither is what was stamped on a scan.
        """
        with self._text_of(number) as text:
            count = min(text.count_chars(), LOOKED_AT)
            codes = [pdfium_c.FPDFText_GetUnicode(text, index) for index in range(count)]
            letters = [index for index, code in enumerate(codes) if chr(code).isprintable() and code != ord(" ")]
            unknown = sum(code in UNKNOWN or code in PRIVATE_USE for code in codes)
            if len(letters) - unknown < LEAST_CHARACTERS or 2 * unknown > len(letters):
                return False
            page = self._loaded(number)
            if share_covered(_picture_boxes(page), page.get_bbox()) < MOSTLY_PICTURE:
                return True
            return not is_stamped(_page_text(text, letters), page.get_bbox(), LEAST_CHARACTERS)

    def render(self, number: int) -> Image.Image:
        """The page with its annotations and filled-in fields, on white: mode RGB, exactly of `page_size`."""
        return self._drawn(number, self.page_size(number))

    def render_small(self, number: int, longest_side: int) -> Image.Image:
        """The same, small: no side longer than that."""
        return self._drawn(number, small_size(self.page_size(number), longest_side))

    def text_lines(self, number: int) -> TextLines:
        """The lines of text in the page and its filled-in fields; corners in pixels of `page_size`; scores are 1.

        Text that is not drawn counts: it is what somebody's recognition found in a scan.
        """
        flattened = pdfium_c.FPDFPage_Flatten(self._loaded(number), pdfium_c.FLAT_NORMALDISPLAY)
        if flattened != pdfium_c.FLATTEN_SUCCESS:
            return self._lines(number)
        # What stood in fields and notes is part of the page now, once it is parsed anew; nobody is to see it so.
        self._close_page()
        try:
            return self._lines(number)
        finally:
            self._open_anew()

    def close(self) -> None:
        """Give everything back; the object is of no use afterwards."""
        self._page = None
        self._document.close()

    def _opened(self) -> pdfium.PdfDocument:
        document = pdfium.PdfDocument(_handle(self._content, self._password))
        try:
            if not RUNS_SCRIPTS:
                document.init_forms()
        except pdfium.PdfiumError as error:
            document.close()
            raise InputError(ErrorCode.PDF_DAMAGED) from error
        return document

    def _counted(self) -> int:
        """How many pages there are. PDFium believes what the file says, up to a million.

        Of pages at the end that are not there one is counted: whoever asks for it is told that the file is damaged.
        """
        count = len(self._document)
        if count < 1 or self._has(count):
            return count
        if count > MOST_TRIED:
            return bisect.bisect_left(range(1, count + 1), True, key=lambda number: not self._has(number)) + 1
        return next((number for number in range(count, 0, -1) if self._has(number)), 0) + 1

    def _has(self, number: int) -> bool:
        return bool(pdfium_c.FPDF_GetPageSizeByIndexF(self._document, number - 1, pdfium_c.FS_SIZEF()))

    def _points(self, number: int) -> tuple[float, float]:
        size = pdfium_c.FS_SIZEF()
        for _ in range(2):
            if not pdfium_c.FPDF_GetPageSizeByIndexF(self._document, number - 1, size):
                raise _page_damaged(number)
            if size.width > 0 and size.height > 0:
                break
            self._loaded(number)
        return size.width, size.height

    def _loaded(self, number: int) -> pdfium.PdfPage:
        """The page, kept until another is asked for: to parse one can take long."""
        if self._page is not None and self._page[0] == number:
            return self._page[1]
        self._leave_page()
        try:
            page = self._document[number - 1]
            if _is_beside_itself(page):
                page.set_cropbox(*page.get_mediabox())
                page.close()
                page = self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise _page_damaged(number) from error
        self._page = (number, page)
        return page

    def _leave_page(self) -> None:
        if self._page is not None:
            self._close_page()
            self._parsed += 1
            if self._parsed % PARSED_AT_ONCE == 0:
                self._open_anew()

    def _close_page(self) -> None:
        if self._page is not None:
            self._page[1].close()
            self._page = None

    def _open_anew(self) -> None:
        """A document keeps all that was ever read of it; opened again it begins with nothing."""
        self._close_page()
        self._document.close()
        self._document = self._opened()

    def _lines(self, number: int) -> TextLines:
        place = _Placing(self._loaded(number), self.page_size(number))
        with self._text_of(number) as text:
            return lines_of(_glyphs(text, place), place.size, is_cut=text.count_chars() > MOST_CHARACTERS)

    @contextmanager
    def _text_of(self, number: int) -> Iterator[pdfium.PdfTextPage]:
        page = self._loaded(number)
        try:
            with closing(page.get_textpage()) as text:
                yield text
        except pdfium.PdfiumError as error:
            raise _page_damaged(number) from error

    def _drawn(self, number: int, size: Size) -> Image.Image:
        page = self._loaded(number)
        bitmap = pdfium.PdfBitmap.new_native(size.width, size.height, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
        with closing(bitmap):
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, size.width, size.height)
            place = (0, 0, size.width, size.height, 0, DRAWING)
            pdfium_c.FPDF_RenderPageBitmap(bitmap, page, *place)
            if self._document.formenv is not None:
                pdfium_c.FPDF_FFLDraw(self._document.formenv, bitmap, page, *place)
            return Image.frombuffer("RGB", (size.width, size.height), bitmap.buffer, "raw", "RGB", bitmap.stride, 1)


def _is_beside_itself(page: pdfium.PdfPage) -> bool:
    """Whether the part of a page that is to be shown lies beside the page; then all of it is shown."""
    left, bottom, right, top = page.get_bbox()
    return not (right > left and top > bottom)


class _Placing:
    """From a page's own space (points, origin anywhere, y upwards, before its rotation) to pixels as it is shown."""

    def __init__(self, page: pdfium.PdfPage, size: Size) -> None:
        self.size = size
        self._left, bottom, right, self._top = page.get_bbox()
        self.turns = page.get_rotation() // 90
        upright = size.turned(self.turns)
        self._upright = upright
        self._scale_x = upright.width / max(right - self._left, 1e-6)
        self._scale_y = upright.height / max(self._top - bottom, 1e-6)

    def point(self, x: float, y: float) -> Point:
        place = ((x - self._left) * self._scale_x, (self._top - y) * self._scale_y)
        return turned_point(place, self._upright, self.turns)

    def box(self, left: float, bottom: float, right: float, top: float) -> PixelBox:
        x_0, y_0 = self.point(left, top)
        x_1, y_1 = self.point(right, bottom)
        return PixelBox(min(x_0, x_1), min(y_0, y_1), max(x_0, x_1), max(y_0, y_1))

    def angle(self, clockwise: float) -> float:
        return math.remainder(clockwise + self.turns * math.pi / 2, 2 * math.pi)


def _picture_boxes(page: pdfium.PdfPage) -> Iterator[Box]:
    """Where the page's pictures lie, in its own space."""
    with contextlib.suppress(pdfium.PdfiumError):
        for item in itertools.islice(page.get_objects(max_depth=DEEPEST), MOST_OBJECTS):
            if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                matrix, outer = item.get_matrix(), item.container
                while outer is not None:
                    matrix, outer = matrix.multiply(outer.get_matrix()), outer.container
                yield matrix.on_rect(0, 0, 1, 1)


def _page_text(text: pdfium.PdfTextPage, letters: list[int]) -> PageText:
    """How many of these letters are drawn and how many hidden, and how much room the drawn ones take."""
    hidden, room = 0, 0.0
    for index in letters:
        item = pdfium_c.FPDFText_GetTextObject(text, index)
        if item and pdfium_c.FPDFTextObj_GetTextRenderMode(item) in HIDDEN_MODES:
            hidden += 1
            continue
        with contextlib.suppress(pdfium.PdfiumError):
            left, bottom, right, top = text.get_charbox(index, loose=True)
            room += abs((right - left) * (top - bottom))
    return PageText(hidden, len(letters) - hidden, room)


def _glyphs(text: pdfium.PdfTextPage, place: _Placing) -> Iterator[Glyph]:
    """The characters in the order of the file, as far as `MOST_CHARACTERS`."""
    for index in range(min(text.count_chars(), MOST_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if code in LINE_ENDS:
            yield Glyph.line_end()
            continue
        try:
            room, ink = place.box(*text.get_charbox(index, loose=True)), place.box(*text.get_charbox(index))
        except pdfium.PdfiumError:
            continue
        angle = place.angle(pdfium_c.FPDFText_GetCharAngle(text, index))
        yield Glyph(chr(code), room, ink, angle, is_hyphen=pdfium_c.FPDFText_IsHyphen(text, index) == 1)


def _handle(content: bytes, password: str | None) -> pdfium_c.FPDF_DOCUMENT:
    if password is not None and "\0" in password:
        # PDFium would read it as far as that, and open a file whose password is the beginning of this one.
        raise InputError(ErrorCode.PASSWORD_WRONG)
    letters = None if password is None else password.encode("utf-8", "surrogatepass")
    document = pdfium_c.FPDF_LoadMemDocument64(content, len(content), letters)
    if document:
        return document
    if pdfium_c.FPDF_GetLastError() != pdfium_c.FPDF_ERR_PASSWORD:
        raise InputError(ErrorCode.PDF_DAMAGED)
    raise InputError(ErrorCode.PASSWORD_NEEDED if password is None else ErrorCode.PASSWORD_WRONG)


def _page_damaged(number: int) -> InputError:
    return InputError(ErrorCode.PDF_DAMAGED, page=number)
