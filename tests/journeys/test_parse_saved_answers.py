"""Answers that were saved, such as one may get from a server's log, become Markdown, text, JSON and raw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import run

PAGE = (
    "<|ref|>title<|/ref|><|det|>[[100, 50, 900, 90]]<|/det|>\n# Minutes\n\n"
    "<|ref|>text<|/ref|><|det|>[[100, 120, 480, 300], [520, 120, 900, 200]]<|/det|>\n"
    "It runs over \\(n + 1\\) columns.\n\n"
    "<|ref|>table<|/ref|><|det|>[[100, 400, 900, 600]]<|/det|>\n"
    "<table><tr><td>Part</td><td>Sum</td></tr><tr><td>a</td><td>1</td></tr></table>\n\n"
    "<|ref|>image<|/ref|><|det|>[[100, 700, 900, 999]]<|/det|>\n \n"
)
LINES = (
    "<|ref|>第一行<|/ref|><|det|>[[10, 10, 500, 40]]<|/det|>\n"
    "<|ref|>second line<|/ref|><|det|>[[1200, 80, 465, 60]]<|/det|>\n"
    "<|ref|>third<|/ref|><|det|>[[0, 0, 997, 0]]<|/det|>"
)
BROKEN_OFF = PAGE + "<|ref|>text<|/ref|><|det|>[[100, 9"


def test_a_document(tmp_path: Path) -> None:
    (tmp_path / "minutes.txt").write_text(PAGE)
    ended = run("parse", "minutes.txt", folder=tmp_path)
    assert (ended.code, ended.errors) == (0, b"")
    assert ended.text == ("# Minutes\n\nIt runs over $n + 1$ columns.\n\n| Part | Sum |\n| --- | --- |\n| a | 1 |\n")
    words = run("parse", tmp_path / "minutes.txt", "--format", "txt").text
    assert words == "Minutes\n\nIt runs over n + 1 columns.\n\nPart\tSum\na\t1\n"


def test_lines_from_standard_input_with_their_flags(tmp_path: Path) -> None:
    options = ("--preset", "ocr", "--format", "json", "--image-size", "999x999", "-o", tmp_path / "out.json")
    ended = run("parse", "-", *options, standard_input=LINES.encode())
    assert (ended.code, ended.output, ended.errors) == (0, b"", b"")
    document = json.loads((tmp_path / "out.json").read_text())
    regions = document["pages"][0]["regions"]
    assert [region["text"] for region in regions] == ["第一行", "second line", "third"]
    assert {region["label"] for region in regions} == {"line"}
    assert [region["boxes"] for region in regions] == [[[10, 10, 500, 40]], [[465, 60, 999, 80]], []]
    assert [set(region["flags"]) for region in regions] == [set(), {"clamped", "swapped"}, {"empty_box"}]
    assert document["source"]["name"] == "standard input"


def test_an_answer_that_breaks_off_is_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text(BROKEN_OFF)
    ended = run("parse", path, "--format", "raw")
    assert (ended.code, ended.text) == (5, BROKEN_OFF)
    assert ended.complaint.startswith("error: log.txt: the answer was cut off. ")


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_what_is_no_saved_answer_is_one_line(name: str, tmp_path: Path) -> None:
    ended = run("parse", name, folder=tmp_path)
    assert (ended.code, ended.output) == (3, b"")
    assert ended.complaint.startswith(f"error: {name}: ")
