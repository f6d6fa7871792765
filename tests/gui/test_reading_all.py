"""Reading all pages: what is asked first, what goes on, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.gui.reading_all import Tally
from tests.support.pdfs import PdfPage, Text, pdf_of
from tests.support.provider_answers import Gate, refused, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import GROUNDED, Desk, blank_file, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def until_all_ended(desk: Desk, begin: Callable[[], None]) -> tuple[Tally, OcrDesktopError | None]:
    """Begin to read all pages, and wait for the end."""
    ended: list[tuple[Tally, OcrDesktopError | None]] = []
    take = lambda tally, error: ended.append((tally, error))  # noqa: E731  (it is disconnected below)
    desk.window.reading_all.ended.connect(take)
    begin()
    await desk.until(lambda: ended, desk.window.reading_all.ended)
    desk.window.reading_all.ended.disconnect(take)
    return ended[0]


async def test_reading_all_reads_what_was_not_read_and_marks_what_cannot_be(desk: Desk, tmp_path: Path) -> None:
    names = ["a.png", "b.png", "c.png", "d.png"]
    files = [page_file(tmp_path, name, f"Words of {name[0]}") for name in names]
    files[2].write_bytes(b"no picture")
    desk.drop_files(*files)
    await desk.until_read("a.png")
    await desk.until_listed(4)
    first_run = desk.session.run
    tally, error = await until_all_ended(desk, desk.actions["read_all"].trigger)
    assert error is None
    assert (tally.total, tally.done, tally.failed) == (3, 2, 1)
    entries = desk.session.entries
    assert [entry.run_id is not None for entry in entries] == [True, True, False, True]
    assert entries[2].failure is not None
    assert desk.session.run is first_run, "what is on show stays"
    assert "2 of 3" in desk.bar.text


async def test_many_pages_go_to_a_host_only_after_it_was_said_how_many(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(3)))
    await desk.until_shown("0.png")
    await desk.until_listed(3)
    desk.actions["read_all"].trigger()
    assert "3 pages" in desk.bar.text
    assert "127.0.0.1" in desk.bar.text
    assert server.requests == []
    desk.take_choice("Send 3 pages to 127.0.0.1")
    await desk.until(lambda: all(entry.run_id for entry in desk.session.entries), desk.window.reading_all.changed)
    assert len(server.requests) == 3


async def test_a_drop_while_all_are_read_adds_pages_and_the_reading_goes_on(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed(gate, GROUNDED))
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(2)))
    await desk.until_shown("0.png")
    await desk.until_listed(2)
    desk.actions["read_all"].trigger()
    desk.take_choice("Send 2 pages to 127.0.0.1")
    await desk.until(lambda: desk.control.job is not None)
    desk.drop_files(blank_file(tmp_path, "late.png"))
    await desk.until_shown("late.png")
    gate.open()
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    assert [entry.run_id is not None for entry in desk.session.entries] == [True, True, False]


async def test_stop_ends_the_page_and_all_that_wait(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed(Gate(), GROUNDED))
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(3)))
    await desk.until_shown("0.png")
    await desk.until_listed(3)
    desk.actions["read_all"].trigger()
    desk.take_choice("Send 3 pages to 127.0.0.1")
    await desk.until(lambda: desk.control.job is not None)
    desk.click(desk.run_button)
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    await desk.until(lambda: not desk.control.is_busy)
    assert len(server.requests) <= 1
    assert desk.run_button.text() == "Read"


async def test_an_engine_that_refuses_ends_the_reading_of_all_and_says_why(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(refused(401, "no such key"))
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(3)))
    await desk.until_shown("0.png")
    await desk.until_listed(3)
    desk.actions["read_all"].trigger()
    desk.take_choice("Send 3 pages to 127.0.0.1")
    await desk.until(lambda: "0 of 3" in desk.bar.text)
    assert "key" in desk.bar.text
    assert len(server.requests) == 1


async def test_an_engine_chosen_meanwhile_gets_none_of_the_pages(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.choose("engine_box", "This computer (offline)")
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(*(page_file(tmp_path, f"{number}.png", "Words") for number in range(3)))
    await desk.until_shown("0.png")
    await desk.until_listed(3)
    desk.actions["read_all"].trigger()
    await desk.until(lambda: desk.control.job is not None)
    desk.choose("engine_box", "UCloud Modelverse")
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    assert server.requests == []


async def test_a_run_that_was_cut_stays_cut_where_all_are_read(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed(GROUNDED, reason="length"))
    desk.drop_files(blank_file(tmp_path, "a.png"), blank_file(tmp_path, "b.png"))
    await desk.until_shown("a.png")
    await desk.until_listed(2)
    desk.actions["read_all"].trigger()
    await until_all_ended(desk, lambda: desk.take_choice("Send 2 pages to 127.0.0.1"))
    runs = [entry.run(entry.run_id) for entry in desk.session.entries]
    assert [run.finish for run in runs if run is not None] == [Finish.CUT, Finish.CUT]


async def test_of_a_pdf_whose_text_is_taken_pages_without_any_are_counted_before_they_are_sent(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    path = tmp_path / "mixed.pdf"
    path.write_bytes(pdf_of(PdfPage((Text("Words of page one, which are text"),)), PdfPage(), PdfPage()))
    desk.drop_files(path)
    await desk.until_shown("mixed.pdf")
    desk.take_choice("Use its text")
    await desk.until_read("mixed.pdf")
    desk.actions["read_all"].trigger()
    assert "Up to 2 pages" in desk.bar.text
    assert server.requests == []


async def test_many_pages_do_not_follow_an_engine_to_another_address(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed(gate, GROUNDED))
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(3)))
    await desk.until_shown("0.png")
    await desk.until_listed(3)
    desk.actions["read_all"].trigger()
    desk.take_choice("Send 3 pages to 127.0.0.1")
    await desk.until(lambda: desk.control.job is not None)
    desk.control.choose_engine(replace(desk.control.engine, host="localhost"))
    gate.open()
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    assert len(server.requests) <= 1


async def test_stopped_while_something_else_is_read_it_reads_no_more(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(2)))
    await desk.until_shown("0.png")
    await desk.until_listed(2)
    server.answer_with(streamed(gate, GROUNDED))
    desk.actions["read"].trigger()
    await desk.until(lambda: desk.control.job is not None)
    desk.window.tasks.spawn(desk.window.reading_all.read(desk.session.entries[1:]))
    await desk.until(lambda: desk.window.reading_all.current is not None, desk.window.reading_all.changed)
    desk.window.reading_all.stop()
    gate.open()
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    assert len(server.requests) == 1
