"""Tests an endpoint, from its address to the boxes in its answer, with a small picture of the program's own."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psygnal import Signal

from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError, UsageError
from ocr_desktop.core.known_picture import known_picture
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.connection_judging import JudgedReading, Stopwatch, judged, lacks_of
from ocr_desktop.services.connection_report import (
    Advice,
    CheckKind,
    CheckResult,
    CheckState,
    ConnectionReport,
    Fact,
    Finding,
)
from ocr_desktop.services.other_addresses import other_addresses
from ocr_desktop.services.questions import questions_for
from ocr_desktop.services.recognition import Reading, RecognitionJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.core.document import Run
    from ocr_desktop.core.secret import Secret
    from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine
    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.services.intake import Intake

TIMEOUT_S = 60.0
"""A server that starts its machine only when it is asked needs most of it."""
OTHER_ADDRESS_TIMEOUT_S = 10.0
PREFERRED_PRESETS = (PresetId.MARKDOWN, PresetId.OCR, PresetId.FREE)
USUAL_MODEL = "deepseek-ocr"
NO_MODEL = "none"
"""Stands for the model while the server is only asked what it has."""

SUSPECT_ADDRESS = frozenset({ErrorCode.ADDRESS_WRONG, ErrorCode.ANSWER_UNREADABLE})
ONLY_LIST_REFUSED = 403
"""Some keys may ask models and not list them."""
LET_THROUGH = frozenset({400, 402, 404, 413, 422, 429})
"""Who refuses what was asked has found its path and taken its key."""
BEHIND_THE_ADDRESS = frozenset({ErrorCode.KEY_MISSING, ErrorCode.KEY_REFUSED})
"""A path that wants another key is there."""

UNANSWERED = frozenset({ErrorCode.HOST_SILENT, ErrorCode.CONNECTION_LOST})
"""Whether anybody is there shows only when the picture is sent: some servers start their machine meanwhile."""

KIND_OF_ERROR = {
    ErrorCode.OFFLINE: CheckKind.HOST,
    ErrorCode.HOST_UNREACHABLE: CheckKind.HOST,
    ErrorCode.HOST_UNKNOWN: CheckKind.HOST,
    ErrorCode.HOST_UNTRUSTED: CheckKind.HOST,
    ErrorCode.HOST_INSECURE: CheckKind.HOST,
    ErrorCode.HOST_REDIRECTS: CheckKind.ADDRESS,
    ErrorCode.ADDRESS_WRONG: CheckKind.ADDRESS,
    ErrorCode.KEY_MISSING: CheckKind.KEY,
    ErrorCode.KEY_UNUSABLE: CheckKind.KEY,
    ErrorCode.KEY_REFUSED: CheckKind.KEY,
    ErrorCode.MODEL_MISSING: CheckKind.MODEL,
}
"""Which check an error fails; any other is the answer's."""


@dataclass(frozen=True, slots=True)
class _Listing:
    """What became of the question for the models: their names, or why there are none."""

    models: tuple[str, ...] = ()
    error: OcrDesktopError | None = None


class ConnectionTest:
    """Looks at one endpoint, once; only the program's own picture is sent, and nothing where an obstacle stands.

    Signals, emitted from the event loop, never from inside the test:
        checked(CheckResult): A check began or ended; in the end each has.
        finished(ConnectionReport): The last signal, unless the task that runs the test is cancelled.

    Args:
        profile: The endpoint; its model may be missing, then it is only asked what it has.
        key: Sent to the profile's own machine alone; None where there is none.
        engines: Makes an engine, or raises what stands in its way (`Catalogue.trial`).
        intake: Opens the picture.
        timeout_s: The longest silence of the server.
    """

    checked = Signal(CheckResult)
    finished = Signal(ConnectionReport)

    def __init__(
        self,
        profile: Profile,
        key: Secret | None,
        *,
        engines: Callable[[Profile, Secret | None], OpenAICompatibleEngine],
        intake: Intake,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.profile = profile
        self.models: tuple[str, ...] = ()
        self._key = key
        self._engines = engines
        self._intake = intake
        self._timeout_s = timeout_s
        self._results = {kind: CheckResult(kind, CheckState.WAITING) for kind in CheckKind}
        self._run: Run | None = None
        self._task: asyncio.Task[None] | None = None
        self._stop_requested = False

    def stop(self) -> None:
        """End the test and its request; what was found is kept."""
        self._stop_requested = True
        if self._task is not None:
            self._task.cancel()

    async def run(self) -> ConnectionReport:
        """Test, and tell what was found; a failure of the endpoint is a finding and not raised."""
        self._task = asyncio.ensure_future(self._check())
        if self._stop_requested:
            self._task.cancel()
        try:
            await self._task
        except asyncio.CancelledError:
            if not self._stop_requested:
                raise
        for result in list(self._results.values()):
            if result.state in (CheckState.WAITING, CheckState.RUNNING):
                self._tell(CheckResult(result.kind, CheckState.SKIPPED, Finding.NOT_REACHED))
        report = ConnectionReport(
            results=tuple(self._results.values()),
            models=self.models,
            lacks=lacks_of(tuple(self._results.values())),
            run=self._run,
            is_stopped=self._stop_requested,
        )
        asyncio.get_running_loop().call_soon(self.finished.emit, report)
        return report

    async def _check(self) -> None:
        profile = self.profile
        try:
            engine = self._engines(profile if profile.model else profile.changed(model=NO_MODEL), self._key)
        except OcrDesktopError as obstacle:
            self._fail(obstacle)
            return
        self._begin(CheckKind.HOST)
        listing = await self._listed(engine, self._timeout_s)
        self._take_models(listing.models)
        if listing.error is None or _has_answered(listing.error):
            self._pass_host()
        if listing.error is not None and _ends_the_test(listing.error):
            self._fail(listing.error)
            return
        if not profile.model:
            await self._end_without_model(listing)
            return
        if profile.model in self.models:
            self._pass(CheckKind.MODEL, Finding.MODEL_LISTED, model=profile.model)
        self._begin(CheckKind.ANSWER)
        try:
            await self._read()
        except OcrDesktopError as error:
            await self._explain(error, listing)

    # Asking

    async def _listed(self, engine: OpenAICompatibleEngine, timeout_s: float) -> _Listing:
        """Ask for the models, and close the engine."""
        try:
            async with asyncio.timeout(timeout_s):
                return _Listing(await engine.models())
        except TimeoutError:
            host = engine.description.host or ""
            return _Listing(error=EngineError(ErrorCode.HOST_SILENT, host=host, seconds=timeout_s))
        except OcrDesktopError as error:
            return _Listing(error=error)
        finally:
            await engine.close()

    async def _listed_at(self, profile: Profile) -> _Listing:
        try:
            engine = self._engines(profile, self._key)
        except OcrDesktopError as obstacle:
            return _Listing(error=obstacle)
        return await self._listed(engine, min(self._timeout_s, OTHER_ADDRESS_TIMEOUT_S))

    async def _read(self) -> None:
        """Have the picture read, and judge what comes; raises what kept it from being read."""
        picture, profile = known_picture(), self.profile
        preset = next((preset for preset in PREFERRED_PRESETS if preset in profile.presets), profile.presets[0])
        questions = questions_for(preset, terms=(picture.lines[0].text,))
        engine = self._engines(profile, self._key)
        try:
            opened = await self._intake.open_file(picture.file)
            try:
                stopwatch = Stopwatch(engine, time.monotonic)
                reading = Reading(opened.pixels, preset, questions, timeout_s=self._timeout_s, retries=0)
                job = RecognitionJob(stopwatch, reading)
                run = self._run = await job.read()
            finally:
                self._intake.release(opened)
        finally:
            await engine.close()
        self._pass_what_led_there()
        came = JudgedReading(run, profile, stopwatch, job.error, engine.tokens_allowed, engine.fields_refused)
        for result in judged(came, picture):
            self._tell(result)

    async def _explain(self, error: OcrDesktopError, listing: _Listing) -> None:
        """Find out why the picture was not read."""
        if _suspects_address(error, listing):
            await self._look_elsewhere(error)
            return
        status = error.fields.get("status")
        if self._results[CheckKind.HOST].state is CheckState.RUNNING:
            if status is None:
                self._fail(error, CheckKind.HOST)
                return
            self._pass_host()
        if listing.error is None or status in LET_THROUGH:
            self._pass_address()
        if status in LET_THROUGH:
            self._pass_key()
        self._fail(error)

    async def _look_elsewhere(self, error: OcrDesktopError) -> None:
        """Ask the same machine at the other usual addresses, and tell which of them answers."""
        self._begin(CheckKind.ADDRESS)
        base_url = self.profile.base_url
        asked = self.profile if self.profile.model else self.profile.changed(model=NO_MODEL)
        for other in other_addresses(base_url):
            listing = await self._listed_at(asked.changed(base_url=other))
            if listing.error is None or listing.error.code in BEHIND_THE_ADDRESS:
                self._take_models(listing.models)
                facts: dict[str, Fact] = {"base_url": base_url, "other_base_url": other}
                advice = (Advice.USE_OTHER_ADDRESS,)
                found = Finding.ADDRESS_WRONG
                self._tell(CheckResult(CheckKind.ADDRESS, CheckState.FAILED, found, facts=facts, advice=advice))
                return
        self._tell(CheckResult(CheckKind.ADDRESS, CheckState.FAILED, error=error, advice=(Advice.CHECK_ADDRESS,)))

    async def _end_without_model(self, listing: _Listing) -> None:
        if listing.error is not None and _suspects_address(listing.error, listing):
            await self._look_elsewhere(listing.error)
        elif listing.error is not None and not _has_answered(listing.error):
            self._fail(listing.error, CheckKind.HOST)
            return
        elif listing.error is None:
            self._pass_address()
        advice = (Advice.CHOOSE_MODEL,) if self.models else ()
        self._tell(CheckResult(CheckKind.MODEL, CheckState.FAILED, Finding.MODEL_NOT_CHOSEN, advice=advice))

    # Telling

    def _take_models(self, models: tuple[str, ...]) -> None:
        if models:
            self.models = likeliest_first(models, self.profile.model or USUAL_MODEL)

    def _pass_what_led_there(self) -> None:
        self._pass_host()
        self._pass_address()
        self._pass_key()
        if self._results[CheckKind.MODEL].state is not CheckState.PASSED:
            self._pass(CheckKind.MODEL, Finding.MODEL_READS, model=self.profile.model)

    def _pass_host(self) -> None:
        self._pass(CheckKind.HOST, Finding.HOST_ANSWERS, host=self.profile.host)

    def _pass_address(self) -> None:
        self._pass(CheckKind.ADDRESS, Finding.ADDRESS_ANSWERS, base_url=self.profile.base_url)

    def _pass_key(self) -> None:
        finding = Finding.NO_KEY_SENT if self._key is None else Finding.KEY_ACCEPTED
        self._pass(CheckKind.KEY, finding, host=self.profile.host)

    def _fail(self, error: OcrDesktopError, kind: CheckKind | None = None) -> None:
        """Let the check fail that an error belongs to, or the one that is named."""
        if isinstance(error, UsageError):
            kind = CheckKind.MODEL if error.fields.get("missing") == "model" else CheckKind.ADDRESS
        kind = kind or KIND_OF_ERROR.get(error.code, CheckKind.ANSWER)
        advice = (Advice.CHOOSE_MODEL,) if kind is CheckKind.MODEL and self.models else ()
        self._tell(CheckResult(kind, CheckState.FAILED, error=error, advice=advice))

    def _begin(self, kind: CheckKind) -> None:
        self._tell(CheckResult(kind, CheckState.RUNNING))

    def _pass(self, kind: CheckKind, finding: Finding, **facts: Fact) -> None:
        self._tell(CheckResult(kind, CheckState.PASSED, finding, facts=facts))

    def _tell(self, result: CheckResult) -> None:
        self._results[result.kind] = result
        asyncio.get_running_loop().call_soon(self.checked.emit, result)


def likeliest_first(models: tuple[str, ...], wanted: str) -> tuple[str, ...]:
    """The names in the order of their likeness to the one that is wanted: how many of their letters in threes agree."""
    threes = _threes(wanted)

    def likeness(name: str) -> float:
        own = _threes(name)
        return len(own & threes) / len(own | threes)

    return tuple(sorted(models, key=likeness, reverse=True))


def _threes(name: str) -> set[str]:
    # Spaces at both ends give also the shortest name some, and weight to how it begins and ends.
    padded = f"  {name.casefold()}  "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _ends_the_test(error: OcrDesktopError) -> bool:
    """Whether an error of the question for the models makes the question for the picture pointless."""
    kind = KIND_OF_ERROR.get(error.code)
    if kind is CheckKind.KEY:
        return error.fields.get("status") != ONLY_LIST_REFUSED
    return kind is CheckKind.HOST or error.code is ErrorCode.HOST_REDIRECTS


def _has_answered(error: OcrDesktopError) -> bool:
    return KIND_OF_ERROR.get(error.code) is not CheckKind.HOST and error.code not in UNANSWERED


def _suspects_address(error: OcrDesktopError, listing: _Listing) -> bool:
    """Whether the server has nothing at this address, as far as its answers say."""
    if error.code is ErrorCode.ADDRESS_WRONG:
        return True
    is_page = error.code is ErrorCode.ANSWER_UNREADABLE
    return is_page and listing.error is not None and listing.error.code in SUSPECT_ADDRESS
