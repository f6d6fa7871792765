"""The workers under the window's event loop."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
import qasync
from PIL import Image
from PySide6.QtWidgets import QApplication

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size
from tests.support.pictures import Words, draw_page, encoded
from tests.support.workers import lines_of, open_in, open_pictures, open_reader, stored


def test_pictures_and_lines_come_under_qts_loop(qapp: QApplication) -> None:
    async def main() -> None:
        async with open_pictures() as (_, pictures), open_reader() as (store, reader):
            content = encoded(Image.new("RGB", (400, 300), "white"))
            assert (await open_in(pictures, content)).pixels.size == Size(400, 300)
            pixels = stored(store, draw_page(Words("Under Qt", 20, 20, 60), size=(400, 120)))
            assert [line.text for line in await lines_of(reader, pixels)] == ["Under Qt"]
            assert pictures.process_id is not None
            os.kill(pictures.process_id, signal.SIGKILL)
            with pytest.raises(InputError) as caught:
                await open_in(pictures, content)
            assert caught.value.code is ErrorCode.WORKER_CRASHED

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qapp)) as runner:
        runner.run(main())
