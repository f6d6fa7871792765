"""A run as it is shown, and what is doubtful in it; each worked out once, when it is first asked for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ocr_desktop.core.doubts import doubts_of

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region, Run
    from ocr_desktop.core.doubts import Doubt


class ShownRun:
    """One state of a run; with other edits it is another."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @functools.cached_property
    def regions(self) -> tuple[Region, ...]:
        """The run's regions with the user's changes."""
        from ocr_desktop.core.edits import edited_regions

        return edited_regions(self.run)

    @functools.cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What somebody should look at in them."""
        run = self.run
        return doubts_of(self.regions, run.finish, run.edits, run.answers, lines=run.lines, comparison=run.comparison)
