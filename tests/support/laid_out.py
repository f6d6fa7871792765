"""Lines and other elements put somewhere on a page, and the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_desktop.core.events import LineFound, PageFound
from ocr_desktop.core.layout.boxes import Element, LayoutBox, LineBox, Solid, SolidKind, straightened
from ocr_desktop.core.layout.order import blocks_in_order

HEIGHT = 20.0
PITCH = 26.0


def line(text: str, x: float, y: float, width: float | None = None, height: float = HEIGHT) -> LineFound:
    x_1 = x + (len(text) * height / 2 if width is None else width)
    return LineFound(text, ((x, y), (x_1, y), (x_1, y + height), (x, y + height)), 0.9)


def column(name: str, x: float, y: float, count: int, width: float = 400, pitch: float = PITCH) -> list[LineFound]:
    """A column of running text, ragged at its right."""
    return [line(f"{name}{row}", x, y + row * pitch, width - row * 7 % 40) for row in range(count)]


def boxes(lines: list[LineFound]) -> list[Element]:
    return list(straightened(PageFound(tuple(lines))).lines)


def words_in(elements: list[Element], rules: Sequence[LayoutBox] = ()) -> list[str]:
    """What stands on a page in reading order: the text of lines, the kind of everything else."""
    return [
        each.text if isinstance(each, LineBox) else each.kind.value
        for block in blocks_in_order(elements, rules)
        for row in block.rows
        for each in row
    ]


def picture(x: float, y: float, width: float, height: float) -> Solid:
    return Solid(SolidKind.PICTURE, 0, x, y, x + width, y + height)


def named(lines: list[LineFound]) -> list[str]:
    return [found.text for found in lines]


def level_rule(x: float, y: float, width: float) -> LayoutBox:
    return LayoutBox(x, y - 1, x + width, y + 1)


def upright_rule(x: float, y: float, height: float) -> LayoutBox:
    return LayoutBox(x - 1, y, x + 1, y + height)
