"""The picture that tests an endpoint, and how an answer to it is judged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr_desktop.core.document import Region
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.core.known_picture import Place, known_picture, overlap, places_found, plain_words, words_found

PICTURE = known_picture()
ALL_WORDS = "\n".join(line.text for line in PICTURE.lines)
edges = st.floats(0, 640, allow_nan=False)
boxes = st.tuples(edges, edges, edges, edges).map(
    lambda four: PixelBox(min(four[0], four[2]), min(four[1], four[3]), max(four[0], four[2]), max(four[1], four[3]))
)


def region(text: str, *where: PixelBox) -> Region:
    return Region(0, "text", text, text, boxes=where)


def moved(box: PixelBox, right: float, down: float) -> PixelBox:
    return PixelBox(box.x_min + right, box.y_min + down, box.x_max + right, box.y_max + down)


def test_the_truth_is_that_of_the_picture() -> None:
    """Every line's box holds ink up to each of its edges, and there is none outside of the boxes."""
    with Image.open(PICTURE.file) as opened:
        grey = opened.convert("L")
    assert grey.size == (640, 200)
    ink = grey.point(lambda level: 255 if level < 128 else 0)
    for line in PICTURE.lines:
        box = tuple(int(edge) for edge in (line.box.x_min, line.box.y_min, line.box.x_max, line.box.y_max))
        found = ink.crop(box).getbbox()
        assert found is not None
        width, height = box[2] - box[0], box[3] - box[1]
        assert max(abs(edge - wanted) for edge, wanted in zip(found, (0, 0, width, height), strict=True)) <= 3
        ink.paste(0, box)
    assert ink.getbbox() is None
    assert PICTURE.file.stat().st_size < 5000


def test_each_word_tells_its_line_and_one_is_a_number() -> None:
    assert len(set(PICTURE.words)) == len(PICTURE.words) >= 10
    assert any(word.isdigit() for word in PICTURE.words)


def test_signs_and_capitals_around_words_make_no_difference() -> None:
    assert plain_words("# HARBOUR  report,\n“3.5” — x") == ("harbour", "report", "3.5", "x")


def test_all_words_are_found_in_whatever_order() -> None:
    found = words_found(PICTURE, "\n".join(reversed(ALL_WORDS.splitlines())))
    assert (found.right, found.missing, found.extra) == (found.expected, (), 0)


def test_words_that_are_wrong_are_missing_and_extra() -> None:
    found = words_found(PICTURE, ALL_WORDS.replace("48213", "48218").replace("boats", "goats"))
    assert (found.missing, found.extra, found.right) == (("boats", "48213"), 2, found.expected - 2)


def test_a_word_that_comes_too_often_is_extra() -> None:
    assert words_found(PICTURE, ALL_WORDS + " harbour harbour").extra == 2


@given(st.text())
def test_no_answer_has_more_right_words_than_there_are(answer: str) -> None:
    found = words_found(PICTURE, answer)
    assert 0 <= found.right <= found.expected
    assert found.right + len(found.missing) == found.expected
    assert found.right + found.extra == len(plain_words(answer))


@given(boxes, boxes)
def test_overlap_is_a_share_that_does_not_depend_on_the_order(one: PixelBox, other: PixelBox) -> None:
    assert 0.0 <= overlap(one, other) <= 1.0 + 1e-9
    assert overlap(one, other) == pytest.approx(overlap(other, one))


def test_boxes_around_their_words_are_right() -> None:
    regions = [region(line.text, moved(line.box, 3, -2)) for line in PICTURE.lines]
    assert places_found(PICTURE, regions).places == (Place.RIGHT,) * 3


def test_lines_that_were_joined_have_one_box_around_them() -> None:
    first, second, third = PICTURE.lines
    around = PixelBox(36, second.box.y_min, second.box.x_max, third.box.y_max)
    regions = [region(first.text, first.box), region(f"{second.text} {third.text}", around)]
    assert places_found(PICTURE, regions).places == (Place.RIGHT,) * 3


def test_a_line_that_was_cut_has_all_its_boxes_together() -> None:
    line = PICTURE.lines[1]
    words, middle = line.text.split(), (line.box.x_min + line.box.x_max) / 2
    regions = [
        region(" ".join(words[:3]), PixelBox(line.box.x_min, line.box.y_min, middle, line.box.y_max)),
        region(" ".join(words[3:]), PixelBox(middle, line.box.y_min, line.box.x_max, line.box.y_max)),
    ]
    assert places_found(PICTURE, regions).places == (Place.RIGHT,)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda box: PixelBox(0, 0, 640, 200), id="the whole picture for each"),
        pytest.param(lambda box: moved(box, 0, 50), id="a line too low"),
        pytest.param(lambda box: PixelBox(box.y_min, box.x_min, box.y_max, box.x_max), id="axes swapped"),
        pytest.param(
            lambda box: PixelBox(box.x_min, (box.y_min + 220) / 3.2, box.x_max, (box.y_max + 220) / 3.2),
            id="of a picture that was padded to a square",
        ),
        pytest.param(
            lambda box: PixelBox(box.x_min / 2, box.y_min / 2, box.x_max / 2, box.y_max / 2), id="half the scale"
        ),
    ],
)
def test_boxes_elsewhere_are_seen(wrong: object) -> None:
    assert callable(wrong)
    regions = [region(line.text, wrong(line.box)) for line in PICTURE.lines]
    found = places_found(PICTURE, regions)
    assert Place.RIGHT not in found.places
    assert Place.ELSEWHERE in found.places
    assert found.off > 10


def test_one_box_around_the_whole_picture_is_no_place() -> None:
    found = places_found(PICTURE, [region(ALL_WORDS, PixelBox(0, 0, 640, 200))])
    assert Place.RIGHT not in found.places


def test_words_without_a_box_say_so_and_words_of_elsewhere_say_nothing() -> None:
    regions = [region(PICTURE.lines[0].text), region("Something else", PixelBox(0, 0, 9, 9))]
    assert places_found(PICTURE, regions).places == (Place.NO_BOX,)
