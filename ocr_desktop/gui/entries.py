"""The pages in a window's list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.core.page_places import PagePlace

if TYPE_CHECKING:
    from ocr_desktop.core.document import Page, Run
    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.core.geometry import PixelBox
    from ocr_desktop.core.page_parts import IgnoredArea
    from ocr_desktop.core.secret import Secret


@dataclass(slots=True, eq=False)
class SourceFile:
    """What pages in the list come from: a file, or a picture's data where there is none.

    Attributes:
        content: The file, or the data.
        name: For people.
        page_count: None until it was looked into.
        password: Of a PDF, kept while its pages are in the list and nowhere else.
        takes_text: The text that its pages hold themselves is taken instead of reading their pictures.
    """

    content: Path | bytes
    name: str
    page_count: int | None = None
    password: Secret | None = None
    takes_text: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """A page in the list: where it comes from, and what is known of it once it was opened.

    Attributes:
        file: Shared by all its pages.
        number: In its file, from 1 on.
        turns: The clockwise quarter turns in which it is shown.
        crop: The part of it that is read (page pixels); None: all of it.
        ignored: Areas of this page alone that are not read.
        page: None until the page was opened for the first time; it keeps the runs.
        run_id: The run on show.
        hits_id: The locate run whose hits lie over the picture.
        failure: Why it could not be opened last time.
        waits_for_reading: It was added to be shown and read, and has not been shown yet while nothing else was read.
        is_alone: It was added by itself; where it cannot be opened nobody misses it in the list.
    """

    file: SourceFile
    number: int = 1
    turns: int = 0
    crop: PixelBox | None = None
    ignored: tuple[IgnoredArea, ...] = ()
    page: Page | None = None
    sha256: str = ""
    run_id: str | None = None
    hits_id: str | None = None
    failure: OcrDesktopError | None = None
    waits_for_reading: bool = False
    is_alone: bool = False

    @property
    def name(self) -> str:
        """Of its file, for people."""
        return self.file.name

    @property
    def is_one_of_many(self) -> bool:
        """Whether its file has other pages."""
        return (self.file.page_count or 1) > 1

    @property
    def picture_key(self) -> str:
        """What tells its picture from all others, once it was opened: its file's bytes, and which page of them."""
        return f"{self.sha256} {self.number}"

    @property
    def place(self) -> PagePlace:
        """Where its picture lies."""
        return PagePlace(self.file.content, self.number, self.file.password)

    def run(self, run_id: str | None) -> Run | None:
        """One of the page's runs."""
        return None if self.page is None else next((run for run in self.page.runs if run.id == run_id), None)

    def show_as(self, *, turns: int, crop: PixelBox | None) -> None:
        """Turn and crop it, also before it was ever opened."""
        self.turns, self.crop = turns, crop
        if self.page is not None:
            self.page = replace(self.page, turns=turns, crop=crop)

    def take_page(self, page: Page, sha256: str) -> bool:
        """Let this be its page; the one before keeps its place, with its runs, where it is of the same bytes.

        Returns whether another picture took its place.
        """
        self.failure = None
        if self.page is not None and self.sha256 == sha256:
            return False
        is_replaced = self.page is not None
        self.page, self.sha256 = page, sha256
        self.run_id = self.hits_id = None
        self.show_as(turns=0 if is_replaced else self.turns, crop=None if is_replaced else self.crop)
        return is_replaced

    def replace_run(self, run: Run) -> None:
        """Put a run in the place of the one with its id."""
        if self.page is not None:
            self.page = replace(self.page, runs=tuple(run if each.id == run.id else each for each in self.page.runs))
