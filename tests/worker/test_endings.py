"""A worker that crashes, hangs, idles or is not wanted any more; and a program that dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.worker import messages
from ocr_desktop.worker.child import Child
from ocr_desktop.worker.client import PicturesClient
from ocr_desktop.worker.dispatch import GaveWayError, Timing
from ocr_desktop.worker.pixels import Pixels, PixelStore
from ocr_desktop.worker.roles import Role
from tests.support.pictures import Words, draw_page, encoded
from tests.support.workers import (
    MOST_PIXELS,
    PATIENT,
    environment_of,
    lines_of,
    open_in,
    open_pictures,
    open_reader,
    process_end,
    stored,
)

CONTENT = encoded(Image.new("RGB", (400, 300), "white"))


async def running(pictures: PicturesClient) -> int:
    """The process, after it has answered once."""
    pictures.release((await open_in(pictures, CONTENT)).pixels)
    assert pictures.process_id is not None
    return pictures.process_id


async def started(waiting: asyncio.Task[object]) -> None:
    """Let a task come as far as it can by itself."""
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_crash_is_the_error_of_the_request_in_flight_alone() -> None:
    async with open_pictures() as (_, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGSTOP)
        crashed, queued = (asyncio.ensure_future(open_in(pictures, CONTENT)) for _ in range(2))
        await started(crashed)
        os.kill(process, signal.SIGKILL)
        with pytest.raises(InputError) as caught:
            await crashed
        assert caught.value.code is ErrorCode.WORKER_CRASHED
        assert caught.value.fields["reason"] == "SIGKILL"
        assert (await queued).pixels.size == Size(400, 300)
        assert pictures.process_id != process


async def test_a_worker_that_died_while_nothing_was_asked_is_not_missed() -> None:
    async with open_pictures() as (_, pictures):
        process = await running(pictures)
        child = pictures._dispatcher._child
        assert child is not None
        os.kill(process, signal.SIGKILL)
        await child.ended
        assert (await open_in(pictures, CONTENT)).pixels.size == Size(400, 300)


async def test_a_hanging_worker_is_killed_at_the_deadline() -> None:
    async with open_pictures(Timing(deadline=0.5)) as (store, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGSTOP)
        with pytest.raises(InputError) as caught:
            await open_in(pictures, CONTENT)
        assert (caught.value.code, caught.value.fields["seconds"]) == (ErrorCode.WORKER_SILENT, 0.5)
        await process_end(process)
        assert os.fstat(store.descriptor).st_size == 0


async def test_a_folder_that_hangs_is_told_with_its_name(tmp_path: Path) -> None:
    async with open_pictures(Timing(deadline=0.3)) as (_, pictures):
        os.kill(await running(pictures), signal.SIGSTOP)
        with pytest.raises(InputError) as caught:
            async with aclosing(pictures.files_in(tmp_path / "far away", with_subfolders=True)) as batches:
                await anext(batches)
        assert (caught.value.code, caught.value.fields["name"]) == (ErrorCode.FILE_UNREADABLE, "far away")


async def test_the_deadline_begins_anew_with_all_that_comes_until_nobody_waits(tmp_path: Path) -> None:
    async with open_pictures() as (_, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGSTOP)
        dispatcher = pictures._dispatcher
        job = dispatcher.submit(lambda number: messages.ListFiles(number, os.fsencode(tmp_path), True))
        child, first = dispatcher._child, dispatcher._timer
        assert child is not None
        assert first is not None
        listed = messages.Listed(job.request.number, (b"/1.png",))
        dispatcher._take_reply(child, listed)
        assert first.cancelled()
        dispatcher.give_up(job)
        until_killed = dispatcher._timer
        assert until_killed is not None
        dispatcher._take_reply(child, listed)
        assert not until_killed.cancelled(), "what still comes does not help a worker that was told to stop"
        os.kill(process, signal.SIGCONT)


async def test_the_place_of_a_page_that_nobody_wants_any_more_is_free_once_nobody_writes_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_pictures() as (store, pictures):
        process = await running(pictures)
        reserve, reserved, is_reserved = store.reserve, [], asyncio.Event()

        def stopped_before_it_decodes(size: Size) -> Pixels:
            os.kill(process, signal.SIGSTOP)
            reserved.append(reserve(size))
            is_reserved.set()
            return reserved[-1]

        monkeypatch.setattr(store, "reserve", stopped_before_it_decodes)
        opening = asyncio.ensure_future(open_in(pictures, CONTENT))
        await is_reserved.wait()
        opening.cancel()
        await asyncio.wait([opening])
        monkeypatch.undo()
        assert store.reserve(Size(400, 300)).offset != reserved[0].offset
        os.kill(process, signal.SIGCONT)
        assert (await open_in(pictures, CONTENT)).pixels.offset == reserved[0].offset


async def test_what_waits_behind_a_read_that_hangs_is_done_by_a_fresh_process(tmp_path: Path) -> None:
    """As behind a network that does not answer any more: its process is stuck, and nothing else is."""
    (tmp_path / "page.png").write_bytes(CONTENT)
    async with open_pictures(Timing(deadline=1.0)) as (_, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGSTOP)
        stuck = asyncio.ensure_future(pictures.survey(PagePlace(tmp_path / "page.png"), most_pixels=MOST_PIXELS))
        await started(stuck)
        behind = asyncio.ensure_future(open_in(pictures, CONTENT))
        with pytest.raises(InputError) as caught:
            await stuck
        assert caught.value.code is ErrorCode.WORKER_SILENT
        assert (await behind).pixels.size == Size(400, 300)
        assert pictures.process_id != process


async def test_a_worker_that_does_not_stop_is_replaced_and_the_next_request_done() -> None:
    async with open_pictures(Timing(stop=0.01)) as (_, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGSTOP)
        unwanted, wanted = (asyncio.ensure_future(open_in(pictures, CONTENT)) for _ in range(2))
        await started(unwanted)
        unwanted.cancel()
        assert (await wanted).pixels.size == Size(400, 300)
        await process_end(process)
        assert unwanted.cancelled()


async def test_a_request_that_is_given_up_in_the_queue_is_never_sent() -> None:
    async with open_pictures() as (_, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGSTOP)
        first, unwanted, last = (asyncio.ensure_future(open_in(pictures, CONTENT)) for _ in range(3))
        await started(unwanted)
        unwanted.cancel()
        await asyncio.wait({unwanted})
        os.kill(process, signal.SIGCONT)
        await asyncio.gather(first, last)
        assert pictures.process_id == process


async def test_an_idle_worker_is_retired_and_comes_back() -> None:
    async with open_pictures(Timing(idle=0.05)) as (_, pictures):
        process = await running(pictures)
        await process_end(process)
        assert pictures.process_id is None
        assert (await open_in(pictures, CONTENT)).pixels.size == Size(400, 300)


async def test_closing_ends_the_process_and_whoever_waits() -> None:
    async with open_pictures() as (_, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGSTOP)
        waiting = [asyncio.ensure_future(open_in(pictures, CONTENT)) for _ in range(2)]
        await started(waiting[0])
        await pictures.close()
        for task in waiting:
            with pytest.raises(InputError) as caught:
                await task
            assert caught.value.code is ErrorCode.WORKER_CRASHED
        await process_end(process)


async def test_a_stop_is_obeyed_between_two_lines() -> None:
    page = draw_page(*(Words(f"Line number {row} of it", 20, 20 + 34 * row) for row in range(30)), size=(700, 1100))
    store = PixelStore()
    replies: asyncio.Queue[messages.Reply] = asyncio.Queue()
    reader = Child(Role.READER, store.descriptor, lambda _, reply: replies.put_nowait(reply), lambda *_: None)
    reader.send(messages.Read(1, stored(store, page), View()))
    came: list[messages.Reply] = []
    while not came or not isinstance(came[-1], messages.Ending):
        came.append(await replies.get())
        if isinstance(came[-1], messages.Line):
            reader.send(messages.Stop(1))
    reader.dismiss()
    await reader.ended
    store.close()
    assert came[-1] == messages.Stopped(1)
    assert 1 <= sum(isinstance(reply, messages.Line) for reply in came) < 30


async def test_after_a_stop_the_same_process_reads_the_next_picture() -> None:
    page = draw_page(*(Words(f"Line number {row} of it", 20, 20 + 34 * row) for row in range(30)), size=(700, 1100))
    async with open_reader(PATIENT) as (store, reader):
        pixels = stored(store, page)
        async with aclosing(reader.read(pixels, View())) as events:
            async for event in events:
                if isinstance(event, LineFound):
                    break
        process = reader.process_id
        other = stored(store, draw_page(Words("Another", 20, 20, 60), size=(400, 120)))
        assert [line.text for line in await lines_of(reader, other)] == ["Another"]
        assert reader.process_id == process


async def test_a_reader_that_does_not_stop_is_replaced_by_a_fresh_one_at_once() -> None:
    async with open_reader(Timing(stop=0.01)) as (store, reader):
        await reader.warm_up()
        process = reader.process_id
        assert process is not None
        os.kill(process, signal.SIGSTOP)
        reading = asyncio.ensure_future(lines_of(reader, stored(store, draw_page())))
        await started(reading)
        reading.cancel()
        await process_end(process)
        assert reader.process_id not in (None, process)


async def test_what_is_read_in_the_background_gives_way_at_once_and_waits_behind_all_else() -> None:
    page = draw_page(*(Words(f"Line number {row} of it", 20, 20 + 34 * row) for row in range(12)), size=(700, 460))
    async with open_reader(PATIENT) as (store, reader):
        pixels = stored(store, page)
        other = stored(store, draw_page(Words("Another", 20, 20, 60), size=(400, 120)))
        ended: list[str] = []

        async def read(name: str, wanted: Pixels, *, in_background: bool) -> list[LineFound]:
            async with aclosing(reader.read(wanted, View(), in_background=in_background)) as events:
                lines = [event async for event in events if isinstance(event, LineFound)]
            ended.append(name)
            return lines

        events = reader.read(pixels, View(), in_background=True)
        async for event in events:
            if isinstance(event, LineFound):
                break
        process = reader.process_id
        behind = asyncio.ensure_future(read("behind", pixels, in_background=True))
        await started(behind)
        foreground = [asyncio.ensure_future(read(name, other, in_background=False)) for name in ("first", "second")]
        with pytest.raises(GaveWayError):
            _ = [event async for event in events]
        assert [line.text for task in foreground for line in await task] == ["Another", "Another"]
        assert len(await behind) == 12
        assert ended == ["first", "second", "behind"]
        assert reader.process_id == process


async def test_a_reader_killed_in_mid_read_is_one_error_and_reads_again() -> None:
    page = draw_page(*(Words(f"Line number {row}", 20, 20 + 40 * row) for row in range(12)), size=(500, 520))
    async with open_reader() as (store, reader):
        pixels = stored(store, page)

        async def read_and_kill() -> None:
            async for event in reader.read(pixels, View()):
                if isinstance(event, LineFound) and reader.process_id is not None:
                    os.kill(reader.process_id, signal.SIGKILL)

        with pytest.raises(EngineError) as caught:
            await read_and_kill()
        assert caught.value.code is ErrorCode.WORKER_CRASHED
        assert len(await lines_of(reader, pixels)) == 12


async def test_a_worker_knows_no_key_no_proxy_and_says_nothing_to_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODELVERSE_API_KEY", "OPENAI_API_KEY", "HTTPS_PROXY", "https_proxy", "ANY_TOKEN", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "secret")
    async with open_pictures() as (_, pictures):
        environment = environment_of(await running(pictures))
    assert "secret" not in environment.values()
    assert environment["ORT_DISABLE_TELEMETRY"] == "1"
    assert environment["HOME"] == os.environ["HOME"]


async def test_a_module_in_the_working_folder_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / "__init__.py").write_text("raise SystemExit('loaded')")
    (tmp_path / "msgspec.py").write_text("raise SystemExit('loaded')")
    monkeypatch.chdir(tmp_path)
    async with open_pictures() as (_, pictures):
        await running(pictures)


async def test_an_exhausted_memory_is_one_clear_error() -> None:
    """The real limit is generous; here the running worker gets a small one."""
    import resource

    async with open_pictures() as (_, pictures):
        process = await running(pictures)
        resource.prlimit(process, resource.RLIMIT_AS, (400 << 20, resource.RLIM_INFINITY))
        large = b"P6\n12000 12000\n255\n" + b"\x80" * (12000 * 100)
        with pytest.raises(InputError) as caught:
            await open_in(pictures, large)
        assert caught.value.code is ErrorCode.PICTURE_TOO_LARGE
        assert (await open_in(pictures, CONTENT)).pixels.size == Size(400, 300)
        assert pictures.process_id == process


async def test_a_larger_limit_of_pixels_is_a_larger_limit_of_memory() -> None:
    """Else somebody who raises the one would be stopped by the other."""
    import resource

    limits = []
    async with open_pictures() as (_, pictures):
        for most_pixels in (1_000_000, MOST_PIXELS):
            pictures.release((await pictures.open(PagePlace(CONTENT), most_pixels=most_pixels)).pixels)
            assert pictures.process_id is not None
            limits.append(resource.prlimit(pictures.process_id, resource.RLIMIT_AS)[0])
    assert 0 < limits[0] < limits[1]


PROGRAM = """
import asyncio, sys
from pathlib import Path
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import View
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.worker.client import PicturesClient
from ocr_desktop.worker.reader_client import ReaderClient
from ocr_desktop.worker.pixels import PixelStore

async def main():
    store = PixelStore()
    pictures, reader = PicturesClient(store), ReaderClient(store)
    opened = await pictures.open(PagePlace(Path(sys.argv[1])), most_pixels=1_000_000_000)
    async for event in reader.read(opened.pixels, View()):
        if isinstance(event, LineFound):
            print(pictures.process_id, reader.process_id, flush=True)
            await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killing_the_program_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    page = draw_page(*(Words(f"Line number {row}", 20, 20 + 34 * row) for row in range(60)), size=(700, 2100))
    (tmp_path / "page.png").write_bytes(encoded(page))
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(tmp_path / "page.png"),
        stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": str(temporary)},
    )  # fmt: skip
    assert program.stdout is not None
    workers = [int(word) for word in (await program.stdout.readline()).split()]
    assert len(workers) == 2
    program.kill()
    await program.wait()
    for worker in workers:
        await process_end(worker)
    assert names_in(temporary) == []


async def test_killing_a_worker_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    async with open_pictures() as (_, pictures):
        process = await running(pictures)
        os.kill(process, signal.SIGKILL)
        await process_end(process)
        assert names_in(tmp_path) == []
