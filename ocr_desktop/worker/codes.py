"""QR codes, bar codes and their kin on a picture, read by zxing-cpp. What they hold is text here and nothing else."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ocr_desktop.core.events import CodeFound
from ocr_desktop.core.files import printable
from ocr_desktop.core.geometry import Quad
from ocr_desktop.worker.pieces import Picture

MOST_PIXELS = 5_000_000
LEAST_SIDE = 16
MOST_CODES = 200
_Format = zxingcpp.BarcodeFormat
FORMATS = (
    _Format.QRCode, _Format.MicroQRCode, _Format.RMQRCode, _Format.DataMatrix, _Format.Aztec, _Format.PDF417,
    _Format.Code128, _Format.Code93, _Format.Code39, _Format.ITF, _Format.Codabar,
    _Format.EAN13, _Format.EAN8, _Format.UPCA, _Format.UPCE, _Format.DataBar, _Format.DataBarExp,
)  # fmt: skip
WEAK_FORMATS = frozenset({_Format.ITF, _Format.Codabar, _Format.Code39})
LEAST_LENGTH = 6
"""Codes without a checksum of their own that are shorter than this can be chance."""
TEXT_CONTENTS = frozenset({zxingcpp.ContentType.Text, zxingcpp.ContentType.GS1, zxingcpp.ContentType.ISO15434})
LEAST_READABLE = 0.8
"""Bytes of which so many are characters that can be seen are text, whatever the code calls them."""
BYTES_SHOWN = 2048
GROWN = 1.06
"""A code's area with its rim, against the corners of its pattern."""


def codes_in(picture: Picture) -> list[CodeFound]:
    """The codes on a picture, corners in its pixels from where the code's own top left is."""
    height, width = picture.shape[:2]
    if min(height, width) < LEAST_SIDE:
        return []
    scale = min(math.sqrt(MOST_PIXELS / (width * height)), 1.0)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    reduced = picture if scale == 1.0 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(reduced, cv2.COLOR_BGR2GRAY)
    across_and_down = (width / grey.shape[1], height / grey.shape[0])
    read = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(FORMATS), text_mode=zxingcpp.TextMode.HRI)
    codes = [CodeFound(_text(code), _quad(code, across_and_down), str(code.format)) for code in read if _is_sure(code)]
    return codes[:MOST_CODES]


def is_in_code(quad: NDArray[np.float32], codes: Sequence[CodeFound]) -> bool:
    """Whether the middle of a line (4 × 2) lies in a code: what is read there is noise."""
    x, y = (float(value) for value in quad.mean(axis=0))
    return any(cv2.pointPolygonTest(_grown(code.quad), (x, y), measureDist=False) >= 0 for code in codes)


@functools.lru_cache(maxsize=MOST_CODES)
def _grown(quad: Quad) -> NDArray[np.float32]:
    corners = np.array(quad, np.float32)
    middle = corners.mean(axis=0)
    grown: NDArray[np.float32] = ((corners - middle) * GROWN + middle).astype(np.float32)
    return grown


def _is_sure(code: zxingcpp.Barcode) -> bool:
    return code.valid and bool(code.text) and (code.format not in WEAK_FORMATS or len(code.text) >= LEAST_LENGTH)


def _text(code: zxingcpp.Barcode) -> str:
    """What it holds, its lines kept and control characters written out; bytes that are no text in hexadecimal."""
    written = code.text if code.content_type in TEXT_CONTENTS else _written(code.bytes)
    if written is None:
        return code.bytes[:BYTES_SHOWN].hex(" ") + (" …" if len(code.bytes) > BYTES_SHOWN else "")
    lines = written.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(printable(line) for line in lines).strip()


def _written(content: bytes) -> str | None:
    """The text that bytes are, though some of it may steer; None where they are no text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    readable = sum(character.isprintable() or character in "\r\n\t" for character in text)
    return text if readable >= LEAST_READABLE * len(text) else None


def _quad(code: zxingcpp.Barcode, across_and_down: tuple[float, float]) -> Quad:
    across, down = across_and_down
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    a, b, c, d = ((point.x * across, point.y * down) for point in corners)
    return (a, b, c, d)
