"""What models get wrong: each form that was seen, with the regions it has to give written down by hand.

No word is lost, no box is invented, the damage is a flag, and no tag shows up in the text.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Finish, Flag
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.references import TAGS
from tests.support.answers import Seen, cut, regions_of, run_of, words_of

BROKEN, UNCLOSED, NO_BOX = Flag.BROKEN_BOX, Flag.UNCLOSED, Flag.NO_BOX
MARKDOWN, OCR = PresetId.MARKDOWN, PresetId.OCR
TEXT = "<|ref|>text<|/ref|>"
NEXT = "<|ref|>title<|/ref|><|det|>[[5, 6, 70, 80]]<|/det|>\n# After"
AFTER = Seen("title", "After", [(5, 6, 70, 80)], set())


@pytest.mark.parametrize(
    ("boxes", "expected", "flags"),
    [
        pytest.param("[[115 403, 145, 421]]", [(115, 403, 145, 421)], {BROKEN}, id="lost comma"),
        pytest.param("[[550, s 331, 652, 345]]", [(550, 331, 652, 345)], {BROKEN}, id="stray letter"),
        pytest.param("[[117, - 325, 500, 392]]", [(117, 325, 500, 392)], {BROKEN}, id="stray sign"),
        pytest.param("([[10, 20, 30, 40]]", [(10, 20, 30, 40)], {BROKEN}, id="wrong bracket before"),
        pytest.param("[[10, 20, 30, 40)]", [(10, 20, 30, 40)], {BROKEN}, id="wrong bracket behind"),
        pytest.param("[[10, 20, 30, 40]", [(10, 20, 30, 40)], {BROKEN}, id="missing bracket"),
        pytest.param("[10, 20, 30, 40]", [(10, 20, 30, 40)], {BROKEN}, id="one pair of brackets"),
        pytest.param("[[10, 20, 30, 40]]]", [(10, 20, 30, 40)], {BROKEN}, id="one bracket too many"),
        pytest.param(" [[10, 20, 30, 40]]", [(10, 20, 30, 40)], set(), id="a space before"),
        pytest.param("[[10, 20, 30, 40", [], {BROKEN}, id="no bracket that closes"),
        pytest.param("[][] ", [], {BROKEN}, id="no numbers"),
        pytest.param("[]", [], {NO_BOX}, id="none found"),
        pytest.param("[533, 132, 457]", [], {BROKEN}, id="three numbers"),
        pytest.param("[[1, 2, 3, 4, 5, 6, 7, 8]]", [], {BROKEN}, id="eight numbers"),
        pytest.param("[245,[234,243,542,544]]", [(234, 243, 542, 544)], {BROKEN}, id="nested list"),
        pytest.param("[[0.25, 10.5, 20, 30.75]]", [(0.25, 10.5, 20, 30.75)], set(), id="decimals"),
        pytest.param("[[-5, 10, 20, 30]]", [(0, 10, 20, 30)], {Flag.CLAMPED}, id="negative"),
        pytest.param("[[1200, 281, 465, 302]]", [(465, 281, 999, 302)], {Flag.SWAPPED, Flag.CLAMPED}, id="over 999"),
        pytest.param("[[20, 30, 10, 40]]", [(10, 30, 20, 40)], {Flag.SWAPPED}, id="swapped corners"),
        pytest.param("[[0, 0, 997, 0]]", [], {Flag.EMPTY_BOX}, id="no area"),
        pytest.param("[[1234567, 1, 2, 3]]", [], {BROKEN}, id="huge number"),
        pytest.param("[[1234567, 1, 2, 3, 4]]", [], {BROKEN}, id="huge number beside four"),
        pytest.param("[[x1, y2, x3, y4]]", [], {BROKEN}, id="numbers glued to letters"),
        pytest.param("[[10-20, 30-40]]", [], {BROKEN}, id="numbers glued to each other"),
        pytest.param("[[1, 2, 3, 4], [5, 6, 7]]", [(1, 2, 3, 4)], {BROKEN}, id="a good one and a bad one"),
    ],
)
def test_damaged_boxes(boxes: str, expected: list[tuple[float, ...]], flags: set[Flag]) -> None:
    found = regions_of(MARKDOWN, f"{TEXT}<|det|>{boxes}<|/det|>\nIts words.\n\n{NEXT}")
    assert found == [Seen("text", "Its words.", expected, flags), AFTER]
    # The same without the tag that closes: the line ends the boxes.
    open_flags = flags - {NO_BOX} | ({BROKEN, UNCLOSED} if NO_BOX in flags else {UNCLOSED})
    found = regions_of(MARKDOWN, f"{TEXT}<|det|>{boxes}\nIts words.\n\n{NEXT}")
    assert found == [Seen("text", "Its words.", expected, open_flags), AFTER]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            f"{TEXT}<|det|>[eq:sum of all] \nIts words.\n\n{NEXT}",
            [Seen("text", "[eq:sum of all]\nIts words.", [], {BROKEN, UNCLOSED}), AFTER],
            id="words instead of numbers",
        ),
        pytest.param(
            f"{TEXT}<|det|>[[1, 2, 30, 40], see the note]<|/det|>\nIts words.\n\n{NEXT}",
            [Seen("text", "see the note\nIts words.", [(1, 2, 30, 40)], {BROKEN}), AFTER],
            id="words among the boxes",
        ),
        pytest.param(
            f"{TEXT}<|det|>[[1, 2, 30, 40]] Its words.\n\n{NEXT}",
            [Seen("text", "Its words.", [(1, 2, 30, 40)], {UNCLOSED}), AFTER],
            id="words in the line of the boxes",
        ),
        pytest.param(
            f"{TEXT}成为 更好\nIts words.\n\n{NEXT}",
            [Seen("text", "成为 更好\nIts words.", [], {NO_BOX}), AFTER],
            id="a word in the place of the tag",
        ),
        pytest.param(
            f"{TEXT}成为[[1, 2, 30, 40]]<|/det|>\nIts words.\n\n{NEXT}",
            [Seen("text", "成为\nIts words.", [(1, 2, 30, 40)], {BROKEN}), AFTER],
            id="a word in the place of the tag, and boxes",
        ),
        pytest.param(
            f"{TEXT} [[1, 2, 30, 40]]\nIts words.\n\n{NEXT}",
            [Seen("text", "Its words.", [(1, 2, 30, 40)], {BROKEN}), AFTER],
            id="boxes without tags",
        ),
        pytest.param(
            f"{TEXT}([[1, 2, 30, 40]]<|/det|>\nIts words.\n\n{NEXT}",
            [Seen("text", "Its words.", [(1, 2, 30, 40)], {BROKEN}), AFTER],
            id="a bracket in the place of the tag",
        ),
        pytest.param(
            f"<|ref|>text\\[\\text{{a}}\\]\nIts words.\n\n{NEXT}",
            [Seen("text", "text\n\\text{a}\nIts words.", [], {NO_BOX, UNCLOSED}), AFTER],
            id="reference not closed",
        ),
        pytest.param(
            f"<|ref|>text<|det|>[[1, 2, 30, 40]]<|/det|>\nIts words.\n\n{NEXT}",
            [Seen("text", "Its words.", [(1, 2, 30, 40)], {UNCLOSED}), AFTER],
            id="reference closed by the boxes",
        ),
        pytest.param(
            f"{TEXT}<|det|>[[220, <|ref|>compact car<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n\n{NEXT}",
            [
                Seen("text", "", [], {BROKEN, UNCLOSED}),
                Seen("text", "compact car", [(1, 2, 30, 40)], set()),
                AFTER,
            ],
            id="a reference inside the boxes",
        ),
        pytest.param(
            f"<|ref|>one <|ref|>text<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\nIts words.\n\n{NEXT}",
            [
                Seen("text", "one", [], {NO_BOX, UNCLOSED}),
                Seen("text", "Its words.", [(1, 2, 30, 40)], set()),
                AFTER,
            ],
            id="a reference inside a reference",
        ),
        pytest.param(
            f"{TEXT}<|det|>[[1, 2, 30, 40]]<|/det|><|/det|><|/ref|>\nIts words.\n\n{NEXT}",
            [Seen("text", "Its words.", [(1, 2, 30, 40)], set()), AFTER],
            id="tags that close nothing",
        ),
        pytest.param(
            f"Before.\ntitle<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n# Head\n\n{NEXT}",
            [Seen("text", "Before.", [], {NO_BOX}), Seen("title", "Head", [(1, 2, 30, 40)], {UNCLOSED}), AFTER],
            id="a label without its first tag",
        ),
        pytest.param(
            "<|det|>title [52, 40, 816, 63]<|/det|>Head\n<|det|>text [1, 2, 30, 40], [5, 6, 7, 8]<|/det|>Its words.",
            [
                Seen("title", "Head", [(52, 40, 816, 63)], set()),
                Seen("text", "Its words.", [(1, 2, 30, 40), (5, 6, 7, 8)], set()),
            ],
            id="labels inside the boxes",
        ),
        pytest.param(
            "<|det|>image [1, 2, 30, 40]\n<|det|>image [1, 2, 30, 41]\n<|det|>image [1",
            [
                Seen("image", "", [(1, 2, 30, 40)], {UNCLOSED}),
                Seen("image", "", [(1, 2, 30, 41)], {UNCLOSED}),
                Seen("image", "", [], {BROKEN, UNCLOSED}),
            ],
            id="labels inside boxes that nothing closes",
        ),
        pytest.param(
            f"{NEXT}<｜end▁of▁sentence｜>",
            [AFTER],
            id="end of sentence",
        ),
        pytest.param(
            f"{TEXT}<|det|>[[1, 2, 30, 40]]<|/det|>\n<center>In the middle</center>\n\n{NEXT}",
            [Seen("text", "In the middle", [(1, 2, 30, 40)], set()), AFTER],
            id="centred",
        ),
    ],
)
def test_damaged_tags(answer: str, expected: list[Seen]) -> None:
    assert regions_of(MARKDOWN, answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            "<|ref|>month with a glossy<|/ref|>s<|/ref|><|det|>[[80, 430, 199, 463]]<|/det|>\n",
            [Seen("line", "month with a glossy s", [(80, 430, 199, 463)], {UNCLOSED})],
            id="closed twice",
        ),
        pytest.param(
            "<|/ref|><|det|>[[33, 116, 228, 212]]<|/det|>\n<|ref|>One<|/ref|><|det|>[[34, 105, 227, 209]]<|/det|>\n",
            [Seen("line", "", [(33, 116, 228, 212)], {UNCLOSED}), Seen("line", "One", [(34, 105, 227, 209)], set())],
            id="begins with a tag that closes",
        ),
        pytest.param(
            "lost words<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n",
            [Seen("line", "lost words", [(1, 2, 30, 40)], {UNCLOSED})],
            id="words without their first tag",
        ),
        pytest.param(
            "<|ref|>One<|/ref|><|det|>[[1, 2, 30, 40], and so on]<|/det|>\n",
            [Seen("line", "One and so on", [(1, 2, 30, 40)], {BROKEN})],
            id="words among the boxes",
        ),
        pytest.param(
            "<|ref|>One<|/ref|>\n<|ref|>Two<|/ref|>\n<|det|>[[1, 2, 30, 40]]<|/det|>",
            [Seen("line", "One", [], {NO_BOX}), Seen("line", "Two", [(1, 2, 30, 40)], set())],
            id="no boxes, or on the next line",
        ),
    ],
)
def test_damaged_lines(answer: str, expected: list[Seen]) -> None:
    assert regions_of(OCR, answer) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("<|det|>[[0, 0, 997, 0]]", {Flag.EMPTY_BOX, UNCLOSED}),
        ("<|det|>[[1, 2, 30, 40]]<", {UNCLOSED}),
        ("<|det|>[[1, 2, 30, 40]]<|/de", {UNCLOSED}),
        ("<|det|>[[100, 9", {BROKEN, UNCLOSED}),
        ("<|det|>", {BROKEN, UNCLOSED}),
    ],
)
def test_an_answer_that_breaks_off_in_its_boxes_is_cut(end: str, expected: set[Flag]) -> None:
    run = run_of(MARKDOWN, [f"{NEXT}\n\n{TEXT}{end}"])
    assert run.finish is Finish.CUT
    assert [(region.label, region.text) for region in run.regions] == [("title", "After"), ("text", "")]
    assert set(run.regions[-1].flags) == expected


PIECES = st.sampled_from(
    [
        *TAGS,
        *(TEXT, "<|ref|>table<|/ref|>", "<|ref|>table_caption<|/ref|>", "<|det|>[[1, 2, 30, 40]]<|/det|>", NEXT),
        *("[[", "]]", "[[1, 2, 30, 40]]", "[5, 6", ", ", "(", "-", "12", "table", "title", "some words", "文字"),
        *("text[[1, 2, 30, 40]]\n", "table[[1, 2, 30, 40]]\ntable_caption[[1, 2, 30, 40]]\nThe caption"),
        *("<|det|>title [1, 2, 30, 40]<|/det|>", "<table>", "<tr><td>cell</td></tr></table>", "<td>", "<|", "<", "|>"),
        *("[[1, 2, 30, 40],\n", "[[1, 2, 30, 40] ", " 7. f(x) = 12 (see [3])", "<|ref|>te\nxt<|/ref|>", "5 of 6"),
        *(" ", "\n", "\n\n", r"\(formula\)", "<|re", "<center>", "</center>", "\\", "`", "$", "#", "&amp;"),
    ]
)
ANSWERS = st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join)


@given(
    st.sampled_from(PresetId), ANSWERS, st.lists(st.integers(0, 500), max_size=12), st.frozensets(st.integers(1, 12))
)
def test_any_cut_of_any_answer_gives_the_same_run_to_every_listener(
    preset: PresetId, answer: str, marks: list[int], deaf_to: frozenset[int]
) -> None:
    whole = run_of(preset, [answer])
    assert run_of(preset, cut(answer, marks), deaf_to=deaf_to) == whole
    assert run_of(preset, list(answer), deaf_to=deaf_to) == whole
    assert whole.raw == answer


@given(st.sampled_from(PresetId), ANSWERS)
def test_no_word_is_lost_and_no_tag_is_left(preset: PresetId, answer: str) -> None:
    run = run_of(preset, [answer])
    found = "\n".join(region.markdown + "\n" + region.label for region in run.regions)
    letters = found.replace("\\", "")
    words = words_of(answer)
    assert [word for word in set(words) if letters.count(word) < words.count(word)] == []
    assert not any(tag in region.text for tag in TAGS for region in run.regions)


@given(st.sampled_from(PresetId), ANSWERS)
def test_every_box_stands_in_the_answer(preset: PresetId, answer: str) -> None:
    for region in run_of(preset, [answer]).regions:
        assert region.source is not None
        assert 0 <= region.source.start <= region.source.end <= len(answer)
        for box in region.boxes_999:
            assert region.tag is not None
            tag = answer[region.tag.start : region.tag.end]
            assert f"{box.x_min}, {box.y_min}, {box.x_max}, {box.y_max}" in tag
