"""Markdown with its figures beside it: each cut from the page as it was read, and no link that leads nowhere."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from ocr_desktop.core.document import Document, Page, Region, Source, SourceKind
from ocr_desktop.core.errors import EngineError, ErrorCode, OutputError
from ocr_desktop.core.geometry import PixelBox, Size, View
from ocr_desktop.core.markdown import USUAL_STYLE, FormulaStyle, MarkdownStyle
from ocr_desktop.services.figures import write_markdown
from ocr_desktop.worker.client import EncodedPicture, PicturesClient
from ocr_desktop.worker.pixels import Pixels
from tests.support.pictures import Words, draw_page
from tests.support.runs import finished_run
from tests.support.workers import open_pictures, stored

PAGE = draw_page(Words("Left", 10, 20), Words("Right", 300, 100), size=(400, 200))
LEFT, RIGHT = PixelBox(5.4, 10.2, 90.5, 60), PixelBox(290, 90, 400, 140)
REGIONS = (
    Region(0, "title", "Head", "# Head"),
    Region(1, "image", "", "", (LEFT, RIGHT)),
    Region(2, "text", "x", "$x$"),
    Region(3, "figure", "", "", (RIGHT,)),
)


def document(*regions: Region, turns: int = 0) -> Document:
    run = finished_run(
        view=View(turns),
        regions=regions,
    )
    return Document(Source("page.png", SourceKind.IMAGE, "00"), (Page(1, Size(*PAGE.size), runs=(run,)),))


class Writer:
    """Writes Markdown about the page that lies in a real worker's store."""

    def __init__(self, pictures: PicturesClient, pixels: Pixels) -> None:
        self.pictures = pictures
        self.pixels = pixels

    async def write(self, path: Path, document: Document, style: MarkdownStyle = USUAL_STYLE) -> None:
        await write_markdown(path, document, style, pictures=self.pictures, pixels={1: self.pixels})


@pytest.fixture
async def writer() -> AsyncIterator[Writer]:
    async with open_pictures() as (store, pictures):
        yield Writer(pictures, stored(store, PAGE))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def is_part(path: Path, box: tuple[int, int, int, int], turn: Image.Transpose | None = None) -> bool:
    expected = PAGE.crop(box) if turn is None else PAGE.crop(box).transpose(turn)
    with Image.open(path) as cut:
        return cut.size == expected.size and ImageChops.difference(cut.convert("RGB"), expected).getbbox() is None


async def test_figures_are_cut_at_full_resolution_and_linked_in_their_place(writer: Writer, tmp_path: Path) -> None:
    await writer.write(tmp_path / "scan.md", document(*REGIONS))
    assert (tmp_path / "scan.md").read_text() == (
        "# Head\n\n![Picture 1](scan_files/figure-1-1.png)\n![Picture 1](scan_files/figure-1-2.png)\n\n$x$\n\n"
        "![Picture 2](scan_files/figure-2.png)\n"
    )
    folder = tmp_path / "scan_files"
    assert names_in(folder) == ["figure-1-1.png", "figure-1-2.png", "figure-2.png"]
    assert is_part(folder / "figure-1-1.png", (5, 10, 91, 60))
    assert is_part(folder / "figure-1-2.png", (290, 90, 400, 140))
    assert is_part(folder / "figure-2.png", (290, 90, 400, 140))


async def test_a_figure_stands_as_the_page_was_read(writer: Writer, tmp_path: Path) -> None:
    await writer.write(tmp_path / "scan.md", document(REGIONS[3], turns=1))
    assert is_part(tmp_path / "scan_files/figure-1.png", (290, 90, 400, 140), Image.Transpose.ROTATE_270)


async def test_the_style_is_that_of_the_words(writer: Writer, tmp_path: Path) -> None:
    style = MarkdownStyle(formulas=FormulaStyle.BRACKETS)
    await writer.write(tmp_path / "scan.md", document(*REGIONS[2:]), style)
    assert (tmp_path / "scan.md").read_text().startswith("\\(x\\)\n\n![Picture 1]")


async def test_a_folder_that_is_there_is_used_and_its_figures_replaced(writer: Writer, tmp_path: Path) -> None:
    folder = tmp_path / "my scan (1)_files"
    folder.mkdir()
    (folder / "figure-1.png").write_bytes(b"older, and much longer" * 1000)
    (folder / "notes.txt").write_text("mine")
    await writer.write(tmp_path / "my scan (1).md", document(REGIONS[3]))
    assert is_part(folder / "figure-1.png", (290, 90, 400, 140))
    assert names_in(folder) == ["figure-1.png", "notes.txt"]
    assert (tmp_path / "my scan (1).md").read_text() == "![Picture 1](my%20scan%20%281%29_files/figure-1.png)\n"


async def test_a_link_in_a_figures_place_is_replaced_and_not_followed(writer: Writer, tmp_path: Path) -> None:
    PAGE.save(tmp_path / "scan.png")
    before = (tmp_path / "scan.png").read_bytes()
    (tmp_path / "scan_files").mkdir()
    figure = tmp_path / "scan_files/figure-1.png"
    figure.symlink_to(tmp_path / "scan.png")
    await writer.write(tmp_path / "scan.md", document(REGIONS[3]))
    assert (tmp_path / "scan.png").read_bytes() == before
    assert not figure.is_symlink()
    assert is_part(figure, (290, 90, 400, 140))


async def test_without_figures_there_is_no_folder(writer: Writer, tmp_path: Path) -> None:
    await writer.write(tmp_path / "scan.md", document(REGIONS[0]))
    assert names_in(tmp_path) == ["scan.md"]


async def test_a_pipe_gets_no_links(writer: Writer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        await writer.write(tmp_path / "pipe", document(*REGIONS))
        assert os.read(reader, 100) == b"# Head\n\n$x$\n"
    finally:
        os.close(reader)
    assert names_in(tmp_path) == ["pipe"]


async def test_where_figures_have_no_place_the_words_are_written_all_the_same(writer: Writer, tmp_path: Path) -> None:
    (tmp_path / "scan_files").write_text("a file, not a folder")
    with pytest.raises(OutputError) as caught:
        await writer.write(tmp_path / "scan.md", document(*REGIONS))
    assert caught.value.code is ErrorCode.OUTPUT_UNWRITABLE
    assert (tmp_path / "scan.md").read_text() == "# Head\n\n$x$\n"


async def test_where_a_figure_cannot_be_cut_the_words_are_written_all_the_same(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crashed(self: PicturesClient, *_: object, **__: object) -> EncodedPicture:
        raise EngineError(ErrorCode.WORKER_CRASHED)

    monkeypatch.setattr(PicturesClient, "encode", crashed)
    with pytest.raises(EngineError):
        await writer.write(tmp_path / "scan.md", document(*REGIONS))
    assert (tmp_path / "scan.md").read_text() == "# Head\n\n$x$\n"
