"""The process of `ocr-desktop capture` after its gesture: what keeps it alive, and whose settings it goes by."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtGui import QClipboard, QGuiApplication

from ocr_desktop.core.capture_results import CaptureResult
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.engines import profiles
from ocr_desktop.gui import application
from ocr_desktop.gui.capture import capturing as capturing_module
from ocr_desktop.gui.capture import process
from ocr_desktop.gui.capture.capturing import Capturing
from ocr_desktop.gui.capture.clipboard_saving import content_of
from ocr_desktop.gui.capture.note import CaptureNote
from ocr_desktop.gui.capture.options import CaptureOptions
from ocr_desktop.gui.handover import OpenRequest, is_own_socket, open_there, socket_path
from ocr_desktop.services.context import default_settings_folder
from ocr_desktop.services.settings import Settings, SettingsFile
from tests.support.capture_bench import FIRST, Beat, press
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.waiting import until
from tests.support.window import add_profile

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAIN = CaptureOptions(region=FIRST)
Begin = Callable[..., "Program"]


class Program:
    """One such process, inside of this one."""

    def __init__(self, options: CaptureOptions, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[CaptureResult] = []
        self.made: list[Capturing] = []

        def make(*arguments: object, **named: object) -> Capturing:
            self.made.append(Capturing(*arguments, **named))  # type: ignore[arg-type]
            return self.made[0]

        monkeypatch.setattr(capturing_module, "Capturing", make)
        self.life = asyncio.ensure_future(process.CaptureProgram(options, self._tell).live())

    def _tell(self, result: CaptureResult) -> int:
        self.told.append(result)
        return 7

    @property
    def notes(self) -> list[CaptureNote]:
        return [note for capturing in self.made for note in capturing._all_notes if note.isVisible()]

    async def until_note(self, title: str) -> CaptureNote:
        await until(
            lambda: self.life.done() or (self.notes and self.notes[-1].title.startswith(title)),
            Beat(QGuiApplication.instance()).beat,
        )
        assert not self.life.done()
        return self.notes[-1]

    async def end(self) -> None:
        """End it as the system does; nothing of it may go on when the test is over."""
        self.life.cancel()
        await asyncio.wait({self.life})

    async def ended(self) -> int:
        return await asyncio.wait_for(self.life, 20)


@pytest.fixture
def server(screen: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """The engine of captures: its process has no other to wait for."""
    folder = default_settings_folder()
    folder.mkdir(parents=True)
    with ProviderServer("modelverse", streamed("From the server")) as server:
        add_profile(folder, server.base_url)
        SettingsFile(folder).save(Settings(capture_engine="modelverse"))
        monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def begin(server: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Begin]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(process, "_let_go_of_streams", lambda: None)
    # Offscreen nobody owns the clipboard: what lies there is this program's, as on a desktop.
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda clipboard: content_of(clipboard).hasText())
    QGuiApplication.clipboard().clear()

    def begin(options: CaptureOptions = PLAIN) -> Program:
        return Program(options, monkeypatch)

    yield begin
    for number, handler in handlers.items():
        asyncio.get_running_loop().remove_signal_handler(number)
        signal.signal(number, handler)


async def test_undo_of_an_empty_clipboard_is_no_reason_to_end(begin: Begin) -> None:
    program = begin()
    press(await program.until_note("Copied"), "Undo")
    note = await program.until_note("The clipboard is as it was")
    press(note, "Copy again")
    assert QGuiApplication.clipboard().text() == "From the server"
    note.close()
    assert await program.ended() == 7


async def test_trying_again_is_no_reason_to_end(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze = capturing_module.freeze_screens

    async def fail() -> object:
        monkeypatch.setattr(capturing_module, "freeze_screens", freeze)
        raise InputError(ErrorCode.CAPTURE_BLANK)

    monkeypatch.setattr(capturing_module, "freeze_screens", fail)
    monkeypatch.setattr(process, "NOTHING_PATIENCE_S", 0.01)
    monkeypatch.setattr(CaptureNote, "is_attended", property(lambda note: note.title.startswith("The picture")))
    program = begin()
    press(await program.until_note("The picture of the screen"), "Try again")
    await program.until_note("Copied")
    assert [result.error.code for result in program.told if result.error] == [ErrorCode.CAPTURE_BLANK]
    await program.end()


@pytest.mark.parametrize("options", [replace(PLAIN, writes_clipboard=False), PLAIN])
async def test_after_an_error_it_ends(begin: Begin, options: CaptureOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    if options.writes_clipboard:
        # The offscreen platform gives the focus to whatever is shown last.
        monkeypatch.setattr(CaptureNote, "is_attended", False)
        monkeypatch.setattr(process, "NOTHING_PATIENCE_S", 0.01)
    program = begin(replace(options, region=(9000, 9000, 9, 9)))
    assert await program.ended() == 7
    assert program.told[0].error is not None
    assert program.told[0].error.code is ErrorCode.REGION_OUTSIDE


async def test_what_another_program_set_meanwhile_holds(
    begin: Begin, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "is_loopback", lambda host: False)
    program = begin()
    note = await program.until_note("Send this picture")
    file = SettingsFile(default_settings_folder())
    file.save(replace(file.load(), stay_offline=True, retries=5))
    press(note, "Send to 127.0.0.1")
    await program.until_note("“Stay offline” is on")
    assert server.requests == []
    kept = file.load()
    assert (kept.stay_offline, kept.retries, kept.allowed_hosts) == (True, 5, ("127.0.0.1",))
    await program.end()


async def test_the_window_that_it_becomes_stays_offline_and_hears_signals(
    begin: Begin, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    async def live_with(context: object, show: object) -> None:
        seen.append(context.offline.is_on)  # type: ignore[attr-defined]
        seen.extend(signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM))

    monkeypatch.setattr(application, "live_with", live_with)
    program = begin(replace(PLAIN, engine="embedded", is_offline=True))
    press(await program.until_note("Copied"), "Open in window")
    assert await program.ended() == 7
    assert seen == [True, signal.SIG_DFL, signal.SIG_DFL]


async def test_a_second_start_is_heard_by_the_one_that_stays(begin: Begin) -> None:
    program = begin()
    await program.until_note("Copied")
    result = await asyncio.to_thread(process.captured_there, PLAIN)
    assert result is not None
    assert result.text == "From the server\n"
    assert len(program.told) == 1
    request = OpenRequest((Path("/x.png"),))
    assert not await asyncio.to_thread(open_there, request, default_settings_folder())
    assert not is_own_socket(socket_path(default_settings_folder())), "a window can hear them now"
    await program.end()


async def test_a_second_start_is_not_ended_by_a_signal_to_the_first(begin: Begin, server: ProviderServer) -> None:
    program = begin()
    await program.until_note("Copied")
    gate = Gate()
    server.answer_with(streamed("for the second", gate))
    second = asyncio.ensure_future(asyncio.to_thread(process.captured_there, PLAIN))
    await gate.reached.waited()
    signal.raise_signal(signal.SIGTERM)
    assert await program.ended() == 7
    assert await second is None, "it captures by itself"


async def test_one_that_leaves_the_clipboard_alone_hears_nobody(begin: Begin, server: ProviderServer) -> None:
    gate = Gate()
    server.answer_with(streamed("words", gate))
    program = begin(replace(PLAIN, writes_clipboard=False))
    await gate.reached.waited()
    assert not is_own_socket(socket_path(default_settings_folder())), "it would not end with its own capture"
    gate.open()
    assert await program.ended() == 7
