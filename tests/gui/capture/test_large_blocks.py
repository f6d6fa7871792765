"""What pictures of the screen took goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading
from pathlib import Path
from ocr_desktop.gui.capture.large_blocks import give_large_blocks_back

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def take_and_free():
    for megabytes in (24, 30, 24, 31):
        block = bytearray(megabytes << 20)
        block[::4096] = bytes(len(block) // 4096)
        del block

give_large_blocks_back()
before = resident()
for _ in range(6):
    threads = [threading.Thread(target=take_and_free) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print((resident() - before) >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other allocators")
def test_blocks_of_many_threads_are_gone_when_they_are_free() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 24
