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
GUIDE = (
    "<|/ref|><|det|>[[33, 116, 228, 212]]<|/det|>\n"
    "<|ref|>Address:<|/ref|><|det|>[[34, 105, 227, 209]]<|/det|>\n"
    "<|ref|>打开&关闭<|/ref|><|det|>[[335, 103, 888, 215]]<|/det|>\n"
)
DAMAGED = (
    "<|ref|>title<|/ref|><|det|>[[100 50, 900, 90]]<|/det|>\n# Contents\n\n"
    "<|ref|>text<|/ref|>([[100, 120, 480, 300]]<|/det|>\nOne.......1\n\n"
    "<|ref|>text<|/ref|>成为 Two\n\n"
    "<|ref|>text<|/ref|><|det|>[eq:sum] \nThree<|/det|>\n<｜end▁of▁sentence｜>"
)
STRIPPED = (
    "title[[52, 40, 816, 63]]\n# Rain\n\n"
    "table[[225, 421, 777, 595]]\ntable_caption[[217, 342, 785, 413]]\nTable 1. Drops.\n\n"
    '<table>kind<td rowspan="2">drops7</table>\n'
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


def test_an_answer_that_begins_in_the_middle_of_a_tag(tmp_path: Path) -> None:
    (tmp_path / "guide.txt").write_text(GUIDE)
    ended = run("parse", "guide.txt", "--preset", "ocr", "--format", "txt", folder=tmp_path)
    assert (ended.code, ended.text) == (0, "Address:\n打开&关闭\n")
    ended = run("parse", "guide.txt", "--preset", "ocr", "--format", "json", folder=tmp_path)
    first = json.loads(ended.text)["pages"][0]["regions"][0]
    assert (first["text"], first["boxes_999"], first["flags"]) == ("", [[33, 116, 228, 212]], ["unclosed"])


def test_damaged_tags_lose_no_word_and_are_told(tmp_path: Path) -> None:
    (tmp_path / "contents.txt").write_text(DAMAGED)
    ended = run("parse", "contents.txt", "--format", "json", folder=tmp_path)
    assert (ended.code, ended.errors) == (0, b"")
    page = json.loads(ended.text)["pages"][0]
    assert page["raw"] == DAMAGED
    assert [(region["text"], region["boxes_999"], set(region["flags"])) for region in page["regions"]] == [
        ("Contents", [[100, 50, 900, 90]], {"broken_box"}),
        ("One.......1", [[100, 120, 480, 300]], {"broken_box"}),
        ("成为 Two", [], {"no_box"}),
        ("[eq:sum]\nThree", [], {"broken_box", "unclosed"}),
    ]


def test_an_answer_whose_tags_a_server_dropped(tmp_path: Path) -> None:
    (tmp_path / "stripped.txt").write_text(STRIPPED)
    ended = run("parse", "stripped.txt", "--format", "json", folder=tmp_path)
    page = json.loads(ended.text)["pages"][0]
    assert [(region["label"], region["text"], region["boxes_999"]) for region in page["regions"]] == [
        ("title", "Rain", [[52, 40, 816, 63]]),
        ("table_caption", "Table 1. Drops.", [[217, 342, 785, 413]]),
        ("table", "kinddrops7", [[225, 421, 777, 595]]),
    ]
    assert (ended.code, page["warnings"]) == (0, ["tables_fused"])
    assert ended.complaint.startswith("warning: stripped.txt: ")


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
