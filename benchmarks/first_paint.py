"""How long until the window is painted for the first time, against a QMainWindow with nothing in it?

Whole processes, from start to the first paint event of the main window, on the platform of the environment (offscreen
where it names none). The goal is at most 1.7 times as long.
"""

from __future__ import annotations

import os
from functools import partial

from measuring import compared, in_turn, print_table, process_seconds

ROUNDS = 21
BASE = "bare QMainWindow"
GOAL = 1.7

BARE = """
import os, sys
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        os._exit(0)

application = QApplication(sys.argv[:1])
window = Window()
window.resize(1280, 800)
window.show()
application.exec()
"""

PROGRAM = """
import os
import sys
from PySide6.QtWidgets import QMainWindow
from ocr_desktop.__main__ import main

QMainWindow.paintEvent = lambda self, event: os._exit(0)
sys.argv[1:] = []
main()
"""


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    medians = in_turn(
        ROUNDS, {BASE: partial(process_seconds, "-c", BARE), "OCR Desktop": partial(process_seconds, "-c", PROGRAM)}
    )
    title = f"start to first paint ({os.environ['QT_QPA_PLATFORM']}), medians of {ROUNDS}"
    print_table(title, compared(medians, BASE, GOAL))


if __name__ == "__main__":
    main()
