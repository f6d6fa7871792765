"""Runs one command and turns its end into an exit code."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Coroutine

from ocr_desktop.cli.arguments import (
    BAD_USAGE,
    PROGRAM,
    Arguments,
    DoctorArguments,
    EnginesArguments,
    ParseArguments,
    ReadArguments,
)
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import EXIT_BUG, EXIT_CODES, EXIT_INTERRUPTED, BadUsageError, error_text
from ocr_desktop.core.errors import OcrDesktopError, OutputError
from ocr_desktop.engines.name_lookups import EventLoop


def run_command(arguments: Arguments) -> int:
    """Run a command; the exit code says how it went, one line on standard error says why."""
    console = Console(quiet=getattr(arguments, "quiet", False), verbose=getattr(arguments, "verbose", False))
    try:
        return _dispatch(arguments, console)
    except OcrDesktopError as error:
        console.error(*error_text(error))
        return EXIT_CODES[type(error)]
    except BadUsageError as error:
        command = "read" if isinstance(arguments, ReadArguments) else "parse"
        console.error(f"Bad usage: {error}", f"See `{PROGRAM} {command} --help`")
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
            from ocr_desktop.cli.read import read

            return _waited_for(read(arguments, console))
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
