"""What a test of an endpoint found, as values without prose; the window words them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocr_desktop.core.document import Run
    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.engines.base import Lack


class CheckKind(StrEnum):
    """What is looked at, in this order."""

    HOST = "host"
    ADDRESS = "address"
    KEY = "key"
    MODEL = "model"
    ANSWER = "answer"
    TEXT = "text"
    BOXES = "boxes"
    TAGS = "tags"
    SPEED = "speed"


class CheckState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(StrEnum):
    """What a check found; its facts, where it has any, in brackets."""

    # host [host]
    HOST_ANSWERS = "host_answers"
    # address [base_url]
    ADDRESS_ANSWERS = "address_answers"
    ADDRESS_WRONG = "address_wrong"
    # key [host]
    KEY_ACCEPTED = "key_accepted"
    NO_KEY_SENT = "no_key_sent"
    # model [model]
    MODEL_LISTED = "model_listed"
    MODEL_READS = "model_reads"
    """It is not in the server's list, or there is none, and it reads all the same."""
    MODEL_NOT_CHOSEN = "model_not_chosen"
    # answer [max_tokens]
    ANSWER_COMPLETE = "answer_complete"
    ANSWER_CUT = "answer_cut"
    ANSWER_REPEATS = "answer_repeats"
    ANSWER_EMPTY = "answer_empty"
    # text [right, expected, extra: words; missing: those words]
    TEXT_RIGHT = "text_right"
    TEXT_AND_MORE = "text_and_more"
    TEXT_PARTLY = "text_partly"
    TEXT_UNRELATED = "text_unrelated"
    # boxes [boxed, lines; off: pixels]
    BOXES_RIGHT = "boxes_right"
    BOXES_LOOSE = "boxes_loose"
    BOXES_SOME = "boxes_some"
    BOXES_ELSEWHERE = "boxes_elsewhere"
    BOXES_NONE = "boxes_none"
    # tags
    TAGS_KEPT = "tags_kept"
    TAGS_STRIPPED = "tags_stripped"
    # speed [first_s, total_s; tokens, per_second: where known]
    SPEED = "speed"
    SPEED_UNCOUNTED = "speed_uncounted"
    """The server does not count tokens."""
    # any
    NOT_REACHED = "not_reached"
    """An earlier check failed, or the test was stopped."""
    NOTHING_TO_TELL = "nothing_to_tell"
    """What came has nothing by which it could be seen."""
    NOT_ASKED = "not_asked"
    """The profile has no preset that asks for boxes."""


class Advice(StrEnum):
    """What to change; its facts, where it has any, in brackets."""

    USE_OTHER_ADDRESS = "use_other_address"
    """[other_base_url]"""
    CHECK_ADDRESS = "check_address"
    CHOOSE_MODEL = "choose_model"
    CHECK_MODEL = "check_model"
    """It may be another kind of model than the one that the prompts are for."""
    OTHER_PART_ORDER = "other_part_order"
    KEEP_SPECIAL_TOKENS = "keep_special_tokens"
    """Ask the server not to skip special tokens."""
    TAGS_DROPPED_ANYWAY = "tags_dropped_anyway"
    GUARD_AGAINST_REPETITION = "guard_against_repetition"
    LOWER_MAX_TOKENS = "lower_max_tokens"
    """[max_tokens, allowed]"""
    RAISE_MAX_TOKENS = "raise_max_tokens"
    """[max_tokens]"""
    LEAVE_FIELDS_OUT = "leave_fields_out"
    """[fields]"""
    BE_PATIENT = "be_patient"


class Verdict(StrEnum):
    GOOD = "good"
    LIMITED = "limited"
    """Pictures can be read, but not all is as it should be."""
    FAILED = "failed"
    STOPPED = "stopped"


Fact = str | int | float


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check stands: without a finding while it waits or runs, and where an error says what is wrong."""

    kind: CheckKind
    state: CheckState
    finding: Finding | None = None
    error: OcrDesktopError | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What a test found, all of it.

    Attributes:
        results: One for each kind of check, in their order.
        models: What the server lists, the likeliest first; empty where it has no list.
        lacks: What the answer came without; empty where there was none to look at.
        run: The reading of the small picture; None where there was none.
        is_stopped: Somebody stopped the test.
    """

    results: tuple[CheckResult, ...]
    models: tuple[str, ...] = ()
    lacks: frozenset[Lack] = frozenset()
    run: Run | None = None
    is_stopped: bool = False

    @property
    def advice(self) -> tuple[Advice, ...]:
        return tuple(advice for result in self.results for advice in result.advice)

    @property
    def verdict(self) -> Verdict:
        if self.is_stopped:
            return Verdict.STOPPED
        states = {result.kind: result.state for result in self.results}
        needed = (kind for kind in CheckKind if kind not in (CheckKind.BOXES, CheckKind.TAGS, CheckKind.SPEED))
        if any(states[kind] not in (CheckState.PASSED, CheckState.WARNING) for kind in needed):
            return Verdict.FAILED
        is_good = all(state in (CheckState.PASSED, CheckState.SKIPPED) for state in states.values())
        return Verdict.GOOD if is_good else Verdict.LIMITED

    def result(self, kind: CheckKind) -> CheckResult:
        return next(result for result in self.results if result.kind is kind)
