"""The sheet that pages are drawn on: everything in points, kept with its truth in pixels."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw, ImageFont

from tests.support.drawn_pages.truth import Box, TrueBlock, TrueCell, TrueItem, TrueLine, union
from tests.support.drawn_pages.wrapping import Row, is_chinese, joined, wrapped
from tests.support.pictures import font_file

FACES = {
    ("sans", False): "DejaVuSans.ttf",
    ("sans", True): "DejaVuSans-Bold.ttf",
    ("serif", False): "DejaVuSerif.ttf",
    ("serif", True): "DejaVuSerif-Bold.ttf",
    ("mono", False): "DejaVuSansMono.ttf",
    ("mono", True): "DejaVuSansMono-Bold.ttf",
    ("chinese", False): "wqy-microhei.ttc",
    ("chinese", True): "wqy-microhei.ttc",
}


@dataclass(frozen=True, slots=True)
class Colours:
    """What a page is painted with; `fill` lies behind table heads and code, `accent` behind what stands out."""

    ground: str = "#ffffff"
    ink: str = "#000000"
    faint: str = "#5a5a5a"
    fill: str = "#e6eaf0"
    accent: str = "#1f5fa8"
    rule: str = "#404040"


LIGHT = Colours()
DARK = Colours("#1e1f22", "#d7d9dd", "#9a9da3", "#2e3138", "#6aa5ee", "#55585f")


@dataclass(frozen=True, slots=True)
class Style:
    """How words look: size and leading (from line to line) in points; a colour of its own, or the page's ink."""

    family: str = "sans"
    size: float = 11.0
    bold: bool = False
    leading: float = 0.0
    colour: str | None = None

    @property
    def pitch(self) -> float:
        return self.leading or self.size * 1.35


@dataclass(frozen=True, slots=True)
class Setting:
    """How a run of words is set: `indent` of its first line, `hang` of all others, both in points."""

    style: Style
    width: float
    indent: float = 0.0
    hang: float = 0.0
    justified: bool = False
    hyphenated: bool = False
    centred: bool = False


@functools.cache
def font(family: str, bold: bool, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file((FACES[family, bold],))), pixels)


class Sheet:
    """A page in the making; blocks are added in reading order.

    Args:
        width: In points, as all lengths here.
        height: The same.
        scale: Pixels of one point.
        colours: What it is painted with.
    """

    def __init__(self, width: float, height: float, scale: float, colours: Colours = LIGHT) -> None:
        self.width = width
        self.height = height
        self.scale = scale
        self.colours = colours
        self.picture = Image.new("RGB", (round(width * scale), round(height * scale)), colours.ground)
        self.canvas = ImageDraw.Draw(self.picture)
        self.blocks: list[TrueBlock] = []

    def measure(self, text: str, style: Style) -> float:
        """How wide the words are."""
        return self._font(style).getlength(text) / self.scale

    def put(self, x: float, y: float, text: str, style: Style, *, align: str = "left") -> TrueLine:
        """Draw one line with its top at `y`; `x` is its left end, its middle or its right end.

        A gap of two spaces or more is no part of the line's text, only of its place.
        """
        face = self._font(style)
        width = face.getlength(text)
        left = x * self.scale - width * {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        baseline = (y + style.size) * self.scale
        # Chinese has no bold face here: its strokes are drawn thicker.
        stroke = max(1, round(style.size * self.scale / 24)) if style.bold and style.family == "chinese" else 0
        colour = style.colour or self.colours.ink
        at = (round(left), round(baseline))
        self.canvas.text(at, text, font=face, fill=colour, anchor="ls", stroke_width=stroke, stroke_fill=colour)
        x_0, y_0, x_1, y_1 = face.getbbox(text, anchor="ls", stroke_width=stroke)
        return TrueLine(text, (x_0 + at[0], y_0 + at[1], x_1 + at[0], y_1 + at[1]))

    def set_lines(self, x: float, y: float, text: str, setting: Setting) -> tuple[list[TrueLine], float]:
        """Draw words as lines; gives them and where the next line would begin."""
        lines = []
        rows = wrapped(text, setting.width, lambda words: self.measure(words, setting.style), setting)
        for number, row in enumerate(rows):
            inset = setting.hang if number else setting.indent
            lines.append(self._put_row(x + inset, y, row, replace(setting, width=setting.width - inset)))
            y += setting.style.pitch
        return lines, y

    def add(
        self,
        label: str,
        lines: Sequence[TrueLine],
        *,
        text: str | None = None,
        level: int = 0,
        items: Iterable[TrueItem] = (),
        cells: Iterable[TrueCell] = (),
        box: Box | None = None,
    ) -> None:
        """Tell the truth of what was drawn; without `text` it is the lines joined."""
        words = joined([line.text for line in lines]) if text is None else text
        place = box or union([line.box for line in lines])
        self.blocks.append(TrueBlock(label, words, tuple(lines), level, tuple(items), tuple(cells), place))

    def paragraph(
        self, x: float, y: float, text: str, setting: Setting, *, label: str = "text", level: int = 0
    ) -> float:
        """Draw words as a block of their own; gives where the next line would begin."""
        lines, below = self.set_lines(x, y, text, setting)
        self.add(label, lines, text=text, level=level)
        return below

    def line(
        self, x: float, y: float, text: str, style: Style, *, label: str, align: str = "left", level: int = 0
    ) -> None:
        """Draw one line that is a block of its own."""
        self.add(label, [self.put(x, y, text, style, align=align)], level=level)

    def rule(self, x_0: float, y_0: float, x_1: float, y_1: float, *, thick: float = 0.6) -> None:
        """Draw a straight line, horizontal or vertical."""
        width = max(1, round(thick * self.scale))
        self.canvas.line([self._at(x_0, y_0), self._at(x_1, y_1)], fill=self.colours.rule, width=width)

    def fill(self, x_0: float, y_0: float, x_1: float, y_1: float, colour: str, *, rim: str | None = None) -> Box:
        """Paint a rectangle; gives its box in pixels."""
        corners = (*self._at(x_0, y_0), *self._at(x_1, y_1))
        self.canvas.rectangle(corners, fill=colour, outline=rim, width=max(1, round(0.6 * self.scale)))
        return corners

    def paste(self, x: float, y: float, picture: Image.Image) -> Box:
        """Put a picture there; gives its box in pixels."""
        left, top = self._at(x, y)
        self.picture.paste(picture, (left, top))
        return (left, top, left + picture.width, top + picture.height)

    def _put_row(self, x: float, y: float, row: Row, setting: Setting) -> TrueLine:
        style = setting.style
        if setting.centred:
            return self.put(x + setting.width / 2, y, row.text, style, align="middle")
        words = row.text.split(" ")
        if not setting.justified or row.is_last or len(words) < 2:
            return self.put(x, y, row.text, style)
        spare = setting.width - sum(self.measure(word, style) for word in words)
        gap = spare / (len(words) - 1)
        boxes = []
        for word in words:
            boxes.append(self.put(x, y, word, style).box)
            x += self.measure(word, style) + gap
        return TrueLine(row.text, union(boxes))

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return (round(x * self.scale), round(y * self.scale))

    def _font(self, style: Style) -> ImageFont.FreeTypeFont:
        return font(style.family, style.bold, max(6, round(style.size * self.scale)))


def family_for(text: str, family: str) -> str:
    """The family that has these characters."""
    return "chinese" if is_chinese(text) else family
