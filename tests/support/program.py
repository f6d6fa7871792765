"""The real program: as a process of its own, or its `main` called in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 60.0
COMMAND = (sys.executable, "-m", "ocr_desktop")


@dataclass(frozen=True, slots=True)
class Ended:
    """What a call of the program left: its exit code and what it wrote."""

    code: int
    output: bytes
    errors: bytes

    @property
    def text(self) -> str:
        return self.output.decode("utf-8")

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def document(self) -> dict[str, Any]:
        (document,) = self.documents
        return document

    @property
    def complaints(self) -> list[str]:
        """The lines of standard error, each without the program's name; anything else fails the test."""
        lines = self.errors.decode("utf-8").splitlines()
        assert all(line.startswith("ocr-desktop: ") for line in lines), lines
        return [line.removeprefix("ocr-desktop: ") for line in lines]

    @property
    def complaint(self) -> str:
        """The one line of standard error."""
        (line,) = self.complaints
        return line


Argument = str | bytes | Path


def environment_with(more: Mapping[str, str] | None) -> dict[str, str]:
    """This process's environment and more; without what changes how Python writes, which is tested here."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"} | dict(more or {})


def run(
    *arguments: Argument,
    standard_input: bytes = b"",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Ended:
    """Run the program to its end."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=standard_input,
        capture_output=True,
        env=environment_with(environment),
        cwd=folder,
        timeout=PATIENCE_S,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def run_redirected(redirection: str, *arguments: Argument, environment: Mapping[str, str] | None = None) -> Ended:
    """Run the program as a shell does that redirects its streams, such as `>&-`."""
    done = subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", *COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment_with(environment),
        timeout=PATIENCE_S,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Running:
    """The program while it runs; use as a context manager. Whatever still runs at the end is killed."""

    def __init__(self, *arguments: Argument, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment_with(environment),
        )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def read(self, count: int) -> bytes:
        """The next bytes of standard output; waits until there are so many."""
        assert self.process.stdout is not None
        return self.process.stdout.read(count)

    def ended(self) -> Ended:
        """Wait for the end; the output is what was not read before."""
        output, errors = self.process.communicate(timeout=PATIENCE_S)
        return Ended(self.process.returncode, output, errors)
