"""A TOML file of the user's own: read whole, written whole or not at all, and never lost when it cannot be read."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.files import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SET_ASIDE_SUFFIX = ".unreadable"
LARGEST_FILE_BYTES = 4 << 20
"""Far more than anybody's settings or prompts take; they are read before the first paint."""
NOTHING_THERE = frozenset({ErrorCode.FILE_MISSING, ErrorCode.BROKEN_LINK, ErrorCode.FILE_EMPTY})


class UserFile:
    """Reads and writes one file; an unreadable one is set aside, never overwritten.

    Attributes:
        set_aside: Where it went, for the face to say so; None where there was none, or where it could not be moved and
            still stands in its place.
        is_unreadable: What stood in the file when it was read last could not be used.
        unread: The bytes of such a file; None where not even they could be had, as of a pipe.
    """

    def __init__(self, path: Path) -> None:
        self.set_aside: Path | None = None
        self.is_unreadable = False
        self.unread: bytes | None = None
        self._path = path
        self._hindrance: OSError | None = None

    def read(self) -> dict[str, Any]:
        """What stands in the file; nothing where there is none, or where it was set aside."""
        self.is_unreadable, self.unread = False, None
        try:
            content = read_file(self._path, largest_bytes=LARGEST_FILE_BYTES)
        except InputError as error:
            if error.code not in NOTHING_THERE:
                self._give_up(None)
            return {}
        import tomllib

        try:
            return tomllib.loads(content.decode())
        except (ValueError, RecursionError):
            self._give_up(content)
            return {}

    def write(self, values: Mapping[str, Any]) -> None:
        """Write the file, whole or not at all.

        Raises:
            OutputError: OUTPUT_UNWRITABLE, the folder cannot be written, or an unreadable file could not be set aside;
                what stood in the file still stands there.
        """
        import tomli_w

        from ocr_desktop.services.exporting import make_folder, output_error, write_file

        if self._hindrance is not None:
            raise output_error(self._path, self._hindrance)
        make_folder(self._path.parent)
        write_file(self._path, tomli_w.dumps(values))

    def copy_aside(self) -> None:
        """Keep what stands in the file beside it, before it is written without the parts that could not be used.

        Raises:
            OutputError: OUTPUT_UNWRITABLE.
        """
        from ocr_desktop.services.exporting import output_error, write_file

        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise output_error(self._path, error) from error
        aside = self._free_name()
        write_file(aside, content)
        self.set_aside = aside

    def _give_up(self, content: bytes | None) -> None:
        self.is_unreadable, self.unread = True, content
        self._move_aside()

    def _move_aside(self) -> None:
        try:
            aside = self._free_name()
            self._path.replace(aside)
        except OSError as error:
            self._hindrance = error
        else:
            self.set_aside = aside

    def _free_name(self) -> Path:
        """A name that no file has: what was set aside before may be all that is left of somebody's work."""
        name = self._path.name + SET_ASIDE_SUFFIX
        names = (name + (f"-{number}" if number > 1 else "") for number in itertools.count(1))
        return next(path for path in map(self._path.with_name, names) if not os.path.lexists(path))
