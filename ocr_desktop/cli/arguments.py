"""The command line as values, with argparse alone, so that `--help` answers at once."""

from __future__ import annotations

import argparse
import os
import sys

from ocr_desktop import __version__
from ocr_desktop.cli.values import count, seconds, size, text, tokens

# `typing` alone would take a tenth of the time that `--help` does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TypeVar

    AnyArguments = TypeVar("AnyArguments", bound=argparse.Namespace)

PROGRAM = "ocr-desktop"
PRESETS = ("markdown", "ocr", "free", "figure", "describe", "locate")
FORMATS = ("md", "txt", "json", "raw")
ENDINGS = (".md", ".txt", ".json", ".raw.txt")
"""Of files in these formats, in their order."""
USUAL_FORMAT = "md"
TABLE_STYLES = ("auto", "pipes", "html")
FORMULA_STYLES = ("dollars", "brackets")
STREAMED_FORMATS = ("md", "txt", "raw")
EMBEDDED = "embedded"
STANDARD_STREAM = "-"
BAD_USAGE = 2
USUAL_WIDTH = 80
HELP_MARGIN = 2
LIKENESS = 0.7
"""Of a mistyped command and what was meant, from 0 to 1."""

COMMANDS = ("read", "parse", "engines", "doctor")
COMMANDS_HELP = """\
commands (a file of such a name is ./NAME):
  read FILE...     recognise pictures without a window
  parse RAW        turn a saved raw model answer into the same outputs, without any engine
  engines          list the engines, and what keeps each from being used
  doctor           check what the program needs of this computer, and say what is wrong

`ocr-desktop COMMAND --help` tells the options of a command.
"""
EXIT_CODES = """\
exit codes: 0 done, 1 a bug, 2 bad usage, 3 an input cannot be read or an output cannot be written, 4 the engine
refused or cannot be reached, 5 the answer is incomplete, 6 some of several inputs failed, 130 interrupted
"""


DOCTOR_HELP = """\
Nothing is sent anywhere: whether an endpoint answers is not tried.

exit codes: 0 nothing hinders the program, 3 something does
"""


class WindowArguments(argparse.Namespace):
    """Open the window; `snapshot` draws it into a picture file instead, without a display."""

    files: list[str]
    offline: bool
    snapshot: str | None


class OutputArguments(argparse.Namespace):
    """What `read` and `parse` share.

    `preset` is one of the six or a saved prompt's id, and None where it was not given; `output` is None for standard
    output.
    """

    preset: str | None
    prompt: str | None
    format: str
    output: str | None
    tables: str
    formulas: str
    quiet: bool
    verbose: bool


class ReadArguments(OutputArguments):
    """`timeout` and `retries` are None where the settings say how long and how often."""

    files: list[str]
    engine: str
    base_url: str | None
    model: str | None
    locate: list[str]
    stream: bool
    timeout: float | None
    retries: int | None
    max_tokens: int | None
    offline: bool


class ParseArguments(OutputArguments):
    raw: str
    image_size: tuple[int, int] | None


class EnginesArguments(argparse.Namespace):
    json: bool


class DoctorArguments(argparse.Namespace):
    json: bool


Arguments = WindowArguments | ReadArguments | ParseArguments | EnginesArguments | DoctorArguments


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line, like every other error of the program."""

    def error(self, message: str) -> NoReturn:
        from ocr_desktop.core.files import printable

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


def parse_arguments(arguments: list[str]) -> Arguments:
    """What the user asked for; ends the program on `--help`, `--version` and bad usage."""
    command = arguments[0] if arguments else ""
    if command == "read":
        parser = _read_parser()
        read = _parsed(parser, arguments[1:], ReadArguments())
        _check_shared(parser, read)
        _check_question(parser, read)
        _check_read(parser, read)
        return read
    if command == "parse":
        parser = _parse_parser()
        parse = _parsed(parser, arguments[1:], ParseArguments())
        _check_shared(parser, parse)
        return parse
    if command == "engines":
        return _parsed(_engines_parser(), arguments[1:], EnginesArguments())
    if command == "doctor":
        return _parsed(_doctor_parser(), arguments[1:], DoctorArguments())
    parser = _window_parser()
    window = _parsed(parser, arguments, WindowArguments())
    if "--" not in arguments:
        _check_command(parser, window.files[0] if window.files else "")
    return window


def _parsed(parser: _Parser, arguments: list[str], namespace: AnyArguments) -> AnyArguments:
    # Options may stand between two files. With `--` argparse takes either them there or files behind it, not both.
    if "--" in arguments:
        return parser.parse_args(arguments, namespace)
    return parser.parse_intermixed_args(arguments, namespace)


def _window_parser() -> _Parser:
    parser = _new_parser(PROGRAM, "Turn pictures of text into text. Without a command: open the window.", COMMANDS_HELP)
    parser.add_argument("files", nargs="*", metavar="FILE", help="pictures to open; the first is shown")
    parser.add_argument("--offline", action="store_true", help="no request to any endpoint, whatever is asked")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument(
        "--snapshot",
        metavar="PNG",
        help="without a display: read the files, draw the window into this picture, print the Markdown",
    )
    return parser


def _read_parser() -> _Parser:
    parser = _new_parser(f"{PROGRAM} read", "Recognise pictures without a window.", EXIT_CODES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="pictures")
    engine = parser.add_argument_group("engine")
    engine.add_argument(
        "--engine", default=EMBEDDED, metavar="ID", help="embedded (default), or one that `engines` lists"
    )
    engine.add_argument("--base-url", type=text, metavar="URL", help="instead of the engine's own, for this call")
    engine.add_argument("--model", type=text, metavar="NAME", help="instead of the engine's own, for this call")
    engine.add_argument("--offline", action="store_true", help="no request to any endpoint, whatever is asked")
    engine.add_argument(
        "--timeout", type=seconds, metavar="SECONDS", help="longest silence of an endpoint (as in the settings: 120)"
    )
    engine.add_argument(
        "--retries",
        type=count,
        metavar="N",
        help="requests after a failed one, before the first word (as in the settings: 2)",
    )
    engine.add_argument("--max-tokens", type=tokens, metavar="N", help="of an answer (the engine's own)")
    _add_question(parser)
    parser.add_argument(
        "--locate",
        type=text,
        action="append",
        default=[],
        metavar="TEXT",
        help="find this text; may be given several times",
    )
    _add_output(parser)
    parser.add_argument(
        "--stream",
        action="store_true",
        help="print text as it arrives (md, txt, raw), also of a repetition that is then left out",
    )
    return parser


def _parse_parser() -> _Parser:
    parser = _new_parser(
        f"{PROGRAM} parse", "Turn a saved raw model answer into the same outputs, without any engine.", EXIT_CODES
    )
    parser.add_argument("raw", metavar="RAW", help="a file with the answer, or - for standard input")
    parser.add_argument(
        "--image-size", type=size, metavar="WxH", help="the picture's pixels, so that boxes come out in pixels"
    )
    _add_question(parser)
    _add_output(parser)
    return parser


def _engines_parser() -> _Parser:
    parser = _new_parser(f"{PROGRAM} engines", "List the engines, and what keeps each from being used.", None)
    parser.add_argument("--json", action="store_true", help="as a JSON list")
    return parser


def _doctor_parser() -> _Parser:
    description = "Check what the program needs of this computer, and say what is wrong."
    parser = _new_parser(f"{PROGRAM} doctor", description, DOCTOR_HELP)
    parser.add_argument("--json", action="store_true", help="as a JSON object")
    return parser


def _new_parser(program: str, description: str, epilog: str | None) -> _Parser:
    return _Parser(
        prog=program,
        description=description,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=_HelpFormatter,
    )


def _add_question(parser: _Parser) -> None:
    presets = ", ".join(PRESETS)
    parser.add_argument(
        "--preset",
        type=text,
        metavar="ID",
        help=f"what to ask: {presets} (default: markdown), or the id of a prompt that was saved in the window",
    )
    parser.add_argument("--prompt", type=text, metavar="TEXT", help="a prompt of your own, sent as it is")


def _add_output(parser: _Parser) -> None:
    output = parser.add_argument_group("output")
    output.add_argument(
        "--format", choices=FORMATS, metavar="ID", help=f"{', '.join(FORMATS)} (as --output ends, else md)"
    )
    output.add_argument(
        "-o", "--output", metavar="PATH", help="a file, or a folder where there are several inputs (standard output)"
    )
    output.add_argument(
        "--tables",
        choices=TABLE_STYLES,
        default="auto",
        metavar="STYLE",
        help="in Markdown: auto (pipes, or HTML where cells span others), pipes, html (auto)",
    )
    output.add_argument(
        "--formulas",
        choices=FORMULA_STYLES,
        default="dollars",
        metavar="STYLE",
        help="in Markdown: dollars ($x$) or brackets (\\(x\\)) (dollars)",
    )
    output.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    output.add_argument("-v", "--verbose", action="store_true", help="tell more of what is done, on standard error")


def _check_shared(parser: _Parser, arguments: OutputArguments) -> None:
    if arguments.prompt is not None and arguments.preset not in (None, *PRESETS):
        parser.error(f"--prompt does not go with --preset {arguments.preset}, which is a prompt itself")
    if arguments.output == "":
        parser.error("--output needs a name")
    if arguments.output == STANDARD_STREAM:
        arguments.output = None
    # argparse leaves None, which nobody else has to think of.
    arguments.format = arguments.format or _format_of(arguments.output or "")


def _format_of(output: str) -> str:
    """The format that a file's name ends in; `.raw.txt` ends in `.txt` too."""
    fitting = [pair for pair in zip(ENDINGS, FORMATS, strict=True) if output.lower().endswith(pair[0])]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else USUAL_FORMAT


def _check_command(parser: _Parser, first: str) -> None:
    """See that the first file is no command that was mistyped, or that stands behind an option."""
    if first in COMMANDS:
        parser.error(f"the command {first} has to come first")
    if not first.isalpha() or os.path.lexists(first):
        return
    import difflib

    for meant in difflib.get_close_matches(first.lower(), COMMANDS, 1, LIKENESS):
        parser.error(f"there is no file and no command {first}. Did you mean {meant}?")


def _check_question(parser: _Parser, arguments: ReadArguments) -> None:
    """What argparse cannot see: questions that do not go together."""
    if arguments.locate and arguments.preset not in (None, "locate"):
        parser.error(f"--locate does not go with --preset {arguments.preset}")
    if arguments.preset == "locate" and not arguments.locate and arguments.prompt is None:
        parser.error("--preset locate needs --locate TEXT")
    if arguments.locate and arguments.prompt is not None:
        parser.error("--locate does not go with --prompt")
    if any(not text.strip() for text in arguments.locate):
        parser.error("--locate needs a text that is not empty")
    if arguments.prompt is not None and not arguments.prompt.strip():
        parser.error("--prompt needs a text that is not empty")


def _check_read(parser: _Parser, arguments: ReadArguments) -> None:
    for option in ("--base-url", "--model", "--prompt"):
        if arguments.engine == EMBEDDED and getattr(arguments, option[2:].replace("-", "_")) is not None:
            parser.error(f"{option} is for an endpoint: name one with --engine, such as --engine custom")
    if arguments.stream and arguments.format not in STREAMED_FORMATS:
        parser.error(f"--stream does not go with --format {arguments.format}")
    if arguments.stream and arguments.output is not None:
        parser.error("--stream prints to standard output and does not go with --output")


def _terminal_width() -> int:
    """Columns: what the environment says, else the terminal, else what is usual."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and len(said) <= 4 and int(said):
        return int(said)
    try:
        return os.get_terminal_size(1).columns or USUAL_WIDTH
    except OSError:
        return USUAL_WIDTH
