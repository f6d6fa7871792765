"""What keeps `read` from sending a picture is seen before anything is sent, and said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocr_desktop.services.context import default_settings_folder
from tests.cli.conftest import Program
from tests.support.keyrings import LockedKeyring, MemoryKeyring, RefusingKeyring, keyring_in_place
from tests.support.provider_server import KEY, ProviderServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any") as server:
        yield server


def asked(server: ProviderServer) -> tuple[str, ...]:
    return ("read", "--engine", "custom", "--base-url", server.base_url, "--model", "m", "--retries", "0")


@pytest.mark.parametrize(
    ("content", "is_told"),
    [
        ('stay_offline = "true"\n', False),
        ("stay_offline = 1\n", False),
        ("stay_offline = true\nengine = \n", True),
    ],
)
def test_a_lock_that_cannot_be_read_is_on_now_and_at_the_next_start(
    program: Program, server: ProviderServer, picture: Path, content: str, is_told: bool
) -> None:
    settings = default_settings_folder() / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(content)
    ended = program(*asked(server), picture)
    assert ended.code == 4
    assert "while the program is offline" in ended.complaints[-1]
    if is_told:
        assert ended.complaints[0] == (
            f"warning: settings.toml could not be read and was set aside as {settings}.unreadable;"
            " Stay offline may have been on, so it is"
        )
    assert program(*asked(server), picture).code == 4
    assert server.requests == []


def spread(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), spread])
def test_prompts_that_never_end_are_not_waited_for(
    program: Program, server: ProviderServer, picture: Path, make: Callable[[Path], None]
) -> None:
    default_settings_folder().mkdir(parents=True)
    make(default_settings_folder() / "prompts.toml")
    ended = program(*asked(server), picture, "--preset", "receipts")
    assert ended.code == 2
    assert ended.complaints[0].startswith("warning: prompts.toml could not be read and was set aside as ")
    assert server.requests == []


@pytest.mark.parametrize("place", ["/proc/x.md", "/proc/new/", "/dev/full", "/sys/kernel/x.md"])
def test_a_place_that_takes_nothing_is_seen_before_the_picture_is_sent(
    program: Program, server: ProviderServer, picture: Path, place: str
) -> None:
    ended = program(*asked(server), picture, "-o", place)
    assert (ended.code, ended.output) == (3, b"")
    assert ended.complaint.startswith(f"error: {place.rstrip('/')}: it cannot be written (")
    assert server.requests == []


def test_a_result_can_go_nowhere_and_to_a_pipe(program: Program, tmp_path: Path) -> None:
    raw = tmp_path / "a.raw"
    raw.write_text("words")
    assert program("parse", raw, "-o", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()
    assert [path.name for path in tmp_path.iterdir()] == ["a.raw"]
    parse = [sys.executable, "-m", "ocr_desktop", "parse", str(raw), "-o", "/dev/stdout"]
    done = subprocess.run(parse, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"words\n", b"")


@pytest.mark.parametrize("backend", [LockedKeyring(), RefusingKeyring()], ids=["locked", "refusing"])
def test_a_keyring_that_does_not_open_is_told_and_is_no_missing_key(
    program: Program, picture: Path, monkeypatch: pytest.MonkeyPatch, backend: MemoryKeyring
) -> None:
    monkeypatch.setattr("ocr_desktop.cli.read.PASSWORD_PATIENCE_S", 0.5)
    with keyring_in_place(backend):
        ended = program("read", picture, "--engine", "ppio")
        quiet = program("read", picture, "--engine", "ppio", "-q")
    assert (ended.code, quiet.code) == (4, 4)
    closed = "the keyring does not open; it may be locked"
    assert quiet.complaint == ended.complaint
    assert quiet.complaint.startswith(
        f"error: PPIO: it needs a key and {closed}. Set the environment variable PPIO_API"
    )
