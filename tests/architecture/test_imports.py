"""What the program loads before it is needed costs every start."""

from __future__ import annotations

import subprocess
import sys

SLOW = {"msgspec", "numpy", "PIL", "openai", "PySide6", "rapidocr", "onnxruntime", "markdown_it", "pydantic", "lxml"}
IMPORT_TIME = "import time:"


def imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a Python started with these arguments imports, in its whole life."""
    done = subprocess.run([sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=False)
    times = [line for line in done.stderr.splitlines() if line.startswith(IMPORT_TIME)]
    said = [line for line in done.stderr.splitlines() if not line.startswith(IMPORT_TIME)]
    assert done.returncode == 0, said
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in times}


def test_the_command_line_does_not_load_qt() -> None:
    loaded = imported_by("-m", "ocr_desktop", "engines")
    assert "tomllib" in loaded
    assert loaded & {"PySide6", "qasync"} == set()


def test_help_loads_nothing_slow() -> None:
    loaded = imported_by("-m", "ocr_desktop", "--help")
    assert "argparse" in loaded
    assert loaded & SLOW == set()


def test_version_loads_nothing_slow() -> None:
    assert imported_by("-m", "ocr_desktop", "--version") & SLOW == set()
