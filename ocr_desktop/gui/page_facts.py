"""What the status line says of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.services.intake import OpenedDocument


def page_facts(entry: Entry | None, opened: OpenedDocument | None) -> list[str]:
    """Its file, its number there and its size as it is shown, as far as there is any of it."""
    if entry is None:
        return [QCoreApplication.translate("PageFacts", "No picture")]
    facts = [entry.name]
    if entry.is_one_of_many:
        page = QCoreApplication.translate("PageFacts", "page %1 of %2").replace("%1", f"{entry.number:,}")
        facts.append(page.replace("%2", f"{entry.file.page_count:,}"))
    if opened is not None:
        size = opened.pixels.size.turned(entry.turns)
        facts.append(f"{size.width} × {size.height}")
    return facts
