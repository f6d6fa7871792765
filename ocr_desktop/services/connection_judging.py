"""Judges the reading of the known picture: what it says of an endpoint, and what to change there."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Finish
from ocr_desktop.core.events import Sent, TextDelta
from ocr_desktop.core.known_picture import Place, places_found, words_found
from ocr_desktop.core.presets import PRESETS
from ocr_desktop.engines.base import Lack
from ocr_desktop.services.connection_report import Advice, CheckKind, CheckResult, CheckState, Finding

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from ocr_desktop.core.document import Run
    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.core.events import Event
    from ocr_desktop.core.known_picture import KnownPicture
    from ocr_desktop.engines.base import Engine, EngineDescription, Request
    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.services.connection_report import Fact

TAGS = ("<|ref|>", "<|det|>")
PLACE_KINDS = (CheckKind.BOXES, CheckKind.TAGS)
SPECIAL_TOKENS_FIELD = "skip_special_tokens"
MOST_WORDS_WRONG = 0.3
"""Of the picture's words: an answer that lacks more of them is of no use."""
MOST_EXTRA_WORDS = 4
"""Not on the picture: a split number or a label are no reason to worry."""
FEW_TOKENS = 1000
"""An answer that was cut at less could not hold a page; one cut at more ran on over a picture of three lines."""
SLOW_S = 20.0
SHORTEST_SPAN_S = 0.1
"""Over less than this, a rate of tokens says how the network bundles them and not how fast they are made."""


class Stopwatch:
    """An engine that notes, of the one it wraps, when the request went and when words came; for one request.

    `clock` gives seconds. The attributes are None until it has happened.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock
        self.sent_at: float | None = None
        self.first_at: float | None = None
        self.last_at: float | None = None

    @property
    def description(self) -> EngineDescription:
        return self._engine.description

    async def read(self, request: Request) -> AsyncGenerator[Event, None]:
        self.sent_at = self._clock()
        async with aclosing(self._engine.read(request)) as events:
            async for event in events:
                if isinstance(event, Sent):
                    self.sent_at = self._clock()
                elif isinstance(event, TextDelta):
                    self.last_at = self._clock()
                    self.first_at = self.first_at or self.last_at
                yield event

    async def close(self) -> None:
        await self._engine.close()


@dataclass(frozen=True, slots=True)
class JudgedReading:
    """How the picture was read.

    Attributes:
        error: Why the answer broke off, where it did.
        tokens_allowed: The longest answer that the server takes, where it found the profile's too long.
        fields_refused: What was asked without, because the server would not have it.
    """

    run: Run
    profile: Profile
    stopwatch: Stopwatch
    error: OcrDesktopError | None = None
    tokens_allowed: int | None = None
    fields_refused: frozenset[str] = frozenset()


def judged(reading: JudgedReading, picture: KnownPicture) -> tuple[CheckResult, ...]:
    """The checks from the answer on."""
    run, profile, stopwatch = reading.run, reading.profile, reading.stopwatch
    answer = _with_what_was_refused(answer_result(run, reading.error, profile), reading)
    if answer.finding is Finding.ANSWER_EMPTY:
        return (answer,)
    text = text_result(run, picture)
    if text.finding is Finding.TEXT_UNRELATED:
        # An answer to something else says nothing of what this server leaves out of its answers.
        unseen = (CheckResult(kind, CheckState.SKIPPED, Finding.NOTHING_TO_TELL) for kind in PLACE_KINDS)
        return (answer, text, *unseen, speed_result(run, stopwatch))
    results = (
        answer,
        text,
        boxes_result(run, profile, picture),
        tags_result(run, profile),
        speed_result(run, stopwatch),
    )
    return _each_advice_once(results)


def lacks_of(results: tuple[CheckResult, ...]) -> frozenset[Lack]:
    """What an answer came without, by its results."""
    lacks = {
        Finding.BOXES_NONE: Lack.BOXES,
        Finding.TAGS_STRIPPED: Lack.TAGS,
        Finding.SPEED_UNCOUNTED: Lack.USAGE,
    }
    return frozenset(lacks[result.finding] for result in results if result.finding in lacks)


def answer_result(run: Run, error: OcrDesktopError | None, profile: Profile) -> CheckResult:
    kind, facts = CheckKind.ANSWER, {"max_tokens": profile.max_tokens}
    if error is not None:
        return CheckResult(kind, CheckState.WARNING, error=error)
    if not run.raw.strip():
        advice = (Advice.OTHER_PART_ORDER, Advice.CHECK_MODEL)
        return CheckResult(kind, CheckState.FAILED, Finding.ANSWER_EMPTY, advice=advice)
    if run.finish is Finish.LOOP:
        repeats = (Advice.GUARD_AGAINST_REPETITION,)
        return CheckResult(kind, CheckState.WARNING, Finding.ANSWER_REPEATS, advice=repeats)
    if run.finish is Finish.CUT:
        is_short = profile.max_tokens < FEW_TOKENS
        cut = (Advice.RAISE_MAX_TOKENS if is_short else Advice.GUARD_AGAINST_REPETITION,)
        return CheckResult(kind, CheckState.WARNING, Finding.ANSWER_CUT, facts=facts, advice=cut)
    return CheckResult(kind, CheckState.PASSED, Finding.ANSWER_COMPLETE)


def text_result(run: Run, picture: KnownPicture) -> CheckResult:
    kind = CheckKind.TEXT
    found = words_found(picture, "\n".join(region.text for region in run.regions))
    facts: dict[str, Fact] = {
        "right": found.right,
        "expected": found.expected,
        "extra": found.extra,
        "missing": ", ".join(found.missing),
    }
    if len(found.missing) > found.expected * MOST_WORDS_WRONG:
        advice = (Advice.OTHER_PART_ORDER, Advice.CHECK_MODEL)
        finding = Finding.TEXT_PARTLY if found.right else Finding.TEXT_UNRELATED
        return CheckResult(kind, CheckState.FAILED, finding, facts=facts, advice=advice)
    if found.missing:
        model = (Advice.CHECK_MODEL,)
        return CheckResult(kind, CheckState.WARNING, Finding.TEXT_PARTLY, facts=facts, advice=model)
    if found.extra > MOST_EXTRA_WORDS:
        return CheckResult(kind, CheckState.WARNING, Finding.TEXT_AND_MORE, facts=facts)
    return CheckResult(kind, CheckState.PASSED, Finding.TEXT_RIGHT, facts=facts)


def boxes_result(run: Run, profile: Profile, picture: KnownPicture) -> CheckResult:
    kind = CheckKind.BOXES
    if not _asked_for_boxes(run):
        return CheckResult(kind, CheckState.SKIPPED, Finding.NOT_ASKED)
    if not any(region.boxes for region in run.regions):
        advice = (*_token_advice(profile), Advice.CHECK_MODEL)
        return CheckResult(kind, CheckState.WARNING, Finding.BOXES_NONE, advice=advice)
    found = places_found(picture, run.regions)
    facts: dict[str, Fact] = {
        "boxed": len(found.places) - found.count(Place.NO_BOX),
        "lines": len(found.places),
        "off": round(found.off),
    }
    if found.count(Place.ELSEWHERE):
        model = (Advice.CHECK_MODEL,)
        return CheckResult(kind, CheckState.FAILED, Finding.BOXES_ELSEWHERE, facts=facts, advice=model)
    if found.count(Place.NO_BOX):
        return CheckResult(kind, CheckState.WARNING, Finding.BOXES_SOME, facts=facts)
    if found.count(Place.LOOSE):
        return CheckResult(kind, CheckState.WARNING, Finding.BOXES_LOOSE, facts=facts)
    return CheckResult(kind, CheckState.PASSED, Finding.BOXES_RIGHT, facts=facts)


def tags_result(run: Run, profile: Profile) -> CheckResult:
    kind = CheckKind.TAGS
    if not _asked_for_boxes(run):
        return CheckResult(kind, CheckState.SKIPPED, Finding.NOT_ASKED)
    if any(tag in run.raw for tag in TAGS):
        return CheckResult(kind, CheckState.PASSED, Finding.TAGS_KEPT)
    if any(region.boxes for region in run.regions):
        return CheckResult(kind, CheckState.WARNING, Finding.TAGS_STRIPPED, advice=_token_advice(profile))
    return CheckResult(kind, CheckState.SKIPPED, Finding.NOTHING_TO_TELL)


def speed_result(run: Run, stopwatch: Stopwatch) -> CheckResult:
    sent_at, first_at, last_at = stopwatch.sent_at or 0.0, stopwatch.first_at or 0.0, stopwatch.last_at or 0.0
    facts: dict[str, Fact] = {"first_s": first_at - sent_at, "total_s": last_at - sent_at}
    if run.usage is not None:
        facts["tokens"] = run.usage.completion_tokens
        if last_at - first_at >= SHORTEST_SPAN_S:
            facts["per_second"] = run.usage.completion_tokens / (last_at - first_at)
    # The count comes last: an answer that was broken off has none, whatever the server can do.
    is_uncounted = run.usage is None and run.finish in (Finish.COMPLETE, Finish.CUT)
    finding = Finding.SPEED_UNCOUNTED if is_uncounted else Finding.SPEED
    is_slow = first_at - sent_at > SLOW_S
    return CheckResult(
        CheckKind.SPEED,
        CheckState.WARNING if is_slow else CheckState.PASSED,
        finding,
        facts=facts,
        advice=(Advice.BE_PATIENT,) if is_slow else (),
    )


def _with_what_was_refused(answer: CheckResult, reading: JudgedReading) -> CheckResult:
    """The result of the answer, with advice on what the server would have otherwise; each costs a request."""
    facts, advice = dict(answer.facts), answer.advice
    if reading.tokens_allowed is not None:
        facts |= {"max_tokens": reading.profile.max_tokens, "allowed": reading.tokens_allowed}
        advice += (Advice.LOWER_MAX_TOKENS,)
    fields = reading.fields_refused.intersection(reading.profile.extra_body)
    if fields:
        facts["fields"] = ", ".join(sorted(fields))
        advice += (Advice.LEAVE_FIELDS_OUT,)
    is_passed = answer.state is CheckState.PASSED and not advice
    state = answer.state if is_passed or answer.state is CheckState.FAILED else CheckState.WARNING
    return replace(answer, state=state, facts=facts, advice=advice)


def _each_advice_once(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results, each without the advice that one before it gives already."""
    given: set[Advice] = set()
    kept = []
    for result in results:
        kept.append(replace(result, advice=tuple(advice for advice in result.advice if advice not in given)))
        given.update(result.advice)
    return tuple(kept)


def _asked_for_boxes(run: Run) -> bool:
    return any(preset.grounded for preset in PRESETS.values() if preset.id == run.preset)


def _token_advice(profile: Profile) -> tuple[Advice, ...]:
    is_asked_for = profile.extra_body.get(SPECIAL_TOKENS_FIELD) is False
    return (Advice.TAGS_DROPPED_ANYWAY if is_asked_for else Advice.KEEP_SPECIAL_TOKENS,)
