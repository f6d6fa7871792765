"""What somebody who is asked for help needs to know of an error: without a key, a picture or a path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication

from ocr_desktop import __version__
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.gui.messages import error_wording

if TYPE_CHECKING:
    from datetime import datetime

    from ocr_desktop.engines.base import EngineDescription

TELLING_FIELDS = (
    "status",
    "message",
    "reason",
    "retry_after_s",
    "seconds",
    "to",
    "missing",
    "width",
    "height",
    "limit_megapixels",
    "limit_megabytes",
)
"""Fields of an error that are copied, in this order; one that is not known here stays where it is."""


FOLDERS = re.compile(r"(?:[A-Za-z]:)?[\\/](?:[^\\/\s'\"]+[\\/])+")
"""The way to a file in somebody's words, without the file's own name."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which an error occurred; what is empty or None does not apply.

    Attributes:
        name: Of the picture, for people.
        engine: Who was asked; None where the error is not about an engine.
        preset: Its id.
        prompt: As it was or would have been sent.
        asked_at: When the request began.
    """

    name: str = ""
    engine: EngineDescription | None = None
    preset: str = ""
    prompt: str = ""
    asked_at: datetime | None = None


def details_text(error: OcrDesktopError, found: Circumstances, told_at: datetime) -> str:
    """A line for each fact, for the clipboard; in English, but for the title, for whoever is asked for help."""
    lines = [("error", error.code.value), ("title", _title(error, found.name))]
    lines += ((name, _fact(error, name)) for name in TELLING_FIELDS if name in error.fields)
    if found.engine is not None:
        lines += (("engine", found.engine.id), ("host", found.engine.host or "this computer"))
        lines.append(("model", found.engine.model or ""))
    lines += (("preset", found.preset), ("prompt", found.prompt))
    lines += (("asked", _time(found.asked_at)), ("told", _time(told_at)))
    lines += _versions()
    return "\n".join(f"{name}: {value}" for name, value in lines if value) + "\n"


def _title(error: OcrDesktopError, name: str) -> str:
    fields = dict(error.fields)
    if "name" in fields:
        fields["name"] = _without_folders(str(fields["name"]))
    return error_wording(OcrDesktopError(error.code, **fields), name=name).title


def _fact(error: OcrDesktopError, name: str) -> str:
    value = str(error.fields[name])
    # A server's own words may name a path of its address, which tells something.
    return FOLDERS.sub("", value) if name == "reason" else value


def _without_folders(name: str) -> str:
    """The last part of a path: where somebody keeps their files is nobody's business."""
    return re.split(r"[\\/]", name.rstrip("\\/"))[-1] or name


def _versions() -> list[tuple[str, str]]:
    import platform

    return [
        ("ocr-desktop", __version__),
        ("qt", f"{qVersion()} (PySide6 {PySide6.__version__})"),
        ("python", platform.python_version()),
        ("platform", f"{QSysInfo.prettyProductName()} {QSysInfo.currentCpuArchitecture()}"),
        ("display", QGuiApplication.platformName()),
    ]


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")
