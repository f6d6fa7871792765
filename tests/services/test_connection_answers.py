"""What the test of an endpoint says of the answer to its picture, and what it advises."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ID, Lack
from ocr_desktop.engines.profiles import shipped_profiles
from ocr_desktop.services.connection_judging import JudgedReading, Stopwatch, judged
from ocr_desktop.services.connection_report import (
    Advice,
    CheckKind,
    CheckState,
    Finding,
    Verdict,
)
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.questions import questions_for
from ocr_desktop.services.recognition import Reading, read
from tests.support.connection_tests import connection_test, failed, profile_for
from tests.support.known_answers import PICTURE, grounded, without_boxes, without_tags
from tests.support.provider_answers import (
    Script,
    Spoken,
    looping,
    streamed,
)
from tests.support.provider_server import KEY, ProviderServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def context(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AppContext]:
    context = AppContext(tmp_path_factory.mktemp("settings"))
    yield context
    await context.close()


async def test_a_server_that_drops_tags_only_if_it_may_is_told_apart(context: AppContext) -> None:
    with ProviderServer("vllm", Spoken(grounded())) as server:
        asked = profile_for(server, "vllm", extra_body={"skip_special_tokens": False})
        unasked = profile_for(server, "vllm", extra_body={})
        good = await connection_test(context, asked, KEY).run()
        stripped = await connection_test(context, unasked, KEY).run()
    assert good.verdict is Verdict.GOOD
    assert (stripped.verdict, stripped.lacks) == (Verdict.LIMITED, {Lack.TAGS})
    assert stripped.advice == (Advice.KEEP_SPECIAL_TOKENS,)
    assert stripped.result(CheckKind.BOXES).finding is Finding.BOXES_RIGHT


async def test_a_server_that_drops_tags_whatever_is_asked(context: AppContext) -> None:
    with ProviderServer("any", streamed(without_tags())) as server:
        profile = profile_for(server, extra_body={"skip_special_tokens": False})
        report = await connection_test(context, profile).run()
    assert report.advice == (Advice.TAGS_DROPPED_ANYWAY,)
    assert report.lacks == {Lack.TAGS, Lack.USAGE}


async def test_words_without_boxes(context: AppContext) -> None:
    with ProviderServer("modelverse", Spoken(without_boxes())) as server:
        report = await connection_test(context, profile_for(server)).run()
    assert (report.verdict, report.lacks) == (Verdict.LIMITED, {Lack.BOXES})
    assert report.result(CheckKind.TEXT).finding is Finding.TEXT_RIGHT
    assert report.result(CheckKind.BOXES).finding is Finding.BOXES_NONE
    assert report.result(CheckKind.TAGS).state is CheckState.SKIPPED


async def test_boxes_that_are_elsewhere(context: AppContext) -> None:
    def padded(box: PixelBox) -> PixelBox:
        return PixelBox(box.x_min, (box.y_min + 220) / 3.2, box.x_max, (box.y_max + 220) / 3.2)

    with ProviderServer("modelverse", Spoken(grounded(padded))) as server:
        report = await connection_test(context, profile_for(server)).run()
    check = failed(report)
    assert (check.finding, report.verdict) == (Finding.BOXES_ELSEWHERE, Verdict.LIMITED)
    assert check.facts["off"] > 20


async def test_text_that_is_not_on_the_picture(context: AppContext) -> None:
    answer = "<|ref|>text<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\nI cannot see any picture."
    with ProviderServer("modelverse", Spoken(answer)) as server:
        report = await connection_test(context, profile_for(server)).run()
    assert failed(report).finding is Finding.TEXT_UNRELATED
    assert report.verdict is Verdict.FAILED
    assert Advice.OTHER_PART_ORDER in report.advice


@pytest.mark.parametrize(
    ("answer", "finding", "state"),
    [
        (grounded().replace("48213", "48218"), Finding.TEXT_PARTLY, CheckState.WARNING),
        (grounded() + "This is a photograph of a harbour.", Finding.TEXT_AND_MORE, CheckState.WARNING),
        ("Harbour report", Finding.TEXT_PARTLY, CheckState.FAILED),
    ],
)
async def test_text_that_is_nearly_right(context: AppContext, answer: str, finding: Finding, state: CheckState) -> None:
    with ProviderServer("modelverse", Spoken(answer)) as server:
        report = await connection_test(context, profile_for(server)).run()
    check = report.result(CheckKind.TEXT)
    assert (check.finding, check.state) == (finding, state)


@pytest.mark.parametrize(
    ("script", "finding", "advice"),
    [
        (looping(grounded(), "The same again. "), Finding.ANSWER_REPEATS, Advice.GUARD_AGAINST_REPETITION),
        (streamed(grounded(), reason="length"), Finding.ANSWER_CUT, Advice.GUARD_AGAINST_REPETITION),
        (streamed("  "), Finding.ANSWER_EMPTY, Advice.OTHER_PART_ORDER),
    ],
)
async def test_an_answer_that_does_not_end_well(
    context: AppContext, script: Script, finding: Finding, advice: Advice
) -> None:
    with ProviderServer("modelverse", script) as server:
        report = await connection_test(context, profile_for(server)).run()
    assert report.result(CheckKind.ANSWER).finding is finding
    assert advice in report.result(CheckKind.ANSWER).advice
    assert report.verdict is not Verdict.GOOD


async def test_an_answer_that_is_cut_at_few_tokens_may_be_longer(context: AppContext) -> None:
    with ProviderServer("modelverse", streamed(grounded(), reason="length")) as server:
        report = await connection_test(context, profile_for(server, max_tokens=100)).run()
    assert report.advice == (Advice.RAISE_MAX_TOKENS,)


async def test_an_engine_that_is_not_asked_for_boxes_lacks_none(context: AppContext) -> None:
    with ProviderServer("modelverse", Spoken(without_boxes())) as server:
        profile = profile_for(server, presets=(PresetId.FREE,))
        report = await connection_test(context, profile).run()
    assert (report.verdict, report.lacks) == (Verdict.GOOD, frozenset())
    assert server.requests[-1].prompt == "Free OCR."


async def test_the_embedded_engine_reads_the_picture_as_it_is_known(context: AppContext) -> None:
    """The truth beside the picture stands up to an engine that was not there when it was drawn."""
    opened = await context.intake.open_file(PICTURE.file)
    engine = await context.catalogue.engine(EMBEDDED_ID)
    run = await read(engine, Reading(opened.pixels, PresetId.OCR, questions_for(PresetId.OCR)))
    results = {
        result.kind: result.finding
        for result in judged(JudgedReading(run, shipped_profiles()[0], Stopwatch(engine, lambda: 0.0)), PICTURE)
    }
    assert results[CheckKind.TEXT] is Finding.TEXT_RIGHT
    assert results[CheckKind.BOXES] is Finding.BOXES_RIGHT


async def test_an_answer_that_may_not_be_so_long_is_had_shorter_and_that_is_said(context: AppContext) -> None:
    with ProviderServer("vllm", Spoken(grounded())) as server:
        profile = profile_for(server, "vllm", max_tokens=8192)
        report = await connection_test(context, profile).run()
    answer = report.result(CheckKind.ANSWER)
    assert (answer.state, answer.advice) == (CheckState.WARNING, (Advice.LOWER_MAX_TOKENS,))
    assert answer.facts["allowed"] == server.requests[-1].body["max_tokens"] == 8192 - 903
    assert report.verdict is Verdict.LIMITED


async def test_a_field_that_the_server_refuses_is_named(context: AppContext) -> None:
    with ProviderServer("modelverse", Spoken(grounded())) as server:
        profile = profile_for(server, extra_body={"skip_special_tokens": False, "top_p": 1})
        report = await connection_test(context, profile).run()
    answer = report.result(CheckKind.ANSWER)
    assert (answer.facts["fields"], answer.advice) == ("skip_special_tokens", (Advice.LEAVE_FIELDS_OUT,))
    assert report.result(CheckKind.TEXT).state is CheckState.PASSED


async def test_an_answer_that_was_stopped_is_no_sign_of_a_server_that_does_not_count(context: AppContext) -> None:
    with ProviderServer("modelverse", looping(grounded(), "The same again. ")) as server:
        report = await connection_test(context, profile_for(server)).run()
    assert Lack.USAGE not in report.lacks


async def test_no_advice_is_given_twice(context: AppContext) -> None:
    """Most words wrong and boxes elsewhere both ask whether it is the right model."""
    far = grounded(lambda box: PixelBox(box.x_min, box.y_min + 60, box.x_max, box.y_max + 60))
    with ProviderServer("modelverse", Spoken(far.replace("48213", "1"))) as server:
        report = await connection_test(context, profile_for(server)).run()
    assert report.advice == (Advice.CHECK_MODEL,)
