"""How one capture goes where it is not as the settings say; also as values that go from one process to another."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.exports import FORMATS
from ocr_desktop.core.markdown_style import FormulaStyle, TableStyle
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ID
from ocr_desktop.gui.capture.geometry import Area

MOST = 10_000_000
AREA = re.compile(r"(-?[0-9]{1,6}),(-?[0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """What was asked for on the command line; None and the usual values where nothing was.

    Attributes:
        region: x, y, width and height in logical pixels of the desktop: no overlay, this is read.
        screen: Counted from 1: no overlay, the whole of it is read.
        delay_s: How long to wait before the screens are frozen.
        kind: What is made of it.
        preset: Asked instead of what the kind asks.
        prompt: Sent instead of the preset's own.
        engine: Instead of that of the settings; who names one has said that the picture may go there.
        base_url: Instead of the engine's own, as is `model`.
        is_offline: No request to any endpoint for this capture.
        writes_clipboard: What was read goes there.
        format: Of the result that is printed; the clipboard's form is that of the kind.
        tables: The form of Markdown, as is `formulas`; None: as in the settings.
    """

    region: tuple[int, int, int, int] | None = None
    screen: int | None = None
    delay_s: float = 0.0
    kind: str | None = None
    preset: str | None = None
    prompt: str | None = None
    engine: str | None = None
    base_url: str | None = None
    model: str | None = None
    timeout_s: float | None = None
    retries: int | None = None
    max_tokens: int | None = None
    is_offline: bool = False
    writes_clipboard: bool = True
    format: str = "md"
    tables: str | None = None
    formulas: str | None = None

    @property
    def area(self) -> Area | None:
        return None if self.region is None else Area(*self.region)

    @property
    def may_be_handed_over(self) -> bool:
        """Whether another process may capture: it has said nothing of where pictures may go.

        Who names an endpoint says so in one process alone, and may have its key in the environment of that one.
        """
        return self.engine in (None, EMBEDDED_ID) and self.base_url is None

    def to_values(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> CaptureOptions | None:
        """What another process sent; None where nobody can have asked for that."""
        if set(values) != {field.name for field in fields(cls)}:
            return None
        if not all(_is_fitting(name, value) for name, value in values.items()):
            return None
        region = values["region"]
        return cls(**{**values, "region": None if region is None else tuple(region)})


USUAL_OPTIONS = CaptureOptions()


def area_of(text: str) -> Area | None:
    """An area from "x,y,width,height"; None where that is none, or has no pixels."""
    match = AREA.fullmatch(text)
    if match is None:
        return None
    area = Area(*map(int, match.groups()))
    return area if area.width and area.height else None


def text_of(area: Area) -> str:
    """An area as `area_of` takes it."""
    return f"{area.x},{area.y},{area.width},{area.height}"


def _is_fitting(name: str, value: Any) -> bool:
    if name == "format":
        return isinstance(value, str) and value in FORMATS
    if name in ("is_offline", "writes_clipboard"):
        return isinstance(value, bool)
    if name == "delay_s":
        return _is_number(value)
    if value is None:
        return True
    match name:
        case "region":
            return isinstance(value, list | tuple) and area_of(",".join(map(str, value))) is not None
        case "screen" | "retries" | "max_tokens":
            return isinstance(value, int) and _is_number(value)
        case "timeout_s":
            return _is_number(value)
        case _:
            return isinstance(value, str) and (name not in _CHOICES or value in _CHOICES[name])


_CHOICES: dict[str, list[str]] = {
    "kind": list(CaptureKind),
    "preset": list(PresetId),
    "tables": list(TableStyle),
    "formulas": list(FormulaStyle),
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST
