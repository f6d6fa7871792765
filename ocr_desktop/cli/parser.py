"""The parser of every command: argparse, with errors and help as the program has them."""

from __future__ import annotations

import argparse
import os
import re
import sys

# `typing` alone would take a tenth of the time that `--help` does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TypeVar

    AnyArguments = TypeVar("AnyArguments", bound=argparse.Namespace)

PROGRAM = "ocr-desktop"
BAD_USAGE = 2
USUAL_WIDTH = 80
HELP_MARGIN = 2
UNKNOWN = "unrecognized arguments: "
"""How argparse begins."""
VALUES = re.compile("=.*", re.DOTALL)
"""From the first on: where each ends cannot be told."""


class Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line, like every other error of the program."""

    def __init__(self, program: str, description: str, epilog: str | None) -> None:
        super().__init__(
            prog=program,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=_HelpFormatter,
        )

    def parsed(self, arguments: list[str], namespace: AnyArguments, *, signed: str = "") -> AnyArguments:
        """What was typed, as the attributes of the namespace; what is `signed` may take a value such as `-5,0`."""
        arguments = _with_signs(arguments, signed)
        # Options may stand between two files. With `--` argparse takes either them there or files behind it, not both.
        if "--" in arguments:
            return self.parse_args(arguments, namespace)
        parsed = self.parse_intermixed_args(arguments, namespace)
        for each in getattr(parsed, "files", ()):
            # With a space in it, argparse takes an option that it does not know for a file.
            if each.startswith("-") and " " in each:
                self.error(f"{UNKNOWN}{each}")
        return parsed

    def error(self, message: str) -> NoReturn:
        from ocr_desktop.core.files import printable

        message = _without_values(message)
        sentence = printable(message[:1].upper() + message[1:])
        end = "" if sentence.endswith("?") else "."
        self.exit(BAD_USAGE, f"{PROGRAM}: error: Bad usage: {sentence}{end} See `{self.prog} --help`.\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError:
            from ocr_desktop.cli.console import forget_output

            forget_output()
        super().exit(status, message)


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Asks for the terminal's width without the slow import that argparse has for it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_terminal_width() - HELP_MARGIN)


def _without_values(message: str) -> str:
    """Of options that are not known their names alone: behind a mistyped one may stand a password."""
    known, unknown, options = message.partition(UNKNOWN)
    return message if not unknown else f"{known}{unknown}{VALUES.sub('=…', options)}"


def _with_signs(arguments: list[str], option: str) -> list[str]:
    """`--region -5,0` as `--region=-5,0`: argparse would take what follows for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined[-1:] == [option] and argument[:1] == "-" and argument[1:2].isdecimal():
            joined[-1] = f"{option}={argument}"
        else:
            joined.append(argument)
    return joined


def _terminal_width() -> int:
    """Columns: what the environment says, else the terminal, else what is usual."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and len(said) <= 4 and int(said):
        return int(said)
    try:
        return os.get_terminal_size(1).columns or USUAL_WIDTH
    except OSError:
        return USUAL_WIDTH
