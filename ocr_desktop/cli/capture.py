"""`ocr-desktop capture`: what the window's side captured and read is printed, and told as an exit code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.cli.messages import (
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    INCOMPLETE,
    broken_off_text,
    error_text,
    exit_code_of,
    incomplete_text,
)
from ocr_desktop.core.document import Finish
from ocr_desktop.core.exports import FORMATS
from ocr_desktop.services.exporting import check_place, make_folder, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.cli.capture_arguments import CaptureArguments
    from ocr_desktop.cli.console import Console
    from ocr_desktop.core.capture_results import CaptureResult

    Capture = Callable[[CaptureArguments, Callable[[CaptureResult], int]], int]
    """Captures and reads, gives the result to what tells of it, and returns the exit code that it got from there."""

NAME = "screen"
STEM = "capture"


def run(arguments: CaptureArguments, console: Console, capture: Capture) -> int:
    """Capture, having seen that the result has a place to go to.

    Raises:
        OutputError: OUTPUT_UNWRITABLE; nothing was captured.
        OcrDesktopError: Whatever the capture raises.
    """
    target = _target(arguments)
    return capture(arguments, lambda result: _told(result, target, console))


def _target(arguments: CaptureArguments) -> Path | None:
    if arguments.output is None:
        return None
    path = Path(arguments.output)
    if arguments.output.endswith((os.sep, "/")) or path.is_dir():
        make_folder(path)
        return path / f"{STEM}{FORMATS[arguments.format].ending}"
    check_place(path)
    return path


def _told(result: CaptureResult, target: Path | None, console: Console) -> int:
    """Write the result and say what is wrong with it; the exit code tells that too.

    Raises:
        OutputError: OUTPUT_UNWRITABLE.
        BrokenPipeError: Whoever read standard output has gone.
    """
    if result.text:
        if target is None:
            console.write(result.text)
        else:
            write_file(target, result.text)
    if result.finish is Finish.CANCELLED:
        return EXIT_INTERRUPTED
    if result.finish in INCOMPLETE:
        told = incomplete_text(result.finish, NAME) if result.error is None else broken_off_text(result.error, NAME)
        console.error(*told)
        return EXIT_INCOMPLETE
    if result.error is not None:
        console.error(*error_text(result.error, name=NAME))
        return exit_code_of(result.error)
    return 0
