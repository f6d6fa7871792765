"""A page drawn from an answer's own words: each region's in its boxes, and where each word's ink lies."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher

from PIL import Image, ImageDraw, ImageFont

from ocr_desktop.core.alignment.words import Alignment, align
from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Region, Run
from ocr_desktop.core.events import TextDelta
from ocr_desktop.core.geometry import PixelBox, Size, View, bounds_of, quad_bounds
from ocr_desktop.core.line_parts import quad_of_part
from ocr_desktop.core.presets import PresetId, prompt_for
from tests.support.drawn_pages.wrapping import is_chinese
from tests.support.pictures import CHINESE_FONTS, LATIN_FONTS, font_file

LARGEST, SMALLEST = 36, 9
"""Of the letters, in pixels."""
LEADING = 1.25
CELL_GAP = 1.5
"""In letter heights, at least."""
TAG = re.compile(r"<\|ref\|>.*?<\|/ref\|><\|det\|>.*?<\|/det\|>\n?")

_PIECE = re.compile(r"[^\S\n]+|\n|[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+")


@dataclass(frozen=True, slots=True)
class DrawnWord:
    """A word of a region's text, from `start` up to `end`, and where its ink lies, in pixels."""

    region: int
    start: int
    end: int
    box: PixelBox


def run_on(size: tuple[int, int], preset: PresetId, raw: str) -> Run:
    """The run of an answer about a picture of this size."""
    builder = RunBuilder("run", preset, Size(*size), View())
    builder.begin_answer(prompt_for(preset))
    builder.feed(TextDelta(raw))
    builder.end_answer(None)
    started = datetime(2026, 1, 1, tzinfo=UTC)
    return builder.build(engine="test", model=None, host=None, started=started, seconds=1.0)


def without_tags(raw: str) -> str:
    """A grounded answer as one without boxes: its words, and nothing else of it."""
    return TAG.sub("", raw)


def draw_transcript(regions: Sequence[Region], size: tuple[int, int]) -> tuple[Image.Image, list[DrawnWord]]:
    """Draw the regions' texts into their boxes, which lie on a picture of this size; those without boxes are left out.

    Where boxes overlap, the words of the first keep their place, and what comes later is not drawn over it.
    """
    picture = Image.new("RGB", size, "white")
    canvas = ImageDraw.Draw(picture)
    drawn: list[DrawnWord] = []
    for number, region in enumerate(regions):
        if region.text.strip() and region.boxes:
            setting = _setting(region)
            if not any(_overlap(word.box, other.box) for _, word in setting for other in drawn):
                for text, word in setting:
                    face = _font(is_chinese(text), round(word.box.height / LEADING))
                    canvas.text((word.box.x_min, word.box.y_min), text, font=face, fill="black")
                    drawn.append(DrawnWord(number, word.start, word.end, word.box))
    return picture, drawn


def _setting(region: Region) -> list[tuple[str, DrawnWord]]:
    """The words in the largest letters in which they fit into the boxes."""
    for height in range(LARGEST, SMALLEST, -1):
        placed = list(_rows_of_table(region, height) if "\t" in region.text else _flowing(region, height))
        if placed and placed[-1] is not None:
            return [each for each in placed if each is not None]
    return []


def _flowing(region: Region, height: int) -> Iterator[tuple[str, DrawnWord] | None]:
    """Words from the left to the right of each box, from box to box; ends with None where they do not fit."""
    face = _font(is_chinese(region.text), height)
    boxes = list(region.boxes)
    box = boxes.pop(0)
    x, y = box.x_min, box.y_min
    for piece in _PIECE.finditer(region.text):
        width = face.getlength(piece[0]) if piece[0] != "\n" else 0
        if piece[0] == "\n" or x + width > box.x_max:
            x, y = box.x_min, y + height * LEADING
        if piece[0].isspace():
            x += width if x > box.x_min else 0
            continue
        while y + height * LEADING > box.y_max:
            if not boxes:
                yield None
                return
            box = boxes.pop(0)
            x, y = box.x_min, box.y_min
        if x + width > box.x_max:
            yield None
            return
        yield piece[0], DrawnWord(0, *piece.span(), PixelBox(x, y, x + width, y + height * LEADING))
        x += width


def _rows_of_table(region: Region, height: int) -> Iterator[tuple[str, DrawnWord] | None]:
    """The cells of a table in columns; ends with None where they do not fit."""
    face, box = _font(is_chinese(region.text), height), region.boxes[0]
    rows = [row.split("\t") for row in region.text.split("\n")]
    widths = [0.0] * max(map(len, rows))
    for row in rows:
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], face.getlength(cell) + CELL_GAP * height)
    if sum(widths) > box.width or len(rows) * height * LEADING > box.height:
        yield None
        return
    at, pitch = 0, box.height / len(rows)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            x, y = box.x_min + sum(widths[:column]), box.y_min + number * pitch
            for word in re.finditer(r"\S+", cell):
                left = x + face.getlength(cell[: word.start()])
                place = PixelBox(left, y, left + face.getlength(word[0]), y + height * LEADING)
                yield word[0], DrawnWord(0, at + word.start(), at + word.end(), place)
            at += len(cell) + 1


def _overlap(one: PixelBox, other: PixelBox) -> bool:
    return one.x_min < other.x_max and other.x_min < one.x_max and one.y_min < other.y_max and other.y_min < one.y_max


@functools.cache
def _font(chinese: bool, height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(CHINESE_FONTS if chinese else LATIN_FONTS)), height)


SAMPLE = (
    "<|ref|>title<|/ref|><|det|>[[200, 30, 800, 70]]<|/det|>\n# Rain and roofs in the north\n\n"
    "<|ref|>text<|/ref|><|det|>[[60, 110, 480, 300]]<|/det|>\n"
    "Rain falls on the roofs of old houses more often than on those of new ones, and nobody who lives in the north "
    "is surprised by that. In the last 12 years the sum of all rain has grown by 8.5 % in spring and by 3.1 % "
    "in autumn.\n\n"
    "<|ref|>sub_title<|/ref|><|det|>[[60, 330, 480, 360]]<|/det|>\n## Results\n\n"
    "<|ref|>text<|/ref|><|det|>[[60, 380, 480, 560], [520, 110, 940, 200]]<|/det|>\n"
    "The results of the first winter were good: of 240 roofs only 7 had to be mended, and most of these were older "
    "than the village itself. A roof that was painted white kept the house below it cooler by four degrees, but "
    "the paint did not last. Whoever painted again in the second year had better results than those who had waited, "
    "and the cost of paint was lower than that of new tiles.\n\n"
    "<|ref|>table<|/ref|><|det|>[[520, 250, 940, 420]]<|/det|>\n"
    "<table><tr><td>Village</td><td>Roofs</td><td>Mended</td><td>Painted</td></tr>"
    "<tr><td>Northfield</td><td>84</td><td>3</td><td>12</td></tr>"
    "<tr><td>Eastwick</td><td>96</td><td>3</td><td>40</td></tr>"
    "<tr><td>Oldbridge</td><td>60</td><td>1</td><td>12</td></tr></table>\n\n"
    "<|ref|>text<|/ref|><|det|>[[520, 460, 940, 560]]<|/det|>\n"
    "屋顶的费用按年计算，春季的雨水比秋季多，旧房的屋顶需要每年检查一次，新房可以每三年检查一次。\n\n"
    "<|ref|>text<|/ref|><|det|>[[60, 620, 940, 700]]<|/det|>\n"
    "Rain falls on the roofs of old houses more often than on those of new ones; a house is never finished.\n"
)
"""An answer with two columns, a paragraph that goes on in the second, a table, Chinese, and words that come again."""
SAMPLE_SIZE = (1000, 1000)


@dataclass(frozen=True, slots=True)
class WordsInPlace:
    """Of how many words the middle of their ink lies in a box of their region, and where the lines say they are."""

    words: int
    in_region: float
    in_word: float


def words_in_place(run: Run, truth: Sequence[Region], drawn: Sequence[DrawnWord]) -> WordsInPlace:
    """How well a run without boxes of its own was placed on the page that was drawn from the regions of the truth."""
    places = {(word.region, word.start): word.box for word in drawn}
    shown = [(index, word) for index, region in enumerate(run.regions) for word in _words(region.text)]
    wanted = [(index, word) for index, region in enumerate(truth) for word in _words(region.text)]
    matcher = SequenceMatcher(None, [word[0] for _, word in shown], [word[0] for _, word in wanted], autojunk=False)
    alignment = align([region.text for region in run.regions], run.lines)
    in_region = in_word = count = 0
    for at, there, length in matcher.get_matching_blocks():
        for (index, word), (region, true_word) in zip(
            shown[at : at + length], wanted[there : there + length], strict=True
        ):
            place = places.get((region, true_word.start()))
            if place is not None:
                count += 1
                in_region += _holds(run.regions[index].boxes, place)
                in_word += _holds((_grown(place),), _place_of(alignment, run, index, word.span()))
    return WordsInPlace(count, in_region / max(count, 1), in_word / max(count, 1))


def _words(text: str) -> list[re.Match[str]]:
    return [piece for piece in _PIECE.finditer(text) if re.search(r"\w", piece[0])]


def _place_of(alignment: Alignment, run: Run, index: int, span: tuple[int, int]) -> PixelBox | None:
    start, end = alignment.stretch(index)
    first, last = (bisect_left(alignment.texts.places, at, start, end) for at in span)
    quads = [quad_of_part(run.lines[part.line], part.start, part.end) for part in alignment.parts(first, last)]
    return bounds_of(tuple(quad_bounds(quad) for quad in quads)) if quads else None


def _holds(boxes: Sequence[PixelBox], inner: PixelBox | None) -> bool:
    if inner is None:
        return False
    x, y = (inner.x_min + inner.x_max) / 2, (inner.y_min + inner.y_max) / 2
    return any(box.contains(x, y) for box in boxes)


def _grown(box: PixelBox) -> PixelBox:
    """With the room that a detector leaves around ink."""
    room = 0.2 * box.height
    return PixelBox(box.x_min - room, box.y_min - room, box.x_max + room, box.y_max + room)
