"""Writing Markdown with its figures beside it: cut from the page at full resolution, each a file of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.exports.to_markdown import to_markdown
from ocr_desktop.core.figures import figures_folder, figures_of
from ocr_desktop.core.geometry import View
from ocr_desktop.core.markdown import USUAL_STYLE, MarkdownStyle
from ocr_desktop.services.exporting import is_stream, make_folder, write_file

if TYPE_CHECKING:
    from ocr_desktop.core.document import Document, Run
    from ocr_desktop.core.figures import Figure
    from ocr_desktop.worker.client import PicturesClient
    from ocr_desktop.worker.pixels import Pixels

MEDIA_TYPES = ("image/png",)


class MarkdownFile:
    """A document's Markdown, its figures in `NAME_files` beside it; figures that are there are replaced whole.

    The figures of a page are cut out while its pixels are there, the Markdown is written when all pages are read.
    Where the figures of a page cannot be written its words are all the same, without links to them.

    Args:
        path: Of the Markdown; a pipe or a terminal gets no figures.
        style: How tables and formulas are written.
        pictures: Cuts the figures out.
    """

    def __init__(self, path: Path, style: MarkdownStyle, pictures: PicturesClient) -> None:
        self._path = path
        self._style = style
        self._pictures = pictures
        self._next_number = 1
        self._with_figures: set[str] = set()

    async def cut_figures(self, run: Run, pixels: Pixels) -> None:
        """Write the figures of a page's run; called for the runs of the document in their order, from the first on.

        Those that it was not called for, or that failed, are written without links.

        Raises:
            OutputError: OUTPUT_UNWRITABLE.
            OcrDesktopError: A figure cannot be cut out.
        """
        figures = figures_of(edited_regions(run), self._next_number)
        if not figures:
            return
        self._next_number = figures[-1].number + 1
        if await asyncio.to_thread(is_stream, self._path):
            return
        await self._write_figures(figures, run, pixels)
        self._with_figures.add(run.id)

    async def write(self, document: Document) -> None:
        """Write the Markdown, each page with its one chosen run.

        Raises:
            OutputError: OUTPUT_UNWRITABLE.
        """
        text = await asyncio.to_thread(to_markdown, document, self._style, self._path.stem, self._with_figures)
        await asyncio.to_thread(write_file, self._path, text)

    async def _write_figures(self, figures: tuple[Figure, ...], run: Run, pixels: Pixels) -> None:
        folder = figures_folder(self._path)
        await asyncio.to_thread(make_folder, folder)
        full = max(pixels.size.width, pixels.size.height)
        for figure in figures:
            view = View(run.view.turns, figure.box)
            cut = await self._pictures.encode(pixels, view, longest_side=full, formats=MEDIA_TYPES)
            # A link there may lead to the very picture that is read.
            await asyncio.to_thread(write_file, folder / figure.file_name, cut.data, follows_links=False)


async def write_markdown(
    path: Path,
    document: Document,
    style: MarkdownStyle = USUAL_STYLE,
    *,
    pictures: PicturesClient,
    pixels: Mapping[int, Pixels],
) -> None:
    """Write the Markdown of a document whose pixels are all there, by page number, with its figures.

    Raises:
        OutputError: OUTPUT_UNWRITABLE.
        OcrDesktopError: A figure cannot be cut out; the Markdown is written without those of its page.
    """
    file = MarkdownFile(path, style, pictures)
    failure: OcrDesktopError | None = None
    for page in document.pages:
        for run in page.runs:
            try:
                await file.cut_figures(run, pixels[page.number])
            except OcrDesktopError as error:
                failure = failure or error
    await file.write(document)
    if failure is not None:
        raise failure
