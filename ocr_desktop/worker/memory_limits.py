"""How much memory a worker may take: an exhausted one is a `MemoryError` in it, not a machine that stands still."""

from __future__ import annotations

import os
import sys

BYTES_FOR_PIXEL = 24
"""At worst. Measured at 200 megapixels: floats 20, alpha 19, 16 bits of grey 14, turned 8, a plain JPEG 4; the rest is
room for stretching pixels that are not square."""
BYTES_BESIDES = 1 << 30
"""For the file's own content, of at most half of that, and the libraries."""
LEAST_BYTES = 2 << 30


def limit_memory(most_pixels: int) -> None:
    """Bound this process's address space by what a picture of so many pixels needs, and by what the machine has.

    Where the system knows no such bound nothing happens.
    """
    if sys.platform == "win32":
        return
    import resource

    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = max(LEAST_BYTES, min(BYTES_BESIDES + BYTES_FOR_PIXEL * most_pixels, physical))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
