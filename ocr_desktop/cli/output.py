"""Where results go: standard output, a file, or a folder with a file for each input."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ocr_desktop.cli.console import Console
from ocr_desktop.core.document import Document
from ocr_desktop.core.errors import ErrorCode, OutputError, UsageError
from ocr_desktop.core.exports import FORMATS, Format
from ocr_desktop.services.exporting import free_name, write_file


class Output:
    """The place that the user named, or standard output; each input's result is written once.

    Raises (also when made):
        UsageError: OUTPUT_NEEDS_FOLDER, several inputs and a single file.
        OutputError: OUTPUT_UNWRITABLE.
    """

    def __init__(self, format_id: str, path: str | None, console: Console, *, several: bool) -> None:
        self._format: Format = FORMATS[format_id]
        self._path = None if path is None else Path(path)
        self._is_folder = path is not None and (path.endswith((os.sep, "/")) or Path(path).is_dir())
        self._console = console
        self._written: set[Path] = set()
        if several and path is not None and not self._is_folder:
            raise UsageError(ErrorCode.OUTPUT_NEEDS_FOLDER, name=path)
        if self._is_folder and self._path is not None:
            _make_folder(self._path)

    def write(self, document: Document, named_after: Path, problem: dict[str, str] | None = None) -> None:
        """Write one input's document; `problem` is told in the JSON of its page, or of itself where it has none."""
        text = self._format.write(document)
        if problem is not None and self._format.id == "json":
            text = _with_problem(text, problem)
        self._put(text, named_after)

    def _put(self, text: str, named_after: Path) -> None:
        if self._path is None:
            self._console.write(text)
        elif self._is_folder:
            target = free_name(self._path, named_after.stem, self._format.ending, self._written)
            self._written.add(target)
            write_file(target, text)
        else:
            write_file(self._path, text)


def _with_problem(text: str, problem: dict[str, str]) -> str:
    import msgspec

    document: dict[str, Any] = msgspec.json.decode(text)
    for page in document["pages"] or [document]:
        page["error"] = problem
    return msgspec.json.encode(document).decode() + "\n"


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(ErrorCode.OUTPUT_UNWRITABLE, name=str(path), reason=reason) from error
