"""What looks wrong in a run: the places that somebody should look at, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocr_desktop.core.alignment.folded_text import folded
from ocr_desktop.core.alignment.places import blocks_of, line_places
from ocr_desktop.core.document import Confirm, Correct, Draw, Finish, Flag, Origin, Splice
from ocr_desktop.core.geometry import quad_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.document import Answer, Comparison, Edit, Line, Region, Usage
    from ocr_desktop.core.geometry import PixelBox

LOW_SCORE = 0.8
"""Lines of which the embedded engine is less sure than this are worth a look."""
DENSE = 10.0
"""Tokens of text for one of the picture: the model's makers give 97 % right up to here, about 60 % at twice as many."""

TOGETHER = 1.5
"""Missed lines no further apart than so many line heights are one place to look at."""


class DoubtKind(StrEnum):
    """Why something is doubtful; each has a sentence in the window."""

    BROKEN_BOX = "broken_box"
    CLAMPED = "clamped"
    SWAPPED = "swapped"
    EMPTY_BOX = "empty_box"
    UNCLOSED = "unclosed"
    LOW_SCORE = "low_score"
    LOOP = "loop"
    CUT = "cut"
    BROKEN_OFF = "broken_off"
    """The answer ended by an error or a silence."""
    DENSE = "dense"
    """The picture holds more text than the model reads well at its size."""
    UNSUPPORTED_WORDS = "unsupported_words"
    """Words that no line on the picture has."""
    MISSED_LINES = "missed_lines"
    """Lines on the picture that the answer does not have."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place to look at.

    Attributes:
        region_id: None for what is doubtful about the run as a whole, and for lines that it lacks.
        kinds: Why; not empty.
        words: Those that nothing supports, or the lines that are missing.
        lines: The indices of the missing lines in `Run.lines`.
        boxes: Where they stand, in page pixels.
    """

    region_id: int | None
    kinds: tuple[DoubtKind, ...]
    words: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    boxes: tuple[PixelBox, ...] = ()

    @property
    def confirmation(self) -> Confirm:
        """The edit that takes it away."""
        return Confirm(self.region_id, self.lines)


_OF_FLAG = {
    Flag.BROKEN_BOX: DoubtKind.BROKEN_BOX,
    Flag.CLAMPED: DoubtKind.CLAMPED,
    Flag.SWAPPED: DoubtKind.SWAPPED,
    Flag.EMPTY_BOX: DoubtKind.EMPTY_BOX,
    Flag.UNCLOSED: DoubtKind.UNCLOSED,
}
_OF_FINISH = {
    Finish.LOOP: DoubtKind.LOOP,
    Finish.CUT: DoubtKind.CUT,
    Finish.ERROR: DoubtKind.BROKEN_OFF,
    Finish.TIMEOUT: DoubtKind.BROKEN_OFF,
}


def is_dense(usage: Usage) -> bool:
    """Whether an answer has more text than the model reads well from such a picture.

    Servers count the picture and the prompt together; the prompt's few tokens make no difference.
    """
    return usage.completion_tokens > DENSE * usage.prompt_tokens > 0


def doubts_of(
    regions: Iterable[Region],
    finish: Finish,
    edits: tuple[Edit, ...] = (),
    answers: Iterable[Answer] = (),
    *,
    lines: Sequence[Line] = (),
    comparison: Comparison | None = None,
) -> tuple[Doubt, ...]:
    """What is doubtful about regions, in their order, then which lines they lack, and then about the run as a whole.

    What was confirmed is left out, and lines that are in words which somebody wrote, or had read again. `lines` are
    those that `comparison` speaks of.
    """
    regions = tuple(regions)
    confirmed = {edit.region_id for edit in edits if isinstance(edit, Confirm) and not edit.lines}
    corrected = {edit.region_id for edit in edits if isinstance(edit, Correct)}
    unsupported = {} if comparison is None else dict(comparison.unsupported)
    doubts = [
        doubt
        for region in regions
        if region.id not in confirmed
        # Words that somebody wrote themselves are not those that were compared.
        and (doubt := _doubt_of(region, () if region.id in corrected else unsupported.get(region.id, ())))
    ]
    if comparison is not None:
        doubts += _missing(lines, _still_missed(lines, comparison.missed, regions, edits))
    of_run = [_OF_FINISH[finish]] if finish in _OF_FINISH else []
    if any(answer.raw.strip() and answer.usage is not None and is_dense(answer.usage) for answer in answers):
        of_run.append(DoubtKind.DENSE)
    if of_run and None not in confirmed:
        doubts.append(Doubt(None, tuple(of_run)))
    return tuple(doubts)


def _doubt_of(region: Region, unsupported: tuple[tuple[int, int], ...]) -> Doubt | None:
    kinds = [_OF_FLAG[flag] for flag in region.flags if flag in _OF_FLAG]
    # The score of an aligned region is how much of it was found; the words that were not are told one by one.
    if region.score is not None and region.score < LOW_SCORE and region.origin is not Origin.ALIGNED:
        kinds.append(DoubtKind.LOW_SCORE)
    words = tuple(region.text[start:end] for start, end in unsupported)
    if words:
        kinds.append(DoubtKind.UNSUPPORTED_WORDS)
    return Doubt(region.id, tuple(kinds), words) if kinds else None


def _still_missed(
    lines: Sequence[Line], missed: tuple[int, ...], regions: Sequence[Region], edits: tuple[Edit, ...]
) -> list[int]:
    """The missed lines that nobody looked at, and that are in no words which came with an edit."""
    seen: set[int] = set()
    changed: set[int] = set()
    for edit in edits:
        match edit:
            case Confirm():
                seen.update(edit.lines)
            case Correct(region_id):
                changed.add(region_id)
            case Draw(drawn):
                changed.add(drawn.id)
            case Splice(_, new_regions):
                changed.update(region.id for region in new_regions)
    words = folded(*(region.text for region in regions if region.id in changed)).text
    left = [index for index in missed if index not in seen]
    return [index for index in left if folded(lines[index].text).text not in words] if words else left


def _missing(lines: Sequence[Line], left: Sequence[int]) -> list[Doubt]:
    """A doubt for each group of missed lines that stand together."""
    places = line_places([lines[index] for index in left])
    doubts = []
    for block in blocks_of(places, TOGETHER):
        inside = tuple(left[at] for at in sorted(block, key=lambda at: (places[at].y_min, places[at].x_min)))
        boxes = tuple(quad_bounds(lines[index].quad) for index in inside)
        words = tuple(lines[index].text for index in inside)
        doubts.append(Doubt(None, (DoubtKind.MISSED_LINES,), words, inside, boxes))
    return doubts
