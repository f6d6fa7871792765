"""Those who read the same pixels: the program through its own services, Tesseract, RapidOCR called directly."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from ocr_desktop.core.document import Run
from ocr_desktop.core.events import LineFound, Progress, ShapesFound
from ocr_desktop.core.markdown import compose, page_text
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.embedded import EmbeddedEngine
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.questions import questions_for
from ocr_desktop.services.recognition import Reading, RecognitionJob
from tests.support.workers import picture_in

if TYPE_CHECKING:
    from ocr_desktop.core.events import CodeFound
    from ocr_desktop.core.geometry import View
    from ocr_desktop.services.intake import OpenedDocument
    from ocr_desktop.worker.pixels import Pixels
    from ocr_desktop.worker.reader_client import ReaderClient

TESSERACT = shutil.which("tesseract")
BESIDE_THE_TEXT = frozenset(("header", "footer", "page_number"))
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, seconds of processors, seconds to the first line, megabytes at the worst; None: unknown."""

    wall: float
    cpu: float
    first: float | None = None
    peak: float | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody read of a page, and what it cost; `markdown` is empty where they give none.

    `body` is the text without the headers, footers and page numbers that the reader knows as such.
    """

    text: str
    cost: Cost
    markdown: str = ""
    body: str = ""
    run: Run | None = None
    shapes: ShapesFound = field(default_factory=ShapesFound)


class Remembering:
    """A reader that reads each picture once and then tells the same again, so that a second preset costs nothing."""

    def __init__(self, reader: ReaderClient) -> None:
        self._reader = reader
        self._events: list[LineFound | ShapesFound | CodeFound | Progress] = []
        self._pixels: Pixels | None = None

    @property
    def shapes(self) -> ShapesFound:
        """Of the picture that was read last."""
        return next((event for event in self._events if isinstance(event, ShapesFound)), ShapesFound())

    def forget(self) -> None:
        self._pixels = None

    async def read(
        self, pixels: Pixels, view: View, *, in_background: bool = False
    ) -> AsyncGenerator[LineFound | ShapesFound | CodeFound | Progress, None]:
        if self._pixels is pixels:
            for event in self._events:
                yield event
            return
        self._pixels, self._events = None, []
        async with aclosing(self._reader.read(pixels, view, in_background=in_background)) as events:
            async for event in events:
                self._events.append(event)
                yield event
        self._pixels = pixels


class Program:
    """The program without a face: the same services, the same workers."""

    def __init__(self, folder: Path) -> None:
        self.context = AppContext(folder)
        self._remembering = Remembering(self.context.reader)
        self._engine = EmbeddedEngine(self._remembering)  # type: ignore[arg-type]

    async def open(self, content: Path | bytes, number: int) -> OpenedDocument:
        return await self.context.intake.open_page(PagePlace(content, number))

    def picture(self, opened: OpenedDocument) -> Image.Image:
        """The pixels that the program reads, for the others."""
        return picture_in(self.context.store, opened.pixels)

    def worker(self) -> int:
        """The process that reads."""
        process = self.context.reader.process_id
        assert process is not None
        return process

    def forget(self) -> None:
        """Let the next read be a real one, also of the same picture."""
        self._remembering.forget()

    async def warm_up(self) -> None:
        await self.context.reader.warm_up()

    async def read(self, opened: OpenedDocument, preset: PresetId = PresetId.MARKDOWN) -> Read:
        job = RecognitionJob(self._engine, Reading(opened.pixels, preset, questions_for(preset)))
        begun = time.perf_counter()
        first: list[float] = []
        job.updated.connect(lambda _: first.append(time.perf_counter() - begun))
        before = cpu_of(self.context.reader.process_id) + time.process_time()
        run = await job.read()
        wall = time.perf_counter() - begun
        cpu = cpu_of(self.context.reader.process_id) + time.process_time() - before
        # The signals of the last update are still on their way.
        await asyncio.sleep(0)
        cost = Cost(wall, cpu, first[0] if first else None, memory_of(self.worker(), "VmHWM"))
        body = page_text(region for region in run.regions if region.label not in BESIDE_THE_TEXT)
        return Read(page_text(run.regions), cost, compose(run.regions).text, body, run, self._remembering.shapes)

    async def close(self) -> None:
        await self.context.close()


class Direct:
    """RapidOCR as it comes: in this process, with its own defaults, its lines in its own order."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._engine: Any = RapidOCR(params={"Global.log_level": "critical"})

    def read(self, picture: Image.Image) -> Read:
        array = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
        begun, cpu = time.perf_counter(), time.process_time()
        result = self._engine(array)
        cost = Cost(time.perf_counter() - begun, time.process_time() - cpu)
        text = "\n".join(result.txts or ())
        return Read(text, cost, body=text)


def tesseract(picture: Image.Image, language: str, *, threads: int | None = None) -> Read | None:
    """What Tesseract reads, with as many threads as it likes or fewer; None where it is not there, or fails."""
    if TESSERACT is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.png")
        picture.save(path, compress_level=1)
        words = (TESSERACT, str(path), str(Path(folder, "out")), "--psm", "3", "-l", language)
        begun = time.perf_counter()
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        status, usage = _waited(process)
        wall = time.perf_counter() - begun
        if status:
            return None
        text = Path(folder, "out.txt").read_text("utf-8")
    return Read(text, Cost(wall, usage[0], None, usage[1]), body=text)


def _waited(process: subprocess.Popen[bytes]) -> tuple[int, tuple[float, float]]:
    """How the process ended, its seconds of processors and its most megabytes."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, (usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def cpu_of(process: int | None) -> float:
    """The seconds of processors that a process used since its start."""
    if process is None:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(process: int, which: str) -> float:
    """Megabytes: `VmHWM` the most so far, `VmRSS` now."""
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        name, _, value = line.partition(":")
        if name == which:
            return int(value.split()[0]) / 1024
    raise LookupError(which)
