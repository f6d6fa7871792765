"""Drawn pages are what their truth says: a benchmark is no better than its truth."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks.embedded_pages import drawn_pages
from benchmarks.embedded_readers import Cost, Read
from benchmarks.embedded_scores import score_page
from tests.support.drawn_pages.pages import KINDS, drawn
from tests.support.drawn_pages.sheet import LIGHT
from tests.support.drawn_pages.truth import Box, TrueBlock
from tests.support.drawn_pages.wrapping import Row, joined, wrapped

QUICK = (
    ("lists", "small"),
    ("settings", "dark"),
    ("code-numbered", "small"),
    ("table-journal", "small"),
    ("receipt", "scan"),
)
TABLES = ("table-ruled", "table-spans", "table-journal", "receipt")


def contrast(picture: Image.Image) -> NDArray[np.float32]:
    """How far each pixel is from the commonest brightness, its ground."""
    grey = np.asarray(picture.convert("L"), dtype=np.float32)
    ground = np.bincount(grey.astype(np.uint8).ravel()).argmax()
    return np.abs(grey - float(ground))


def inside(pixels: NDArray[np.float32], box: Box) -> NDArray[np.float32]:
    left, top, right, bottom = (round(each) for each in box)
    return pixels[max(top, 0) : bottom + 1, max(left, 0) : right + 1]


@pytest.mark.parametrize(("kind", "quality"), QUICK)
def test_every_line_stands_where_its_box_is(kind: str, quality: str) -> None:
    page = drawn(kind, quality)
    pixels = contrast(page.picture)
    for line in page.truth.lines:
        ink = inside(pixels, line.box) > 25
        assert ink.mean() > 0.03, line
        # Its first and its last character reach nearly to the box's sides, a colon or a leaning line a little less.
        slack = round((line.box[3] - line.box[1]) / 2)
        assert ink[:, :slack].any(), line
        assert ink[:, ink.shape[1] - slack :].any(), line


def test_a_page_is_the_same_each_time() -> None:
    one, other = drawn("receipt", "scan"), drawn("receipt", "scan")
    assert one.truth == other.truth
    assert one.picture.tobytes() == other.picture.tobytes()


@pytest.mark.parametrize("kind", TABLES)
def test_the_cells_of_a_table_fill_its_grid_once(kind: str) -> None:
    for block in drawn(kind, KINDS[kind].qualities[0]).truth.blocks:
        if block.cells:
            assert grid_of(block) == Counter(dict.fromkeys(grid_of(block), 1))
            rows, columns = (max(each) + 1 for each in zip(*grid_of(block), strict=True))
            assert len(grid_of(block)) == rows * columns


def grid_of(block: TrueBlock) -> Counter[tuple[int, int]]:
    return Counter(
        (row, column)
        for cell in block.cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    )


def test_the_truth_read_back_is_without_error() -> None:
    for page in drawn_pages(frozenset(("lists", "code", "settings"))):
        assert page.known.text is not None
        score = score_page(page.name, page.kind, page.known, {"program": [Read(page.known.text, Cost(0, 0))]})
        of_text = score.texts["program"]
        assert (of_text.error, of_text.free_error, of_text.recall) == (0, 0, 1)
        assert of_text.order is not None
        assert of_text.order.share == 1
        assert of_text.order.pairs > 10


def test_lines_joined_again_are_the_paragraph() -> None:
    class Narrow:
        indent, hang, hyphenated = 2.0, 0.0, False

    text = "水资源利用 GDP 增长了3400户 of all households"
    rows = wrapped(text, 9.0, lambda words: float(len(words)), Narrow())
    assert len(rows) > 3
    assert rows[-1].is_last
    assert joined([row.text for row in rows]).replace(" ", "") == text.replace(" ", "")


def test_long_words_are_parted_where_wanted() -> None:
    class Narrow:
        indent, hang, hyphenated = 0.0, 0.0, True

    rows = wrapped("the relationship between", 12.0, lambda words: float(len(words)), Narrow())
    assert rows[0] == Row("the rela-", is_last=False)
    assert "".join(row.text.removesuffix("-") for row in rows).replace(" ", "") == "therelationshipbetween"


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_is_said_of_a_page_stands_on_it(kind: str) -> None:
    sheet = KINDS[kind].draw(1.0, LIGHT)
    width, height = sheet.picture.size
    for block in sheet.blocks:
        for left, top, right, bottom in (block.box, *(line.box for line in block.lines)):
            assert 0 <= left < right <= width, block
            assert 0 <= top < bottom <= height, block
