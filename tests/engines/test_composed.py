"""What was read stays, also where the program fails to see what it makes up."""

from __future__ import annotations

import logging

import pytest

from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.events import FoundRegion, LineFound, PageFound
from ocr_desktop.engines.composition import composed

QUAD = ((0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0))
FOUND = PageFound((LineFound("first *words*", QUAD, 0.9), LineFound("last words", QUAD, 0.8)))


async def test_where_lines_cannot_be_put_together_each_is_a_region(caplog: pytest.LogCaptureFixture) -> None:
    def broken(found: PageFound) -> tuple[FoundRegion, ...]:
        raise ZeroDivisionError

    with caplog.at_level(logging.CRITICAL + 1, "ocr_desktop.engines.composition"):
        regions, warnings = await composed(broken, FOUND)
    assert [(region.label, region.lines) for region in regions] == [("line", (0,)), ("line", (1,))]
    assert regions[0].markdown == r"first \*words\*"
    assert warnings == (WarningCode.STRUCTURE_UNKNOWN,)


async def test_regions_come_as_they_are_made() -> None:
    made = (FoundRegion("text", "both", (0, 1)),)
    assert await composed(lambda _: made, FOUND) == (made, ())
