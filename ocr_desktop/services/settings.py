"""What the user chose, kept between starts: one TOML file in the platform's settings folder."""

from __future__ import annotations

import itertools
import os
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ocr_desktop.core.markdown_style import FormulaStyle, MarkdownStyle, TableStyle

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "settings.toml"
SET_ASIDE_SUFFIX = ".unreadable"


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
        stay_offline: No request to any other machine, whatever is asked.
        allowed_hosts: Hosts to which the user has said that pictures may go.
        colour_scheme: Light, dark, or as the desktop has it.
        table_style: How Markdown has its tables.
        formula_style: What stands around formulas in Markdown.
    """

    engine: str = "embedded"
    preset: str = "markdown"
    auto_read: AutoRead = AutoRead.ON_THIS_COMPUTER
    stay_offline: bool = False
    allowed_hosts: tuple[str, ...] = ()
    colour_scheme: ColourScheme = ColourScheme.SYSTEM
    table_style: TableStyle = TableStyle.AUTO
    formula_style: FormulaStyle = FormulaStyle.DOLLARS

    @property
    def markdown_style(self) -> MarkdownStyle:
        """The form of Markdown that is shown, copied and saved."""
        return MarkdownStyle(self.table_style, self.formula_style)


class SettingsFile:
    """Reads and writes the settings; an unreadable file is set aside, never overwritten.

    `set_aside` names where, for the face to say so; it is None where the file could not be moved and still stands in
    its place.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self.set_aside: Path | None = None
        self._hindrance: OSError | None = None

    def load(self) -> Settings:
        """The settings as they stand in the file; a value that does not fit is as if it were not there."""
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError):
            self._move_aside()
            return Settings()
        import tomllib

        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError):
            self._move_aside()
            return Settings()
        return replace(Settings(), **_fitting(values))

    def save(self, settings: Settings) -> None:
        """Write the settings, whole or not at all.

        Raises:
            OutputError: OUTPUT_UNWRITABLE, the folder cannot be written, or an unreadable file could not be set aside;
                what stood in the file still stands there.
        """
        import tomli_w

        from ocr_desktop.services.exporting import make_folder, output_error, write_file

        if self._hindrance is not None:
            raise output_error(self._path, self._hindrance)
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()}
        make_folder(self._path.parent)
        write_file(self._path, tomli_w.dumps(values))

    def _move_aside(self) -> None:
        names = (FILE_NAME + SET_ASIDE_SUFFIX + (f"-{number}" if number > 1 else "") for number in itertools.count(1))
        try:
            # What was set aside before may be all that is left of somebody's settings.
            aside = next(path for path in map(self._path.with_name, names) if not os.path.lexists(path))
            self._path.replace(aside)
        except OSError as error:
            self._hindrance = error
        else:
            self.set_aside = aside


def _fitting(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are of their setting's kind; by hand, because the window waits for its colours."""
    fitting: dict[str, Any] = {}
    for field in fields(Settings):
        value = values.get(field.name)
        default = field.default
        if isinstance(default, StrEnum):
            if value in list(type(default)):
                fitting[field.name] = type(default)(value)
        elif isinstance(default, tuple):
            if isinstance(value, list) and all(isinstance(each, str) for each in value):
                fitting[field.name] = tuple(value)
        elif type(value) is type(default):
            fitting[field.name] = value
    return fitting
