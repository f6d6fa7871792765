"""What the user types becomes a value, or one line that says what is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ocr_desktop.cli.arguments import (
    DoctorArguments,
    EnginesArguments,
    ParseArguments,
    ReadArguments,
    WindowArguments,
    parse_arguments,
)
from ocr_desktop.cli.capture_arguments import CaptureArguments
from ocr_desktop.cli.messages import BadUsageError
from ocr_desktop.cli.run import run_capture
from ocr_desktop.cli.shared_arguments import ENDINGS, FORMATS, FORMULA_STYLES, PRESETS, TABLE_STYLES
from ocr_desktop.cli.values import LONGEST_SILENCE_S, MOST_RETRIES
from ocr_desktop.core import exports
from ocr_desktop.core.markdown import FormulaStyle, TableStyle
from ocr_desktop.core.page_ranges import PageRanges
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services import settings
from tests.cli.conftest import Program

NOT_BUILT_YET = ("history", "--jobs", "--resume", "docx")


def read_arguments(*arguments: str) -> ReadArguments:
    parsed = parse_arguments(["read", *arguments])
    assert isinstance(parsed, ReadArguments)
    return parsed


def test_without_a_command_the_window_opens_with_the_files() -> None:
    parsed = parse_arguments(["a.png", "b.png"])
    assert isinstance(parsed, WindowArguments)
    assert parsed.files == ["a.png", "b.png"]
    assert isinstance(parse_arguments([]), WindowArguments)


@pytest.mark.parametrize("arguments", [["./read"], ["--", "read"]])
def test_a_file_that_is_called_as_a_command_can_be_opened(arguments: list[str]) -> None:
    parsed = parse_arguments(arguments)
    assert isinstance(parsed, WindowArguments)
    assert Path(parsed.files[0]) == Path("read")


def test_what_read_does_when_nothing_is_said() -> None:
    parsed = read_arguments("a.png")
    assert (parsed.engine, parsed.preset, parsed.format, parsed.output) == ("embedded", None, "md", None)
    assert (parsed.timeout, parsed.retries, parsed.max_tokens) == (None, None, None), "the settings say"
    assert (parsed.stream, parsed.offline, parsed.quiet, parsed.verbose) == (False, False, False, False)


def test_options_may_stand_anywhere() -> None:
    parsed = read_arguments("a.png", "--format", "json", "b.png", "-o", "out/", "c.png", "-q")
    assert parsed.files == ["a.png", "b.png", "c.png"]
    assert (parsed.format, parsed.output, parsed.quiet) == ("json", "out/", True)


def test_behind_two_dashes_everything_is_a_file() -> None:
    assert read_arguments("-v", "--", "-odd.png", "--offline").files == ["-odd.png", "--offline"]


def test_a_password_shows_itself_nowhere(program: Program) -> None:
    parsed = read_arguments("a.pdf", "--password", "hush-hush", "--pages", "-2,7-")
    assert "hush-hush" not in repr(parsed)
    assert parsed.password is not None
    assert (parsed.password.reveal(), parsed.pages) == ("hush-hush", PageRanges(((1, 2), (7, None))))
    assert b"hush" not in program("read", "a.pdf", "--password", "hush-\udcff").errors


def test_a_dash_is_standard_input_and_output() -> None:
    parsed = parse_arguments(["parse", "-", "-o", "-", "--image-size", "1240x1754"])
    assert isinstance(parsed, ParseArguments)
    assert (parsed.raw, parsed.output, parsed.image_size) == ("-", None, (1240, 1754))


def test_several_terms_are_located_in_their_order() -> None:
    assert read_arguments("a.png", "--locate", "one", "--locate", "two words").locate == ["one", "two words"]


def test_engines_takes_json() -> None:
    parsed = parse_arguments(["engines", "--json"])
    assert isinstance(parsed, EnginesArguments)
    assert parsed.json


def test_doctor_takes_json() -> None:
    parsed = parse_arguments(["doctor", "--json"])
    assert isinstance(parsed, DoctorArguments)
    assert parsed.json


@pytest.mark.parametrize(
    ("options", "format_id"),
    [
        ([], "md"),
        (["-o", "out.md"], "md"),
        (["-o", "out.txt"], "txt"),
        (["-o", "OUT.JSON"], "json"),
        (["-o", "out.raw.txt"], "raw"),
        (["-o", "out.png"], "md"),
        (["-o", "json"], "md"),
        (["-o", "out.json/"], "md"),
        (["-o", "out.json", "--format", "txt"], "txt"),
    ],
)
def test_the_format_is_what_was_said_else_what_the_file_ends_in(options: list[str], format_id: str) -> None:
    assert read_arguments("a.png", *options).format == format_id


@pytest.mark.parametrize(
    ("mistyped", "meant"), [("raed", "read"), ("Read", "read"), ("prase", "parse"), ("engine", "engines")]
)
def test_a_mistyped_command_is_no_file(
    program: Program, mistyped: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = program(mistyped, "x.png")
    assert (ended.code, ended.output) == (2, b"")
    assert ended.complaint == (
        f"error: Bad usage: There is no file and no command {mistyped}. Did you mean {meant}? See `ocr-desktop --help`."
    )
    Path(mistyped).touch()
    assert isinstance(parse_arguments([mistyped]), WindowArguments)
    assert isinstance(parse_arguments(["./raeds"]), WindowArguments)
    assert isinstance(parse_arguments(["holiday"]), WindowArguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--unknown"],
        ["--offline", "read", "a.png"],
        ["--snapshot", "out.png", "engines"],
        ["read"],
        ["read", "a.png", "--unknown"],
        ["read", "a.png", "--form", "json"],
        ["read", "a.png", "--format", "docx"],
        ["read", "a.png", "--preset", "other"],
        ["read", "a.png", "--preset", "\udcff"],
        ["read", "a.png", "--preset", "locate"],
        ["read", "a.png", "--preset", "receipts", "--prompt", "x", "--engine", "ppio"],
        ["read", "a.png", "--preset", "receipts", "--locate", "x", "--engine", "ppio"],
        ["parse", "a", "--preset", "receipts", "--prompt", "x"],
        ["parse", "a", "--preset", "other"],
        ["read", "a.png", "--preset", "ocr", "--locate", "x"],
        ["read", "a.png", "--locate", "  "],
        ["read", "a.png", "--locate", "x", "--prompt", "y", "--engine", "ppio"],
        ["read", "a.png", "--prompt", "", "--engine", "ppio"],
        ["read", "a.png", "--prompt", "Read this."],
        ["read", "a.png", "--base-url", "http://127.0.0.1/v1"],
        ["read", "a.png", "--model", "m"],
        ["read", "a.png", "--model", "\udcff", "--engine", "ppio"],
        ["read", "a.png", "--locate", "\udcff"],
        ["read", "a.png", "--timeout", "0"],
        ["read", "a.png", "--timeout", "nan"],
        ["read", "a.png", "--timeout", "1e9"],
        ["read", "a.png", "--timeout", "1_0"],
        ["read", "a.png", "--timeout", "１０"],
        ["read", "a.png", "--timeout", "."],
        ["read", "a.png", "--timeout", "9" * 5000],
        ["read", "a.png", "--retries", "３"],
        ["read", "a.png", "--retries", "1_0"],
        ["read", "a.png", "--retries", "-1"],
        ["read", "a.png", "--retries", "101"],
        ["read", "a.png", "--max-tokens", "0"],
        ["read", "a.png", "--max-tokens", "9" * 5000],
        ["read", "a.png", "--stream", "--format", "json"],
        ["read", "a.png", "--stream", "-o", "out.md"],
        ["read", "a.png", "-o", ""],
        ["read", "a.png", "line\nbreak", "--bell\a"],
        ["read", "a.png", "--tables", "csv"],
        ["read", "a.pdf", "--pages", "0"],
        ["read", "a.pdf", "--pages", "3-1"],
        ["read", "a.pdf", "--pages", ""],
        ["read", "a.pdf", "--password", ""],
        ["read", "a.pdf", "--password", "x", "--password-file", "y"],
        ["parse", "a", "--formulas", "dollar"],
        ["parse"],
        ["parse", "a", "b"],
        ["parse", "a", "--engine", "ppio"],
        ["parse", "a", "--image-size", "10"],
        ["parse", "a", "--image-size", "0x10"],
        ["parse", "a", "--image-size", "10x10x10"],
        ["parse", "a", "--image-size", "99999999999999999999x1"],
        ["engines", "more"],
        ["doctor", "more"],
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(program: Program, arguments: list[str]) -> None:
    ended = program(*arguments)
    assert ended.code == 2
    assert ended.output == b""
    assert re.fullmatch(r"error: Bad usage: [A-Z-].*\. See `ocr-desktop.* --help`\.", ended.complaint)
    assert "\a" not in ended.complaint


@pytest.mark.parametrize("command", [(), ("read",), ("parse",), ("capture",), ("engines",), ("doctor",)])
def test_help_tells_what_there_is_and_nothing_else(program: Program, command: tuple[str, ...]) -> None:
    ended = program(*command, "--help")
    assert (ended.code, ended.errors) == (0, b"")
    assert ended.text.startswith(" ".join(("usage: ocr-desktop", *command)))
    assert [word for word in NOT_BUILT_YET if word in ended.text] == []
    assert "key" not in ended.text.replace("what keeps", "").lower()


def test_the_version_is_told(program: Program) -> None:
    from ocr_desktop import __version__

    assert program("--version").text == f"ocr-desktop {__version__}\n"


def test_the_names_that_stand_here_for_speed_are_the_ones_that_there_are() -> None:
    assert tuple(PresetId) == PRESETS
    assert tuple(exports.FORMATS) == FORMATS
    assert tuple(each.ending for each in exports.FORMATS.values()) == ENDINGS
    assert (settings.LONGEST_SILENCE_S, settings.MOST_RETRIES) == (LONGEST_SILENCE_S, MOST_RETRIES)
    assert tuple(TableStyle) == TABLE_STYLES
    assert tuple(FormulaStyle) == FORMULA_STYLES


def test_help_says_that_a_stream_shows_more_of_a_repetition_than_is_kept(program: Program) -> None:
    told = " ".join(program("read", "--help").text.split())
    assert "--stream print text as it arrives (md, txt, raw), also of a repetition that is then left out" in told


def test_what_is_wrong_with_a_command_s_options_names_its_own_help(capfd: pytest.CaptureFixture[str]) -> None:
    def refuse(*_: object) -> int:
        raise BadUsageError("There is no such preset")

    arguments = parse_arguments(["capture"])
    assert isinstance(arguments, CaptureArguments)
    assert run_capture(arguments, refuse) == 2
    assert capfd.readouterr().err.endswith("See `ocr-desktop capture --help`.\n")
