"""A part of a real screen, chosen with a real mouse, becomes Markdown and HTML on the clipboard of a real display."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.support import clipboard_programs
from tests.support.driving import virtual_display
from tests.support.pictures import Words, draw_page
from tests.support.program import Ended, Running
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import add_profile
from tests.support.x_input import KEY_ESCAPE, Eyes, Hands

SCREEN = (900, 600)
PLACE = (60, 40)
"""Where on the screen the drawn page stands."""
SIZE = (600, 260)
ROWS = (("Item", "Count", "Price"), ("Apples", "4", "1.20"), ("Pears", "12", "3.45"))
PIPES = "| Item | Count | Price |\n| --- | --- | --- |\n| Apples | 4 | 1.20 |\n| Pears | 12 | 3.45 |"
ANSWER = (
    "<|ref|>table<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\n<table>"
    + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    + "</table>\n"
)
SHOWS_PICTURE = """
import sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel

class Page(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: print("shown", flush=True))

application = QApplication(sys.argv[:1])
page = Page()
page.setWindowFlag(Qt.WindowType.FramelessWindowHint)
page.setPixmap(QPixmap(sys.argv[1]))
page.move(int(sys.argv[2]), int(sys.argv[3]))
page.show()
application.exec()
"""


def drawn_table() -> Image.Image:
    cells = [(row, column, text) for row, texts in enumerate(ROWS) for column, text in enumerate(texts)]
    page = draw_page(*(Words(text, 40 + 180 * column, 30 + 70 * row, 28) for row, column, text in cells), size=SIZE)
    canvas = ImageDraw.Draw(page)
    for row, column, _ in cells:
        canvas.rectangle((20 + 180 * column, 15 + 70 * row, 200 + 180 * column, 85 + 70 * row), outline="black")
    return page


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    try:
        with virtual_display(f"{SCREEN[0]}x{SCREEN[1]}x24") as display:
            yield display
    except FileNotFoundError:
        pytest.skip("there is no Xvfb on this machine")


@pytest.fixture
def hands(screen: str) -> Iterator[Hands]:
    with closing(Hands(screen)) as hands:
        yield hands


@pytest.fixture
def eyes(screen: str) -> Iterator[Eyes]:
    with closing(Eyes(screen)) as eyes:
        yield eyes


@contextmanager
def shown_page(screen: str, folder: Path) -> Iterator[Image.Image]:
    """A page with a table, in a window of another program."""
    page = drawn_table()
    page.save(folder / "table.png")
    with subprocess.Popen(
        [sys.executable, "-c", SHOWS_PICTURE, str(folder / "table.png"), *map(str, PLACE)],
        env={**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"},
        stdout=subprocess.PIPE,
    ) as showing:
        assert showing.stdout is not None
        assert showing.stdout.readline() == b"shown\n"
        yield page
        showing.kill()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """The engine of captures, on this machine."""
    settings_folder = Path(os.environ["XDG_CONFIG_HOME"]) / "ocr-desktop"
    settings_folder.mkdir(parents=True)
    with ProviderServer("modelverse", streamed(ANSWER)) as server:
        add_profile(settings_folder, server.base_url)
        (settings_folder / "settings.toml").write_text('capture_engine = "modelverse"\n', "utf-8")
        monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
        yield server


def capture(screen: str, *arguments: str) -> Running:
    return Running("capture", *arguments, environment={"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"})


def until_overlay(eyes: Eyes) -> int:
    return eyes.wait_for_window(*SCREEN)


def output_of(running: Running) -> str:
    """What was printed when standard output was closed; the program itself may go on."""
    assert running.process.stdout is not None
    return running.process.stdout.read().decode("utf-8")


def ended(running: Running) -> Ended:
    running.process.wait(60)
    assert running.process.stderr is not None
    return Ended(running.process.returncode, b"", running.process.stderr.read())


def test_a_table_selected_with_the_mouse_is_markdown_and_html_for_other_programs(
    screen: str, hands: Hands, eyes: Eyes, server: ProviderServer, tmp_path: Path
) -> None:
    corner, size = (PLACE[0] + 10, PLACE[1] + 5), (580, 240)
    with shown_page(screen, tmp_path) as page, capture(screen) as running:
        until_overlay(eyes)
        hands.drag(corner, (corner[0] + size[0] - 1, corner[1] + size[1] - 1))
        assert output_of(running) == f"{PIPES}\n"
        assert running.process.poll() is None, "who owns the clipboard of X11 has to live"
        found = clipboard_programs.read(screen)
        assert found["text"] == PIPES
        assert "<table" in found["html"]
        assert all(f"{cell}</t" in found["html"] for row in ROWS for cell in row)
        with clipboard_programs.owner(screen, {"text/plain": b"something else"}):
            assert ended(running) == Ended(0, b"", b"")
    (request,) = server.requests
    sent = Image.open(io.BytesIO(request.picture)).convert("RGB")
    box = (10, 5, 10 + size[0], 5 + size[1])
    assert sent.tobytes() == page.crop(box).tobytes(), "the very pixels that were selected are read"
    settings = (Path(os.environ["XDG_CONFIG_HOME"]) / "ocr-desktop" / "settings.toml").read_text("utf-8")
    assert f'capture_region = "{corner[0]},{corner[1]},{size[0]},{size[1]}"' in settings


def test_escape_cancels_and_nothing_is_sent_or_copied(
    screen: str, hands: Hands, eyes: Eyes, server: ProviderServer, tmp_path: Path
) -> None:
    with (
        shown_page(screen, tmp_path),
        clipboard_programs.owner(screen, {"text/plain": b"mine"}),
        capture(screen) as running,
    ):
        eyes.wait_for_focus(until_overlay(eyes))
        hands.key(KEY_ESCAPE)
        assert output_of(running) == ""
        assert ended(running).code == 130
        assert clipboard_programs.read(screen)["text"] == "mine"
    assert server.requests == []


def test_an_interrupt_while_it_reads_ends_it(screen: str, server: ProviderServer, tmp_path: Path) -> None:
    gate = Gate()
    server.answer_with(streamed("# A ", gate, "title"))
    with shown_page(screen, tmp_path), capture(screen, "--region", "60,40,200,100") as running:
        gate.reached.wait()
        running.process.send_signal(signal.SIGINT)
        assert output_of(running) == ""
        assert ended(running).code == 130


def test_a_second_capture_does_not_see_the_note_of_the_first(
    screen: str, server: ProviderServer, tmp_path: Path
) -> None:
    all_of_it = ("--screen", "1", "--format", "txt")
    with shown_page(screen, tmp_path), capture(screen, *all_of_it) as first:
        assert "Apples" in output_of(first)
        with capture(screen, *all_of_it) as second:
            assert "Apples" in output_of(second)
            assert ended(second).code == 0
        assert first.process.poll() is None, "the first one has the clipboard for both"
    before, after = (Image.open(io.BytesIO(request.picture)).convert("RGB") for request in server.requests)
    assert after.tobytes() == before.tobytes()


def test_the_program_that_runs_captures_for_a_second_start(
    screen: str, eyes: Eyes, server: ProviderServer, tmp_path: Path
) -> None:
    environment = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    with shown_page(screen, tmp_path), Running(environment=environment) as window:
        eyes.wait_for_window(700, 480)
        while not any(path.is_socket() for path in Path(os.environ["XDG_RUNTIME_DIR"]).iterdir()):
            assert window.process.poll() is None
            # It listens a moment after it came up, and tells nobody.
            time.sleep(0.05)
        with capture(screen, "--region", "70,45,580,240", "--format", "txt") as running:
            assert output_of(running).splitlines()[0].split() == ["Item", "Count", "Price"]
            assert ended(running) == Ended(0, b"", b""), "the window has the clipboard, so this need not wait"
        assert clipboard_programs.read(screen)["text"] == PIPES
        window.process.terminate()
    assert len(server.requests) == 1
