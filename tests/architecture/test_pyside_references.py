"""PySide6 6.12.0 on Python before 3.12 drops a reference to None in every Qt call that returns nothing.

After some 6,000 calls the interpreter aborts (`none_dealloc`, exit code 134). pyproject.toml keeps that pair apart;
this finds it should it come back.
"""

from __future__ import annotations

import subprocess
import sys

CALLS = 10_000
MOST_NOISE = 200
"""References that the rest of the interpreter takes and gives back meanwhile."""

PROGRAM = f"""
import sys
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPainter

thing, box = QObject(), QRectF()
image = QImage(8, 8, QImage.Format.Format_RGB32)
painter = QPainter(image)
before = sys.getrefcount(None)
for _ in range({CALLS} // 4):
    thing.setObjectName("thing")
    box.setX(1.0)
    painter.save()
    painter.restore()
after = sys.getrefcount(None)
painter.end()
print(before - after)
"""


def test_calls_that_return_nothing_lose_no_reference_to_none() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert abs(int(done.stdout)) < MOST_NOISE
