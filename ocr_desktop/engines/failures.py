"""What a server's refusal means, read from its status and its own words; nothing here touches the wire.

Servers agree on the status codes and on little else: the words stand in different fields, the limit on tokens is told
in free text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError, UsageError
from ocr_desktop.engines.profiles import Profile, host_of

Field = str | int | float

LONGEST_MESSAGE = 200
"""Characters of a server's own words that are shown."""
LONGEST_READ = 4000
"""Characters of them in which a meaning is looked for."""
LONGEST_WAIT_S = 60.0
"""A server that asks for more patience than this is not asked again; its wish is told."""
MOST_COMPLAINTS = 8
"""Of a validator's list, so many are read."""
FIRST_WAIT_S = 0.5
LONGEST_BACK_OFF_S = 8.0

ASK_AGAIN = frozenset({408, 409, 429})
"""Client errors that pass by themselves; so does every 5xx."""
REFUSES_FIELDS = frozenset({400, 422})
NAMES_NO_MODEL = frozenset({400, 422})
NO_SUCH_MODEL = re.compile(r"\bmodel\b.{0,80}?(not found|not exist|不存在)", re.IGNORECASE)

STATUS_MEANING = {
    401: ErrorCode.KEY_REFUSED,
    402: ErrorCode.QUOTA_EXCEEDED,
    403: ErrorCode.KEY_REFUSED,
    404: ErrorCode.MODEL_MISSING,
    429: ErrorCode.QUOTA_EXCEEDED,
}

WORD_FIELDS = ("message", "detail", "error", "msg", "reason", "error_description")
CONTEXT_LIMIT = re.compile(r"maximum context length (?:is|of) (\d{1,9})(?!\d)", re.IGNORECASE)
INPUT_LENGTH = re.compile(
    r"(?<!\d)(\d{1,9}) (?:input tokens|in the messages|of text input|prompt tokens)", re.IGNORECASE
)
NUMBER = re.compile(r"(?<!\d)\d{1,9}(?!\d)")
TOKEN_FIELD = re.compile(r"max_tokens|max_completion_tokens|max_new_tokens", re.IGNORECASE)


class RequestFailedError(Exception):
    """One request came to nothing, or stopped in the middle.

    Attributes:
        error: What the caller is told if nobody asks again.
        may_retry: Whether the same request may succeed later.
        status: Of the server's answer, where it gave one.
        said: The server's own words, as far as a meaning is looked for in them; never shown.
        retry_after_s: How long the server wants to be left alone.
    """

    def __init__(
        self,
        error: EngineError,
        *,
        may_retry: bool,
        status: int | None = None,
        said: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(error.code.value)
        self.error = error
        self.may_retry = may_retry
        self.status = status
        self.said = said
        self.retry_after_s = retry_after_s


class EndpointFailures:
    """Makes the errors of one endpoint, each with what a sentence about it may need, none with the key."""

    def __init__(self, profile: Profile, key: str | None) -> None:
        self._profile = profile
        self._key = key

    def error(self, code: ErrorCode, **fields: Field) -> EngineError:
        profile = self._profile
        if "message" in fields:
            fields["message"] = shown_words(str(fields["message"]), self._key)
        return EngineError(
            code,
            engine=profile.title,
            host=profile.host,
            model=profile.model,
            variable=profile.key_variable,
            key_page=profile.key_page,
            **fields,
        )

    def obstacle(self) -> OcrDesktopError | None:
        """What keeps the endpoint from being used, as far as can be seen without asking it; None where nothing does.

        PROFILE_INCOMPLETE as a `UsageError`; KEY_MISSING, KEY_REFUSED (no header can hold it) or HOST_INSECURE.
        """
        profile, key = self._profile, self._key
        if profile.missing is not None:
            return UsageError(ErrorCode.PROFILE_INCOMPLETE, engine=profile.id, missing=profile.missing)
        if profile.key_required and key is None:
            return self.error(ErrorCode.KEY_MISSING)
        # What no header can hold would otherwise come back in the transport's own message.
        if key is not None and not (key.isascii() and key.isprintable()):
            return self.error(ErrorCode.KEY_REFUSED)
        if not (profile.is_local or profile.http_allowed or profile.base_url.lower().startswith("https://")):
            return self.error(ErrorCode.HOST_INSECURE)
        return None

    def failed(self, code: ErrorCode, *, may_retry: bool = True, **fields: Field) -> RequestFailedError:
        return RequestFailedError(self.error(code, **fields), may_retry=may_retry)

    def refused(self, status: int, body: object, headers: Mapping[str, str]) -> RequestFailedError:
        """The server answered with a status other than success."""
        words = words_of(body)
        said = words[:LONGEST_READ]
        code = meaning_of(status, said)
        if code is ErrorCode.KEY_REFUSED and self._key is None:
            code = ErrorCode.KEY_MISSING
        fields: dict[str, Field] = {"status": status, "message": words}
        if code is ErrorCode.HOST_REDIRECTS:
            fields["to"] = host_of(urljoin(self._profile.base_url, headers.get("location", "")))
        wished_s = retry_after_s(headers)
        if wished_s is not None:
            fields["retry_after_s"] = round(wished_s, 1)
        return RequestFailedError(
            self.error(code, **fields),
            may_retry=passes_by_itself(status) and (wished_s or 0.0) <= LONGEST_WAIT_S,
            status=status,
            said=f"{said} {_parameter_of(body)}",
            retry_after_s=wished_s,
        )

    def complained(self, body: object) -> RequestFailedError | None:
        """Something else stood where a part of the answer should; None where it says nothing that matters."""
        if not isinstance(body, Mapping | str):
            return self.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)
        complaint = (body.get("error") or body) if isinstance(body, Mapping) else body
        words = words_of(complaint)
        said = words[:LONGEST_READ]
        status = status_in(complaint)
        if not words and status is None:
            return None
        if status is None:
            return self.failed(ErrorCode.SERVER_FAILED, message=words)
        error = self.error(meaning_of(status, said), message=words, status=status)
        return RequestFailedError(error, may_retry=passes_by_itself(status), status=status, said=said)

    def broken_off(self, reason: str) -> RequestFailedError:
        """The server gave a reason for the answer's end that is none of an end."""
        if reason == "content_filter":
            return self.failed(ErrorCode.REQUEST_REFUSED, may_retry=False, message=reason)
        return self.failed(ErrorCode.SERVER_FAILED, message=reason)


def meaning_of(status: int, said: str) -> ErrorCode:
    """What a status other than success, with the server's own words, tells."""
    if status in NAMES_NO_MODEL and NO_SUCH_MODEL.search(said):
        return ErrorCode.MODEL_MISSING
    if 300 <= status < 400:
        return ErrorCode.HOST_REDIRECTS
    if status >= 500 or status == 408:
        return ErrorCode.SERVER_FAILED
    return STATUS_MEANING.get(status, ErrorCode.REQUEST_REFUSED)


def passes_by_itself(status: int) -> bool:
    return status in ASK_AGAIN or status >= 500


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


def shown_words(said: str, key: str | None) -> str:
    """A server's words fit to be shown: one line, printable, short, without the key."""
    without_key = said.replace(key, "…") if key else said
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in without_key).split())
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"


def refused_fields(status: int | None, said: str, droppable: Iterable[str]) -> frozenset[str]:
    """Which of the fields that can be left out a refusal names."""
    if status not in REFUSES_FIELDS:
        return frozenset()
    return frozenset(name for name in droppable if re.search(rf"\b{re.escape(name)}\b", said))


def allowed_max_tokens(status: int | None, said: str, asked: int) -> int | None:
    """How many tokens a server that found `asked` too many allows; None where it does not say.

    Two wordings: the context's length and what of it the request takes already, or the limit itself, which is then the
    largest number below what was asked.
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
    named = [int(number) for number in NUMBER.findall(said)]
    return max((number for number in named if 1 < number < asked), default=None)


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


def wait_s(retries_done: int, wished_s: float | None) -> float:
    """How long to wait before asking again: as the server wishes, else longer each time, spread by chance."""
    if wished_s is not None:
        return wished_s
    longest = min(FIRST_WAIT_S * 2.0 ** min(retries_done, 16), LONGEST_BACK_OFF_S)
    return longest * random.uniform(0.5, 1.0)


def _place_of(part: object) -> str:
    place = part.get("loc") if isinstance(part, Mapping) else None
    if not isinstance(place, list):
        return ""
    return ".".join(str(step) for step in place if isinstance(step, str | int)) + ": "


def _parameter_of(body: object) -> str:
    """The field that a refusal names beside its words."""
    name = body.get("param") if isinstance(body, Mapping) else None
    return name[:LONGEST_READ] if isinstance(name, str) else ""
