"""A document as Markdown."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ocr_desktop.core.document import Document
from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.figures import figures_of, links_of
from ocr_desktop.core.markdown import NO_LINKS, USUAL_STYLE, MarkdownStyle, compose


def to_markdown(
    document: Document,
    style: MarkdownStyle = USUAL_STYLE,
    figures_beside: str | None = None,
    with_figures: Collection[str] | None = None,
) -> str:
    """The pages one after the other, each parted from the next by a blank line.

    Args:
        document: Each page with its one chosen run.
        style: How tables and formulas are written.
        figures_beside: The name, without its ending, of the file that this is for: figures are linked from the folder
            beside it, numbered through all pages. None: there are no files of figures, and so no links to them.
        with_figures: Ids of the runs whose figures have files; None: all of them.
    """
    texts: list[str] = []
    number = 1
    for run in (run for page in document.pages for run in page.runs):
        regions = edited_regions(run)
        links: Mapping[int, tuple[str, ...]] = NO_LINKS
        if figures_beside is not None and (figures := figures_of(regions, number)):
            number = figures[-1].number + 1
            if with_figures is None or run.id in with_figures:
                links = links_of(figures, figures_beside)
        texts.append(compose(regions, style, links).text)
    return "\n\n".join(text for text in texts if text) + "\n"
