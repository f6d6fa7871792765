"""Figures of a page: what of it is a picture and not words, and how Markdown shows it from files of its own."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import PixelBox

FIGURE_LABELS = frozenset({"chart", "diagram", "figure", "graph", "illustration", "image", "logo", "photo", "picture"})
FOLDER_ENDING = "_files"

_FIGURE_NAME = re.compile(r"figure-\d+(?:-\d+)?\.png")
_IN_LINKS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture that is cut from a page.

    Attributes:
        region_id: Whose picture it is; a region with several boxes has a figure for each, all of one number.
        number: Counted through the document, from 1.
        box: What is cut out, in page pixels.
        file_name: In the folder of the figures.
    """

    region_id: int
    number: int
    box: PixelBox
    file_name: str


def figures_of(regions: Iterable[Region], first: int = 1) -> tuple[Figure, ...]:
    """The figures of a page in order: regions that are pictures, have boxes and no words of their own.

    Args:
        regions: Of the page, as they are shown.
        first: The number of the first, for a page that is not the first of its document.
    """
    figures: list[Figure] = []
    number = first
    for region in regions:
        boxes = [box for box in region.boxes if not box.is_empty]
        if region.label not in FIGURE_LABELS or region.markdown or not boxes:
            continue
        for part, box in enumerate(boxes, 1):
            suffix = f"-{part}" if len(boxes) > 1 else ""
            figures.append(Figure(region.id, number, box, f"figure-{number}{suffix}.png"))
        number += 1
    return tuple(figures)


def figures_folder(path: Path) -> Path:
    """Where the figures of a Markdown file go: beside it, named after it."""
    return path.with_name(path.stem + FOLDER_ENDING)


def is_figure_name(name: str) -> bool:
    """Whether a file may be one of the figures, by its name."""
    return _FIGURE_NAME.fullmatch(name) is not None


def links_of(figures: Iterable[Figure], stem: str) -> dict[int, tuple[str, ...]]:
    """By region id, the Markdown that shows these figures beside a file called `stem` without its ending."""
    links: dict[int, tuple[str, ...]] = {}
    for figure in figures:
        address = link_address(f"{stem}{FOLDER_ENDING}/{figure.file_name}")
        links[figure.region_id] = (*links.get(figure.region_id, ()), f"![Picture {figure.number}]({address})")
    return links


def figure_links(regions: Iterable[Region], stem: str) -> dict[int, tuple[str, ...]]:
    """The links that a page would have if it were saved under this name without its ending; for `compose`."""
    return links_of(figures_of(regions), stem)


def link_address(path: str) -> str:
    """A relative path as the address of a link: whatever would end or change the address is written `%XX`.

    Letters of other scripts stay as they are, so that people can read them.
    """
    return "".join(map(_in_address, path))


def _in_address(character: str) -> str:
    if ord(character) > 127 and character.isprintable() and not character.isspace():
        return character
    data = os.fsencode(character) if "\ud800" <= character <= "\udfff" else character.encode()
    return "".join(chr(byte) if byte in _IN_LINKS else f"%{byte:02X}" for byte in data)
