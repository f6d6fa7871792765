"""How a page came to be a picture: printed from a file, a screenshot, a scan; boxes follow what was done to it."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from tests.support.drawn_pages.sheet import DARK, LIGHT, Colours
from tests.support.drawn_pages.truth import Box, TrueBlock

SKEW_DEGREES = 1.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Pixels of a point, the page's colours, and whether the picture is spoiled as a scan is."""

    scale: float
    colours: Colours = LIGHT
    is_scan: bool = False


QUALITIES = {
    "clean": Quality(200 / 72),
    "small": Quality(12 / 11),
    "screen": Quality(1.4),
    "dark": Quality(1.25, DARK),
    "scan": Quality(200 / 72, is_scan=True),
}


def scanned(picture: Image.Image, blocks: list[TrueBlock], seed: int) -> tuple[Image.Image, list[TrueBlock]]:
    """The page a little askew, blurred, on greyish paper with noise, and through JPEG."""
    turned = picture.rotate(-SKEW_DEGREES, Image.Resampling.BICUBIC, fillcolor="white")
    blurred = turned.convert("L").filter(ImageFilter.GaussianBlur(0.8))
    noise = np.random.default_rng(seed).normal(0.0, 9.0, (picture.height, picture.width))
    grey = np.asarray(blurred, dtype=np.float32) * 0.82 + 34 + noise
    spoiled = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).convert("RGB")
    target = io.BytesIO()
    spoiled.save(target, "JPEG", quality=60)
    opened = Image.open(io.BytesIO(target.getvalue())).convert("RGB")
    return opened, [_turned(block, picture.size) for block in blocks]


def _turned(block: TrueBlock, size: tuple[int, int]) -> TrueBlock:
    lines = tuple(replace(line, box=_turned_box(line.box, size)) for line in block.lines)
    return replace(block, lines=lines, box=_turned_box(block.box, size))


def _turned_box(box: Box, size: tuple[int, int]) -> Box:
    """What is around the box after the page was turned clockwise about its middle."""
    angle = math.radians(SKEW_DEGREES)
    x_mid, y_mid = size[0] / 2, size[1] / 2
    corners = [(x - x_mid, y - y_mid) for x in (box[0], box[2]) for y in (box[1], box[3])]
    x_s = [x_mid + x * math.cos(angle) - y * math.sin(angle) for x, y in corners]
    y_s = [y_mid + x * math.sin(angle) + y * math.cos(angle) for x, y in corners]
    return (min(x_s), min(y_s), max(x_s), max(y_s))
