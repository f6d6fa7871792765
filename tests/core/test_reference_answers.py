"""Answers of the shapes that the model gives, from the first word to the last, with what has to come of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Finish, Flag, Run, Span, WarningCode
from ocr_desktop.core.presets import PresetId
from tests.support.answers import Seen, cut, regions_of, run_of, seen

LINES = (
    "<|ref|>The rain in spring<|/ref|><|det|>[[352, 30, 624, 111]]<|/det|>\n"
    "<|ref|>BY TWO HANDS<|/ref|><|det|>[[33, 199, 127, 230]]<|/det|>\n"
    "<|ref|>falls on the roofs - of old houses<|/ref|><|det|>[[220, 170, 390, 210]]<|/det|>\n"
    "<|ref|>and on us<|/ref|>s<|/ref|><|det|>[[220, 199, 390, 238]]<|/det|>\n"
    "<|ref|>falls on the roofs - of old houses<|/ref|><|det|>[[221, 170, 390, 210]]<|/det|>\n"
    "<|ref|>a [small] note<|/ref|><|det|>[[25, 528, 199, 561]]<|/det|>"
)
GUIDE = (
    "<|/ref|><|det|>[[33, 116, 228, 212]]<|/det|>\n"
    "<|ref|>Address:<|/ref|><|det|>[[34, 105, 227, 209]]<|/det|>\n"
    "<|ref|>https://example.org/open<|/ref|><|det|>[[335, 103, 888, 215]]<|/det|>\n"
    "<|ref|>门牌&街道<|/ref|><|det|>[[334, 780, 771, 896]]<|/det|>\n"
)
COLUMNS = (
    "<|ref|>sub_title<|/ref|><|det|>[[353, 33, 625, 120]]<|/det|>\n## Rain and roofs \n\n"
    "<|ref|>text<|/ref|><|det|>[[32, 199, 128, 279]]<|/det|>\nWEATHER\nTwo\nHands \n\n"
    "<|ref|>image<|/ref|><|det|>[[33, 199, 205, 391]]<|/det|>\n \n\n"
    "<|ref|>text<|/ref|><|det|>[[13, 930, 202, 978], [217, 170, 395, 500]]<|/det|>\n"
    "It goes on in the next column, as high- quality rain does. \n\n"
    "<|ref|>text<|/ref|><|det|>[[217, 633, 395, 910]]<|/det|>\nAnd ends."
)
CAPTIONED = (
    "end of a sentence that began on the page before.  \n\n"
    "<|ref|>sub_title<|/ref|><|det|>[[217, 209, 520, 225]]<|/det|>\n### 5.1 Drops  \n\n"
    "<|ref|>table<|/ref|><|det|>[[225, 421, 777, 595]]<|/det|>\n"
    "<|ref|>table_caption<|/ref|><|det|>[[217, 342, 785, 413]]<|/det|>\n"
    "Table 1. Drops of \\(2x\\) by kind.   \n\n"
    '<table><tr><th rowspan="2">kind</th><th>drops</th></tr><tr><td>7</td></tr></table>\n\n'
    "<|ref|>image<|/ref|><|det|>[[100, 600, 300, 700]]<|/det|>\n"
    "<|ref|>image_caption<|/ref|><|det|>[[100, 710, 300, 730]]<|/det|>\n"
    "<center>Figure 2. A drop.</center> \n\n"
    "<|ref|>text<|/ref|><|det|>[[217, 778, 785, 838]]<|/det|>\nMore of it.  \n"
)
CUT_OFF = "\n\n0\n\n\n0 0\n\n\n**0** **0**\n\n<|ref|>text<|/ref|><|det|>[[0, 0, 997, 0]]\n\n"
STRIPPED = (
    "title[[52, 40, 816, 63]]\n# Rain\n\n"
    "text[[13, 930, 202, 978], [217, 170, 395, 500]]\nIt falls, array[[1, 2, 3, 4]] too.\n\n"
    "table[[225, 421, 777, 595]]\ntable_caption[[217, 342, 785, 413]]\nTable 1. Drops.\n\n"
    '<table>kind<td rowspan="2">drops7</table>\n\n'
    "image[[0, 0, 999, 999]]\n"
)


def words_and_boxes(run: Run) -> list[tuple[str, str, int]]:
    return [(region.label, region.text, len(region.boxes)) for region in run.regions]


def test_lines_with_their_places() -> None:
    found = regions_of(PresetId.OCR, LINES)
    assert found == [
        Seen("line", "The rain in spring", [(352, 30, 624, 111)], set()),
        Seen("line", "BY TWO HANDS", [(33, 199, 127, 230)], set()),
        Seen("line", "falls on the roofs - of old houses", [(220, 170, 390, 210)], set()),
        Seen("line", "and on us s", [(220, 199, 390, 238)], {Flag.UNCLOSED}),
        Seen("line", "falls on the roofs - of old houses", [(221, 170, 390, 210)], set()),
        Seen("line", "a [small] note", [(25, 528, 199, 561)], set()),
    ]


def test_an_answer_as_a_provider_s_guide_prints_it() -> None:
    assert regions_of(PresetId.OCR, GUIDE) == [
        Seen("line", "", [(33, 116, 228, 212)], {Flag.UNCLOSED}),
        Seen("line", "Address:", [(34, 105, 227, 209)], set()),
        Seen("line", "https://example.org/open", [(335, 103, 888, 215)], set()),
        Seen("line", "门牌&街道", [(334, 780, 771, 896)], set()),
    ]


def test_a_paragraph_that_goes_on_in_the_next_column_has_two_boxes() -> None:
    assert words_and_boxes(run_of(PresetId.MARKDOWN, [COLUMNS])) == [
        ("sub_title", "Rain and roofs", 1),
        ("text", "WEATHER\nTwo\nHands", 1),
        ("image", "", 1),
        ("text", "It goes on in the next column, as high- quality rain does.", 2),
        ("text", "And ends.", 1),
    ]


def test_a_caption_s_words_are_the_caption_s_and_the_table_is_the_table_s() -> None:
    run = run_of(PresetId.MARKDOWN, [CAPTIONED])
    assert [seen(region)[:2] for region in run.regions] == [
        ("text", "end of a sentence that began on the page before."),
        ("sub_title", "5.1 Drops"),
        ("table_caption", "Table 1. Drops of 2x by kind."),
        ("table", "kind\tdrops\n\t7"),
        ("image", ""),
        ("image_caption", "Figure 2. A drop."),
        ("text", "More of it."),
    ]
    assert [region.flags for region in run.regions] == [(Flag.NO_BOX,), (), (), (), (), (), ()]
    by_label = {region.label: region for region in run.regions}
    assert by_label["table"].boxes_999[0].y_min == 421
    assert by_label["table_caption"].boxes_999[0].y_min == 342


def test_words_and_tags_of_a_captioned_table_are_found_in_the_raw_answer() -> None:
    run = run_of(PresetId.MARKDOWN, [CAPTIONED])
    by_label = {region.label: region for region in run.regions}

    def raw(span: Span | None) -> str:
        assert span is not None
        return CAPTIONED[span.start : span.end]

    table, caption = by_label["table"], by_label["table_caption"]
    assert raw(table.source).startswith("<table>")
    assert raw(table.source).endswith("</table>")
    assert raw(table.tag) == "<|ref|>table<|/ref|><|det|>[[225, 421, 777, 595]]<|/det|>"
    assert raw(caption.tag) == "<|ref|>table_caption<|/ref|><|det|>[[217, 342, 785, 413]]<|/det|>"
    assert raw(caption.source) == f"{raw(caption.tag)}\nTable 1. Drops of \\(2x\\) by kind."


@pytest.mark.parametrize("caption", ["", "\\[a\nb\\]\n\n", "Words.\n\nIn two paragraphs.\n\n", "a < b <tab"])
@pytest.mark.parametrize("label", ["table", "image"])
def test_a_table_belongs_to_the_table_whatever_its_caption_is(caption: str, label: str) -> None:
    head = f"<|ref|>{label}<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n"
    answer = f"{head}<|ref|>table_caption<|/ref|><|det|>[[5, 6, 70, 80]]<|/det|>\n{caption}"
    html = "<table><tr><td>cell</td></tr></table>"
    texts = {region.label: region.text for region in run_of(PresetId.MARKDOWN, [f"{answer}{html}"]).regions}
    without = {region.label: region.text for region in run_of(PresetId.MARKDOWN, [answer]).regions}
    assert without[label] == ""
    if label == "table":
        assert texts == {"table": "cell", "table_caption": without["table_caption"]}
    else:
        # Only a table takes it: nothing else announced one.
        assert texts["image"] == ""
        assert texts["table_caption"].endswith("cell")


def test_a_caption_before_its_table_leaves_the_table_alone() -> None:
    answer = (
        "<|ref|>table_caption<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n\n"
        "<|ref|>table<|/ref|><|det|>[[5, 6, 70, 80]]<|/det|>\n<table><tr><td>cell</td></tr></table>"
    )
    assert words_and_boxes(run_of(PresetId.MARKDOWN, [answer])) == [("table_caption", "", 1), ("table", "cell", 1)]


def test_an_answer_that_breaks_off_in_its_boxes() -> None:
    run = run_of(PresetId.MARKDOWN, [CUT_OFF])
    assert run.finish is Finish.CUT
    assert [seen(region) for region in run.regions] == [
        *(Seen("text", text, [], {Flag.NO_BOX}) for text in ("0", "0 0", "0 0")),
        Seen("text", "", [], {Flag.UNCLOSED, Flag.EMPTY_BOX}),
    ]


def test_an_answer_whose_tags_the_server_dropped() -> None:
    run = run_of(PresetId.MARKDOWN, [STRIPPED])
    assert words_and_boxes(run) == [
        ("title", "Rain", 1),
        ("text", "It falls, array[[1, 2, 3, 4]] too.", 2),
        ("table_caption", "Table 1. Drops.", 1),
        ("table", "kinddrops7", 1),
        ("image", "", 1),
    ]
    assert run.warnings == (WarningCode.TABLES_FUSED,)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("text[[115 403, 145, 421]]\nwords", Seen("text", "words", [(115, 403, 145, 421)], {Flag.BROKEN_BOX})),
        ("text[[1, 2, 3]]\nwords", Seen("text", "words", [], {Flag.BROKEN_BOX})),
        ("text[[1, 2, 30, 40]] \r\nwords", Seen("text", "words", [(1, 2, 30, 40)], set())),
        ("footer_note[[1, 2, 30, 40]]\nwords", Seen("footer_note", "words", [(1, 2, 30, 40)], set())),
    ],
)
def test_a_label_on_its_own_line(answer: str, expected: Seen) -> None:
    assert regions_of(PresetId.MARKDOWN, answer) == [expected]


def test_lines_and_hits_whose_tags_the_server_dropped() -> None:
    answer = "The rain[[1, 2, 30, 40]]\nin spring[[5, 6, 7]]\nwithout a place\n[[8, 9, 10, 11]]\nsee [[12]]"
    assert regions_of(PresetId.OCR, answer) == [
        Seen("line", "The rain", [(1, 2, 30, 40)], set()),
        Seen("line", "in spring", [], {Flag.BROKEN_BOX}),
        Seen("text", "without a place", [], {Flag.NO_BOX}),
        Seen("line", "", [(8, 9, 10, 11)], set()),
        Seen("text", "see [[12]]", [], {Flag.NO_BOX}),
    ]
    assert regions_of(PresetId.LOCATE, "the red car[[1, 2, 30, 40], [50, 60, 70, 80]]") == [
        Seen("match", "the red car", [(1, 2, 30, 40), (50, 60, 70, 80)], set())
    ]


@pytest.mark.parametrize(
    ("preset", "answer"),
    [
        (PresetId.FREE, "array[[1, 2, 3, 4]]\nrest"),
        (PresetId.DESCRIBE, "text[[1, 2, 3, 4]]"),
        (PresetId.MARKDOWN, "see array[[1, 2, 3, 4]]"),
        (PresetId.MARKDOWN, "array[[1, 2, 3, 4]] = 0"),
        (PresetId.MARKDOWN, "array[[1, 2, 3]]"),
        (PresetId.MARKDOWN, "text[[see the note]]"),
        (PresetId.OCR, "as is known [[12]]"),
        (PresetId.OCR, "list[[1, 2, 3, 4]] and more"),
    ],
)
def test_no_box_is_made_of_code_or_prose(preset: PresetId, answer: str) -> None:
    (region,) = regions_of(preset, answer)
    assert (region.boxes, region.text.split()) == ([], answer.split())


@pytest.mark.parametrize(("preset", "words"), [(PresetId.MARKDOWN, "text"), (PresetId.OCR, "the words of it")])
def test_a_long_list_of_boxes_without_tags_is_read_however_it_is_cut(preset: PresetId, words: str) -> None:
    answer = f"{words}[[{'], ['.join(f'{number}, 2, 900, 40' for number in range(300))}]]\nMore."
    whole = run_of(preset, [answer])
    assert len(whole.regions[0].boxes) == 300
    assert run_of(preset, cut(answer, list(range(0, len(answer), 90)))) == whole


@pytest.mark.parametrize("boxes", ["[[1, 2, 30, 40]]", "[[1, 2, 30, 40]", "[[1, 2, 30, 40], [5, 6, 7, 8]]"])
def test_after_the_first_tag_nothing_without_tags_is_a_box(boxes: str) -> None:
    code = "Code:\narray[[1, 2, 3, 4]]\ntext[[1, 2, 3, 4]]"
    (region,) = regions_of(PresetId.MARKDOWN, f"<|ref|>text<|/ref|><|det|>{boxes}<|/det|>\n{code}")
    assert region.text == code


@pytest.mark.parametrize(
    ("table", "is_fused"),
    [
        ('<table>ab<td rowspan="2">c</table>', True),
        ("<table>kind drops</table>", True),
        ("<table><tr><td>kind</td></tr></table>", False),
        ("<table><tr><th>kind</th></tr></table>", False),
        ("<table></table>", False),
        ("<table>kind", False),
        ("no table", False),
    ],
)
@pytest.mark.parametrize("preset", [PresetId.MARKDOWN, PresetId.FREE])
def test_a_fused_table_is_told(preset: PresetId, table: str, is_fused: bool) -> None:
    run = run_of(preset, [f"Words.\n\n{table}\n"])
    assert run.warnings == ((WarningCode.TABLES_FUSED,) if is_fused else ())


ANSWERS = st.sampled_from([LINES, GUIDE, COLUMNS, CAPTIONED, CUT_OFF, STRIPPED])


@given(st.sampled_from(PresetId), ANSWERS, st.lists(st.integers(0, 2000), max_size=30))
def test_any_cut_gives_the_same_run(preset: PresetId, answer: str, marks: list[int]) -> None:
    assert run_of(preset, cut(answer, marks)) == run_of(preset, [answer])


@given(ANSWERS, ANSWERS, st.integers(0, 2000), st.lists(st.integers(0, 2000), max_size=10))
def test_of_a_tail_that_is_not_kept_nothing_becomes_a_region(
    before: str, answer: str, kept: int, marks: list[int]
) -> None:
    kept %= len(answer) + 1
    run = run_of(PresetId.MARKDOWN, [before], cut(answer, marks), finish=Finish.LOOP, kept=kept)
    whole = run_of(PresetId.MARKDOWN, [before], [answer[:kept]], finish=Finish.LOOP)
    assert run.regions == whole.regions
    assert [each.raw for each in run.answers] == [before, answer]
    assert run.answers[-1].finish is Finish.LOOP


@pytest.mark.parametrize("preset", PresetId)
@pytest.mark.parametrize("answer", [LINES, GUIDE, COLUMNS, CAPTIONED, STRIPPED])
def test_the_model_s_own_tag_of_a_region_ends_with_its_boxes(preset: PresetId, answer: str) -> None:
    tags = [region.tag for region in run_of(preset, [answer]).regions if region.tag is not None]
    written = [answer[tag.start : tag.end] for tag in tags]
    assert all("[[" in tag and tag.endswith(("]]", "]]<|/det|>")) and "\n" not in tag for tag in written)
    assert len(set(tags)) == len(tags)
