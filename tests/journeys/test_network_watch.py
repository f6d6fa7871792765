"""Reading on this computer speaks to nobody and leaves nothing behind: every call to the system is looked at."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.pictures import Words, draw_page
from tests.support.program import COMMAND
from tests.support.system_calls import python, reason_not_to_watch, watched

WORDS = "Nobody else has seen this"
OWN_FAMILIES = {"AF_UNIX", "AF_LOCAL"}
"""Between the program's own threads and processes."""
DEVICES = Path("/dev")
SYSTEM = Path("/proc")


@pytest.fixture(scope="module", autouse=True)
def watch() -> None:
    if sys.platform != "linux":
        pytest.skip("strace is Linux's")
    reason = reason_not_to_watch()
    if reason:
        pytest.skip(reason)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "pictures" / "page.png"
    path.parent.mkdir()
    draw_page(Words(WORDS, 40, 40, 40), size=(700, 140)).save(path)
    return path


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    path = tmp_path / "temporary"
    path.mkdir()
    return path


def test_an_offline_read_opens_no_socket_and_changes_no_file(picture: Path, temporary: Path, tmp_path: Path) -> None:
    read = watched(
        [*COMMAND, "read", "--offline", "--preset", "free", picture], tmp_path / "calls", {"TMPDIR": str(temporary)}
    )
    assert (read.code, read.output.decode().strip(), read.errors) == (0, WORDS, b"")
    assert read.families <= OWN_FAMILIES
    assert read.changed_outside(temporary, Path.home(), DEVICES, SYSTEM) == set()
    assert list(temporary.iterdir()) == []
    assert [path.name for path in picture.parent.iterdir()] == [picture.name]
    assert not any("onnxruntime" in str(path).lower() for path in Path.home().rglob("*"))


def test_the_window_speaks_to_nobody_either(picture: Path, temporary: Path, tmp_path: Path) -> None:
    shot = tmp_path / "shots" / "window.png"
    shot.parent.mkdir()
    shown = watched(
        [*COMMAND, "--snapshot", str(shot), picture],
        tmp_path / "calls",
        {"TMPDIR": str(temporary), "QT_QPA_PLATFORM": "offscreen"},
    )
    assert (shown.code, shot.is_file()) == (0, True)
    assert shown.families <= OWN_FAMILIES
    assert shown.changed_outside(temporary, shot.parent, Path.home(), DEVICES, SYSTEM) == set()


def test_a_socket_and_a_file_elsewhere_would_be_noticed(temporary: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    code = f"import socket; socket.socket().close(); open({str(elsewhere)!r}, 'w').close()"
    noticed = watched(python(code), tmp_path / "calls", {"TMPDIR": str(temporary)})
    assert "AF_INET" in noticed.families
    assert elsewhere in noticed.changed_outside(temporary, Path.home(), DEVICES, SYSTEM)
