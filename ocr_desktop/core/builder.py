"""From an engine's events to a run: the one place where words, labels and boxes come together.

The builder is fed events and asked for updates; a listener that applies every `PageUpdate` to an empty `LiveRun`
holds at the end what the final `Run` holds. Feeding only keeps what comes: it is read when somebody asks.
"""

from __future__ import annotations

from datetime import datetime

from ocr_desktop.core.answer_regions import AnswerRegions
from ocr_desktop.core.document import Answer, Finish, Line, Run, Usage, WarningCode
from ocr_desktop.core.events import Event, Finished, LineFound, RegionsRevised, TextDelta
from ocr_desktop.core.fused_tables import has_fused_table
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.grounding import GroundingParser
from ocr_desktop.core.line_regions import LineRegions
from ocr_desktop.core.presets import PresetId, reading_of
from ocr_desktop.core.raw_text import RawText
from ocr_desktop.core.region_store import NOTHING_CHANGED, Mark, RegionStore
from ocr_desktop.core.updates import PageUpdate


class RunBuilder:
    """Makes one run out of one or more answers; used once.

    Call `begin_answer`, feed that answer's events up to its `Finished` (or `end_answer` where none came), again for
    the next answer, then `build`. `page` is None where the picture is not known: there are no pixel boxes then.
    """

    def __init__(self, run_id: str, preset: PresetId, page: Size | None, view: View) -> None:
        self._run_id = run_id
        self._preset = preset
        self._page = page
        self._view = view
        self._answers: list[Answer] = []
        self._store = RegionStore()
        self._raw = RawText()
        self._warnings: list[WarningCode] = []
        self._prompt: str | None = None
        self._answer: _ModelAnswer | None = None
        self._lines: LineRegions | None = None
        self._found: tuple[Line, ...] = ()

    def begin_answer(self, prompt: str | None) -> None:
        """Start the next answer; `prompt` is None for the embedded engine."""
        if self._answers:
            self._raw.begin_another_answer()
        self._prompt = prompt
        self._answer = self._lines = None
        if prompt is not None:
            self._answer = self._model_answer(prompt, self._store.mark())
        elif self._page is not None:
            self._lines = LineRegions(self._store, self._page, self._view)

    def feed(self, event: Event) -> None:
        match event:
            case TextDelta(text):
                assert self._answer is not None, "words come from a model"
                self._raw.append(text)
                self._answer.parser.feed(text)
            case LineFound():
                assert self._lines is not None, "lines are found on a picture"
                self._lines.take_line(event)
            case RegionsRevised(found):
                assert self._lines is not None, "lines are found on a picture"
                self._lines.take_revision(found)
            case Finished(finish, usage, warnings):
                self.end_answer(finish, usage, warnings)

    def end_answer(
        self,
        finish: Finish | None,
        usage: Usage | None = None,
        warnings: tuple[WarningCode, ...] = (),
        *,
        kept: int | None = None,
    ) -> None:
        """Close the answer as it stands; for a request that was stopped or failed, with what came.

        Where nobody knows how it ended (`finish` None) the answer alone tells: one that breaks off in a tag was cut.
        Where `kept` is given, only so many characters of the answer become words and regions; its raw stays whole.
        """
        self._catch_up()
        raw = self._raw.end_answer()
        if self._answer is not None:
            self._answer.finish()
            if finish is None:
                finish = Finish.CUT if self._answer.parser.ended_inside_tag else Finish.COMPLETE
            if kept is not None and kept < len(raw):
                self._keep_only(raw[:kept], self._answer)
            if has_fused_table(raw[:kept]):
                warnings = (*warnings, WarningCode.TABLES_FUSED)
        if self._lines is not None:
            self._found = self._lines.lines()
        self._answer = self._lines = None
        self._warnings += (warning for warning in warnings if warning not in self._warnings)
        self._answers.append(Answer(self._prompt, raw, finish or Finish.COMPLETE, usage, self._view.crop))

    @property
    def has_words(self) -> bool:
        """Whether anything came that is worth keeping."""
        return len(self._store) > 0 or self._raw.has_words

    def update(self) -> PageUpdate | None:
        """What changed since the last call; None where nothing did."""
        self._catch_up()
        raw = self._raw.take_change()
        regions = self._store.take_changes()
        if raw is None and regions is None:
            return None
        text_from, text = raw or (self._raw.length_told, "")
        regions = regions or NOTHING_CHANGED
        return PageUpdate(
            self._run_id, text_from, text, regions.added, regions.changed, regions.removed, self._store.order
        )

    def build(
        self,
        *,
        engine: str,
        model: str | None,
        host: str | None,
        started: datetime,
        seconds: float,
    ) -> Run:
        """The finished run; its finish is that of the first answer that is not complete."""
        finishes = [answer.finish for answer in self._answers if answer.finish is not Finish.COMPLETE]
        return Run(
            id=self._run_id,
            engine=engine,
            model=model,
            host=host,
            preset=self._preset,
            started=started,
            seconds=seconds,
            finish=finishes[0] if finishes else Finish.COMPLETE,
            usage=_total_usage(self._answers),
            warnings=tuple(self._warnings),
            view=self._view,
            answers=tuple(self._answers),
            regions=self._store.regions(),
            lines=self._found,
        )

    def _catch_up(self) -> None:
        """Read what came since the last time."""
        if self._answer is not None:
            self._answer.catch_up()
        elif self._lines is not None:
            self._raw.replace(self._lines.raw())

    def _keep_only(self, raw: str, answer: _ModelAnswer) -> None:
        """Read the beginning of the answer anew; regions that come out the same keep their ids."""
        next_id = self._store.count_again_from(answer.mark)
        shorter = self._model_answer(answer.prompt, answer.mark)
        shorter.parser.feed(raw)
        shorter.finish()
        # What is gone may have been told already: its ids stay used.
        self._store.count_on_from(next_id)

    def _model_answer(self, prompt: str, mark: Mark) -> _ModelAnswer:
        reading = reading_of(prompt, self._preset)
        parser = GroundingParser(reading.references if reading.grounded else None)
        regions = AnswerRegions(self._store, len(self._answers), reading, self._page, self._view)
        return _ModelAnswer(prompt, mark, parser, regions)


class _ModelAnswer:
    """An answer while it comes: what reads it, and what that becomes."""

    def __init__(self, prompt: str, mark: Mark, parser: GroundingParser, regions: AnswerRegions) -> None:
        self.prompt = prompt
        self.mark = mark
        self.parser = parser
        self._regions = regions

    def catch_up(self) -> None:
        self._regions.take(self.parser.take())
        self._regions.refresh()

    def finish(self) -> None:
        self._regions.take(self.parser.finish())
        self._regions.finish()


def _total_usage(answers: list[Answer]) -> Usage | None:
    usages = [answer.usage for answer in answers if answer.usage is not None]
    if not usages:
        return None
    return Usage(sum(usage.prompt_tokens for usage in usages), sum(usage.completion_tokens for usage in usages))
