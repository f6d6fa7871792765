"""What the rendered view is made of: paragraphs, tables in parts, and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import PixelBox

LINE_BREAK = "\u2028"
"""Ends a line, but not the paragraph."""


class Face(Flag):
    """How words look."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    CODE = auto()
    FORMULA = auto()
    STRUCK = auto()
    UNDERLINED = auto()
    LOWERED = auto()
    RAISED = auto()


class Kind(Enum):
    TEXT = "text"
    LINE = "line"
    """A line of its own that follows another without a gap."""
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    FORMULA = "formula"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text of one look; `address` is what it links to, or empty."""

    text: str
    face: Face = Face.PLAIN
    address: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of words; code has one for each of its lines, a display formula is one whatever its lines.

    `level` is that of a heading, 1–6, or how deep an item or a quote lies, from 1; `marker` what stands before an item.
    `joint` is what stood between it and the block before where one paragraph was cut in two there, maybe nothing; None
    where it begins by itself.
    """

    kind: Kind
    words: tuple[Words, ...] = ()
    level: int = 0
    marker: str = ""
    joint: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell at its place in the grid, and how many rows and columns it covers.

    `alignment` is `left`, `center`, `right`, or empty.
    """

    row: int
    column: int
    words: tuple[Words, ...]
    rows: int = 1
    columns: int = 1
    is_head: bool = False
    alignment: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """The widest words and lines of cells that stand in the same columns of a table: so many from `column` on."""

    column: int
    columns: int
    words: tuple[Words, ...]
    lines: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class TablePart:
    """Some rows of a table, few enough to be laid out at once.

    `extents` are the whole table's and the same object in all of its parts, so that their columns fit together; they
    say nothing about what stands in this part. `continues` tells that the part before it is of the same table.
    """

    row_count: int
    column_count: int
    cells: tuple[PlacedCell, ...]
    continues: bool = False
    extents: tuple[Extent, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MoreRows:
    """Stands in for the rest of a table so long that only its first rows are shown.

    `table` counts the region's tables from 0; `row_count` is the whole table's.
    """

    table: int
    row_count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture cut from the page (page pixels); `number` counts those of its region from 1, of `count`."""

    box: PixelBox
    number: int = 1
    count: int = 1


Block = Paragraph | TablePart | MoreRows | Figure
