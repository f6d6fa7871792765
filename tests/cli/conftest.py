"""The command line called in this process, through the real `main`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.__main__ import main
from tests.support.pictures import draw_page
from tests.support.program import Argument, Ended

Program = Callable[..., Ended]


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small blank picture that nobody changes."""
    path = tmp_path_factory.mktemp("pictures") / "page.png"
    draw_page(size=(64, 64)).save(path)
    return path


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Program:
    def call(*arguments: Argument) -> Ended:
        monkeypatch.setattr(sys, "argv", ["ocr-desktop", *map(str, arguments)])
        capfdbinary.readouterr()
        try:
            code = main()
        except SystemExit as end:
            code = int(end.code or 0)
        output, errors = capfdbinary.readouterr()
        return Ended(code, output, errors)

    return call
