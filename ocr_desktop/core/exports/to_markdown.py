"""A document as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ocr_desktop.core.document import Document, Page, Run
from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.figures import Figure, figures_of, links_of
from ocr_desktop.core.markdown import NO_LINKS, USUAL_STYLE, MarkdownStyle, compose


@dataclass(frozen=True, slots=True)
class PageFigures:
    """The figures of one page as one run found them; there is at least one."""

    page: Page
    run: Run
    figures: tuple[Figure, ...]


def to_markdown(document: Document, style: MarkdownStyle = USUAL_STYLE, figures_beside: str | None = None) -> str:
    """The pages one after the other, each parted from the next by a blank line.

    Args:
        document: Each page with its one chosen run.
        style: How tables and formulas are written.
        figures_beside: The name, without its ending, of the file that this is for: figures are linked from the folder
            beside it. None: there are no files of figures, and so no links to them.
    """
    all_links: dict[tuple[int, str], Mapping[int, tuple[str, ...]]] = {}
    if figures_beside is not None:
        for found in document_figures(document):
            all_links[found.page.number, found.run.id] = links_of(found.figures, figures_beside)
    texts = (
        compose(edited_regions(run), style, all_links.get((page.number, run.id), NO_LINKS)).text
        for page in document.pages
        for run in page.runs
    )
    return "\n\n".join(text for text in texts if text) + "\n"


def document_figures(document: Document) -> tuple[PageFigures, ...]:
    """The figures of all pages, numbered through."""
    found: list[PageFigures] = []
    number = 1
    for page in document.pages:
        for run in page.runs:
            figures = figures_of(edited_regions(run), number)
            if figures:
                found.append(PageFigures(page, run, figures))
                number = figures[-1].number + 1
    return tuple(found)
