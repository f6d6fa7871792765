"""What the test of a connection says: what was found, what to change, and all of it in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocr_desktop.engines.profiles import PartOrder
from ocr_desktop.gui.messages import error_text
from ocr_desktop.gui.settings.wording import part_order_name
from ocr_desktop.services.connection_report import Advice, CheckKind, CheckState, Finding, Verdict

if TYPE_CHECKING:
    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.services.connection_report import CheckResult


def result_text(result: CheckResult, profile: Profile) -> str:
    """What a check found, or what it does while it runs, and what to change."""
    said = [advice_text(advice, result, profile) for advice in result.advice]
    return " ".join(part for part in (_found_text(result, profile), *said) if part)


def kind_name(kind: CheckKind) -> str:
    translate = QCoreApplication.translate
    return {
        CheckKind.HOST: translate("Connection", "server"),
        CheckKind.ADDRESS: translate("Connection", "address"),
        CheckKind.KEY: translate("Connection", "key"),
        CheckKind.MODEL: translate("Connection", "model"),
        CheckKind.ANSWER: translate("Connection", "answer"),
        CheckKind.TEXT: translate("Connection", "text"),
        CheckKind.BOXES: translate("Connection", "boxes"),
        CheckKind.TAGS: translate("Connection", "tags"),
        CheckKind.SPEED: translate("Connection", "speed"),
    }[kind]


def state_name(state: CheckState) -> str:
    """For who hears the icon instead of seeing it."""
    translate = QCoreApplication.translate
    return {
        CheckState.WAITING: translate("Connection", "Not yet"),
        CheckState.RUNNING: translate("Connection", "Testing"),
        CheckState.PASSED: translate("Connection", "Good"),
        CheckState.WARNING: translate("Connection", "Warning"),
        CheckState.FAILED: translate("Connection", "Failed"),
        CheckState.SKIPPED: translate("Connection", "Not tested"),
    }[state]


def verdict_text(verdict: Verdict) -> str:
    """The whole test in a line."""
    translate = QCoreApplication.translate
    return {
        Verdict.GOOD: translate("Connection", "This engine works."),
        Verdict.LIMITED: translate("Connection", "This engine works, but not all is as it should be."),
        Verdict.FAILED: translate("Connection", "This engine does not work yet."),
        Verdict.STOPPED: translate("Connection", "The test was stopped."),
    }[verdict]


def not_tested_text(kinds: tuple[CheckKind, ...]) -> str:
    """Which checks were not come to; empty where there is none."""
    if not kinds:
        return ""
    translate = QCoreApplication.translate
    names = translate("Connection", ", ").join(kind_name(kind) for kind in kinds)
    return translate("Connection", "Not tested: {checks}.").format(checks=names)


def finding_sentences() -> dict[Finding, str]:
    translate = QCoreApplication.translate
    return {
        Finding.HOST_ANSWERS: translate("Connection", "{host} answers."),
        Finding.ADDRESS_ANSWERS: translate("Connection", "The address {base_url} is right."),
        Finding.ADDRESS_WRONG: translate(
            "Connection", "Nothing is at {base_url}. The same server answers at {other_base_url}."
        ),
        Finding.KEY_ACCEPTED: translate("Connection", "The key is accepted."),
        Finding.NO_KEY_SENT: translate("Connection", "No key is needed."),
        Finding.MODEL_LISTED: translate("Connection", "The server has the model “{model}”."),
        Finding.MODEL_READS: translate("Connection", "The server reads with the model “{model}”."),
        Finding.MODEL_NOT_CHOSEN: translate("Connection", "No model is chosen yet."),
        Finding.ANSWER_COMPLETE: translate("Connection", "The test picture was read to its end."),
        Finding.ANSWER_CUT: translate(
            "Connection", "The answer was cut off at {max_tokens} tokens; the picture has three lines."
        ),
        Finding.ANSWER_REPEATS: translate("Connection", "The answer repeats itself and was stopped."),
        Finding.ANSWER_EMPTY: translate("Connection", "The answer holds no words."),
        Finding.TEXT_RIGHT: translate("Connection", "The text is right: all {expected} words."),
        Finding.TEXT_AND_MORE: translate(
            "Connection",
            "All {expected} words are there, but also {extra} that do not stand on the picture. Look closely at what"
            " this engine reads.",
        ),
        Finding.TEXT_PARTLY: translate(
            "Connection", "The text is not right: {right} of {expected} words are; missing: {missing}."
        ),
        Finding.TEXT_UNRELATED: translate("Connection", "The answer has none of the words on the picture."),
        Finding.BOXES_RIGHT: translate("Connection", "The boxes are where the words are."),
        Finding.BOXES_LOOSE: translate(
            "Connection", "The boxes lie loosely around the words, up to {off} pixels off on the small picture."
        ),
        Finding.BOXES_SOME: translate("Connection", "Only {boxed} of {lines} lines have a box."),
        Finding.BOXES_ELSEWHERE: translate(
            "Connection", "The boxes are not where the words are: up to {off} pixels off on a picture 640 wide."
        ),
        Finding.BOXES_NONE: translate(
            "Connection", "The words come without boxes: nothing can be shown on the picture."
        ),
        Finding.TAGS_KEPT: translate("Connection", "The tags around the boxes come through."),
        Finding.TAGS_STRIPPED: translate(
            "Connection",
            "The server drops the tags around the boxes. The boxes are found all the same, but the cells of tables run"
            " together.",
        ),
        Finding.SPEED: translate("Connection", "First words after {first} s, all of them after {total} s."),
        Finding.SPEED_UNCOUNTED: translate(
            "Connection",
            "First words after {first} s, all of them after {total} s. The server does not count tokens.",
        ),
        Finding.NOT_REACHED: translate("Connection", "Not tested."),
        Finding.NOTHING_TO_TELL: translate("Connection", "Not tested: the answer shows nothing of it."),
        Finding.NOT_ASKED: translate("Connection", "This engine is not asked for boxes."),
    }


def advice_text(advice: Advice, result: CheckResult, profile: Profile) -> str:
    """What to change; empty where a button beside the words says it."""
    other = PartOrder.IMAGE_FIRST if profile.part_order is PartOrder.TEXT_FIRST else PartOrder.TEXT_FIRST
    values = {
        "model": profile.model,
        "order": part_order_name(other),
        "max_tokens": profile.max_tokens,
        **result.facts,
    }
    return _advice_sentences()[advice].format_map(values)


def _advice_sentences() -> dict[Advice, str]:
    translate = QCoreApplication.translate
    return {
        Advice.USE_OTHER_ADDRESS: "",
        Advice.CHECK_ADDRESS: translate(
            "Connection",
            "The usual other addresses of this server were asked as well; none answers. Its documentation has the right"
            " one.",
        ),
        Advice.CHOOSE_MODEL: translate("Connection", "Choose one of those that the server lists:"),
        Advice.CHECK_MODEL: translate(
            "Connection",
            "Is “{model}” DeepSeek-OCR itself? Other models do not know its prompts, and strongly compressed builds of"
            " it read worse.",
        ),
        Advice.OTHER_PART_ORDER: translate("Connection", "Perhaps the server wants the other order: “{order}”."),
        Advice.KEEP_SPECIAL_TOKENS: translate(
            "Connection", 'Set skip_special_tokens to false: add {{"skip_special_tokens": false}} to the extra fields.'
        ),
        Advice.TAGS_DROPPED_ANYWAY: translate(
            "Connection",
            "skip_special_tokens is false already: this server drops them whatever is asked. Use another for tables.",
        ),
        Advice.GUARD_AGAINST_REPETITION: translate(
            "Connection",
            "The model needs a guard against repetition: with vLLM and SGLang the processor that their guides name for"
            " it, with others a penalty on repeating.",
        ),
        Advice.LOWER_MAX_TOKENS: translate(
            "Connection",
            "The server allows an answer of {allowed} tokens beside this small picture, not {max_tokens}. Lower the"
            " longest answer; a large picture can leave some 700 fewer.",
        ),
        Advice.RAISE_MAX_TOKENS: translate("Connection", "Raise the longest answer; a page needs some thousands."),
        Advice.LEAVE_FIELDS_OUT: translate(
            "Connection", "It refuses {fields}, and was asked again without; take that out of the extra fields."
        ),
        Advice.BE_PATIENT: translate("Connection", "A whole page will take longer still."),
    }


def _found_text(result: CheckResult, profile: Profile) -> str:
    if result.error is not None:
        return error_text(result.error, host=profile.host, engine=profile.title, model=profile.model)
    if result.finding is None:
        return _running_text(result.kind, profile)
    facts = result.facts
    seconds = {"first": _seconds(facts.get("first_s")), "total": _seconds(facts.get("total_s"))}
    sentence = finding_sentences()[result.finding].format_map({**facts, **seconds})
    if "per_second" in facts:
        rate = QCoreApplication.translate("Connection", "About {rate} tokens a second.")
        return f"{sentence} {rate.format(rate=round(float(facts['per_second'])))}"
    return sentence


def _running_text(kind: CheckKind, profile: Profile) -> str:
    translate = QCoreApplication.translate
    if kind is CheckKind.ADDRESS:
        return translate("Connection", "Looking for another address on {host}…").format(host=profile.host)
    if kind is CheckKind.ANSWER:
        return translate("Connection", "The test picture is being read…")
    return translate("Connection", "Asking {host}…").format(host=profile.host)


def _seconds(value: str | int | float | None) -> str:
    number = max(float(value or 0), 0.01)
    return f"{number:.1f}" if number >= 1 else f"{number:.2f}"
