"""Draws `resources/connection/picture.png`, which a test of an endpoint sends, and writes down what stands on it.

    python packaging/draw_connection_picture.py

The truth beside it, `picture.toml`, has each line's words and the box of its ink in pixels. All words differ, so that
each tells its line. They stand off the middle and fill less than half of the picture: boxes that are scaled wrongly, or
one box around everything, are then in the wrong place. The font is that of Debian's fonts-liberation.
"""

from __future__ import annotations

import sys
from pathlib import Path

import tomli_w
from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "connection"
FONTS = Path("/usr/share/fonts/truetype/liberation")
WIDTH, HEIGHT = 640, 200
PAPER, INK = 255, 20
SHADES = 16
"""Of grey: enough for smooth edges of letters."""
LINES = (
    ("LiberationSans-Bold.ttf", 34, (36, 24), "Harbour report"),
    ("LiberationSerif-Regular.ttf", 26, (36, 88), "Seven boats lay empty by noon."),
    ("LiberationSerif-Regular.ttf", 26, (36, 146), "Ticket 48213 was paid."),
)
"""Font, size, where the ink begins, words."""


def drawn_picture() -> tuple[Image.Image, list[dict[str, object]]]:
    """The picture in grey, and for each line its words and the box of its ink."""
    picture = Image.new("L", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    lines: list[dict[str, object]] = []
    for name, size, place, words in LINES:
        face = ImageFont.truetype(FONTS / name, size)
        draw.text(place, words, fill=INK, font=face, anchor="lt")
        lines.append({"text": words, "box": [round(edge) for edge in draw.textbbox(place, words, face, anchor="lt")]})
    return picture, lines


def main() -> int:
    picture, lines = drawn_picture()
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / "picture.png"
    picture.quantize(SHADES, dither=Image.Dither.NONE).save(file, optimize=True)
    truth = tomli_w.dumps({"width": WIDTH, "height": HEIGHT, "lines": lines})
    file.with_suffix(".toml").write_text(truth, "utf-8")
    print(f"{file}: {file.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
