"""What does it take to open pages: of a long PDF, and of the pictures that people have?

- The first and the last page of 1,000 against the page of a PDF that has one, from asking to pixels, in a worker that
  has just opened another file. The goal is at most 1.5 times as long.
- The memory of the worker while it opens all 1,000 pages in turn; the goal is at most 5 % more than after the tenth.
- The seconds of processor that a page costs in the worker: to decode it, and to encode it for an endpoint.

`python benchmarks/intake.py [PAGES]`
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measuring import compared, in_turn, print_table
from PIL import Image, ImageDraw

from ocr_desktop.core.geometry import View
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.intake import OpenedDocument
from tests.support.pdfs import numbered_pdf, scanned_pdf

ROUNDS = 7
PAGES = 1000
GOAL = 1.5
MEMORY_GOAL = 0.05
LONGEST_SIDE = 2300
LOOKED_AT = (1, 10, 50, 100, 250, 500, 750, 1000)


class Bench:
    """A program with its workers, and pages opened in it."""

    def __init__(self, runner: asyncio.Runner, context: AppContext) -> None:
        self._runner = runner
        self._context = context

    def open(self, path: Path, number: int = 1) -> OpenedDocument:
        return self._runner.run(self._context.intake.open_page(PagePlace(path, number)))

    def release(self, opened: OpenedDocument) -> None:
        self._context.intake.release(opened)

    def seconds_to_open(self, path: Path, number: int, other: Path) -> float:
        """From asking to pixels, where the file is not the one that the worker has open."""
        self.release(self.open(other))
        begun = time.perf_counter()
        opened = self.open(path, number)
        taken = time.perf_counter() - begun
        self.release(opened)
        return taken

    def encode(self, opened: OpenedDocument) -> int:
        encoding = self._context.pictures.encode(
            opened.pixels, View(), longest_side=LONGEST_SIDE, formats=("image/png", "image/jpeg")
        )
        return len(self._runner.run(encoding).data)

    @property
    def worker(self) -> int:
        process_id = self._context.pictures.process_id
        assert process_id is not None
        return process_id

    def worker_seconds(self, do: Callable[[], object]) -> float:
        """Seconds of processor that the worker spends while something is done."""
        before = _processor_seconds(self.worker)
        do()
        return _processor_seconds(self.worker) - before


def _processor_seconds(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_megabytes(process_id: int) -> float:
    """Without the pixels, which lie in memory that the whole program shares."""
    status = Path(f"/proc/{process_id}/status").read_text("ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("RssAnon"))


def first_page(bench: Bench, long: Path, short: Path, other: Path, pages: int) -> None:
    medians = in_turn(
        ROUNDS,
        {
            "1 page": lambda: bench.seconds_to_open(short, 1, other),
            f"{pages:,} pages: first": lambda: bench.seconds_to_open(long, 1, other),
            f"{pages:,} pages: last": lambda: bench.seconds_to_open(long, pages, other),
        },
    )
    print_table("From asking to pixels", compared(medians, "1 page", GOAL))


def paging(bench: Bench, long: Path, pages: int) -> None:
    rows = [["page", "resident", "against the tenth"]]
    tenth = most = 0.0
    for number in range(1, pages + 1):
        bench.release(bench.open(long, number))
        resident = _resident_megabytes(bench.worker)
        tenth = resident if number == 10 else tenth
        most = max(most, resident)
        if number in LOOKED_AT or number == pages:
            rows.append([str(number), f"{resident:.1f} MB", f"{resident / tenth - 1:+.1%}" if tenth else ""])
    rows.append(["the most", f"{most:.1f} MB", f"{most / tenth - 1:+.1%}, goal <= {MEMORY_GOAL:+.0%}"])
    print_table("Memory of the worker while paging", rows)


def costs(bench: Bench, files: dict[str, Path]) -> None:
    rows = [["", "pixels", "decode", "encode", "sent"]]
    for name, path in files.items():
        kept: list[OpenedDocument] = []
        decoding = bench.worker_seconds(lambda path=path, kept=kept: kept.append(bench.open(path)))
        opened = kept[0]
        sizes: list[int] = []
        encoding = bench.worker_seconds(lambda opened=opened, sizes=sizes: sizes.append(bench.encode(opened)))
        size = opened.pixels.size
        bench.release(opened)
        rows.append(
            [name, f"{size.width} x {size.height}", f"{decoding:.2f} s", f"{encoding:.2f} s", f"{sizes[0] // 1000} kB"]
        )
    print_table("Seconds of processor in the worker, a page", rows)


def photo(width: int, height: int) -> Image.Image:
    """What a camera gives: soft forms with grain on them."""
    ground = Image.radial_gradient("L").resize((width, height))
    grain = Image.effect_noise((width // 4, height // 4), 30).resize((width, height))
    return Image.merge("RGB", (ground, grain, Image.blend(ground, grain, 0.3)))


def scan() -> Image.Image:
    page = Image.effect_noise((1654, 2339), 12).point([min(value + 110, 255) for value in range(256)]).convert("RGB")
    canvas = ImageDraw.Draw(page)
    for line in range(60):
        canvas.text(
            (140, 120 + 34 * line),
            f"Line {line} of a page that was scanned, with words on it",
            fill="black",
            font_size=24,
        )
    return page


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as folder_name, asyncio.Runner() as runner:
        folder = Path(folder_name)
        long, short, other = folder / "long.pdf", folder / "short.pdf", folder / "other.pdf"
        long.write_bytes(numbered_pdf(pages))
        short.write_bytes(numbered_pdf(1))
        other.write_bytes(numbered_pdf(2))
        (folder / "scan.pdf").write_bytes(scanned_pdf(scan()))
        scan().save(folder / "scan.jpg", quality=85)
        photo(6000, 4000).save(folder / "photo24.jpg", quality=90)
        photo(11_600, 8700).save(folder / "photo100.jpg", quality=90)
        context = AppContext(folder)
        bench = Bench(runner, context)
        try:
            first_page(bench, long, short, other, pages)
            paging(bench, long, pages)
            costs(
                bench,
                {
                    "A4 scan, JPEG": folder / "scan.jpg",
                    "A4 scan in a PDF": folder / "scan.pdf",
                    "PDF page of text": short,
                    "24 MP photo": folder / "photo24.jpg",
                    "100 MP photo": folder / "photo100.jpg",
                },
            )
        finally:
            runner.run(context.close())


if __name__ == "__main__":
    main()
