"""The files that were opened last, kept between starts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.services.user_file import UserFile

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE_NAME = "recent.toml"
KEY = "files"
MOST_KEPT = 12


class RecentFiles:
    """Reads and writes the list, the newest first. What is in a folder is kept as that folder.

    Whether a file is still there is not looked at: its disk may be away, or slow.
    """

    def __init__(self, folder: Path) -> None:
        self._file = UserFile(folder / FILE_NAME)
        self._paths: tuple[Path, ...] | None = None

    def list(self) -> tuple[Path, ...]:
        """The files; a list that cannot be read is an empty one."""
        if self._paths is None:
            kept = self._file.read().get(KEY)
            texts = kept if isinstance(kept, list) else []
            self._paths = tuple(Path(text) for text in texts if isinstance(text, str) and os.path.isabs(text))  # noqa: PTH117  (before it is a path)
            self._paths = self._paths[:MOST_KEPT]
        return self._paths

    def add(self, paths: Iterable[Path]) -> None:
        """Put these in front.

        Raises:
            OutputError: The list cannot be written.
        """
        added = [path for path in paths if _can_be_written(path)]
        kept = [*added, *(path for path in self.list() if path not in added)]
        self._write(tuple(dict.fromkeys(kept))[:MOST_KEPT])

    def clear(self) -> None:
        """Forget them all.

        Raises:
            OutputError: The list cannot be written.
        """
        self._write(())

    def _write(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self._file.write({KEY: [str(path) for path in paths]})


def _can_be_written(path: Path) -> bool:
    """Whether a name is one that UTF-8 can say; the list is such a text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
