"""Draws `resources/sample/page.png`, the page that the program shows to who has none at hand.

    python packaging/draw_sample_page.py

Its words are ours. The fonts are those of Debian's fonts-liberation and fonts-wqy-microhei.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PICTURE = Path(__file__).resolve().parent.parent / "resources" / "sample" / "page.png"
FONTS = Path("/usr/share/fonts/truetype")

WIDTH, HEIGHT = 1240, 1754
LEFT, RIGHT = 140, 1100
PAPER = (255, 254, 250)
INK = (28, 30, 34)
SOFT_INK = (96, 100, 108)
RULE = (150, 154, 160)
ACCENT = (32, 92, 140)
COLOURS = 64
"""Of the finished picture's palette: enough for smooth edges of letters."""

TITLE = "A page, read where you are"
SUBTITLE = "The sample page of OCR Desktop"
OPENING = (
    "This page is a picture. Nothing in it can be searched, copied or corrected until somebody reads it, and that is "
    "what the program beside it does. The words that you see in the other half of the window were found in these "
    "pixels a moment ago, by an engine that runs on this computer and needs neither a key nor a network."
)
BOXES = (
    "Every part of the page that was read has a box around it. Click a box, and its words are marked in the "
    "text; click words, and their box is marked on the page. So you can see at once what was read well, what was read "
    "badly, and what was not read at all."
)
STEPS = (
    "Drop a picture anywhere on the window, or paste one.",
    "Choose what you want to have: Markdown, lines or plain text.",
    "Copy the result, or save it beside the picture.",
)
TABLE = (
    ("Preset", "What comes back", "Boxes"),
    ("Document to Markdown", "headings, paragraphs, lists and tables", "yes"),
    ("Lines with positions", "one line of text after another", "yes"),
    ("Plain text, no layout", "the words alone", "no"),
    ("Locate…", "every place where a word stands", "yes"),
)
TABLE_COLUMNS = (LEFT + 16, LEFT + 360, RIGHT - 96)
BARS = (("Headings", 5), ("Paragraphs", 3), ("List items", 3), ("Table rows", 5))
CAPTION = "Figure 1. What stands on this page, counted by hand."
CHINESE_HEADING = "中文也可以识别"
CHINESE = (
    "把图片拖进窗口，或者直接粘贴，文字就会变成可以编辑的 Markdown。本机识别不需要网络，也不需要密钥，图片不会离开"
    "这台电脑。点击方框，可以看到对应的文字；点击文字，方框也会在图片上亮起来。"
)


def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)


def serif(size: int, style: str = "Regular") -> ImageFont.FreeTypeFont:
    return font(f"liberation/LiberationSerif-{style}.ttf", size)


def sans(size: int, style: str = "Regular") -> ImageFont.FreeTypeFont:
    return font(f"liberation/LiberationSans-{style}.ttf", size)


def chinese(size: int) -> ImageFont.FreeTypeFont:
    return font("wqy/wqy-microhei.ttc", size)


class Sheet:
    """A page that is written from the top down; `y` is where the next thing starts."""

    def __init__(self) -> None:
        self.picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.draw = ImageDraw.Draw(self.picture)
        self.y = 124

    def gap(self, pixels: int) -> None:
        self.y += pixels

    def line(
        self, text: str, face: ImageFont.FreeTypeFont, pitch: int, *, x: int = LEFT, ink: tuple[int, int, int] = INK
    ) -> None:
        """One line of text; `pitch` is the way from it to the next."""
        self.draw.text((x, self.y), text, fill=ink, font=face, anchor="lt")
        self.y += pitch

    def paragraph(
        self, pieces: Iterable[str], face: ImageFont.FreeTypeFont, pitch: int, *, x: int = LEFT, right: int = RIGHT
    ) -> None:
        """Text that is broken between its pieces where a line is full."""
        for text in broken(pieces, face.getlength, right - x):
            # Drawn from the baseline: the tops of lines differ with their letters.
            self.draw.text((x, self.y + pitch * 0.75), text, fill=INK, font=face, anchor="ls")
            self.y += pitch

    def rule(self, thickness: int = 1, ink: tuple[int, int, int] = RULE) -> None:
        self.draw.rectangle((LEFT, self.y, RIGHT, self.y + thickness - 1), fill=ink)
        self.y += thickness


def words(text: str) -> list[str]:
    return [f"{word} " for word in text.split()]


def characters(text: str) -> list[str]:
    """Chinese text may be broken anywhere, but not inside a Latin word and not before a stop."""
    pieces: list[str] = []
    for character in text:
        joins = character in "，。；、" or (character.isascii() and pieces and pieces[-1][-1].isascii())
        if joins and pieces:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def broken(pieces: Iterable[str], length: Callable[[str], float], width: int) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and length((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def draw_head(sheet: Sheet) -> None:
    sheet.line(TITLE, serif(58, "Bold"), 76)
    sheet.line(SUBTITLE, serif(28, "Italic"), 52, ink=SOFT_INK)
    sheet.rule(3, ACCENT)
    sheet.gap(34)


def draw_heading(sheet: Sheet, text: str) -> None:
    sheet.gap(34)
    sheet.line(text, sans(30, "Bold"), 46, ink=ACCENT)


def draw_list(sheet: Sheet) -> None:
    for number, step in enumerate(STEPS, start=1):
        sheet.draw.text((LEFT + 8, sheet.y + 28.5), f"{number}.", fill=INK, font=serif(27), anchor="ls")
        sheet.paragraph(words(step), serif(27), 38, x=LEFT + 46)


def draw_table(sheet: Sheet) -> None:
    row_height = 44
    sheet.gap(6)
    sheet.rule(2, INK)
    for index, row in enumerate(TABLE):
        face = sans(22, "Bold") if index == 0 else sans(22)
        for x, text in zip(TABLE_COLUMNS, row, strict=True):
            sheet.draw.text((x, sheet.y + 29), text, fill=INK, font=face, anchor="ls")
        sheet.gap(row_height)
        sheet.rule(2 if index in (0, len(TABLE) - 1) else 1, INK if index in (0, len(TABLE) - 1) else RULE)


def draw_chart(sheet: Sheet) -> None:
    axis, unit, bar, pitch = LEFT + 200, 130, 26, 42
    sheet.gap(44)
    top = sheet.y
    for name, count in BARS:
        middle = sheet.y + bar // 2
        sheet.draw.text((axis - 16, middle), name, fill=INK, font=sans(22), anchor="rm")
        sheet.draw.rectangle((axis, sheet.y, axis + count * unit, sheet.y + bar), fill=ACCENT)
        sheet.draw.text((axis + count * unit + 14, middle), str(count), fill=INK, font=sans(22, "Bold"), anchor="lm")
        sheet.gap(pitch)
    sheet.draw.line((axis, top - 8, axis, sheet.y - pitch + bar + 8), fill=INK, width=2)
    sheet.gap(8)
    sheet.draw.text((WIDTH // 2, sheet.y), CAPTION, fill=SOFT_INK, font=serif(24, "Italic"), anchor="mt")
    sheet.gap(34)


def draw_chinese(sheet: Sheet) -> None:
    sheet.gap(36)
    sheet.line(CHINESE_HEADING, chinese(31), 48, ink=ACCENT)
    sheet.paragraph(characters(CHINESE), chinese(25), 39)


def drawn_page() -> Image.Image:
    sheet = Sheet()
    draw_head(sheet)
    sheet.paragraph(words(OPENING), serif(27), 38)
    draw_heading(sheet, "Words and boxes")
    sheet.paragraph(words(BOXES), serif(27), 38)
    draw_heading(sheet, "In three steps")
    draw_list(sheet)
    draw_heading(sheet, "What can be asked")
    draw_table(sheet)
    draw_chart(sheet)
    draw_chinese(sheet)
    sheet.draw.text((WIDTH // 2, HEIGHT - 70), "1", fill=SOFT_INK, font=serif(24), anchor="mm")
    return sheet.picture


def main() -> int:
    palette_picture = drawn_page().quantize(COLOURS, dither=Image.Dither.NONE)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    palette_picture.save(PICTURE, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
