"""Whatever lies in a folder: a line for each that cannot be read, and the others are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.hostile_files import (
    WORDS,
    change,
    make_hostile_files,
    read_hostile,
    read_while,
    vanish,
)
from tests.support.provider_answers import streamed
from tests.support.provider_server import ProviderServer
from tests.support.sentences import FAULTS

BROKEN_OFF = "warning: {}: the picture breaks off; what is there was read"


def test_each_hostile_file_has_its_own_line_and_the_others_are_read(tmp_path: Path) -> None:
    files = make_hostile_files(tmp_path)
    before = {path.name for path in tmp_path.rglob("*")}
    with ProviderServer("any", streamed(WORDS)) as server:
        given = (os.path.relpath(each.path, tmp_path) for each in files)
        ended = read_hostile(tmp_path, *given, "--format", "json", server=server)
        sent = len(server.requests)
    assert ended.code == 6
    assert len(ended.documents) == len(files)
    told = [document.get("error", {}).get("code") for document in ended.documents]
    assert dict(zip((each.case for each in files), told, strict=True)) == {each.case: each.code for each in files}
    read = [each for each, document in zip(files, ended.documents, strict=True) if document["pages"]]
    assert [each.code for each in read] == [None] * sent, "what cannot be read was not sent"
    assert all(document["pages"][0]["text"] == WORDS for document in ended.documents if document["pages"])
    errors = [line for line in ended.complaints if line.startswith("error: ")]
    names = [document["source"]["name"] for document in ended.documents if "error" in document]
    assert [error.removeprefix("error: ").startswith(f"{name}: ") for error, name in zip(errors, names, strict=True)]
    assert not [error for error in errors if FAULTS.search(error) or error.count(". ") < 1]
    read_names = {document["source"]["name"] for document in ended.documents if document["pages"]}
    assert r"not UTF-8 \xff.png" in read_names
    warnings = [line for line in ended.complaints if line.startswith("warning: ")]
    assert warnings == [BROKEN_OFF.format(name) for name in ("half.jpg", "half.png", "half.tiff")]
    assert {path.name for path in tmp_path.rglob("*")} == before, "nothing is written beside the source"


@pytest.mark.parametrize(("do", "code"), [(vanish, "file_missing"), (change, "picture_changed")])
def test_a_file_that_is_another_one_halfway_keeps_what_was_read(
    tmp_path: Path, do: Callable[[Path], None], code: str
) -> None:
    ended = read_while(do, tmp_path / "two.tiff", "--format", "json")
    assert ended.code == 3
    first, second = ended.document["pages"]
    assert (first["text"], "error" in first) == (WORDS, False)
    assert (second["number"], second["regions"], second["error"]["code"]) == (2, [], code)
    assert ended.complaint.startswith("error: two.tiff, page 2: ")
