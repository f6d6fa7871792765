"""Which pages of a file are meant: what people type as `1-3,7`, `3-` or `-2`."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_desktop.core.whole_numbers import whole_number

LAST_PAGE = 9_999_999
"""No file that can be opened has so many."""


@dataclass(frozen=True, slots=True)
class PageRanges:
    """Stretches of pages from 1 on, first and last both among them; a last of None is the file's last page."""

    stretches: tuple[tuple[int, int | None], ...]

    def missing_from(self, page_count: int) -> int | None:
        """The first page that is asked for and that a file with so many pages does not have."""
        beyond = [max(first, page_count + 1) for first, last in self.stretches if (last or first) > page_count]
        return min(beyond, default=None)

    def numbers(self, page_count: int) -> tuple[int, ...]:
        """The pages of a file that has so many: in ascending order, each once; those that it lacks are left out."""
        meant: set[int] = set()
        for first, last in self.stretches:
            meant.update(range(first, min(page_count if last is None else last, page_count) + 1))
        return tuple(sorted(meant))


def parse_page_ranges(text: str) -> PageRanges:
    """The ranges that a text says: single pages, `from-to`, `from-` and `-to` (from the first on), parted by commas.

    Raises:
        ValueError: It says something else.
    """
    return PageRanges(tuple(_stretch(part.strip(" ")) for part in text.split(",")))


def _stretch(text: str) -> tuple[int, int | None]:
    first_text, dash, last_text = text.partition("-")
    if not first_text and not last_text:
        raise ValueError(text)
    first = _number(first_text) if first_text else 1
    last = _number(last_text) if last_text else None
    if not dash:
        return first, first
    if last is not None and last < first:
        raise ValueError(text)
    return first, last


def _number(text: str) -> int:
    number = whole_number(text, 1, LAST_PAGE)
    if number is None:
        raise ValueError(text)
    return number
