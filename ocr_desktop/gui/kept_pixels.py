"""Pixels of pages that somebody still reads, and when they can be given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument


class KeptPixels:
    """Gives a page's pixels back when it is neither on show nor read any more.

    Args:
        context: Its intake takes the pixels back.
        on_show: Gives what is on show when it is asked.
    """

    def __init__(self, context: AppContext, on_show: Callable[[], OpenedDocument | None]) -> None:
        self._context = context
        self._on_show = on_show
        self._kept: list[OpenedDocument] = []

    def keep(self, opened: OpenedDocument) -> None:
        self._kept.append(opened)

    def let_go(self, opened: OpenedDocument) -> None:
        # Two openings of one page are equal, and hold other pixels.
        del self._kept[next(index for index, kept in enumerate(self._kept) if kept is opened)]
        self.release_unused(opened)

    def release_unused(self, opened: OpenedDocument) -> None:
        """Give pixels back unless somebody has a use for them."""
        if opened is not self._on_show() and not any(kept is opened for kept in self._kept):
            self._context.intake.release(opened)
