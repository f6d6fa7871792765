"""What `read` says on standard error beside errors: how far it is, what is doubtful, and what a run was in the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ocr_desktop.cli.messages import DENSE, ERRORS, WARNINGS, worded
from ocr_desktop.cli.values import TURNS
from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.doubts import is_dense
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.files import printable
from ocr_desktop.core.sideways import turns_to_upright
from ocr_desktop.engines.text_layer import TEXT_LAYER_ENGINE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.cli.console import Console
    from ocr_desktop.core.document import Run
    from ocr_desktop.core.events import Sent, Waiting
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.services.questions import Question
    from ocr_desktop.services.recognition import RecognitionJob

KILOBYTE = 1000
MEGABYTE = 1000 * KILOBYTE


class Teller:
    """Tells of the readings with one engine; progress is for a person who watches, warnings are for everybody."""

    def __init__(self, console: Console, engine: EngineDescription) -> None:
        self._console = console
        self._engine = engine

    def follow(self, job: RecognitionJob) -> None:
        """Tell what a job does on the wire."""
        job.sent.connect(self._tell_sent)
        job.waiting.connect(self._tell_waiting)

    def tell_begin(self, name: str, page: int = 1, page_count: int = 1) -> None:
        """Say which page of a file comes now, where it has several."""
        where = name if page_count == 1 else f"{name}, page {page} of {page_count}"
        self._console.tell(f"{where}: reading with {self._engine.title}")

    def tell_run(self, name: str, run: Run) -> None:
        """Say with what a page was read and what that took; what is not known is left out."""
        title = TEXT_LAYER_ENGINE.title if run.engine == TEXT_LAYER_ENGINE.id else self._engine.title
        facts = [f"{len(run.regions)} regions in {run.seconds:.1f} s", f"engine {title}"]
        if run.model:
            facts.append(f"model {run.model}")
        facts += [f"host {run.host or 'none, it stayed on this computer'}", f"preset {run.preset}"]
        if run.usage is not None:
            facts.append(f"{run.usage.prompt_tokens} + {run.usage.completion_tokens} tokens")
        if run.cost is not None:
            facts.append(f"{run.cost.amount:.4f} {run.cost.currency}")
        self._console.tell(f"{name}: {', '.join(facts)}")

    def warn(self, name: str, warnings: Iterable[WarningCode], run: Run, questions: Iterable[Question]) -> None:
        """Say what a reader of the result should know of it."""
        for warning in dict.fromkeys(warnings):
            self._console.warn(f"{name}: {WARNINGS[warning]}")
        if any(answer.usage is not None and is_dense(answer.usage) for answer in run.answers):
            self._console.warn(f"{name}: {DENSE}")
        if run.finish is Finish.COMPLETE and WarningCode.EMPTY_ANSWER not in run.warnings:
            self._warn_of_what_was_not_found(name, run, questions)
        if run.host is not None and run.finish is Finish.COMPLETE:
            self._warn_of_a_page_to_turn(name, run)

    def _warn_of_a_page_to_turn(self, name: str, run: Run) -> None:
        """The embedded engine reads a page as it lies; an endpoint does not."""
        turns = turns_to_upright(run.lines, run.view.turns)
        if turns:
            how = "stand on its head" if turns == 2 else "lie on its side"
            degrees = TURNS[(run.view.turns + turns) % 4]
            self._console.warn(f"{name}: its text seems to {how}; read it again with --turn {degrees}")

    def _warn_of_what_was_not_found(self, name: str, run: Run, questions: Iterable[Question]) -> None:
        boxed = [region for region in run.regions if region.boxes]
        answered = {region.source.answer for region in boxed if region.source is not None}
        read = {region.text for region in boxed}
        for number, question in enumerate(questions):
            if question.term is not None and number not in answered and question.term not in read:
                self._console.warn(f'{name}: "{printable(question.term)}" was not found')

    def _tell_sent(self, sent: Sent) -> None:
        self._console.tell(f"sent {bytes_told(sent.picture_bytes)}, waiting for the first words")

    def _tell_waiting(self, wait: Waiting) -> None:
        message, _ = worded(ERRORS[ErrorCode(wait.why)], {"host": self._engine.host or "", **wait.fields})
        seconds = math.ceil(wait.seconds)
        self._console.tell(f"{message}; asking again {f'in {seconds} s' if seconds else 'at once'}")


def bytes_told(count: int) -> str:
    """A size as people tell it: `412 kB`, `1.2 MB`."""
    if count < MEGABYTE:
        return f"{max(1, round(count / KILOBYTE))} kB"
    return f"{count / MEGABYTE:.1f} MB"
