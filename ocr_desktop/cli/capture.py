"""`ocr-desktop capture`: what the window's side captured and read is printed, and told as an exit code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.cli.capture_arguments import KINDS, PRESETS_OF_CAPTURES
from ocr_desktop.cli.messages import (
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    INCOMPLETE,
    WARNINGS,
    BadUsageError,
    broken_off_text,
    error_text,
    exit_code_of,
    incomplete_text,
)
from ocr_desktop.cli.output import JSON, Problem, with_problems
from ocr_desktop.cli.saved_prompts import preset_named
from ocr_desktop.cli.shared_arguments import EMBEDDED
from ocr_desktop.core.capture_results import CaptureResult
from ocr_desktop.core.document import Document, Finish, Page, Source, SourceKind
from ocr_desktop.core.errors import EngineError, InputError
from ocr_desktop.core.exports import FORMATS, document_text
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.exporting import check_place, make_folder, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.cli.capture_arguments import CaptureArguments
    from ocr_desktop.cli.console import Console
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.services.prompts import PromptFile

    Capture = Callable[[CaptureArguments, Callable[[CaptureResult], int]], int]
    """Captures and reads, gives the result to what tells of it, and returns the exit code that it got from there."""

NAME = "screen"
STEM = "capture"


def run(arguments: CaptureArguments, console: Console, capture: Capture) -> int:
    """Capture, having seen that the engine and the preset are there, and that the result has a place to go to.

    Raises:
        BadUsageError: There is no such preset, or not for this engine; nothing was captured.
        UsageError: UNKNOWN_ENGINE, PROFILE_INCOMPLETE; nothing was captured. Whatever the capture raises.
        OutputError: OUTPUT_UNWRITABLE; nothing was captured, or what was read could not be written.
    """
    context = AppContext()
    engine = None
    if arguments.engine is not None:
        choice = {"base_url": arguments.base_url, "model": arguments.model}
        engine = context.catalogue.describe(arguments.engine, **choice)
    _look_up_preset(arguments, context.prompt_file, console)
    telling = _Telling(arguments, engine, _target(arguments), console)
    try:
        return capture(arguments, telling.tell)
    except (InputError, EngineError) as error:
        return telling.tell(CaptureResult(error=error))


def _look_up_preset(arguments: CaptureArguments, prompts: PromptFile, console: Console) -> None:
    wanted = arguments.preset
    if wanted in KINDS:
        arguments.kind, arguments.preset = wanted, None
    elif wanted is not None:
        known = tuple(dict.fromkeys((*KINDS, *PRESETS_OF_CAPTURES)))
        arguments.preset, arguments.prompt = preset_named(wanted, prompts, console, known)
        if arguments.prompt is not None and arguments.engine == EMBEDDED:
            raise BadUsageError(f"--preset {wanted} is for an endpoint: name one with --engine")


def _target(arguments: CaptureArguments) -> Path | None:
    if arguments.output is None:
        return None
    path = Path(arguments.output)
    if arguments.output.endswith((os.sep, "/")) or path.is_dir():
        make_folder(path)
        return path / f"{STEM}{FORMATS[arguments.format].ending}"
    check_place(path)
    return path


class _Telling:
    """Writes the result to its place, and says what is wrong with it.

    Args:
        engine: That was named; None where the settings say which.
        target: None for standard output.
    """

    def __init__(
        self, arguments: CaptureArguments, engine: EngineDescription | None, target: Path | None, console: Console
    ) -> None:
        self._arguments = arguments
        self._engine = engine
        self._target = target
        self._console = console

    def tell(self, result: CaptureResult) -> int:
        """Tell of it; the exit code does too.

        Raises:
            OutputError: OUTPUT_UNWRITABLE.
            BrokenPipeError: Whoever read standard output has gone.
        """
        problem = _problem_of(result)
        text = result.text
        if problem is not None and self._arguments.format == JSON:
            text = self._with_problem(result, problem)
        if text and self._target is None:
            self._console.write(text)
        elif text and self._target is not None:
            write_file(self._target, text)
        if result.finish is Finish.CANCELLED:
            return EXIT_INTERRUPTED
        for warning in result.warnings:
            self._console.warn(f"{NAME}: {WARNINGS[warning]}")
        if problem is not None:
            self._console.error(problem.message, problem.hint)
        if result.finish in INCOMPLETE:
            return EXIT_INCOMPLETE
        return 0 if result.error is None else exit_code_of(result.error)

    def _with_problem(self, result: CaptureResult, problem: Problem) -> str:
        """The document with its page's `error`, or with its own where there is no page."""
        if result.text:
            return with_problems(result.text, None, {1: problem})
        source = Source(NAME, SourceKind.IMAGE, "")
        if not isinstance(result.error, EngineError):
            return with_problems(document_text(Document(source, ()), JSON), problem)
        return with_problems(document_text(Document(source, (self._failed_page(),)), JSON), None, {1: problem})

    def _failed_page(self) -> Page:
        from ocr_desktop.cli.page_reading import failed_run
        from ocr_desktop.services.questions import questions_for

        preset = PresetId(self._arguments.preset or PresetId.MARKDOWN)
        questions = questions_for(preset, prompt=self._arguments.prompt)
        return Page(1, None, runs=(failed_run(preset, questions, self._engine),))


def _problem_of(result: CaptureResult) -> Problem | None:
    """What is wrong with it, unless the user gave up."""
    finish, error = result.finish, result.error
    if finish is Finish.CANCELLED:
        return None
    if finish is not None and finish in INCOMPLETE:
        told = incomplete_text(finish, NAME) if error is None else broken_off_text(error, NAME)
        return Problem(finish if error is None else error.code, *told)
    return None if error is None else Problem(error.code, *error_text(error, name=NAME))
