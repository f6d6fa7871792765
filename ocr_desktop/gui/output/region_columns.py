"""What the columns of the regions' table say."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocr_desktop.core.document import Flag, Origin
from ocr_desktop.core.doubts import LOW_SCORE
from ocr_desktop.core.geometry import whole_pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import Number, Size


class Column(IntEnum):
    NUMBER = 0
    LABEL = 1
    TEXT = 2
    PIXELS = 3
    MODEL = 4
    """The model's own numbers, 0–999."""
    FLAGS = 5


WARNING_COLUMNS = (Column.NUMBER, Column.FLAGS)
"""In a narrow window the flags themselves are out of sight at first."""


def column_name(column: Column) -> str:
    translate = QCoreApplication.translate
    return {
        Column.NUMBER: translate("Regions", "No."),
        Column.LABEL: translate("Regions", "Kind"),
        Column.TEXT: translate("Regions", "Text"),
        Column.PIXELS: translate("Regions", "Pixels"),
        Column.MODEL: translate("Regions", "0–999"),
        Column.FLAGS: translate("Regions", "Flags"),
    }[column]


def flag_name(flag: Flag) -> str:
    """What was wrong with a box, in a word or two."""
    translate = QCoreApplication.translate
    return {
        Flag.CLAMPED: translate("Regions", "outside the picture"),
        Flag.SWAPPED: translate("Regions", "corners swapped"),
        Flag.EMPTY_BOX: translate("Regions", "empty box"),
        Flag.BROKEN_BOX: translate("Regions", "broken box"),
        Flag.NO_BOX: translate("Regions", "no box"),
        Flag.UNCLOSED: translate("Regions", "unclosed tag"),
    }[flag]


def flags_text(region: Region) -> str:
    """All that was wrong with a region's boxes, and whether its engine was unsure of it; empty where nothing is."""
    if not region.flags and region.score is None:
        return ""
    names = [flag_name(flag) for flag in region.flags]
    if region.score is not None and region.score < LOW_SCORE and region.origin is not Origin.ALIGNED:
        unsure = QCoreApplication.translate("Regions", "unsure (%1 %)")
        names.append(unsure.replace("%1", str(round(100 * region.score))))
    return " · ".join(names)


def pixel_numbers(region: Region, size: Size | None) -> list[tuple[int, int, int, int]]:
    """The corners of a region's boxes in whole pixels of a page of this size; none where nobody knows it."""
    if size is None:
        return []
    return [pixels for box in region.boxes if (pixels := whole_pixels(box, size)) is not None]


def model_numbers(region: Region) -> list[tuple[Number, Number, Number, Number]]:
    """The corners of a region's boxes as the model gave them, each from the top left."""
    return [(box.x_min, box.y_min, box.x_max, box.y_max) for box in region.boxes_999]


def numbers_text(boxes: Sequence[tuple[Number, Number, Number, Number]], between: str = "; ") -> str:
    """Corners as people read them; `between` parts several boxes."""
    return between.join(", ".join(map(str, box)) for box in boxes)
