"""Writing results, so that a file is either whole and new or as it was before."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Never

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
        if is_stream(path):
            _check_stream(path)
            _write_through(path, data)
        else:
            _write_beside(Path(os.path.realpath(path)), data)


def is_stream(path: Path) -> bool:
    """Whether a path is something that is written to and not replaced: a pipe, a terminal."""
    return path.exists() and not path.is_file()


def check_place(path: Path) -> None:
    """See that a file could be written there: a new one is made beside it, and taken away again.

    Raises:
        OutputError: OUTPUT_UNWRITABLE.
    """
    with _told_as_output_error(path):
        if is_stream(path):
            _check_stream(path)
        else:
            target = Path(os.path.realpath(path))
            _check_folder(target.parent, target.name)


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


def _check_folder(folder: Path, name: str = "") -> None:
    """See that a file of this name can be written in a folder; permissions alone do not say so, as in `/proc`."""
    if not folder.is_dir():
        _refuse(errno.ENOTDIR if folder.exists() else errno.ENOENT)
    beside = _name_beside(folder / (name or "folder"))
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        # On a full disk a file can be made, and nothing written into it.
        os.write(descriptor, b"\n")
    finally:
        os.close(descriptor)
        beside.unlink(missing_ok=True)


def _check_stream(path: Path) -> None:
    """See that a pipe or a device takes bytes. None is written, and no pipe is waited for.

    A disk is no place for a result: its content would be gone.
    """
    kind = path.stat().st_mode
    if stat.S_ISDIR(kind):
        _refuse(errno.EISDIR)
    if stat.S_ISBLK(kind) or stat.S_ISSOCK(kind):
        _refuse(errno.EINVAL)
    if not os.access(path, os.W_OK):
        _refuse(errno.EACCES)
    if stat.S_ISCHR(kind):
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            os.write(descriptor, b"")
        finally:
            os.close(descriptor)


def _refuse(number: int) -> Never:
    raise OSError(number, os.strerror(number))


def _write_through(target: Path, data: bytes) -> None:
    """Write to what is no file and cannot be replaced: a pipe, a terminal."""
    with target.open("wb") as file:
        file.write(data)


def _name_beside(target: Path) -> Path:
    return target.with_name(f".{target.name[:LONGEST_PREFIX]}.{secrets.token_hex(4)}.new")


def _write_beside(target: Path, data: bytes) -> None:
    beside = _name_beside(target)
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
