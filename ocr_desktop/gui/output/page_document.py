"""All that makes a text document of a page; a window that shows none yet does without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocr_desktop.gui.output.artwork import Artwork
from ocr_desktop.gui.output.decorations import paint_decorations, paint_washes
from ocr_desktop.gui.output.figures import PageFigures
from ocr_desktop.gui.output.formulas import FormulaBook
from ocr_desktop.gui.output.page_reader import PageReader
from ocr_desktop.gui.output.typography import Typography
from ocr_desktop.gui.output.writer import REGION_ID, ROWS_SCHEME, DocumentWriter

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter, QTextBlock
    from PySide6.QtWidgets import QTextEdit

    from ocr_desktop.gui.pixmaps import PageImage


class PageDocument:
    """Reads regions, writes them into the document of a view, and paints what is no text there."""

    def __init__(self, view: QTextEdit) -> None:
        self._view = view
        self._typography = Typography(view.font(), view.palette())
        self.formulas = FormulaBook(view)
        self._figures = PageFigures()
        self.artwork = Artwork(view.document(), self.formulas, self._figures, view)
        self.artwork.use_colours(self._typography.text_colour, self._typography.base_colour)
        self.writer = DocumentWriter(view.document(), self._typography, self.formulas)
        self.reader = PageReader()

    @property
    def is_done(self) -> bool:
        """Whether everything that was to be shown is written."""
        return self.reader.is_done and self.writer.is_done

    @property
    def has_all_drawings(self) -> bool:
        """Whether every formula that was written and can be drawn is."""
        return self.formulas.is_settled and not self.writer.has_drawings_to_place

    def use_page(self, image: PageImage | None, turns: int) -> bool:
        """Cut figures from this page, shown in so many clockwise quarter turns; whether any on show is another now."""
        if not self._figures.use_page(image, turns):
            return False
        places = self.writer.figure_ranges()
        for start, end in places:
            self._view.document().markContentsDirty(start, end - start)
        return bool(places)

    def region_of(self, block: QTextBlock) -> int | None:
        """The region that a block of the document belongs to."""
        region_id = block.blockFormat().property(REGION_ID)
        return region_id if isinstance(region_id, int) else None

    def open_rows(self, address: str) -> bool:
        """Show the rest of the table whose link this is; False where it is any other link."""
        if not address.startswith(ROWS_SCHEME):
            return False
        region_id, _, table = address.removeprefix(ROWS_SCHEME).partition(":")
        self.reader.show_all_rows(int(region_id), int(table))
        return True

    def restyle(self) -> None:
        """Take the view's font and colours as they are now; everything is written anew in them."""
        self._typography = Typography(self._view.font(), self._view.palette())
        self.artwork.use_colours(self._typography.text_colour, self._typography.base_colour)
        self.writer.use(self._typography)

    def paint_under(self, painter: QPainter, first: QTextBlock, sight: QRectF) -> None:
        """Paint what lies under the words in sight, from a block on; to be called before the words are painted."""
        paint_decorations(painter, self._view.document(), first, sight, self._typography)
        paint_washes(painter, self._view.document(), self._view.extraSelections(), sight, self._typography)
        self.artwork.begin_painting()
