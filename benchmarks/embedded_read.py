"""What do the job, the worker and the shared pixels cost, against RapidOCR called directly in one process?

Both are warm and see the same picture with the same options; opening the file is on neither side. Our side ends with
a run: lines put in order and into paragraphs. The goal is at most 1.1 times as long. For comparison stands there
how long RapidOCR takes as it comes, with its own defaults.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measuring import in_turn, milliseconds, print_table
from PIL import Image

from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ID
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.intake import OpenedDocument
from ocr_desktop.services.questions import questions_for
from ocr_desktop.services.recognition import Reading, read
from ocr_desktop.worker import pieces, reader
from tests.support.pictures import Words, draw_page, encoded

ROUNDS = 5
GOAL = 1.1
SENTENCE = "The quick brown fox jumps over the lazy dog while 42 sums are due."


def screenshot() -> Image.Image:
    lines = [Words(f"{number}  {SENTENCE[: 20 + 3 * number]}", 16, 14 + 26 * number, 14) for number in range(14)]
    return draw_page(*lines, size=(760, 400), ground="#1e1e1e", ink="#d4d4d4")


def page() -> Image.Image:
    lines = [Words(f"{SENTENCE} {number}", 150, 160 + 44 * number, 30) for number in range(45)]
    return draw_page(*lines, size=(1654, 2339))


def direct_engine(options: dict[str, Any]) -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params=options)


def timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def measured(
    runner: asyncio.Runner, context: AppContext, opened: OpenedDocument, picture: Image.Image
) -> dict[str, float]:
    import numpy as np

    array = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
    prepared = pieces.cut(array)
    same_options = direct_engine(reader.OPTIONS | reader._weights())
    as_it_comes = direct_engine({"Global.log_level": "critical"})
    engine = runner.run(context.catalogue.engine(EMBEDDED_ID))
    reading = Reading(opened.pixels, PresetId.MARKDOWN, questions_for(PresetId.MARKDOWN))
    return in_turn(
        ROUNDS,
        {
            "read": lambda: timed(lambda: runner.run(read(engine, reading))),
            "direct": lambda: timed(lambda: [same_options(piece.picture) for piece in prepared]),
            "as it comes": lambda: timed(lambda: as_it_comes(array)),
        },
    )


def main() -> None:
    rows = [["picture", "read", "RapidOCR directly", "ratio", "goal", "RapidOCR as it comes"]]
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as folder:

        async def made() -> AppContext:
            return AppContext(Path(folder))

        context = runner.run(made())
        for name, picture in (("screenshot, 760 x 400", screenshot()), ("page, 1654 x 2339", page())):
            opened = runner.run(context.intake.open_data(encoded(picture), name))
            medians = measured(runner, context, opened, Image.open(io.BytesIO(encoded(picture))))
            ratio = f"{medians['read'] / medians['direct']:.2f} x"
            shown = [milliseconds(medians[each]) for each in ("read", "direct", "as it comes")]
            rows.append([name, shown[0], shown[1], ratio, f"<= {GOAL} x", shown[2]])
        runner.run(context.close())
    print_table(f"a warm read of one picture, medians of {ROUNDS}", rows)


if __name__ == "__main__":
    main()
