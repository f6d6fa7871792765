"""Whether there is a display is asked of the window system itself, before Qt would end the program for want of one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ocr_desktop.gui import display


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(display, "X_SOCKETS", tmp_path)
    monkeypatch.setattr(display, "PATIENCE_S", 0.2)


def listening(path: Path) -> socket.socket:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    return server


def test_without_any_setting_there_is_none() -> None:
    assert not display.can_open_window()


@pytest.mark.parametrize("value", [":", "nonsense", ":x", ":77", "unix:77", ""])
def test_a_name_that_leads_nowhere_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DISPLAY", value)
    assert not display.can_open_window()


@pytest.mark.parametrize("value", [":77", ":77.0", "unix:77"])
def test_an_x_server_that_answers_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    monkeypatch.setenv("DISPLAY", value)
    with listening(tmp_path / "X77"):
        assert display.can_open_window()
    # The file is still there; nobody listens any more.
    assert not display.can_open_window()


def test_an_x_server_on_a_port_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(display, "X_PORT", server.getsockname()[1] - 12)
        monkeypatch.setenv("DISPLAY", "127.0.0.1:12.0")
        assert display.can_open_window()
    assert not display.can_open_window()


def test_a_wayland_compositor_that_answers_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not display.can_open_window()
    with listening(tmp_path / "wayland-7"):
        assert display.can_open_window()


def test_whoever_names_a_platform_knows_what_they_want(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.can_open_window()


def test_as_a_program_it_answers_by_its_exit_code(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    asked = [sys.executable, "-m", "ocr_desktop.gui.display"]
    assert subprocess.run(asked, env=environment, check=False).returncode == 1
    there = environment | {"QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run(asked, env=there, check=False).returncode == 0


def test_the_window_without_a_display_says_what_to_do(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-m", "ocr_desktop"], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "--snapshot" in done.stderr
