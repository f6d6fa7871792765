"""How many pixels a page of a PDF gets: as many as the model can use, whatever its paper says of itself."""

from __future__ import annotations

import math

from ocr_desktop.core.geometry import Size

LONGEST_SIDE = 2300
"""The model sees an A4 page at no more than this however large the upload, and small print is readable with it."""
ELONGATED = 2.5
"""Pages so many times longer than wide are receipts and strips: their width decides whether they can be read."""
READABLE_PER_POINT = 200 / 72
MOST_PIXELS = 16_000_000
"""Of an elongated page."""
LONGEST_STRIP = 30_000
"""Formats and decoders end at 32,767 or 65,535."""
SMALLEST_POINT = 1e-3
LARGEST_POINT = 1e7


def page_pixels(width: float, height: float) -> Size:
    """The size in pixels of a page whose sides are given in points, as it is shown (after its own rotation).

    Nonsense sides (zero, negative, not a number, beyond any paper) are brought to the nearest sensible ones.
    """
    width, height = _sensible(width), _sensible(height)
    longest, shortest = max(width, height), min(width, height)
    scale = LONGEST_SIDE / longest
    if longest > ELONGATED * shortest:
        bound = min(math.sqrt(MOST_PIXELS / longest / shortest), LONGEST_STRIP / longest)
        scale = max(scale, min(READABLE_PER_POINT, bound))
    return Size(max(round(width * scale), 1), max(round(height * scale), 1))


def small_size(page: Size, longest_side: int) -> Size:
    """The size of a small picture of a page, never larger than the page itself."""
    scale = min(longest_side / max(page.width, page.height), 1.0)
    return Size(max(round(page.width * scale), 1), max(round(page.height * scale), 1))


def _sensible(side: float) -> float:
    return min(max(side, SMALLEST_POINT), LARGEST_POINT) if math.isfinite(side) else LARGEST_POINT
