"""The window without a display: reads its files as ever, is drawn into a picture, and prints the Markdown."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from ocr_desktop.core.markdown import compose
from ocr_desktop.gui.application import OpenedWindow
from ocr_desktop.gui.messages import error_text
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.gui.output.rendered import RenderedView

EXIT_FAILED = 3
PATIENCE_S = 300


async def take_snapshot(paths: list[Path], picture: Path) -> int:
    """Show and read the first file, and draw the window when it is done."""
    context = AppContext()
    # What somebody chose for their window must not send their picture anywhere from here.
    opened = OpenedWindow(context, Settings())
    window = opened.window
    try:
        window.show()
        await opened.settle_in()
        if paths:
            failure = await _read_first(opened, paths)
            if failure is not None:
                sys.stderr.write(f"ocr-desktop: error: {error_text(failure)}\n")
                return EXIT_FAILED
        await _written(window.output.rendered_view)
        picture.parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(str(picture)):
            sys.stderr.write(f"ocr-desktop: error: {picture}: it cannot be written. Choose another place.\n")
            return EXIT_FAILED
        sys.stdout.buffer.write((compose(window.session.regions).text + "\n").encode())
        sys.stdout.buffer.flush()
        sys.stderr.write(f"The window is drawn in {picture}\n")
        return 0
    finally:
        await opened.close()
        await context.close()


async def _written(view: RenderedView) -> None:
    """Wait until the preview has written all that it was told to show, formulas and all."""
    written = asyncio.Event()
    view.caught_up.connect(written.set)
    view.all_drawn.connect(written.set)
    while not (view.is_caught_up and view.has_all_drawings):
        written.clear()
        await asyncio.wait_for(written.wait(), PATIENCE_S)


async def _read_first(opened: OpenedWindow, paths: list[Path]) -> OcrDesktopError | None:
    """Wait until the first file is read; the error, where it cannot be."""
    end: asyncio.Future[OcrDesktopError | None] = asyncio.get_running_loop().create_future()

    def finish(error: OcrDesktopError | None) -> None:
        if not end.done():
            end.set_result(error)

    window = opened.window
    window.session.page_failed.connect(lambda _entry, error: finish(error))
    window.control.failed.connect(finish)
    window.control.ended.connect(lambda _job: finish(None))
    window.open_files(paths)
    return await asyncio.wait_for(end, PATIENCE_S)
