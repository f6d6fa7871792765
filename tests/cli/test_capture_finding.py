"""`doctor` tells whether the screen can be captured here, and what is missing where it cannot."""

from __future__ import annotations

import asyncio

import pytest

from ocr_desktop.cli.findings import Finding, State
from ocr_desktop.cli.window_checks import window_findings
from tests.support.driving import virtual_display
from tests.support.fake_portal import FakePortal, private_bus


def capture_findings() -> list[Finding]:
    return [finding for finding in asyncio.run(window_findings()) if finding.check == "capture"]


def test_how_the_screen_can_be_captured_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert capture_findings() == [], "without a display there is nothing to capture"
    with virtual_display("320x200x24") as display, private_bus() as bus:
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
        monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
        (by_itself,) = capture_findings()
        assert (by_itself.state, by_itself.hint) == (State.OK, "")
        monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
        (absent,) = capture_findings()
        assert absent.state is State.NOTE
        assert "no portal for screenshots" in absent.message
        assert "xdg-desktop-portal" in absent.hint
        with FakePortal(bus):
            (by_the_desktop,) = capture_findings()
        assert by_the_desktop.state is State.OK
        assert "by its portal, version 2" in by_the_desktop.message
