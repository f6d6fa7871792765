"""The command line as values, with argparse alone, so that `--help` answers at once."""

from __future__ import annotations

import argparse
import os

from ocr_desktop import __version__
from ocr_desktop.cli.capture_arguments import CaptureArguments, capture_arguments
from ocr_desktop.cli.parser import PROGRAM, Parser
from ocr_desktop.cli.read_arguments import ReadArguments, read_arguments
from ocr_desktop.cli.shared_arguments import (
    EXIT_CODES,
    QuestionArguments,
    add_output,
    add_question,
    check_output,
    check_prompt,
)
from ocr_desktop.cli.values import size

LIKENESS = 0.7
"""Of a mistyped command and what was meant, from 0 to 1."""

COMMANDS = ("read", "parse", "capture", "engines", "doctor")
COMMANDS_HELP = """\
commands (a file of such a name is ./NAME):
  read FILE...     recognise pictures and PDFs without a window
  parse RAW        turn a saved raw model answer into the same outputs, without any engine
  capture          read a part of the screen, to the clipboard and standard output
  engines          list the engines, and what keeps each from being used
  doctor           check what the program needs of this computer, and say what is wrong

`ocr-desktop COMMAND --help` tells the options of a command.
"""

DOCTOR_HELP = """\
Nothing is sent anywhere: whether an endpoint answers is not tried.

exit codes: 0 nothing hinders the program, 3 something does
"""


class WindowArguments(argparse.Namespace):
    """Open the window with files and folders; `snapshot` draws it into a picture file instead, without a display."""

    files: list[str]
    offline: bool
    snapshot: str | None


class ParseArguments(QuestionArguments):
    raw: str
    image_size: tuple[int, int] | None


class EnginesArguments(argparse.Namespace):
    json: bool


class DoctorArguments(argparse.Namespace):
    json: bool


Arguments = WindowArguments | ReadArguments | ParseArguments | CaptureArguments | EnginesArguments | DoctorArguments


def parse_arguments(arguments: list[str]) -> Arguments:
    """What the user asked for; ends the program on `--help`, `--version` and bad usage."""
    match arguments[:1]:
        case ["read"]:
            return read_arguments(arguments[1:])
        case ["parse"]:
            return _parse_arguments(arguments[1:])
        case ["capture"]:
            return capture_arguments(arguments[1:])
        case ["engines"]:
            return _engines_parser().parsed(arguments[1:], EnginesArguments())
        case ["doctor"]:
            return _doctor_parser().parsed(arguments[1:], DoctorArguments())
        case _:
            return _window_arguments(arguments)


def _window_arguments(arguments: list[str]) -> WindowArguments:
    parser = Parser(PROGRAM, "Turn pictures of text into text. Without a command: open the window.", COMMANDS_HELP)
    parser.add_argument(
        "files", nargs="*", metavar="FILE|FOLDER", help="pictures, PDFs and folders to open; the first page is shown"
    )
    parser.add_argument("--offline", action="store_true", help="no request to any endpoint, whatever is asked")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument(
        "--snapshot",
        metavar="PNG",
        help="without a display: read the files, draw the window into this picture, print the Markdown",
    )
    window = parser.parsed(arguments, WindowArguments())
    if "--" not in arguments:
        _check_command(parser, window.files[0] if window.files else "")
    return window


def _parse_arguments(arguments: list[str]) -> ParseArguments:
    parser = Parser(
        f"{PROGRAM} parse", "Turn a saved raw model answer into the same outputs, without any engine.", EXIT_CODES
    )
    parser.add_argument("raw", metavar="RAW", help="a file with the answer, or - for standard input")
    parser.add_argument(
        "--image-size", type=size, metavar="WxH", help="the picture's pixels, so that boxes come out in pixels"
    )
    add_question(parser)
    add_output(parser, "a file, or a folder (standard output)")
    parse = parser.parsed(arguments, ParseArguments())
    check_prompt(parser, parse)
    check_output(parser, parse)
    return parse


def _engines_parser() -> Parser:
    parser = Parser(f"{PROGRAM} engines", "List the engines, and what keeps each from being used.", None)
    parser.add_argument("--json", action="store_true", help="as a JSON list")
    return parser


def _doctor_parser() -> Parser:
    description = "Check what the program needs of this computer, and say what is wrong."
    parser = Parser(f"{PROGRAM} doctor", description, DOCTOR_HELP)
    parser.add_argument("--json", action="store_true", help="as a JSON object")
    return parser


def _check_command(parser: Parser, first: str) -> None:
    """See that the first file is no command that was mistyped, or that stands behind an option."""
    if first in COMMANDS:
        parser.error(f"the command {first} has to come first")
    if not first.isalpha() or os.path.lexists(first):
        return
    import difflib

    for meant in difflib.get_close_matches(first.lower(), COMMANDS, 1, LIKENESS):
        parser.error(f"there is no file and no command {first}. Did you mean {meant}?")
