"""Pages in the shared store, as the worker leaves them there."""

from __future__ import annotations

import os

from PIL import Image

from ocr_desktop.core.geometry import PixelBox, Size
from ocr_desktop.gui.pixmaps import PageImage
from ocr_desktop.worker.pixels import PixelStore


def page_image(store: PixelStore, picture: Image.Image) -> PageImage:
    """An RGB picture, all its levels written into the store."""
    pixels = store.reserve(Size(*picture.size))
    reduced = picture
    for index, level in enumerate(pixels.levels):
        reduced = picture if index == 0 else reduced.reduce(2)
        os.pwrite(store.descriptor, reduced.tobytes(), level.offset)
    return PageImage(pixels, store.map(pixels))


def box(x_min: float, y_min: float, x_max: float, y_max: float) -> PixelBox:
    return PixelBox(x_min, y_min, x_max, y_max)
