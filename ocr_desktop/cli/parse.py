"""`ocr-desktop parse`: a saved raw answer becomes the same outputs as a reading, without any engine."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from ocr_desktop.cli.arguments import ParseArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import EXIT_INCOMPLETE, WARNINGS, error_text, incomplete_text
from ocr_desktop.cli.output import JSON, Output, Problem, style_of
from ocr_desktop.cli.saved_prompts import asked
from ocr_desktop.cli.shared_arguments import STANDARD_STREAM
from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Document, Finish, Page, Run, Source, SourceKind, WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.events import TextDelta
from ocr_desktop.core.files import LARGEST_FILE_BYTES, display_name, read_file
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.repetition import repeated_tail
from ocr_desktop.services.context import AppContext

STANDARD_INPUT = "standard input"


def parse(arguments: ParseArguments, console: Console) -> int:
    is_standard_input = arguments.raw == STANDARD_STREAM
    name = STANDARD_INPUT if is_standard_input else display_name(arguments.raw)
    inputs = [Path(name if is_standard_input else arguments.raw)]
    chosen, prompt = asked(arguments, AppContext().prompt_file, console)
    output = Output(arguments.format, arguments.output, console, inputs, style_of(arguments))
    try:
        data = _standard_input() if is_standard_input else _file(arguments.raw)
        raw = _text(data, name)
    except InputError as error:
        if arguments.format == JSON:
            nothing = Document(Source(name, SourceKind.ANSWER, ""), ())
            output.write(nothing, 0, Problem(error.code, *error_text(error)))
        raise
    size = None if arguments.image_size is None else Size(*arguments.image_size)
    preset = chosen or PresetId.MARKDOWN
    run = run_of(raw, preset, prompt or prompt_for(preset), size)
    source = Source(name, SourceKind.ANSWER, hashlib.sha256(data).hexdigest())
    document = Document(source, (Page(number=1, size=size, runs=(run,)),))
    for warning in run.warnings:
        console.warn(f"{name}: {WARNINGS[warning]}")
    if run.finish is Finish.COMPLETE:
        output.write(document, 0)
        return 0
    told = incomplete_text(run.finish, name)
    output.write(document, 0, page_problems={1: Problem(run.finish, *told)})
    console.error(*told)
    return EXIT_INCOMPLETE


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(ErrorCode.NOT_TEXT, name=name) from error


def _file(path: str) -> bytes:
    try:
        return read_file(path)
    except InputError as error:
        if error.code is ErrorCode.FILE_EMPTY:
            # A model can answer with nothing, and then that is what was saved.
            return b""
        raise


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise InputError(ErrorCode.FILE_UNREADABLE, name=STANDARD_INPUT, message="it is closed")
    try:
        data = sys.stdin.buffer.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(ErrorCode.FILE_UNREADABLE, name=STANDARD_INPUT, message=error.strerror or "") from error
    if len(data) > LARGEST_FILE_BYTES:
        raise InputError(ErrorCode.FILE_TOO_LARGE, name=STANDARD_INPUT, limit_megabytes=LARGEST_FILE_BYTES >> 20)
    return data


def run_of(raw: str, preset: PresetId, prompt: str, size: Size | None) -> Run:
    """The run that a saved answer is; how it ended is judged by the answer alone."""
    builder = RunBuilder("parsed", preset, size, View())
    builder.begin_answer(prompt)
    builder.feed(TextDelta(raw))
    kept = repeated_tail(raw)
    warnings = () if raw.strip() else (WarningCode.EMPTY_ANSWER,)
    builder.end_answer(None if kept is None else Finish.LOOP, warnings=warnings, kept=kept)
    return builder.build(engine="", model=None, host=None, started=datetime.now(UTC), seconds=0.0)
