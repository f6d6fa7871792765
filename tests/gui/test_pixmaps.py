"""The page's tiles are the page's pixels, and its memory lives as long as it is read."""

from __future__ import annotations

import gc
import mmap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtWidgets import QApplication

from ocr_desktop.gui import pixmaps
from ocr_desktop.gui.pixmaps import TILE_SIDE, PageImage
from ocr_desktop.worker.pixels import PixelStore
from tests.support.page_images import page_image


def coloured(width: int, height: int) -> Image.Image:
    """A picture in which every pixel near another one differs from it."""
    red = Image.linear_gradient("L").resize((width, height))
    green = red.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    blue = Image.radial_gradient("L").resize((width, height))
    return Image.merge("RGB", (red, green, blue))


def as_rgb(image: PageImage, level: int) -> Image.Image:
    """All tiles of a level put together."""
    size = image.level_size(level)
    whole = Image.new("RGB", (size.width, size.height))
    for column in range(-(-size.width // TILE_SIDE)):
        for row in range(-(-size.height // TILE_SIDE)):
            tile = image.tile(level, column, row).toImage()
            part = Image.frombytes(
                "RGB", (tile.width(), tile.height()), bytes(tile.constBits()), "raw", "BGRX", tile.bytesPerLine()
            )
            whole.paste(part, (column * TILE_SIDE, row * TILE_SIDE))
    return whole


@given(width=st.integers(1, 2100), height=st.integers(1, 1100))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tiles_of_every_level_are_the_pictures_pixels(
    qapp: QApplication, store: PixelStore, width: int, height: int
) -> None:
    picture = coloured(width, height)
    image = page_image(store, picture)
    assert (image.size.width, image.size.height) == (width, height)
    for level in range(image.level_count):
        assert as_rgb(image, level).tobytes() == picture.tobytes()
        picture = picture.reduce(2)


def test_tiles_that_were_thrown_out_come_back_right(
    qapp: QApplication, store: PixelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pixmaps, "TILES_KEPT_BYTES", TILE_SIDE * TILE_SIDE * 4)
    picture = coloured(3 * TILE_SIDE, 2 * TILE_SIDE)
    image = page_image(store, picture)
    for _ in range(2):
        assert as_rgb(image, 0).tobytes() == picture.tobytes()


def test_a_place_without_pixels_is_an_error(qapp: QApplication, store: PixelStore) -> None:
    image = page_image(store, coloured(600, 100))
    with pytest.raises(KeyError):
        image.tile(0, 2, 0)
    with pytest.raises(IndexError):
        image.tile(1, 0, 0)


def test_the_mapping_stays_while_the_page_is_there(qapp: QApplication, store: PixelStore) -> None:
    picture = coloured(40, 30)
    pixels = store.reserve(page_image(store, picture).size)
    mapped = store.map(pixels)
    image = PageImage(pixels, mapped)
    with pytest.raises(BufferError):
        mapped.close()
    del mapped
    gc.collect()
    assert image.tile(0, 0, 0).width() == 40


def test_a_closed_page_lets_go_of_its_stretch_of_the_store(qapp: QApplication, store: PixelStore) -> None:
    pixels = store.reserve(page_image(store, coloured(40, 30)).size)
    mapped: mmap.mmap = store.map(pixels)
    image = PageImage(pixels, mapped)
    image.tile(0, 0, 0)
    image.close()
    image.close()
    assert mapped.closed
    store.release(pixels)
    with pytest.raises(IndexError):
        image.tile(0, 0, 0)
