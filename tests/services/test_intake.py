"""What somebody waits for is opened in one process, what nobody waits for in another."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

from PIL import Image

from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.services.intake import Intake
from ocr_desktop.worker.client import PicturesClient
from tests.support.pictures import encoded
from tests.support.workers import MOST_PIXELS, PATIENT, open_pictures


async def test_a_folder_and_a_page_that_nobody_waits_for_do_not_hold_up_the_page_on_show(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(encoded(Image.new("RGB", (40, 30))))
    async with open_pictures() as (store, on_show):
        background = PicturesClient(store, PATIENT)
        intake = Intake(on_show, background, MOST_PIXELS)
        try:
            async with aclosing(intake.files_in(tmp_path, with_subfolders=True)) as batches:
                assert [batch async for batch in batches] == [(path,)]
            intake.release(await intake.open_page(PagePlace(path), in_background=True))
            assert (on_show.process_id, background.process_id is None) == (None, False)
            intake.release(await intake.open_page(PagePlace(path)))
            assert on_show.process_id not in (None, background.process_id)
        finally:
            await background.close()
