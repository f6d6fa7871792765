"""The grounding in a model's answer, read while it streams in.

Three forms are read: `<|ref|>REFERENCE<|/ref|><|det|>[[x1, y1, x2, y2], …]<|/det|>CONTENT`, the same from which a
server dropped the tags (`core.stripped`), and `<|det|>label [x1, y1, x2, y2]<|/det|>CONTENT`. The parser knows tags and
numbers only; what a reference means follows from the prompt and is the builder's business. Nothing is evaluated, no
expression matches more than one reference, time and memory are linear, and however the answer is cut into pieces, the
events say the same. Every word of the answer is in an event.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ocr_desktop.core.boxes import Corners
from ocr_desktop.core.document import Flag
from ocr_desktop.core.presets import ReferenceKind
from ocr_desktop.core.references import (
    BOXES_CLOSE,
    LONGEST_TAG,
    REFERENCE_TAGS,
    SENTENCE_MARK_OPEN,
    SOUND,
    TAG,
    TAG_OPEN,
    Reference,
    is_cut_tag,
    read_reference,
)
from ocr_desktop.core.stripped import StrippedLines


class TextFound(NamedTuple):
    """Content outside the tags; `start` is where it stands in the answer, in characters."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class ReferenceFound(NamedTuple):
    """A reference and its boxes as they came: corners unsorted, numbers not clipped.

    Words that stood inside it and are neither reference nor box follow as `TextFound` that begin before its `end`.

    Attributes:
        text: What stood between `<|ref|>` and `<|/ref|>`, or before a list of boxes without tags.
        start: Where its first tag begins in the answer, in characters.
        end: Where its last tag ends.
        boxes: Every group of four numbers, in order.
        flags: `UNCLOSED`: a tag is missing, doubled or not closed; `BROKEN_BOX`: the boxes are not written as they
            should be; `NO_BOX`: no boxes followed at all.
        is_label: Whether its form says that `text` is a label, whatever was asked.
    """

    text: str
    start: int
    end: int
    boxes: tuple[Corners, ...]
    flags: tuple[Flag, ...]
    is_label: bool = False


GroundingEvent = TextFound | ReferenceFound


class GroundingParser:
    """Turns the pieces of one answer into events; used once.

    Pieces are fed, events are taken whenever somebody wants them: however many pieces come, what is between two takes
    is read at once. `stripped` tells what references without tags are; None where the answer was not asked for boxes.

    Attributes:
        feed: Takes the next piece of the answer; costs next to nothing.
        ended_inside_tag: Whether the answer, now finished, broke off in a tag, a reference or its boxes.
    """

    def __init__(self, stripped: ReferenceKind | None = None) -> None:
        self._pieces: list[str] = []
        self.feed: Callable[[str], None] = self._pieces.append
        self.ended_inside_tag = False
        self._held = ""
        self._position = 0
        self._events: list[GroundingEvent] = []
        self._stripped = None if stripped is None else StrippedLines(has_labels=stripped is ReferenceKind.LABEL)
        self._is_at_line_start = True
        self._is_unclosed = False

    def take(self) -> list[GroundingEvent]:
        """What became certain since the last call; a tag that is cut by the stream waits for its other half."""
        return self._read(is_whole=False) if self._pieces else []

    def finish(self) -> list[GroundingEvent]:
        """Say that nothing more comes, and return what is left."""
        return self._read(is_whole=True)

    def _read(self, *, is_whole: bool) -> list[GroundingEvent]:
        text = self._held + "".join(self._pieces)
        self._pieces.clear()
        certain = _cut_tag_start(text)
        if is_whole and certain < len(text) - 1:
            # Half a tag at the very end is no words. A lone bracket may be.
            text = text[:certain]
            self.ended_inside_tag = True
        elif is_whole:
            certain = len(text)
        at = 0
        while at < certain:
            tag = TAG.search(text, at)
            end = certain if tag is None else tag.start()
            at = self._take_text(text, at, end, is_ended=tag is not None or is_whole)
            if tag is None or at < end:
                break
            begin, at = at, self._take_sound(text, at)
            after = self._take_tag(text, at, tag[0], is_whole=is_whole) if at == begin else at
            if after is None:
                break
            at = after
        if is_whole and self._is_unclosed:
            self.ended_inside_tag = True
        self._held = text[at:]
        self._position += at
        events, self._events = self._events, []
        return events

    def _take_sound(self, text: str, at: int) -> int:
        """Take references and their contents as long as they are written as they should be; where that ends."""
        take, position = self._events.append, self._position
        sentence_mark = text.find(SENTENCE_MARK_OPEN, at)
        edge = len(text) if sentence_mark < 0 else sentence_mark
        while (sound := SOUND.match(text, at)) is not None:
            words, x_0, y_0, x_1, y_1 = sound.groups()
            end = sound.end()
            corners = (int(x_0), int(y_0), int(x_1), int(y_1))
            take(ReferenceFound(words, at + position, end + position, (corners,), ()))
            self._is_unclosed, self._stripped = False, None
            at = text.find(TAG_OPEN, end, edge)
            if at < 0:
                return end
            if at > end:
                take(TextFound(text[end:at], end + position))
        return at

    def _take_text(self, text: str, at: int, end: int, *, is_ended: bool) -> int:
        """Take content, as far as it is certain; where that ends."""
        while self._stripped is not None and at < end:
            line = at if self._is_at_line_start else text.find("\n", at, end) + 1 or end
            found = self._stripped.next_reference(text, line, end, is_whole=is_ended) if line < end else end
            if isinstance(found, int):
                self._add_text(text, at, found)
                return found
            self._add_text(text, at, found.start)
            self._add_reference(found)
            at = found.end
            self._is_at_line_start = False
        self._add_text(text, at, end)
        return end

    def _take_tag(self, text: str, at: int, tag: str, *, is_whole: bool) -> int | None:
        """Take the tag that stands here, with all that belongs to it; None where more has to come."""
        self._is_unclosed = False
        if tag not in REFERENCE_TAGS:
            return at + len(tag)
        self._stripped = None
        if tag == BOXES_CLOSE:
            return at + len(tag)
        found = read_reference(text, at, is_whole=is_whole)
        if found is None:
            return None
        self._add_reference(found)
        if found.breaks_off and found.end == len(text):
            self.ended_inside_tag = True
        return found.end

    def _add_reference(self, found: Reference) -> None:
        # Tags with neither words nor boxes nor damage to one say nothing.
        if found.text or found.boxes or found.words or Flag.NO_BOX not in found.flags:
            start, end = found.start + self._position, found.end + self._position
            self._events.append(ReferenceFound(found.text, start, end, found.boxes, found.flags, found.is_label))
        self._events += (TextFound(words, start + self._position) for start, words in found.words)
        # White space behind it does not tell an answer that broke off here from one that went on.
        self._is_unclosed = found.breaks_off

    def _add_text(self, text: str, at: int, end: int) -> None:
        if at >= end:
            return
        words = text[at:end]
        self._events.append(TextFound(words, at + self._position))
        self._is_at_line_start = words.endswith("\n")
        if self._is_unclosed and words.strip():
            self._is_unclosed = False


def _cut_tag_start(text: str) -> int:
    """Where a tag that is cut by the end begins; the end where there is none."""
    mark = text.rfind("<", max(0, len(text) - LONGEST_TAG + 1))
    return mark if mark >= 0 and is_cut_tag(text[mark:]) else len(text)
