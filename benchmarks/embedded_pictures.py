"""Pages where the program is worst, to look at: boxes and their order, its words, and the true ones beside."""

from __future__ import annotations

import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.embedded_quality import Judged
from benchmarks.embedded_readers import Program, Read
from benchmarks.embedded_scores import NOTHING
from ocr_desktop.core.document import Region
from tests.support.pictures import CHINESE_FONTS, font_file

HIGH = 1500
COLUMN = 620
SIZE = 13
CHARACTERS = 84
COLOURS = {
    "title": "#c2185b", "sub_title": "#d81b60", "text": "#1565c0", "list": "#00838f", "table": "#2e7d32",
    "code": "#6a1b9a", "image": "#ef6c00", "form": "#5d4037",
}  # fmt: skip
OTHER = "#616161"


async def write_worst(program: Program, results: list[Judged], count: int, folder: Path) -> None:
    """A PNG and a text file for each of the worst pages, into a folder that is there."""
    for result in sorted(results, key=lambda each: -each.badness)[:count]:
        for number, read in enumerate(result.reads, 1):
            opened = await program.open(result.page.content, number)
            picture = program.picture(opened)
            program.context.intake.release(opened)
            stem = f"{result.page.name}-{number}"
            _side_by_side(picture, result, read).save(folder / f"{stem}.png")
            told = f"{read.markdown}\n\n======== true\n\n{_true_text(result)}\n\n======== figures\n\n{result.score}\n"
            (folder / f"{stem}.md").write_text(told, "utf-8")


def _side_by_side(picture: Image.Image, result: Judged, read: Read) -> Image.Image:
    scale = min(HIGH / picture.height, 1400 / picture.width)
    shown = picture.convert("RGB").resize((round(picture.width * scale), round(picture.height * scale)))
    canvas = ImageDraw.Draw(shown)
    for number, region in enumerate(read.run.regions if read.run else (), 1):
        _draw_region(canvas, number, region, scale)
    height = max(shown.height, HIGH // 2)
    whole = Image.new("RGB", (shown.width + 2 * COLUMN, height), "white")
    whole.paste(shown, (0, 0))
    for column, text in enumerate((read.markdown, _true_text(result))):
        _write(whole, shown.width + 8 + column * COLUMN, text)
    return whole


def _draw_region(canvas: ImageDraw.ImageDraw, number: int, region: Region, scale: float) -> None:
    colour = COLOURS.get(region.label, OTHER)
    for box in region.boxes:
        corners = (box.x_min * scale, box.y_min * scale, box.x_max * scale, box.y_max * scale)
        canvas.rectangle(corners, outline=colour, width=2)
        canvas.text((corners[0] + 2, corners[1] - 15), f"{number} {region.label}", fill=colour, font=_font())


def _write(whole: Image.Image, x: int, text: str) -> None:
    canvas = ImageDraw.Draw(whole)
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, CHARACTERS) or [""])]
    for row, line in enumerate(lines[: whole.height // (SIZE + 4)]):
        canvas.text((x, 4 + row * (SIZE + 4)), line, fill="black", font=_font())


def _true_text(result: Judged) -> str:
    known = result.page.known
    return known.text or known.words or "\n".join(str(each) for each in known.assertions) or NOTHING


def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(CHINESE_FONTS)), SIZE)
