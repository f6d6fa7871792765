"""The user's changes to a run, applied to its regions; the run itself keeps what the model said."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from ocr_desktop.core.document import (
    Answer,
    Confirm,
    Correct,
    Delete,
    Draw,
    Edit,
    Finish,
    Flag,
    Move,
    Origin,
    Region,
    Relabel,
    Reorder,
    Run,
    Splice,
)
from ocr_desktop.core.markdown import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.core.geometry import PixelBox

Regions = tuple[Region, ...]


def edited_regions(run: Run) -> Regions:
    """The run's regions as they are shown: in order, every edit applied."""
    regions = run.regions
    for edit in run.edits:
        regions = apply(regions, edit)
    return regions


def apply(regions: Regions, edit: Edit) -> Regions:
    """The regions after one edit.

    An edit of a region that is not there changes nothing; but no words are lost: what was read again of one that is
    gone stands at the end.
    """
    match edit:
        case Correct(region_id, markdown):
            return _changed(regions, region_id, lambda region: _with_markdown(region, markdown))
        case Move(region_id, boxes):
            return _changed(regions, region_id, lambda region: _with_boxes(region, boxes))
        case Relabel(region_id, label):
            return _changed(regions, region_id, lambda region: replace(region, label=label))
        case Draw(drawn):
            return (*regions, drawn)
        case Delete(region_ids):
            return tuple(region for region in regions if region.id not in region_ids)
        case Reorder(region_ids):
            place = {region_id: index for index, region_id in enumerate(region_ids)}
            return tuple(sorted(regions, key=lambda region: place.get(region.id, len(place))))
        case Splice(region_ids, new_regions):
            return _spliced(regions, frozenset(region_ids), new_regions)
        case Confirm():
            return regions


def splice_of(run: Run, region_id: int, readings: tuple[Run, ...]) -> Splice | None:
    """The edit that puts what was read again of one region, a run for each of its boxes, into its place.

    What came without boxes stands where it was looked for. None where nothing was read, or the region is gone.
    """
    old = next((region for region in edited_regions(run) if region.id == region_id), None)
    if old is None or not any(region.text for reading in readings for region in reading.regions):
        return None
    next_id = itertools.count(next_region_id(run))
    regions = tuple(
        _placed(region, next(next_id), box)
        for reading, box in zip(readings, old.boxes, strict=True)
        for region in edited_regions(reading)
    )
    answers = [answer for reading in readings for answer in reading.answers]
    return Splice((region_id,), regions, answers[0] if len(answers) == 1 else _joined(answers))


def next_region_id(run: Run) -> int:
    """An id that no region of this run has or had, deleted and replaced ones included."""
    used = [region.id for region in run.regions]
    for edit in run.edits:
        match edit:
            case Draw(drawn):
                used.append(drawn.id)
            case Splice(_, new_regions):
                used.extend(region.id for region in new_regions)
    return max(used, default=-1) + 1


def _placed(region: Region, new_id: int, box: PixelBox) -> Region:
    """A region of a re-read as it stands in the page's run; the numbers of the model's are those of the part alone."""
    found = replace(region, id=new_id, boxes_999=(), source=None, tag=None)
    if found.boxes:
        return found
    return replace(found, boxes=(box,), flags=tuple(flag for flag in found.flags if flag is not Flag.NO_BOX))


def _joined(answers: list[Answer]) -> Answer:
    finishes = [answer.finish for answer in answers if answer.finish is not Finish.COMPLETE]
    raw = "\n".join(answer.raw for answer in answers)
    return Answer(answers[0].prompt, raw, finishes[0] if finishes else Finish.COMPLETE)


def _changed(regions: Regions, region_id: int, change: Callable[[Region], Region]) -> Regions:
    return tuple(change(region) if region.id == region_id else region for region in regions)


def _with_markdown(region: Region, markdown: str) -> Region:
    return replace(region, markdown=markdown, text=plain_text(markdown))


def _with_boxes(region: Region, boxes: tuple[PixelBox, ...]) -> Region:
    # The model's own numbers, its quad and its complaints belong to the boxes that were replaced.
    return replace(region, boxes=boxes, boxes_999=(), quad=None, flags=(), origin=Origin.USER)


def _spliced(regions: Regions, old_ids: frozenset[int], new_regions: Regions) -> Regions:
    at = next((index for index, region in enumerate(regions) if region.id in old_ids), len(regions))
    kept_before = tuple(region for region in regions[:at] if region.id not in old_ids)
    kept_after = tuple(region for region in regions[at:] if region.id not in old_ids)
    return (*kept_before, *new_regions, *kept_after)
