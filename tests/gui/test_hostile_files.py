"""Every hostile and broken input, one after the other in one window, which is alive and reads at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.gui.entries import Entry
from ocr_desktop.gui.messages import error_text
from tests.support.hostile_files import IS_ADMINISTRATOR, HostileFile, make_hostile_files
from tests.support.window import Desk, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def failure_of(desk: Desk, hostile: HostileFile) -> OcrDesktopError | None:
    """Drop it beside what is there, and wait until it is on show or the window says why it is not."""
    failures: list[OcrDesktopError] = []

    def note(_entry: Entry, error: OcrDesktopError) -> None:
        failures.append(error)

    session, adding = desk.session, desk.window.adding
    session.page_failed.connect(note)
    adding.nothing_found.connect(failures.append)
    before = session.entry
    desk.drop_files(hostile.path)
    await desk.until(
        lambda: failures or (session.entry is not before and session.opened is not None), adding.nothing_found
    )
    session.page_failed.disconnect(note)
    adding.nothing_found.disconnect(failures.append)
    return failures[0] if failures else None


async def test_the_window_says_what_is_wrong_with_each_and_lives_on(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    folder = tmp_path / "hostile"
    folder.mkdir()
    for hostile in make_hostile_files(folder):
        if hostile.code is ErrorCode.NO_PERMISSION and IS_ADMINISTRATOR:
            continue
        failure = await failure_of(desk, hostile)
        code = None if failure is None else failure.code
        assert code == hostile.code, hostile.case
        if failure is not None:
            told = error_text(failure, name="it")
            assert "{" not in told, hostile.case
            assert "\n" not in desk.bar.text, hostile.case

    desk.actions["auto_read_always"].trigger()
    desk.drop_files(page_file(tmp_path, "good.png", "Still alive"))
    await desk.until_read("good.png")
    assert [region.text for region in desk.session.regions] == ["Still alive"]
