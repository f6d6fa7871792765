"""Captures for another process that asked this one, and answers it with what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocr_desktop.gui.capture.options import CaptureOptions
from ocr_desktop.gui.capture.order import style_of
from ocr_desktop.gui.handover import UnusableMessageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.gui.capture.capturing import Capturing
    from ocr_desktop.services.settings import Settings


async def answer_to(values: dict[str, Any], capturing: Capturing, settings: Callable[[], Settings]) -> dict[str, Any]:
    """The values of the result of a capture whose options came in these.

    Raises:
        UnusableMessageError: They are no options, or say to whom a picture may go.
    """
    options = CaptureOptions.from_values(values)
    if options is None or not options.may_be_handed_over:
        raise UnusableMessageError("options")
    end = await capturing.capture(options)
    return end.result(options.format, style_of(options, settings())).to_values()
