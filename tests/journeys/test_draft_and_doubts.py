"""Someone waits for an endpoint: a draft stands there meanwhile; then doubts are looked at and words are copied."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from ocr_desktop.core.doubts import DoubtKind
from ocr_desktop.gui.output.draft_panel import DraftStrip, DraftView
from tests.support.canvas_events import move
from tests.support.driving import drive
from tests.support.pictures import Words, draw_page
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import CONTROL, LEFT, Desk, add_profile

HERE = "tests.journeys.test_draft_and_doubts"
LINES = ("Accounts of the harbour master", "Oranges were sold for nine crowns", "Nothing is owed to anybody")
ANSWER = "Accounts of the harbour master\n\nOranges were stolen for nine crowns\n"
"""As a server answers that drops every box: with a word that does not stand there, and without the last line."""
SIGN = "drafted"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "accounts.png"
    draw_page(*(Words(text, 60, 60 + 120 * at, 34) for at, text in enumerate(LINES)), size=(900, 480)).save(path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
    return path


@contextmanager
def answering_once_seen(folder: Path) -> Iterator[None]:
    """A server whose answer begins when the user has seen the draft and said so by a file."""
    settings = folder / "config" / "ocr-desktop"
    settings.mkdir(parents=True)
    (settings / "settings.toml").write_text('engine = "modelverse"\npreset = "free"\nauto_read = "always"\n', "utf-8")
    gate, is_over = Gate(), threading.Event()

    def open_when_seen() -> None:
        while not (folder / SIGN).exists():
            if is_over.wait(0.05):
                return
        gate.open()

    with ProviderServer("modelverse", streamed(gate, ANSWER)) as server:
        add_profile(settings, server.base_url)
        watcher = threading.Thread(target=open_when_seen)
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()


async def wait_look_and_copy(desk: Desk) -> dict[str, Any]:
    """Watch the draft, the answer in its place and the doubts; then copy words off the picture."""
    drafting = desk.opened.drafting
    assert drafting is not None
    output = desk.window.output

    def seen(kind: type[DraftView] | type[DraftStrip]) -> Any:
        return next((each for each in output.findChildren(kind) if each.isVisible()), None)

    await desk.until(lambda: seen(DraftView) and not drafting.is_reading, drafting.shown, drafting.ended)
    view = seen(DraftView)
    await desk.until(lambda: LINES[-1] in view.toPlainText(), view.caught_up)
    report: dict[str, Any] = {"draft": view.toPlainText().split("\n"), "told": seen(DraftStrip).accessibleName()}
    assert desk.session.entry is not None
    Path(str(desk.session.entry.file.content)).with_name(SIGN).touch()

    await desk.until(lambda: desk.session.run is not None and desk.session.run.comparison is not None)
    report["draft is gone"] = seen(DraftView) is None and seen(DraftStrip) is None
    report["origins"] = [region.origin for region in desk.session.regions]
    report["engines"] = [run.engine for run in desk.session.text_runs]
    report["doubts"] = [kind for doubt in desk.session.doubts for kind in doubt.kinds]
    desk.press_in_window(Qt.Key.Key_F8)
    report["first doubt"] = desk.bar.text or desk.status

    run = desk.session.run
    assert run is not None

    def place(start: str, part: float) -> QPoint:
        left, right, _, below = next(line.quad for line in run.lines if line.text.startswith(start))
        return desk.point_in_canvas(left[0] + (right[0] - left[0]) * part, (left[1] + below[1]) / 2)

    desk.canvas.setFocus()
    viewport = desk.canvas.viewport()
    QTest.mousePress(viewport, LEFT, pos=place("Oranges", 0.01))
    for part in (0.3, 0.6, 0.99):
        move(desk.canvas, place("Nothing", part), LEFT)
    QTest.mouseRelease(viewport, LEFT, pos=place("Nothing", 0.99))
    desk.press_in_window(Qt.Key.Key_C, CONTROL)
    report["copied"] = QGuiApplication.clipboard().text()
    return report


def test_a_draft_gives_way_to_the_answer_whose_doubts_are_shown(page: Path, display: str, tmp_path: Path) -> None:
    with answering_once_seen(tmp_path):
        report = drive(display, f"{HERE}:wait_look_and_copy", tmp_path, page)
    assert [line for line in report["draft"] if line] == list(LINES)
    assert report["told"] == "Draft, this computer"
    assert report["draft is gone"]
    assert report["engines"] == ["modelverse"]
    assert set(report["origins"]) == {"aligned"}
    assert set(report["doubts"]) == {DoubtKind.UNSUPPORTED_WORDS, DoubtKind.MISSED_LINES}
    assert "stolen" in report["first doubt"]
    assert report["copied"] == "\n".join(LINES[1:])
