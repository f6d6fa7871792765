"""Garbage is collected on the window's thread, and nowhere else."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.collecting import WindowThreadCollector


class Node:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[WindowThreadCollector]:
    collector = WindowThreadCollector()
    collector.start()
    yield collector
    collector.stop()


def make_garbage() -> weakref.ref[Node]:
    first = weakref.ref(Node())
    for _ in range(5_000):
        Node()
    return first


def test_another_thread_never_collects(collector: WindowThreadCollector) -> None:
    threads: list[threading.Thread] = []
    collecting: list[threading.Thread] = []
    gc.callbacks.append(lambda phase, _: collecting.append(threading.current_thread()))
    try:
        threads = [threading.Thread(target=make_garbage) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.callbacks.pop()
    assert not set(threads) & set(collecting)


def test_what_is_left_is_collected_all_the_same(collector: WindowThreadCollector, qtbot: QtBot) -> None:
    left = make_garbage()
    qtbot.waitUntil(lambda: left() is None)


def test_after_the_end_python_collects_by_itself_again(qtbot: QtBot) -> None:
    collector = WindowThreadCollector()
    collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
