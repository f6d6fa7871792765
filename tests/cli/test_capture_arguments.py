"""`capture` as it is typed, and what is printed of what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.cli import capture as capture_command
from ocr_desktop.cli.arguments import parse_arguments
from ocr_desktop.cli.capture_arguments import KINDS, PRESETS_OF_CAPTURES, CaptureArguments
from ocr_desktop.cli.run import run_capture
from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.capture_results import CaptureResult
from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.context import AppContext
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
        (CaptureResult("", Finish.COMPLETE, None, (WarningCode.EMPTY_ANSWER,)), 0, "", "warning: screen: no text was"),
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
    done = ended(lambda: run_capture(arguments("-o", f"{tmp_path}/missing/out.md"), never), capfdbinary)
    assert (done.code, "it cannot be written" in done.complaint) == (3, True)


def never(_: CaptureArguments, __: Tell) -> int:
    raise AssertionError("the screen was captured")


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (("--engine", "nosuch"), r"engine nosuch: there is no such engine\. Choose one of: embedded, .*"),
        (
            ("--preset", "nosuch"),
            r"Bad usage: There is no preset .* nosuch; known are markdown, text, .*`ocr-desktop cap.*",
        ),
        (("--engine", "custom", "--base-url", "nowhere"), r"engine custom: its base URL .*"),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_done(
    tmp_path: Path, typed: tuple[str, ...], complaint: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    place = tmp_path / "new"
    done = ended(lambda: run_capture(arguments(*typed, "-o", f"{place}/"), never), capfdbinary)
    assert (done.code, done.output) == (2, b"")
    assert re.fullmatch(f"error: {complaint}", done.complaint), done.complaint
    assert not place.exists()


@pytest.fixture
def saved_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(capture_command, "AppContext", lambda: AppContext(tmp_path))
    (tmp_path / "prompts.toml").write_text(
        '[[prompt]]\nid = "my-own"\ntitle = "My own"\npreset = "free"\nprompt = "Read it."\n', "utf-8"
    )
    return "my-own"


def test_a_saved_prompt_is_what_it_is_for_read(saved_prompt: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    asked: list[tuple[str | None, ...]] = []

    def capture(arguments: CaptureArguments, _: Tell) -> int:
        asked.append((arguments.kind, arguments.preset, arguments.prompt))
        return 0

    for wanted in (saved_prompt, "table", "ocr"):
        assert run_capture(arguments("--preset", wanted, "--engine", "ppio"), capture) == 0
    assert asked == [(None, "free", "Read it."), ("table", None, None), (None, "ocr", None)]
    done = ended(lambda: run_capture(arguments("--preset", saved_prompt, "--engine", "embedded"), never), capfdbinary)
    assert (done.code, "--preset my-own is for an endpoint" in done.complaint) == (2, True)


READ = '{"schema":"ocr-desktop/document/1","pages":[{"number":1,"markdown":"wor"}]}\n'


@pytest.mark.parametrize(
    ("result", "code", "pages", "error"),
    [
        (CaptureResult("", None, LOST), 4, [(1, "connection_lost")], None),
        (CaptureResult("", None, InputError(ErrorCode.CAPTURE_BLANK)), 3, [], "capture_blank"),
        (InputError(ErrorCode.CAPTURE_DENIED), 3, [], "capture_denied"),
        (CaptureResult(READ, Finish.CUT), 5, [(1, "cut")], None),
        (CaptureResult(READ, Finish.ERROR, LOST), 5, [(1, "connection_lost")], None),
        (CaptureResult(READ, Finish.COMPLETE), 0, [(1, None)], None),
    ],
)
def test_in_json_a_failure_is_told_as_read_tells_it(
    result: CaptureResult | OcrDesktopError,
    code: int,
    pages: list[tuple[int, str | None]],
    error: str | None,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    done = ended(told(result, "--format", "json", "--engine", "ppio"), capfdbinary)
    document = json.loads(done.text)
    assert done.code == code
    assert document["schema"] == "ocr-desktop/document/1"
    assert [(page["number"], page.get("error", {}).get("code")) for page in document["pages"]] == pages
    assert document.get("error", {}).get("code") == error
    told_errors = [each for each in (document, *document["pages"]) if "error" in each]
    assert all(each["error"].keys() == {"code", "message", "hint"} for each in told_errors)
    assert len(done.complaints) == len(told_errors)
    if pages and not isinstance(result, OcrDesktopError) and not result.text:
        assert document["engine"]["id"] == "ppio"


def test_in_json_a_cancelled_capture_is_nothing(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    done = ended(told(CaptureResult("", Finish.CANCELLED), "--format", "json"), capfdbinary)
    assert (done.code, done.output, done.errors) == (130, b"", b"")
