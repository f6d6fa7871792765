"""What a model says of the program's test picture, right and wrong."""

from __future__ import annotations

from collections.abc import Callable

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.core.known_picture import known_picture

WIDTH, HEIGHT = 640, 200
PICTURE = known_picture()


def grounded(place: Callable[[PixelBox], PixelBox] = lambda box: box) -> str:
    """Every line with its label and its box, which `place` may put elsewhere."""
    regions = []
    for number, line in enumerate(PICTURE.lines):
        label, mark = ("title", "# ") if number == 0 else ("text", "")
        regions.append(f"<|ref|>{label}<|/ref|><|det|>[{_numbers(place(line.box))}]<|/det|>\n{mark}{line.text}\n\n")
    return "".join(regions)


def without_tags() -> str:
    """As a server gives it that drops special tokens."""
    answer = grounded()
    for tag in ("<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>"):
        answer = answer.replace(tag, "")
    return answer


def without_boxes() -> str:
    return "\n\n".join(line.text for line in PICTURE.lines)


def _numbers(box: PixelBox) -> str:
    edges = (box.x_min / WIDTH, box.y_min / HEIGHT, box.x_max / WIDTH, box.y_max / HEIGHT)
    return str([round(edge * 999) for edge in edges])
