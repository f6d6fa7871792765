"""Pages that do not stand upright: read as they lie here, told of where an endpoint got them, or turned before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.pictures import Words, draw_page
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer

LINES = (
    "It was a bright cold day in April, and",
    "the clocks were striking thirteen while",
    "somebody nuzzled into his coat and went",
    "quickly through the glass doors inside,",
    "though not quickly enough to prevent a",
    "swirl of gritty dust from entering too.",
)
PAGE = draw_page(*(Words(line, 40, 30 + 36 * at, 22) for at, line in enumerate(LINES)), size=(520, 270))


@pytest.mark.parametrize("turned", [90, 180])
def test_this_computer_reads_a_page_as_it_lies(program: Program, tmp_path: Path, turned: int) -> None:
    path = tmp_path / "page.png"
    # Pillow turns against the clock.
    PAGE.rotate(turned, expand=True).save(path)
    for options in ((), ("--turn", turned)):
        ended = program("read", path, "--format", "txt", *options)
        assert (ended.code, ended.errors, ended.text.split()) == (0, b"", " ".join(LINES).split())


@pytest.mark.parametrize(("turned", "how"), [(90, "lie on its side"), (180, "stand on its head")])
def test_of_a_page_that_an_endpoint_got_askew_is_told(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turned: int, how: str
) -> None:
    path = tmp_path / "page.png"
    PAGE.rotate(turned, expand=True).save(path)
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any", streamed(" ".join(LINES))) as server:
        where = ("--engine", "custom", "--base-url", server.base_url, "--model", "m")
        ended = program("read", path, "--preset", "free", "--format", "json", *where)
    assert (ended.code, ended.complaint) == (
        0,
        f"warning: page.png: its text seems to {how}; read it again with --turn {turned}",
    )


def test_how_far_is_said_in_quarters(program: Program, picture: Path) -> None:
    for degrees in ("45", "-90", "360", "9０"):
        assert program("read", picture, f"--turn={degrees}").code == 2
