"""A number of bytes in words."""

from __future__ import annotations

from PySide6.QtCore import QLocale

MEGABYTE = 1_000_000


def byte_text(count: int) -> str:
    """A file's size as people say it: `412 kB`, `1.4 MB`, in the language that is set."""
    if MEGABYTE - 500 <= count < MEGABYTE:
        # Rounded it would be 1000 kB.
        count = MEGABYTE
    decimals = 0 if count < MEGABYTE else 1
    return QLocale().formattedDataSize(count, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)
