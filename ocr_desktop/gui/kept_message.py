"""What the bar says and what begins by itself just then must not wipe away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.message_bar import MessageBar


class KeptMessage:
    """Remembers which message of a bar is to stand, and about which page it is."""

    def __init__(self, bar: MessageBar) -> None:
        self._bar = bar
        self._text = ""
        self._about: Entry | None = None
        self._offered = ""

    @property
    def stands(self) -> bool:
        """Whether it is what the bar says now."""
        return bool(self._text) and self._bar.text == self._text

    @property
    def is_offered(self) -> bool:
        """Whether the bar still says what it offered last."""
        return bool(self._offered) and self._bar.text == self._offered

    def keep(self, about: Entry | None = None) -> None:
        """Let what the bar says now stand; what is about a page goes with it."""
        self._text, self._about, self._offered = self._bar.text, about, ""

    def keep_offer(self) -> None:
        """Let what the bar offers stand while the next page opens by itself, and no longer."""
        self.keep()
        self._offered = self._text

    def leave_for(self, entry: Entry | None) -> None:
        """Close what is of no page, or of another one than is shown next (None: none is)."""
        if not self.stands or self._about not in (None, entry):
            self._bar.clear()
        elif self.is_offered:
            self._text = ""

    def close_of_page(self) -> None:
        """Close what is about a page, now that none is on show."""
        if self._about is not None and self.stands:
            self._bar.clear()
