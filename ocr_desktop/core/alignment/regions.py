"""A run whose regions stand where their words do: boxes for what came without any, from the lines on its picture."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.alignment.comparison import compared
from ocr_desktop.core.alignment.folded_text import folded
from ocr_desktop.core.alignment.places import blocks_of, line_places
from ocr_desktop.core.alignment.words import Alignment, align
from ocr_desktop.core.answer_regions import PLAIN_LABEL
from ocr_desktop.core.document import (
    Confirm,
    Correct,
    Delete,
    Finish,
    Move,
    Origin,
    Region,
    Relabel,
    Reorder,
    Span,
    Splice,
)
from ocr_desktop.core.edits import next_region_id
from ocr_desktop.core.geometry import Quad, Size, bounds_of, crop_of, quad_bounds
from ocr_desktop.core.line_parts import edges_of, quad_of_part
from ocr_desktop.core.normalising import normalised
from ocr_desktop.core.plain_text import plain_text
from ocr_desktop.core.presets import OF_TEXT, PresetId, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocr_desktop.core.alignment.places import LinePlace
    from ocr_desktop.core.alignment.words import FoundPart
    from ocr_desktop.core.document import Line, Run

LEAST_SHARE = 0.4
"""A region of which less stands on lines gets no box."""
STRAY = 0.1
"""Words of a region that stand apart from the others, and are fewer than that, are a coincidence."""
SLACK = 2
"""Characters at an end of a line that may have been misread: the region has the line to its end."""
BLOCK_GAP = 2.5
"""Lines further apart than so many line heights are two parts of a region."""
PARAGRAPH_GAP = 0.5
"""Lines that are so much further apart than is usual, in line heights, are two paragraphs."""
OTHER_SIZE = 1.35
"""Lines whose heights differ by more may be a heading and text; letters without strokes up and down differ as much."""
HEADING_GAP = 0.2
"""Lines of other sizes are two paragraphs where they are so much further apart than is usual, in line heights."""
SINGLE_SPACED = 1.2
"""The distance from line to line that is usual where the lines do not tell it, in line heights."""
TABLE_MARKS = ("<table", "```", "~~~", "$$", "|")
"""What makes of several lines one thing."""


def is_transcript(run: Run) -> bool:
    """Whether a run's words are those on its picture, as they are not where it was described or searched."""
    try:
        preset = PresetId(run.preset)
    except ValueError:
        return False
    prompts = [answer.prompt for answer in run.answers]
    return bool(prompts) and all(prompt is not None and reading_of(prompt, preset).id in OF_TEXT for prompt in prompts)


def lacks_places(run: Run) -> bool:
    """Whether any words of a transcript came without their box."""
    return is_transcript(run) and any(region.text.strip() and not region.boxes for region in run.regions)


def aligned_run(run: Run, lines: tuple[Line, ...], page: Size, *, may_cut: bool = True) -> Run:
    """A transcript with the lines on its picture, compared with them; what came without boxes has those of its lines.

    `lines` are in pixels of the page, which has this size. Regions with boxes stay as they are. A paragraph without
    any that stands in several places becomes several regions where that `may_cut` them, unless it was edited. What an
    answer that broke off does not have is not missed. Any other run stays as it is.
    """
    if not is_transcript(run):
        return run
    alignment = align([region.text for region in run.regions], lines)
    aligning = _Aligning(run, lines, alignment, may_cut=may_cut)
    placed = [each for index in range(len(run.regions)) for each in aligning.placed(index)]
    regions = tuple(placed)
    if len(regions) != len(run.regions):
        alignment = align([region.text for region in regions], lines)
    comparison = compared(regions, lines, alignment, crop_of(run.view, page))
    if comparison is not None and run.finish is not Finish.COMPLETE:
        comparison = replace(comparison, missed=())
    return replace(run, regions=regions, lines=lines, comparison=comparison)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A region, or a line of it, and which folded characters of all texts are its."""

    region: Region
    start: int
    end: int


class _Aligning:
    """Gives the regions of one run their places."""

    def __init__(self, run: Run, lines: Sequence[Line], alignment: Alignment, *, may_cut: bool) -> None:
        self._run = run
        self._lines = lines
        self._alignment = alignment
        self._places = line_places(lines)
        self._next_id = itertools.count(next_region_id(run))
        self._kept_whole = frozenset(_edited_ids(run) if may_cut else (region.id for region in run.regions))

    def placed(self, index: int) -> list[Region]:
        """A region with the boxes that its words have, or the regions that stand for it."""
        region = self._run.regions[index]
        if region.boxes or not region.text.strip():
            return [region]
        whole = _Unit(region, *self._alignment.stretch(index))
        units = self._units(whole) if region.id not in self._kept_whole else []
        parts = self._parted(region, units) if len(units) > 1 else [whole]
        return [self._with_boxes(part) for part in parts]

    # Paragraphs

    def _units(self, whole: _Unit) -> list[_Unit]:
        """The lines of a paragraph of text as the model wrote them; none where they cannot be parted."""
        region, span = whole.region, whole.region.source
        if region.label != PLAIN_LABEL or region.tag is not None or span is None:
            return []
        raw = self._run.answers[span.answer].raw[span.start : span.end]
        if any(mark in raw for mark in TABLE_MARKS):
            return []
        units: list[_Unit] = []
        at, start = span.start, whole.start
        for line in raw.split("\n"):
            if line.strip():
                unit = _plain_region(region, line, Span(span.answer, at, at + len(line)))
                text = folded(unit.text).text
                if not self._alignment.texts.text.startswith(text, start, whole.end):
                    return []
                units.append(_Unit(unit, start, start + len(text)))
                start += len(text)
            at += len(line) + 1
        return units if start == whole.end else []

    def _parted(self, region: Region, units: list[_Unit]) -> list[_Unit]:
        """Lines of the answer that stand together on the page, together."""
        places = [self._edge_places(unit) for unit in units]
        usual = _usual_pitch([(each[0][1], each[1][0]) for each in itertools.pairwise(places) if each[0] and each[1]])
        groups = [[units[0]]]
        for (before, after), unit in zip(itertools.pairwise(places), units[1:], strict=True):
            if before and after and _is_apart(before[1], after[0], usual):
                groups.append([unit])
            else:
                groups[-1].append(unit)
        if len(groups) == 1:
            return [_Unit(region, units[0].start, units[-1].end)]
        return [self._joined(region, group, is_first=group is groups[0]) for group in groups]

    def _joined(self, region: Region, group: list[_Unit], *, is_first: bool) -> _Unit:
        span = _span(group)
        words = self._run.answers[span.answer].raw[span.start : span.end]
        region_id = region.id if is_first else next(self._next_id)
        return _Unit(replace(_plain_region(region, words, span), id=region_id), group[0].start, group[-1].end)

    def _edge_places(self, unit: _Unit) -> tuple[LinePlace, LinePlace] | None:
        """Where a unit begins and ends on the page; None where it stands nowhere."""
        parts = self._alignment.parts(unit.start, unit.end)
        return (self._places[parts[0].line], self._places[parts[-1].line]) if parts else None

    # Boxes

    def _with_boxes(self, unit: _Unit) -> Region:
        parts = self._alignment.parts(unit.start, unit.end)
        share = sum(part.length for part in parts) / max(unit.end - unit.start, 1)
        if share < LEAST_SHARE:
            return unit.region
        blocks = self._blocks(parts)
        if "\t" in unit.region.text:
            blocks = [[part for block in blocks for part in block]]
        quads = [[self._quad(part) for part in block] for block in blocks]
        boxes = tuple(bounds_of(tuple(quad_bounds(quad) for quad in block)) for block in quads)
        quad = quads[0][0] if len(quads) == 1 and len(quads[0]) == 1 else None
        return replace(unit.region, boxes=boxes, quad=quad, score=min(share, 1.0), origin=Origin.ALIGNED)

    def _blocks(self, parts: Sequence[FoundPart]) -> list[list[FoundPart]]:
        """The parts of lines that stand together, those left out that stand somewhere by chance."""
        places = [self._place(part) for part in parts]
        blocks = [[parts[index] for index in block] for block in blocks_of(places, BLOCK_GAP)]
        total = sum(part.length for part in parts)
        return [block for block in blocks if sum(part.length for part in block) > STRAY * total] or blocks

    def _place(self, part: FoundPart) -> LinePlace:
        line, (start, end) = self._lines[part.line], self._ends(part)
        edges = edges_of(line)
        return self._places[part.line].part(edges[start], edges[end])

    def _quad(self, part: FoundPart) -> Quad:
        return quad_of_part(self._lines[part.line], *self._ends(part))

    def _ends(self, part: FoundPart) -> tuple[int, int]:
        length = len(self._lines[part.line].text)
        return part.start if part.start > SLACK else 0, part.end if part.end < length - SLACK else length


def _plain_region(region: Region, words: str, span: Span) -> Region:
    markdown = normalised(words)
    return replace(region, markdown=markdown, text=plain_text(markdown), source=span)


def _span(group: list[_Unit]) -> Span:
    sources = [unit.region.source for unit in group if unit.region.source is not None]
    return Span(sources[0].answer, sources[0].start, sources[-1].end)


def _edited_ids(run: Run) -> Iterator[int]:
    for edit in run.edits:
        match edit:
            case Delete(region_ids) | Reorder(region_ids) | Splice(region_ids):
                yield from region_ids
            case Correct(region_id) | Move(region_id) | Relabel(region_id):
                yield region_id
            case Confirm(region_id) if region_id is not None:
                yield region_id


def _usual_pitch(neighbours: Sequence[tuple[LinePlace, LinePlace]]) -> float:
    """How far it is from the middle of a line to that of the next one in most paragraphs, in line heights."""
    pitches = [_pitch(*each) for each in neighbours if _is_below(*each) and _size_ratio(*each) <= OTHER_SIZE]
    return min(median(pitches), 1 + BLOCK_GAP) if pitches else SINGLE_SPACED


def _pitch(before: LinePlace, after: LinePlace) -> float:
    return (after.middle - before.middle) / min(before.height, after.height)


def _size_ratio(before: LinePlace, after: LinePlace) -> float:
    return max(before.height, after.height) / min(before.height, after.height)


def _is_row(before: LinePlace, after: LinePlace) -> bool:
    return abs(after.middle - before.middle) < 0.5 * min(before.height, after.height)


def _is_below(before: LinePlace, after: LinePlace) -> bool:
    is_across = before.x_min < after.x_max and after.x_min < before.x_max
    return is_across and after.middle > before.middle and not _is_row(before, after)


def _is_apart(before: LinePlace, after: LinePlace, usual: float) -> bool:
    """Whether a paragraph ends between two lines: they stand further apart than is usual, or not below each other."""
    if before is after or _is_row(before, after):
        return False
    room = PARAGRAPH_GAP if _size_ratio(before, after) <= OTHER_SIZE else HEADING_GAP
    return not _is_below(before, after) or _pitch(before, after) > usual + room
