"""The pictures of a folder, through the real worker."""

from __future__ import annotations

import os
from contextlib import aclosing
from pathlib import Path

import pytest

from ocr_desktop.core.errors import ErrorCode, InputError
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
        "b/1.pdf",
        "b/c/5.png",
        "B 2/3.heic",
    ]
    assert flat == deep[:2]


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
        assert await failure_of(pictures, tmp_path / "loop") == (ErrorCode.FILE_MISSING, "loop")
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
    async with open_pictures() as (_, pictures):
        assert await listed(pictures, inside) == [inside / "linked.png", inside / "deep" / "1.png"]
        through = tmp_path / "to the folder"
        assert await listed(pictures, through) == [through / "linked.png", through / "deep" / "1.png"]


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


async def test_a_list_that_nobody_wants_any_more_is_given_up(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{number}.png" for number in range(3 * MOST_AT_ONCE)))
    async with open_pictures() as (_, pictures):
        async with aclosing(pictures.files_in(tmp_path, with_subfolders=True)) as batches:
            first = await anext(batches)
        assert first[1] == tmp_path / "1.png"
        assert len(await listed(pictures, tmp_path)) == 3 * MOST_AT_ONCE
