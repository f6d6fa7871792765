"""Memory of large pictures, given back to the system as soon as it is free."""

from __future__ import annotations

import ctypes

MMAP_THRESHOLD = -3
"""`M_MMAP_THRESHOLD` of glibc's `malloc.h`."""
LARGE_BYTES = 1 << 20


def give_large_blocks_back() -> None:
    """Let blocks of a megabyte and more leave the process when they are freed, where the system can be told so.

    By itself glibc raises its limit to the largest block that was freed, and then keeps such blocks for every thread:
    after a few captures of a screen of 3840 x 2160 pixels some 600 MB (measured), which nobody uses.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(MMAP_THRESHOLD, LARGE_BYTES)
