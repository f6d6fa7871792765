"""The test of an endpoint, against a real server: how far it comes, what it asks for, and what it never sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.presets import PRESETS, PresetId
from ocr_desktop.services.connection import likeliest_first
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
from tests.support.connection_tests import connection_test, failed, profile_for, states
from tests.support.known_answers import grounded
from tests.support.provider_answers import (
    Gate,
    Script,
    Spoken,
    as_json,
    page,
    redirected,
    refused,
    streamed,
)
from tests.support.provider_server import KEY, ProviderServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODEL = "deepseek-ai/DeepSeek-OCR"
HASTE_S = 0.3
"""How long a server may be silent where a test waits for just that."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def context(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AppContext]:
    context = AppContext(tmp_path_factory.mktemp("settings"))
    yield context
    await context.close()


def offered(report: ConnectionReport) -> str | None:
    """Another address of the same server, where one was found."""
    address = report.result(CheckKind.ADDRESS).facts.get("other_base_url")
    return None if address is None else str(address)


async def test_a_good_server_passes_every_check(context: AppContext) -> None:
    with ProviderServer("modelverse", Spoken(grounded())) as server:
        test = connection_test(context, profile_for(server))
        told: list[CheckResult] = []
        ends: list[ConnectionReport] = []
        test.checked.connect(told.append)
        test.finished.connect(ends.append)
        has_ended = asyncio.Event()
        test.finished.connect(lambda _report: has_ended.set())
        report = await test.run()
        await has_ended.wait()
    assert set(states(report).values()) == {CheckState.PASSED}
    assert (report.verdict, report.models, report.lacks, report.advice) == (Verdict.GOOD, (MODEL,), frozenset(), ())
    assert report.run is not None
    assert report.run.finish is Finish.COMPLETE
    assert {result.kind: result for result in told} == {result.kind: result for result in report.results}
    assert ends == [report]
    speed = report.result(CheckKind.SPEED).facts
    assert 0 < speed["first_s"] <= speed["total_s"]
    assert speed["tokens"] == len(grounded()) // 4


async def test_only_the_programs_own_picture_is_sent_and_once(context: AppContext) -> None:
    with ProviderServer("modelverse", Spoken(grounded())) as server:
        await connection_test(context, profile_for(server)).run()
    listed, asked = server.requests
    assert (listed.method, listed.path, listed.picture) == ("GET", "/v1/models", b"")
    assert (asked.prompt, asked.picture_size) == (PRESETS[PresetId.MARKDOWN].prompt, (640, 200))


async def test_a_wrong_key_is_told_before_any_picture_is_sent(context: AppContext) -> None:
    with ProviderServer("modelverse") as server:
        report = await connection_test(context, profile_for(server), "sk-wrong").run()
    check = failed(report)
    assert (check.kind, report.verdict) == (CheckKind.KEY, Verdict.FAILED)
    assert check.error is not None
    assert check.error.code is ErrorCode.KEY_REFUSED
    assert states(report)[CheckKind.HOST] is CheckState.PASSED
    assert "sk-wrong" not in repr(report)
    assert [request.method for request in server.requests] == ["GET"]


async def test_a_key_that_may_not_list_models_may_still_read(context: AppContext) -> None:
    class NoList(ProviderServer):
        def next_script(self, recorded: Any) -> Script:
            return refused(403, "not for this key") if recorded.method == "GET" else super().next_script(recorded)

    with NoList("modelverse", Spoken(grounded())) as server:
        report = await connection_test(context, profile_for(server)).run()
    assert report.verdict is Verdict.GOOD
    assert report.result(CheckKind.MODEL).finding is Finding.MODEL_READS


async def test_a_model_that_is_missing_is_told_with_the_servers_list(context: AppContext) -> None:
    with ProviderServer("modelverse") as server:
        report = await connection_test(context, profile_for(server, model="deepseek-ocr-3")).run()
    check = failed(report)
    assert (check.kind, check.advice) == (CheckKind.MODEL, (Advice.CHOOSE_MODEL,))
    assert check.error is not None
    assert check.error.code is ErrorCode.MODEL_MISSING
    assert report.models == (MODEL,)
    assert states(report)[CheckKind.KEY] is states(report)[CheckKind.ADDRESS] is CheckState.PASSED


async def test_without_a_model_the_server_is_asked_what_it_has_and_gets_no_picture(context: AppContext) -> None:
    names = ["qwen/qwen3", "other/DeepSeek-OCR-2", "whisper"]
    listing = as_json({"data": [{"id": name} for name in names]})

    class ManyModels(ProviderServer):
        def next_script(self, recorded: Any) -> Script:
            return listing

    with ManyModels() as server:
        report = await connection_test(context, profile_for(server, "custom")).run()
    assert failed(report).finding is Finding.MODEL_NOT_CHOSEN
    assert report.models[0] == "other/DeepSeek-OCR-2"
    assert sorted(report.models) == sorted(names)
    assert [request.method for request in server.requests] == ["GET"]


async def test_models_stand_in_the_order_of_their_likeness() -> None:
    names = ("gpt-oss", "deepseek-ai/DeepSeek-V3", "DeepSeek-OCR:latest", "deepseek-ai/DeepSeek-OCR-2", "")
    assert likeliest_first(names, "deepseek-ai/deepseek-ocr")[:3] == (
        "deepseek-ai/DeepSeek-OCR-2",
        "deepseek-ai/DeepSeek-V3",
        "DeepSeek-OCR:latest",
    )
    assert likeliest_first(names, "deepseek-ocr")[0] == "DeepSeek-OCR:latest"


async def test_a_server_without_a_list_is_good_if_it_reads(context: AppContext) -> None:
    with ProviderServer("modelverse", Spoken(grounded())) as server:
        server.speech = replace(server.speech, lists_models=False)
        report = await connection_test(context, profile_for(server)).run()
    assert (report.verdict, report.models) == (Verdict.GOOD, ())
    assert report.result(CheckKind.MODEL).finding is Finding.MODEL_READS


@pytest.mark.parametrize("path", ["", "/v1/chat", "/openai/v1"])
async def test_the_right_address_of_the_same_server_is_found_by_asking(context: AppContext, path: str) -> None:
    with ProviderServer("modelverse", Spoken(grounded())) as server:
        origin = f"http://127.0.0.1:{server.port}"
        profile = replace(profile_for(server), base_url=origin + path)
        report = await connection_test(context, profile).run()
        again = await connection_test(context, profile.changed(base_url=offered(report))).run()
    check = failed(report)
    assert (check.kind, check.finding, check.advice) == (
        CheckKind.ADDRESS,
        Finding.ADDRESS_WRONG,
        (Advice.USE_OTHER_ADDRESS,),
    )
    assert offered(report) == f"{origin}/v1"
    assert report.models == (MODEL,)
    assert again.verdict is Verdict.GOOD
    # The picture went once to the wrong address and once to the right one, never to where it was only asked about.
    assert [request.path for request in server.requests if request.method == "POST"] == [
        f"{path}/chat/completions",
        "/v1/chat/completions",
    ]


async def test_an_address_that_wants_another_key_is_there(context: AppContext) -> None:
    with ProviderServer("modelverse") as server:
        profile = replace(profile_for(server), base_url=f"http://127.0.0.1:{server.port}")
        report = await connection_test(context, profile, "sk-wrong").run()
    assert offered(report) == f"http://127.0.0.1:{server.port}/v1"


async def test_where_no_address_answers_none_is_offered(context: AppContext) -> None:
    with ProviderServer("modelverse", key=None) as server:
        server.speech = replace(server.speech, path="/hidden/chat/completions")
        profile = replace(profile_for(server), base_url=f"http://127.0.0.1:{server.port}/v2")
        report = await connection_test(context, profile).run()
    assert (failed(report).advice, offered(report)) == ((Advice.CHECK_ADDRESS,), None)
    assert failed(report).kind is CheckKind.ADDRESS


async def test_a_web_page_in_the_place_of_the_server_is_a_wrong_address(context: AppContext) -> None:
    class Website(ProviderServer):
        def next_script(self, recorded: Any) -> Script:
            return super().next_script(recorded) if recorded.path.startswith("/v1/") else page()

    with Website("modelverse") as server:
        profile = replace(profile_for(server), base_url=f"http://127.0.0.1:{server.port}")
        report = await connection_test(context, profile).run()
    assert offered(report) == f"http://127.0.0.1:{server.port}/v1"


async def test_nobody_listens(context: AppContext) -> None:
    with ProviderServer("modelverse") as server:
        profile = profile_for(server)
    report = await connection_test(context, profile).run()
    check = failed(report)
    assert check.kind is CheckKind.HOST
    assert check.error is not None
    assert check.error.code is ErrorCode.HOST_UNREACHABLE
    others = [state for kind, state in states(report).items() if kind is not CheckKind.HOST]
    assert set(others) == {CheckState.SKIPPED}


async def test_a_redirect_to_another_host_ends_the_test(context: AppContext) -> None:
    class Elsewhere(ProviderServer):
        def next_script(self, recorded: Any) -> Script:
            return redirected("https://elsewhere.invalid/v1/models")

    with Elsewhere("modelverse") as server:
        report = await connection_test(context, profile_for(server)).run()
    assert (failed(report).kind, len(server.requests)) == (CheckKind.ADDRESS, 1)


@pytest.mark.parametrize(
    ("change", "key", "kind", "code"),
    [
        ({}, None, CheckKind.KEY, ErrorCode.KEY_MISSING),
        ({"base_url": "http://ocr.invalid/v1"}, KEY, CheckKind.HOST, ErrorCode.HOST_INSECURE),
        ({"base_url": ""}, KEY, CheckKind.ADDRESS, ErrorCode.PROFILE_INCOMPLETE),
    ],
)
async def test_where_something_stands_in_the_way_nothing_is_sent(
    context: AppContext, change: dict[str, str], key: str | None, kind: CheckKind, code: ErrorCode
) -> None:
    with ProviderServer("modelverse") as server:
        report = await connection_test(context, replace(profile_for(server), **change), key).run()
        assert server.requests == []
    check = failed(report)
    assert check.error is not None
    assert (check.kind, check.error.code) == (kind, code)


async def test_offline_nothing_is_sent(context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context.offline, "is_on", True)
    with ProviderServer("modelverse") as server:
        report = await connection_test(context, profile_for(server)).run()
        assert server.requests == []
    check = failed(report)
    assert check.error is not None
    assert (check.kind, check.error.code) == (CheckKind.HOST, ErrorCode.OFFLINE)


async def test_a_silent_server(context: AppContext) -> None:
    with ProviderServer("modelverse", streamed(Gate())) as server:
        report = await connection_test(context, profile_for(server), timeout_s=HASTE_S).run()
    check = failed(report)
    assert check.error is not None
    assert (check.kind, check.error.code) == (CheckKind.ANSWER, ErrorCode.HOST_SILENT)
    assert [request.method for request in server.requests] == ["GET", "POST"]


async def test_a_server_that_says_nothing_to_anything_is_not_called_reachable(context: AppContext) -> None:
    class Mute(ProviderServer):
        def next_script(self, recorded: Any) -> Script:
            return Script((), before=(Gate(),), has_head=False)

    with Mute("modelverse") as server:
        report = await connection_test(context, profile_for(server), timeout_s=HASTE_S).run()
    assert failed(report).kind is CheckKind.HOST


async def test_what_came_before_the_connection_broke_is_judged(context: AppContext) -> None:
    with ProviderServer("modelverse", streamed(grounded(), reason=None, end=(), is_cut=True)) as server:
        report = await connection_test(context, profile_for(server)).run()
    check = report.result(CheckKind.ANSWER)
    assert check.error is not None
    assert (check.state, check.error.code) == (CheckState.WARNING, ErrorCode.CONNECTION_LOST)
    assert report.result(CheckKind.TEXT).finding is Finding.TEXT_RIGHT


async def test_a_failing_server_is_asked_for_the_picture_once(context: AppContext) -> None:
    with ProviderServer("modelverse", refused(503, "busy")) as server:
        report = await connection_test(context, profile_for(server)).run()
    assert failed(report).kind is CheckKind.ANSWER
    assert sum(request.method == "POST" for request in server.requests) == 1


async def test_stop_closes_the_connection_and_keeps_what_was_found(context: AppContext) -> None:
    gate = Gate()
    with ProviderServer("modelverse", streamed("First", gate)) as server:
        test = connection_test(context, profile_for(server))
        running = asyncio.ensure_future(test.run())
        await gate.reached.waited()
        test.stop()
        report = await running
        await server.requests[-1].closed.waited()
    assert (report.verdict, report.is_stopped) == (Verdict.STOPPED, True)
    assert states(report)[CheckKind.HOST] is CheckState.PASSED
    assert CheckState.RUNNING not in states(report).values()


async def test_stopped_before_it_begins_nothing_is_sent(context: AppContext) -> None:
    with ProviderServer("modelverse") as server:
        test = connection_test(context, profile_for(server))
        test.stop()
        report = await test.run()
        assert server.requests == []
    assert report.verdict is Verdict.STOPPED


async def test_switched_offline_in_the_middle_nothing_more_is_sent(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProviderServer("modelverse") as server:
        test = connection_test(context, replace(profile_for(server), base_url=f"http://127.0.0.1:{server.port}/a/b"))

        def switch(result: CheckResult) -> None:
            if (result.kind, result.state) == (CheckKind.ADDRESS, CheckState.RUNNING):
                monkeypatch.setattr(context.offline, "is_on", True)

        test.checked.connect(switch)
        report = await test.run()
    assert failed(report).advice == (Advice.CHECK_ADDRESS,)
    assert len(server.requests) <= 3


async def test_the_key_goes_to_no_other_machine(context: AppContext) -> None:
    """Whatever path is tried, host and port are those that the key was given for."""
    with ProviderServer("modelverse") as other, ProviderServer("modelverse") as server:
        server.speech = replace(server.speech, path="/hidden/chat/completions")
        await connection_test(
            context, replace(profile_for(server), base_url=f"http://127.0.0.1:{server.port}/a/b")
        ).run()
        assert other.requests == []
    hosts = {urlsplit(f"//{request.headers['host']}").port for request in server.requests}
    assert hosts == {server.port}
    assert len(server.requests) > 3
