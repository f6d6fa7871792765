"""Runs one command and turns its end into an exit code."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from ocr_desktop.cli.arguments import Arguments, DoctorArguments, EnginesArguments, ParseArguments
from ocr_desktop.cli.capture_arguments import CaptureArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import (
    EXIT_BUG,
    EXIT_CODES,
    EXIT_INTERRUPTED,
    BadUsageError,
    error_text,
    exit_code_of,
)
from ocr_desktop.cli.parser import BAD_USAGE, PROGRAM
from ocr_desktop.cli.read_arguments import ReadArguments
from ocr_desktop.core.errors import OcrDesktopError, OutputError
from ocr_desktop.engines.name_lookups import EventLoop

if TYPE_CHECKING:
    from ocr_desktop.cli.capture import Capture


NAMES: dict[type[Arguments], str] = {
    ReadArguments: "read",
    ParseArguments: "parse",
    CaptureArguments: "capture",
    EnginesArguments: "engines",
    DoctorArguments: "doctor",
}


def run_command(arguments: Arguments) -> int:
    """Run a command; the exit code says how it went, one line on standard error says why."""
    return _ended(arguments, lambda console: _dispatch(arguments, console))


def run_capture(arguments: CaptureArguments, capture: Capture) -> int:
    """Run the one command that the window's side carries out, which the command line does not know."""
    from ocr_desktop.cli.capture import run

    return _ended(arguments, lambda console: run(arguments, console, capture))


def _ended(arguments: Arguments, command: Callable[[Console], int]) -> int:
    console = Console(quiet=getattr(arguments, "quiet", False), verbose=getattr(arguments, "verbose", False))
    try:
        return command(console)
    except OcrDesktopError as error:
        console.error(*error_text(error))
        return exit_code_of(error)
    except BadUsageError as error:
        console.error(f"Bad usage: {error}", f"See `{PROGRAM} {NAMES[type(arguments)]} --help`")
        return BAD_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone and wants to hear no more.
        return EXIT_CODES[OutputError]
    except Exception:
        if sys.stderr is not None:
            traceback.print_exc()
        console.error("program: this is a bug in it", "Please report the lines above")
        return EXIT_BUG


def _dispatch(arguments: Arguments, console: Console) -> int:
    match arguments:
        case ReadArguments():
            from ocr_desktop.cli.passwords import given_password
            from ocr_desktop.cli.read import check_links, read

            check_links(arguments)
            # Whoever types it is waited for, and no event loop takes the Ctrl+C of somebody who does not.
            password = given_password(arguments, console)
            return _waited_for(read(arguments, console, password))
        case ParseArguments():
            from ocr_desktop.cli.parse import parse

            return parse(arguments, console)
        case EnginesArguments():
            from ocr_desktop.cli.engines import list_engines

            return _waited_for(list_engines(arguments, console))
        case DoctorArguments():
            from ocr_desktop.cli.doctor import examine

            return _waited_for(examine(arguments, console))
        case _:
            raise AssertionError(f"not a command: {arguments!r}")


def _waited_for(command: Coroutine[None, None, int]) -> int:
    with asyncio.Runner(loop_factory=EventLoop) as runner:
        return runner.run(command)
