"""The role that holds the embedded engine, inside its process: RapidOCR, taken in its single steps.

Detection finds the lines of a picture at once; recognition then reads them one by one from the top, so lines come
while the rest is still being read, and a stop acts between two of them. Only arrays are handed to the engine, and the
files of its weights by their paths: it would fetch a missing file, or a text that looks like an address.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError
from ocr_desktop.core.geometry import Quad
from ocr_desktop.worker import messages, pieces
from ocr_desktop.worker.pieces import Picture, Piece
from ocr_desktop.worker.pixels import CHANNELS
from ocr_desktop.worker.process import IsStopped
from ocr_desktop.worker.shown import shown_picture

DETECTION_WEIGHTS = "PP-OCRv6_det_small.onnx"
RECOGNITION_WEIGHTS = "PP-OCRv6_rec_small.onnx"
OPTIONS: dict[str, Any] = {
    "Global.log_level": "critical",
    # It turns short lines upside down.
    "Global.use_cls": False,
    # Scaling and padding are done here, without distortion and without black bars.
    "Global.use_preprocess_img": False,
    "Global.use_vertical_padding": False,
    "Det.limit_type": "max",
    "Det.limit_side_len": pieces.DETECTION_SIDE,
    # Short lines are not padded to 320 pixels.
    "Rec.rec_img_shape": [3, 48, 96],
}
LEAST_SCORE = 0.5
PROGRESS_EVERY = 8
"""Lines between two tellings of how far it is."""
UPRIGHT = 1.5
"""A line's box this much higher than wide is read as if its text ran downward."""


class FoundLine(NamedTuple):
    """A line's corners in the piece's pixels, and its own picture, the text from left to right."""

    quad: NDArray[np.float32]
    picture: Picture


class ReaderWorker:
    """Answers `WarmUp` and `Read`; loads the engine with the first of them and keeps it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._engine: Any = None

    def answer(self, request: messages.Request, is_stopped: IsStopped) -> Iterator[messages.Finding]:
        match request:
            case messages.WarmUp():
                # The first picture of all takes longer than the ones after it.
                for _ in self._lines(np.full((64, 256, CHANNELS), 255, np.uint8), is_stopped, request.number):
                    pass
            case messages.Read():
                yield from self._lines(self._shown(request), is_stopped, request.number)
            case _:
                raise TypeError(request)

    def _shown(self, request: messages.Read) -> Picture:
        """What the view shows, blue first, as the engine wants it."""
        picture = np.asarray(shown_picture(self._descriptor, request.pixels, request.view))
        return np.ascontiguousarray(picture[:, :, ::-1])

    def _lines(self, picture: Picture, is_stopped: IsStopped, number: int) -> Iterator[messages.Finding]:
        engine = self._loaded_engine()
        height, width = picture.shape[:2]
        if pieces.is_out_of_shape(width, height):
            raise InputError(ErrorCode.PICTURE_SHAPE, name="", width=width, height=height)
        done = 0
        parts = pieces.cut(picture)
        for piece in parts:
            if is_stopped():
                return
            found = _found_lines(engine, piece.picture)
            # How many lines the pieces to come hold is not known.
            total = done + len(found) if piece is parts[-1] else 0
            for line in found:
                if done % PROGRESS_EVERY == 0:
                    yield messages.Advanced(number, done, total)
                if is_stopped():
                    return
                yield from _recognised(engine, line, piece, number)
                done += 1
        yield messages.Advanced(number, done, done)

    def _loaded_engine(self) -> Any:
        if self._engine is None:
            weights = _weights()
            _take_network_away()
            from rapidocr import RapidOCR

            self._engine = RapidOCR(params=OPTIONS | weights)
            self._engine.return_word_box = True
        return self._engine


def _take_network_away() -> None:
    """Put an empty module in the place of the one that the engine would fetch files with.

    Loading the real one already opens a socket, to see which addresses this machine has.
    """
    module = types.ModuleType("requests", "Nothing is fetched in this process.")
    vars(module).update(Response=object, RequestException=OSError)
    sys.modules["requests"] = module


def _weights() -> dict[str, str]:
    """Where the weights lie, as options.

    Raises:
        EngineError: WEIGHTS_MISSING.
    """
    # Its import is slow and must not come before this.
    package = importlib.util.find_spec("rapidocr")
    folder = Path((package and package.origin) or "").parent / "models"
    paths = {"Det.model_path": folder / DETECTION_WEIGHTS, "Rec.model_path": folder / RECOGNITION_WEIGHTS}
    for path in paths.values():
        if not path.is_file():
            raise EngineError(ErrorCode.WEIGHTS_MISSING, file=path.name, folder=str(folder))
    return {option: str(path) for option, path in paths.items()}


def _found_lines(engine: Any, picture: NDArray[Any]) -> list[FoundLine]:
    from rapidocr.main import RapidOCRError

    try:
        pictures, detected = engine.detect_and_crop(picture, {})
    except RapidOCRError:
        return []
    quads = [np.array(quad, np.float32) for quad in detected.boxes]
    widths = [float(np.linalg.norm(quad[1] - quad[0])) for quad in quads]
    heights = [float(np.linalg.norm(quad[3] - quad[0])) for quad in quads]
    flat = [height for width, height in zip(widths, heights, strict=True) if width >= height]
    usual = float(np.median(flat)) if flat else 0.0
    lines = []
    for quad, line, width, height in zip(quads, pictures, widths, heights, strict=True):
        is_turned = line.shape[1] > line.shape[0] and height > width
        if is_turned and height <= usual * UPRIGHT:
            # A lone figure or letter is higher than wide too, but no higher than the lines around it.
            lines.append(FoundLine(quad, np.ascontiguousarray(np.rot90(line, -1))))
        elif is_turned:
            lines.append(FoundLine(np.roll(quad, -1, axis=0), line))
        else:
            lines.append(FoundLine(quad, line))
    return lines


def _recognised(engine: Any, line: FoundLine, piece: Piece, number: int) -> Iterator[messages.Line]:
    # One line at a time: a batch is padded to its widest line, which costs more than it saves and changes what is read.
    read = engine.recognize_txt([line.picture])
    text, score = read.txts[0], float(read.scores[0])
    words = text.strip()
    if words and score >= LEAST_SCORE:
        start = text.index(words)
        edges = _edges(text, read.word_results[0])[start : start + len(words) + 1]
        yield messages.Line(number, words, _quad_of(piece.back(line.quad)), min(score, 1.0), edges)


def _edges(text: str, word_info: Any) -> tuple[float, ...]:
    """Where each character begins and the last one ends, 0–1 of the line's length.

    The engine tells in which of its steps it saw each character that is no space: somewhere inside the character.
    """
    middles = [column + 0.5 for columns in word_info.word_cols for column in columns]
    steps = float(word_info.line_txt_len)
    seen = iter(middles)
    places = [None if character.isspace() else next(seen, steps) for character in text]
    known = [index for index, place in enumerate(places) if place is not None]
    filled = np.interp(range(len(text)), known, [min(places[index] or 0.0, steps) for index in known])
    inner = (filled[1:] + filled[:-1]) / 2
    first = 2 * filled[0] - (inner[0] if len(inner) else steps / 2)
    last = 2 * filled[-1] - (inner[-1] if len(inner) else steps / 2)
    edges = np.clip(np.concatenate(([first], inner, [last])) / max(steps, 1.0), 0, 1)
    return tuple(round(float(edge), 4) for edge in np.maximum.accumulate(edges))


def _quad_of(points: NDArray[np.float32]) -> Quad:
    corners = [(float(x), float(y)) for x, y in points]
    return (corners[0], corners[1], corners[2], corners[3])
