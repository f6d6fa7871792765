"""`ocr-desktop parse`: a saved raw answer becomes the same outputs as a reading, without any engine."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from ocr_desktop.cli.arguments import ParseArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import EXIT_INCOMPLETE, INCOMPLETE, WARNINGS, worded
from ocr_desktop.cli.output import Output
from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Document, Finish, Page, Run, Source, SourceKind, WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.events import TextDelta
from ocr_desktop.core.files import display_name, read_file
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.presets import PresetId, prompt_for

STANDARD_INPUT = "-"


def parse(arguments: ParseArguments, console: Console) -> int:
    data = sys.stdin.buffer.read() if arguments.raw == STANDARD_INPUT else read_file(arguments.raw)
    name = "standard input" if arguments.raw == STANDARD_INPUT else display_name(arguments.raw)
    try:
        raw = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(ErrorCode.FILE_UNREADABLE, name=name, reason="it is not UTF-8 text") from error
    size = None if arguments.image_size is None else Size(*arguments.image_size)
    preset = PresetId(arguments.preset or PresetId.MARKDOWN)
    run = run_of(raw, preset, arguments.prompt or prompt_for(preset), size)
    source = Source(name, SourceKind.ANSWER, hashlib.sha256(data).hexdigest())
    output = Output(arguments.format, arguments.output, console, several=False)
    output.write(Document(source, (Page(number=1, size=size, runs=(run,)),)), Path(name))
    for warning in run.warnings:
        console.warn(f"{name}: {WARNINGS[warning]}")
    if run.finish is Finish.COMPLETE:
        return 0
    console.error(*worded(INCOMPLETE[run.finish], {"name": name}))
    return EXIT_INCOMPLETE


def run_of(raw: str, preset: PresetId, prompt: str, size: Size | None) -> Run:
    """The run that a saved answer is; how it ended is judged by the answer alone."""
    builder = RunBuilder("parsed", preset, size, View())
    builder.begin_answer(prompt)
    builder.feed(TextDelta(raw))
    builder.end_answer(None, warnings=() if raw.strip() else (WarningCode.EMPTY_ANSWER,))
    return builder.build(engine="", model=None, host=None, started=datetime.now(UTC), seconds=0.0)
