"""Finding terms in what was read, and telling why an engine found nothing; no request is made for either.

Words are compared however they are written: large or small, full or half width, with line breaks, wide gaps, and the
hyphens and spaces that a model leaves inside words ("high- quality", "infor-⏎mation", "中 文").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.core.document import Region

SEPARATORS = ";；"
TERM_SEPARATOR = "; "
"""How terms are written beside each other; `split_terms` parts them again."""
FORM_END = "\r"
"""Between the two forms of one text. Folded texts and terms hold no line break of any kind."""
LONGEST_SHOWN = 2_000
"""Characters of a text in which the place of a term is looked for to show it."""

_EAST_ASIAN = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_GAP = re.compile(rf"(?<=[{_EAST_ASIAN}]) | (?=[{_EAST_ASIAN}])")
_HYPHEN = re.compile(r"(?<=\w)[-\u2010] ?(?=\w)")
_SOFT_HYPHEN = "\u00ad"
_TAG = re.compile(r"<\|/?[a-z]{1,12}\|>")
_WORD = re.compile(r"\w+")


def split_terms(text: str) -> tuple[str, ...]:
    """The terms that stand in a text, separated by ; or ；, each once however it is written."""
    for separator in SEPARATORS[1:]:
        text = text.replace(separator, SEPARATORS[0])
    terms: dict[str, str] = {}
    for term in text.split(SEPARATORS[0]):
        if folded(term):
            terms.setdefault(folded(term), term.strip())
    return tuple(terms.values())


def folded(text: str) -> str:
    """The text as it is compared: one case, one width, one space for each gap, no line break."""
    if text.isascii():
        return " ".join(text.lower().split())
    once = unicodedata.normalize("NFKC", text.replace(_SOFT_HYPHEN, "")).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())


def joined(folded_text: str) -> str:
    """A folded text without the hyphens inside of words and the gaps beside Chinese and Japanese characters."""
    if "-" in folded_text or "\u2010" in folded_text:
        folded_text = _HYPHEN.sub("", folded_text)
    return folded_text if folded_text.isascii() or " " not in folded_text else _GAP.sub("", folded_text)


class TextFinder:
    """Looks for terms in regions, again and again while they are typed; what was folded once is kept."""

    def __init__(self) -> None:
        self._regions: tuple[Region, ...] = ()
        self._folded: dict[int, tuple[str, str]] = {}
        """By region id: the text, and the forms of it that are looked through."""

    def look_through(self, regions: tuple[Region, ...]) -> None:
        """Take these regions from now on; only the texts that are new cost anything."""
        if regions is self._regions:
            return
        known = self._folded
        self._folded = {}
        self._regions = regions
        for region in regions:
            kept = known.get(region.id)
            if kept is None or kept[0] is not region.text:
                kept = (region.text, _both(region.text))
            self._folded[region.id] = kept

    def find(self, terms: tuple[str, ...]) -> tuple[Region, ...]:
        """The regions that hold any of the terms, in their order."""
        found: set[int] = set()
        for wanted in (form for term in terms for form in _forms(term)):
            found.update([row for row, (_, text) in enumerate(self._folded.values()) if wanted in text])
        return tuple(self._regions[row] for row in sorted(found))

    def terms_in(self, region: Region, terms: tuple[str, ...]) -> tuple[str, ...]:
        """Which of the terms a region holds, of those that are looked through."""
        text = self._folded[region.id][1] if region.id in self._folded else ""
        return tuple(term for term in terms if any(wanted in text for wanted in _forms(term)))


def place_of(text: str, terms: tuple[str, ...]) -> tuple[int, int] | None:
    """Where the first of the terms stands in a text as it is written, to show it there.

    None where it is not near the beginning, or written in another width.
    """
    for term in terms:
        characters = [re.escape(character) for character in term if not character.isspace()]
        found = re.search(r"[\s\-\u00ad]*".join(characters), text[:LONGEST_SHOWN], re.IGNORECASE)
        if found is not None:
            return found.span()
    return None


class Miss(StrEnum):
    """Why an engine found nothing, as far as its answer tells; each has a sentence in the window."""

    NOT_IN_LINES = "not_in_lines"
    """The embedded engine read the picture, and no line holds the term."""
    NO_ANSWER = "no_answer"
    """The answer is empty."""
    NAMED_ONLY = "named_only"
    """The answer is the term without a place: the server may have taken the places out."""
    BROKEN_PLACE = "broken_place"
    """There is a place that cannot be read as one."""
    WORDS = "words"
    """The answer is prose: a description or a refusal."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A term that was not found, why, and what was answered instead (empty where that says nothing)."""

    term: str
    why: Miss
    answer: str = ""


def missed(term: str, raw: str | None, regions: Iterable[Region]) -> Missed:
    """Why a term was not found, by the raw answer (None: the embedded engine's) and the regions that came of it."""
    if raw is None:
        return Missed(term, Miss.NOT_IN_LINES)
    words = " ".join(_TAG.sub(" ", raw).split())
    if not words:
        return Missed(term, Miss.NO_ANSWER)
    if any(flag in (Flag.BROKEN_BOX, Flag.EMPTY_BOX) for region in regions for flag in region.flags):
        return Missed(term, Miss.BROKEN_PLACE, words)
    left = joined(folded(words)).replace(joined(folded(term)), " ")
    return Missed(term, Miss.WORDS if _WORD.search(left) else Miss.NAMED_ONLY, words)


def _both(text: str) -> str:
    """A text's folded form, and behind it its joined form where that differs."""
    plain = folded(text)
    closed = joined(plain)
    return plain if closed == plain else f"{plain}{FORM_END}{closed}"


def _forms(term: str) -> tuple[str, ...]:
    plain = folded(term)
    closed = joined(plain)
    if not plain:
        return ()
    return (plain,) if plain == closed else (plain, closed)
