"""Where results go: apart from each other, never over one another, and never over what was given."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ocr_desktop.cli.console import Console
from ocr_desktop.cli.output import Output, Problem
from ocr_desktop.core.document import Answer, Document, Finish, Page, Region, Source, SourceKind
from ocr_desktop.core.errors import ErrorCode, OutputError, UsageError
from ocr_desktop.core.geometry import Size
from tests.support.runs import finished_run

PROBLEM = Problem("cut", "page.png: the answer was cut off", "Read it again")


def document(words: str = "words") -> Document:
    run = finished_run(
        answers=(Answer("Read.", f"raw {words}", Finish.COMPLETE),),
        regions=(Region(0, "text", words, words),),
    )
    return Document(Source("page.png", SourceKind.IMAGE, "00"), (Page(1, Size(10, 10), runs=(run,)),))


def output(format_id: str, path: Path | str | None, *inputs: Path) -> Output:
    console = Console(quiet=True, verbose=False)
    return Output(format_id, None if path is None else str(path), console, inputs or (Path("page.png"),))


@pytest.mark.parametrize(
    ("format_id", "printed"),
    [("md", "one\n\ntwo\n"), ("txt", "one\n\ntwo\n"), ("raw", "raw one\nraw two")],
)
def test_two_texts_on_standard_output_stand_apart(
    format_id: str, printed: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    target = output(format_id, None, Path("a"), Path("b"))
    target.write(document("one"), 0)
    target.write(document("two"), 1)
    assert capfdbinary.readouterr().out.decode() == printed


def test_documents_on_standard_output_are_json_lines(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    target = output("json", None, Path("a"), Path("b"))
    target.write(document("eins\nzwei 文字"), 0)
    target.write(Document(Source("b", SourceKind.IMAGE, ""), ()), 1, PROBLEM)
    first, second = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert first["pages"][0]["text"] == "eins\nzwei 文字"
    assert "error" not in first["pages"][0]
    assert second["pages"] == []
    assert second["error"] == {"code": "cut", "message": PROBLEM.message, "hint": PROBLEM.hint}
    assert second["source"] == {"name": "b", "kind": "image", "sha256": None}


def test_a_problem_is_told_in_the_json_of_its_page_and_in_no_text(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    output("json", None).write(document(), 0, page_problems={1: PROBLEM})
    output("md", None).write(document(), 0, page_problems={1: PROBLEM})
    line, markdown = capfdbinary.readouterr().out.decode().splitlines()
    assert json.loads(line)["pages"][0]["error"]["code"] == "cut"
    assert markdown == "words"


def test_a_folder_gets_a_file_for_each_input_and_none_twice(tmp_path: Path) -> None:
    inputs = [Path("a/x.png"), Path("b/x.png"), Path("x-2.jpg"), Path("名.tar.png")]
    target = output("md", f"{tmp_path}/new/deep/", *inputs)
    for number in reversed(range(len(inputs))):
        target.write(document(str(inputs[number])), number)
    written = {path.name: path.read_text().strip() for path in (tmp_path / "new/deep").iterdir()}
    assert written == {"x.md": "a/x.png", "x-2.md": "b/x.png", "x-2-2.md": "x-2.jpg", "名.tar.md": "名.tar.png"}


def test_files_that_only_their_endings_tell_apart_keep_them(tmp_path: Path) -> None:
    inputs = [Path(name) for name in ("f.bmp", "f.gif", "a/f.bmp", "g.png", "a/g.png", "名" * 200 + ".png")]
    target = output("txt", f"{tmp_path}/", *inputs)
    for number, each in enumerate(inputs):
        target.write(document(str(each)), number)
    written = {path.name: path.read_text().strip() for path in tmp_path.iterdir()}
    names = ("f.bmp.txt", "f.gif.txt", "f.bmp-2.txt", "g.txt", "g-2.txt", "名" * 66 + ".txt")
    assert written == dict(zip(names, map(str, inputs), strict=True))


def test_a_folder_that_exists_needs_no_slash(tmp_path: Path) -> None:
    output("raw", tmp_path, Path("page.png")).write(document(), 0)
    assert (tmp_path / "page.raw.txt").read_text() == "raw words"


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    given = tmp_path / "answer.txt"
    given.write_text("given")
    (tmp_path / "link").symlink_to(tmp_path)
    output("txt", tmp_path / "link", given).write(document(), 0)
    assert given.read_text() == "given"
    assert (tmp_path / "answer-2.txt").read_text() == "words\n"
    with pytest.raises(OutputError):
        output("txt", tmp_path / "link" / "answer.txt", given)


def test_several_inputs_do_not_go_into_one_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        output("md", tmp_path / "out.md", Path("a"), Path("b"))
    assert caught.value.code is ErrorCode.OUTPUT_NEEDS_FOLDER


def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    for path in ("missing/out.md", "file/out.md", "file/", "file/deep/", "n" * 300 + "/out.md"):
        with pytest.raises(OutputError) as caught:
            output("md", f"{tmp_path}/{path}")
        assert caught.value.code is ErrorCode.OUTPUT_UNWRITABLE
        assert caught.value.fields["reason"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_input_that_would_become_a_figure_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "out_files").mkdir()
    given = tmp_path / "out_files" / "figure-1.png"
    given.write_bytes(b"given")
    with pytest.raises(OutputError):
        output("md", tmp_path / "out.md", given)
    for format_id, path in (("txt", "out.md"), ("md", "other.md")):
        output(format_id, tmp_path / path, given)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told_before_anything_is_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        for path in (tmp_path, tmp_path / "out.md", tmp_path / "new/"):
            with pytest.raises(OutputError):
                output("md", path)
    finally:
        tmp_path.chmod(0o700)


def test_an_odd_name_is_told_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        output("md", os.fsdecode(b"no\nsuch\xff/out.md"))
    assert caught.value.fields["name"] == r"no\nsuch\xff/out.md"


def test_what_stood_there_is_replaced_by_the_whole_new_result(tmp_path: Path) -> None:
    target = tmp_path / "out.md"
    target.write_text("an older and longer result\n" * 10)
    output("md", target).write(document(), 0)
    assert target.read_text() == "words\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.md"]
