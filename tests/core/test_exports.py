"""Every format writes the regions as they are shown: in order, the user's edits applied."""

from __future__ import annotations

import json
from dataclasses import replace
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
from ocr_desktop.core.exports import FORMATS, document_text
from ocr_desktop.core.exports.to_markdown import to_markdown
from ocr_desktop.core.geometry import Box999, PixelBox, Size, box_quad
from ocr_desktop.core.markdown import FormulaStyle, MarkdownStyle, TableStyle

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


def test_a_style_is_that_of_markdown_and_of_nothing_else() -> None:
    region = Region(0, "text", "a\tb", "| a | $b$ |\n| --- | --- |")
    run = replace(RUN, regions=(region,), edits=())
    document = Document(DOCUMENT.source, (Page(1, Size(100, 50), runs=(run,)),))
    style = MarkdownStyle(TableStyle.HTML, FormulaStyle.BRACKETS)
    table = "<table><tr><th>a</th><th>\\(b\\)</th></tr></table>"
    assert document_text(document, "md", style) == f"{table}\n"
    page = json.loads(document_text(document, "json", style))["pages"][0]
    assert page["markdown"] == page["regions"][0]["markdown"] == region.markdown
    assert document_text(document, "txt", style) == "a\tb\n"


def test_figures_are_numbered_through_the_pages() -> None:
    box = PixelBox(0, 0, 9, 9)
    runs = [replace(RUN, id=name, regions=(Region(0, "image", "", "", (box,)),), edits=()) for name in "abc"]
    document = Document(DOCUMENT.source, tuple(Page(i, Size(9, 9), runs=(run,)) for i, run in enumerate(runs, 1)))
    assert to_markdown(document, figures_beside="x") == (
        "![Picture 1](x_files/figure-1.png)\n\n"
        "![Picture 2](x_files/figure-2.png)\n\n"
        "![Picture 3](x_files/figure-3.png)\n"
    )
    assert to_markdown(document) == "\n"


def test_json_holds_what_is_shown_in_whole_pixels() -> None:
    page = json.loads(FORMATS["json"].write(DOCUMENT))["pages"][0]
    head, corrected = page["regions"]
    assert (corrected["id"], corrected["text"], corrected["markdown"]) == (0, "new", "*new*")
    assert (corrected["boxes"], corrected["boxes_999"]) == ([[0, 1, 11, 20]], [[0, 1, 10, 20]])
    assert head["boxes"] == [[0, 0, 100, 9]]
    assert head["quad"] == [[0, 0], [9, 0], [9, 9], [0, 9]]
    assert (page["markdown"], page["raw"], page["seconds"]) == ("# Head\n\n*new*", "raw\r\nanswer ", 1.235)
    assert page["usage"] == {"prompt_tokens": 3, "completion_tokens": 4}
