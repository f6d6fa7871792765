"""How long does `ocr-desktop --help` take, against a Python that does nothing?

Whole processes, from start to end. The goal is at most three times as long.
"""

from __future__ import annotations

from functools import partial

from measuring import compared, in_turn, print_table, process_seconds

ROUNDS = 21
BASE = "python -c pass"
GOAL = 3


def main() -> None:
    medians = in_turn(
        ROUNDS,
        {
            BASE: partial(process_seconds, "-c", "pass"),
            "--help": partial(process_seconds, "-m", "ocr_desktop", "--help"),
            "read --help": partial(process_seconds, "-m", "ocr_desktop", "read", "--help"),
        },
    )
    print_table(f"--help, medians of {ROUNDS}", compared(medians, BASE, GOAL))


if __name__ == "__main__":
    main()
