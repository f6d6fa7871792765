"""Someone drops the picture of a page on the window, and has its Markdown a moment later."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from ocr_desktop.gui.appearance import TEXT
from tests.support.driving import ROOT, drive
from tests.support.pictures import Words, draw_page
from tests.support.window import Desk

LINES = ("Minutes of the meeting", "The blue folder was found", "in the cellar on Monday")


def page(folder: Path) -> Path:
    path = folder / "page with a space.png"
    draw_page(*(Words(line, 40, 40 + 90 * number, 34) for number, line in enumerate(LINES)), size=(700, 360)).save(path)
    return path


async def drop_and_copy(desk: Desk) -> dict[str, Any]:
    folder = Path(os.environ["OCR_DESKTOP_TEST_FOLDER"])
    desk.drop_files(page(folder), target=desk.window.empty_state)
    await desk.until_read()
    await desk.until(lambda: desk.window.output.rendered_view.is_caught_up and LINES[2] in desk.preview)
    desk.click(desk.find(QToolButton, "copy_button"))
    QGuiApplication.primaryScreen().grabWindow(desk.window.winId()).save(str(folder / "screen.png"))
    return {
        "boxes": [[box.x_min, box.y_min, box.x_max, box.y_max] for each in desk.session.regions for box in each.boxes],
        "preview": desk.preview,
        "copied": QGuiApplication.clipboard().text(),
        "rich": QGuiApplication.clipboard().mimeData().html(),
        "bar": desk.bar.text,
    }


def test_a_dropped_picture_becomes_markdown_with_its_boxes(display: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("OCR_DESKTOP_TEST_FOLDER", str(tmp_path))
    report = drive(display, "tests.journeys.test_drop_image:drop_and_copy", tmp_path)
    assert report["bar"] == ""
    for line in LINES:
        assert line in " ".join(report["preview"].split())
        assert line in " ".join(report["copied"].split())
        assert line in " ".join(report["rich"].split())
    assert report["boxes"]
    for x_min, y_min, x_max, y_max in report["boxes"]:
        assert 20 <= x_min < x_max <= 600
        assert 20 <= y_min < y_max <= 300
    with Image.open(tmp_path / "screen.png") as screen:
        colours = {colour for _, colour in screen.convert("RGB").getcolors(screen.width * screen.height)}
    assert tuple(bytes.fromhex(TEXT[1:])) in colours, "no box is seen on the screen"


def test_without_a_display_the_window_is_drawn_and_the_markdown_printed(tmp_path: Path) -> None:
    picture = tmp_path / "new folder" / "window.png"
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "ocr_desktop", "--snapshot", str(picture), str(page(tmp_path))],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in LINES:
        assert line in " ".join(done.stdout.split())
    assert str(picture) in done.stderr
    with Image.open(picture) as window:
        assert window.width >= 1000
        colours = {colour for _, colour in window.convert("RGB").getcolors(window.width * window.height)}
    assert tuple(bytes.fromhex(TEXT[1:])) in colours


def test_a_snapshot_of_a_bad_file_says_so(tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    done = subprocess.run(
        [sys.executable, "-m", "ocr_desktop", "--snapshot", str(tmp_path / "window.png"), str(bad)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 3
    assert "“bad.png” is no picture" in done.stderr
    assert done.stdout == ""
