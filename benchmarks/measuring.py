"""What all measurements share: things done in turn, so that the machine's mood meets all alike, and a table."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

CHANGES_PYTHON = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")


def in_turn(rounds: int, measured: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median of what each gives in seconds; one round before the first is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in measured}
    for number in range(rounds + 1):
        for name, measure in measured.items():
            taken = measure()
            if number:
                seconds[name].append(taken)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def process_seconds(*arguments: str) -> float:
    """How long a Python process takes from its start to its end; it has to end well.

    Modules are compiled once, as on any user's machine, whatever the environment says of that.
    """
    environment = {name: value for name, value in os.environ.items() if name not in CHANGES_PYTHON}
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=environment, check=True)
    return time.perf_counter() - begun


def print_table(title: str, rows: Sequence[Sequence[str]]) -> None:
    """Columns under each other, the first row their heads."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(title)
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def compared(medians: Mapping[str, float], base: str, goal: float) -> list[list[str]]:
    """Rows that compare each median with that of `base`."""
    rows = [["", "median", f"against {base}", "goal"]]
    for name, seconds in medians.items():
        is_base = name == base
        ratio = "" if is_base else f"{seconds / medians[base]:.2f} x"
        rows.append([name, milliseconds(seconds), ratio, "" if is_base else f"<= {goal} x"])
    return rows
