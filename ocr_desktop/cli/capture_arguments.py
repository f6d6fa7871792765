"""What `ocr-desktop capture` takes, as a value."""

from __future__ import annotations

from ocr_desktop.cli.parser import PROGRAM, Parser
from ocr_desktop.cli.shared_arguments import (
    EngineArguments,
    OutputArguments,
    add_engine,
    add_output,
    check_endpoint,
    check_output,
)
from ocr_desktop.cli.values import delay, region, screen, text

KINDS = ("markdown", "text", "table", "formula", "line")
"""What can be made of a part of the screen; each is also a letter on the overlay."""
PRESETS_OF_CAPTURES = ("ocr", "free", "figure", "describe")
"""Beside `markdown`, which is both a preset and a kind; what is located in a capture nobody could be shown."""
ABOUT = """\
Without --region and --screen a part of the screen is chosen with the mouse. What was read goes to the clipboard and to
standard output.
"""
EXIT_CODES = """\
exit codes: 0 done, 1 a bug, 2 bad usage, 3 the screen cannot be captured or an output cannot be written, 4 the engine
refused or cannot be reached, 5 the answer is incomplete, 130 cancelled or interrupted
"""


class CaptureArguments(OutputArguments, EngineArguments):
    """One capture of the screen.

    Attributes:
        region: x, y, width and height in logical pixels of the desktop, which has its origin at the primary screen's
            top left corner, so that x and y may be negative; None where the user chooses.
        screen: Counted from 1: all of that one; None where the user chooses.
        delay: Seconds before the screen is captured.
        preset: A kind of capture, a preset's id, or a saved prompt's; None: as in the settings. Once that is looked up
            (`cli.capture.run`) a preset's id, with the saved `prompt`, or None beside a `kind`.
        engine: None: as in the settings.
        clipboard: What was read goes there too.
    """

    region: tuple[int, int, int, int] | None
    screen: int | None
    delay: float
    engine: str | None
    clipboard: bool
    kind: str | None = None
    prompt: str | None = None


def capture_arguments(arguments: list[str]) -> CaptureArguments:
    """What the user asked for; ends the program on `--help` and bad usage."""
    parser = _parser()
    capture = parser.parsed(arguments, CaptureArguments(), signed="--region")
    check_output(parser, capture)
    check_endpoint(parser, capture.engine, base_url=capture.base_url, model=capture.model)
    if capture.preset == "locate":
        parser.error("--preset locate is for `read`, which can look for a text with --locate TEXT")
    return capture


def _parser() -> Parser:
    parser = Parser(f"{PROGRAM} capture", f"Read a part of the screen.\n\n{ABOUT}", EXIT_CODES)
    place = parser.add_argument_group("what is captured").add_mutually_exclusive_group()
    place.add_argument(
        "--region",
        type=region,
        metavar="X,Y,W,H",
        help="this part of the desktop, in logical pixels; X and Y may be negative",
    )
    place.add_argument("--screen", type=screen, metavar="N", help="all of this screen, counted from 1")
    parser.add_argument("--delay", type=delay, default=0.0, metavar="SECONDS", help="wait before the capture (0)")
    parser.add_argument(
        "--preset",
        type=text,
        metavar="ID",
        help=f"what to make of it: {', '.join(KINDS)} (as in the settings: markdown), {', '.join(PRESETS_OF_CAPTURES)},"
        " or the id of a prompt that was saved in the window",
    )
    add_engine(
        parser, "embedded, or one that `engines` lists (as in the settings for captures: embedded)", default=None
    )
    add_output(parser, "a file or a folder, instead of standard output", styles_as_in_settings=True)
    parser.add_argument(
        "--no-clipboard",
        dest="clipboard",
        action="store_false",
        help="leave the clipboard as it is, and end as soon as the result is written",
    )
    return parser
