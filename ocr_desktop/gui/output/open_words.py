r"""The words of a region that is still being read: as a model writes them, where other Markdown has its own ways.

They are told raw, and for Markdown a `\[` is no more than a bracket.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocr_desktop.core.markdown_parts import PartKind, parts_of
from ocr_desktop.core.normalising import normalised

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region

MOST_NORMALISED = 8000
"""Characters of an open region; what is longer would be too slow to do anew with every word that comes."""
_FORMULA_MARK = re.compile(r"(?<!\\)(?:\\[(\[]|\$\$)")
_TICKS = re.compile("`+")
_GAP = re.compile(r"\n[ \t]*\n")


def are_open(region: Region) -> bool:
    """Whether a region's words are still coming: they stand there raw, as its text and as its Markdown alike."""
    return region.text == region.markdown


def markdown_of(region: Region) -> str:
    """A region's Markdown, and as long as its words are coming, what it would be if they ended here.

    A formula that has begun and has not ended is code.
    """
    words = region.markdown
    if not are_open(region) or len(words) > MOST_NORMALISED or _FORMULA_MARK.search(words) is None:
        return words
    begin = _open_formula(words)
    if begin is None or _is_in_table(words[:begin]):
        return normalised(words)
    front, tail = normalised(words[:begin]), words[begin:].strip()
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(tail)), default=0))
    if tail.startswith("\\("):
        return f"{front} {ticks} {tail} {ticks}"
    return f"{front}\n\n``{ticks}\n{tail}\n``{ticks}"


def _open_formula(words: str) -> int | None:
    """Where the formula begins that does not end."""
    at = 0
    for part in parts_of(words, by_model=True):
        mark = _FORMULA_MARK.search(part.text) if part.kind is PartKind.WORDS else None
        if mark is not None and _GAP.search(words, at + mark.start()) is None:
            return at + mark.start()
        at += len(part.text)
    return None


def _is_in_table(words: str) -> bool:
    return words.rfind("<table") > words.rfind("</table")
