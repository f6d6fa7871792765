"""What the user chose, kept between starts: one TOML file in the platform's settings folder."""

from __future__ import annotations

import contextlib
import re
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ocr_desktop.core.errors import OutputError
from ocr_desktop.core.markdown_style import FormulaStyle, MarkdownStyle, TableStyle
from ocr_desktop.services.user_file import UserFile

if TYPE_CHECKING:
    from pathlib import Path

    from ocr_desktop.engines.base import EngineDescription

FILE_NAME = "settings.toml"
LONGEST_SILENCE_S = 86_400
MOST_RETRIES = 100
MOST_MEGAPIXELS = 1000

LOCK = "stay_offline"
LINE_OF_LOCK = re.compile(rb"^[^#\n]*\bstay_offline\b(?![\"']?[ \t]*=[ \t]*false[ \t]*(?:#.*)?\r?$)", re.MULTILINE)
"""In a file that cannot be read as a whole; only a plain `false` is none."""

_RANGES = {"timeout_s": (1, LONGEST_SILENCE_S), "retries": (0, MOST_RETRIES), "most_megapixels": (1, MOST_MEGAPIXELS)}


class AutoRead(StrEnum):
    """Whether a picture is read as soon as it is added."""

    ALWAYS = "always"
    ON_THIS_COMPUTER = "on_this_computer"
    NEVER = "never"


class ColourScheme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with what it is before anybody chose.

    Attributes:
        engine: The engine that was chosen last.
        preset: The preset that was chosen last.
        auto_read: Which engines read a picture without being told to.
        stay_offline: No request to any endpoint, whatever is asked. A lock that cannot be read counts as on.
        engines: The endpoints that the user has set up, by id, in the user's order.
        allowed_hosts: Hosts to which the user has said that pictures may go.
        at_once_hosts: Those of them that get a picture as soon as it is added.
        timeout_s: The longest silence of an endpoint without answer text, in seconds; 1 to LONGEST_SILENCE_S.
        retries: Requests after a failed one, before the first word; 0 to MOST_RETRIES.
        colour_scheme: Light, dark, or as the desktop has it.
        table_style: How Markdown has its tables.
        formula_style: What stands around formulas in Markdown.
        most_megapixels: A larger picture is not decoded; 1 to MOST_MEGAPIXELS.
        with_subfolders: A folder that is opened is opened with those in it.
        capture_engine: Who reads what is captured from the screen.
        capture_kind: What is made of it (`core.capture_kinds.CaptureKind`).
        capture_region: What was captured last: "x,y,width,height", logical pixels of the desktop; empty for nothing.
        makes_drafts: While an endpoint is asked, this computer reads the page as well.
        aligns_words: Words that came without places get those that this computer finds, and are compared with its own.
        stays_in_tray: Closing the window leaves the program in the tray, ready to capture.
    """

    engine: str = "embedded"
    preset: str = "markdown"
    auto_read: AutoRead = AutoRead.ON_THIS_COMPUTER
    stay_offline: bool = False
    engines: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    at_once_hosts: tuple[str, ...] = ()
    timeout_s: int = 120
    retries: int = 2
    colour_scheme: ColourScheme = ColourScheme.SYSTEM
    table_style: TableStyle = TableStyle.AUTO
    formula_style: FormulaStyle = FormulaStyle.DOLLARS
    most_megapixels: int = 200
    with_subfolders: bool = False
    capture_engine: str = "embedded"
    capture_kind: str = "markdown"
    capture_region: str = ""
    makes_drafts: bool = True
    aligns_words: bool = True
    stays_in_tray: bool = False

    def may_send_to(self, engine: EngineDescription) -> bool:
        """Whether pictures may go where this engine reads them: nowhere, to this machine, or to an allowed host."""
        return engine.host is None or engine.is_local or engine.host in self.allowed_hosts

    @property
    def markdown_style(self) -> MarkdownStyle:
        """The form of Markdown that is shown, copied and saved."""
        return MarkdownStyle(self.table_style, self.formula_style)


class SettingsFile:
    """Reads and writes the settings; an unreadable file is set aside, never overwritten.

    Attributes:
        is_lock_assumed: What `load` read last could not be read and may have said that the program stays offline, so
            the program does; for the face to say so.
    """

    def __init__(self, folder: Path) -> None:
        self.is_lock_assumed = False
        self._file = UserFile(folder / FILE_NAME)

    @property
    def set_aside(self) -> Path | None:
        """Where a file went that could not be read; None where there was none, or it could not be moved."""
        return self._file.set_aside

    def load(self) -> Settings:
        """The settings as they stand in the file; a value that does not fit is as if it were not there.

        A file that cannot be read leaves the lock behind that stood in it, also for the next start.
        """
        settings = replace(Settings(), **_fitting(self._file.read()))
        self.is_lock_assumed = self._file.is_unreadable and _may_lock(self._file.unread)
        if self.is_lock_assumed:
            settings = replace(settings, stay_offline=True)
            # Where it cannot be written the unreadable file mostly stands there still.
            with contextlib.suppress(OutputError):
                self.save(settings)
        return settings

    def save(self, settings: Settings) -> None:
        """Write the settings, whole or not at all.

        Raises:
            OutputError: OUTPUT_UNWRITABLE, the folder cannot be written, or an unreadable file could not be set aside;
                what stood in the file still stands there.
        """
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()}
        self._file.write(values)


def _fitting(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are of their setting's kind; by hand, because the window waits for its colours."""
    fitting: dict[str, Any] = {}
    for field in fields(Settings):
        value = values.get(field.name)
        default = field.default
        if field.name == LOCK:
            fitting[LOCK] = value is not None and value is not False
        elif isinstance(default, StrEnum):
            if value in list(type(default)):
                fitting[field.name] = type(default)(value)
        elif isinstance(default, tuple):
            if isinstance(value, list) and all(isinstance(each, str) for each in value):
                fitting[field.name] = tuple(value)
        elif type(value) is type(default) and _is_in_range(field.name, value):
            fitting[field.name] = value
    return fitting


def _may_lock(unread: bytes | None) -> bool:
    """Whether a file that could not be read may have said that the program stays offline."""
    # Some editors write two bytes for each letter.
    return unread is None or LINE_OF_LOCK.search(unread.replace(b"\0", b"")) is not None


def _is_in_range(name: str, value: Any) -> bool:
    if name not in _RANGES:
        return True
    least, most = _RANGES[name]
    return bool(least <= value <= most)
