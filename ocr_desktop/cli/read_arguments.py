"""What `ocr-desktop read` takes, as a value."""

from __future__ import annotations

import argparse

from ocr_desktop.cli.parser import PROGRAM, Parser
from ocr_desktop.cli.shared_arguments import (
    EMBEDDED,
    EXIT_CODES,
    STANDARD_STREAM,
    EngineArguments,
    QuestionArguments,
    add_engine,
    add_output,
    add_question,
    check_endpoint,
    check_output,
    check_prompt,
)
from ocr_desktop.cli.values import TURNS, pages, secret, text, turns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ocr_desktop.core.page_ranges import PageRanges
    from ocr_desktop.core.secret import Secret

STANDARD_INPUTS = (STANDARD_STREAM, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
STREAMED_FORMATS = ("md", "txt", "raw")
ABOUT_INPUTS = """\
An input is a picture, a PDF, or a folder with such files. Each file gives one result with all its pages, in their
order. Of a page that cannot be read its line on standard error tells, and the others are read all the same.
"""


class ReadArguments(QuestionArguments, EngineArguments):
    """`files` are files, folders and links as they were typed; `pages` is None for all; `turn` is quarter turns.

    `align`: text that came without positions gets them from the embedded engine, where the format tells any.
    """

    files: list[str]
    subfolders: bool
    pages: PageRanges | None
    turn: int
    password: Secret | None
    password_file: str | None
    text_layer: bool
    download: bool
    engine: str
    locate: list[str]
    align: bool
    stream: bool


def read_arguments(arguments: list[str]) -> ReadArguments:
    """What the user asked for; ends the program on `--help` and bad usage."""
    parser = _parser()
    read = parser.parsed(arguments, ReadArguments(), signed="--pages")
    check_prompt(parser, read)
    check_output(parser, read)
    _check_files(parser, read)
    _check_question(parser, read)
    _check_stream(parser, read)
    check_endpoint(parser, read.engine, base_url=read.base_url, model=read.model, prompt=read.prompt)
    return read


def _parser() -> Parser:
    parser = Parser(f"{PROGRAM} read", f"Recognise pictures and PDFs without a window.\n\n{ABOUT_INPUTS}", EXIT_CODES)
    parser.add_argument("files", nargs="+", metavar="FILE|FOLDER", help="pictures, PDFs, and folders of them")
    _add_input(parser)
    add_engine(parser, "embedded (default), or one that `engines` lists", default=EMBEDDED)
    add_question(parser)
    parser.add_argument(
        "--locate",
        type=text,
        action="append",
        default=[],
        metavar="TEXT",
        help="find this text; may be given several times",
    )
    add_output(parser, "a file, or a folder where there are several inputs (standard output)")
    parser.add_argument(
        "--align",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="in JSON: boxes for an endpoint's text that came without any, from the text that this computer reads (on)",
    )
    parser.add_argument(
        "--stream",
        action="store_true",
        help="print text as it arrives (md, txt, raw), also of a repetition that is then left out",
    )
    return parser


def _add_input(parser: Parser) -> None:
    group = parser.add_argument_group("input")
    group.add_argument("--subfolders", action="store_true", help="of a folder also what lies in the folders in it")
    group.add_argument(
        "--pages",
        type=pages,
        metavar="RANGE",
        help="of a PDF or a picture with several: 1-3,7 or 3- or -2 (the first two); each once, in ascending order",
    )
    group.add_argument(
        "--turn",
        type=turns,
        default=0,
        metavar="DEGREES",
        help=f"turn every page clockwise before it is read: {', '.join(TURNS)} (0)",
    )
    secrets = group.add_mutually_exclusive_group()
    secrets.add_argument(
        "--password",
        type=secret,
        metavar="TEXT",
        help="of a PDF; other users of this computer can see it while the program runs, so better --password-file;"
        " one that begins with a hyphen is given as --password=TEXT",
    )
    secrets.add_argument(
        "--password-file", metavar="FILE", help="whose first line is the password, or - for standard input"
    )
    group.add_argument(
        "--text-layer",
        action="store_true",
        help="take the text that a PDF holds itself; pages without any are read by the engine",
    )
    group.add_argument(
        "--download", action="store_true", help="an input may be an https:// link, and is fetched from there"
    )


def _check_files(parser: Parser, arguments: ReadArguments) -> None:
    if any(each in STANDARD_INPUTS for each in arguments.files):
        parser.error(f"standard input is not read from; name the file (one that is called so is ./{STANDARD_STREAM})")


def _check_question(parser: Parser, arguments: ReadArguments) -> None:
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


def _check_stream(parser: Parser, arguments: ReadArguments) -> None:
    if arguments.stream and arguments.format not in STREAMED_FORMATS:
        parser.error(f"--stream does not go with --format {arguments.format}")
    if arguments.stream and arguments.output is not None:
        parser.error("--stream prints to standard output and does not go with --output")
