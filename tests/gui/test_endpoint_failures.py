"""Every way in which an endpoint fails: the window says which, shows what came, and offers what helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.gui.messages import warning_text
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import FILE_NAME
from tests.support.endpoint_failures import FAILURES, Failure, Stage, staged
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY
from tests.support.window import SHIFT, Desk, SharingContext, add_profile, blank_file, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

TITLES = {"vllm": "vLLM", "modelverse": "UCloud Modelverse"}
SENTENCES = {
    ErrorCode.HOST_UNREACHABLE: "cannot be reached",
    ErrorCode.HOST_UNKNOWN: "No computer named ocr.invalid is known",
    ErrorCode.HOST_UNTRUSTED: "The certificate does not show that this is 127.0.0.1",
    ErrorCode.HOST_INSECURE: "nothing was sent",
    ErrorCode.HOST_SILENT: "127.0.0.1 sent nothing for 1 s",
    ErrorCode.HOST_REDIRECTS: "127.0.0.1 redirects to",
    ErrorCode.KEY_MISSING: "UCloud Modelverse needs a key",
    ErrorCode.KEY_UNUSABLE: "nothing was sent",
    ErrorCode.KEY_REFUSED: "refused the key",
    ErrorCode.QUOTA_EXCEEDED: "has nothing left",
    ErrorCode.ADDRESS_WRONG: "127.0.0.1 answers, but not at this address",
    ErrorCode.MODEL_MISSING: "127.0.0.1 has no model",
    ErrorCode.TOO_MANY_REQUESTS: "takes no more requests for now",
    ErrorCode.REQUEST_TOO_LARGE: "too large for 127.0.0.1",
    ErrorCode.REQUEST_REFUSED: "127.0.0.1 refused the request",
    ErrorCode.SERVER_FAILED: "127.0.0.1 failed",
    ErrorCode.ANSWER_UNREADABLE: "The answer of 127.0.0.1 cannot be understood",
    ErrorCode.CONNECTION_LOST: "The connection to 127.0.0.1 broke off",
}
"""What the bar says of each error."""
ENDS = {
    Finish.CUT: "cut off",
    Finish.LOOP: "repeated itself",
    Finish.TIMEOUT: "what came is kept",
    Finish.ERROR: "what came is kept",
}
"""What it says of an answer that is not whole."""
KEY_CODES = {ErrorCode.KEY_UNUSABLE, ErrorCode.KEY_REFUSED, ErrorCode.QUOTA_EXCEEDED}
WIRE_CODES = {
    ErrorCode.HOST_UNREACHABLE,
    ErrorCode.HOST_UNKNOWN,
    ErrorCode.HOST_UNTRUSTED,
    ErrorCode.HOST_SILENT,
    ErrorCode.ADDRESS_WRONG,
    ErrorCode.MODEL_MISSING,
    ErrorCode.REQUEST_REFUSED,
    ErrorCode.SERVER_FAILED,
    ErrorCode.ANSWER_UNREADABLE,
}


def set_up(folder: Path, failure: Failure, stage: Stage) -> None:
    """The profile at the stage's address, and settings as the failure wants them."""
    add_profile(folder, stage.base_url, failure.engine)
    lines = (
        f'engine = "{failure.engine}"',
        f'engines = ["{failure.engine}"]',
        'preset = "free"',
        'allowed_hosts = ["ocr.invalid", "192.0.2.1"]',
        f"retries = {failure.retries}",
        f"timeout_s = {max(round(failure.timeout_s), 1)}",
    )
    (folder / FILE_NAME).write_text("\n".join(lines), "utf-8")


async def read_to_the_end(desk: Desk, folder: Path) -> None:
    ends: list[object] = []
    desk.control.failed.connect(ends.append)
    desk.control.ended.connect(ends.append)
    desk.drop_files(blank_file(folder, "page.png"))
    await desk.until_shown("page.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until(lambda: ends and desk.control.job is None)


def check_ways_on(desk: Desk, failure: Failure) -> None:
    if failure.code is None:
        return
    assert "Read on this computer" in desk.choices
    assert ("Test connection…" in desk.choices) is (failure.code in WIRE_CODES)
    if failure.code in KEY_CODES:
        assert "Change key…" in desk.choices
    if failure.code not in (ErrorCode.KEY_MISSING, ErrorCode.HOST_INSECURE, ErrorCode.REQUEST_TOO_LARGE):
        assert "Try again" in desk.choices


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
async def test_what_fails_is_told_and_what_came_is_on_show(
    failure: Failure, workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    if failure.key is not None:
        monkeypatch.setenv(failure.variable, failure.key)
    with staged(failure) as stage:
        set_up(tmp_path, failure, stage)
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            assert desk.control.engine.title == TITLES[failure.engine]
            await read_to_the_end(desk, tmp_path)
            assert len(stage.server.requests) == failure.requests
            assert not stage.elsewhere.requests, "the picture goes to nobody else"
            run, told = desk.session.run, desk.bar.text
            assert desk.run_button.text() == "Read"
            assert failure.key is None or failure.key not in told
            if failure.exit_code == 4:
                assert failure.code is not None
                assert run is None
                assert SENTENCES[failure.code] in told
                check_ways_on(desk, failure)
                return
            assert run is not None
            assert run.finish is failure.finish
            assert run.raw.startswith(failure.kept)
            await desk.until(lambda: " ".join(failure.kept.split()[:2]) in desk.preview)
            if failure.exit_code == 0:
                assert run.raw == failure.kept
                assert told == ("" if failure.warning is None else warning_text(failure.warning))
                return
            assert ENDS[failure.finish] in told
            assert failure.code is None or SENTENCES[failure.code] in told
            assert "incomplete" in desk.find(QLabel, "run_facts").text()
            check_ways_on(desk, failure)


async def test_what_a_stopped_request_still_says_reaches_no_other_run(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    first, late, second = Gate(), Gate(), Gate()
    talkative = Failure(
        "a server that goes on after Stop",
        lambda *_: (streamed("First", first, late, " late" * 50), streamed("Second", second, " words")),
        None,
        Finish.COMPLETE,
        0,
    )
    monkeypatch.setenv(talkative.variable, KEY)
    with staged(talkative) as stage:
        set_up(tmp_path, talkative, stage)
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            desk.drop_files(blank_file(tmp_path, "page.png"))
            await desk.until_shown("page.png")
            desk.press_in_window(Qt.Key.Key_F5)
            await first.reached.waited()
            first.open()
            await desk.until(lambda: desk.session.raw == "First")
            desk.press_in_window(Qt.Key.Key_F5, SHIFT)
            late.open()
            await desk.until(lambda: desk.control.job is None)
            await stage.server.requests[0].closed.waited()
            desk.press_in_window(Qt.Key.Key_F5)
            await second.reached.waited()
            await desk.until(lambda: desk.session.raw == "Second")
            second.open()
            await desk.until_read()
            assert [run.raw for run in desk.session.text_runs] == ["First", "Second words"]
            assert [run.finish for run in desk.session.text_runs] == [Finish.CANCELLED, Finish.COMPLETE]
