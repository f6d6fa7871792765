"""The window imports the clients before its first paint; what is slow to load waits."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import ocr_desktop.engines.embedded, ocr_desktop.worker.client
slow = {"PIL", "numpy", "msgspec", "rapidocr", "onnxruntime", "cv2", "lxml", "markdown_it", "ziamath"}
print(*sorted(slow & {name.partition(".")[0] for name in sys.modules}))
"""


def test_the_clients_load_nothing_slow() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
