"""The grounding in a model's answer, read while it streams in.

The form is `<|ref|>REFERENCE<|/ref|><|det|>[[x1, y1, x2, y2], …]<|/det|>CONTENT`. The parser knows tags and numbers
only; what a reference means follows from the prompt and is the builder's business. Nothing is evaluated, no regular
expression runs over the answer, time and memory are linear, and however the answer is cut into pieces, the events of
all `feed` calls and of `finish` say the same. Every character of the answer is in a tag, in a box, or in an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from ocr_desktop.core.document import Flag
from ocr_desktop.core.geometry import Box999, Number

REFERENCE_OPEN = "<|ref|>"
REFERENCE_CLOSE = "<|/ref|>"
BOXES_OPEN = "<|det|>"
BOXES_CLOSE = "<|/det|>"
GROUNDING = "<|grounding|>"
END_OF_SENTENCE = "<｜end▁of▁sentence｜>"
TAGS = (REFERENCE_OPEN, REFERENCE_CLOSE, BOXES_OPEN, BOXES_CLOSE, GROUNDING, END_OF_SENTENCE)

LONGEST_REFERENCE = 2000
LONGEST_BOXES = 20_000
LONGEST_NUMBER = 6
BOX_NUMBERS = 4


@dataclass(frozen=True, slots=True)
class TextFound:
    """Content outside the tags; `start` is where it stands in the answer, in characters."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class ReferenceFound:
    """A reference and its boxes as they came: corners unsorted, numbers not clipped.

    Attributes:
        text: What stood between `<|ref|>` and `<|/ref|>`.
        start: Where its first tag begins in the answer, in characters.
        end: Where its last tag ends.
        boxes: Every group of four numbers, in order.
        flags: `UNCLOSED`: a tag was not closed; `BROKEN_BOX`: something that is not a box stood among the boxes;
            `NO_BOX`: no boxes followed at all.
    """

    text: str
    start: int
    end: int
    boxes: tuple[Box999, ...]
    flags: tuple[Flag, ...]


GroundingEvent = TextFound | ReferenceFound


class _State(Enum):
    CONTENT = auto()
    REFERENCE = auto()
    AFTER_REFERENCE = auto()
    BOXES = auto()


class GroundingParser:
    """Turns the pieces of one answer into events; used once.

    Offsets count the characters of everything that was fed. A tag that is cut by the stream is held back until its
    other half comes.
    """

    def __init__(self) -> None:
        self._state = _State.CONTENT
        self._held = ""
        self._position = 0
        self._start = 0
        self._body: list[str] = []
        self._body_start = 0
        self._reference = ""
        self._reference_end = 0
        self._events: list[GroundingEvent] = []
        self._is_unclosed = False
        self._ended_inside_tag = False

    @property
    def ended_inside_tag(self) -> bool:
        """Whether the answer, now finished, broke off in a tag, a reference or its boxes."""
        return self._ended_inside_tag

    def feed(self, text: str) -> list[GroundingEvent]:
        """Take the next piece of the answer and return what became certain."""
        buffer = self._held + text
        self._held = ""
        at = 0
        while at < len(buffer):
            mark = buffer.find("<", at)
            if mark < 0:
                mark = len(buffer)
            if mark > at:
                self._take_text(buffer[at:mark])
                at = mark
                continue
            tag = next((tag for tag in TAGS if buffer.startswith(tag, at)), None)
            if tag is not None:
                self._take_tag(tag)
                at += len(tag)
            elif any(tag.startswith(buffer[at : at + len(tag)]) for tag in TAGS):
                self._held = buffer[at:]
                break
            else:
                self._take_text("<")
                at += 1
        return self._taken_events()

    def finish(self) -> list[GroundingEvent]:
        """Say that nothing more comes, and return what was held back."""
        is_open = self._state in (_State.REFERENCE, _State.BOXES)
        self._ended_inside_tag = is_open or self._is_unclosed or len(self._held) > 1
        if self._held:
            held, self._held = self._held, ""
            self._take_text(held)
        self._end_what_is_open()
        return self._taken_events()

    def _take_text(self, text: str) -> None:
        start, self._position = self._position, self._position + len(text)
        match self._state:
            case _State.CONTENT:
                self._add_text(text, start)
            case _State.REFERENCE:
                self._take_reference_text(text, start)
            case _State.AFTER_REFERENCE:
                words = text.lstrip()
                if words:
                    self._end_reference((), (Flag.NO_BOX,), self._reference_end)
                    self._add_text(words, self._position - len(words))
            case _State.BOXES:
                self._take_boxes_text(text, start)

    def _take_reference_text(self, text: str, start: int) -> None:
        line_end = text.find("\n")
        room = self._body_start + LONGEST_REFERENCE - start
        end = min(room, len(text) if line_end < 0 else line_end)
        self._body.append(text[:end])
        if end < len(text):
            self._position = start + end
            self._end_broken_reference()
            self._take_text(text[end:])

    def _take_boxes_text(self, text: str, start: int) -> None:
        end = min(self._body_start + LONGEST_BOXES - start, len(text))
        line_end = text.find("\n") if any(map(str.strip, self._body)) else _line_end_after_words(text)
        if 0 <= line_end < end:
            end = line_end
        self._body.append(text[:end])
        if end < len(text):
            self._position = start + end
            self._end_boxes(self._position, closed=False)
            self._take_text(text[end:])

    def _take_tag(self, tag: str) -> None:
        start, end = self._position, self._position + len(tag)
        self._is_unclosed = False
        match self._state, tag:
            case _State.REFERENCE, "<|/ref|>":
                self._close_reference(end)
            case _State.AFTER_REFERENCE, "<|det|>":
                self._open_body(_State.BOXES, end)
            case _State.BOXES, "<|/det|>":
                self._end_boxes(end, closed=True)
            case _:
                self._end_what_is_open()
                self._begin(tag, start, end)
        self._position = end

    def _begin(self, tag: str, start: int, end: int) -> None:
        """Take a tag outside any reference; an orphan close or box list begins a reference without words."""
        if tag not in (REFERENCE_OPEN, REFERENCE_CLOSE, BOXES_OPEN):
            return
        self._start = start
        self._open_body(_State.REFERENCE, end)
        if tag != REFERENCE_OPEN:
            self._close_reference(end)
        if tag == BOXES_OPEN:
            self._open_body(_State.BOXES, end)

    def _open_body(self, state: _State, start: int) -> None:
        self._state = state
        self._body = []
        self._body_start = start

    def _close_reference(self, end: int) -> None:
        self._state = _State.AFTER_REFERENCE
        self._reference = "".join(self._body)
        self._reference_end = end

    def _end_what_is_open(self) -> None:
        match self._state:
            case _State.REFERENCE:
                self._end_broken_reference()
            case _State.AFTER_REFERENCE:
                self._end_reference((), (Flag.NO_BOX,), self._reference_end)
            case _State.BOXES:
                self._end_boxes(self._position, closed=False)

    def _end_broken_reference(self) -> None:
        self._close_reference(self._position)
        self._end_reference((), (Flag.UNCLOSED, Flag.NO_BOX), self._position)

    def _end_boxes(self, end: int, *, closed: bool) -> None:
        body = "".join(self._body)
        boxes, is_clean = read_boxes(body)
        flags = () if is_clean and boxes else (Flag.BROKEN_BOX,)
        self._end_reference(boxes, flags if closed else (*flags, Flag.UNCLOSED), end)
        words = _words_among_boxes(body, boxes)
        self._add_text(words, self._body_start + len(body) - len(words))

    def _end_reference(self, boxes: tuple[Box999, ...], flags: tuple[Flag, ...], end: int) -> None:
        # An orphan close tag with neither words nor boxes says nothing.
        if self._reference or flags != (Flag.NO_BOX,):
            self._events.append(ReferenceFound(self._reference, self._start, end, boxes, flags))
        self._state = _State.CONTENT
        # White space behind it does not tell an answer that broke off here from one that went on.
        self._is_unclosed = Flag.UNCLOSED in flags

    def _add_text(self, text: str, start: int) -> None:
        if text:
            self._events.append(TextFound(text, start))
        if text.strip():
            self._is_unclosed = False

    def _taken_events(self) -> list[GroundingEvent]:
        events, self._events = self._events, []
        return events


def _line_end_after_words(text: str) -> int:
    """Where the first line with anything in it ends; -1 where it goes on. A box list may begin on a new line."""
    return text.find("\n", len(text) - len(text.lstrip()))


def _words_among_boxes(body: str, boxes: tuple[Box999, ...]) -> str:
    """What of a box list is no box list: its end behind the last bracket, or all of it where there are words in it."""
    if not boxes and (any(map(str.isalpha, body)) or "[" not in body):
        words = body
    else:
        words = body[body.rfind("]") + 1 :] if "]" in body else ""
    return words if words.strip() else ""


def read_boxes(body: str) -> tuple[tuple[Box999, ...], bool]:
    """Every innermost bracket of four numbers in a box list, and whether nothing else stood there.

    Commas may be missing; letters and signs that do not belong are passed over; a bracket that is not closed, or
    that holds fewer or more than four numbers, is no box.
    """
    boxes: list[Box999] = []
    numbers: list[Number] | None = None
    is_clean = True
    at = 0
    while at < len(body):
        character = body[at]
        if character == "[":
            is_clean = is_clean and not numbers
            numbers = []
        elif character == "]":
            if numbers is not None and len(numbers) == BOX_NUMBERS:
                boxes.append(Box999(*numbers))
            elif numbers:
                is_clean = False
            numbers = None
        elif character in "0123456789" or (character == "-" and body[at + 1 : at + 2].isdecimal()):
            end = _number_end(body, at)
            number = _number(body[at:end])
            if numbers is None or number is None:
                is_clean = False
            else:
                numbers.append(number)
            at = end
            continue
        elif character not in ", \t\r\n":
            is_clean = False
        at += 1
    return tuple(boxes), is_clean and numbers is None


def _number_end(body: str, at: int) -> int:
    end = at + 1
    while end < len(body) and body[end] in "0123456789.":
        end += 1
    return end


def _number(text: str) -> Number | None:
    """A number of the model's, at most six digits on either side of one point; None for anything else."""
    whole, point, fraction = text.rstrip(".").removeprefix("-").partition(".")
    if not whole or not (whole + (fraction or "0")).isascii() or not (whole + (fraction or "0")).isdigit():
        return None
    if len(whole) > LONGEST_NUMBER or len(fraction) > LONGEST_NUMBER:
        return None
    value: Number = float(f"{whole}.{fraction}") if point else int(whole)
    return -value if text.startswith("-") else value
