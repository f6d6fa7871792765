"""What a server's refusal means, read from its status and its own words: pure functions.

Servers agree on the status codes and on little else: the words stand in different fields, the limit on tokens is told
in free text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.secret import Secret

LONGEST_MESSAGE = 200
"""Characters of a server's own words that are shown."""
LONGEST_READ = 4000
"""Characters of them in which a meaning is looked for."""
MOST_COMPLAINTS = 8
"""Of a validator's list, so many are read."""

ASK_AGAIN = frozenset({408, 409, 429})
"""Client errors that pass by themselves; so does every 5xx."""
REFUSES_FIELDS = frozenset({400, 422})
NAMES_NO_MODEL = frozenset({400, 422})
ASKS_FOR_MONEY = frozenset({402, 403, 429})

NO_SUCH_MODEL = re.compile(r"\bmodel\b.{0,80}?(not found|not exist|不存在)", re.IGNORECASE | re.DOTALL)
SPEAKS_OF_MODEL = re.compile(r"(?<![a-z])model(?![a-z])|模型", re.IGNORECASE)
NO_MONEY = re.compile(
    r"(insufficient|not[ _-]enough|out of|no more|exceeded your current)[\s_-]{1,3}(\w{1,20}[\s_-]{1,3}){0,3}?"
    r"(quota|balance|credits?|funds)\b"
    r"|\b(quota|balance|credits?|funds)\b.{0,40}?\b(insufficient|exhausted|not enough|used up|depleted|too low)\b"
    r"|in arrears|欠费|(余额|额度)(不足|已用|耗尽)",
    re.IGNORECASE | re.DOTALL,
)
"""An empty account, told apart from a limit on requests a minute, which some servers call a quota too."""

STATUS_MEANING = {
    401: ErrorCode.KEY_REFUSED,
    402: ErrorCode.QUOTA_EXCEEDED,
    403: ErrorCode.KEY_REFUSED,
    405: ErrorCode.ADDRESS_WRONG,
    413: ErrorCode.REQUEST_TOO_LARGE,
    429: ErrorCode.TOO_MANY_REQUESTS,
}

WORD_FIELDS = ("message", "detail", "error", "msg", "reason", "error_description")
NAME_FIELDS = ("param", "code", "type")
CONTEXT_LIMIT = re.compile(r"maximum context length (?:is|of) (\d{1,9})(?!\d)", re.IGNORECASE)
INPUT_LENGTH = re.compile(
    r"(?<!\d)(\d{1,9}) (?:input tokens|tokens from the input|in the messages|of text input|prompt tokens)",
    re.IGNORECASE,
)
TOKEN_FIELD = re.compile(r"max_tokens|max_completion_tokens|max_new_tokens", re.IGNORECASE)
LIMITS = (
    re.compile(
        r"(?:at most|no more than|more than|exceeds?|exceeding|above|greater than|larger than|less than or equal to"
        r"|up to|<=|≤|limit(?:ed)?|maximum|max\b|不超过|不能超过|不得超过|不大于|小于等于|最大|最多|至多|上限)"
        # Between the two stand a few words, and nothing that has a number of its own.
        r"(?:(?!\brequest\b|\bid\b|\bcode\b|\btrace\b)[^\d;]){0,50}(?<!\d)(\d{1,9})(?![\d-])",
        re.IGNORECASE,
    ),
    re.compile(r"[\[(（]\s{0,3}\d{1,9}\s{0,3}[,，]\s{0,3}(\d{1,9})\s{0,3}[\])）]"),
    re.compile(
        r"(?:between|range|from|范围)[^\d;]{0,30}(?<!\d)\d{1,9}\s{0,3}(?:and|to|-|–|~|到|至)\s{0,3}(\d{1,9})(?!\d)",
        re.IGNORECASE,
    ),
)
"""How a limit on a number is told."""

NEAR = 80
"""Characters between a field's name and the words that refuse it."""
NOT_TAKEN = re.compile(
    r"\b(?:un(?:known|recogni[sz]ed|supported|expected)|extra (?:inputs?|fields?|arguments?|parameters?|propert)"
    r"|forbidden|extra_forbidden|cannot find|no such)|invalid_?\s?(?:field|param|argument|key|property|option|name)"
    r"|(?:\bnot?|n't|\bnever) (?:be )?(?:permitted|allowed|support(?:ed)?|recogni[sz]ed|accept(?:ed)?|known|valid"
    r"|exist)"
    r"|不支持|不允许|不接受|不存在|未知|无效|非法|无法识别|多余",
    re.IGNORECASE,
)
WHAT_IS_TAKEN = re.compile(r"\b(?:expected|did you mean|allowed are|supported are)\b[^;\n]*", re.IGNORECASE)
"""A list of what could stand there instead is not what is refused."""
VALUE_FOLLOWS = re.compile(r"\\?[\"']?\s*[:=]\s*\\?(?:[\[{\"'\d-]|(?:true|false|null|none)\b)", re.IGNORECASE)
"""Behind a field's name: a part of the request, repeated."""


def meaning_of(status: int, said: str, model: str = "") -> ErrorCode:
    """What a status other than success tells, with the server's own words, where `model` was asked for."""
    if status in ASKS_FOR_MONEY and NO_MONEY.search(said):
        return ErrorCode.QUOTA_EXCEEDED
    if status in NAMES_NO_MODEL and NO_SUCH_MODEL.search(said):
        return ErrorCode.MODEL_MISSING
    if status == 404:
        names_model = bool(SPEAKS_OF_MODEL.search(said)) or bool(model and model in said)
        return ErrorCode.MODEL_MISSING if names_model else ErrorCode.ADDRESS_WRONG
    if 300 <= status < 400:
        return ErrorCode.HOST_REDIRECTS
    if status >= 500 or status == 408:
        return ErrorCode.SERVER_FAILED
    return STATUS_MEANING.get(status, ErrorCode.REQUEST_REFUSED)


def passes_by_itself(status: int, meaning: ErrorCode) -> bool:
    return (status in ASK_AGAIN or status >= 500) and meaning is not ErrorCode.QUOTA_EXCEEDED


def status_in(body: object) -> int | None:
    """The HTTP status that an error inside an answer carries as its `code` or `status`."""
    if isinstance(body, Mapping):
        for name in ("code", "status", "status_code"):
            value = body.get(name)
            if isinstance(value, str) and re.fullmatch(r"[45]\d\d", value):
                return int(value)
            if isinstance(value, int) and 400 <= value < 600:
                return value
    return None


def words_of(body: object, depth: int = 3) -> str:
    """What a server said in the body of its refusal; empty for a web page and where nothing is said."""
    if isinstance(body, str):
        return "" if body.lstrip().startswith("<") else body
    if not depth:
        return ""
    if isinstance(body, Mapping):
        said = (words_of(body.get(name), depth - 1) for name in WORD_FIELDS)
        return next((words for words in said if words), "")
    if isinstance(body, list | tuple):
        # A validator's list: where it stumbled says more than why.
        return "; ".join(_place_of(part) + words_of(part, depth - 1) for part in body[:MOST_COMPLAINTS])
    return ""


def names_in(body: object) -> str:
    """What a refusal names beside its words, for programs: the field, the kind of error."""
    if not isinstance(body, Mapping):
        return ""
    named = (body.get(name) for name in NAME_FIELDS)
    return " ".join(name[:LONGEST_READ] for name in named if isinstance(name, str))


def shown_words(said: str, key: Secret | None) -> str:
    """A server's words fit to be shown: one line, printable, short, without the key."""
    without_key = said if key is None else said.replace(key.reveal(), "…")
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in without_key).split())
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"


def refused_fields(status: int | None, said: str, droppable: Iterable[str]) -> frozenset[str]:
    """Which of the fields that can be left out a refusal says it does not take.

    A name alone says nothing, for some servers repeat the request in their refusal.
    """
    if status not in REFUSES_FIELDS:
        return frozenset()
    complaints = WHAT_IS_TAKEN.sub("", said)
    return frozenset(name for name in droppable if _is_refused(name, complaints))


def _is_refused(name: str, said: str) -> bool:
    for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", said):
        if VALUE_FOLLOWS.match(said, found.end()):
            continue
        before = re.split(r"[;\n]", said[max(0, found.start() - NEAR) : found.start()])[-1]
        behind = re.split(r"[;\n]", said[found.end() : found.end() + NEAR])[0]
        if NOT_TAKEN.search(before) or NOT_TAKEN.search(behind):
            return True
    return False


def allowed_max_tokens(status: int | None, said: str, asked: int) -> int | None:
    """How many tokens a server that found `asked` too many allows; None where it does not say.

    Two wordings: the context's length and what of it the request takes already, or the limit itself, which is then the
    largest number below what was asked that is called one.
    """
    if status not in REFUSES_FIELDS:
        return None
    limit = CONTEXT_LIMIT.search(said)
    if limit:
        taken = INPUT_LENGTH.search(said)
        rest = int(limit[1]) - int(taken[1]) if taken else 0
        return rest if 0 < rest < asked else None
    if not TOKEN_FIELD.search(said):
        return None
    named = [int(number) for wording in LIMITS for number in wording.findall(said)]
    return max((number for number in named if 1 < number < asked), default=None)


def is_of_context(said: str) -> bool:
    """Whether the limit that a server names is one on picture and answer together."""
    return CONTEXT_LIMIT.search(said) is not None


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """How long the server wants to be left alone, in seconds; None where it does not say."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
            return float(value) * unit
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _place_of(part: object) -> str:
    place = part.get("loc") if isinstance(part, Mapping) else None
    if not isinstance(place, list):
        return ""
    return ".".join(str(step) for step in place if isinstance(step, str | int)) + ": "
