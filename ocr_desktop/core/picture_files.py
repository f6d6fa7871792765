"""What the endings of files' names promise, and in which order people expect the files of a folder."""

from __future__ import annotations

import re
import unicodedata

PICTURE_ENDINGS = (
    *("png", "apng", "jpg", "jpeg", "jpe", "jfif", "webp", "bmp", "dib", "gif", "tif", "tiff"),
    *("heic", "heics", "heif", "heifs", "hif", "avif", "avifs", "jp2", "j2k", "jpf", "jpx", "ppm", "pgm", "pbm", "pnm"),
)
"""Of file names, without the dot. They choose among a folder's files only; what a file is, its content says."""
PDF_ENDING = "pdf"
PDF_FORMAT = "PDF"
"""Beside Pillow's names of the formats of pictures."""
PAGED_ENDINGS = (PDF_ENDING, "tif", "tiff")
"""Of files that often have several pages."""
_ENDINGS = frozenset({*PICTURE_ENDINGS, PDF_ENDING})
_DIGITS = re.compile(r"\d+")


def is_taken(name: str) -> bool:
    """Whether a file of a folder is taken: its ending is known, and it is not hidden."""
    stem, dot, ending = name.rpartition(".")
    return bool(dot and stem) and not name.startswith(".") and ending.lower() in _ENDINGS


def may_have_pages(name: str) -> bool:
    """Whether a file of this name often has several pages."""
    return name.rpartition(".")[2].lower() in PAGED_ENDINGS


def natural_key(name: str) -> tuple[str, str]:
    """By this names sort as people count: page 2 before page 10, whatever the case of the letters."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return _DIGITS.sub(_comparable, folded), name


def _comparable(digits: re.Match[str]) -> str:
    """A number as text that sorts by its size: how many digits it has, then these.

    A name has at most 255 bytes, so three digits hold the length. The zero puts numbers before letters.
    """
    number = str(int(digits.group()))
    return f"0{len(number):03}{number}"
