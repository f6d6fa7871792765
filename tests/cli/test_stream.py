"""What is printed while it arrives is in the end what the format gives of the whole run."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncGenerator, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_desktop.cli.console import Console
from ocr_desktop.cli.output import Output
from ocr_desktop.cli.stream import StreamPrinter
from ocr_desktop.core.document import Document, Finish, Page, Source, SourceKind
from ocr_desktop.core.errors import EngineError, ErrorCode, OutputError
from ocr_desktop.core.events import Event, Finished, TextDelta
from ocr_desktop.core.exports import FORMATS
from ocr_desktop.core.geometry import Size
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import Request
from ocr_desktop.services import recognition
from ocr_desktop.services.questions import questions_for
from ocr_desktop.services.recognition import Reading, RecognitionJob
from ocr_desktop.worker.pixels import Pixels, levels_of
from tests.services.test_recognition import ScriptedEngine

SIZE = Size(999, 999)
ANSWER = (
    "before\n\n<|ref|>title<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\nHeading\n\n"
    "<|ref|>table<|/ref|><|det|>[[1, 50, 900, 90]]<|/det|>\n<table><tr><td>a</td><td>b</td></tr></table>\n\n"
    "<|ref|>image<|/ref|><|det|>[[1, 100, 900, 400]]<|/det|>\n \n"
    "<|ref|>text<|/ref|><|det|>[[1, 500, 900, 600]]<|/det|>\nOne *word* and \\(x^2\\)\n\nanother\n"
)
LINES = "".join(f"<|ref|>line {number}<|/ref|><|det|>[[1, {number}, 9, 99]]<|/det|>\n" for number in range(3))


class Heard(Console):
    """A console that keeps what would be printed."""

    def __init__(self, failure: OutputError | BrokenPipeError | None = None) -> None:
        super().__init__(quiet=True, verbose=False)
        self.pieces: list[str] = []
        self.failure = failure
        self.on_write: Callable[[], None] = lambda: None

    def write(self, text: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.pieces.append(text)
        self.on_write()


class TurningEngine(ScriptedEngine):
    """Lets the event loop turn after each step, so that every step is told before the next one comes."""

    async def read(self, request: Request) -> AsyncGenerator[Event, None]:
        async for event in super().read(request):
            yield event
            for _ in range(4):
                await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def no_pause_between_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "UPDATE_SECONDS", 0.0)


def job_for(*script: Event | BaseException | asyncio.Event, preset: PresetId = PresetId.MARKDOWN) -> RecognitionJob:
    pixels = Pixels(0, SIZE.width * SIZE.height * 3, levels_of(SIZE, 0))
    return RecognitionJob(TurningEngine(*script), Reading(pixels, preset, questions_for(preset)))


def whole(job: RecognitionJob, format_id: str) -> str:
    assert job.run is not None
    source = Source("page.png", SourceKind.IMAGE, "")
    return FORMATS[format_id].write(Document(source, (Page(1, SIZE, runs=(job.run,)),)))


async def printed(job: RecognitionJob, format_id: str, console: Heard, output: Output | None = None) -> StreamPrinter:
    printer = StreamPrinter(job, format_id, output or Output(format_id, None, console, ()), console)
    with contextlib.suppress(EngineError):
        await job.read()
    await printer.ended.wait()
    return printer


@pytest.mark.parametrize("format_id", ["md", "txt", "raw"])
@pytest.mark.parametrize(("answer", "preset"), [(ANSWER, PresetId.MARKDOWN), (LINES, PresetId.OCR), ("", PresetId.OCR)])
@settings(max_examples=10)
@given(cuts=st.sets(st.integers(1, 600), max_size=12))
def test_the_pieces_make_the_whole(answer: str, preset: PresetId, format_id: str, cuts: set[int]) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(answer)), len(answer)]
    console = Heard()

    async def journey() -> None:
        deltas = (TextDelta(answer[start:end]) for start, end in itertools.pairwise(edges))
        job = job_for(*deltas, Finished(Finish.COMPLETE), preset=preset)
        await printed(job, format_id, console)
        assert "".join(console.pieces) == whole(job, format_id)

    asyncio.run(journey())


async def test_a_region_is_printed_as_soon_as_another_follows() -> None:
    more = asyncio.Event()
    first, second = LINES.splitlines()[:2]
    job = job_for(TextDelta(first + second), more, Finished(Finish.COMPLETE), preset=PresetId.OCR)
    console = Heard()
    came = asyncio.Event()
    console.on_write = came.set
    task = asyncio.create_task(printed(job, "md", console))
    await came.wait()
    assert console.pieces == ["line 0"]
    more.set()
    await task
    assert "".join(console.pieces) == "line 0  \nline 1\n"


async def test_the_next_input_stands_apart() -> None:
    console = Heard()
    output = Output("md", None, console, ())
    for _ in range(2):
        await printed(job_for(TextDelta("words"), Finished(Finish.COMPLETE)), "md", console, output)
    assert "".join(console.pieces) == "words\n\nwords\n"


@pytest.mark.parametrize("failure", [OutputError(ErrorCode.OUTPUT_UNWRITABLE), BrokenPipeError()])
async def test_when_nobody_can_be_told_any_more_the_request_ends(failure: OutputError | BrokenPipeError) -> None:
    never = asyncio.Event()
    job = job_for(TextDelta("words"), never)
    console = Heard(failure)
    printer = await printed(job, "raw", console)
    assert printer.failure is failure
    assert job.run is not None
    assert job.run.finish is Finish.CANCELLED


async def test_where_nothing_came_nothing_is_printed() -> None:
    console = Heard()
    await printed(job_for(EngineError(ErrorCode.KEY_REFUSED, host="h")), "md", console)
    stopped = job_for(TextDelta("words"))
    stopped.stop()
    await printed(stopped, "md", console)
    assert console.pieces == []
