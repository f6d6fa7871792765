"""The role that holds the embedded engine, inside its process: RapidOCR, taken in its single steps.

Detection finds the lines of a picture at once; recognition then reads them one by one from the top, so lines come
while the rest is still being read, and a stop acts between two of them. Only arrays are handed to the engine, and the
files of its weights by their paths: it would fetch a missing file, or a text that looks like an address.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError
from ocr_desktop.core.events import CodeFound
from ocr_desktop.core.geometry import Quad
from ocr_desktop.worker import messages, pieces
from ocr_desktop.worker.codes import codes_in, is_in_code
from ocr_desktop.worker.detection import Corners, boxes_in
from ocr_desktop.worker.pieces import Picture
from ocr_desktop.worker.pixels import CHANNELS
from ocr_desktop.worker.process import IsStopped
from ocr_desktop.worker.recognition import LineRecognition
from ocr_desktop.worker.shapes import shapes_in
from ocr_desktop.worker.shown import shown_picture
from ocr_desktop.worker.turning import read_lines

DETECTION_WEIGHTS = "PP-OCRv6_det_small.onnx"
RECOGNITION_WEIGHTS = "PP-OCRv6_rec_small.onnx"
OPTIONS: dict[str, Any] = {
    "Global.log_level": "critical",
    # Lines are read side by side instead; two threads on one line took twice the processor time.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    # It turns short lines upside down.
    "Global.use_cls": False,
    # Scaling and padding are done here, without distortion and without black bars.
    "Global.use_preprocess_img": False,
    "Global.use_vertical_padding": False,
    "Det.limit_type": "max",
    "Det.limit_side_len": pieces.DETECTION_SIDE,
    "Det.max_candidates": 10_000,
    # Short lines are not padded to 320 pixels.
    "Rec.rec_img_shape": [3, 48, 96],
}
LEAST_SCORE = 0.5
PROGRESS_EVERY = 8
"""Lines between two tellings of how far it is."""


class ReaderWorker:
    """Answers `WarmUp` and `Read`; loads the engine with the first of them and keeps it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._engine: tuple[Any, LineRecognition] | None = None

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
        engine, recognition = self._loaded_engine()
        height, width = picture.shape[:2]
        if pieces.is_out_of_shape(width, height):
            raise InputError(ErrorCode.PICTURE_SHAPE, name="", width=width, height=height)
        done = 0
        parts = pieces.cut(picture)
        quads: list[Corners] = []
        codes = codes_in(picture)
        for code in codes:
            yield messages.Code(number, code.text, code.quad, code.symbology)
        for piece in parts:
            if is_stopped():
                return
            found = (
                []
                if pieces.is_plain(piece.picture)
                else boxes_in(piece.picture, partial(_detected, engine), is_stopped)
            )
            boxes = [box for box in found if not is_in_code(piece.back(box), codes)]
            quads += [piece.back(box) for box in boxes]
            if piece is parts[-1]:
                yield _shapes(picture, quads, codes, number)
            # How many lines the pieces to come hold is not known.
            total = done + len(boxes) if piece is parts[-1] else 0
            yield messages.Advanced(number, done, total)
            for line in read_lines(piece.picture, boxes, recognition.read):
                if is_stopped():
                    return
                done += 1
                if line.read.text and line.read.score >= LEAST_SCORE:
                    yield messages.Line(number, quad=_quad_of(piece.back(line.corners)), **line.read._asdict())
                if done % PROGRESS_EVERY == 0:
                    yield messages.Advanced(number, done, total)
        yield messages.Advanced(number, done, done)

    def _loaded_engine(self) -> tuple[Any, LineRecognition]:
        if self._engine is None:
            weights = _weights()
            _take_network_away()
            from rapidocr import RapidOCR
            from rapidocr.main import RapidOCRError

            engine = RapidOCR(params=OPTIONS | weights)
            # It loads its parts when they are used first, and complains where it sees no line.
            with suppress(RapidOCRError):
                engine.detect_and_crop(np.full((64, 64, CHANNELS), 255, np.uint8), {})
            self._engine = engine, LineRecognition(engine)
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


def _detected(engine: Any, picture: NDArray[Any]) -> list[Corners]:
    """The boxes of lines, each from its top left corner on, in the picture's pixels."""
    found = engine.text_det(picture).boxes
    return [] if found is None else [np.array(box, np.float32) for box in found]


def _shapes(picture: Picture, quads: Sequence[Corners], codes: Sequence[CodeFound], number: int) -> messages.Shapes:
    shapes = shapes_in(picture, quads, codes)
    return messages.Shapes(number, shapes.rules, shapes.pictures, shapes.fills)


def _quad_of(points: NDArray[np.float32]) -> Quad:
    corners = [(float(x), float(y)) for x, y in points]
    return (corners[0], corners[1], corners[2], corners[3])
