"""From events to a run: the same however the answer was cut, and the same for whoever listened."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Finish, Flag, Origin, Run, Span, Usage
from ocr_desktop.core.events import Event, Finished, FoundRegion, LineFound, RegionsRevised, TextDelta
from ocr_desktop.core.geometry import Box999, PixelBox, Size, View, box_quad
from ocr_desktop.core.markdown import compose
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.references import TAGS
from ocr_desktop.core.updates import LiveRun

PAGE = Size(1998, 999)
PIECES = st.sampled_from(
    [
        *TAGS,
        "<|ref|>title<|/ref|><|det|>[[0, 0, 999, 50]]<|/det|>\nA head\n\n",
        "<|ref|>text<|/ref|><|det|>[[1, 2, 30, 40], [900, 5, 800, 2000]]<|/det|>\nwords ",
        "<table><tr><td>1</td></tr></table>",
        "\n",
        "\n\n",
        "plain ",
        r"\(x\)",
        "<",
    ]
)
ANSWERS = st.lists(PIECES | st.text(max_size=6), max_size=15).map("".join)


def read(
    preset: PresetId,
    answers: list[list[Event]],
    *,
    listen: bool,
    page: Size | None = PAGE,
    deaf_to: frozenset[int] = frozenset(),
) -> Run:
    """The run of these answers, told to a listener who misses the updates after some of the events."""
    number = 0
    builder = RunBuilder("run", preset, page, View())
    live = LiveRun()
    for events in answers:
        embedded = any(isinstance(event, LineFound | RegionsRevised) for event in events)
        builder.begin_answer(None if embedded else prompt_for(preset))
        for event in events:
            builder.feed(event)
            number += 1
            if listen and number not in deaf_to and (update := builder.update()) is not None:
                live.apply(update)
    if (update := builder.update()) is not None:
        live.apply(update)
    run = builder.build(engine="test", model=None, host=None, started=datetime(2026, 1, 1, tzinfo=UTC), seconds=1.0)
    assert live.regions == run.regions
    assert live.raw == run.raw
    return run


def deltas(answer: str, marks: list[int]) -> list[Event]:
    edges = sorted({0, len(answer), *(mark % (len(answer) + 1) for mark in marks)})
    return [*(TextDelta(answer[a:b]) for a, b in itertools.pairwise(edges)), Finished(Finish.COMPLETE)]


@given(st.sampled_from(PresetId), ANSWERS, st.lists(st.integers(0, 500), max_size=10))
def test_any_cut_of_any_answer_gives_the_same_run_and_the_same_view(
    preset: PresetId, answer: str, marks: list[int]
) -> None:
    whole = read(preset, [deltas(answer, [])], listen=False)
    assert read(preset, [deltas(answer, marks)], listen=True) == whole
    assert whole.raw == answer


def line(text: str, x: float, y: float, score: float = 0.9) -> LineFound:
    return LineFound(text, box_quad(PixelBox(x, y, x + 10 * len(text), y + 12)), score)


@given(
    st.lists(
        st.lists(st.tuples(st.text("ab 中", min_size=1, max_size=5), st.booleans()), min_size=1, max_size=6),
        min_size=1,
        max_size=3,
    ),
    st.frozensets(st.integers(1, 30)),
)
def test_lines_and_their_revision_reach_every_listener(
    answers: list[list[tuple[str, bool]]], deaf_to: frozenset[int]
) -> None:
    events: list[list[Event]] = []
    for words in answers:
        found: list[Event] = [line(text, 0, 20 * index) for index, (text, _) in enumerate(words)]
        kept = tuple(FoundRegion("text", text, (index,)) for index, (text, is_kept) in enumerate(words) if is_kept)
        events.append([*found, RegionsRevised(kept), Finished(Finish.COMPLETE)])
    run = read(PresetId.MARKDOWN, events, listen=True, deaf_to=deaf_to)
    assert [region.markdown for region in run.regions] == [
        text for words in answers for text, is_kept in words if is_kept
    ]
    assert len({region.id for region in run.regions}) == len(run.regions)


def test_labelled_regions_come_with_words_boxes_and_their_place_in_the_raw() -> None:
    answer = (
        "<|ref|>sub_title<|/ref|><|det|>[[83, 137, 312, 154]]<|/det|>\n## 2 Method\n\n"
        "<|ref|>text<|/ref|><|det|>[[0, 0, 999, 999], [5, 5, 5, 9]]<|/det|>\nIt *works*.\n"
    )
    run = read(PresetId.MARKDOWN, [deltas(answer, [3, 40])], listen=True)
    title, text = run.regions
    assert (title.label, title.text, title.markdown) == ("sub_title", "2 Method", "## 2 Method")
    assert title.boxes == (PixelBox(166, 137, 624, 154),)
    assert title.boxes_999 == (Box999(83, 137, 312, 154),)
    assert title.source == Span(0, 0, answer.index("\n\n"))
    assert (text.text, text.flags) == ("It works.", (Flag.EMPTY_BOX,))
    assert text.boxes == (PixelBox(0, 0, 1998, 999),)
    assert compose(run.regions).text == "## 2 Method\n\nIt *works*."


def test_a_reference_of_an_ocr_answer_is_a_line_and_of_a_locate_answer_a_match() -> None:
    answer = "<|ref|>1. A *star*<|/ref|><|det|>[[900, 10, 100, 1200]]<|/det|>\n"
    (found,) = read(PresetId.OCR, [deltas(answer, [])], listen=True).regions
    assert (found.label, found.text) == ("line", "1. A *star*")
    assert found.boxes_999 == (Box999(100, 10, 900, 999),)
    assert set(found.flags) == {Flag.SWAPPED, Flag.CLAMPED}
    (hit,) = read(PresetId.LOCATE, [deltas(answer, [])], listen=True).regions
    assert (hit.label, hit.text) == ("match", "1. A *star*")


def test_words_without_a_tag_are_paragraphs_and_flagged_where_boxes_were_asked_for() -> None:
    answer = "One\ntwo\n\n\nthree"
    free = read(PresetId.FREE, [deltas(answer, [2, 5, 8])], listen=True)
    assert [(region.text, region.flags) for region in free.regions] == [("One\ntwo", ()), ("three", ())]
    asked = read(PresetId.MARKDOWN, [deltas(answer, [])], listen=True)
    assert [region.flags for region in asked.regions] == [(Flag.NO_BOX,), (Flag.NO_BOX,)]


def test_without_the_picture_there_are_no_pixel_boxes() -> None:
    answer = "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nwords"
    (region,) = read(PresetId.MARKDOWN, [deltas(answer, [])], listen=True, page=None).regions
    assert (region.boxes, region.boxes_999) == ((), (Box999(1, 2, 3, 4),))


def test_boxes_of_a_turned_crop_land_on_the_page() -> None:
    builder = RunBuilder("run", PresetId.OCR, Size(1000, 1000), View(turns=1, crop=PixelBox(100, 200, 300, 600)))
    builder.begin_answer(prompt_for(PresetId.OCR))
    builder.feed(TextDelta("<|ref|>up<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|><|ref|>corner<|/ref|>"))
    builder.feed(TextDelta("<|det|>[[0, 0, 499.5, 499.5]]<|/det|>"))
    builder.feed(Finished(Finish.COMPLETE))
    run = builder.build(engine="test", model=None, host=None, started=datetime.now(UTC), seconds=0)
    whole, corner = (region.boxes[0] for region in run.regions)
    assert whole == PixelBox(100, 200, 300, 600)
    # Turned clockwise, the top left of what was shown is the bottom left of the crop.
    assert corner == PixelBox(100, 400, 200, 600)


def test_a_run_of_several_answers_adds_them_up() -> None:
    answer = "<|ref|>term<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>"
    first: list[Event] = [TextDelta(answer), Finished(Finish.COMPLETE, Usage(10, 2))]
    second: list[Event] = [TextDelta(answer), Finished(Finish.CUT, Usage(10, 5))]
    run = read(PresetId.LOCATE, [first, second], listen=True)
    assert run.finish is Finish.CUT
    assert run.usage == Usage(20, 7)
    assert run.raw == f"{answer}\n{answer}"
    assert [region.source and region.source.answer for region in run.regions] == [0, 1]


def test_embedded_lines_keep_their_corners_and_scores() -> None:
    events: list[Event] = [
        line("Hello", 10, 10, 0.8),
        line("world", 10, 30, 1.0),
        RegionsRevised((FoundRegion("text", "Hello world", (0, 1)), FoundRegion("line", "world", (1,)))),
        Finished(Finish.COMPLETE),
    ]
    run = read(PresetId.MARKDOWN, [events], listen=True)
    paragraph, single = run.regions
    assert paragraph.boxes == (PixelBox(10, 10, 60, 42),)
    assert paragraph.score == pytest.approx(0.9)
    assert single.quad == box_quad(PixelBox(10, 30, 60, 42))
    assert {region.origin for region in run.regions} == {Origin.EMBEDDED}
    assert run.answers[0].prompt is None
    assert run.raw == "Hello world\n\nworld"


def test_ids_of_lines_are_not_used_again_for_what_they_became() -> None:
    builder = RunBuilder("run", PresetId.MARKDOWN, PAGE, View())
    builder.begin_answer(None)
    builder.feed(line("Hello", 10, 10))
    before = builder.update()
    builder.feed(RegionsRevised((FoundRegion("text", "Hello", (0,)),)))
    after = builder.update()
    assert before is not None
    assert after is not None
    assert {region.id for region in before.added}.isdisjoint(region.id for region in after.added)
    assert set(after.removed) == {region.id for region in before.added}


def test_a_box_that_holds_no_pixel_is_left_out_of_both_lists_and_flagged() -> None:
    answer = "<|ref|>text<|/ref|><|det|>[[0, 0, 0.000001, 999], [1, 1, 9, 9]]<|/det|>\nwords"
    (region,) = read(PresetId.MARKDOWN, [deltas(answer, [])], listen=True, page=Size(500, 999)).regions
    assert (len(region.boxes), region.boxes_999, region.flags) == (1, (Box999(1, 1, 9, 9),), (Flag.EMPTY_BOX,))


ROW = "<|ref|>row {0}<|/ref|><|det|>[[1, {0}, 30, 40]]<|/det|>\n"


def test_what_is_not_kept_is_taken_back_and_its_ids_stay_used() -> None:
    builder = RunBuilder("run", PresetId.OCR, PAGE, View())
    live = LiveRun()
    builder.begin_answer(prompt_for(PresetId.OCR))
    builder.feed(TextDelta("".join(ROW.format(number) for number in range(4))))
    told = builder.update()
    assert told is not None
    live.apply(told)
    raw = live.raw
    before = live.regions
    builder.end_answer(Finish.LOOP, kept=len(ROW.format(0)) + 12)
    update = builder.update()
    assert update is not None
    assert (update.added, update.removed, update.text) == ((), (2, 3), "")
    assert [(region.id, region.text) for region in update.changed] == [(1, "row 1")]
    live.apply(update)
    assert live.raw == raw
    assert live.regions[0] is before[0]
    builder.begin_answer(prompt_for(PresetId.OCR))
    builder.feed(TextDelta(ROW.format(9)))
    after = builder.update()
    assert after is not None
    assert [region.id for region in after.added] == [4]


def test_an_update_tells_what_changed_and_nothing_else() -> None:
    builder = RunBuilder("run", PresetId.OCR, PAGE, View())
    builder.begin_answer(prompt_for(PresetId.OCR))
    for number in range(3):
        row = ROW.format(number)
        builder.feed(TextDelta(row))
        update = builder.update()
        assert update is not None
        assert (update.text_from, update.text) == (number * len(row), row)
        assert [region.id for region in update.added] == [number]
        assert (update.changed, update.removed) == ((), ())
        assert update.order == tuple(range(number + 1))
    assert builder.update() is None


def test_a_table_takes_its_words_from_its_caption_while_they_stream_in() -> None:
    answer = (
        "<|ref|>table<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n"
        "<|ref|>table_caption<|/ref|><|det|>[[5, 6, 70, 80]]<|/det|>\nThe caption.\n\n<table><tr><td>one"
    )
    builder = RunBuilder("run", PresetId.MARKDOWN, PAGE, View())
    builder.begin_answer(prompt_for(PresetId.MARKDOWN))
    live = LiveRun()
    settled: dict[int, str] = {}
    for letter in answer:
        builder.feed(TextDelta(letter))
        if (update := builder.update()) is not None:
            live.apply(update)
            # Whoever prints regions as soon as another stands behind them need not take anything back.
            settled |= {
                region.id: region.text for region in live.regions[:-1] if region.text and region.id not in settled
            }
    assert [region.text for region in live.regions] == ["The caption.", "<table><tr><td>one"]
    assert list(settled.values()) == ["The caption."]
