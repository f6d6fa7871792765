"""One job: what it tells while it reads, and how it ends, whatever the engine does."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace

import pytest

from ocr_desktop.core.document import Cost, Finish, Usage, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.events import Event, Finished, LineFound, Progress, Sent, TextDelta, Waiting
from ocr_desktop.core.geometry import PixelBox, Size, box_quad
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.repetition import repeated_tail
from ocr_desktop.core.updates import LiveRun, PageUpdate
from ocr_desktop.engines.base import EngineDescription, EngineKind, Price, Request
from ocr_desktop.services.questions import Question, questions_for
from ocr_desktop.services.recognition import Reading, RecognitionJob, read
from ocr_desktop.worker.pixels import Pixels, levels_of
from tests.core.repetitive_answers import label_sheet, long_loan

PIXELS = Pixels(0, 3 * 999 * 999, levels_of(Size(999, 999), 0))
ANSWER = "<|ref|>text<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\nwords"


class ScriptedEngine:
    """Yields what it was given; an exception is raised, an event is waited for."""

    def __init__(self, *script: Event | BaseException | asyncio.Event) -> None:
        self._script = script
        self.requests: list[Request] = []
        self.is_closed = False

    @property
    def description(self) -> EngineDescription:
        return EngineDescription(
            "scripted", "Scripted", EngineKind.ENDPOINT, "example.org", "m", False, frozenset(PresetId)
        )

    async def read(self, request: Request) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        try:
            for step in self._script:
                if isinstance(step, BaseException):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.is_closed = True

    async def close(self) -> None: ...


def reading(preset: PresetId = PresetId.MARKDOWN, terms: Iterable[str] = ()) -> Reading:
    return Reading(PIXELS, preset, questions_for(preset, terms=tuple(terms)))


class Listener:
    def __init__(self, job: RecognitionJob) -> None:
        self.live = LiveRun()
        self.updates: list[PageUpdate] = []
        self.others: list[object] = []
        self.ended = asyncio.Event()
        job.updated.connect(self.take)
        job.progressed.connect(self.others.append)
        job.waiting.connect(self.others.append)
        job.finished.connect(lambda _job: self.ended.set())

    def take(self, update: PageUpdate) -> None:
        assert not self.ended.is_set(), "an update after the end"
        self.updates.append(update)
        self.live.apply(update)


async def test_a_run_comes_of_it_and_whoever_listened_knows_the_same() -> None:
    engine = ScriptedEngine(Progress(1, 2), Waiting(1.0, "why"), TextDelta(ANSWER), Finished(Finish.COMPLETE))
    job = RecognitionJob(engine, reading())
    listener = Listener(job)
    run = await job.read()
    await listener.ended.wait()
    assert (run.engine, run.host, run.model, run.finish) == ("scripted", "example.org", "m", Finish.COMPLETE)
    assert listener.live.regions == run.regions
    assert listener.live.raw == run.raw == ANSWER
    assert listener.others == [Progress(1, 2), Waiting(1.0, "why")]


async def test_a_burst_of_deltas_becomes_few_updates() -> None:
    engine = ScriptedEngine(*(TextDelta(f"{number**3} ") for number in range(5000)), Finished(Finish.COMPLETE))
    job = RecognitionJob(engine, reading())
    listener = Listener(job)
    run = await job.read()
    await listener.ended.wait()
    assert run.finish is Finish.COMPLETE
    assert len(listener.updates) < 100


async def test_stop_keeps_what_came_and_closes_the_request() -> None:
    engine = ScriptedEngine(TextDelta(ANSWER), asyncio.Event())
    job = RecognitionJob(engine, reading())
    listener = Listener(job)
    job.updated.connect(lambda _update: job.stop())
    run = await job.read()
    await listener.ended.wait()
    assert run.finish is Finish.CANCELLED
    assert run.regions[0].text == "words"
    assert engine.is_closed


async def test_a_stop_before_the_start_sends_nothing() -> None:
    engine = ScriptedEngine(TextDelta(ANSWER), Finished(Finish.COMPLETE))
    job = RecognitionJob(engine, reading())
    job.stop()
    run = await job.read()
    assert run.finish is Finish.CANCELLED
    assert engine.requests == []


@pytest.mark.parametrize(
    ("code", "finish"), [(ErrorCode.CONNECTION_LOST, Finish.ERROR), (ErrorCode.HOST_SILENT, Finish.TIMEOUT)]
)
async def test_an_answer_that_breaks_off_is_a_run_that_says_so(code: ErrorCode, finish: Finish) -> None:
    job = RecognitionJob(ScriptedEngine(TextDelta(ANSWER), EngineError(code, host="h")), reading())
    run = await job.read()
    assert run.finish is finish
    assert run.regions[0].text == "words"
    assert job.error is not None
    assert job.error.code is code


async def test_where_nothing_came_the_error_is_raised_and_still_the_end_is_told() -> None:
    job = RecognitionJob(ScriptedEngine(EngineError(ErrorCode.KEY_REFUSED, host="h")), reading())
    listener = Listener(job)
    with pytest.raises(EngineError):
        await job.read()
    await listener.ended.wait()
    assert job.run is None


async def test_cancelling_the_reader_of_a_job_cancels_the_request() -> None:
    engine = ScriptedEngine(TextDelta(ANSWER), asyncio.Event())
    job = RecognitionJob(engine, reading())
    told = asyncio.Event()
    job.updated.connect(lambda _update: told.set())
    task = asyncio.ensure_future(job.read())
    await told.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.is_closed


async def test_a_locate_of_three_terms_asks_three_times() -> None:
    engine = ScriptedEngine(TextDelta("<|ref|>x<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>"), Finished(Finish.COMPLETE))
    run = await read(engine, reading(PresetId.LOCATE, ["one", " two ", "三"]))
    assert [request.prompt for request in engine.requests] == [
        "Locate <|ref|>one<|/ref|> in the image.",
        "Locate <|ref|>two<|/ref|> in the image.",
        "Locate <|ref|>三<|/ref|> in the image.",
    ]
    assert [request.term for request in engine.requests] == ["one", "two", "三"]
    assert len(run.answers) == len(run.regions) == 3


LOOP = "<|ref|>text<|/ref|><|det|>[[1, 50, 30, 70]]<|/det|>\nsay it again\n\n"


async def test_an_answer_that_repeats_itself_is_stopped_and_its_good_part_kept() -> None:
    after: list[Event] = [TextDelta("never read"), Finished(Finish.COMPLETE)]
    engine = ScriptedEngine(TextDelta(ANSWER + "\n\n"), *(TextDelta(LOOP) for _ in range(400)), asyncio.Event(), *after)
    job = RecognitionJob(engine, reading())
    listener = Listener(job)
    run = await job.read()
    await listener.ended.wait()
    assert engine.is_closed
    assert (run.finish, run.answers[0].finish, job.error) == (Finish.LOOP, Finish.LOOP, None)
    assert [region.text for region in run.regions] == ["words", "say it again"]
    assert run.raw == ANSWER + "\n\n" + LOOP * run.raw.count(LOOP)
    assert 5 < run.raw.count(LOOP) < 100
    assert listener.live.regions == run.regions
    assert listener.live.raw == run.raw


async def test_a_loop_in_one_question_leaves_the_others_to_be_asked() -> None:
    hit = "<|ref|>{}<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n"

    class LoopsAtFirst(ScriptedEngine):
        async def read(self, request: Request) -> AsyncGenerator[Event, None]:
            self._script = (TextDelta(hit.format(request.term) * (200 if not self.requests else 1)),)
            async for event in super().read(request):
                yield event
            yield Finished(Finish.COMPLETE)

    engine = LoopsAtFirst()
    run = await read(engine, reading(PresetId.LOCATE, ["one", "two"]))
    assert [request.term for request in engine.requests] == ["one", "two"]
    assert [answer.finish for answer in run.answers] == [Finish.LOOP, Finish.COMPLETE]
    assert [region.text for region in run.regions] == ["one", "two"]
    assert run.finish is Finish.LOOP


@pytest.mark.parametrize("end", ["", "\n"])
async def test_an_answer_that_ends_by_itself_while_it_repeats_is_judged_as_it_will_be_when_it_was_saved(
    end: str,
) -> None:
    answer = "the same " * 341 + end
    usage = Usage(903, 512)
    engine = ScriptedEngine(TextDelta(answer), Finished(Finish.COMPLETE, usage))
    run = await read(engine, reading(PresetId.FREE))
    assert (run.finish, run.usage, run.raw) == (Finish.LOOP, usage, answer)
    assert [region.text for region in run.regions] == ["the same"]
    assert repeated_tail(answer) == len("the same ")


async def test_a_list_that_counts_for_too_long_is_stopped_and_keeps_every_line_that_came() -> None:
    pieces = [f"{n}. Item\n" for n in range(1, 2000)]
    run = await read(ScriptedEngine(*map(TextDelta, pieces), Finished(Finish.COMPLETE)), reading(PresetId.FREE))
    assert run.finish is Finish.LOOP
    assert 100 < run.raw.count("\n") < 1000
    assert "\n".join(region.text for region in run.regions) == run.raw.strip()
    assert repeated_tail(run.raw) == len(run.raw.rstrip("\n"))


async def test_a_loan_plan_of_a_full_answer_comes_whole() -> None:
    page = long_loan()
    pieces = [page[at : at + 4] for at in range(0, len(page), 4)]
    run = await read(ScriptedEngine(*map(TextDelta, pieces), Finished(Finish.COMPLETE)), reading(PresetId.FREE))
    assert (run.finish, run.raw) == (Finish.COMPLETE, page)


async def test_a_sheet_of_labels_is_no_loop() -> None:
    engine = ScriptedEngine(TextDelta(label_sheet()), Finished(Finish.COMPLETE))
    assert (await read(engine, reading(PresetId.FREE))).finish is Finish.COMPLETE


async def test_what_the_embedded_engine_finds_is_never_called_a_loop() -> None:
    line = LineFound("VOID", box_quad(PixelBox(0, 0, 9, 9)), 0.9)

    class Embedded(ScriptedEngine):
        @property
        def description(self) -> EngineDescription:
            return replace(super().description, id="embedded", kind=EngineKind.EMBEDDED)

    engine = Embedded(*([line] * 1000), Finished(Finish.COMPLETE))
    assert (await read(engine, reading())).finish is Finish.COMPLETE


def test_nothing_to_locate_is_said_before_anything_is_asked() -> None:
    with pytest.raises(UsageError):
        questions_for(PresetId.LOCATE, terms=("  ",))


def test_a_prompt_of_ones_own_is_sent_as_it_is() -> None:
    assert questions_for(PresetId.OCR, prompt=" My own. ") == (Question(" My own. "),)


@pytest.mark.parametrize(
    ("preset", "answer", "finish", "is_warned"),
    [
        (PresetId.MARKDOWN, "Only words.", Finish.COMPLETE, True),
        (PresetId.MARKDOWN, ANSWER, Finish.COMPLETE, False),
        (PresetId.MARKDOWN, "  ", Finish.COMPLETE, False),
        (PresetId.MARKDOWN, "Only words.", Finish.CUT, False),
        (PresetId.OCR, "Only words.", Finish.COMPLETE, True),
        (PresetId.FREE, "Only words.", Finish.COMPLETE, False),
    ],
)
async def test_boxes_that_were_asked_for_and_did_not_come_are_a_warning(
    preset: PresetId, answer: str, finish: Finish, is_warned: bool
) -> None:
    run = await read(ScriptedEngine(TextDelta(answer), Finished(finish)), reading(preset))
    assert (WarningCode.NO_BOXES in run.warnings) is is_warned


async def test_nothing_located_and_a_prompt_without_grounding_miss_no_boxes() -> None:
    answer = (TextDelta("Nothing there."), Finished(Finish.COMPLETE))
    assert (await read(ScriptedEngine(*answer), reading(PresetId.LOCATE, ["x"]))).warnings == ()
    own = Reading(PIXELS, PresetId.MARKDOWN, (Question("convert to markdown"),))
    assert (await read(ScriptedEngine(*answer), own)).warnings == ()


async def test_a_run_knows_what_it_cost_where_price_and_count_are_known() -> None:
    price = Price("USD", 0.03, 0.10)
    for usage, cost in ((Usage(1_000_000, 2_000_000), Cost(0.23, "USD")), (None, None)):
        engine = ScriptedEngine(TextDelta(ANSWER), Finished(Finish.COMPLETE, usage))
        job = RecognitionJob(engine, reading())
        job.engine = replace(job.engine, price=price)
        assert (await job.read()).cost == cost


async def test_megabytes_in_one_piece_let_the_loop_turn_and_are_told_whole() -> None:
    letters = random.Random(1)
    answer = ANSWER + "".join(f" {letters.randrange(10**9):x}" for _ in range(60_000))
    job = RecognitionJob(ScriptedEngine(Sent(1), TextDelta(answer), Finished(Finish.COMPLETE)), reading())
    listener, turns = Listener(job), 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.ensure_future(turn())
    run = await job.read()
    await listener.ended.wait()
    turning.cancel()
    assert turns > 10
    assert run.raw == listener.live.raw
