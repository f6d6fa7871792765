"""Where a password comes from: waited for as long as somebody likes, and never shown."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
from pathlib import Path

import pytest

from ocr_desktop.cli.arguments import parse_arguments
from tests.cli.conftest import Program
from tests.support.pdf_encryption import Encryption, Method
from tests.support.pdfs import PdfPage, Text, pdf_of
from tests.support.program import COMMAND, PATIENCE_S, Running

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("locked") / "locked.pdf"
    path.write_bytes(pdf_of(PdfPage((Text("Secret words"),)), encryption=Encryption(Method.AES_256, user=PASSWORD)))
    return path


def test_who_waits_for_a_password_can_be_interrupted(picture: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # The pipe is open when the program waits at the other end.
    with Running("read", picture, "--password-file", pipe) as running, pipe.open("wb"):
        running.process.send_signal(signal.SIGINT)
        ended = running.ended()
    assert (ended.code, ended.output, ended.errors) == (130, b"", b"")


def test_at_a_terminal_it_is_asked_for_and_does_not_show(locked: Path) -> None:
    terminal, its_side = pty.openpty()
    arguments = ("read", locked, "--text-layer", "--format", "txt", "--quiet", "--password-file", "-")
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=its_side,
        stdout=subprocess.PIPE,
        stderr=its_side,
        start_new_session=True,
    )
    os.close(its_side)
    try:
        assert select.select([terminal], [], [], PATIENCE_S)[0], "it asks"
        shown = os.read(terminal, 1000)
        os.write(terminal, f"{PASSWORD}\n".encode())
        output, _ = process.communicate(timeout=PATIENCE_S)
        # The line break that is typed, and nothing of what comes before it.
        shown += os.read(terminal, 1000)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    assert (output, shown.strip()) == (b"Secret words\n", b"Password:")


def test_a_mark_before_the_first_word_is_no_part_of_it(program: Program, locked: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(f"\ufeff{PASSWORD}\n".encode())
    ended = program("read", locked, "--text-layer", "--format", "txt", "--password-file", tmp_path / "password")
    assert (ended.code, ended.text) == (0, "Secret words\n")


def test_what_holds_no_password_is_told_of_as_its_file_and_not_as_a_picture(
    program: Program, picture: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()
    for path, told in (
        (tmp_path / "empty", "There is no password in the first line of --password-file (empty)"),
        (tmp_path, f"--password-file ({tmp_path.name}) is no file and no pipe"),
        (Path("/dev/null"), "--password-file (null) is no file and no pipe"),
    ):
        ended = program("read", picture, "--password-file", path)
        assert ended.code == 2
        assert ended.complaint == f"error: Bad usage: {told}. See `ocr-desktop read --help`."


@pytest.mark.parametrize(
    "arguments",
    [
        ("read", "page.pdf", "--pasword=hush"),
        ("read", "page.pdf", "-p=hush"),
        ("read", "page.pdf", "--pasword=oh hush", "--more"),
        ("--password=hush", "page.pdf"),
        ("--password=oh hush", "page.pdf"),
        ("capture", "--password=hush"),
    ],
)
def test_a_mistyped_option_does_not_show_the_password_behind_it(
    arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(list(arguments))
    told = capfd.readouterr().err
    assert (ended.value.code, "hush" in told) == (2, False)
    assert "nrecognized arguments: -" in told


def test_one_that_begins_with_a_hyphen_can_be_given(program: Program, picture: Path) -> None:
    assert program("read", picture, "--password=-abc", "--engine", "ppio", "--offline", "--quiet").code == 4
