"""The test of a connection as it is seen, heard and used: real widgets, a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.profiles import Profile
from ocr_desktop.gui.settings.connection_panel import ConnectionPanel
from ocr_desktop.gui.settings.connection_words import (
    finding_sentences,
    kind_name,
    result_text,
    state_name,
    verdict_text,
)
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.services.connection_report import (
    Advice,
    CheckKind,
    CheckResult,
    CheckState,
    ConnectionReport,
    Finding,
    Verdict,
)
from ocr_desktop.services.context import AppContext
from tests.support.connection_tests import profile_for
from tests.support.known_answers import grounded, without_tags
from tests.support.provider_answers import Gate, Spoken, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.waiting import until
from tests.support.window import SharingContext

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODEL = "deepseek-ai/DeepSeek-OCR"
NARROW = 400


class Seen:
    """A panel, and what somebody sees of it and does with it."""

    def __init__(self, panel: ConnectionPanel, context: AppContext) -> None:
        self.panel = panel
        self.context = context
        self.reports: list[ConnectionReport] = []
        panel.tested.connect(self.reports.append)

    @property
    def lines(self) -> list[str]:
        """What is said of each check that is seen, from the top, with the state as it is heard."""
        kinds = [self.panel.findChild(QWidget, f"connection_{kind.value}") for kind in CheckKind]
        rows = [row for row in kinds if row is not None and row.isVisible()]
        layout = self.panel.layout()
        assert layout is not None
        places = [layout.indexOf(row) for row in rows]
        assert places == sorted(places)
        return [row.accessibleName() for row in rows]

    @property
    def headline(self) -> str:
        label = self.panel.findChild(QWidget, "connection_headline")
        assert label is not None
        return str(label.property("text"))

    def button(self, name: str) -> QPushButton:
        found = [button for button in self.panel.findChildren(QPushButton, name) if button.isVisible()]
        assert len(found) == 1, f"{len(found)} buttons {name}"
        return found[0]

    def has_button(self, name: str) -> bool:
        return any(button.isVisible() for button in self.panel.findChildren(QPushButton, name))

    async def tested(self, profile: Profile, key: str | None = KEY) -> ConnectionReport:
        self.reports.clear()
        self.panel.begin(profile, None if key is None else Secret(key))
        await until(lambda: self.reports, self.panel.tested)
        return self.reports[0]


@pytest_asyncio.fixture(loop_scope="module")
async def seen(workers: AppContext, tmp_path: Path, qtbot: QtBot) -> AsyncIterator[Seen]:
    bugs: list[BaseException] = []
    context = SharingContext(workers, tmp_path)
    tasks = Tasks(bugs.append)
    panel = ConnectionPanel(context, tasks.spawn)
    qtbot.addWidget(panel)
    panel.resize(NARROW, 500)
    yield Seen(panel, context)
    panel.stop()
    await tasks.close()
    await context.close()
    assert bugs == []


async def test_nothing_is_seen_before_the_first_test(seen: Seen) -> None:
    assert not seen.panel.isVisible()
    assert not seen.panel.is_running


async def test_a_good_engine_is_told_line_by_line(seen: Seen) -> None:
    found: list[object] = []
    seen.panel.models_found.connect(found.append)
    with ProviderServer("modelverse", Spoken(grounded())) as server:
        await seen.tested(profile_for(server))
    assert seen.headline == "This engine works."
    assert len(seen.lines) == len(CheckKind)
    assert all(line.startswith("Good: ") for line in seen.lines)
    assert "all 12 words" in seen.lines[5]
    assert found == [(MODEL,)]
    assert not seen.has_button("stop_test")


async def test_lines_come_while_the_test_runs_and_stop_ends_it(seen: Seen) -> None:
    gate = Gate()
    with ProviderServer("modelverse", streamed(gate)) as server:
        seen.panel.begin(profile_for(server), Secret(KEY))
        assert seen.panel.is_running
        await gate.reached.waited()
        assert "Testing: The test picture is being read…" in seen.lines
        assert "Good: 127.0.0.1 answers." in seen.lines
        seen.button("stop_test").setFocus()
        QTest.keyClick(seen.button("stop_test"), Qt.Key.Key_Space)
        await until(lambda: seen.reports, seen.panel.tested)
        await server.requests[-1].closed.waited()
    assert seen.headline == "The test was stopped."
    assert not seen.panel.is_running
    assert not any(line.startswith("Testing") for line in seen.lines)
    assert "Good: 127.0.0.1 answers." in seen.lines


async def test_the_other_address_is_taken_with_a_click(seen: Seen) -> None:
    wanted: list[str] = []
    seen.panel.base_url_chosen.connect(wanted.append)
    with ProviderServer("modelverse") as server:
        address = f"http://127.0.0.1:{server.port}"
        await seen.tested(replace(profile_for(server), base_url=address))
    assert seen.headline == "This engine does not work yet."
    button = seen.button("use_address")
    assert button.text() == f"Use {address}/v1"
    button.click()
    assert wanted == [f"{address}/v1"]
    rest = [note.property("text") for note in seen.panel.findChildren(QWidget, "note") if note.isVisible()]
    assert "Not tested: key, model, answer, text, boxes, tags, speed." in rest


async def test_a_model_of_the_servers_is_picked_by_keyboard(seen: Seen) -> None:
    wanted: list[str] = []
    seen.panel.model_chosen.connect(wanted.append)
    with ProviderServer("modelverse") as server:
        await seen.tested(profile_for(server, model="deepseek-ocr-9"))
    choices = seen.panel.findChild(QComboBox, "found_models")
    assert choices is not None
    assert choices.accessibleName()
    assert choices.currentText() == MODEL
    QTest.keyClick(seen.button("use_model"), Qt.Key.Key_Space)
    assert wanted == [MODEL]


async def test_a_second_test_forgets_what_the_first_one_found(seen: Seen) -> None:
    with ProviderServer("modelverse", Spoken(grounded())) as server:
        await seen.tested(profile_for(server, model="wrong"))
        assert seen.has_button("use_model")
        await seen.tested(profile_for(server))
    assert not seen.has_button("use_model")
    assert seen.headline == "This engine works."


async def test_a_test_that_is_begun_while_another_runs_takes_its_place(seen: Seen) -> None:
    gate = Gate()
    with ProviderServer("modelverse", streamed(gate), Spoken(grounded())) as server:
        seen.panel.begin(profile_for(server), Secret(KEY))
        await gate.reached.waited()
        report = await seen.tested(profile_for(server))
        await server.requests[1].closed.waited()
    assert report.verdict is Verdict.GOOD
    assert len(seen.reports) == 1


async def test_a_panel_that_goes_ends_its_test(workers: AppContext, tmp_path: Path) -> None:
    gate = Gate()
    bugs: list[BaseException] = []
    context, tasks = SharingContext(workers, tmp_path), Tasks(bugs.append)
    with ProviderServer("modelverse", streamed(gate)) as server:
        dialog = QDialog()
        panel = ConnectionPanel(context, tasks.spawn, dialog)
        panel.begin(profile_for(server), Secret(KEY))
        await gate.reached.waited()
        dialog.deleteLater()
        await server.requests[-1].closed.waited()
    await tasks.close()
    await context.close()
    assert bugs == []


async def test_cleared_it_says_nothing_more(seen: Seen) -> None:
    gate = Gate()
    with ProviderServer("modelverse", streamed(gate)) as server:
        seen.panel.begin(profile_for(server), Secret(KEY))
        await gate.reached.waited()
        seen.panel.clear()
        await server.requests[-1].closed.waited()
    assert not seen.panel.isVisible()
    assert not seen.panel.is_running
    assert seen.reports == []


@pytest.mark.parametrize(
    ("extra_body", "advised"),
    [({}, "Set skip_special_tokens to false"), ({"skip_special_tokens": False}, "drops them whatever is asked")],
)
async def test_what_to_do_about_dropped_tags_is_said(seen: Seen, extra_body: dict[str, object], advised: str) -> None:
    with ProviderServer("any", streamed(without_tags())) as server:
        await seen.tested(profile_for(server, extra_body=extra_body))
    assert seen.headline == "This engine works, but not all is as it should be."
    assert any(line.startswith("Warning: The server drops the tags") and advised in line for line in seen.lines)


async def test_offline_is_said_and_nothing_is_sent(seen: Seen) -> None:
    seen.context.offline.is_on = True
    with ProviderServer("modelverse") as server:
        await seen.tested(profile_for(server))
        assert server.requests == []
    assert [line.partition(":")[0] for line in seen.lines] == ["Failed"]


async def test_it_fits_a_narrow_place(seen: Seen) -> None:
    with ProviderServer("modelverse") as server:
        await seen.tested(profile_for(server, model="somebody/" + "a-model-with-a-name-without-an-end" * 3))
    assert seen.panel.minimumSizeHint().width() <= NARROW


@pytest.mark.parametrize("finding", Finding)
async def test_every_finding_has_words_and_needs_no_fact_that_is_not_told(finding: Finding) -> None:
    facts: dict[str, str | int | float] = {
        "host": "h",
        "base_url": "b",
        "other_base_url": "o",
        "model": "m",
        "max_tokens": 1,
        "right": 2,
        "expected": 3,
        "extra": 4,
        "missing": "w",
        "boxed": 5,
        "lines": 6,
        "off": 7,
        "first_s": 0.25,
        "total_s": 12.0,
        "per_second": 33.3,
    }
    with ProviderServer("modelverse") as server:
        profile = profile_for(server)
    text = result_text(CheckResult(CheckKind.TEXT, CheckState.PASSED, finding, facts=facts), profile)
    assert text
    assert "{" not in text
    assert set(finding_sentences()) == set(Finding)


async def test_every_advice_state_and_verdict_has_words() -> None:
    with ProviderServer("modelverse") as server:
        profile = profile_for(server)
    facts: dict[str, str | int | float] = {"allowed": 4096, "fields": "top_k"}
    error = EngineError(ErrorCode.SERVER_FAILED)
    for advice in Advice:
        result = CheckResult(CheckKind.ANSWER, CheckState.FAILED, error=error, facts=facts, advice=(advice,))
        said = result_text(result, profile)
        assert said.startswith("127.0.0.1")
    assert all(kind_name(kind) for kind in CheckKind)
    assert all(state_name(state) for state in CheckState)
    assert all(verdict_text(verdict) for verdict in Verdict)
