"""What is said of a page in the list: below its thumbnail, in its tool tip, and to who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocr_desktop.gui.messages import error_text, finish_text
from ocr_desktop.gui.pages.marks import Mark, MarkKind

if TYPE_CHECKING:
    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.gui.entries import Entry


def caption(entry: Entry, *, begins_file: bool) -> str:
    """A file's name; of a file with several pages the number, with the name at the first that is listed."""
    if not entry.is_one_of_many:
        return entry.name
    return f"{entry.number}  {entry.name}" if begins_file else str(entry.number)


def whole_name(entry: Entry) -> str:
    """Which page it is, in one line."""
    if not entry.is_one_of_many:
        return entry.name
    text = QCoreApplication.translate("PagesPanel", "%1, page %2 of %3")
    # The name last: it may hold what looks like a place for a number.
    return text.replace("%3", str(entry.file.page_count)).replace("%2", str(entry.number)).replace("%1", entry.name)


def state_text(entry: Entry, mark: Mark | None, failure: OcrDesktopError | None) -> str:
    """What a page's mark means, in words; empty where it has none."""
    translate = QCoreApplication.translate
    if mark is None:
        return ""
    match mark.kind:
        case MarkKind.READING:
            return translate("PagesPanel", "Is being read")
        case MarkKind.WAITING:
            return translate("PagesPanel", "Waits to be read")
        case MarkKind.FAILED:
            return "" if failure is None else error_text(failure, name=entry.name)
        case MarkKind.INCOMPLETE:
            run = entry.run(entry.run_id)
            return _count_text(mark.run_count) if run is None else finish_text(run.finish, is_empty=not run.raw)
        case MarkKind.READ:
            return _count_text(mark.run_count)


def tooltip_lines(entry: Entry, state: str) -> tuple[str, ...]:
    """The whole name, the size as it is shown, and what became of the page."""
    size = None if entry.page is None or entry.page.size is None else entry.page.size.turned(entry.turns)
    return (whole_name(entry), "" if size is None else f"{size.width} × {size.height}", state)


def _count_text(count: int) -> str:
    if count == 1:
        return QCoreApplication.translate("PagesPanel", "Was read")
    return QCoreApplication.translate("PagesPanel", "Was read %1 times").replace("%1", str(count))
