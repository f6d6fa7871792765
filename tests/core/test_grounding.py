"""The grounding parser: whatever is fed, however it is cut, no word is lost and no box invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.boxes import Corners, read_boxes
from ocr_desktop.core.document import Flag
from ocr_desktop.core.grounding import GroundingParser, ReferenceFound, TextFound
from ocr_desktop.core.presets import ReferenceKind
from ocr_desktop.core.references import LONGEST_REFERENCE, TAGS
from tests.support.answers import cut, words_of

PIECES = st.sampled_from(
    [
        *TAGS,
        "<|ref|>text<|/ref|>",
        "<|det|>[[1, 2, 30, 40]]<|/det|>",
        "[[",
        "]]",
        "12, 7",
        "\n",
        "\n\n",
        "<",
        "<|",
        "|>",
        "word ",
        "<table>",
        "文字",
        "<|/re",
        "title",
        "<|det|>[[1, 2, 30, 40],\n",
        " [5, 6, 70, 80]",
        "<|ref|>te\nxt",
    ]
)
ANSWERS = st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join)


def events_of(pieces: list[str]) -> list[TextFound | ReferenceFound]:
    parser = GroundingParser()
    found: list[TextFound | ReferenceFound] = []
    for piece in pieces:
        parser.feed(piece)
        found += parser.take()
    found += parser.finish()
    joined: list[TextFound | ReferenceFound] = []
    for event in found:
        last = joined[-1] if joined else None
        if isinstance(event, TextFound) and isinstance(last, TextFound) and last.end == event.start:
            joined[-1] = TextFound(last.text + event.text, last.start)
        else:
            joined.append(event)
    return joined


def test_a_reference_with_several_boxes_and_its_content() -> None:
    answer = "<|ref|>text<|/ref|><|det|>[[13, 930, 202, 978], [217, 170, 395, 500]]<|/det|>\nFor one thing"
    reference, content = events_of([answer])
    assert reference == ReferenceFound("text", 0, answer.index("\n"), ((13, 930, 202, 978), (217, 170, 395, 500)), ())
    assert content == TextFound("\nFor one thing", answer.index("\n"))


@given(ANSWERS, st.lists(st.integers(0, 400), max_size=12))
def test_any_cut_of_any_answer_gives_the_same_events(answer: str, marks: list[int]) -> None:
    assert events_of(cut(answer, marks)) == events_of([answer])


@given(ANSWERS)
def test_every_word_of_the_answer_is_in_an_event(answer: str) -> None:
    found = "\n".join(event.text for event in events_of([answer]))
    words = words_of(answer)
    assert [word for word in set(words) if found.count(word) < words.count(word)] == []


@given(ANSWERS)
def test_a_whole_tag_never_stands_in_an_event(answer: str) -> None:
    for event in events_of([answer]):
        assert not any(tag in event.text for tag in TAGS)


@pytest.mark.parametrize(
    ("answer", "text", "flags"),
    [
        ("<|ref|>line one\nnext", "line one", (Flag.UNCLOSED, Flag.NO_BOX)),
        ("<|ref|>words<|/ref|> more", "words", (Flag.NO_BOX,)),
        ("<|ref|>a<|/ref|><|det|>[[1, 2, 3]]<|/det|>", "a", (Flag.BROKEN_BOX,)),
        ("<|ref|>a<|/ref|><|det|>[[1, 2, 30, 40]]", "a", (Flag.UNCLOSED,)),
        ("<|ref|>a<|/ref|><|det|>[[1, 2, 30, 4", "a", (Flag.BROKEN_BOX, Flag.UNCLOSED)),
        ("<|ref|>a", "a", (Flag.UNCLOSED, Flag.NO_BOX)),
    ],
)
def test_what_is_broken_is_flagged_and_its_words_stay(answer: str, text: str, flags: tuple[Flag, ...]) -> None:
    reference = events_of([answer])[0]
    assert isinstance(reference, ReferenceFound)
    assert reference.text == text
    assert set(reference.flags) == set(flags)


def test_an_answer_that_begins_with_an_orphan_close_keeps_its_box() -> None:
    reference = events_of(["<|/ref|><|det|>[[33, 116, 228, 212]]<|/det|>\n"])[0]
    assert isinstance(reference, ReferenceFound)
    assert reference.boxes == ((33, 116, 228, 212),)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("<|ref|>text<|/ref|><|det|>[[1, 2, 30, 40]]\nThe whole paragraph.\n\n", "The whole paragraph."),
        ("<|ref|>text<|/ref|><|det|>[[1, 2, 30, 40]] in the list<|/det|>", "in the list"),
        ("<|ref|>text<|/ref|><|det|>2024 12<|/det|>", "2024 12"),
        ("<|ref|>text<|/ref|><|det|>²<|/det|>", "²"),
        ("<|ref|>text<|/ref|><|det|>[eq:sum]<|/det|>", "[eq:sum]"),
        ("<|ref|>text<|/ref|><|det|>\n[[1, 2, 30, 40]]<|/det|>after", "after"),
    ],
)
def test_words_among_or_behind_the_boxes_are_words(answer: str, words: str) -> None:
    events = events_of([answer])
    assert "".join(event.text for event in events[1:]).strip() == words


@pytest.mark.parametrize(
    "answer",
    [
        "<|ref|>a",
        "<|ref|>a<|/ref|><|det|>[[1, 2",
        "<|ref|>a<|/ref|><|det|>[[0, 0, 997, 0]]\n\n",
        "<|ref|>a\n",
        "text <|re",
    ],
)
def test_an_answer_that_breaks_off_in_a_tag_says_so(answer: str) -> None:
    parser = GroundingParser()
    parser.feed(answer)
    parser.finish()
    assert parser.ended_inside_tag


@pytest.mark.parametrize(
    "answer", ["", "words\n", "<|ref|>a<|/ref|>", "<|ref|>a<|/ref|><|det|>[[1, 2, 3, 4]]\nwords", "a < b <"]
)
def test_an_answer_that_went_on_does_not(answer: str) -> None:
    parser = GroundingParser()
    parser.feed(answer)
    parser.finish()
    assert not parser.ended_inside_tag


@pytest.mark.parametrize(
    ("body", "boxes", "is_clean"),
    [
        ("[[1, 2, 3, 4]]", ((1, 2, 3, 4),), True),
        ("[[0.25, -3, 1200, 999]]", ((0.25, -3, 1200, 999),), True),
        ("[[115 403, 145, 421]]", ((115, 403, 145, 421),), False),
        ("[[550, s 331, 652, 345]]", ((550, 331, 652, 345),), False),
        ("[533, 132, 457]", (), False),
        ("[1, 2, 3, 4, 5, 6, 7, 8]", (), False),
        ("[1234567, 1, 2, 3]", (), False),
        ("[1.2.3, 1, 2, 3]", (), False),
        ("[[1, 2, 3, 4", (), False),
        ("__import__('os')", (), False),
    ],
)
def test_boxes_are_read_as_numbers_and_never_guessed(body: str, boxes: tuple[Corners, ...], is_clean: bool) -> None:
    assert read_boxes(body) == (boxes, is_clean)


@pytest.mark.parametrize(
    "hostile",
    [
        *("[" * 200_000, "<" * 200_000, "\n" * 200_000, "7" * 200_000, "<|ref|>" * 20_000),
        *("<|det|>" + "7" * 200_000, "<|det|>" + "[" * 200_000, "<|ref|>" + "a" * 200_000, "<|/ref|>" * 20_000),
        *("<|det|>" * 20_000, "text[[1, " * 20_000, "text[[" + "1, " * 60_000, "a" * 200_000 + "[[1, 2, 3, 4]]"),
        *("<|ref|>a<|/ref|>" + " " * 200_000, "<|ref|>a<|/ref|>s<|/ref|>" * 10_000, "<|det|>[[" + "a " * 100_000),
        *("text[[1, 2, 3\n" * 10_000, "<|det|>" + "[[1, 2, 3],\n" * 20_000, "<|ref|>" + "a\n" * 100_000),
    ],
    ids=lambda hostile: f"{hostile[:20]!r} {len(hostile)}",
)
@pytest.mark.parametrize("stripped", [None, ReferenceKind.LABEL, ReferenceKind.LINE])
def test_hostile_answers_end_and_nothing_grows_without_bound(hostile: str, stripped: ReferenceKind | None) -> None:
    parser = GroundingParser(stripped)
    events: list[TextFound | ReferenceFound] = []
    for start in range(0, len(hostile), 1000):
        parser.feed(hostile[start : start + 1000])
        events += parser.take()
    events += parser.finish()
    references = [event for event in events if isinstance(event, ReferenceFound)]
    assert all(len(reference.boxes) == 0 and len(reference.text) <= LONGEST_REFERENCE for reference in references)
    whole = GroundingParser(stripped)
    whole.feed(hostile)
    assert len([event for event in whole.finish() if isinstance(event, ReferenceFound)]) == len(references)
