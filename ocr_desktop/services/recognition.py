"""The one way to read a page, for the window, the command line and every batch."""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from psygnal import Signal

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Finish, Run, WarningCode
from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.core.events import Event, Finished, Progress, Sent, TextDelta, Waiting
from ocr_desktop.core.geometry import View
from ocr_desktop.core.presets import PresetId, reading_of
from ocr_desktop.core.repetition import RepetitionWatch
from ocr_desktop.core.updates import PageUpdate
from ocr_desktop.engines.base import Engine, EngineKind, Request

if TYPE_CHECKING:
    from ocr_desktop.services.questions import Question
    from ocr_desktop.worker.pixels import Pixels

MOST_AT_ONCE = 16_384
"""Characters of an answer that are looked at without letting the event loop turn."""
UPDATE_SECONDS = 1 / 30
"""The least time between two updates: as often as a screen shows them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be read, and how; one run comes of it.

    Attributes:
        questions: A request each: one, or with `locate` one for each term.
        timeout_s: The longest silence without answer text.
        retries: Requests after the first, only before the first word.
        max_tokens: None: what the engine's profile says.
    """

    pixels: Pixels
    preset: PresetId
    questions: tuple[Question, ...]
    view: View = field(default_factory=View)
    timeout_s: float = 120.0
    retries: int = 2
    max_tokens: int | None = None


class RecognitionJob:
    """Reads one page with one engine; used once.

    An answer that repeats itself without end is stopped, and marked as a loop; further questions are still asked.

    Signals, emitted from the event loop, never from inside the job, so that a listener cannot end it:
        updated(PageUpdate): Words or regions came; at most 30 times a second, and once at the end.
        progressed(Progress): How far the engine is.
        sent(Sent): A request goes over the wire; its first words are waited for.
        waiting(Waiting): The engine waits before it asks again.
        finished(RecognitionJob): The last signal, however it ended.
    """

    updated = Signal(PageUpdate)
    progressed = Signal(Progress)
    sent = Signal(Sent)
    waiting = Signal(Waiting)
    finished = Signal(object)

    def __init__(self, engine: Engine, reading: Reading) -> None:
        self.id = uuid.uuid4().hex
        self.engine = engine.description
        self.reading = reading
        self.run: Run | None = None
        self.error: OcrDesktopError | None = None
        self._engine = engine
        self._builder = RunBuilder(self.id, reading.preset, reading.pixels.size, reading.view)
        self._task: asyncio.Task[None] | None = None
        self._stop_requested = False
        self._flush: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        """End the request; what came is kept, and the run is marked as cancelled."""
        self._stop_requested = True
        if self._task is not None:
            self._task.cancel()

    async def read(self) -> Run:
        """Read, and give the run; an answer that broke off is a run too, with `error` saying why.

        Raises:
            OcrDesktopError: Nothing came; says why.
        """
        started, clock = datetime.now(UTC), time.monotonic()
        self._begin(self.reading.questions[0])
        self._task = asyncio.ensure_future(self._ask_all())
        if self._stop_requested:
            self._task.cancel()
        try:
            await self._task
        except asyncio.CancelledError:
            if not self._stop_requested:
                raise
            self._builder.end_answer(Finish.CANCELLED)
        except OcrDesktopError as error:
            self.error = error
            if not self._builder.has_words:
                raise
            self._builder.end_answer(_finish_of(error))
        finally:
            self._tell_the_end()
        run = self._builder.build(
            engine=self.engine.id,
            model=self.engine.model,
            host=self.engine.host,
            started=started,
            seconds=time.monotonic() - clock,
        )
        price = self.engine.price
        if price is not None and run.usage is not None:
            run = replace(run, cost=price.of(run.usage))
        if _lacks_boxes(run, self.reading.preset):
            run = replace(run, warnings=(*run.warnings, WarningCode.NO_BOXES))
        self.run = run
        return run

    def _tell_the_end(self) -> None:
        """Tell the last update and the end; nothing of this job is heard afterwards."""
        if self._flush is not None:
            self._flush.cancel()
        self._emit_update()
        asyncio.get_running_loop().call_soon(self.finished.emit, self)

    async def _ask_all(self) -> None:
        for number, question in enumerate(self.reading.questions):
            if number > 0:
                self._begin(question)
            kept = await self._ask(question)
            if kept is not None:
                self._builder.end_answer(Finish.LOOP, kept=kept)

    async def _ask(self, question: Question) -> int | None:
        """Ask one question to its end; where the answer was stopped as a loop, up to where it is kept.

        One that came to its end by itself while it repeated is a loop as well.
        """
        watch = RepetitionWatch()
        async with aclosing(self._engine.read(self._request(question))) as events:
            async for event in events:
                if isinstance(event, Finished) and (kept := watch.finish()) is not None:
                    self._builder.end_answer(Finish.LOOP, event.usage, event.warnings, kept=kept)
                    return None
                if not isinstance(event, TextDelta):
                    self._take(event)
                elif (kept := await self._take_text(event.text, watch)) is not None:
                    # The whole of it is judged as it will be when it was saved.
                    return watch.finish() or kept
        return None

    async def _take_text(self, text: str, watch: RepetitionWatch) -> int | None:
        """Take words; where they go on repeating themselves, up to where they are kept.

        A server may send megabytes in one piece: the event loop turns in between.
        """
        for at in range(0, len(text), MOST_AT_ONCE):
            if at > 0:
                await asyncio.sleep(0)
            piece = text[at : at + MOST_AT_ONCE]
            self._take(TextDelta(piece))
            kept = watch.feed(piece)
            if kept is not None:
                return kept
        return None

    def _begin(self, question: Question) -> None:
        is_embedded = self.engine.kind is EngineKind.EMBEDDED
        self._builder.begin_answer(None if is_embedded else question.prompt)

    def _request(self, question: Question) -> Request:
        reading = self.reading
        return Request(
            pixels=reading.pixels,
            view=reading.view,
            preset=reading.preset,
            prompt=question.prompt,
            term=question.term,
            timeout_s=reading.timeout_s,
            retries=reading.retries,
            max_tokens=reading.max_tokens,
        )

    def _take(self, event: Event) -> None:
        loop = asyncio.get_running_loop()
        match event:
            case Progress():
                loop.call_soon(self.progressed.emit, event)
            case Sent():
                loop.call_soon(self.sent.emit, event)
            case Waiting():
                loop.call_soon(self.waiting.emit, event)
            case _:
                self._builder.feed(event)
                if self._flush is None:
                    self._flush = loop.call_later(UPDATE_SECONDS, self._flush_update)

    def _flush_update(self) -> None:
        self._flush = None
        self._emit_update()

    def _emit_update(self) -> None:
        update = self._builder.update()
        if update is not None:
            asyncio.get_running_loop().call_soon(self.updated.emit, update)


def _lacks_boxes(run: Run, preset: PresetId) -> bool:
    """Whether boxes were asked for and the words came without any; where nothing is located there are none to come."""
    if preset is PresetId.LOCATE or run.finish is not Finish.COMPLETE or any(region.boxes for region in run.regions):
        return False
    asked = any(answer.prompt is not None and reading_of(answer.prompt, preset).grounded for answer in run.answers)
    return asked and bool(run.raw.strip())


def _finish_of(error: OcrDesktopError) -> Finish:
    return Finish.TIMEOUT if error.code in (ErrorCode.HOST_SILENT, ErrorCode.WORKER_SILENT) else Finish.ERROR


async def read(engine: Engine, reading: Reading) -> Run:
    """Read a page and give its run, for a caller that does not listen meanwhile.

    Raises:
        OcrDesktopError: Nothing came; says why.
    """
    return await RecognitionJob(engine, reading).read()
