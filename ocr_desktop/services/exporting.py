"""Writing results, so that a file is either whole and new or as it was before."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import ErrorCode, OutputError
from ocr_desktop.core.files import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEW_FILE_MODE = 0o666
"""Before the user's own mask takes away from it."""
LONGEST_PREFIX = 40


def write_file(path: Path, content: str | bytes, *, follows_links: bool = True) -> None:
    """Write a file beside its place, then move it there; file mode and link targets are kept.

    Args:
        path: Where to.
        content: All of it.
        follows_links: A symbolic link stays, and the file it leads to is written; else the link itself is replaced.

    Raises:
        OutputError: OUTPUT_UNWRITABLE; what stood there before still stands there.
    """
    data = content.encode() if isinstance(content, str) else content
    with _told_as_output_error(path):
        if path.is_symlink() and not follows_links:
            _write_beside(path, data)
            return
        target = Path(os.path.realpath(path))
        if is_stream(target):
            _write_through(target, data)
        else:
            _write_beside(target, data)


def is_stream(path: Path) -> bool:
    """Whether a path is something that is written to and not replaced: a pipe, a terminal."""
    return path.exists() and not path.is_file()


def check_place(path: Path) -> None:
    """See that a file could be written there, as far as that can be seen without writing.

    Raises:
        OutputError: OUTPUT_UNWRITABLE.
    """
    target = Path(os.path.realpath(path))
    with _told_as_output_error(path):
        if not target.exists() or target.is_file():
            _check_folder(target.parent)


def make_folder(path: Path) -> None:
    """Make a folder where there is none yet, and see that files can be written into it.

    Raises:
        OutputError: OUTPUT_UNWRITABLE.
    """
    with _told_as_output_error(path):
        path.mkdir(parents=True, exist_ok=True)
        _check_folder(path)


class FreeNames:
    """Gives each result a file of its own in one folder, whatever the stems: `x.md`, then `x-2.md` and so on.

    Args:
        taken: Paths that no result gets.
    """

    def __init__(self, folder: Path, ending: str, taken: Iterable[Path]) -> None:
        self._folder = folder
        self._ending = ending
        self._taken = set(taken)
        self._next_numbers: dict[str, int] = {}

    def take(self, stem: str) -> Path:
        """The first path for this stem that is not taken; it is from now on."""
        number = self._next_numbers.get(stem, 1)
        while (path := self._numbered(stem, number)) in self._taken:
            number += 1
        self._next_numbers[stem] = number + 1
        self._taken.add(path)
        return path

    def _numbered(self, stem: str, number: int) -> Path:
        return self._folder / (f"{stem}{self._ending}" if number == 1 else f"{stem}-{number}{self._ending}")


def shown_path(path: str | Path) -> str:
    r"""A path as people may see it: no control characters, one line, bytes that are not UTF-8 as `\xNN`."""
    return printable(os.fsencode(path).decode("utf-8", "backslashreplace"))


def output_error(path: Path, error: OSError) -> OutputError:
    """Why a path cannot be written, in the system's own words."""
    return OutputError(
        ErrorCode.OUTPUT_UNWRITABLE, name=shown_path(path), reason=error.strerror or type(error).__name__
    )


@contextlib.contextmanager
def _told_as_output_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise output_error(path, error) from error


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        number = errno.ENOTDIR if folder.exists() else errno.ENOENT
    elif os.access(folder, os.W_OK | os.X_OK):
        return
    else:
        number = errno.EACCES
    raise OSError(number, os.strerror(number))


def _write_through(target: Path, data: bytes) -> None:
    """Write to what is no file and cannot be replaced: a pipe, a terminal."""
    with target.open("wb") as file:
        file.write(data)


def _write_beside(target: Path, data: bytes) -> None:
    beside = target.with_name(f".{target.name[:LONGEST_PREFIX]}.{secrets.token_hex(4)}.new")
    mode = target.stat().st_mode & 0o777 if target.exists() and not target.is_symlink() else None
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_FILE_MODE if mode is None else 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  (a descriptor, not a path)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            # Some file systems know no modes.
            with contextlib.suppress(OSError):
                beside.chmod(mode)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
