from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.events import Sent, Waiting
from ocr_desktop.gui.waiting_clock import WaitingClock
from tests.support.sentences import FAULTS
from tests.support.waits import waits


class Time:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def clock(time: Time, qapp: object) -> WaitingClock:
    return WaitingClock(now=time, step_ms=1)


def test_the_first_words_are_waited_for_and_each_second_is_told(clock: WaitingClock, time: Time, qtbot: QtBot) -> None:
    told: list[str] = []
    clock.changed.connect(lambda: told.append(clock.text))
    clock.start(Sent(412_000))
    assert told == ["Sent 412 kB · waiting for the first words · 0 s"]
    for seconds in (1, 2, 60):
        time.now_s = 100.0 + seconds
        with qtbot.waitSignal(clock.changed):
            pass
        assert told[-1] == f"Sent 412 kB · waiting for the first words · {seconds} s"


def test_a_busy_server_is_counted_down_to_and_never_below(clock: WaitingClock, time: Time, qtbot: QtBot) -> None:
    clock.start(Waiting(4.0, ErrorCode.TOO_MANY_REQUESTS.value))
    assert clock.text == "The server is busy (429); again in 4 s · “Stop” ends it"
    for passed, left in ((1.0, 3), (3.9, 0), (9.0, 0)):
        time.now_s = 100.0 + passed
        with qtbot.waitSignal(clock.changed):
            pass
        assert f"again in {left} s" in clock.text


def test_sending_again_counts_from_its_own_start(clock: WaitingClock, time: Time) -> None:
    clock.start(Sent(1000))
    time.now_s += 7
    clock.start(Waiting(2.0, ErrorCode.SERVER_FAILED.value))
    time.now_s += 2
    clock.start(Sent(1000))
    assert clock.text.endswith("· 0 s")


def test_it_rests_once_nothing_is_waited_for(clock: WaitingClock, qtbot: QtBot) -> None:
    assert not clock.is_running
    clock.start(Sent(1000))
    assert clock.is_running
    with qtbot.waitSignal(clock.changed):
        clock.stop()
    assert clock.text == ""
    assert not clock.is_running
    with qtbot.assertNotEmitted(clock.changed):
        clock.stop()


@pytest.mark.parametrize("why", [*(code.value for code in ErrorCode), "something new"])
def test_every_reason_has_words(clock: WaitingClock, why: str) -> None:
    clock.start(Waiting(3.0, why))
    reason = clock.text.partition(";")[0]
    assert reason.startswith("The ")
    assert why not in reason or " " in why


@pytest.mark.parametrize("wait", waits(), ids=lambda wait: wait.why)
def test_what_is_told_of_a_wait_has_no_hole(clock: WaitingClock, wait: Waiting) -> None:
    clock.start(wait)
    assert not FAULTS.search(clock.text), clock.text
    assert clock.text.endswith("; again in 4 s · “Stop” ends it")
