"""What is slow to import is imported after the window is on the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SLOW = {
    "PIL",
    "cv2",
    "keyring",
    "lxml",
    "markdown_it",
    "msgspec",
    "nh3",
    "numpy",
    "onnxruntime",
    "openai",
    "rapidocr",
    "ziamath",
}
# Looks at what is imported when the window paints for the first time, and once more when it has been asked to close.
PROGRAM = """
import json, sys
from PySide6.QtWidgets import QMainWindow
from ocr_desktop.gui.application import run_window
from ocr_desktop.gui.main_window import MainWindow

seen = []

def paint(window, event):
    QMainWindow.paintEvent(window, event)
    if not seen:
        seen.append(sorted(sys.modules))
        window.close()

MainWindow.paintEvent = paint
code = run_window([])
print(json.dumps({"code": code, "at_first_paint": seen[0] if seen else None}))
"""


def test_nothing_slow_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["code"] == 0
    imported = {name.partition(".")[0] for name in result["at_first_paint"]}
    assert "ocr_desktop" in imported
    assert sorted(imported & SLOW) == []
