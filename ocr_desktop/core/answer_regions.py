"""The regions of one model's answer: what its references mean, and which words belong to which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr_desktop.core.content import Content
from ocr_desktop.core.document import Flag, Region, Span
from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.figures import FIGURE_LABELS
from ocr_desktop.core.grounding import ReferenceFound, TextFound
from ocr_desktop.core.normalising import headed, normalised
from ocr_desktop.core.placing import placed
from ocr_desktop.core.plain_text import plain_text
from ocr_desktop.core.presets import ReferenceKind
from ocr_desktop.core.stripped import KNOWN_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.core.geometry import Size, View
    from ocr_desktop.core.grounding import GroundingEvent
    from ocr_desktop.core.presets import Preset
    from ocr_desktop.core.region_store import RegionStore

PLAIN_LABEL = "text"
TABLE_LABEL = "table"
TABLE_CAPTION_LABEL = "table_caption"
LABEL_FORM = re.compile(r"[a-z][a-z0-9_]{0,29}")
"""What a label looks like; a reference that does not is words, whatever was asked."""
SURE_LABELS = KNOWN_LABELS | FIGURE_LABELS
PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
TABLE_BEGIN = re.compile(r"<table[\s>]", re.IGNORECASE)
LONGEST_TABLE_BEGIN = 7

_WORD = re.compile(r"\S")


@dataclass(slots=True)
class _Open:
    """A region whose words are still coming.

    Attributes:
        region: None until there is a word.
        begin: Where in the answer the region begins, with its tag.
        is_plain: It stands under no reference and ends at a blank line.
        table: The table that was announced before this caption, and whose HTML follows the caption's words.
        may_be_words: Its label is none that the model is known to use: where no words follow, it is the words.
        searched: Up to where the words were searched for what ends them.
        shown: How many of the words the kept region has.
    """

    region: Region | None
    begin: int
    content: Content
    is_plain: bool
    table: Region | None = None
    may_be_words: bool = False
    searched: int = 0
    shown: int = -1


class AnswerRegions:
    """Puts the regions of one answer into a store, as the parser finds them; used once.

    `number` is the answer's in its run. `page` is None where the picture is not known: there are no pixel boxes then.
    """

    def __init__(self, store: RegionStore, number: int, reading: Preset, page: Size | None, view: View) -> None:
        self._store = store
        self._number = number
        self._reading = reading
        self._page = page
        self._view = view
        self._open: _Open | None = None
        self._line: tuple[Region, str, int] | None = None

    def take(self, events: Iterable[GroundingEvent]) -> None:
        for event in events:
            if isinstance(event, TextFound):
                self._take_content(event)
            else:
                self._take_reference(event)

    def refresh(self) -> None:
        """Bring the region whose words are still coming up to date, as far as they are certain."""
        self._settle()
        opened = self._open
        if opened is None or opened.shown == opened.content.length:
            return
        opened.shown = opened.content.length
        words = opened.content.text().strip()
        if opened.region is None and words:
            opened.region = self._new_plain_region()
        if opened.region is not None:
            source = Span(self._number, opened.begin, opened.content.end)
            opened.region = replace(opened.region, markdown=words, text=words, source=source)
            self._store.put(opened.region)

    def finish(self) -> None:
        """Nothing more comes."""
        self._settle()
        if self._open is not None:
            self._close(self._open)
            self._open = None

    # Words

    def _take_content(self, found: TextFound) -> None:
        if self._line is not None and found.start < self._line[2]:
            region, words, end = self._line
            self._put_line(region, f"{words} {found.text}", end)
            return
        opened = self._open
        if opened is not None and opened.is_plain and opened.content.end != found.start:
            self.finish()
            opened = None
        if opened is None:
            self._open = opened = _Open(None, found.start, Content(found.start), is_plain=True)
        opened.content.add(found.text, found.start, parted=True)

    def _settle(self) -> None:
        """Let go what is certain of the open region: paragraphs that ended, a caption whose table begins."""
        opened = self._open
        if opened is not None and opened.is_plain:
            self._close_paragraphs(opened)
        elif opened is not None and opened.table is not None:
            self._part_from_table(opened, opened.table)

    def _close_paragraphs(self, opened: _Open) -> None:
        """Let every paragraph that a blank line has ended be a region of its own; the last one stays open."""
        content = opened.content
        words = content.text()
        at = _next_word(words, 0)
        searched = max(at, opened.searched)
        while (blank := PARAGRAPH_END.search(words, searched)) is not None:
            begin = content.place(at)
            self._close(_Open(opened.region, begin, content.part(at, blank.start()), is_plain=True))
            opened.region = None
            at = searched = _next_word(words, blank.end())
        if at:
            opened.content = content.part(at, content.length)
            opened.begin = content.place(at)
            opened.shown = -1
        # A blank line can only begin in the white space at the end, or behind it.
        opened.searched = len(words.rstrip()) - at if len(words) > at else 0

    def _part_from_table(self, caption: _Open, table: Region) -> None:
        words = caption.content.text()
        begin = TABLE_BEGIN.search(words, max(0, caption.searched - LONGEST_TABLE_BEGIN))
        caption.searched = len(words)
        if begin is None:
            return
        content = caption.content.part(begin.start(), len(words))
        caption.content = caption.content.part(0, begin.start())
        self._close(caption)
        # The caption's words are complete before the table's: this is the order in which they are read, too.
        self._store.move_to_end(table.id)
        self._open = _Open(table, content.place(0), content, is_plain=False)

    def _close(self, opened: _Open) -> None:
        words = opened.content.text()
        region = opened.region
        if region is None and not words.strip():
            return
        region = region or self._new_plain_region()
        if opened.may_be_words and not words.strip():
            words, region = region.label, replace(region, label=PLAIN_LABEL)
            self._store.put(replace(region, markdown=normalised(words), text=plain_text(words)))
            return
        markdown = headed(normalised(words), region.label)
        length = len(words.rstrip())
        tag_end = opened.begin if region.tag is None or region.tag.start < opened.begin else region.tag.end
        end = max(tag_end, opened.content.place(length - 1) + 1 if length else 0)
        source = Span(self._number, opened.begin, end)
        self._store.put(replace(region, markdown=markdown, text=plain_text(markdown), source=source))

    def _new_plain_region(self) -> Region:
        flags = (Flag.NO_BOX,) if self._reading.grounded else ()
        return Region(id=self._store.new_id(), label=PLAIN_LABEL, text="", markdown="", flags=flags)

    # References

    def _take_reference(self, found: ReferenceFound) -> None:
        self._settle()
        begin, words, region_id = self._orphaned_words(found)
        before = self._open
        self.finish()
        self._line = None
        is_words = self._reading.references is not ReferenceKind.LABEL and not found.is_label
        label = words.strip()
        is_known = found.is_label or label in SURE_LABELS
        is_label = not is_words and _is_label(label, found.flags) and (is_known or not _is_in_line(before, found.start))
        boxes, boxes_999, damage = placed(found.boxes, self._view, self._page)
        flags = tuple(dict.fromkeys((*found.flags, *damage)))
        tag = Span(self._number, begin, found.end)
        region = Region(
            id=self._store.new_id() if region_id is None else region_id,
            label=self._reading.references if is_words else label if is_label else PLAIN_LABEL,
            text="",
            markdown="",
            boxes=boxes,
            boxes_999=boxes_999,
            flags=flags,
            source=tag,
            tag=tag,
        )
        if is_words:
            self._put_line(region, words, found.end)
            return
        content = Content(found.end)
        if words and not is_label:
            content.add(words, found.end - len(words), parted=False)
            content.end = found.end
        self._open = _Open(region, begin, content, is_plain=False, may_be_words=is_label and not is_known)
        if label == TABLE_CAPTION_LABEL and is_label:
            self._open.table = _announced_table(before)
        self._store.put(region)

    def _orphaned_words(self, found: ReferenceFound) -> tuple[int, str, int | None]:
        """Where a reference begins, its words, and the id of its region where one stands already.

        One whose first tag is missing takes the line that stands before it: for a label, only if it is a known one.
        """
        opened = self._open
        if found.text or Flag.UNCLOSED not in found.flags or opened is None or opened.content.end != found.start:
            return found.start, found.text, None
        content = opened.content.text()
        at = content.rfind("\n") + 1
        words = content[at:].strip()
        if not words or (self._reading.references is ReferenceKind.LABEL and words not in KNOWN_LABELS):
            return found.start, found.text, None
        begin = opened.content.place(_next_word(content, at))
        rest = opened.content.part(0, at)
        opened.content = rest
        if not opened.is_plain or rest.text().strip():
            return begin, words, None
        self._open = None
        return begin, words, None if opened.region is None else opened.region.id

    def _put_line(self, region: Region, words: str, end: int) -> None:
        markdown = escaped(words)
        self._store.put(replace(region, markdown=markdown, text=plain_text(markdown)))
        self._line = (region, words, end)


def _is_label(words: str, flags: tuple[Flag, ...]) -> bool:
    """Whether a reference is a label: it looks like one, and did not break off."""
    is_broken_off = Flag.UNCLOSED in flags and Flag.NO_BOX in flags
    return not is_broken_off and LABEL_FORM.fullmatch(words) is not None


def _is_in_line(before: _Open | None, start: int) -> bool:
    """Whether a reference stands behind words of the same line, as a word of a sentence does."""
    if before is None or before.content.end != start:
        return False
    return bool(before.content.text().rpartition("\n")[2].strip())


def _announced_table(before: _Open | None) -> Region | None:
    """The region that stands open without a word, where it is a table."""
    if before is None or before.region is None or before.region.label != TABLE_LABEL:
        return None
    return None if before.content.text().strip() else before.region


def _next_word(text: str, at: int) -> int:
    word = _WORD.search(text, at)
    return len(text) if word is None else word.start()
