from __future__ import annotations

import asyncio

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.tasks import Tasks, show


class Work:
    """Something that runs until it is let go or cancelled."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.was_cancelled = False

    async def run(self) -> None:
        self.begun.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise


async def test_closing_cancels_what_runs_and_waits_for_it() -> None:
    tasks, work = Tasks(pytest.fail), Work()
    tasks.spawn(work.run())
    await work.begun.wait()
    await tasks.close()
    assert work.was_cancelled


async def test_nothing_is_started_once_it_is_closing() -> None:
    tasks, first, second = Tasks(pytest.fail), Work(), Work()

    async def starts_another_at_its_end() -> None:
        try:
            await first.run()
        finally:
            tasks.spawn(second.run())

    tasks.spawn(starts_another_at_its_end())
    await first.begun.wait()
    await tasks.close()
    await asyncio.sleep(0)
    assert not second.begun.is_set()


@pytest.mark.logs_complaints
async def test_a_failure_is_told_and_does_not_end_the_others() -> None:
    told: list[BaseException] = []
    tasks, work = Tasks(told.append), Work()

    async def fail() -> None:
        raise ZeroDivisionError

    tasks.spawn(work.run())
    tasks.spawn(fail())
    await work.begun.wait()
    await asyncio.sleep(0)
    assert [type(error) for error in told] == [ZeroDivisionError]
    assert not work.was_cancelled
    await tasks.close()


async def test_a_dialog_is_awaited_while_everything_goes_on(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = QDialog(parent)
    waiting = asyncio.ensure_future(show(dialog))
    for _ in range(3):
        await asyncio.sleep(0)
    assert dialog.isVisible()
    assert not waiting.done()
    dialog.accept()
    assert await waiting == QDialog.DialogCode.Accepted


async def test_a_dialog_goes_with_the_task_that_waits_for_it(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = QDialog(parent)
    tasks = Tasks(pytest.fail)

    ended: list[object] = []
    dialog.destroyed.connect(lambda: ended.append(dialog))

    async def ask() -> None:
        await show(dialog)

    tasks.spawn(ask())
    await asyncio.sleep(0)
    assert dialog.isVisible()
    await tasks.close()
    assert ended == [dialog]
