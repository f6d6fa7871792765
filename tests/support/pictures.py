"""Pictures drawn at run time: known words at known places."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
LATIN_FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf")
CHINESE_FONTS = ("wqy-microhei.ttc", "DroidSansFallbackFull.ttf", "NotoSansCJK-Regular.ttc")


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text and where its top left corner is drawn, in pixels; `height` is the font's size."""

    text: str
    x: int
    y: int
    height: int = 24


def draw_page(
    *words: Words,
    size: tuple[int, int] = (900, 600),
    ground: str = "white",
    ink: str = "black",
) -> Image.Image:
    """An RGB picture with these words on it."""
    picture = Image.new("RGB", size, ground)
    canvas = ImageDraw.Draw(picture)
    for line in words:
        canvas.text((line.x, line.y), line.text, font=_font_for(line), fill=ink)
    return picture


def bounds_of(words: Words) -> tuple[float, float, float, float]:
    """Where the ink of the words lies when they are drawn: left, top, right, bottom."""
    x_0, y_0, x_1, y_1 = _font_for(words).getbbox(words.text)
    return (x_0 + words.x, y_0 + words.y, x_1 + words.x, y_1 + words.y)


def encoded(picture: Image.Image, format_name: str = "PNG", **options: object) -> bytes:
    """The picture as a file's bytes."""
    target = io.BytesIO()
    picture.save(target, format_name, **options)
    return target.getvalue()


def _font_for(words: Words) -> ImageFont.FreeTypeFont:
    names = LATIN_FONTS if words.text.isascii() else CHINESE_FONTS
    return ImageFont.truetype(str(font_file(names)), words.height)


def font_file(names: tuple[str, ...]) -> Path:
    for folder in FONT_FOLDERS:
        for name in names:
            for found in folder.rglob(name):
                return found
    raise FileNotFoundError(f"none of the fonts {', '.join(names)}; they stand in packaging/system-packages.txt")
