"""A saved answer becomes the same outputs as a reading; how it ended is judged by the answer alone."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.program import Ended

ANSWER = (
    "<|ref|>sub_title<|/ref|><|det|>[[100, 200, 300, 250]]<|/det|>\n## Costs\n\n"
    "<|ref|>text<|/ref|><|det|>[[100, 300, 999, 400], [0, 500, 10, 600]]<|/det|>\nThe *sum* is 42.\n"
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "answer.txt"
    path.write_text(ANSWER)
    return path


def parsed(program: Program, monkeypatch: pytest.MonkeyPatch, answer: bytes, *options: str) -> Ended:
    """What becomes of an answer on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answer)))
    return program("parse", "-", *options)


def test_json_has_boxes_in_pixels_where_the_size_is_known(program: Program, saved: Path) -> None:
    ended = program("parse", saved, "--format", "json", "--image-size", "1998x999")
    assert (ended.code, ended.errors) == (0, b"")
    document = ended.document
    assert document["schema"] == "ocr-desktop/document/1"
    assert document["source"] == {
        "name": "answer.txt",
        "kind": "answer",
        "sha256": hashlib.sha256(saved.read_bytes()).hexdigest(),
    }
    assert document["engine"] is None
    assert document["preset"] == "markdown"
    (page,) = document["pages"]
    assert (page["number"], page["width"], page["height"], page["finish"]) == (1, 1998, 999, "complete")
    heading, text = page["regions"]
    assert (heading["label"], heading["text"], heading["markdown"]) == ("sub_title", "Costs", "## Costs")
    assert heading["boxes"] == [[200, 200, 600, 250]]
    assert heading["boxes_999"] == [[100, 200, 300, 250]]
    assert text["text"] == "The sum is 42."
    assert text["boxes"] == [[200, 300, 1998, 400], [0, 500, 20, 600]]
    assert (text["quad"], text["score"], text["flags"], text["origin"]) == (None, None, [], "model")
    assert page["markdown"] == "## Costs\n\nThe *sum* is 42."
    assert page["raw"] == ANSWER


def test_without_the_size_there_are_the_models_numbers_alone(program: Program, saved: Path) -> None:
    (page,) = program("parse", saved, "--format", "json").document["pages"]
    assert (page["width"], page["height"]) == (None, None)
    assert [region["boxes"] for region in page["regions"]] == [None, None]
    assert page["regions"][0]["boxes_999"] == [[100, 200, 300, 250]]


@pytest.mark.parametrize(
    ("format_id", "expected"),
    [("md", "## Costs\n\nThe *sum* is 42.\n"), ("txt", "Costs\n\nThe sum is 42.\n"), ("raw", ANSWER)],
)
def test_texts(program: Program, saved: Path, tmp_path: Path, format_id: str, expected: str) -> None:
    assert program("parse", saved, "--format", format_id).text == expected
    assert program("parse", saved, "--format", format_id, "-o", tmp_path / "out").output == b""
    assert (tmp_path / "out").read_bytes() == expected.encode()


def test_markdown_has_the_tables_and_formulas_that_were_asked_for(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = rb'<table><tr><td colspan="2">a</td></tr><tr><td>\(x\)</td><td>$5</td></tr></table>'
    html = '<table><tr><td colspan="2">a</td></tr><tr><td>$x$</td><td>$5</td></tr></table>\n'
    assert parsed(program, monkeypatch, answer).text == html
    bracketed = parsed(program, monkeypatch, answer, "--formulas", "brackets").text
    assert bracketed == html.replace("$x$", r"\(x\)")
    piped = "| a |  |\n| --- | --- |\n| $x$ | $5 |\n"
    assert parsed(program, monkeypatch, answer, "--tables", "pipes").text == piped
    assert parsed(program, monkeypatch, piped.encode(), "--tables", "html").text == (
        "<table><tr><th>a</th><th></th></tr><tr><td>$x$</td><td>&#36;5</td></tr></table>\n"
    )


def test_a_picture_that_nobody_has_is_not_linked(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = b"<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nWords<|ref|>image<|/ref|><|det|>[[5, 6, 7, 8]]<|/det|>"
    ended = parsed(program, monkeypatch, answer, "--image-size", "99x99", "-o", f"{tmp_path}/out.md")
    assert (ended.code, (tmp_path / "out.md").read_text()) == (0, "Words\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out.md"]


def test_raw_is_exactly_what_came(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = "\ufeff one\r\ntwo\rthree\x00\x1b[0m<|det|>\n\n\n".encode()
    assert parsed(program, monkeypatch, odd, "--format", "raw").output == odd


def test_the_preset_says_how_the_answer_is_understood(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    line = b"<|ref|>Total 42<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>"
    for preset, label in (("ocr", "line"), ("locate", "match")):
        document = parsed(program, monkeypatch, line, "--preset", preset, "--format", "json").document
        (region,) = document["pages"][0]["regions"]
        assert (document["preset"], region["label"], region["text"]) == (preset, label, "Total 42")


@pytest.mark.parametrize("answer", [ANSWER[:40], ANSWER + "<|ref|>text", ANSWER + "<|re"])
def test_an_answer_that_ends_inside_a_tag_is_cut(program: Program, saved: Path, answer: str) -> None:
    saved.write_text(answer)
    ended = program("parse", saved)
    assert ended.code == 5
    assert ended.complaint.startswith("error: answer.txt: the answer was cut off. ")
    assert ("## Costs" in ended.text) == (len(answer) > 100)
    told = program("parse", saved, "--format", "json")
    (page,) = told.document["pages"]
    assert (told.code, page["finish"], page["error"]["code"], page["raw"]) == (5, "cut", "cut", answer)


def test_an_answer_with_a_repeating_tail_is_a_loop(program: Program, saved: Path) -> None:
    unit = "<|ref|>text<|/ref|><|det|>[[100, 500, 999, 600]]<|/det|>\nAgain and again.\n\n"
    saved.write_text(ANSWER + "\n" + unit * 100)
    ended = program("parse", saved)
    assert ended.code == 5
    assert ended.complaint.startswith("error: answer.txt: the model repeated itself and was stopped. ")
    assert ended.text == "## Costs\n\nThe *sum* is 42.\n\nAgain and again.\n"
    told = program("parse", saved, "--format", "json")
    (page,) = told.document["pages"]
    assert (told.code, page["finish"], page["error"]["code"]) == (5, "loop", "loop")
    assert [region["text"] for region in page["regions"]] == ["Costs", "The sum is 42.", "Again and again."]
    assert page["raw"] == saved.read_text()


@pytest.mark.parametrize("options", [("--format", "json"), ("--format", "raw"), ()])
def test_an_empty_answer_is_no_error(program: Program, saved: Path, options: tuple[str, ...]) -> None:
    saved.write_text("")
    ended = program("parse", saved, *options)
    assert ended.code == 0
    assert ended.complaint == "warning: answer.txt: no text was found"
    assert program("parse", saved, "--quiet", *options).errors == b""


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "error: answer.txt: there is no such file. Check the name and the folder."),
        (b"\xff\xfea", "error: answer.txt: it is not UTF-8 text. Give the model's answer as it was saved."),
    ],
)
def test_what_cannot_be_read_is_told(program: Program, saved: Path, content: bytes | None, complaint: str) -> None:
    saved.unlink()
    if content is not None:
        saved.write_bytes(content)
    ended = program("parse", saved)
    assert (ended.code, ended.output, ended.complaint) == (3, b"", complaint)
    told = program("parse", saved, "--format", "json")
    assert (told.code, told.complaint, told.document["pages"]) == (3, complaint, [])
    assert "{message}. {hint}.".format(**told.document["error"]) == complaint.removeprefix("error: ")


def test_the_saved_answer_is_not_written_over(program: Program, saved: Path) -> None:
    ended = program("parse", saved, "-o", saved)
    assert (ended.code, saved.read_text()) == (3, ANSWER)
    assert "it is the input" in ended.complaint
