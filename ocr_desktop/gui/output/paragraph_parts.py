"""Cuts paragraphs so long that laying them out would stop the window into parts that follow without a gap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocr_desktop.gui.output.blocks import LINE_BREAK, Face, Kind, Paragraph, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_PART = 20_000
"""Characters; some hundred lines, which are laid out in a few milliseconds."""
JOINTS = (" ", LINE_BREAK)
"""Where a paragraph is cut if it can be: such a character is not seen at the end of a line."""


def paragraph_parts(paragraph: Paragraph, longest: int = LONGEST_PART) -> tuple[Paragraph, ...]:
    """The paragraph itself, or what it is cut into, parts of so many characters at most; a formula is never cut.

    Each part but the first has a `joint`; all words and joints in order are the words of the paragraph.
    """
    if paragraph.kind is Kind.FORMULA or sum(len(each.text) for each in paragraph.words) <= longest:
        return (paragraph,)
    cutter = _Cutter(longest)
    for each in paragraph.words:
        cutter.add(each)
    first, *others = cutter.finish()
    return (
        replace(paragraph, words=first[1]),
        *(replace(paragraph, words=words, joint=joint, marker="") for joint, words in others),
    )


class _Cutter:
    """Gathers words until a part is full."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._parts: list[tuple[str, tuple[Words, ...]]] = []
        self._joint = ""
        """What stands between the part that is gathered and the one before it."""
        self._words: list[Words] = []
        self._room = longest

    def add(self, words: Words) -> None:
        start = 0
        while len(words.text) - start > self._room:
            if Face.FORMULA in words.face:
                if self._words:
                    self._end("")
                break
            end, joint = self._cut(words.text, start)
            self._take(words, start, end)
            self._end(joint)
            start = end + len(joint)
        self._take(words, start, len(words.text))

    def finish(self) -> Iterator[tuple[str, tuple[Words, ...]]]:
        if not self._words and self._joint:
            # Nothing follows that it could stand before.
            self._words, self._joint = [Words(self._joint)], ""
        if self._words:
            self._parts.append((self._joint, tuple(self._words)))
        yield from self._parts

    def _cut(self, text: str, start: int) -> tuple[int, str]:
        """Up to where a text goes into the part, and what stands there between this and the next."""
        stop = start + self._room
        place = max(text.rfind(joint, start, stop + 1) for joint in JOINTS)
        if place > start or (place == start and self._words):
            return place, text[place]
        # A word that has more room in the next part goes there whole.
        return (start if self._words else stop), ""

    def _take(self, words: Words, start: int, end: int) -> None:
        if start < end:
            self._words.append(words if end - start == len(words.text) else replace(words, text=words.text[start:end]))
            self._room = max(self._room - (end - start), 0)

    def _end(self, joint: str) -> None:
        """End a part; where it ends with what could be a joint, that is the joint: it would be an empty line there."""
        words, last = self._words, self._words[-1]
        if not joint and len(words) > 1 and last.text in JOINTS:
            words, joint = words[:-1], last.text
        self._parts.append((self._joint, tuple(words)))
        self._joint, self._words, self._room = joint, [], self._longest
