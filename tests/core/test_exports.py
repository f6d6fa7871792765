"""Every format writes the regions as they are shown: in order, the user's edits applied."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ocr_desktop.core.document import (
    Answer,
    Correct,
    Delete,
    Document,
    Finish,
    Page,
    Region,
    Reorder,
    Run,
    Source,
    SourceKind,
    Usage,
)
from ocr_desktop.core.exports import FORMATS
from ocr_desktop.core.geometry import Box999, PixelBox, Size, box_quad

RUN = Run(
    id="r",
    engine="ppio",
    model="m",
    host="api.ppio.com",
    preset="markdown",
    started=datetime(2026, 1, 1, tzinfo=UTC),
    seconds=1.23456,
    finish=Finish.COMPLETE,
    usage=Usage(3, 4),
    answers=(Answer("Ask.", "raw\r\nanswer ", Finish.COMPLETE),),
    regions=(
        Region(0, "text", "old", "old", (PixelBox(0.4, 1.2, 10.6, 20),), (Box999(0, 1, 10, 20),)),
        Region(1, "text", "gone", "gone"),
        Region(
            2, "title", "Head", "# Head", (PixelBox(-5, 0, 999, 9),), quad=box_quad(PixelBox(0, 0, 9, 9)), score=0.5
        ),
    ),
    edits=(Correct(0, "*new*"), Delete((1,)), Reorder((2, 0))),
)
DOCUMENT = Document(Source("a.png", SourceKind.IMAGE, "abc"), (Page(1, Size(100, 50), runs=(RUN,)),))


@pytest.mark.parametrize(
    ("format_id", "text"),
    [("md", "# Head\n\n*new*\n"), ("txt", "Head\n\nnew\n"), ("raw", "raw\r\nanswer ")],
)
def test_the_text_formats_hold_what_is_shown_and_raw_what_came(format_id: str, text: str) -> None:
    assert FORMATS[format_id].write(DOCUMENT) == text


def test_json_holds_what_is_shown_in_whole_pixels() -> None:
    page = json.loads(FORMATS["json"].write(DOCUMENT))["pages"][0]
    head, corrected = page["regions"]
    assert (corrected["id"], corrected["text"], corrected["markdown"]) == (0, "new", "*new*")
    assert (corrected["boxes"], corrected["boxes_999"]) == ([[0, 1, 11, 20]], [[0, 1, 10, 20]])
    assert head["boxes"] == [[0, 0, 100, 9]]
    assert head["quad"] == [[0, 0], [9, 0], [9, 9], [0, 9]]
    assert (page["markdown"], page["raw"], page["seconds"]) == ("# Head\n\n*new*", "raw\r\nanswer ", 1.235)
    assert page["usage"] == {"prompt_tokens": 3, "completion_tokens": 4}
