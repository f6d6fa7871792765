"""What stands on a drawn page: its blocks in reading order, their lines, cells and items; boxes in picture pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class TrueLine:
    """One line of text as it was drawn, and where its ink lies."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class TrueCell:
    """A cell of a table: its text, its upper left place counted from 0, and how many rows and columns it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class TrueItem:
    """An entry of a list, its marker left out; `depth` 0 is the outermost."""

    text: str
    depth: int
    marker: str


@dataclass(frozen=True, slots=True)
class TrueBlock:
    """A part of the page.

    Attributes:
        label: In the model's own vocabulary; `form` for pairs of a name and a value, `control` for what a window shows
            beside text.
        text: Its words as somebody would copy them: lines joined, hyphens at line ends gone; of a list and of code
            line by line, of a table cells by tabs and rows by lines.
        lines: As they were drawn; of a table those of its cells, row by row.
        level: Of a heading, 1 the highest; 0 for anything else.
    """

    label: str
    text: str
    lines: tuple[TrueLine, ...] = ()
    level: int = 0
    items: tuple[TrueItem, ...] = ()
    cells: tuple[TrueCell, ...] = ()
    box: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Truth:
    """A page: `language` is Tesseract's name for it, `size` width and height in pixels."""

    kind: str
    quality: str
    language: str
    size: tuple[int, int]
    blocks: tuple[TrueBlock, ...]

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.quality}"

    @property
    def lines(self) -> Iterator[TrueLine]:
        """All lines in reading order."""
        for block in self.blocks:
            yield from block.lines

    @property
    def text(self) -> str:
        """All words in reading order, blocks parted by an empty line."""
        return "\n\n".join(block.text for block in self.blocks if block.text)

    def as_json(self) -> dict[str, object]:
        """For `json.dump`: the fields above, `text` of the whole page among them."""
        return asdict(self) | {"text": self.text}


def union(boxes: list[Box]) -> Box:
    """The smallest box around all; nothing where there is none."""
    if not boxes:
        return (0.0, 0.0, 0.0, 0.0)
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
