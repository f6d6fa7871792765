"""Grounding from which a server dropped the tags: `label[[x1, y1, x2, y2], …]` on a line of its own.

Nothing marks such a line as grounding, so a box is read only where nothing else can be meant: in an answer that was
asked for boxes, before its first tag, on a line that holds a list of boxes and nothing behind it. Where the references
are words (`ocr`, `locate`), any words may stand before the list; where they are labels, one word at the line's start.
"""

from __future__ import annotations

import re

from ocr_desktop.core.boxes import BOX_NUMBERS, WORD, read_boxes
from ocr_desktop.core.document import Flag
from ocr_desktop.core.references import LONGEST_BOXES, LONGEST_REFERENCE, Reference

KNOWN_LABELS = frozenset(
    {
        *("text", "title", "sub_title", "list", "code", "equation", "formula", "header", "footer", "page_number"),
        *("image", "image_caption", "figure", "figure_title", "figure_caption", "footnote", "page_footnote"),
        *("table", "table_caption", "table_footnote"),
    }
)
"""Labels that the model is known to use; only with one of these a damaged list is still taken for one."""

_LIST = "[["
_LABEL = r"[ \t]{0,8}([a-z][a-z_]{1,29})[ \t]{0,2}"
_LABEL_LINE = re.compile(rf"{_LABEL}(\[\[.*)")
_LABEL_BEGUN = re.compile(r"[ \t]{0,8}(?:[a-z][a-z_]{0,29}[ \t]{0,2}\[?)?")
_NUMBERS_ALONE = re.compile(r"\[\[[-0-9.,\s\[\]]*\]")
_CUT_LIST = re.compile(r"\[\[[-0-9.,\s\[\]]*")


class StrippedLines:
    """Finds the references in the lines of one answer; used up to its first tag.

    It is asked for one line after the other; whether a line is one is certain only at its end.
    """

    def __init__(self, *, has_labels: bool) -> None:
        self._has_labels = has_labels
        self._found_one = False

    def next_reference(self, text: str, at: int, end: int, *, is_whole: bool) -> Reference | int:
        """The next reference from the line that begins at `at` on; where there is none, up to where that is certain.

        `is_whole` says that the last line ends at `end`.
        """
        while (mark := text.find(_LIST, at, end)) >= 0:
            start = text.rfind("\n", at, mark) + 1 or at
            line_end = text.find("\n", mark, end)
            if line_end < 0 and not is_whole:
                return start if self._may_become(text[start:end]) else end
            line_end = end if line_end < 0 else line_end
            found = self._reference(text[start:line_end], start)
            if found is not None:
                self._found_one = True
                return found
            at = line_end + 1
            if at > end:
                return end
        if is_whole:
            return end
        start = text.rfind("\n", at, end) + 1 or at
        return start if self._may_become(text[start:end]) else end

    def _may_become(self, begun: str) -> bool:
        """Whether a line that begins like this may still turn out to be a reference."""
        if self._has_labels:
            mark = begun.find(_LIST)
            if mark < 0:
                return _LABEL_BEGUN.fullmatch(begun) is not None
            return _LABEL_LINE.match(begun) is not None and len(begun) <= LONGEST_BOXES
        mark = begun.find(_LIST, 0, LONGEST_REFERENCE + len(_LIST))
        return len(begun) <= (LONGEST_REFERENCE + (LONGEST_BOXES if mark >= 0 else len(_LIST)))

    def _reference(self, line: str, start: int) -> Reference | None:
        return self._labelled(line, start) if self._has_labels else self._worded(line, start)

    def _labelled(self, line: str, start: int) -> Reference | None:
        form = _LABEL_LINE.fullmatch(line.rstrip()) if len(line) <= LONGEST_BOXES else None
        if form is None:
            return None
        label, body = form.groups()
        boxes, is_clean = read_boxes(body)
        is_closed = body.endswith("]")
        if not is_clean and (label not in KNOWN_LABELS or not _is_damaged_list(body)):
            return None
        flags = () if is_clean else (Flag.BROKEN_BOX,) if is_closed else (Flag.BROKEN_BOX, Flag.UNCLOSED)
        return Reference(
            label, start + form.start(1), start + form.end(), boxes, flags, is_label=True, breaks_off=not is_closed
        )

    def _worded(self, line: str, start: int) -> Reference | None:
        body_start = line.rfind(_LIST)
        body = line[body_start:].rstrip()
        words = line[:body_start].strip()
        is_too_long = body_start > LONGEST_REFERENCE or len(line) > LONGEST_REFERENCE + LONGEST_BOXES
        if is_too_long or not _NUMBERS_ALONE.fullmatch(body):
            return None
        boxes, is_clean = read_boxes(body)
        if not boxes and not (self._found_one and body.count(",") >= BOX_NUMBERS // 2):
            return None
        first = start + len(line) - len(line.lstrip())
        return Reference(words, first, start + body_start + len(body), boxes, () if is_clean else (Flag.BROKEN_BOX,))


def _is_damaged_list(body: str) -> bool:
    """Whether something is a list of boxes with a slip in it, or one that breaks off; words are neither."""
    if not any(map(str.isdigit, body)) or WORD.search(body):
        return False
    return body.endswith("]") or _CUT_LIST.fullmatch(body) is not None
