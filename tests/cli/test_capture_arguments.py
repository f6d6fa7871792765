"""`capture` as it is typed, and what is printed of what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.cli.arguments import parse_arguments
from ocr_desktop.cli.capture_arguments import KINDS, PRESETS_OF_CAPTURES, CaptureArguments
from ocr_desktop.cli.run import run_capture
from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.capture_results import CaptureResult
from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError
from ocr_desktop.core.presets import PresetId
from tests.cli.conftest import Program
from tests.support.program import Ended

Tell = Callable[[CaptureResult], int]


def arguments(*typed: str) -> CaptureArguments:
    parsed = parse_arguments(["capture", *typed])
    assert isinstance(parsed, CaptureArguments)
    return parsed


def test_what_a_capture_is_when_nothing_is_said() -> None:
    parsed = arguments()
    assert (parsed.region, parsed.screen, parsed.delay, parsed.preset, parsed.engine) == (None, None, 0.0, None, None)
    assert (parsed.format, parsed.output, parsed.tables, parsed.formulas) == ("md", None, None, None)
    assert (parsed.clipboard, parsed.offline) == (True, False)


@pytest.mark.parametrize("typed", [("--region", "-1280,-5,640,480"), ("--region=-1280,-5,640,480",)])
def test_a_region_may_lie_left_of_and_above_the_first_screen(typed: tuple[str, ...]) -> None:
    assert arguments(*typed).region == (-1280, -5, 640, 480)


def test_everything_can_be_said() -> None:
    parsed = arguments(
        *("--screen", "2", "--delay", "1.5", "--preset", "table", "--engine", "ppio", "--model", "m", "-o", "out.txt"),
        *("--no-clipboard", "--offline", "--timeout", "3", "--retries", "0", "--max-tokens", "99", "--tables", "html"),
    )
    assert (parsed.screen, parsed.delay, parsed.preset, parsed.engine) == (2, 1.5, "table", "ppio")
    assert (parsed.model, parsed.output, parsed.format, parsed.clipboard) == ("m", "out.txt", "txt", False)
    assert (parsed.timeout, parsed.retries, parsed.max_tokens, parsed.tables) == (3.0, 0, 99, "html")


@pytest.mark.parametrize(
    "typed",
    [
        ("file.png",),
        ("--region", "1,2,3"),
        ("--region", "1,2,3,0"),
        ("--region", "1,2,3.5,4"),
        ("--region", "1,2,-3,4"),
        ("--region", "１,2,3,4"),
        ("--region", "9999999,2,3,4"),
        ("--region", "1,2,3,4", "--screen", "1"),
        ("--screen", "0"),
        ("--screen", "-1"),
        ("--delay", "-1"),
        ("--delay", "nan"),
        ("--delay", "4000"),
        ("--preset", "locate"),
        ("--base-url", "http://127.0.0.1/v1"),
        ("--model", "m", "--engine", "embedded"),
        ("--format", "docx"),
        ("-o", ""),
        ("--prompt", "x"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(program: Program, typed: tuple[str, ...]) -> None:
    ended = program("capture", *typed)
    assert (ended.code, ended.output) == (2, b"")
    assert re.fullmatch(r"error: Bad usage: [A-Z-].*\. See `ocr-desktop capture --help`\.", ended.complaint)


def test_the_names_that_stand_here_for_speed_are_the_ones_that_there_are() -> None:
    assert tuple(CaptureKind) == KINDS
    assert {*PRESETS_OF_CAPTURES, "markdown", "locate"} == set(PresetId)


def told(result: CaptureResult | OcrDesktopError, *typed: str) -> Callable[[], int]:
    """The command with something in place of the screen."""

    def on_the_screen(_: CaptureArguments, tell: Tell) -> int:
        if isinstance(result, OcrDesktopError):
            raise result
        return tell(result)

    return lambda: run_capture(arguments(*typed), on_the_screen)


def ended(command: Callable[[], int], capture: pytest.CaptureFixture[bytes]) -> Ended:
    code = command()
    written = capture.readouterr()
    return Ended(code, written.out, written.err)


LOST = EngineError(ErrorCode.CONNECTION_LOST, host="h")


@pytest.mark.parametrize(
    ("result", "code", "output", "complaint"),
    [
        (CaptureResult("words\n", Finish.COMPLETE), 0, "words\n", ""),
        (CaptureResult("", Finish.COMPLETE), 0, "", ""),
        (CaptureResult("wor\n", Finish.CUT), 5, "wor\n", "error: screen: the answer was cut off. Read the"),
        (CaptureResult("wor\n", Finish.ERROR, LOST), 5, "wor\n", "error: h: the connection broke off; what came bef"),
        (CaptureResult("", None, LOST), 4, "", "error: h: the connection broke off. Try again."),
        (CaptureResult("", Finish.CANCELLED), 130, "", ""),
        (CaptureResult("wor\n", Finish.CANCELLED), 130, "wor\n", ""),
        (InputError(ErrorCode.CAPTURE_DENIED), 3, "", "error: screen: the desktop does not allow this program"),
        (InputError(ErrorCode.CAPTURE_CANCELLED), 130, "", "error: screen: the capture was cancelled"),
        (InputError(ErrorCode.SCREEN_MISSING, number=4, count=2), 3, "", "error: screen 4: there is no such screen, t"),
    ],
)
def test_what_came_is_printed_and_told_as_an_exit_code(
    result: CaptureResult | OcrDesktopError,
    code: int,
    output: str,
    complaint: str,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    done = ended(told(result), capfdbinary)
    assert (done.code, done.text) == (code, output)
    assert "\n".join(done.complaints).startswith(complaint)
    assert bool(done.errors) == bool(complaint)


@pytest.mark.parametrize(("place", "written"), [("out.md", "out.md"), ("folder/", "folder/capture.md")])
def test_what_came_can_go_to_a_file(
    tmp_path: Path, place: str, written: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    done = ended(told(CaptureResult("words\n", Finish.COMPLETE), "-o", f"{tmp_path}/{place}"), capfdbinary)
    assert (done.code, done.output) == (0, b"")
    assert (tmp_path / written).read_text() == "words\n"


def test_where_the_result_cannot_go_nothing_is_captured(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def never(_: CaptureArguments, __: Tell) -> int:
        raise AssertionError("the screen was captured")

    done = ended(lambda: run_capture(arguments("-o", f"{tmp_path}/missing/out.md"), never), capfdbinary)
    assert (done.code, "it cannot be written" in done.complaint) == (3, True)
