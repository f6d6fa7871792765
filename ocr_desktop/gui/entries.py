"""The pictures in a window's list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_desktop.core.document import Page, Run


@dataclass(slots=True, eq=False)
class Entry:
    """A picture in the list: where it comes from, and what is known of it once it was opened.

    Attributes:
        source: The file, or the picture's data where there is none.
        name: For people.
        page: None until the picture was opened for the first time; it keeps the runs.
        run_id: The run on show.
        hits_id: The locate run whose hits lie over the picture.
        waits_for_reading: It was added to be shown and read, and has not been shown yet while nothing else was read.
    """

    source: Path | bytes
    name: str
    page: Page | None = None
    sha256: str = ""
    run_id: str | None = None
    hits_id: str | None = None
    waits_for_reading: bool = False

    @property
    def turns(self) -> int:
        """The clockwise quarter turns in which it is shown."""
        return 0 if self.page is None else self.page.turns

    def run(self, run_id: str | None) -> Run | None:
        """One of the picture's runs."""
        return None if self.page is None else next((run for run in self.page.runs if run.id == run_id), None)

    def replace_run(self, run: Run) -> None:
        """Put a run in the place of the one with its id."""
        if self.page is not None:
            self.page = replace(self.page, runs=tuple(run if each.id == run.id else each for each in self.page.runs))
