"""One reference of a model's answer, from its first tag to its last, and what may be wrong with it.

The form is `<|ref|>WORDS<|/ref|><|det|>[[x1, y1, x2, y2], …]<|/det|>`, or `<|det|>label [x1, y1, x2, y2]<|/det|>`.
Words and boxes end with their line and are bounded in length, so a tag that is never closed takes little with it. Only
words that are closed a few lines on, and boxes that visibly go on, may have line breaks in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr_desktop.core.boxes import Corners, list_end, read_list, says_none
from ocr_desktop.core.document import Flag

TAG_OPEN = "<|"
SENTENCE_MARK_OPEN = "<｜"
"""How every tag begins: most with the first, those around a sentence with the second."""
REFERENCE_OPEN = "<|ref|>"
REFERENCE_CLOSE = "<|/ref|>"
BOXES_OPEN = "<|det|>"
BOXES_CLOSE = "<|/det|>"
REFERENCE_TAGS = (REFERENCE_OPEN, REFERENCE_CLOSE, BOXES_OPEN, BOXES_CLOSE)
GROUNDING = "<|grounding|>"
SENTENCE_MARKS = (
    *("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
    *("<|begin▁of▁sentence|>", "<|end▁of▁sentence|>"),
)
"""Of the model, and as some servers write them."""
TAGS = (*REFERENCE_TAGS, GROUNDING, *SENTENCE_MARKS)
LONGEST_TAG = max(map(len, TAGS))

LONGEST_REFERENCE = 2000
LONGEST_BOXES = 100_000
"""More than the model can say at all: where a list is cut off, its numbers become words."""
MOST_LINES = 4
"""Of one reference's words."""
LONGEST_GAP = 200
"""White space between two tags that belong together, in characters."""

TAG = re.compile("|".join(map(re.escape, TAGS)))
_LINE_END_OR_TAG = re.compile(rf"\n|{TAG.pattern}")
_GAP = re.compile(rf"\s{{0,{LONGEST_GAP}}}")
SOUND = re.compile(
    rf"<\|ref\|>([^<\n]{{0,{LONGEST_REFERENCE}}})<\|/ref\|><\|det\|>"
    r"\[\[([0-9]{1,6}), ([0-9]{1,6}), ([0-9]{1,6}), ([0-9]{1,6})\]\]<\|/det\|>"
)
"""A reference with one box, written as it should be: so is nearly all of an answer."""
_LABELLED_BOXES = re.compile(r"([a-z][a-z0-9_]{0,29})\s*+(?=[\[({][^a-zA-Z]*[0-9])")
_BARE_BOXES = re.compile(r"[^\w\s\[<]{0,3}[ \t]?\[[-0-9.,\s\[\]]*\]\s*+")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference and its boxes as they came.

    Attributes:
        text: What stood between `<|ref|>` and `<|/ref|>`, or before the boxes where there is no such tag.
        start: Where its first tag begins.
        end: Where it ends, and what follows is content.
        boxes: Every group of four numbers, in order.
        flags: `UNCLOSED`: a tag is missing or doubled; `BROKEN_BOX`: something among the boxes is none;
            `NO_BOX`: no boxes followed at all.
        words: Stretches inside that are neither reference nor box, with where they begin.
        is_label: Whether the form says that `text` is a label, whatever was asked.
        breaks_off: Whether a tag is left open at its end.
    """

    text: str
    start: int
    end: int
    boxes: tuple[Corners, ...] = ()
    flags: tuple[Flag, ...] = ()
    words: tuple[tuple[int, str], ...] = ()
    is_label: bool = False
    breaks_off: bool = False


def read_reference(text: str, at: int, *, is_whole: bool) -> Reference | None:
    """The reference whose first tag stands here; None where more has to come before it is certain.

    `is_whole` says that nothing comes behind `text`.
    """
    try:
        return _Reader(text, at, is_whole).read()
    except _Unfinished:
        return None


def is_cut_tag(text: str) -> bool:
    """Whether this is the beginning of a tag, and not a whole one."""
    return any(tag.startswith(text) and tag != text for tag in TAGS)


class _Unfinished(Exception):  # noqa: N818  (no error: more has to come)
    pass


class _Reader:
    """Reads the reference that begins here, step by step; each step says where the next one goes on."""

    def __init__(self, text: str, start: int, is_whole: bool) -> None:
        self._text = text
        self._start = start
        self._is_whole = is_whole
        self._words: list[tuple[int, str]] = []
        self._is_unclosed = False

    def read(self) -> Reference:
        tag = next(tag for tag in REFERENCE_TAGS if self._text.startswith(tag, self._start))
        begin = self._start + len(tag)
        if tag == REFERENCE_OPEN:
            return self._read_words(begin)
        self._is_unclosed = tag == REFERENCE_CLOSE
        return self._read_boxes("", begin) if tag == BOXES_OPEN else self._read_gap("", begin)

    def _read_words(self, begin: int) -> Reference:
        end, stop = first_line = self._stretch(begin, LONGEST_REFERENCE)
        for _ in range(MOST_LINES - 1):
            if stop != "\n" or end + 1 - begin >= LONGEST_REFERENCE:
                break
            end, stop = self._stretch(end + 1, LONGEST_REFERENCE - (end + 1 - begin))
        if stop == REFERENCE_CLOSE:
            return self._read_gap(self._text[begin:end], end + len(stop))
        end, stop = first_line
        words = self._text[begin:end]
        self._is_unclosed = True
        if stop == BOXES_OPEN:
            return self._read_boxes(words, end + len(stop))
        return self._ended(words, end, flags=(Flag.NO_BOX,), breaks_off=True)

    def _read_gap(self, words: str, begin: int, *, was_closed_twice: bool = False) -> Reference:
        """What stands between the words and their boxes, which should be nothing."""
        at = self._behind_white_space(begin)
        next_tag = self._text[at : at + len(BOXES_OPEN)]
        if next_tag == BOXES_OPEN:
            return self._read_boxes(words, at + len(BOXES_OPEN))
        if BOXES_OPEN.startswith(next_tag) and not self._is_whole:
            raise _Unfinished
        nothing = self._ended(words, begin, flags=(Flag.NO_BOX,))
        if "\n" in self._text[begin:at]:
            return nothing
        end, stop = self._stretch(at, LONGEST_REFERENCE)
        if stop == BOXES_OPEN or (stop == REFERENCE_CLOSE and not was_closed_twice):
            self._is_unclosed = True
            self._words += [(at, self._text[at:end])] if end > at else []
            if stop == BOXES_OPEN:
                return self._read_boxes(words, end + len(stop))
            return self._read_gap(words, end + len(stop), was_closed_twice=True)
        return self._bare_boxes(words, at, end, stop) or nothing

    def _bare_boxes(self, words: str, begin: int, end: int, stop: str) -> Reference | None:
        """Boxes without their first tag, or without both; None where there are none."""
        body = self._text[begin:end]
        if stop != BOXES_CLOSE:
            body = body[: list_end(body)]
            body = body if _BARE_BOXES.fullmatch(body) else ""
        found = read_list(body)
        if not found.boxes:
            return None
        self._words += ((begin + start, among) for start, among in found.words)
        end = end + len(stop) if stop == BOXES_CLOSE else begin + len(body)
        return self._ended(words, end, found.boxes, (Flag.BROKEN_BOX,))

    def _read_boxes(self, words: str, begin: int) -> Reference:
        begin = self._behind_white_space(begin)
        end, stop = self._boxes_stretch(begin)
        is_closed = stop == BOXES_CLOSE
        # A bracket at the very end is the beginning of the tag that would close.
        body = self._text[begin:end] if end < len(self._text) else self._text[begin:end].removesuffix("<")
        has_reference = not self._text.startswith(BOXES_OPEN, self._start)
        labelled = None if has_reference else _LABELLED_BOXES.match(body)
        if labelled is not None:
            words = labelled[1]
            begin, body = begin + labelled.end(), body[labelled.end() :]
        after = end + len(stop)
        if not is_closed:
            rest = list_end(body)
            # What goes on in the line is content.
            after = begin + rest if body[rest:].strip() else end
            body = body[:rest]
        found = read_list(body, needs_outer=labelled is None)
        is_none = is_closed and says_none(body)
        flags = () if found.is_clean else (Flag.NO_BOX,) if is_none else (Flag.BROKEN_BOX,)
        self._is_unclosed = self._is_unclosed or not is_closed or (not has_reference and labelled is None)
        self._words += ((begin + start, among) for start, among in found.words)
        return self._ended(words, after, found.boxes, flags, is_label=labelled is not None, breaks_off=not is_closed)

    def _boxes_stretch(self, begin: int) -> tuple[int, str]:
        """As `_stretch`, for boxes; they may go on in the next line."""
        end, stop = self._stretch(begin, LONGEST_BOXES)
        while stop == "\n" and end + 1 - begin < LONGEST_BOXES and self._goes_on(begin, end):
            end, stop = self._stretch(end + 1, LONGEST_BOXES - (end + 1 - begin))
        return end, stop

    def _goes_on(self, begin: int, line_end: int) -> bool:
        """Whether a list of boxes is broken between two boxes, or before it closes."""
        at = self._behind_white_space(line_end)
        if at == len(self._text) and not self._is_whole and at - line_end < LONGEST_GAP:
            raise _Unfinished
        before = self._text[max(begin, line_end - LONGEST_GAP) : line_end].rstrip()[-1:]
        return self._text.startswith("]", at) or (before in (",", "[") and self._text.startswith("[", at))

    def _ended(
        self,
        words: str,
        end: int,
        boxes: tuple[Corners, ...] = (),
        flags: tuple[Flag, ...] = (),
        *,
        is_label: bool = False,
        breaks_off: bool = False,
    ) -> Reference:
        if self._is_unclosed:
            flags = (*flags, Flag.UNCLOSED)
        return Reference(words, self._start, end, boxes, flags, tuple(self._words), is_label, breaks_off)

    def _stretch(self, begin: int, longest: int) -> tuple[int, str]:
        """Where the line, or the part of it before the next tag, ends, and by what; by nothing where it is too long."""
        stop = _LINE_END_OR_TAG.search(self._text, begin)
        if stop is not None and stop.start() - begin <= longest:
            return stop.start(), stop[0]
        if stop is None and not self._is_certain(begin + longest + LONGEST_TAG):
            raise _Unfinished
        return min(begin + longest, len(self._text)), ""

    def _behind_white_space(self, begin: int) -> int:
        gap = _GAP.match(self._text, begin)
        return begin if gap is None else gap.end()

    def _is_certain(self, end: int) -> bool:
        """Whether nothing that still comes changes what stands before here."""
        return self._is_whole or end <= len(self._text)
