"""The whole program under a driver: its own `main()`, in a process of its own, on a display of its own.

    python -m tests.support.driving MODULE:FUNCTION REPORT [FILE…]

opens the window with the files and lets the function, `async (Desk) -> JSON value`, be the user. What the function
returns is written to REPORT, and the window is closed.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90


@contextmanager
def virtual_display(size: str = "1280x800x24") -> Iterator[str]:
    """An X server of its own; gives its name.

    Raises:
        FileNotFoundError: There is no Xvfb.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise FileNotFoundError("Xvfb")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def drive(display: str, steps: str, folder: Path, *files: Path) -> Any:
    """Run the program under a driver, `MODULE:FUNCTION`, and give what it reports; `folder` is for its files."""
    report = folder / "report.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.driving", steps, str(report), *map(str, files)],
        env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert report.exists(), done.stderr
    assert done.stdout == ""
    return json.loads(report.read_text("utf-8"))


def main() -> int:
    steps, report, *files = sys.argv[1:]
    module, _, function = steps.partition(":")
    act = getattr(importlib.import_module(module), function)

    from PySide6.QtGui import QGuiApplication

    from ocr_desktop.__main__ import main as program
    from ocr_desktop.gui.application import OpenedWindow
    from tests.support.waiting import until
    from tests.support.window import Desk

    settle_in = OpenedWindow.settle_in
    driving: list[asyncio.Task[None]] = []

    async def be_the_user(desk: Desk) -> None:
        try:
            # Nobody manages windows on this display.
            desk.window.activateWindow()
            await until(desk.window.isActiveWindow, QGuiApplication.instance().focusWindowChanged)
            # The program's end is the process's: nothing is done after it.
            Path(report).write_text(json.dumps(await act(desk)), "utf-8")  # noqa: ASYNC240  (the window may wait)
        except BaseException:
            traceback.print_exc()
        finally:
            desk.window.close()

    async def settle_in_and_begin(opened: OpenedWindow) -> None:
        await settle_in(opened)
        driving.append(asyncio.ensure_future(be_the_user(Desk(opened, opened._context))))

    OpenedWindow.settle_in = settle_in_and_begin  # type: ignore[method-assign]
    sys.argv = ["ocr-desktop", *files]
    return program()


if __name__ == "__main__":
    sys.exit(main())
