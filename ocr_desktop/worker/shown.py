"""What a view shows of a picture in the store, for whoever works on it. Used inside the workers only."""

from __future__ import annotations

from PIL import Image

from ocr_desktop.core import ignoring, images
from ocr_desktop.core.geometry import View
from ocr_desktop.worker.pixels import Pixels, read_rows


def shown_picture(descriptor: int, pixels: Pixels, view: View) -> Image.Image:
    """The view's pixels, RGB; no more rows are read than it takes.

    Raises:
        InputError: PICTURE_CHANGED, the picture is not there any more.
    """
    first, end = ignoring.rows_behind(view, pixels.size)
    rows = read_rows(descriptor, pixels.levels[0], first, end)
    picture = Image.frombuffer("RGB", (pixels.size.width, end - first), rows, "raw", "RGB", 0, 1)
    return images.shown(picture, ignoring.moved_up(view, pixels.size, first))
