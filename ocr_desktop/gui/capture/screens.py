"""The screens of a desktop as they looked at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.gui.capture.geometry import Area

if TYPE_CHECKING:
    from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True)
class FrozenScreen:
    """One screen and its pixels.

    Attributes:
        name: As the system calls it.
        area: Where it lies on the desktop, in logical pixels; left of or above the first screen is negative.
        image: What it showed, without a device pixel ratio: its own size over that of the area is the scale.
    """

    name: str
    area: Area
    image: QImage
