"""What stands on a real display, and what the program's own freezing makes of it, each in a process of its own.

python -m tests.support.screen_probe show WIDTH HEIGHT     a picture over the whole display, until it is ended
python -m tests.support.screen_probe freeze FOLDER         each screen's picture as a file, and their list
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from tests.support.driving import ROOT

PATIENCE_S = 60
NO_BUS = "unix:path=/nowhere"
"""Without any address Qt starts a bus of its own for each display."""


def pattern(width: int, height: int) -> Image.Image:
    """A picture whose every pixel tells its place."""
    image = Image.new("RGB", (width, height))
    image.putdata([(x % 256, y % 256, x // 256 * 16 + y // 256) for y in range(height) for x in range(width)])
    return image


@contextmanager
def shown_pattern(display: str, width: int, height: int) -> Iterator[None]:
    """The pattern on the whole display."""
    command = [sys.executable, "-m", "tests.support.screen_probe", "show", str(width), str(height)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(display), stdout=subprocess.PIPE) as showing:
        try:
            assert showing.stdout is not None
            assert showing.stdout.readline() == b"shown\n"
            yield
        finally:
            showing.terminate()


def frozen(display: str, folder: Path, **more: str) -> dict[str, Any]:
    """What the freezing gave: `screens` (`name`, `area`, `file`) or `error`, and `milliseconds` of it."""
    report: dict[str, Any] = asked(display, "freeze", str(folder), **more)
    return report


def windows(display: str, **more: str) -> list[list[int]]:
    """The areas of the windows that the program sees."""
    areas: list[list[int]] = asked(display, "windows", **more)
    return areas


def asked(display: str, *question: str, **more: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.screen_probe", *question],
        cwd=ROOT,
        env=environment(display, **more),
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def environment(display: str, **more: str) -> Mapping[str, str]:
    own = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11", "DBUS_SESSION_BUS_ADDRESS": NO_BUS}
    return {**os.environ, **own, **more}


def show(width: int, height: int) -> None:
    from PIL.ImageQt import ImageQt
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication, QLabel

    application = QApplication([])
    label = QLabel()
    label.setWindowFlags(Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
    label.setPixmap(QPixmap.fromImage(ImageQt(pattern(width, height))))
    label.setGeometry(0, 0, width, height)
    label.show()

    def look() -> None:
        # The server has drawn it when it gives it back.
        if application.primaryScreen().grabWindow(0).toImage().pixelColor(0, height - 1).green() == (height - 1) % 256:
            looking.stop()
            print("shown", flush=True)

    looking = QTimer()
    looking.timeout.connect(look)
    looking.start(20)
    application.exec()


def freeze(folder: Path) -> dict[str, Any]:
    import qasync
    from PySide6.QtWidgets import QApplication

    from ocr_desktop.core.errors import InputError
    from ocr_desktop.gui.capture.grabbing import freeze_screens

    application = QApplication([])

    async def report() -> dict[str, Any]:
        begun = time.perf_counter()
        try:
            screens = await freeze_screens()
        except InputError as error:
            return {"error": error.code}
        took = time.perf_counter() - begun
        told = []
        for number, screen in enumerate(screens):
            file = str(folder / f"{number}.png")
            assert screen.image.save(file)
            area = screen.area
            told.append({"name": screen.name, "area": (area.x, area.y, area.width, area.height), "file": file})
        return {"screens": told, "milliseconds": round(took * 1000, 1)}

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        return runner.run(report())


def seen_windows() -> list[tuple[int, int, int, int]]:
    from PySide6.QtWidgets import QApplication

    from ocr_desktop.gui.capture.windows import window_areas

    application = QApplication([])
    areas = [(area.x, area.y, area.width, area.height) for area in window_areas()]
    application.quit()
    return areas


def main(arguments: list[str]) -> None:
    if arguments[0] == "show":
        show(int(arguments[1]), int(arguments[2]))
    elif arguments[0] == "windows":
        print(json.dumps(seen_windows()))
    else:
        print(json.dumps(freeze(Path(arguments[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
