"""The pictures of a folder, through the real worker."""

from __future__ import annotations

import os
from contextlib import aclosing
from pathlib import Path

import pytest

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.worker import folders
from ocr_desktop.worker.client import PicturesClient
from ocr_desktop.worker.folders import MOST_AT_ONCE
from tests.support.workers import open_pictures


async def listed(pictures: PicturesClient, path: Path, *, with_subfolders: bool = True) -> list[Path]:
    async with aclosing(pictures.files_in(path, with_subfolders=with_subfolders)) as batches:
        found = [batch async for batch in batches]
    assert all(0 < len(batch) <= MOST_AT_ONCE for batch in found)
    return [path for batch in found for path in batch]


async def failure_of(pictures: PicturesClient, path: Path) -> tuple[ErrorCode, object]:
    with pytest.raises(InputError) as caught:
        await listed(pictures, path)
    return caught.value.code, caught.value.fields["name"]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


async def test_a_folder_gives_its_pictures_in_natural_order_then_those_of_its_sub_folders(tmp_path: Path) -> None:
    touch(
        tmp_path, "10.png", "2.JPG", "notes.txt", ".hidden.png", "b/1.pdf", "B 2/3.heic", ".hidden/4.png", "b/c/5.png"
    )
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    async with open_pictures() as (_, pictures):
        deep = await listed(pictures, tmp_path)
        flat = await listed(pictures, tmp_path, with_subfolders=False)
    assert [str(path.relative_to(tmp_path)) for path in deep] == [
        "2.JPG",
        "10.png",
        "pipe.png",
        "b/1.pdf",
        "b/c/5.png",
        "B 2/3.heic",
    ]
    assert flat == deep[:3]


async def test_a_file_is_given_as_it_is_whatever_it_is(tmp_path: Path) -> None:
    touch(tmp_path, "words.txt")
    os.mkfifo(tmp_path / "pipe")
    async with open_pictures() as (_, pictures):
        for name in ("words.txt", "pipe"):
            assert await listed(pictures, tmp_path / name) == [tmp_path / name]


async def test_what_cannot_be_listed_says_why_and_the_worker_goes_on(tmp_path: Path) -> None:
    touch(tmp_path, "empty/notes.txt")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    async with open_pictures() as (_, pictures):
        assert await failure_of(pictures, tmp_path / "nothing") == (ErrorCode.FILE_MISSING, "nothing")
        assert await failure_of(pictures, tmp_path / "loop") == (ErrorCode.BROKEN_LINK, "loop")
        assert await failure_of(pictures, tmp_path / "empty") == (ErrorCode.FOLDER_EMPTY, "empty")
        touch(tmp_path, "empty/1.png")
        assert await listed(pictures, tmp_path / "empty") == [tmp_path / "empty" / "1.png"]


async def test_links_lead_neither_around_nor_out(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    touch(tmp_path, "inside/deep/1.png", "outside/secret.png")
    (inside / "around").symlink_to(inside)
    (inside / "out").symlink_to(outside)
    (inside / "linked.png").symlink_to(outside / "secret.png")
    (inside / "broken.png").symlink_to(tmp_path / "nothing")
    (inside / "itself.png").symlink_to(inside / "itself.png")
    (tmp_path / "to the folder").symlink_to(inside)
    (inside / "folder.png").symlink_to(outside)
    names = ["broken.png", "itself.png", "linked.png", "deep/1.png"]
    async with open_pictures() as (_, pictures):
        for folder in (inside, tmp_path / "to the folder"):
            found = await listed(pictures, folder)
            assert [str(path.relative_to(folder)) for path in found] == names, "what leads nowhere is told of"


async def test_names_that_are_not_utf_8_come_through(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe 1.png"))
    touch(tmp_path, path.name)
    async with open_pictures() as (_, pictures):
        assert await listed(pictures, tmp_path) == [path]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_sub_folder_that_may_not_be_read_is_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "1.png", "closed/2.png")
    (tmp_path / "closed").chmod(0)
    try:
        async with open_pictures() as (_, pictures):
            assert await listed(pictures, tmp_path) == [tmp_path / "1.png"]
            assert await failure_of(pictures, tmp_path / "closed") == (ErrorCode.NO_PERMISSION, "closed")
    finally:
        (tmp_path / "closed").chmod(0o700)


async def test_folders_deeper_than_a_path_can_be_long_end(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 100, dir_fd=folder)
        inner = os.open("d" * 100, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    touch(tmp_path, "1.png")
    async with open_pictures() as (_, pictures):
        assert await listed(pictures, tmp_path) == [tmp_path / "1.png"]


def test_nothing_is_looked_for_any_more_once_nobody_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "STOPS_EVERY", 1)
    touch(tmp_path, "a/1.png", "b/2.png", *(f"{number}.png" for number in range(10)))
    asked = []

    def is_stopped() -> bool:
        asked.append(None)
        return len(asked) > 5

    found = [
        name for batch in folders.batches_of(os.fsencode(tmp_path), is_stopped, with_subfolders=True) for name in batch
    ]
    assert len(found) < 5, "neither all of a folder"
    in_it: list[bytes] = []
    for batch in folders.batches_of(os.fsencode(tmp_path), lambda: bool(in_it), with_subfolders=True):  # noqa: B023
        in_it += batch
    assert len(in_it) == 10, "nor the folders in it"


def test_a_long_search_gives_signs_of_life(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{number}/notes.txt" for number in range(folders.FOLDERS_TO_A_SIGN)), "99/1.png")
    batches = [*folders.batches_of(os.fsencode(tmp_path), lambda: False, with_subfolders=True)]
    assert batches == [(), (os.fsencode(tmp_path / "99" / "1.png"),)]


async def test_a_list_that_nobody_wants_any_more_is_given_up(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{number}.png" for number in range(3 * MOST_AT_ONCE)))
    async with open_pictures() as (_, pictures):
        async with aclosing(pictures.files_in(tmp_path, with_subfolders=True)) as batches:
            first = await anext(batches)
        assert first[1] == tmp_path / "1.png"
        assert len(await listed(pictures, tmp_path)) == 3 * MOST_AT_ONCE
