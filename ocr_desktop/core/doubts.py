"""What looks wrong in a run: the places that somebody should look at, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Confirm, Finish, Flag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.core.document import Answer, Edit, Region, Usage

LOW_SCORE = 0.8
"""Lines of which the embedded engine is less sure than this are worth a look."""
DENSE = 10.0
"""Tokens of text for one of the picture: the model's makers give 97 % right up to here, about 60 % at twice as many."""


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


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place to look at; `region_id` is None for what is doubtful about the run as a whole. `kinds` is not empty."""

    region_id: int | None
    kinds: tuple[DoubtKind, ...]


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
    regions: Iterable[Region], finish: Finish, edits: tuple[Edit, ...] = (), answers: Iterable[Answer] = ()
) -> tuple[Doubt, ...]:
    """What is doubtful about regions, in their order, and then about the run as a whole; without what was confirmed."""
    confirmed = {edit.region_id for edit in edits if isinstance(edit, Confirm)}
    doubts = [Doubt(region.id, kinds) for region in regions if (kinds := _kinds_of(region))]
    of_run = [_OF_FINISH[finish]] if finish in _OF_FINISH else []
    if any(answer.raw.strip() and answer.usage is not None and is_dense(answer.usage) for answer in answers):
        of_run.append(DoubtKind.DENSE)
    if of_run:
        doubts.append(Doubt(None, tuple(of_run)))
    return tuple(doubt for doubt in doubts if doubt.region_id not in confirmed)


def _kinds_of(region: Region) -> tuple[DoubtKind, ...]:
    kinds = [_OF_FLAG[flag] for flag in region.flags if flag in _OF_FLAG]
    if region.score is not None and region.score < LOW_SCORE:
        kinds.append(DoubtKind.LOW_SCORE)
    return tuple(kinds)
