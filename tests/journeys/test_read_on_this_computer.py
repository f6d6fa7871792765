"""Pictures are read by the engine that comes with the program: no key, no network; the program is the real one."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.pictures import Words, bounds_of, draw_page
from tests.support.program import Running, run

HEADING = Words("Invoice 2031", 60, 40, 40)
SUM = Words("The total is 42.50 EUR", 60, 140, 26)
SIZE = (640, 240)
SLACK = 12
"""Pixels by which a found box may differ from the ink."""


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "invoice.png"
    draw_page(HEADING, SUM, size=SIZE).save(path)
    return path


def test_lines_have_words_boxes_and_scores(picture: Path) -> None:
    ended = run("read", picture, "--preset", "ocr", "--format", "json")
    assert (ended.code, ended.errors) == (0, b"")
    document = ended.document
    assert document["schema"] == "ocr-desktop/document/1"
    assert document["source"] == {
        "name": "invoice.png",
        "kind": "image",
        "sha256": hashlib.sha256(picture.read_bytes()).hexdigest(),
    }
    assert (document["engine"]["id"], document["engine"]["host"]) == ("embedded", None)
    assert (document["preset"], document["prompt"]) == ("ocr", None)
    (page,) = document["pages"]
    assert (page["number"], page["width"], page["height"]) == (1, *SIZE)
    assert (page["finish"], page["warnings"], page["usage"]) == ("complete", [], None)
    assert page["seconds"] > 0
    assert page["text"] == page["raw"] == f"{HEADING.text}\n{SUM.text}"
    for region, words in zip(page["regions"], (HEADING, SUM), strict=True):
        assert (region["label"], region["text"], region["origin"]) == ("line", words.text, "embedded")
        assert (region["boxes_999"], region["flags"]) == ([], [])
        assert 0.8 < region["score"] <= 1
        (box,) = region["boxes"]
        assert box == pytest.approx(bounds_of(words), abs=SLACK)
        assert all(isinstance(side, int) for side in box)
        left, top, right, bottom = box
        assert region["quad"] == [
            pytest.approx(corner, abs=SLACK) for corner in ([left, top], [right, top], [right, bottom], [left, bottom])
        ]


def test_several_pictures_go_into_a_folder_each_into_its_own_file(picture: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    (tmp_path / "a" / "page.png").write_bytes(picture.read_bytes())
    draw_page(size=(200, 100)).save(tmp_path / "b" / "page.png")
    files = ("a/page.png", "b/page.png", "none.png")
    ended = run("read", *files, "--format", "json", "-o", "results/", folder=tmp_path)
    assert (ended.code, ended.output) == (6, b"")
    assert ended.complaints == [
        "warning: page.png: no text was found",
        "error: none.png: there is no such file. Check the name and the folder.",
    ]
    results = {path.name: json.loads(path.read_text()) for path in (tmp_path / "results").iterdir()}
    assert set(results) == {"page.json", "page-2.json", "none.json"}
    assert results["page.json"]["pages"][0]["text"] == f"{HEADING.text}\n\n{SUM.text}"
    assert results["page-2.json"]["pages"][0]["warnings"] == ["empty_answer"]
    assert results["none.json"]["pages"] == []


def test_words_are_located(picture: Path) -> None:
    ended = run("read", picture, "--locate", "total", "--locate", "nowhere", "--format", "json")
    assert (ended.code, ended.document["preset"]) == (0, "locate")
    assert ended.errors == b'ocr-desktop: warning: invoice.png: "nowhere" was not found\n'
    (match,) = ended.document["pages"][0]["regions"]
    assert (match["label"], match["text"]) == ("match", "total")
    before, term = SUM.text.split("total")[0], "total"
    left = bounds_of(replace(SUM, text=f"{before}{term[0]}"))[2] - bounds_of(replace(SUM, text=term[0]))[2] + SUM.x
    right = bounds_of(replace(SUM, text=before + term))[2]
    _, top, _, bottom = bounds_of(SUM)
    assert match["boxes"][0] == pytest.approx((left, top, right, bottom), abs=SLACK)


def test_markdown_is_printed_and_nothing_else(picture: Path) -> None:
    ended = run("read", picture, "--stream", "--offline")
    assert (ended.code, ended.errors) == (0, b"")
    assert [line.lstrip("# ") for line in ended.text.split("\n\n")] == [HEADING.text, f"{SUM.text}\n"]


def test_a_worker_that_is_killed_is_one_clear_error(picture: Path) -> None:
    with Running("read", picture, "--format", "json") as running:
        os.kill(reader_of(running), signal.SIGKILL)
        ended = running.ended()
    assert ended.code == 4
    assert ended.complaint == (
        "error: invoice.png: the process that worked on it ended (SIGKILL). Try again, or a smaller picture."
    )
    (page,) = ended.document["pages"]
    assert (page["error"]["code"], page["finish"]) == ("worker_crashed", "error")


def reader_of(running: Running) -> int:
    """The process that holds the engine, as soon as there is one: it takes a second before it reads."""
    program = running.process.pid
    while running.process.poll() is None:
        for child in Path(f"/proc/{program}/task/{program}/children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"ocr_desktop.worker" in command and b"reader" in command:
                return int(child)
        time.sleep(0.01)
    raise AssertionError(running.ended())
