"""Somebody closes the window while a server still answers: the request ends there, and the program ends well."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.driving import drive
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import GROUNDED, Desk, add_profile, blank_file


async def close_in_the_middle(desk: Desk) -> str:
    """The window is closed when this returns; what is on show until then is the report."""
    await desk.until(lambda: desk.session.raw)
    return desk.session.raw


def test_closing_the_window_ends_the_request(display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "ocr-desktop"
    settings.mkdir(parents=True)
    (settings / "settings.toml").write_text('engine = "vllm"\nengines = ["vllm"]\nauto_read = "always"\n', "utf-8")
    gate = Gate()
    with ProviderServer("any", streamed(GROUNDED[:150], gate)) as server:
        add_profile(settings, server.base_url, "vllm")
        monkeypatch.setenv("VLLM_API_KEY", KEY)
        steps = f"{__name__}:{close_in_the_middle.__name__}"
        seen = drive(display, steps, tmp_path, blank_file(tmp_path, "page.png"))
        assert seen == GROUNDED[:150]
        server.requests[0].closed.wait()
        assert len(server.requests) == 1
