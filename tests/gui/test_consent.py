"""What was asked of one engine never goes to another, whatever happens before the answer to a question comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit

from ocr_desktop.engines import profiles
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import Settings, SettingsFile
from tests.support.keyrings import LockedKeyring, MemoryKeyring, keyring_in_place
from tests.support.provider_answers import Gate, refused, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import GROUNDED, Desk, SharingContext, blank_file, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROFILE = """\
id = "{id}"
title = "{title}"
base_url = "{base_url}"
model = "m"
key_variable = "{title}_KEY"
part_order = "text_first"
max_tokens = 4096
more_tokens = 8192
http_allowed = true
"""
HERE, ALPHA, BETA = "This computer (offline)", "ALPHA", "BETA"
ALPHA_HOST, BETA_HOST = "127.0.0.1", "localhost"


@dataclass
class Hosts:
    """Two servers, neither taken for this machine, and the keyring with their keys."""

    alpha: ProviderServer
    beta: ProviderServer
    keyring: LockedKeyring

    @property
    def asked(self) -> tuple[int, int]:
        return len(self.alpha.requests), len(self.beta.requests)


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosts]:
    monkeypatch.setattr(profiles, "is_loopback", lambda host: False)
    locked = LockedKeyring()
    answer = streamed(GROUNDED)
    with (
        ProviderServer("any", answer, key=None) as alpha,
        ProviderServer("any", answer, key=None) as beta,
        keyring_in_place(locked),
    ):
        (tmp_path / "engines").mkdir()
        for title, server, host in ((ALPHA, alpha, ALPHA_HOST), (BETA, beta, BETA_HOST)):
            base_url = server.base_url.replace(ALPHA_HOST, host)
            write_profile(tmp_path, title, base_url)
            origin = base_url.removesuffix("/v1")
            locked.entries["ocr-desktop", f"{title.lower()} {origin}"] = f"sk-{title}"
        yield Hosts(alpha, beta, locked)


def write_profile(folder: Path, title: str, base_url: str) -> None:
    path = folder / "engines" / f"{title.lower()}.toml"
    path.write_text(PROFILE.format(id=title.lower(), title=title, base_url=base_url), "utf-8")


@pytest_asyncio.fixture(loop_scope="module")
async def desk(workers: AppContext, hosts: Hosts, tmp_path: Path) -> AsyncIterator[Desk]:
    """A window that may send to BETA and not yet to ALPHA, whose keyring is locked."""
    SettingsFile(tmp_path).save(Settings(allowed_hosts=(BETA_HOST,)))
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        yield desk


async def show(desk: Desk, folder: Path, name: str = "p1.png", size: tuple[int, int] = (600, 400)) -> None:
    desk.drop_files(blank_file(folder, name, size))
    await desk.until_shown(name)


async def until_preparing(desk: Desk) -> None:
    await desk.until(lambda: desk.control.is_busy, desk.control.preparing_changed)


async def until_idle(desk: Desk) -> None:
    await desk.until(lambda: not desk.control.is_busy, desk.control.preparing_changed)


def destination(desk: Desk) -> str:
    return desk.find(QLabel, "destination_label").text()


async def pick(desk: Desk, engine: str) -> None:
    """Choose an engine, and let the keyring answer if it is open."""
    desk.choose("engine_box", engine)


async def test_what_was_asked_of_one_engine_is_given_up_where_another_is_chosen_meanwhile(
    desk: Desk, hosts: Hosts, tmp_path: Path
) -> None:
    await pick(desk, ALPHA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await until_preparing(desk)
    await pick(desk, HERE)
    hosts.keyring.unlock.set()
    await until_idle(desk)
    await desk.until_at_rest()
    assert hosts.asked == (0, 0)
    assert destination(desk) == "stays on this computer"


async def test_the_wait_for_the_keyring_is_seen_and_stop_ends_it(desk: Desk, hosts: Hosts, tmp_path: Path) -> None:
    await pick(desk, BETA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await until_preparing(desk)
    assert desk.run_button.text() == "Stop"
    assert not desk.actions["close_page"].isEnabled()
    await desk.until(lambda: "keyring" in desk.status, desk.control.key_awaited)
    desk.click(desk.run_button)
    await until_idle(desk)
    assert desk.run_button.text() == "Read"
    assert "keyring" not in desk.status
    hosts.keyring.unlock.set()
    await desk.until_at_rest()
    assert hosts.asked == (0, 0)


async def test_a_host_that_the_profile_got_meanwhile_is_asked_for(desk: Desk, hosts: Hosts, tmp_path: Path) -> None:
    await pick(desk, BETA)
    await show(desk, tmp_path)
    write_profile(tmp_path, BETA, hosts.alpha.base_url)
    hosts.keyring.entries["ocr-desktop", f"beta {hosts.alpha.base_url.removesuffix('/v1')}"] = "sk-moved"
    hosts.keyring.unlock.set()
    desk.context.profile_files.reload()
    desk.actions["read"].trigger()
    await desk.until(lambda: "will leave this computer and go to 127.0.0.1" in desk.bar.text)
    assert hosts.asked == (0, 0)


async def test_consent_for_one_host_is_none_for_another(desk: Desk, hosts: Hosts, tmp_path: Path) -> None:
    hosts.keyring.unlock.set()
    await pick(desk, ALPHA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await desk.until(lambda: ALPHA_HOST in desk.bar.text)
    await pick(desk, BETA)
    assert desk.choices == [], "the question was about the engine before"
    desk.window.telling.host_allowed.emit(ALPHA_HOST, False)
    await desk.until_at_rest()
    assert hosts.asked == (0, 0)


async def test_the_question_describes_the_picture_that_was_asked_about(
    desk: Desk, hosts: Hosts, tmp_path: Path
) -> None:
    await pick(desk, ALPHA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await until_preparing(desk)
    await show(desk, tmp_path, "p2.png", (111, 222))
    hosts.keyring.unlock.set()
    await desk.until(lambda: ALPHA_HOST in desk.bar.text)
    assert "600 × 400" in desk.bar.text


async def test_a_key_that_comes_late_sends_nothing_that_was_not_asked_of_its_engine(
    desk: Desk, hosts: Hosts, tmp_path: Path
) -> None:
    hosts.keyring.entries.clear()
    hosts.keyring.unlock.set()
    await pick(desk, ALPHA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await desk.until(lambda: "ALPHA needs a key" in desk.bar.text)
    await show(desk, tmp_path, "p2.png")
    await pick(desk, BETA)
    await desk.until(lambda: "BETA needs a key" in desk.bar.text)
    edit = desk.bar.findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "sk-BETA")
    desk.press(edit, Qt.Key.Key_Return)
    await desk.until(lambda: "keyring" in desk.bar.text)
    await desk.until_at_rest()
    assert hosts.asked == (0, 0)
    assert desk.session.entry is not None
    assert desk.session.entry.name == "p2.png"


async def test_going_online_sends_nothing_that_was_not_asked(desk: Desk, hosts: Hosts, tmp_path: Path) -> None:
    hosts.keyring.unlock.set()
    desk.actions["stay_offline"].trigger()
    await show(desk, tmp_path)
    await desk.until_read()
    await pick(desk, BETA)
    await desk.until(lambda: "Switch off “Stay offline”" in desk.choices)
    desk.take_choice("Switch off “Stay offline”")
    await desk.until_at_rest()
    assert hosts.asked == (0, 0)

    desk.actions["stay_offline"].trigger()
    desk.actions["read"].trigger()
    await desk.until(lambda: "Switch off “Stay offline”" in desk.choices)
    desk.take_choice("Switch off “Stay offline”")
    await desk.until(lambda: desk.session.run and desk.session.run.host == BETA_HOST)
    assert hosts.asked == (0, 1)


async def test_a_picture_that_is_added_while_another_waits_for_the_keyring_is_read_after_it(
    desk: Desk, hosts: Hosts, tmp_path: Path
) -> None:
    desk.actions["auto_read_always"].trigger()
    await pick(desk, BETA)
    await show(desk, tmp_path)
    await until_preparing(desk)
    await show(desk, tmp_path, "p2.png")
    hosts.keyring.unlock.set()
    await desk.until(lambda: hosts.asked == (0, 2) and not desk.control.is_busy, desk.control.preparing_changed)


async def test_while_a_request_runs_its_own_host_is_told(desk: Desk, hosts: Hosts, tmp_path: Path) -> None:
    hosts.keyring.unlock.set()
    hosts.beta.answer_with(refused(429, "slow down", retry_after="30"))
    await pick(desk, BETA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await desk.until(lambda: "again in" in desk.status, desk.control.waiting)
    await pick(desk, HERE)
    assert destination(desk) == f"→ {BETA_HOST}"
    desk.actions["stop"].trigger()
    await until_idle(desk)
    assert destination(desk) == "stays on this computer"


async def test_a_host_that_is_no_longer_allowed_gets_no_further_request(
    desk: Desk, hosts: Hosts, tmp_path: Path
) -> None:
    hosts.keyring.unlock.set()
    gate = Gate()
    hosts.beta.answer_with(streamed(gate, GROUNDED))
    await pick(desk, BETA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await gate.reached.waited()
    desk.opened.commands._take_settings(Settings(engine="beta"))
    await hosts.beta.requests[0].closed.waited()
    await until_idle(desk)


async def test_more_tokens_of_one_engine_are_not_asked_of_another(desk: Desk, hosts: Hosts, tmp_path: Path) -> None:
    hosts.keyring.unlock.set()
    hosts.beta.answer_with(streamed("Cut", reason="length"))
    await pick(desk, BETA)
    await show(desk, tmp_path)
    desk.actions["read"].trigger()
    await desk.until(lambda: "Read again with 8192 tokens" in desk.choices)
    desk.take_choice("Read again with 8192 tokens")
    await desk.until(lambda: len(hosts.beta.requests) == 2 and not desk.control.is_busy)
    assert hosts.beta.requests[1].body["max_tokens"] == 8192
    desk.actions["read"].trigger()
    await desk.until(lambda: len(hosts.beta.requests) == 3 and not desk.control.is_busy)
    assert hosts.beta.requests[2].body["max_tokens"] == 4096
    await pick(desk, ALPHA)
    assert desk.choices == []


async def test_the_wheel_and_the_arrow_keys_change_nothing_by_accident(desk: Desk, hosts: Hosts) -> None:
    hosts.keyring.unlock.set()
    box = desk.find(QComboBox, "engine_box")
    turned = QWheelEvent(
        QPointF(box.rect().center()),
        QPointF(box.mapToGlobal(box.rect().center())),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turned)
    assert box.currentText() == HERE
    await pick(desk, BETA)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_End):
        QTest.keyClick(box, key)
    await desk.until_at_rest()
    assert box.currentText() == BETA
    assert desk._dialogs("settings_dialog") == []


async def test_a_keyring_that_works_is_asked_once_for_a_key(workers: AppContext, hosts: Hosts, tmp_path: Path) -> None:
    working = MemoryKeyring()
    working.entries = dict(hosts.keyring.entries)
    SettingsFile(tmp_path).save(Settings(allowed_hosts=(BETA_HOST,)))
    with keyring_in_place(working):
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            await pick(desk, BETA)
            await show(desk, tmp_path)
            for number in (1, 2):
                desk.actions["read"].trigger()
                await desk.until(lambda wanted=number: len(desk.session.text_runs) == wanted)
    assert [question for question in working.asked if "beta" in question] == working.asked
    assert len(working.asked) == 1
    assert hosts.beta.requests[0].headers["authorization"] == "Bearer sk-BETA"
