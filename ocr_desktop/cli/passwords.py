"""The password of PDFs: from where it was said to come, and never shown."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ocr_desktop.cli.messages import BadUsageError
from ocr_desktop.cli.shared_arguments import STANDARD_STREAM
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.files import display_name, open_regular
from ocr_desktop.core.secret import Secret

if TYPE_CHECKING:
    from ocr_desktop.cli.console import Console
    from ocr_desktop.cli.read_arguments import ReadArguments

LONGEST_LINE = 4096
STANDARD_INPUT = "standard input"
NOTHING_IN_IT = "There is no password in the first line of --password-file ({})"


def given_password(arguments: ReadArguments, console: Console) -> Secret | None:
    """The password that opens the PDFs, where one was given.

    Raises:
        InputError: The file with it cannot be read; says why.
        BadUsageError: There is none in it, or it is no file.
    """
    if arguments.password is not None:
        console.warn(
            "--password shows in the list of processes while the program runs; --password-file keeps it from there"
        )
        return arguments.password
    if arguments.password_file is None:
        return None
    is_standard_input = arguments.password_file == STANDARD_STREAM
    name = STANDARD_INPUT if is_standard_input else display_name(arguments.password_file)
    try:
        line = _first_line_of_standard_input() if is_standard_input else _first_line(Path(arguments.password_file))
        # Some editors put a mark before the first word.
        text = line.rstrip(b"\r\n").decode("utf-8-sig")
    except InputError as error:
        if error.code is ErrorCode.FILE_EMPTY:
            raise BadUsageError(NOTHING_IN_IT.format(name)) from error
        if error.code is ErrorCode.NOT_A_FILE:
            raise BadUsageError(f"--password-file ({name}) is no file and no pipe") from error
        raise
    except OSError as error:
        raise InputError(ErrorCode.FILE_UNREADABLE, name=name, message=error.strerror or "") from error
    except UnicodeDecodeError:
        # Without its cause, which would show the bytes.
        raise BadUsageError(f"The first line of --password-file ({name}) is not UTF-8 text") from None
    if not text or len(line) > LONGEST_LINE:
        raise BadUsageError(NOTHING_IN_IT.format(name))
    return Secret(text)


def _first_line(path: Path) -> bytes:
    with _opened(path) as file:
        return file.readline(LONGEST_LINE + 1)


def _opened(path: Path) -> BinaryIO:
    """A file, or a pipe, as a shell makes one of a command that prints a password."""
    try:
        is_pipe = stat.S_ISFIFO(path.stat().st_mode)
    except OSError:
        is_pipe = False
    return path.open("rb") if is_pipe else open_regular(path)


def _first_line_of_standard_input() -> bytes:
    if sys.stdin is None:
        return b""
    if sys.stdin.isatty():
        return _typed().encode(errors="surrogateescape")
    return sys.stdin.buffer.readline(LONGEST_LINE + 1)


def _typed() -> str:
    """What somebody types at a terminal, which does not show it."""
    import getpass

    try:
        return getpass.getpass("Password: ")
    except EOFError:
        return ""
