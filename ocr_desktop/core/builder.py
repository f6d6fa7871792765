"""From an engine's events to a run: the one place where words, labels and boxes come together.

The builder is fed events and asked for updates; a listener that applies every `PageUpdate` to an empty `LiveRun`
holds at the end what the final `Run` holds. Boxes leave the model's space here, once, and nowhere else.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from ocr_desktop.core.document import Answer, Finish, Flag, Origin, Region, Run, Span, Usage, WarningCode
from ocr_desktop.core.events import Event, Finished, FoundRegion, LineFound, RegionsRevised, TextDelta
from ocr_desktop.core.geometry import (
    Box999,
    PixelBox,
    Quad,
    Size,
    View,
    box_on_page,
    box_quad,
    quad_bounds,
    shown_quad_to_page,
    whole_pixels,
)
from ocr_desktop.core.grounding import GroundingEvent, GroundingParser, ReferenceFound, TextFound
from ocr_desktop.core.markdown import escaped, headed, normalised, page_text, plain_text
from ocr_desktop.core.presets import PRESETS, PresetId, ReferenceKind, reading_of
from ocr_desktop.core.updates import PageUpdate

PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
WORD = re.compile(r"\S")
PLAIN_LABEL = "text"
LABEL_FORM = re.compile(r"[a-z][a-z0-9_]{0,29}")
"""What a label looks like; a reference that does not is words, whatever was asked."""


@dataclass(slots=True)
class _OpenRegion:
    """A region whose words are still coming, as they came.

    `region` is None until there is a word. Plain ones stand under no reference and end at a blank line.
    """

    region: Region | None
    start: int
    end: int
    is_plain: bool
    pieces: list[str] = field(default_factory=list)

    def content(self) -> str:
        self.pieces = ["".join(self.pieces)]
        return self.pieces[0]


class RunBuilder:
    """Makes one run out of one or more answers; used once.

    Call `begin_answer`, feed that answer's events up to its `Finished` (or `end_answer` where none came), again for
    the next answer, then `build`. `page` is None where the picture is not known: there are no pixel boxes then.
    """

    def __init__(self, run_id: str, preset: PresetId, page: Size | None, view: View) -> None:
        self._run_id = run_id
        self._preset = preset
        self._page = page
        self._view = view
        self._answers: list[Answer] = []
        self._regions: dict[int, Region] = {}
        self._order: list[int] = []
        self._next_id = 0
        self._raw_before = ""
        self._told_raw = ""
        self._told: dict[int, Region] = {}
        self._warnings: list[WarningCode] = []
        self._raw_pieces: list[str] = []
        self._lines: list[tuple[LineFound, Quad]] = []
        self._answer_ids: list[int] = []
        self._begin(None)

    def begin_answer(self, prompt: str | None) -> None:
        """Start the next answer; `prompt` is None for the embedded engine."""
        if self._answers:
            self._raw_before += "\n"
        self._begin(prompt)

    def feed(self, event: Event) -> None:
        match event:
            case TextDelta(text):
                self._take_text(text)
            case LineFound():
                self._take_line(event)
            case RegionsRevised(found):
                self._take_revision(found)
            case Finished(finish, usage, warnings):
                self.end_answer(finish, usage, warnings)

    def end_answer(
        self,
        finish: Finish | None,
        usage: Usage | None = None,
        warnings: tuple[WarningCode, ...] = (),
    ) -> None:
        """Close the answer as it stands; for a request that was stopped or failed, with what came.

        Where nobody knows how it ended (`finish` None) the answer alone tells: one that breaks off in a tag was cut.
        """
        if self._prompt is not None:
            self._take_grounding(self._parser.finish())
            self._close_open_region()
        self._warnings += (warning for warning in warnings if warning not in self._warnings)
        if finish is None:
            finish = Finish.CUT if self._parser.ended_inside_tag else Finish.COMPLETE
        raw = self._answer_raw()
        self._answers.append(Answer(self._prompt, raw, finish, usage, self._view.crop))
        self._raw_before += raw
        self._raw_pieces.clear()
        self._lines.clear()
        self._answer_ids.clear()

    @property
    def has_words(self) -> bool:
        """Whether anything came that is worth keeping."""
        return bool(self._regions) or bool((self._raw_before + self._answer_raw()).strip())

    def update(self) -> PageUpdate | None:
        """What changed since the last call; None where nothing did."""
        self._refresh_open_region()
        raw = self._raw_before + self._answer_raw()
        added = tuple(self._regions[i] for i in self._order if i not in self._told)
        changed = tuple(
            self._regions[i] for i in self._order if i in self._told and self._told[i] is not self._regions[i]
        )
        removed = tuple(i for i in self._told if i not in self._regions)
        if not (added or changed or removed) and raw == self._told_raw:
            return None
        is_continued = raw.startswith(self._told_raw)
        text_from = len(self._told_raw if is_continued else os.path.commonprefix((self._told_raw, raw)))  # noqa: RUF071  (characters are meant)
        self._told, self._told_raw = dict(self._regions), raw
        return PageUpdate(self._run_id, text_from, raw[text_from:], added, changed, removed, tuple(self._order))

    def build(
        self,
        *,
        engine: str,
        model: str | None,
        host: str | None,
        started: datetime,
        seconds: float,
    ) -> Run:
        """The finished run; its finish is that of the first answer that is not complete."""
        finishes = [answer.finish for answer in self._answers if answer.finish is not Finish.COMPLETE]
        return Run(
            id=self._run_id,
            engine=engine,
            model=model,
            host=host,
            preset=self._preset,
            started=started,
            seconds=seconds,
            finish=finishes[0] if finishes else Finish.COMPLETE,
            usage=_total_usage(self._answers),
            warnings=tuple(self._warnings),
            view=self._view,
            answers=tuple(self._answers),
            regions=tuple(self._regions[region_id] for region_id in self._order),
        )

    def _begin(self, prompt: str | None) -> None:
        self._prompt = prompt
        self._reading = PRESETS[self._preset] if prompt is None else reading_of(prompt, self._preset)
        self._parser = GroundingParser()
        self._open: _OpenRegion | None = None

    def _answer_raw(self) -> str:
        if self._prompt is None:
            return page_text(self._regions[region_id] for region_id in self._answer_ids)
        raw = "".join(self._raw_pieces)
        self._raw_pieces[:] = [raw]
        return raw

    # What a model says

    def _take_text(self, text: str) -> None:
        self._raw_pieces.append(text)
        self._take_grounding(self._parser.feed(text))

    def _take_grounding(self, events: list[GroundingEvent]) -> None:
        for event in events:
            if isinstance(event, TextFound):
                self._take_content(event)
            else:
                self._take_reference(event)

    def _take_content(self, found: TextFound) -> None:
        open_region = self._open
        if open_region is not None and open_region.is_plain and open_region.end != found.start:
            self._close_open_region()
            open_region = None
        if open_region is None:
            self._open = open_region = _OpenRegion(None, found.start, found.end, is_plain=True)
        open_region.pieces.append(found.text)
        open_region.end = found.end

    def _take_reference(self, found: ReferenceFound) -> None:
        self._close_open_region()
        region = self._with_boxes(
            self._new_region(PLAIN_LABEL, Span(len(self._answers), found.start, found.end)), found
        )
        if self._reading.references is not ReferenceKind.LABEL:
            markdown = escaped(found.text)
            self._put(replace(region, label=self._reading.references, markdown=markdown, text=plain_text(markdown)))
            return
        is_open = Flag.UNCLOSED in found.flags and Flag.NO_BOX in found.flags
        is_label = not is_open and LABEL_FORM.fullmatch(found.text.strip())
        region = replace(region, label=found.text.strip()) if is_label else region
        pieces = [] if is_label else [found.text]
        self._open = _OpenRegion(region, found.start, found.end, is_plain=False, pieces=pieces)
        self._put(region)

    def _with_boxes(self, region: Region, found: ReferenceFound) -> Region:
        flags = dict.fromkeys(found.flags)
        boxes_999: list[Box999] = []
        boxes: list[PixelBox] = []
        for box in found.boxes:
            ordered = box.ordered()
            clipped = ordered.clipped()
            flags |= dict.fromkeys(_damage(box, ordered, clipped))
            if clipped.is_empty:
                continue
            on_page = None if self._page is None else box_on_page(clipped, self._view, self._page)
            if on_page is not None and self._page is not None and whole_pixels(on_page, self._page) is None:
                flags[Flag.EMPTY_BOX] = None
                continue
            boxes_999.append(clipped)
            if on_page is not None:
                boxes.append(on_page)
        return replace(region, boxes=tuple(boxes), boxes_999=tuple(boxes_999), flags=tuple(flags))

    def _refresh_open_region(self) -> None:
        """Bring the region whose words are still coming up to date, as far as they are certain."""
        open_region = self._open
        if open_region is None:
            return
        if open_region.is_plain:
            self._close_paragraphs(open_region)
        content = open_region.content().strip()
        if open_region.region is None and content:
            open_region.region = self._new_plain_region(open_region)
        if open_region.region is not None:
            source = Span(len(self._answers), open_region.start, open_region.end)
            open_region.region = replace(open_region.region, markdown=content, text=content, source=source)
            self._put(open_region.region)

    def _close_paragraphs(self, open_region: _OpenRegion) -> None:
        """Let every paragraph that a blank line has ended be a region of its own; the last one stays open."""
        content = open_region.content()
        at = _next_word(content, 0)
        while (blank := PARAGRAPH_END.search(content, at)) is not None:
            paragraph = _OpenRegion(
                open_region.region, open_region.start + at, open_region.start + blank.start(), is_plain=True
            )
            paragraph.pieces = [content[at : blank.start()]]
            self._close(paragraph)
            open_region.region = None
            at = _next_word(content, blank.end())
        open_region.pieces = [content[at:]]
        open_region.start += at

    def _close_open_region(self) -> None:
        if self._open is not None:
            if self._open.is_plain:
                self._close_paragraphs(self._open)
            self._close(self._open)
            self._open = None

    def _close(self, open_region: _OpenRegion) -> None:
        content = open_region.content()
        region = open_region.region
        if region is None and not content.strip():
            return
        region = region or self._new_plain_region(open_region)
        markdown = headed(normalised(content), region.label)
        end = open_region.end - (len(content) - len(content.rstrip()))
        source = Span(len(self._answers), open_region.start, end)
        self._put(replace(region, markdown=markdown, text=plain_text(markdown), source=source))

    def _new_plain_region(self, open_region: _OpenRegion) -> Region:
        span = Span(len(self._answers), open_region.start, open_region.end)
        region = self._new_region(PLAIN_LABEL, span)
        return replace(region, flags=(Flag.NO_BOX,)) if self._reading.grounded else region

    # What the embedded engine finds

    def _take_line(self, line: LineFound) -> None:
        assert self._page is not None, "lines are found on a picture"
        self._lines.append((line, shown_quad_to_page(line.quad, self._view, self._page)))
        self._put_lines("line", escaped(line.text), (len(self._lines) - 1,))

    def _take_revision(self, found: tuple[FoundRegion, ...]) -> None:
        for region_id in self._answer_ids:
            del self._regions[region_id]
        self._order = [region_id for region_id in self._order if region_id in self._regions]
        self._answer_ids.clear()
        for region in found:
            self._put_lines(region.label, region.markdown, region.lines)

    def _put_lines(self, label: str, markdown: str, indices: tuple[int, ...]) -> None:
        lines = [self._lines[index] for index in indices]
        bounds = [quad_bounds(quad) for _, quad in lines]
        box = PixelBox(
            min(each.x_min for each in bounds),
            min(each.y_min for each in bounds),
            max(each.x_max for each in bounds),
            max(each.y_max for each in bounds),
        )
        length = sum(len(line.text) for line, _ in lines) or 1
        region = replace(
            self._new_region(label, None),
            markdown=markdown,
            text=plain_text(markdown),
            boxes=(box,),
            quad=lines[0][1] if len(lines) == 1 else box_quad(box),
            score=sum(line.score * len(line.text) for line, _ in lines) / length,
            origin=Origin.EMBEDDED,
        )
        self._put(region)

    # Both

    def _new_region(self, label: str, source: Span | None) -> Region:
        region = Region(id=self._next_id, label=label, text="", markdown="", source=source)
        self._next_id += 1
        return region

    def _put(self, region: Region) -> None:
        if region.id not in self._regions:
            self._order.append(region.id)
            self._answer_ids.append(region.id)
        if self._regions.get(region.id) != region:
            self._regions[region.id] = region


def _next_word(text: str, at: int) -> int:
    word = WORD.search(text, at)
    return len(text) if word is None else word.start()


def _damage(box: Box999, ordered: Box999, clipped: Box999) -> list[Flag]:
    """What was wrong with one box as it came."""
    return [
        flag
        for flag, is_so in (
            (Flag.SWAPPED, ordered != box),
            (Flag.CLAMPED, clipped != ordered),
            (Flag.EMPTY_BOX, clipped.is_empty),
        )
        if is_so
    ]


def _total_usage(answers: list[Answer]) -> Usage | None:
    usages = [answer.usage for answer in answers if answer.usage is not None]
    if not usages:
        return None
    return Usage(sum(usage.prompt_tokens for usage in usages), sum(usage.completion_tokens for usage in usages))
