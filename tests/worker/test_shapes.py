"""What is drawn beside the text: on pages that are drawn here, whose rules, pictures and fills are known."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_desktop.core.events import CodeFound, ShapesFound
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.worker.shapes import shapes_in
from tests.support.pictures import Words, bounds_of, draw_page

SIZE = (1000, 1300)
COLUMNS = (100, 340, 620, 900)
ROWS = (200, 260, 320, 380)
HEIGHT = 24
PADDING = 5
"""The detector's boxes are so much larger than the ink."""
SLACK = 3.0
TEXT = [
    Words(f"Row {row} cell {column}", x + 20, y + 14, HEIGHT)
    for row, y in enumerate(ROWS[:-1])
    for column, x in enumerate(COLUMNS[:-1])
]
PARAGRAPH = [
    Words("The quick brown fox jumps over the lazy dog again and", 100, 500 + 40 * i, HEIGHT) for i in range(8)
]


def quad_of(words: Words) -> NDArray[np.float32]:
    left, top, right, bottom = bounds_of(words)
    a, b, c, d = left - PADDING, top - PADDING, right + PADDING, bottom + PADDING
    return np.array([(a, b), (c, b), (c, d), (a, d)], np.float32)


def found_on(page: Image.Image, words: list[Words], lean: float = 0.0) -> ShapesFound:
    """What is found on a page that was scanned askew by so many degrees."""
    picture = np.ascontiguousarray(np.asarray(page)[:, :, ::-1])
    quads = [quad_of(line) for line in words]
    if lean:
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -lean, 1.0)
        picture = cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
        quads = [(quad @ turn[:, :2].T + turn[:, 2]).astype(np.float32) for quad in quads]
    return shapes_in(picture, quads)


def table(ink: str = "black", ground: str = "white", thickness: int = 2, dotted: bool = False) -> Image.Image:
    page = draw_page(*TEXT, *PARAGRAPH, size=SIZE, ground=ground, ink="black" if ground == "white" else "white")
    canvas = ImageDraw.Draw(page)
    step, dash = (6, 3) if dotted else (1, 1)
    for y in ROWS:
        for x in range(COLUMNS[0], COLUMNS[-1], step):
            canvas.rectangle((x, y, x + dash - 1, y + thickness - 1), ink)
    for x in COLUMNS:
        for y in range(ROWS[0], ROWS[-1], step):
            canvas.rectangle((x, y, x + thickness - 1, y + dash - 1), ink)
    return page


def split(rules: tuple[PixelBox, ...]) -> tuple[list[PixelBox], list[PixelBox]]:
    """The horizontal ones from the top, the vertical ones from the left."""
    across = sorted((box for box in rules if box.width > box.height), key=lambda box: box.y_min)
    upright = sorted((box for box in rules if box.width <= box.height), key=lambda box: box.x_min)
    return across, upright


@pytest.mark.parametrize(
    "page",
    [
        table(),
        table(thickness=1),
        table(thickness=6),
        table(ink="#c8c8c8", thickness=1),
        table(ink="white", ground="#203040"),
        table(dotted=True),
    ],
    ids=["black", "hairlines", "thick", "grey", "white on dark", "dotted"],
)
def test_the_rules_of_a_table_are_found_where_they_are_and_as_thick_as_they_are(page: Image.Image) -> None:
    found = found_on(page, TEXT + PARAGRAPH)
    across, upright = split(found.rules)
    assert [box.y_min for box in across] == pytest.approx(ROWS, abs=SLACK)
    assert [box.x_min for box in upright] == pytest.approx(COLUMNS, abs=SLACK)
    for box in across:
        assert (box.x_min, box.x_max) == pytest.approx((COLUMNS[0], COLUMNS[-1]), abs=2 * SLACK)
        assert box.height <= 8
    for box in upright:
        assert (box.y_min, box.y_max) == pytest.approx((ROWS[0], ROWS[-1]), abs=2 * SLACK)
    assert found.pictures == ()


@pytest.mark.parametrize("lean", [-1.5, -0.4, 0.7, 1.5])
def test_on_a_page_that_lies_askew_rules_are_as_thin_and_long_as_they_are(lean: float) -> None:
    across, upright = split(found_on(table(), TEXT + PARAGRAPH, lean).rules)
    assert (len(across), len(upright)) == (len(ROWS), len(COLUMNS))
    centre = np.array(SIZE) / 2
    angle = math.radians(lean)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    for box, y in zip(across, ROWS, strict=True):
        assert box.height <= 5
        assert box.width == pytest.approx(COLUMNS[-1] - COLUMNS[0], abs=10)
        middle = turn @ (np.array([(COLUMNS[0] + COLUMNS[-1]) / 2, y + 1]) - centre) + centre
        assert ((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2) == pytest.approx(tuple(middle), abs=2 * SLACK)


def test_one_line_that_was_detected_askew_takes_no_rule_away() -> None:
    title = Words("A title above its table", 300, 120, 40)
    quad = quad_of(title)
    quad[1:3, 1] += 5
    short = [quad_of(Words("12.5", x + 20, y + 14, HEIGHT)) for y in ROWS[:-1] for x in COLUMNS[:-1]]
    page = np.ascontiguousarray(np.asarray(ruled(COLUMNS, ROWS))[:, :, ::-1])
    across, upright = split(shapes_in(page, [quad, *short]).rules)
    assert (len(across), len(upright)) == (len(ROWS), len(COLUMNS))


def ruled(columns: tuple[int, ...], rows: tuple[int, ...]) -> Image.Image:
    page = draw_page(size=SIZE)
    canvas = ImageDraw.Draw(page)
    for y in rows:
        canvas.line((columns[0], y, columns[-1], y), "#c0c0c0")
    for x in columns:
        canvas.line((x, rows[0], x, rows[-1]), "#c0c0c0")
    return page


def test_the_uprights_of_rows_that_are_lower_than_the_text_s_boxes_are_whole() -> None:
    rows = tuple(range(200, 361, 40))
    boxes = [(x + 10, y - 2, x + 90, y + 42) for y in rows[:-1] for x in COLUMNS[:-1]]
    quads = [np.array([(a, b), (c, b), (c, d), (a, d)], np.float32) for a, b, c, d in boxes]
    picture = np.ascontiguousarray(np.asarray(ruled(COLUMNS, rows))[:, :, ::-1])
    _, upright = split(shapes_in(picture, quads).rules)
    assert [(box.x_min, box.y_min, box.y_max) for box in upright] == [
        pytest.approx((x, rows[0], rows[-1]), abs=SLACK) for x in COLUMNS
    ]


def test_an_upright_ends_at_the_table_where_a_letter_of_the_caption_stands_on_it() -> None:
    page = ruled(COLUMNS, ROWS)
    ImageDraw.Draw(page).line((COLUMNS[1], ROWS[0] - 16, COLUMNS[1], ROWS[0]), "black")
    caption = [(100, 170), (700, 170), (700, 202), (100, 202)]
    picture = np.ascontiguousarray(np.asarray(page)[:, :, ::-1])
    quads = [np.array(caption, np.float32), *(quad_of(line) for line in TEXT)]
    _, upright = split(shapes_in(picture, quads).rules)
    assert [box.y_min for box in upright] == pytest.approx([ROWS[0]] * len(COLUMNS), abs=SLACK)


def test_a_rule_below_a_head_that_grows_darker_towards_it_is_found() -> None:
    words = [Words(name, x, y, 12) for y in (205, 224) for x, name in ((110, "Name"), (350, "Size"), (630, "Type"))]
    page = draw_page(*words, size=SIZE)
    canvas = ImageDraw.Draw(page)
    for y in range(200, 218):
        canvas.line((100, y, 900, y), (255 - (y - 199),) * 3)
    canvas.line((100, 218, 900, 218), "#ababab")
    canvas.line((100, 248, 900, 248), "#c7c7c7")
    across, _ = split(found_on(page, words).rules)
    assert [box.y_min for box in across] == pytest.approx((218, 248), abs=1)


def test_underlines_strokes_of_letters_and_rows_of_text_are_no_rules() -> None:
    words = [Words("EFHIL TTTT ———— ====", 80, 80, 60), Words("一二三 工土干 十日目", 80, 200, 60), *PARAGRAPH]
    page = draw_page(*words, size=SIZE)
    left, _, right, bottom = bounds_of(PARAGRAPH[2])
    ImageDraw.Draw(page).line((left + 120, bottom + 2, right - 150, bottom + 2), "black", 2)
    assert found_on(page, words).rules == ()


def test_short_rules_beside_one_another_stay_apart_and_one_that_a_caption_stands_in_is_one() -> None:
    caption = Words("Options", 180, 88, HEIGHT)
    page = draw_page(caption, *PARAGRAPH, size=SIZE)
    canvas = ImageDraw.Draw(page)
    left, _, right, _ = bounds_of(caption)
    canvas.line((100, 100, left - 8, 100), "black", 2)
    canvas.line((right + 8, 100, 800, 100), "black", 2)
    canvas.line((100, 300, 400, 300), "black", 2)
    canvas.line((416, 300, 700, 300), "black", 2)
    across, upright = split(found_on(page, [caption, *PARAGRAPH]).rules)
    assert upright == []
    assert [
        (round(box.x_min, -1), round(box.x_max, -1)) for box in sorted(across, key=lambda b: (b.y_min, b.x_min))
    ] == [
        (100, 800),
        (100, 400),
        (420, 700),
    ]


def photograph(width: int, height: int) -> Image.Image:
    """Many colours that flow into one another."""
    random = np.random.default_rng(7)
    coarse = random.integers(0, 256, (height // 20, width // 20, 3), np.uint8)
    return Image.fromarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def covered(box: PixelBox, other: tuple[int, int, int, int]) -> float:
    """The part that two boxes have in common of both together."""
    left, top, right, bottom = other
    common = max(min(box.x_max, right) - max(box.x_min, left), 0) * max(min(box.y_max, bottom) - max(box.y_min, top), 0)
    return common / (box.width * box.height + (right - left) * (bottom - top) - common)


def test_a_photograph_is_one_picture_and_no_rule_in_it_counts() -> None:
    page = draw_page(*PARAGRAPH, size=SIZE)
    picture = photograph(400, 300)
    ImageDraw.Draw(picture).line((20, 150, 380, 150), "black", 3)
    page.paste(picture, (100, 100))
    found = found_on(page, PARAGRAPH)
    (box,) = found.pictures
    assert covered(box, (100, 100, 500, 400)) > 0.9
    assert (found.rules, found.fills) == ((), ())


def test_a_chart_is_one_picture_with_its_bars_and_axes() -> None:
    labels = [Words(name, 150 + 110 * index, 405, 18) for index, name in enumerate(("North", "East", "South", "West"))]
    page = draw_page(*labels, *PARAGRAPH, size=SIZE)
    canvas = ImageDraw.Draw(page)
    for index, (top, colour) in enumerate(((180, "#1f77b4"), (240, "#ff7f0e"), (140, "#2ca02c"), (300, "#d62728"))):
        canvas.rectangle((150 + 110 * index, top, 235 + 110 * index, 398), colour)
    canvas.line((120, 100, 120, 400), "black", 2)
    canvas.line((120, 400, 600, 400), "black", 2)
    found = found_on(page, [*labels, *PARAGRAPH])
    (box,) = found.pictures
    assert covered(box, (120, 100, 600, 400)) > 0.75
    assert found.fills == ()


def test_the_curves_of_a_chart_its_axes_and_their_labels_are_one_picture() -> None:
    labels = [Words(str(4 * index), 150 + 70 * index, 408, 14) for index in range(7)]
    labels += [Words(str(14 + 4 * index), 90, 370 - 80 * index, 14) for index in range(4)]
    page = draw_page(*labels, *PARAGRAPH, size=SIZE)
    canvas = ImageDraw.Draw(page)
    canvas.line([(130, 100), (130, 400), (600, 400)], "black", 2)
    for left, right in ((150, 300), (390, 560)):
        # Two parts of a curve that the detector's grid keeps apart.
        canvas.line([(left, 360), ((left + right) // 2, 210), (right, 330)], "#d62728", 8)
        canvas.line([(left, 380), ((left + right) // 2, 260), (right, 350)], "#1f77b4", 8)
    found = found_on(page, [*labels, *PARAGRAPH])
    (box,) = found.pictures
    assert covered(box, (90, 100, 600, 425)) > 0.9
    assert found.rules == ()


def sidebar(page: Image.Image) -> None:
    ImageDraw.Draw(page).rectangle((0, 0, 90, SIZE[1]), "#304050")


def scan_border(page: Image.Image) -> None:
    canvas = ImageDraw.Draw(page)
    canvas.rectangle((0, 0, 30, SIZE[1]), "#101010")
    canvas.rectangle((0, SIZE[1] - 25, SIZE[0], SIZE[1]), "#181818")


def header_band(page: Image.Image) -> None:
    ImageDraw.Draw(page).rectangle((0, 0, SIZE[0], 90), "#0070c0")


@pytest.mark.parametrize("draw", [sidebar, scan_border, header_band])
def test_what_a_slide_or_a_scan_has_at_its_edges_is_no_picture(draw: object) -> None:
    assert callable(draw)
    page = draw_page(*PARAGRAPH, size=SIZE)
    draw(page)
    assert found_on(page, PARAGRAPH).pictures == ()


@pytest.mark.parametrize(("ground", "ink"), [("#1e1e1e", "white"), ("#ffe8c0", "black"), ("#0b3d91", "#ffffff")])
def test_a_page_of_a_colour_is_neither_picture_nor_fill(ground: str, ink: str) -> None:
    found = found_on(draw_page(*PARAGRAPH, size=SIZE, ground=ground, ink=ink), PARAGRAPH)
    assert (found.pictures, found.fills, found.rules) == ((), (), ())


def test_a_page_with_nothing_but_a_photograph_that_fills_it_has_no_picture_in_it() -> None:
    words = [Words("A sign on a wall", 300, 600, 48)]
    page = photograph(*SIZE)
    page.paste(draw_page(Words("A sign on a wall", 20, 20, 48), size=(500, 90)), (280, 580))
    assert found_on(page, words).pictures == ()


def test_code_blocks_heads_and_striped_rows_of_a_table_are_fills() -> None:
    code = [Words(f"value_{i} = read(path, {i})", 130, 120 + 34 * i, 22) for i in range(4)]
    head = Words("Name and place of the thing", 130, 320, HEIGHT)
    rows = [Words(f"Striped row with number {i}", 130, 372 + 48 * i, HEIGHT) for i in range(4)]
    page = draw_page(size=SIZE)
    canvas = ImageDraw.Draw(page)
    boxes = [(100, 100, 800, 270), (100, 310, 900, 358), (100, 406, 900, 454), (100, 502, 900, 550)]
    for box, colour in zip(boxes, ("#f3f4f6", "#1f3a5f", "#e4ecf5", "#e4ecf5"), strict=True):
        canvas.rectangle(box, colour)
    for line in (*code, head, *rows, *PARAGRAPH[4:]):
        mask = draw_page(line, size=SIZE, ground="black", ink="white").convert("L")
        page.paste(Image.new("RGB", SIZE, "white" if line is head else "black"), mask=mask)
    found = found_on(page, [*code, head, *rows, *PARAGRAPH[4:]])
    assert len(found.fills) == len(boxes)
    for box, truth in zip(found.fills, boxes, strict=True):
        assert covered(box, truth) > 0.85
    assert found.pictures == ()


def test_nothing_of_a_code_is_a_rule_or_a_picture() -> None:
    page = draw_page(*PARAGRAPH, size=SIZE)
    random = np.random.default_rng(3)
    modules = random.integers(0, 2, (33, 33), np.uint8) * 255
    page.paste(Image.fromarray(modules).resize((264, 264), Image.Resampling.NEAREST).convert("RGB"), (600, 100))
    code = CodeFound("text", ((600.0, 100.0), (864.0, 100.0), (864.0, 364.0), (600.0, 364.0)), "QR Code")
    picture = np.ascontiguousarray(np.asarray(page)[:, :, ::-1])
    found = shapes_in(picture, [quad_of(line) for line in PARAGRAPH], [code])
    assert (found.rules, found.pictures) == ((), ())
    assert shapes_in(picture, [quad_of(line) for line in PARAGRAPH]).pictures != ()


def test_a_very_large_picture_is_measured_in_its_own_pixels() -> None:
    page = np.full((7000, 5200, 3), 255, np.uint8)
    page[3000:3012, 500:4700] = 0
    quads = [
        np.array([(500, y), (4500, y), (4500, y + 100), (500, y + 100)], np.float32) for y in range(600, 2600, 160)
    ]
    (rule,) = shapes_in(page, quads).rules
    assert (rule.x_min, rule.y_min, rule.x_max, rule.y_max) == pytest.approx((500, 3000, 4700, 3012), abs=12)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(40, 400),
    st.integers(40, 400),
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(*[st.floats(-50, 450, width=32)] * 8), max_size=5),
)
def test_whatever_is_shown_and_detected_all_boxes_lie_in_the_picture(
    width: int, height: int, seed: int, corners: list[tuple[float, ...]]
) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    found = shapes_in(noise, [np.array(points, np.float32).reshape(4, 2) for points in corners])
    for box in (*found.rules, *found.pictures, *found.fills):
        assert 0 <= box.x_min < box.x_max <= width
        assert 0 <= box.y_min < box.y_max <= height


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (23, 400), (30, 3000), (4000, 24)])
def test_tiny_and_thin_pictures_are_no_trouble(size: tuple[int, int]) -> None:
    assert shapes_in(np.full((*size, 3), 200, np.uint8), []) == ShapesFound()
