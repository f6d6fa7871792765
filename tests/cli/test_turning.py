"""Pages that do not stand upright: said to be so by the embedded engine, and turned before they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.pictures import Words, draw_page

LINES = (
    "It was a bright cold day in April, and",
    "the clocks were striking thirteen while",
    "somebody nuzzled into his coat and went",
    "quickly through the glass doors inside,",
    "though not quickly enough to prevent a",
    "swirl of gritty dust from entering too.",
)
PAGE = draw_page(*(Words(line, 40, 30 + 36 * at, 22) for at, line in enumerate(LINES)), size=(520, 270))


@pytest.mark.parametrize(("turned", "how", "degrees"), [(90, "lie on its side", 90), (180, "stand on its head", 180)])
def test_a_page_that_is_not_upright_is_told_and_can_be_turned(
    program: Program, tmp_path: Path, turned: int, how: str, degrees: int
) -> None:
    path = tmp_path / "page.png"
    # Pillow turns against the clock.
    PAGE.rotate(turned, expand=True).save(path)
    ended = program("read", path, "--format", "txt")
    assert (ended.code, ended.complaint) == (
        0,
        f"warning: page.png: its text seems to {how}; read it again with --turn {degrees}",
    )
    ended = program("read", path, "--format", "txt", "--turn", degrees)
    assert (ended.errors, ended.text.split()) == (b"", " ".join(LINES).split())


def test_how_far_is_said_in_quarters(program: Program, picture: Path) -> None:
    for degrees in ("45", "-90", "360", "9０"):
        assert program("read", picture, f"--turn={degrees}").code == 2
