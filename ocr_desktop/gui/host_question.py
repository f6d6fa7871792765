"""The question before a picture goes to a host for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox

from ocr_desktop.core.geometry import View, shown_size
from ocr_desktop.gui.byte_text import byte_text
from ocr_desktop.gui.message_bar import Choice, MessageBar, MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.gui.attempts import Attempt


def ask_host(
    bar: MessageBar,
    host: str,
    *,
    told: str,
    size: str,
    is_part: bool,
    send: Callable[[str, bool], None],
    read_here: Callable[[], None],
) -> None:
    """Ask in the bar whether a picture may go to a host.

    Args:
        bar: Where it is asked.
        host: Who would get it.
        told: What the bar said and should not be lost by the question; may be empty.
        size: How large it is, in words; may be empty.
        is_part: Whether a part of the picture is all that goes.
        send: Called with the host, and with whether it may also have each picture as soon as it is added.
        read_here: Called where the picture is to stay.
    """
    translate = QCoreApplication.translate
    if is_part:
        text = translate("HostQuestion", "This part of the picture%1 will leave this computer and go to %2. Send it?")
    else:
        text = translate("HostQuestion", "This picture%1 will leave this computer and go to %2. Send it?")
    text = text.replace("%1", f" ({size})" if size else "").replace("%2", host)
    at_once = QCheckBox(translate("HostQuestion", "Also send as soon as I add a picture"))
    at_once.setObjectName("at_once_box")
    allow = translate("HostQuestion", "Send, and remember %1").replace("%1", host)
    bar.show_message(
        MessageKind.WARNING,
        f"{told} {text}".strip(),
        Choice(allow, lambda: send(host, at_once.isChecked())),
        Choice(translate("HostQuestion", "Read on this computer"), read_here),
        form=at_once,
    )


def size_text(attempt: Attempt | None, byte_count: int | None) -> str:
    """How large what would be sent is: in pixels, and the whole of a picture in bytes where that is known."""
    if attempt is None or attempt.entry.page is None or attempt.entry.page.size is None:
        return ""
    if attempt.part is not None:
        return ", ".join(f"{box.width:.0f} × {box.height:.0f}" for box in attempt.part.boxes)
    size = shown_size(View(attempt.entry.turns, attempt.entry.crop), attempt.entry.page.size)
    pixels = f"{size.width} × {size.height}"
    return pixels if byte_count is None else f"{pixels}, {byte_text(byte_count)}"
