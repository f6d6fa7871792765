"""Writing results, so that a file is either whole and new or as it was before."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ocr_desktop.core.errors import ErrorCode, OutputError


def write_file(path: Path, text: str) -> None:
    """Write a file beside its place, then move it there; file mode and link targets are kept.

    Raises:
        OutputError: OUTPUT_UNWRITABLE; what stood there before still stands there.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            _write_through(target, text)
        else:
            _write_beside(target, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(ErrorCode.OUTPUT_UNWRITABLE, name=str(path), reason=reason) from error


def free_name(folder: Path, stem: str, ending: str, taken: set[Path]) -> Path:
    """A name in the folder that no other result of this call has: `x.md`, then `x-2.md` and so on."""
    number = 1
    while (path := folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")) in taken:
        number += 1
    return path


def _write_through(target: Path, text: str) -> None:
    """Write to what is no file and cannot be replaced: a pipe, a terminal."""
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(text)


def _write_beside(target: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".new")
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_mode_of(target))
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _mode_of(target: Path) -> int:
    """The mode that the file has, or that a new one would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
