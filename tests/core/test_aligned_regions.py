"""What came without boxes has those of its lines; what nothing supports and what is missing is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr_desktop.core.alignment.regions import aligned_run, lacks_places
from ocr_desktop.core.document import (
    Confirm,
    Correct,
    Delete,
    Draw,
    Edit,
    Finish,
    Line,
    Origin,
    Region,
    Run,
    Splice,
)
from ocr_desktop.core.doubts import Doubt, DoubtKind, doubts_of
from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.geometry import PixelBox, Size
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.run_json import run_from_json, run_to_json
from tests.core.test_alignment import below_each_other, line
from tests.support.answers import run_of

PAGE = Size(1000, 1000)
SENTENCES = (
    "The roof was mended in spring by",
    "two people from the next village,",
    "and the cellar was painted white.",
)
PARAGRAPH = " ".join(SENTENCES)


def placed(answer: str, lines: list[Line], preset: PresetId = PresetId.FREE) -> Run:
    return aligned_run(run_of(preset, [answer]), tuple(lines), PAGE)


def doubts(run: Run) -> tuple[Doubt, ...]:
    return doubts_of(
        edited_regions(run), run.finish, run.edits, run.answers, lines=run.lines, comparison=run.comparison
    )


def unsupported(run: Run) -> list[str]:
    return [words for doubt in doubts(run) if DoubtKind.UNSUPPORTED_WORDS in doubt.kinds for words in doubt.words]


def missed(run: Run) -> list[tuple[str, ...]]:
    return [doubt.words for doubt in doubts(run) if DoubtKind.MISSED_LINES in doubt.kinds]


def test_a_paragraph_has_one_box_around_its_lines() -> None:
    (region,) = placed(PARAGRAPH, below_each_other(*SENTENCES)).regions
    assert region.boxes == (PixelBox(0, 0, 330, 56),)
    assert (region.origin, region.score, region.quad) == (Origin.ALIGNED, 1.0, None)


def test_a_paragraph_that_goes_on_in_the_next_column_has_a_box_in_each() -> None:
    lines = [line(SENTENCES[0], 0, 900), line(SENTENCES[1], 500, 40), line(SENTENCES[2], 500, 60)]
    (region,) = placed(PARAGRAPH, lines).regions
    assert region.boxes == (PixelBox(0, 900, 320, 916), PixelBox(500, 40, 830, 76))


def test_lines_of_an_answer_that_stand_apart_become_regions_of_their_own() -> None:
    lines = below_each_other("Costs of the year", *SENTENCES)
    lines = [lines[0], *(line(each.text, 0, 100 + 20 * row) for row, each in enumerate(lines[1:]))]
    answer = "\n".join(each.text for each in lines)
    run = placed(answer, lines)
    assert [region.text for region in run.regions] == [lines[0].text, "\n".join(SENTENCES)]
    assert len({region.id for region in run.regions}) == 2
    for region in run.regions:
        assert region.source is not None
        assert answer[region.source.start : region.source.end] == region.text
    assert run.regions[0].quad == lines[0].quad


def test_lines_at_even_distances_stay_one_region_whatever_their_letters() -> None:
    texts = [f"{words} {row}" for row in range(20) for words in ("as we saw on a sea", "Fly by (high) days")]
    lines = []
    for row, text in enumerate(texts):
        tall = row % 2
        top, bottom = (30 * row - 4.5 * tall, 30 * row + 24 + 4.5 * tall)
        lines.append(replace(line(text), quad=((0, top), (200, top), (200, bottom), (0, bottom))))
    run = aligned_run(run_of(PresetId.FREE, ["\n".join(texts)]), tuple(lines), Size(1000, 2000))
    assert len(run.regions) == 1


def test_a_heading_in_larger_letters_is_a_region_of_its_own() -> None:
    heading = replace(line("Costs of the year"), quad=((0, 0), (300, 0), (300, 28), (0, 28)))
    lines = [heading, *(line(text, 0, 33 + 20 * row) for row, text in enumerate(SENTENCES))]
    run = placed("\n".join(each.text for each in lines), lines)
    assert [region.text for region in run.regions] == [heading.text, "\n".join(SENTENCES)]


def test_what_somebody_corrected_is_not_parted() -> None:
    lines = [line("Costs of the year", 0, 0), line(PARAGRAPH, 0, 300)]
    run = replace(run_of(PresetId.FREE, [f"Costs of the year\n{PARAGRAPH}"]), edits=(Correct(0, "mine"),))
    (region,) = aligned_run(run, tuple(lines), PAGE).regions
    assert len(region.boxes) == 2


def test_a_paragraph_that_must_not_be_cut_stays_one_region() -> None:
    lines = (line("Costs of the year", 0, 0), *(line(text, 0, 100 + 20 * row) for row, text in enumerate(SENTENCES)))
    run = run_of(PresetId.FREE, ["\n".join(each.text for each in lines)])
    assert len(aligned_run(run, lines, PAGE).regions) == 2
    (region,) = aligned_run(run, lines, PAGE, may_cut=False).regions
    assert len(region.boxes) == 2


def test_a_table_is_one_box_and_boxes_of_the_model_stay() -> None:
    cells = [line(text, 200 * (at % 2), 40 * (at // 2)) for at, text in enumerate(("Apples", "12", "Pears", "34"))]
    table = "<table><tr><td>Apples</td><td>12</td></tr><tr><td>Pears</td><td>34</td></tr></table>"
    (region,) = placed(table, cells).regions
    assert region.boxes == (PixelBox(0, 0, 220, 56),)
    tagged = run_of(PresetId.MARKDOWN, [f"<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n{PARAGRAPH}"])
    assert aligned_run(tagged, tuple(below_each_other(*SENTENCES)), PAGE).regions == tagged.regions
    assert not lacks_places(tagged)


def test_words_that_are_not_on_the_picture_are_told_and_get_no_box() -> None:
    answer = f"{PARAGRAPH}\n\nElephants dance quietly tonight"
    run = placed(answer, below_each_other(*SENTENCES))
    assert run.regions[1].boxes == ()
    assert unsupported(run) == ["Elephants dance quietly tonight"]
    assert run_from_json(run_to_json(run)) == run


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (PARAGRAPH.replace("two people", "seventeen elephants"), ["seventeen elephants"]),
        (PARAGRAPH.replace("village", "villoge"), []),
        (PARAGRAPH.replace("mended", "mended $x^{2}$"), []),
        (PARAGRAPH.replace("spring", "весной"), []),
    ],
    ids=["other words", "a slip", "a formula", "a script that is not read"],
)
def test_what_is_worth_a_look_is_told_and_no_more(answer: str, words: list[str]) -> None:
    assert unsupported(placed(answer, below_each_other(*SENTENCES))) == words


def test_another_number_is_told() -> None:
    lines = below_each_other("The sum of all costs is 1,284.50 euros", "to be paid in spring.")
    answer = "The sum of all costs is 1,234.50 euros to be paid in spring."
    assert unsupported(placed(answer, lines)) == ["1,234.50"]


def test_lines_that_are_missing_are_told_together_where_they_stand_together() -> None:
    lines = below_each_other(
        *SENTENCES, "Nobody mended the old garden door.", "It still hangs by one hinge.", "End of it"
    )
    run = placed(f"{PARAGRAPH}\n\nEnd of it", lines)
    assert missed(run) == [("Nobody mended the old garden door.", "It still hangs by one hinge.")]
    (doubt,) = doubts(run)
    assert doubt.boxes[0] == PixelBox(0, 60, 340, 76)
    looked_at = replace(run, edits=(doubt.confirmation,))
    assert doubts(looked_at) == ()
    # The run as a whole is another matter.
    assert missed(replace(run, edits=(Confirm(None),))) == missed(run)


@pytest.mark.parametrize("finish", [Finish.CUT, Finish.LOOP, Finish.CANCELLED, Finish.TIMEOUT, Finish.ERROR])
def test_what_an_answer_did_not_come_to_is_not_missed(finish: Finish) -> None:
    lines = tuple(below_each_other(*SENTENCES, "Nobody mended the old garden door.", "It still hangs."))
    run = aligned_run(replace(run_of(PresetId.FREE, [f"{PARAGRAPH} Elephants dance"]), finish=finish), lines, PAGE)
    assert missed(run) == []
    assert unsupported(run) == ["Elephants dance"]


@pytest.mark.parametrize(
    "edit",
    [
        Correct(0, f"{PARAGRAPH} Nobody mended the old\ngarden door."),
        Draw(Region(7, "text", "Nobody mended the old garden door.", "", origin=Origin.USER)),
        Splice((0,), (Region(7, "text", f"{PARAGRAPH} Nobody mended the 0ld garden door.", ""),)),
    ],
    ids=["written", "drawn", "read again"],
)
def test_lines_that_an_edit_brought_in_are_no_longer_missed(edit: Edit) -> None:
    lines = below_each_other(*SENTENCES, "Nobody mended the old garden door.", "It still hangs by one hinge.", "End")
    run = placed(f"{PARAGRAPH}\n\nEnd", lines)
    assert missed(replace(run, edits=(edit,))) == [("It still hangs by one hinge.",)]
    assert missed(replace(run, edits=(edit, Delete((0, 7))))) == missed(run)


def test_page_numbers_marks_and_badly_read_lines_are_not_missed() -> None:
    lines = [
        *(line(text, 100, 300 + 20 * row) for row, text in enumerate(SENTENCES)),
        line("Journal of roofs", 100, 20),
        line("Page twelve", 500, 970),
        line("~ x ~", 600, 340),
        replace(line("something illegible", 600, 360), score=0.5),
    ]
    assert missed(placed(PARAGRAPH, lines)) == []


def test_a_paragraph_at_the_top_of_a_page_is_missed_all_the_same() -> None:
    rows = [
        "Nobody mended the old garden door.",
        "It still hangs by one hinge, and",
        "whenever wind comes up at night",
        "half of the village wakes.",
    ]
    lines = [
        *(line(text, 100, 4 + 20 * row) for row, text in enumerate(rows)),
        *(line(text, 100, 300 + 20 * row) for row, text in enumerate(SENTENCES)),
    ]
    assert missed(placed(PARAGRAPH, lines)) == [tuple(rows)]


def test_an_answer_that_is_no_transcript_of_the_picture_is_not_compared() -> None:
    run = placed("Das Dach wurde repariert und der Keller gestrichen.", below_each_other(*SENTENCES))
    assert (run.comparison, doubts(run)) == (None, ())


def test_how_much_was_found_is_no_low_score() -> None:
    run = placed(PARAGRAPH, below_each_other(*SENTENCES[:2]))
    (region,) = run.regions
    assert region.score is not None
    assert region.score < 0.8
    assert [doubt.kinds for doubt in doubts(run)] == [(DoubtKind.UNSUPPORTED_WORDS,)]


def test_what_somebody_wrote_themselves_is_no_longer_doubtful() -> None:
    run = placed(f"{PARAGRAPH} Elephants dance quietly", below_each_other(*SENTENCES))
    assert unsupported(run) == ["Elephants dance quietly"]
    assert unsupported(replace(run, edits=(Correct(0, "The roof was mended"),))) == []


def test_a_page_on_its_side_is_compared_like_any_other() -> None:
    upright = [line(text, 100, 300 + 20 * row) for row, text in enumerate(SENTENCES)]
    turned = [
        replace(each, quad=tuple((1000 - y, x) for x, y in each.quad))  # type: ignore[arg-type]
        for each in upright
    ]
    (region,) = placed(PARAGRAPH, turned).regions
    assert region.boxes == (PixelBox(1000 - 356, 100, 700, 430),)
