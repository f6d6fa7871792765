"""Writing Markdown with its figures beside it: cut from the page at full resolution, each a file of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.exports.to_markdown import PageFigures, document_figures, to_markdown
from ocr_desktop.core.figures import figures_folder
from ocr_desktop.core.geometry import View
from ocr_desktop.core.markdown import USUAL_STYLE, MarkdownStyle
from ocr_desktop.services.exporting import is_stream, make_folder, write_file

if TYPE_CHECKING:
    from ocr_desktop.core.document import Document
    from ocr_desktop.worker.client import PicturesClient
    from ocr_desktop.worker.pixels import Pixels

MEDIA_TYPES = ("image/png",)


async def write_markdown(
    path: Path,
    document: Document,
    style: MarkdownStyle = USUAL_STYLE,
    *,
    pictures: PicturesClient,
    pixels: Mapping[int, Pixels],
) -> None:
    """Write a document's Markdown, its figures into `NAME_files` beside it; figures that are there are replaced whole.

    Where the figures cannot be written the Markdown is all the same, without links to them.

    Args:
        path: Of the Markdown; a pipe or a terminal gets no figures.
        document: Each page with its one chosen run.
        style: How tables and formulas are written.
        pictures: Cuts the figures out.
        pixels: Of each page, by its number; they must stay until this is done.

    Raises:
        OutputError: OUTPUT_UNWRITABLE.
        OcrDesktopError: A figure cannot be cut out.
    """
    pages = document_figures(document)
    if not pages or await asyncio.to_thread(is_stream, path):
        await _write_without_figures(path, document, style)
        return
    folder = figures_folder(path)
    try:
        await asyncio.to_thread(make_folder, folder)
        for page in pages:
            await _write_figures(folder, page, pictures, pixels[page.page.number])
    except OcrDesktopError:
        await _write_without_figures(path, document, style)
        raise
    text = await asyncio.to_thread(to_markdown, document, style, path.stem)
    await asyncio.to_thread(write_file, path, text)


async def _write_without_figures(path: Path, document: Document, style: MarkdownStyle) -> None:
    text = await asyncio.to_thread(to_markdown, document, style)
    await asyncio.to_thread(write_file, path, text)


async def _write_figures(folder: Path, page: PageFigures, pictures: PicturesClient, pixels: Pixels) -> None:
    full = max(pixels.size.width, pixels.size.height)
    for figure in page.figures:
        view = View(page.run.view.turns, figure.box)
        cut = await pictures.encode(pixels, view, longest_side=full, formats=MEDIA_TYPES)
        # A link there may lead to the very picture that is read.
        await asyncio.to_thread(write_file, folder / figure.file_name, cut.data, follows_links=False)
